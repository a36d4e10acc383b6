//! Numbers of a spreadsheet as they are shown: a CPR number kept as a number has lost its zero, and its format may
//! give it back (ECMA-376 part 1, 18.8.30).

use std::borrow::Cow;

/// How a cell shows its number.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) enum Format {
    /// As few digits as tell it.
    #[default]
    General,
    /// Digits at their places, with signs between them: `000000-0000`.
    Digits(Vec<Place>),
    /// A date or a time.
    Date(Vec<Piece>),
}

/// A place of a digit format.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Place {
    /// A digit, zero if there is none.
    Always,
    /// A digit, if there is one.
    Maybe,
    /// A sign.
    Sign(char),
}

/// A piece of a date format.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Piece {
    Day(usize),
    Month(usize),
    Year(usize),
    Hour,
    Minute,
    Second,
    Sign(char),
}

impl Format {
    /// A built-in format (ECMA-376 part 1, 18.8.30).
    pub(super) fn built_in(number: u32) -> Self {
        match number {
            14 | 27..=36 | 50..=58 => Self::parse("dd-mm-yyyy"),
            15 => Self::parse("dd-mm-yy"),
            16 => Self::parse("dd-mm"),
            17 => Self::parse("mm-yyyy"),
            18..=21 | 45..=47 => Self::parse("hh:mm:ss"),
            22 => Self::parse("dd-mm-yyyy hh:mm"),
            _ => Self::General,
        }
    }

    /// A format as written in a style. One that only styles a quantity (`#,##0.00`) is the general one: its
    /// separators would hide a number.
    pub(super) fn parse(code: &str) -> Self {
        let signs = signs(code);
        let letter = |wanted: &[char]| {
            signs
                .iter()
                .any(|sign| matches!(sign, Sign::Code(code) if wanted.contains(code)))
        };
        if letter(&['d', 'y', 'h', 's']) && !letter(&['0', '#', '?']) {
            return Self::Date(pieces(&signs));
        }
        if letter(&['0', '#', '?']) && !letter(&['.', ',', '%', 'e', '/']) {
            let places: Vec<Place> = signs.iter().map(|sign| sign.place()).collect();
            let digits = places
                .iter()
                .filter(|place| !matches!(place, Place::Sign(_)));
            if digits.count() > 1 {
                return Self::Digits(places);
            }
        }
        Self::General
    }

    /// A stored number as shown. What is not a number is shown as it is.
    pub(super) fn show<'v>(&self, value: &'v str, since_1904: bool) -> Cow<'v, str> {
        let value = value.trim();
        let plain = general(value);
        match self {
            Self::Digits(places)
                if plain.len() <= 15 && plain.bytes().all(|b| b.is_ascii_digit()) =>
            {
                Cow::Owned(placed(places, &plain))
            }
            Self::Date(pieces) => match dated(pieces, value, since_1904) {
                Some(date) => Cow::Owned(date),
                None => plain,
            },
            _ => plain,
        }
    }
}

/// The value of a cell that is copied elsewhere, in a chart for example, which may be words: a number as only programs write it
/// (`1.210751234E9`) is shown plainly.
pub(super) fn copied(value: &str) -> Cow<'_, str> {
    let is_scientific = matches!(value.as_bytes(), [b'0'..=b'9', b'.', ..]);
    if is_scientific && value.contains(['E', 'e']) {
        return general(value);
    }
    Cow::Borrowed(value)
}

/// A sign of a format code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Sign {
    /// It stands for itself.
    Literal(char),
    /// It means something; in lower case.
    Code(char),
}

impl Sign {
    fn place(self) -> Place {
        match self {
            Self::Code('0') => Place::Always,
            Self::Code('#' | '?') => Place::Maybe,
            Self::Code(sign) | Self::Literal(sign) => Place::Sign(sign),
        }
    }
}

