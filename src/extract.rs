//! The text of any file, and honest word of what could not be read.
//!
//! The format is decided by content, never by name or declared type. Every reader spends one
//! [`Budget`] and writes into one [`Reading`].

mod budget;
mod container;
mod gap;
mod office;
mod open;
mod pdf;
mod reading;
mod text;

pub use budget::{Budget, Exhausted};
pub use container::{Container, Flaw, Unpacked};
pub use gap::{Gap, Reason};
pub use open::open;
pub use reading::{Extract, Reading};
pub use text::{Draft, Locus, Mark, Place, Text};
