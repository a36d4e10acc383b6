//! What is done with a message: relayed, or sent by a secure route.

mod route;

pub use route::{HeaderMark, Marks, NextHop, Route, Tls};
