//! Packs: patterns as data that a security team can read, with the examples that prove them.

mod category;
mod compile;
mod cpr;
mod file;
mod packs;
mod problem;
mod words;

pub use category::Category;
pub use cpr::{CprPattern, Example, Named, Other, Proves};
pub use packs::{FingerprintKey, PackSource, Packs};
pub use problem::Problem;
pub use words::{Role, Spotted, Word, Words};
