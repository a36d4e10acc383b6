//! Every way a number is written, and what must not stand around it.

use std::ops::Range;

use crate::detect::digits::{Gap, Run, joined, run_at};
use crate::detect::edge::{Edge, left, right};
use crate::detect::number::{Number, year};

/// Ten characters that may be a number, and how they are written.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Candidate {
    pub(super) span: Range<usize>,
    pub(super) number: Number,
    pub(super) form: Form,
}

impl Candidate {
    /// What touches it.
    pub(super) fn edge(&self, octets: &[u8]) -> Edge {
        let edge = left(octets, self.span.start).max(right(octets, self.span.end));
        match (self.form, edge) {
            // What is written as CPR numbers are is no group of something longer.
            (Form::Typical | Form::Lettered | Form::Apart, Edge::Beside) => Edge::Free,
            _ => edge,
        }
    }
}

/// How a number is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Form {
    /// As CPR numbers are and few others: six, a hyphen, four.
    Typical,
    /// As other numbers are too: ten digits, or another separator.
    Plain,
    /// As hardly any number is: it needs a reason to be taken for one.
    Loose,
    /// Ten characters with two letters, written with a hyphen: an e-CPR.
    Lettered,
    /// The same without a hyphen.
    LetteredPlain,
    /// In two cells of a table, or with words between.
    Apart,
    /// Nine digits: a spreadsheet took the number for an amount and the zero in front for nothing.
    LostZero,
}

/// The number that begins with the run of digits `first`, if one may.
///
/// Looks at a bounded stretch of text behind it, whatever stands there.
pub(super) fn number_at(octets: &[u8], first: Run) -> Option<Candidate> {
    // A run behind it that is joined to it, which most are without.
    let next = || joined(octets, first);
    match first.len() {
        10 => candidate(octets, &[first], first.end, Form::Plain),
        9 => candidate(octets, &[first], first.end, Form::LostZero),
        12 => long_year(octets, &[first], Form::Loose),
        8 => {
            let (gap, last) = next().filter(|(gap, last)| last.len() == 4 && *gap != Gap::Odd)?;
            long_year(octets, &[first, last], form_of(gap)?)
        }
        6 => six_and_more(octets, first, next()?),
        7 => lettered(octets, &[first], Form::LetteredPlain)
            .or_else(|| in_groups(octets, first, next()?)),
        5 => {
            let next = next()?;
            lost_zero(octets, first, next).or_else(|| in_groups(octets, first, next))
        }
        2 => {
            let next = next()?;
            parted(octets, first, next).or_else(|| in_groups(octets, first, next))
        }
        1 => one_by_one(octets, first),
        3 | 4 => in_groups(octets, first, next()?),
        _ => None,
    }
}

/// How a number is written whose date and serial this gap parts.
fn form_of(gap: Gap) -> Option<Form> {
    match gap {
        Gap::Hyphen | Gap::One(b'-' | b'_') => Some(Form::Typical),
        Gap::One(_) | Gap::Wide => Some(Form::Plain),
        Gap::Cell => Some(Form::Apart),
        Gap::Line | Gap::Odd => Some(Form::Loose),
    }
}

fn six_and_more(octets: &[u8], date: Run, (gap, next): (Gap, Run)) -> Option<Candidate> {
    match next.len() {
        4 => candidate(octets, &[date, next], next.end, form_of(gap)?),
        1 => {
            let form = match form_of(gap)? {
                Form::Typical => Form::Lettered,
                _ => Form::LetteredPlain,
            };
            lettered(octets, &[date, next], form).or_else(|| in_groups(octets, date, (gap, next)))
        }
        2 | 3 => in_groups(octets, date, (gap, next)),
        _ => None,
    }
}

/// `0102901AB2`: the last of `runs` ends with the seventh digit.
fn lettered(octets: &[u8], runs: &[Run], form: Form) -> Option<Candidate> {
    let after = runs.last()?.end;
    let tail = octets.get(after..after + 3)?;
    let [a, b, c] = tail else { return None };
    if !(a.is_ascii_uppercase() && b.is_ascii_uppercase() && c.is_ascii_digit()) {
        return None;
    }
    if octets.get(after + 3).is_some_and(u8::is_ascii_alphanumeric) {
        return None;
    }
    let mut found = candidate(octets, runs, after + 3, form)?;
    // Centuries of e-CPR: 1 and 7 of the national service, 0, 5 and 6 of the regions.
    matches!(found.number.0[6], b'0' | b'1' | b'5'..=b'7').then(|| {
        found.number.0[7..].copy_from_slice(tail);
        found
    })
}

