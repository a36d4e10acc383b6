//! What protection a message needs, and whether every recipient has it.

mod verdict;

pub use verdict::{Action, Disposition, Judged, Level, RouteName, RuleId, Verdict};
