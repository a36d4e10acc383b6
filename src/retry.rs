//! The retry journal: messages that a next hop has taken, and whose clients may not have heard it.
//!
//! Between the next hop's 250 and ours we may be killed, and a client may be lost at any time. It then sends the message once more, and
//! the recipient has it twice. Where a journal is kept, that attempt is known again and answered without being sent. One that comes
//! while the message is still being sent is told to come later.
//! [`custody`](crate::manual::custody) tells when it is certain enough of that.
//!
//! It is small: an entry is forgotten as soon as its client has heard. It holds keyed hashes, times and the names of routes and
//! incidents; nothing that tells whose messages they were.

mod entries;
mod error;
mod journal;
mod key;
mod settings;
mod store;

pub use entries::Known;
pub use error::JournalError;
pub use journal::{Earlier, Hold, Journal, Sending, Taken};
pub use key::Key;
pub use settings::Settings;
