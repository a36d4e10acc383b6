//! The listener: connections in, transactions out, handed to a journey.

mod connection;
mod deadline;
mod journey;
mod listeners;
mod seats;
mod settings;
mod stop;
mod wire;

pub use journey::{Answer, Departures, Journey};
pub use listeners::{BindError, Listeners, serve};
pub use settings::{Listener, ListenerError, Network, Settings};
