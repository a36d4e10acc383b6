//! The protocol with no socket in it: octets go in, events and octets come out.

mod reply;

pub use reply::{Reply, Severity};
