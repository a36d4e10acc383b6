//! The number itself: ten characters, the birth date in them, and the check digit.

use crate::pattern::CprPattern;

/// The ten characters of a number, without separators: digits, or in an e-CPR two upper case letters among them.
///
/// It has no `Debug`: it is what must not leak.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Number(pub(super) [u8; 10]);

/// What the characters of a number tell of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Birth {
    pub(super) year: u16,
    pub(super) month: u8,
    pub(super) day: u8,
    pub(super) kind: Kind,
}

/// Who issues such numbers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// The CPR register.
    Cpr,
    /// A system that had to make one up: 60 is added to the day, as the CPR office recommends.
    Replacement,
    /// The health authorities, for persons without a CPR number.
    ECpr,
}

/// Why ten characters are no number of a person.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Flaw {
    /// There is no such day.
    NoDate,
    /// All digits are the same.
    AllEqual,
    /// It stands on the list of numbers that are nobody's.
    Exempt,
}

/// How the last digit checks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Check {
    /// It is right.
    Right,
    /// There is none to check: a number born on a date for which numbers without it were issued, a replacement number, an e-CPR.
    Free,
    /// It is wrong, as in few numbers that were issued.
    Wrong,
}

impl Number {
    /// The digits at the positions `from..to`, as a value.
    fn value(&self, from: usize, to: usize) -> u16 {
        let digits = self.0.get(from..to).unwrap_or_default();
        digits.iter().fold(0, |value, &digit| {
            value * 10 + u16::from(digit.wrapping_sub(b'0') % 10)
        })
    }

    /// The birth date in the number, its century told by the seventh digit
    /// (cpr.dk, "Opbygning af CPR-nummeret"), or why it is nobody's.
    pub(super) fn birth(&self, pattern: &CprPattern) -> Result<Birth, Flaw> {
        let digits = &self.0;
        let e_cpr = digits.iter().any(u8::is_ascii_uppercase);
        if digits.iter().all(|digit| digit == &digits[0]) {
            return Err(Flaw::AllEqual);
        }
        let (day, replacement) = match self.value(0, 2) {
            day @ 1..=31 => (day, false),
            day @ 61..=91 if !e_cpr => (day - 60, true),
            _ => return Err(Flaw::NoDate),
        };
        let month = self.value(2, 4);
        let seventh = self.value(6, 7);
        let short = self.value(4, 6);
        let year = if e_cpr {
            e_cpr_year(short, seventh)
        } else {
            year(short, seventh)
        };
        if day > days_of(month, year) {
            return Err(Flaw::NoDate);
        }
        if pattern.exempt.contains(digits) {
            return Err(Flaw::Exempt);
        }
        Ok(Birth {
            year,
            month: u8::try_from(month).unwrap_or(0),
            day: u8::try_from(day).unwrap_or(0),
            kind: match (e_cpr, replacement) {
                (true, _) => Kind::ECpr,
                (_, true) => Kind::Replacement,
                _ => Kind::Cpr,
            },
        })
    }

    /// How the check digit stands. It never decides: since 2007 numbers are issued that do not have it.
    pub(super) fn check(&self, birth: &Birth, pattern: &CprPattern) -> Check {
        let date = (birth.year, birth.month, birth.day);
        if birth.kind == Kind::ECpr {
            Check::Free
        } else if birth.kind == Kind::Cpr && self.check_digit_is_right() {
            Check::Right
        } else if birth.kind == Kind::Replacement
            || (birth.month, birth.day) == (1, 1)
            || pattern.without_check_digit.contains(&date)
        {
            Check::Free
        } else {
            Check::Wrong
        }
    }

    /// Whether the digits, weighted, sum to a multiple of 11.
    pub(super) fn check_digit_is_right(&self) -> bool {
        self.weighted([4, 3, 2, 7, 6, 5, 4, 3, 2, 1])
            .is_multiple_of(11)
    }

    fn weighted(&self, weights: [u32; 10]) -> u32 {
        let digits = self
            .0
            .iter()
            .map(|&digit| u32::from(digit.wrapping_sub(b'0')));
        digits
            .zip(weights)
            .map(|(digit, weight)| digit * weight)
            .sum()
    }

    /// Whether it may be a P-number, the number of a place of work (CVR register). They run from 1000000000; those under
    /// 1007000000 were given check digits by other weights than all later ones, which check as CPR numbers do.
    pub(super) fn may_be_p_number(&self) -> bool {
        match self.0.get(..4) {
            Some([b'1', b'0', b'0', b'0'..=b'6']) => self
                .weighted([1, 0, 0, 7, 3, 6, 4, 8, 9, 1])
                .is_multiple_of(11),
            Some([b'1', b'0', b'0'..=b'3', _]) => self.check_digit_is_right(),
            _ => false,
        }
    }

    /// Whether it may be an Icelandic kennitala: the date is written as in a CPR number, the ninth digit checks the eight
    /// before it, and the tenth tells the century (9 or 0).
    pub(super) fn may_be_kennitala(&self) -> bool {
        let rest = self.weighted([3, 2, 7, 6, 5, 4, 3, 2, 1, 0]) % 11;
        rest == 0 && matches!(self.0[9], b'0' | b'9')
    }

