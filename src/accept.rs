//! The listener: connections in, transactions out, handed to a journey.

mod journey;
mod settings;

pub use journey::{Departures, Journey};
pub use settings::{Listener, ListenerError, Network, Settings};
