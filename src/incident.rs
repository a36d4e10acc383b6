//! The incident log: what would have left unprotected, durable before anybody gets a reply.

mod settings;

pub use settings::Settings;