    /// Whether it may be a Swedish personnummer: year first, and a check digit by Luhn.
    pub(super) fn may_be_swedish(&self) -> bool {
        let (month, day) = (self.value(2, 4), self.value(4, 6));
        let date = day >= 1 && day <= days_of(month, 2000);
        let luhn: u16 = (0..10)
            .map(|at| {
                let digit = self.value(at, at + 1) * (2 - u16::try_from(at % 2).unwrap_or(0));
                digit / 10 + digit % 10
            })
            .sum();
        date && luhn.is_multiple_of(10)
    }

    /// Whether its last four digits may be a year somebody writes of in the year `now`.
    pub(super) fn ends_in_a_year(&self, now: u16) -> bool {
        (1950..=now + 5).contains(&self.value(6, 10))
    }

    /// Whether a P-number begins so: the series runs from 1000000000 to some 1031000000.
    pub(super) fn begins_as_a_p_number(&self) -> bool {
        self.0.starts_with(b"10")
    }

    /// Whether its first six digits may be a date since the year `first` and not long after now, day first or year first, as
    /// people put dates into the numbers of cases, invoices and files.
    pub(super) fn begins_with_a_date_since(&self, first: u16) -> bool {
        /// How many years from `first` on: some are made out for next year.
        const YEARS: u16 = 14;
        let since = |year: u16| (first..first + YEARS).contains(&(2000 + year));
        let (a, b, c) = (self.value(0, 2), self.value(2, 4), self.value(4, 6));
        since(c) || since(a) && c >= 1 && c <= days_of(b, 2000 + a)
    }

    /// Whether its end may be a time of day: a date and a time make ten digits.
    pub(super) fn ends_in_a_time(&self) -> bool {
        self.value(6, 8) < 24 && self.value(8, 10) < 60
    }

    /// How far it is from another, as whole numbers.
    pub(super) fn distance(&self, other: &Self) -> u64 {
        let whole = |number: &Self| {
            number.0.iter().fold(0_u64, |sum, &digit| {
                sum * 10 + u64::from(digit.wrapping_sub(b'0'))
            })
        };
        whole(self).abs_diff(whole(other))
    }

    /// Day and month, all that evidence may show.
    pub(super) fn day_and_month(&self) -> String {
        self.0
            .iter()
            .take(4)
            .map(|&digit| char::from(digit))
            .collect()
    }

    /// As text, to be keyed.
    pub(super) fn octets(&self) -> &[u8; 10] {
        &self.0
    }
}

/// The birth year: two digits, and the century the seventh digit tells.
pub(super) fn year(short: u16, seventh: u16) -> u16 {
    match (seventh, short) {
        (0..=3, _) | (4 | 9, 37..) => 1900 + short,
        (4 | 9, _) | (_, ..=57) => 2000 + short,
        _ => 1800 + short,
    }
}

/// The birth year of an e-CPR (MedCom; hl7dk/dk-core `DkCoreeCprIdentifier`): 0 and 1 are 1900, 6 and 7 are 2000, and 5
/// is 1800.
fn e_cpr_year(short: u16, seventh: u16) -> u16 {
    match seventh {
        0 | 1 => 1900 + short,
        5 => 1800 + short,
        _ => 2000 + short,
    }
}

/// The number of days of a month, 0 for a month there is not.
pub(super) fn days_of(month: u16, year: u16) -> u16 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u16::from(leap),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::{FingerprintKey, Packs};

    fn number(text: &str) -> Number {
        Number(text.as_bytes().try_into().unwrap())
    }

    fn birth(text: &str) -> Result<Birth, Flaw> {
        number(text).birth(&Packs::shipped(FingerprintKey::new([0; 32])).cpr()[0])
    }

    #[test]
    fn the_seventh_digit_tells_the_century() {
        for (text, year) in [
            ("0101003000", 1900),
            ("0101004000", 2000),
            ("0101364000", 2036),
            ("0101374000", 1937),
            ("0101379000", 1937),
            ("0101369000", 2036),
            ("0101575000", 2057),
            ("0101585000", 1858),
            ("0101998000", 1899),
            ("0101990000", 1999),
        ] {
            assert_eq!(birth(text).map(|b| b.year), Ok(year), "{text}");
        }
    }

    #[test]
    fn a_leap_day_needs_a_leap_year() {
        assert!(birth("2902040000").is_ok()); // 1904
        assert!(birth("2902004000").is_ok()); // 2000
        assert_eq!(birth("2902000000"), Err(Flaw::NoDate)); // 1900
        assert_eq!(birth("2902030000"), Err(Flaw::NoDate)); // 1903
        assert_eq!(birth("3104700000"), Err(Flaw::NoDate));
    }

    #[test]
    fn sixty_is_added_to_the_day_of_a_replacement_number() {
        assert_eq!(
            birth("9112700000").map(|b| (b.day, b.kind)),
            Ok((31, Kind::Replacement))
        );
        assert_eq!(birth("9212700000"), Err(Flaw::NoDate));
        assert_eq!(birth("6012700000"), Err(Flaw::NoDate));
    }

    #[test]
    fn numbers_that_are_nobodys() {
        assert_eq!(birth("1111111111"), Err(Flaw::AllEqual));
        assert_eq!(birth("2512489996"), Err(Flaw::Exempt));
        assert_eq!(birth("2512489997").map(|b| b.year), Ok(1948));
    }

    #[test]
    fn p_numbers_of_both_series_are_known() {
        assert!(number("1006455352").may_be_p_number());
        assert!(!number("1006455353").may_be_p_number());
        assert!(number("1007214231").may_be_p_number());
        assert!(!number("1007214232").may_be_p_number());
        assert!(!number("2007214231").may_be_p_number());
    }
}
