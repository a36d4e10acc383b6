//! A birth date written by itself.

use crate::detect::digits::{Run, run_at};
use crate::pattern::{Role, Words};

/// A date as six digits, with the year in full where it is written so.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) digits: [u8; 6],
    pub(super) year: Option<u16>,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// The date that begins with the run of digits `first`: `121075`, `12-10-1975`, `1.4.81`, `12. oktober 1975`.
pub(super) fn date_at(words: &Words, text: &str, first: Run) -> Option<Written> {
    let octets = text.as_bytes();
    let value = |run: Run| -> Option<u16> { text.get(run.start..run.end)?.parse().ok() };
    match first.len() {
        6 | 8 => {
            let day_month = text
                .get(first.start..first.start + 4)?
                .parse::<u16>()
                .ok()?;
            let year = text.get(first.start + 4..first.end)?.parse().ok()?;
            written(
                day_month / 100,
                day_month % 100,
                year,
                first.start,
                first.end,
            )
        }
        1 | 2 => {
            let (month, at) = month_at(words, text, first.end)?;
            let year = run_at(octets, at);
            if !matches!(year.len(), 2 | 4) {
                return None;
            }
            written(value(first)?, month, value(year)?, first.start, year.end)
        }
        _ => None,
    }
}

fn written(day: u16, month: u16, year: u16, start: usize, end: usize) -> Option<Written> {
    let in_days = (1..=31).contains(&day) || (61..=91).contains(&day);
    if !in_days || !(1..=12).contains(&month) {
        return None;
    }
    let mut digits = [b'0'; 6];
    for (pair, value) in digits.chunks_mut(2).zip([day, month, year % 100]) {
        if let [tens, ones] = pair {
            *tens += u8::try_from(value / 10).ok()?;
            *ones += u8::try_from(value % 10).ok()?;
        }
    }
    Some(Written {
        digits,
        year: (year >= 100).then_some(year),
        start,
        end,
    })
}

/// What stands between the parts of a date.
pub(super) fn is_parter(octet: u8) -> bool {
    matches!(octet, b'.' | b'-' | b'/' | b' ')
}

/// The month behind the day that ends at `at`, and where the year begins.
fn month_at(words: &Words, text: &str, at: usize) -> Option<(u16, usize)> {
    let octets = text.as_bytes();
    let behind = |at: usize| {
        let rest = octets.get(at..).unwrap_or_default();
        let parted = rest.iter().position(|octet| !is_parter(*octet));
        at + parted.unwrap_or(rest.len())
    };
    let month_start = behind(at);
    if month_start == at || month_start > at + 2 {
        return None;
    }
    let month = run_at(octets, month_start);
    if matches!(month.len(), 1 | 2) {
        let year = behind(month.end);
        let alike = year > month.end && year <= month.end + 2;
        let value = text.get(month.start..month.end)?.parse().ok()?;
        return alike.then_some((value, year));
    }
    if month.len() > 0 {
        return None;
    }
    let rest = text.get(month_start..)?;
    let end = rest
        .find(|c: char| !c.is_alphabetic())
        .unwrap_or(rest.len());
    if end == 0 {
        return None;
    }
    let name = rest.get(..end.min(12))?.to_lowercase();
    let month = words.spot(&name).find_map(|spotted| match spotted.role {
        Role::Month(month) if spotted.end == name.len() => Some(u16::from(month)),
        _ => None,
    })?;
    let year = behind(month_start + end);
    (year <= month_start + end + 2).then_some((month, year))
}