/// Dates whose parts stand apart, by the same separator both times: `01.02.90-1234`, `01 02 1990 1234`.
fn parted(octets: &[u8], day: Run, (first, month): (Gap, Run)) -> Option<Candidate> {
    if month.len() != 2 {
        return None;
    }
    let (second, year) = joined(octets, month)?;
    let same = match (first, second) {
        (Gap::One(a), Gap::One(b)) => a == b && a != b'_',
        (Gap::Wide, Gap::Wide) => {
            octets.get(day.end..month.start) == octets.get(month.end..year.start)
        }
        _ => false,
    };
    if !same {
        return None;
    }
    if year.len() == 6 {
        return candidate(octets, &[day, month, year], year.end, Form::Loose);
    }
    let (gap, serial) = joined(octets, year).filter(|(_, serial)| serial.len() == 4)?;
    let form = match (first, form_of(gap)?) {
        // `12.10.75.1633` is an address of a machine or a section as often as a number.
        (Gap::One(b'.' | b'-'), _) if gap == first && gap != Gap::One(b'-') => Form::Loose,
        (_, form) => form,
    };
    match year.len() {
        2 => candidate(octets, &[day, month, year, serial], serial.end, form),
        4 => long_year(octets, &[day, month, year, serial], form),
        _ => None,
    }
}

/// Eight digits of date: the century they name must be the one the seventh digit of the number names.
fn long_year(octets: &[u8], runs: &[Run], form: Form) -> Option<Candidate> {
    let digits = collect::<12>(octets, runs)?;
    let [d1, d2, m1, m2, y1, y2, y3, y4, s1, s2, s3, s4] = digits;
    let value = |tens: u8, ones: u8| u16::from(tens - b'0') * 10 + u16::from(ones - b'0');
    if year(value(y3, y4), u16::from(s1 - b'0')) != value(y1, y2) * 100 + value(y3, y4) {
        return None;
    }
    let number = Number([d1, d2, m1, m2, y3, y4, s1, s2, s3, s4]);
    placed(runs, runs.last()?.end, number, form)
}

/// `1 6 0 6 6 6 - 2 0 5 6`.
fn one_by_one(octets: &[u8], first: Run) -> Option<Candidate> {
    let mut runs = [first; 10];
    let mut last = first;
    for (at, run) in runs.iter_mut().enumerate().skip(1) {
        let (gap, next) = joined(octets, last).filter(|(_, next)| next.len() == 1)?;
        let fits = match gap {
            Gap::One(b' ') => true,
            Gap::Hyphen | Gap::One(_) | Gap::Wide => at == 6 || gap == Gap::Wide,
            Gap::Cell | Gap::Line | Gap::Odd => false,
        };
        if !fits {
            return None;
        }
        *run = next;
        last = next;
    }
    candidate(octets, &runs, last.end, Form::Plain)
}

/// Ten digits in other groups, by single blanks, with perhaps a hyphen before the last four: `28 0110 5199`.
fn in_groups(octets: &[u8], first: Run, mut joint: (Gap, Run)) -> Option<Candidate> {
    let mut runs = [first; 6];
    let mut used = 1;
    let mut digits = first.len();
    loop {
        let (gap, next) = joint;
        if !(gap == Gap::One(b' ') || digits == 6 && form_of(gap) == Some(Form::Typical)) {
            return None;
        }
        *runs.get_mut(used)? = next;
        used += 1;
        digits += next.len();
        if digits >= 10 {
            break;
        }
        joint = joined(octets, next)?;
    }
    let runs = runs.get(..used)?;
    // A group more on either side, and it is the number of an account or a telephone.
    candidate(octets, runs, joint.1.end, Form::Loose)
        .filter(|found| found.edge(octets) < Edge::Beside)
}

/// `20390-1234` for a birth on the second of March.
fn lost_zero(octets: &[u8], date: Run, (gap, serial): (Gap, Run)) -> Option<Candidate> {
    if serial.len() != 4 || !matches!(gap, Gap::One(b'-' | b' ') | Gap::Hyphen) {
        return None;
    }
    candidate(octets, &[date, serial], serial.end, Form::LostZero)
}

/// The candidate made of the digits of `runs`, up to `end`.
fn candidate(octets: &[u8], runs: &[Run], end: usize, form: Form) -> Option<Candidate> {
    let number = match form {
        Form::LostZero => {
            let [a, b, c, d, e, f, g, h, i] = collect::<9>(octets, runs)?;
            [b'0', a, b, c, d, e, f, g, h, i]
        }
        Form::Lettered | Form::LetteredPlain => {
            let [a, b, c, d, e, f, g] = collect::<7>(octets, runs)?;
            [a, b, c, d, e, f, g, b'0', b'0', b'0']
        }
        _ => collect::<10>(octets, runs)?,
    };
    placed(runs, end, Number(number), form)
}

fn placed(runs: &[Run], end: usize, number: Number, form: Form) -> Option<Candidate> {
    Some(Candidate {
        span: runs.first()?.start..end,
        number,
        form,
    })
}

/// The digits of `runs`, if there are just so many.
fn collect<const N: usize>(octets: &[u8], runs: &[Run]) -> Option<[u8; N]> {
    let mut digits = [b'0'; N];
    let mut free = digits.iter_mut();
    for run in runs {
        for &digit in octets.get(run.start..run.end)? {
            *free.next()? = digit;
        }
    }
    free.next().is_none().then_some(digits)
}

/// The run of exactly four digits that begins at `at`.
pub(super) fn serial_at(octets: &[u8], at: usize) -> Option<Run> {
    let run = run_at(octets, at);
    (run.len() == 4 && right(octets, run.end) == Edge::Free).then_some(run)
}
