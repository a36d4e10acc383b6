//! The text of any file, and honest word of what could not be read.
//!
//! The format is decided by content, never by name or declared type. Every reader spends one
//! [`Budget`] and writes into one [`Reading`].

mod budget;
mod gap;
mod reading;
mod text;

pub use budget::{Budget, Exhausted};
pub use gap::{Gap, Reason};
pub use reading::{Extract, Reading};
pub use text::{Draft, Locus, Mark, Place, Text};
