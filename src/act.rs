//! What is done with a message: relayed, or sent by a secure route.
//!
//! A [`Way`] is a route made ready: certificates read, connections kept. A [`Leg`] is one transaction on it, in step with
//! the client's, or replayed whole. Neither ever owns a message: [`Trouble`] says what a failure means for its custody.

mod connection;
mod elsewhere;
mod framing;
mod health;
mod host;
mod leg;
mod link;
mod mark;
mod open;
mod route;
mod stock;
mod stream;
mod tls;
mod transmit;
mod trouble;
mod untried;
mod way;

pub use elsewhere::Told;
pub use leg::Leg;
pub use mark::MarkError;
pub use route::{Begin, HeaderMark, Login, Marks, NextHop, NextHops, Route, Tls, Verified};
pub use stock::Reuse;
pub use tls::TlsError;
pub use trouble::{AuthTrouble, Cause, Custody, Phase, TlsTrouble, Trouble};
pub use way::{Way, WayError};
