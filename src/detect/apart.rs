//! Numbers whose last four digits stand apart from the date: in words, or in another cell.

use std::ops::Deref;

use crate::detect::date::{Written, date_at, is_parter};
use crate::detect::digits::{Gap, Run, joined, next_digit, run_at};
use crate::detect::number::{Number, year};
use crate::detect::shape::{Candidate, Form, serial_at};
use crate::detect::window::{Token, TokenKind, Window};
use crate::pattern::{Role, Words};

/// How far before the last four digits the words for them stand.
const NEAR: usize = 48;
/// How far before the last four digits the date stands.
const BEFORE: usize = 200;
/// How far behind them.
const BEHIND: usize = 100;

/// The number whose last four digits are `serial`, if the words before them say that they are and a date is near; and
/// the word that says so.
pub(super) fn in_words(
    window: &mut Window,
    words: &Words,
    text: &str,
    serial: Run,
) -> Option<(Candidate, u16)> {
    let before = text.get(..serial.start)?;
    // Nearly all runs of four digits have no word before them, or are years; the words are read only where there is one.
    let touched = before.trim_end_matches([' ', ':', '"', '\'', '\n', '-', '.', '=', '>']);
    if !touched.ends_with(char::is_alphabetic) && !touched.ends_with('4') {
        return None;
    }
    serial_at(text.as_bytes(), serial.start)?;
    let tokens = window.read(words, text, serial.start.saturating_sub(NEAR)..serial.start);
    let word = telling(tokens)?;
    let date = last_date(
        words,
        text,
        serial.start.saturating_sub(BEFORE),
        serial.start,
    )
    .or_else(|| first_date(words, text, serial.end, serial.end + BEHIND))?;
    Some((whole(text, &date, serial)?, word))
}

/// The number whose date is written as dates are and whose last four digits follow it: `12/3-71 2345`,
/// `3. maj 1971-2345`.
pub(super) fn behind_date(
    text: &str,
    first: Run,
    date: &impl Deref<Target = Option<Written>>,
) -> Option<Candidate> {
    /// How far the last digit is from the day at most, and how many digits there are at least.
    const FAR: usize = 30;
    const DIGITS: usize = 6;
    let octets = text.as_bytes();
    if !octets.get(first.end).is_some_and(|octet| is_parter(*octet)) {
        return None;
    }
    // Nearly all small numbers have no others behind them; the words are read only where there are some.
    let near = octets.get(first.end..)?.iter().take(FAR);
    if near.filter(|octet| octet.is_ascii_digit()).count() < DIGITS {
        return None;
    }
    let date = (**date)?;
    let digits = octets.get(..date.end)?.iter().rev();
    let digits = digits.take_while(|octet| octet.is_ascii_digit()).count();
    let year = Run {
        start: date.end - digits,
        end: date.end,
    };
    let (gap, serial) = joined(octets, year).filter(|(_, serial)| serial.len() == 4)?;
    let near = match gap {
        Gap::Hyphen | Gap::One(b'-') => true,
        // Behind a year in full comes the number of a house, or of a town.
        Gap::One(b' ') => date.year.is_none(),
        // `16/02 1958 (-2345)`
        Gap::Odd => octets.get(serial.start - 1) == Some(&b'-'),
        _ => false,
    };
    let found = whole(text, &date, serial).filter(|_| near)?;
    Some(Candidate {
        form: Form::Loose,
        ..found
    })
}

/// The word that says that the number behind these tokens is the last four digits.
fn telling(tokens: &[Token]) -> Option<u16> {
    /// How many other words may stand between.
    const STRANGERS: usize = 2;
    let mut strangers = 0;
    for token in tokens.iter().rev() {
        match token.kind {
            TokenKind::Word(said) => match said.label {
                Some(label) if label.role == Role::LastFour => return Some(label.word),
                Some(label)
                    if matches!(
                        label.role,
                        Role::Link | Role::Plain | Role::Act | Role::Numeral
                    ) => {}
                _ => strangers += 1,
            },
            // `de sidste 4 er`
            TokenKind::Digits(digits) if digits > 1 => return None,
            _ => {}
        }
        if strangers > STRANGERS {
            return None;
        }
    }
    None
}

/// The number whose date is `date` and whose last four digits are `serial`, if they agree on the century.
pub(super) fn whole(text: &str, date: &Written, serial: Run) -> Option<Candidate> {
    let mut number = [b'0'; 10];
    let digits = date
        .digits
        .iter()
        .chain(text.as_bytes().get(serial.start..serial.end)?);
    for (place, digit) in number.iter_mut().zip(digits) {
        *place = *digit;
    }
    let short = u16::from(number[4] - b'0') * 10 + u16::from(number[5] - b'0');
    let told = year(short, u16::from(number[6] - b'0'));
    if date.year.is_some_and(|written| written != told) {
        return None;
    }
    Some(Candidate {
        span: date.start.min(serial.start)..date.end.max(serial.end),
        number: Number(number),
        form: Form::Apart,
    })
}

/// The last date in a stretch of text.
fn last_date(words: &Words, text: &str, from: usize, to: usize) -> Option<Written> {
    let mut at = from;
    let mut last = None;
    while let Some(start) = next_digit(text.as_bytes().get(..to)?, at) {
        let run = run_at(text.as_bytes(), start);
        at = run.end;
        if let Some(date) = date_at(words, text, run).filter(|date| date.end <= to) {
            at = date.end;
            last = Some(date);
        }
    }
    last
}

/// The first date in a stretch of text.
fn first_date(words: &Words, text: &str, from: usize, to: usize) -> Option<Written> {
    let mut at = from;
    while let Some(start) = next_digit(text.as_bytes(), at).filter(|start| *start < to) {
        let run = run_at(text.as_bytes(), start);
        if let Some(date) = date_at(words, text, run) {
            return Some(date);
        }
        at = run.end;
    }
    None
}
