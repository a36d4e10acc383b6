//! One test binary: each module is one subject, its cases in the folder of the same name.
#![expect(
    clippy::unwrap_used,
    clippy::string_slice,
    reason = "a failed test is a panic"
)]

mod act;
mod architecture;
mod check;
mod cli;
mod detect;
mod extract;
mod journey;
mod mime;
mod ocr;
mod office;
mod peers;
mod policy;
mod port;
mod postfix;
mod smtp;
mod subject;
