//! Why it is as it is: one chapter for each promise and for each large choice.
//!
//! The chapters tell what the code cannot: what was weighed, what was measured, and what would have to be true for the
//! choice to be made again.

pub mod choices;
pub mod custody;
pub mod evaluation;
pub mod evasion;
pub mod exactness;
pub mod isolation;
pub mod judging;
pub mod operation;
pub mod patterns;
pub mod recipients;
pub mod record;
pub mod silence;
pub mod subjects;
pub mod unread;
pub mod watching;