/// The signs of the first section of a code, without colors, conditions, padding and quotes.
fn signs(code: &str) -> Vec<Sign> {
    let mut signs = Vec::new();
    let mut rest = code.chars();
    while let Some(sign) = rest.next() {
        match sign {
            ';' => break,
            '"' => signs.extend(rest.by_ref().take_while(|c| *c != '"').map(Sign::Literal)),
            '\\' => signs.extend(rest.next().map(Sign::Literal)),
            '[' => {
                rest.by_ref().find(|c| *c == ']');
            }
            '_' | '*' => {
                rest.next();
            }
            '-' | ' ' | '(' | ')' | '+' | ':' => signs.push(Sign::Literal(sign)),
            sign => signs.push(Sign::Code(sign.to_ascii_lowercase())),
        }
    }
    signs
}

/// The pieces of a date format; a minute is an `m` beside hours or seconds.
fn pieces(signs: &[Sign]) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut rest = signs;
    while let Some((&sign, after)) = rest.split_first() {
        let same = rest.iter().take_while(|other| **other == sign).count();
        let timed = pieces
            .iter()
            .rev()
            .find(|piece| !matches!(piece, Piece::Sign(_)));
        let minute = matches!(timed, Some(Piece::Hour)) || seconds_follow(rest.get(same..));
        let (piece, taken) = match sign {
            Sign::Code('d') => (Piece::Day(same), same),
            Sign::Code('m') if minute => (Piece::Minute, same),
            Sign::Code('m') => (Piece::Month(same), same),
            Sign::Code('y') => (Piece::Year(same), same),
            Sign::Code('h') => (Piece::Hour, same),
            Sign::Code('s') => (Piece::Second, same),
            Sign::Code('@') => (Piece::Sign(' '), 1),
            Sign::Code(sign) | Sign::Literal(sign) => (Piece::Sign(sign), 1),
        };
        pieces.push(piece);
        rest = if taken > 1 {
            rest.get(taken..).unwrap_or_default()
        } else {
            after
        };
    }
    pieces
}

fn seconds_follow(rest: Option<&[Sign]>) -> bool {
    let next = rest.unwrap_or_default().iter().find_map(|sign| match sign {
        Sign::Code(code) if code.is_ascii_alphabetic() => Some(*code),
        _ => None,
    });
    next == Some('s')
}

/// The fewest digits that tell a number, with a decimal comma and no exponent.
fn general(value: &str) -> Cow<'_, str> {
    if value.len() <= 15 && value.bytes().all(|b| b.is_ascii_digit()) {
        return Cow::Borrowed(value);
    }
    let Ok(number) = value.parse::<f64>() else {
        return Cow::Borrowed(value);
    };
    if !number.is_finite() || number.abs() >= 1e21 {
        return Cow::Borrowed(value);
    }
    // A program shows fifteen digits at most; what is behind them is how binary fractions are kept.
    let whole = format!("{:.0}", number.abs().trunc()).len();
    let decimals = 15_usize.saturating_sub(whole).min(10);
    let mut shown = format!("{number:.decimals$}");
    if shown.contains('.') {
        shown.truncate(shown.trim_end_matches('0').trim_end_matches('.').len());
    }
    Cow::Owned(shown.replace('.', ","))
}

fn placed(places: &[Place], digits: &str) -> String {
    let mut rest: Vec<char> = digits.chars().collect();
    let first = places
        .iter()
        .position(|place| !matches!(place, Place::Sign(_)));
    let mut shown = Vec::new();
    for (at, place) in places.iter().enumerate().rev() {
        match place {
            Place::Sign(sign) => shown.push(*sign),
            Place::Always => shown.push(rest.pop().unwrap_or('0')),
            Place::Maybe => shown.extend(rest.pop()),
        }
        if Some(at) == first {
            // The leftmost place takes all digits that are left.
            while let Some(digit) = rest.pop() {
                shown.push(digit);
            }
        }
    }
    shown.iter().rev().collect()
}

