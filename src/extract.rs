//! The text of any file, and honest word of what could not be read.
//!
//! The format is decided by content, never by name or declared type. Every reader spends one
//! [`Budget`] and writes into one [`Reading`].

mod archive;
mod budget;
mod calendar;
mod carried;
mod cms;
mod compound;
mod container;
mod csv;
mod gap;
mod html;
mod mailbox;
mod message;
mod metafile;
mod octets;
mod office;
mod ole;
mod open;
mod outlook;
mod packed;
mod pdf;
mod pgp;
mod picture;
mod plain;
mod rar;
mod reading;
mod rtf;
mod seven_zip;
mod sniff;
mod suspicious;
mod sweep;
mod tar;
mod text;
mod textual;
mod unpack;
mod xml;

pub use budget::{Budget, Exhausted, Keeper};
pub use container::{Container, Flaw, Unpacked};
pub use gap::{Gap, Reason};
pub use message::message;
pub use open::open;
pub use picture::{Picture, Spot};
pub use reading::{Extract, Reading};
pub use text::{Draft, Locus, Mark, Place, Text, View};
