//! The protocol with no socket in it: octets go in, events and octets come out.

pub mod client;
mod reply;

pub use reply::{Reply, Severity};
