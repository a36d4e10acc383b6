//! A message opened: its fields and parts, flat, in the order they stand.
//!
//! Malformed mail is ordinary mail, so opening never fails; what was odd becomes a [`Defect`].

mod part;

pub use part::{Defect, DefectKind, PartPath, Protection};
