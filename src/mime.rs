//! A message opened: its fields and parts, flat, in the order they stand.
//!
//! Malformed mail is ordinary mail, so opening never fails; what was odd becomes a [`Defect`], and where programs
//! may understand a thing in two ways both are handed on.
//!
//! The reader is our own. The best crate, `mail-parser` 0.11, ends the whole process on some ten thousand nested
//! messages, cuts encoded nesting at three levels without a word, decodes all parts at once and keeps neither
//! preamble, epilogue nor a second value of a field. It is the oracle of the tests (`tests/mime.rs`): what it
//! finds, this must find; and it decodes the charsets that `encoding_rs` leaves out.

mod boundary;
mod charset;
mod field;
mod flowed;
mod header;
mod leaf;
mod message;
mod open;
mod parameter;
mod part;
mod suspect;
mod transfer;
mod word;

pub use charset::{Decoded, decode, is_textual, other_texts};
pub use flowed::unflow;
pub use message::{Field, Flowed, Message, Overrun, Part, Role};
pub use open::{Bounds, open};
pub use part::{Defect, DefectKind, PartPath, Protection};
pub use suspect::{Block, File, Hidden, Suspect, runs, suspects};
pub use transfer::{Transfer, Undone, base64, hex, percent_decoded, quoted_printable};
pub use word::words;
