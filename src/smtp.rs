//! The protocol with no socket in it: octets go in, events and octets come out.

pub mod client;
mod offers;
mod reply;
mod xforward;
mod xtext;

pub use offers::Offers;
pub use reply::{Reply, Severity};
pub use xforward::Xforward;
