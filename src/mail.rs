//! What is known of a message without reading it: its envelope, and names that may tell too much.

mod address;
mod domain;
mod envelope;
mod mask;
mod trace;

pub use address::{Address, AddressError};
pub use domain::Domain;
pub use envelope::{
    Client, Envelope, Parameters, Recipient, ReversePath, Transaction, TransactionId,
};
pub use mask::{FileName, Masked};
pub use trace::{Sameness, SamenessReader};
