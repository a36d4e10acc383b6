//! What was found, told so that nothing of it leaks.

use std::fmt;
use std::sync::Arc;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::extract::Place;
use crate::mail::{FileName, Masked};
use crate::mime::PartPath;
use crate::pattern::{Category, FingerprintKey, Packs};

/// One piece of personal data.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// The pattern that found it.
    pub pattern: PatternId,
    /// What kind of data it is.
    pub category: Category,
    /// How sure it is.
    pub confidence: Confidence,
    /// In what role the text stands in the message.
    pub place: Place,
    /// The part it stands in.
    pub part: PartPath,
    /// The file it stands in, through all containers.
    pub name: Option<FileName>,
    /// Where it stands, for a person: `liste.xlsx Ark1!B7`.
    pub origin: Masked,
    /// What was found, masked.
    pub evidence: Evidence,
    /// Who it is about, where that can be told.
    pub person: Option<Fingerprint>,
    /// Why it was taken for what it is, in the words of the pack and fixed words; never words from the message.
    pub reasons: Vec<Box<str>>,
    /// The phrases of the pack that were seen, where it is about words. They tell as much as the text does: they may be shown to
    /// whoever has the text at hand, and are never stored, logged or sent.
    pub phrases: Vec<Box<str>>,
}

/// The name of a pattern, `dk.cpr`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct PatternId(Arc<str>);

impl PatternId {
    /// A name.
    pub fn new(name: &str) -> Self {
        Self(name.into())
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// How sure a finding is: a word with reasons, not a number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// It has the shape, and little speaks for it.
    Low,
    /// More speaks for it than against it.
    Medium,
    /// It is what it looks like.
    High,
}

impl Confidence {
    /// The word for it in policies, reports and `scan --json`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// What was found, already masked when it is made: `1102XX-XXXX`. There is no way back.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Evidence(Box<str>);

impl Evidence {
    /// Evidence of a number of ten digits: day and month are shown, so that a colleague who knows the case knows which
    /// is meant; year and serial are not.
    pub fn of_national_id(day_and_month: &str) -> Self {
        let shown: String = day_and_month.chars().take(4).collect();
        Self(format!("{shown}XX-XXXX").into())
    }

    /// Evidence of words: the first letter of each of the first few, so that a colleague who has the message finds the place.
    pub fn of_words(words: &str) -> Self {
        let mut all = words
            .split(|c: char| !c.is_alphabetic())
            .filter(|word| !word.is_empty());
        let shown: Vec<String> = all
            .by_ref()
            .take(MOST_WORDS)
            .filter_map(|word| word.chars().next())
            .map(|first| format!("{first}…"))
            .collect();
        let more = if all.next().is_some() { " …" } else { "" };
        Self(format!("{}{more}", shown.join(" ")).into())
    }

    /// Evidence that was made elsewhere; `None` where it has neither form, for it might then tell what was found.
    pub fn parse(shown: &str) -> Option<Self> {
        let is_id = |shown: &str| {
            let day_and_month = shown.strip_suffix("XX-XXXX");
            day_and_month.is_some_and(|it| it.chars().count() <= 4)
        };
        let is_word = |word: &str| {
            let mut letters = word.chars();
            letters.next_back() == Some('…') && letters.count() <= 1
        };
        let is_words = |shown: &str| {
            let mut words = shown.split(' ');
            words.by_ref().take(MOST_WORDS + 1).all(is_word) && words.next().is_none()
        };
        (shown.is_empty() || is_id(shown) || is_words(shown)).then(|| Self(shown.into()))
    }

    /// The masked text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The most words of which the first letter is shown.
const MOST_WORDS: usize = 4;

impl fmt::Debug for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Evidence")
    }
}

/// A keyed hash (HMAC-SHA-256, cut to 16 octets) of a person's identity: the same person is the same in every part and
/// incident, and nobody without the key learns who.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint([u8; 16]);

impl Fingerprint {
    /// A fingerprint computed elsewhere.
    pub fn new(octets: [u8; 16]) -> Self {
        Self(octets)
    }

    /// The octets, to be stored.
    pub fn octets(&self) -> &[u8; 16] {
        &self.0
    }
}

/// The fingerprints that findings of `number`, ten characters without separators, carry: one for each pattern. Whoever
/// knows a number can so tell which findings are of it, and nobody else can.
pub fn fingerprints(packs: &Packs, number: &str) -> Vec<Fingerprint> {
    let patterns = packs.cpr().iter();
    patterns
        .filter_map(|it| Fingerprinter::new(packs.key(), &it.id).of(number.as_bytes()))
        .collect()
}

/// Fingerprints persons as one pattern tells them apart.
pub(super) struct Fingerprinter(Option<Hmac<Sha256>>);

impl Fingerprinter {
    pub(super) fn new(key: &FingerprintKey, pattern: &str) -> Self {
        // HMAC takes a key of any length, so there is one.
        let mut mac = Hmac::new_from_slice(key.exposed()).ok();
        if let Some(mac) = &mut mac {
            mac.update(pattern.as_bytes());
            mac.update(b":");
        }
        Self(mac)
    }

    /// The fingerprint of whoever `identity` names.
    pub(super) fn of(&self, identity: &[u8]) -> Option<Fingerprint> {
        let mut mac = self.0.clone()?;
        mac.update(identity);
        let octets = mac.finalize().into_bytes();
        Some(Fingerprint(octets.get(..16)?.try_into().ok()?))
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|octet| write!(f, "{octet:02x}"))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evidence_is_known_again_and_nothing_else_is_taken_for_it() {
        for evidence in [
            Evidence::of_national_id("1405"),
            Evidence::of_words("kun"),
            Evidence::of_words("er syg med feber"),
            Evidence::of_words("er meget syg med feber og hoste"),
            Evidence::of_words(""),
        ] {
            assert_eq!(Evidence::parse(evidence.as_str()), Some(evidence));
        }
        for told in [
            "140562-1234",
            "140562XX-XXXX",
            "syg",
            "s…g…",
            "a… b… c… d… e… f…",
        ] {
            assert_eq!(Evidence::parse(told), None, "{told}");
        }
    }
}
