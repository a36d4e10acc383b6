//! Cases of `journey`.
