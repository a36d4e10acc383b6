//! The order of the steps, known nowhere else.
