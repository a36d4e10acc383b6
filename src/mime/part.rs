//! The words in which an opened message is told.

use std::fmt;

/// Where a part stands: `1.2` is the second part of the first; the message itself is `0`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct PartPath(Box<str>);

impl PartPath {
    /// The path of the message itself.
    pub fn root() -> Self {
        Self("0".into())
    }

    /// The path of the part numbered `index` (from 1) below this one.
    pub fn child(&self, index: usize) -> Self {
        if &*self.0 == "0" {
            Self(index.to_string().into())
        } else {
            Self(format!("{}.{index}", self.0).into())
        }
    }

    /// The path that is written so; `None` where that is none.
    pub fn parse(text: &str) -> Option<Self> {
        let is_number = |step: &str| {
            !step.is_empty() && step.len() <= 10 && step.bytes().all(|octet| octet.is_ascii_digit())
        };
        text.split('.').all(is_number).then(|| Self(text.into()))
    }

    /// The path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PartPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What already protects the message from end to end. Its subject is protected by none of these.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Protection {
    /// Nothing.
    #[default]
    None,
    /// S/MIME enveloped data (RFC 8551 section 3.3): the whole message is encrypted.
    Smime,
    /// PGP/MIME (RFC 3156 section 4) or one inline PGP message.
    Pgp,
}

/// Something in the message that programs read differently, so that one may miss what another shows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Defect {
    /// What is odd.
    pub kind: DefectKind,
    /// The part it was found in.
    pub part: PartPath,
}

/// The kinds of defect.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum DefectKind {
    /// A transfer encoding or charset that is not known, or that the octets contradict.
    Encoding,
    /// A multipart without a usable boundary, or whose parts never end.
    Structure,
    /// A field that may stand once stands twice, in a header or in a `winmail.dat`.
    DuplicateField,
}

impl DefectKind {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Encoding, Self::Structure, Self::DuplicateField];

    /// The word for it in reports and in `scan --json`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Encoding => "encoding",
            Self::Structure => "structure",
            Self::DuplicateField => "duplicate-field",
        }
    }
}
