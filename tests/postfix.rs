//! Real Postfix on loopback, in three shapes: before its queue (`smtpd_proxy_filter`), behind its queue
//! (`content_filter`, over SMTP and over LMTP), and with re-injection; swaks and smtp-source as clients.
//!
//! They need root (Postfix's master does) and the packages `tests/run` installs; without them they fail and say so.
#![expect(
    clippy::print_stdout,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what was measured is told, and a failed test is a panic"
)]

mod before_queue;
mod behind_queue;
mod killed;
pub(crate) mod lab;
mod lmtp;
pub(crate) mod sink;
mod tls;
