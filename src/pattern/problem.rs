//! What is wrong with a pack, told so that whoever wrote it can put it right.

use std::borrow::Cow;
use std::ops::Range;

/// One thing that is wrong with a pack.
///
/// It is plain data: whoever shows it draws it, with the lines it is about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// Which kind of problem it is, to be looked up and spoken of: `P001`.
    pub code: &'static str,
    /// Whether the pack can be used all the same.
    pub gravity: Gravity,
    /// The name of the pack's file. Empty where no single pack is at fault.
    pub file: Box<str>,
    /// Where in the file it stands, in octets; empty at its beginning where it is about the whole.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub remedy: Cow<'static, str>,
}

/// Whether a pack with a problem can be used.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, serde::Serialize, serde::Deserialize,
)]
pub enum Gravity {
    /// It can: something in it does nothing.
    Warning,
    /// It cannot.
    Error,
}

impl Problem {
    /// The pack is no TOML, or holds a key that no pack has.
    pub const UNREADABLE: &'static str = "P001";
    /// A value that cannot be what its key asks for.
    pub const VALUE: &'static str = "P002";
    /// A phrase or label that cannot be matched.
    pub const LABEL: &'static str = "P003";
    /// The same phrase or label says two things.
    pub const CONTRADICTION: &'static str = "P004";
    /// Two patterns of one name.
    pub const TWICE: &'static str = "P005";
    /// More of something than a pack may have.
    pub const LIMIT: &'static str = "P006";
    /// An example in which the pattern does not find what it should.
    pub const EXAMPLE: &'static str = "P007";
    /// A counterexample in which the pattern finds something.
    pub const COUNTEREXAMPLE: &'static str = "P008";
    /// A class that no pack describes.
    pub const CLASS: &'static str = "P009";
    /// A pack of no format, or of one this program does not know.
    pub const FORMAT: &'static str = "P010";
    /// A pattern is to be changed that no pack has.
    pub const UNKNOWN: &'static str = "P011";
    /// A change that changes nothing. A warning.
    pub const NOTHING: &'static str = "P012";
    /// A phrase or label that finds only what another finds as well. A warning.
    pub const UNREACHABLE: &'static str = "P013";
    /// A class that no phrase names, or a phrase of `other` that no phrase of the subject can meet. A warning.
    pub const IDLE: &'static str = "P014";
    /// A pattern that finds what another of the same category finds, or must not find. A warning.
    pub const OVERLAP: &'static str = "P015";
    /// A pattern without an example. A warning.
    pub const UNPROVEN: &'static str = "P016";
}

impl Problem {
    /// The code that is written so.
    pub fn known(code: &str) -> Option<&'static str> {
        Self::CODES.iter().find(|known| **known == code).copied()
    }

    /// All codes.
    const CODES: &[&'static str] = &[
        Self::UNREADABLE,
        Self::VALUE,
        Self::LABEL,
        Self::CONTRADICTION,
        Self::TWICE,
        Self::LIMIT,
        Self::EXAMPLE,
        Self::COUNTEREXAMPLE,
        Self::CLASS,
        Self::FORMAT,
        Self::UNKNOWN,
        Self::NOTHING,
        Self::UNREACHABLE,
        Self::IDLE,
        Self::OVERLAP,
        Self::UNPROVEN,
    ];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_is_known() {
        for (at, code) in Problem::CODES.iter().enumerate() {
            assert_eq!(*code, format!("P{:03}", at + 1));
            assert_eq!(Problem::known(code), Some(*code));
        }
        assert_eq!(Problem::known("P999"), None);
    }
}
