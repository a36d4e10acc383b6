//! Unread is never clean: gaps, limits and the budget.
//!
//! A reader that stops in silence makes a guard that lies. Whatever was not read is a [`Gap`](crate::extract::Gap)
//! with one of seven reasons, and policy judges it like a finding:
//!
//! | reason | what it is | what one may do |
//! |---|---|---|
//! | `encrypted` | needs a key or a password | have it sent by the secure route |
//! | `damaged` | is not what its format asks | have it sent by the secure route |
//! | `limit` | met a limit of [`ReadLimits`](crate::limits::ReadLimits) | raise the limit, or treat as damaged |
//! | `timeout` | reading took too long | look why; treat as damaged |
//! | `unknown` | a format that is not known | judge by taste |
//! | `unsupported` | a known format that is not read (7z, Word before 97, scans) | have it sent by the secure route |
//! | `media` | a picture, sound or film | usually relay |
//!
//! # One budget
//!
//! Octets unpacked, octets of text, entries, parts, depth and time are counted over the whole message, not per file: a
//! hundred small bombs are one large one. Readers ask before they allocate, so a header that claims a gigabyte costs nothing.
//!
//! # Time in a pure function
//!
//! The readers read no clock. A thread beside them sets a flag when their time is up, and every reader looks at it whenever it
//! spends. A reader that does not look (a hang inside a library) is killed after a grace, with the process it is in: its message
//! is a gap, and another process takes its place ([`isolation`](super::isolation)).
