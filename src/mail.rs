//! What is known of a message without reading it: its envelope, and names that may tell too much.

mod address;
mod envelope;
mod mask;

pub use address::{Address, AddressError, Domain};
pub use envelope::{
    Client, Envelope, Parameters, Recipient, ReversePath, Transaction, TransactionId,
};
pub use mask::{FileName, Masked};
