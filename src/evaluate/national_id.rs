//! A labelled number.

use crate::detect::{Evidence, Fingerprint, fingerprints};
use crate::pattern::Packs;

/// A number of a person, as a corpus labels it. It has no `Debug`: it is what must not leak.
pub struct NationalId(Box<str>);

impl NationalId {
    /// The number that is written, however it is separated; `None` where it has not ten digits or, in an e-CPR, letters.
    pub fn parse(written: &str) -> Option<Self> {
        let separates = |c: char| c.is_whitespace() || matches!(c, '-' | '.' | '/' | '–');
        let number: String = written
            .chars()
            .filter(|&c| !separates(c))
            .map(|c| c.to_ascii_uppercase())
            .collect();
        let is_number = number.len() == 10 && number.bytes().all(|it| it.is_ascii_alphanumeric());
        is_number.then(|| Self(number.into()))
    }

    /// The number as it may be shown.
    pub fn evidence(&self) -> Evidence {
        Evidence::of_national_id(&self.0)
    }

    /// What findings of the number say of the person, by each pattern that could find it.
    pub fn fingerprints(&self, packs: &Packs) -> Vec<Fingerprint> {
        fingerprints(packs, &self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_the_same_however_it_is_written() {
        let number = |written| NationalId::parse(written).map(|it| it.0);
        let plain = Some("1102701234".into());
        assert_eq!(number("1102701234"), plain);
        assert_eq!(number("110270-1234"), plain);
        assert_eq!(number("11 02 70 1234"), plain);
        assert_eq!(number("110270-1ab4"), Some("1102701AB4".into()));
        for wrong in ["", "110270-123", "110270-12345", "110270-æ23"] {
            assert_eq!(number(wrong), None, "{wrong}");
        }
    }
}
