//! The client half of the protocol: what is said to a next hop, and what it answers.
//!
//! A next hop is trusted to deliver mail, not to speak correctly: its replies are read strictly and with bounds, and
//! what is sent to it cannot be read as anything but one message.

mod auth;
mod capabilities;
mod command;
mod hazard;
mod replies;
mod transmitter;

pub use auth::{BadCredentials, Credentials, Mechanism};
pub use capabilities::{Capabilities, Extension};
pub use command::{Unsendable, mail, rcpt};
pub use hazard::{Hazard, HazardSeeker, hazard};
pub use replies::{NotSmtp, Replies};
pub use transmitter::Transmitter;
