//! The listener: connections in, transactions out, handed to a journey.

mod arrival;
mod arrived;
mod connection;
mod deadline;
mod guesses;
mod inherited;
mod journey;
mod listeners;
mod network;
mod proxy;
mod pulse;
mod seats;
mod settings;
mod stop;
mod stream;
mod terms;
mod tls;
mod verifier;
mod wire;
mod word;

pub use arrived::Arrived;
pub use inherited::{Inherited, InheritedError};
pub use journey::{Answer, Departures, Journey};
pub use listeners::{BindError, Listeners, bind, serve};
pub use network::Network;
pub use proxy::{ProxyError, ProxyHeader, ProxyProgress};
pub use pulse::Pulse;
pub use settings::{Access, Begin, Clients, Listener, ListenerError, Settings, Tls};
pub use terms::{Moved, Terms, TermsError, Unready};
pub use tls::TlsError;
