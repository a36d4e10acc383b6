//! An opened message, flat.

use crate::mime::transfer::Transfer;
use crate::mime::{Defect, PartPath};

/// A message opened: what people wrote into its header, and its parts in the order they stand.
#[derive(Debug, Default)]
pub struct Message<'x> {
    /// The type of the message itself: `text/plain`, `multipart/mixed`.
    pub media: String,
    /// The header fields whose words people write or a client shows.
    pub fields: Vec<Field>,
    /// The parts that are not multiparts, and what stands between and around them.
    pub parts: Vec<Part<'x>>,
    /// What programs read differently.
    pub defects: Vec<Defect>,
    /// The limits that were met, and where: what lies beyond was not opened.
    pub overruns: Vec<Overrun>,
}

/// A limit of [`crate::limits::ReadLimits`] that a message met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overrun {
    /// The part that was not opened to its end.
    pub part: PartPath,
    /// The name of the limit.
    pub limit: &'static str,
}

/// A header field as its reader sees it.
#[derive(Clone, PartialEq, Eq)]
pub struct Field {
    /// The part in whose header it stands.
    pub part: PartPath,
    /// Its name as written.
    pub name: Box<str>,
    /// Whether it is the subject of the message.
    pub is_subject: bool,
    /// Its text.
    pub text: Box<str>,
}

/// Words of the message are not for logs.
impl std::fmt::Debug for Field {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Field({}, {} octets)", self.part, self.text.len())
    }
}

/// A part that is no multipart.
#[derive(Clone, PartialEq, Eq)]
pub struct Part<'x> {
    /// Where it stands.
    pub path: PartPath,
    /// What it is to the multipart it stands in.
    pub role: Role,
    /// How many multiparts it stands in.
    pub depth: u32,
    /// Its declared type, `text/plain` where none is.
    pub media: String,
    /// Its declared charset.
    pub charset: Option<Box<str>>,
    /// How its lines are to be joined (RFC 3676), if they are.
    pub flowed: Option<Flowed>,
    /// Its names: more than one where programs may show different ones.
    pub names: Vec<Box<str>>,
    /// It is to be saved, not shown.
    pub is_attachment: bool,
    /// How its octets are written: more than one where programs may differ; the first is the likeliest.
    pub transfers: Vec<Transfer>,
    /// Its octets as they stand in the message.
    pub raw: &'x [u8],
}

impl std::fmt::Debug for Part<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "Part({} {:?}, {} octets)",
            self.path,
            self.role,
            self.raw.len()
        )
    }
}

/// What a part is to the multipart it stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A part in its own right, or the whole message.
    Part,
    /// What stands before the first part: few clients show it.
    Preamble,
    /// What stands after the last part.
    Epilogue,
    /// Lines among the header fields that are no field.
    StrayLines,
}

/// Text whose soft line ends are to be undone (RFC 3676).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flowed {
    /// The space before a soft line end is not of the text (`DelSp=yes`).
    pub delete_space: bool,
}
