//! Other mail servers than Postfix on loopback: Exim and OpenSMTPD on either side, Python's smtplib before, aiosmtpd and Haraka behind.
//!
//! The two servers are unpacked by `tests/run` into `target/peers`, for their Debian packages exclude Postfix's, and run in a mount
//! namespace of their own: the users they insist on exist there only. That takes root. Haraka, a next hop, is
//! installed there by npm. Without any of it they fail and say so.
#![expect(
    clippy::print_stdout,
    clippy::panic,
    reason = "a failed test tells what the servers logged, and is a panic"
)]

mod exim;
mod haraka;
mod lab;
mod messages;
mod opensmtpd;
mod python;
