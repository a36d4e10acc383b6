//! What is wrong with a pack, told so that whoever wrote it can put it right.

use std::ops::Range;

/// One thing that is wrong with a pack.
///
/// It is plain data: the command line draws it, with the lines it is about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// Which kind of problem it is, to be looked up and spoken of: `P001`.
    pub code: &'static str,
    /// The name of the pack's file.
    pub file: Box<str>,
    /// Where in the file it stands, in octets.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub remedy: &'static str,
}

impl Problem {
    /// The pack is no TOML, or holds a key that no pack has.
    pub const UNREADABLE: &'static str = "P001";
    /// A value that cannot be what its key asks for.
    pub const VALUE: &'static str = "P002";
    /// A label that cannot be matched.
    pub const LABEL: &'static str = "P003";
    /// The same label says two things.
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
}