fn dated(pieces: &[Piece], value: &str, since_1904: bool) -> Option<String> {
    let serial: f64 = value.parse().ok()?;
    if !(0.0..2_958_466.0).contains(&serial) {
        return None;
    }
    let seconds = (serial.fract() * 86_400.0).round();
    #[expect(clippy::cast_possible_truncation, reason = "bounded above")]
    let (days, seconds) = (serial.trunc() as i64, seconds as i64);
    let (year, month, day) = civil(days, since_1904);
    let mut shown = String::new();
    for piece in pieces {
        match piece {
            Piece::Day(..=2) => shown.push_str(&format!("{day:02}")),
            Piece::Month(..=2) => shown.push_str(&format!("{month:02}")),
            Piece::Month(_) => shown.push_str(MONTHS.get(month - 1).unwrap_or(&"")),
            Piece::Year(..=2) => shown.push_str(&format!("{:02}", year % 100)),
            Piece::Year(_) => shown.push_str(&format!("{year:04}")),
            Piece::Hour => shown.push_str(&format!("{:02}", seconds / 3600)),
            Piece::Minute => shown.push_str(&format!("{:02}", seconds / 60 % 60)),
            Piece::Second => shown.push_str(&format!("{:02}", seconds % 60)),
            Piece::Sign(sign) => shown.push(*sign),
            // The name of the day.
            Piece::Day(_) => {}
        }
    }
    Some(shown)
}

const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec",
];

/// The date of a serial number. Day 60 of the 1900 system is the 29 February 1900 that never was; before it the
/// days are one off.
fn civil(days: i64, since_1904: bool) -> (i64, usize, i64) {
    let unix = match (since_1904, days) {
        (true, _) => days - 24_107,
        (false, ..=59) => days - 25_568,
        (false, _) => days - 25_569,
    };
    // Days to date as in H. Hinnant, "chrono-compatible low-level date algorithms", civil_from_days.
    let shifted = unix + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, usize::try_from(month).unwrap_or(1), day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_gives_the_lost_zero_back() {
        for (code, value, shown) in [
            ("General", "401632883", "401632883"),
            ("0000000000", "401632883", "0401632883"),
            ("000000-0000", "401632883", "040163-2883"),
            ("000000\\-0000", "401632883", "040163-2883"),
            ("[$-406]000000\"-\"0000;@", "4.01632883E8", "040163-2883"),
            ("######-####", "401632883", "40163-2883"),
            ("00-00-00-0000", "401632883", "04-01-63-2883"),
            ("0000", "123456", "123456"),
            ("#,##0.00", "1004591751", "1004591751"),
            ("0.00E+00", "1004591751", "1004591751"),
            ("0%", "0.5", "0,5"),
            ("@", "12", "12"),
        ] {
            assert_eq!(Format::parse(code).show(value, false), shown, "{code}");
        }
    }

    #[test]
    fn numbers_have_no_exponent_and_no_tail() {
        for (value, shown) in [
            ("1004591751.0", "1004591751"),
            ("4.01632883E8", "401632883"),
            ("4.0163288300000001E8", "401632883"),
            ("0.1", "0,1"),
            ("-12.50", "-12,5"),
            ("1E+300", "1E+300"),
            ("x", "x"),
            ("", ""),
        ] {
            assert_eq!(Format::General.show(value, false), shown, "{value}");
        }
    }

    #[test]
    fn dates_are_shown_as_dates() {
        for (code, value, shown) in [
            ("dd-mm-yyyy", "45000", "15-03-2023"),
            ("dd/mm/yyyy;@", "45000", "15/03/2023"),
            ("ddmmyy", "20251", "110655"),
            ("[$-406]d. mmmm yyyy", "45000", "15. mar 2023"),
            ("dd-mm-yyyy hh:mm", "45000.5", "15-03-2023 12:00"),
            ("dd-mm-yyyy", "60", "28-02-1900"),
            ("dd-mm-yyyy", "1", "01-01-1900"),
            ("dd-mm-yyyy", "401632883", "401632883"),
            ("mm:ss", "0.5", "00:00"),
        ] {
            assert_eq!(Format::parse(code).show(value, false), shown, "{code}");
        }
        assert_eq!(Format::built_in(14).show("0", true), "01-01-1904");
    }
}
