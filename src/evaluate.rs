//! How well patterns do on a labelled corpus: what they find of it, what they miss, and what they find that is not there.
//!
//! A [`Sample`] is a mail and the truth about it. It is read as any mail is, [`score`](fn@score) lays what was found beside the truth,
//! [`tally`](fn@tally) counts, and [`compare`](fn@compare) tells what other patterns would gain and lose. The formats of a corpus are told in
//! [`manual::evaluation`](crate::manual::evaluation); the files are opened elsewhere (`cli`).
//!
//! A corpus may be personal data, so nothing here that holds its text or its numbers has a `Debug`, and no error quotes it.

mod carriers;
mod compare;
mod fields;
mod interval;
mod learn;
mod message;
mod national_id;
mod require;
mod sample;
mod score;
mod tally;
#[cfg(test)]
mod tests;
mod texts;

pub use carriers::carriers;
pub use compare::{Change, Turn, compare};
pub use fields::{BadLine, Malformed};
pub use interval::Share;
pub use learn::{Learned, learn};
pub use message::message;
pub use national_id::NationalId;
pub use require::{BadRequirement, Fallen, Requirement, Requirements};
pub use sample::{Carrier, Expect, Labels, Mail, Planted, Sample, Thing, Truth};
pub use score::{Asked, FalseAlarm, Label, Met, Score, score};
pub use tally::{Count, Held, Measure, Negatives, Of, Tally, tally, words};
pub use texts::texts;
