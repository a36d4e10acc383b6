//! Packs: patterns as data that a security team can read, with the examples that prove them.

mod category;
mod packs;

pub use category::Category;
pub use packs::{FingerprintKey, Packs};
