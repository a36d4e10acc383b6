//! The protocol with no socket in it: octets go in, events and octets come out.

mod claim;
pub mod client;
mod line_endings;
mod offers;
mod protocol;
mod receiver;
mod reply;
mod session;
mod xforward;
mod xtext;

pub use claim::Claim;
pub use line_endings::{StrayLineEndings, is_signed, normalized, strays};
pub use offers::Offers;
pub use protocol::Protocol;
pub use receiver::{Piece, Receiver};
pub use reply::{Reply, Severity};
pub use session::{Auth, Event, Session, StartTls};
pub use xforward::Xforward;
