//! The listener: connections in, transactions out, handed to a journey.

mod settings;

pub use settings::{Listener, ListenerError, Network, Settings};
