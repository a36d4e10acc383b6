//! What a message to one recipient is known again by.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::mail::{Envelope, ReversePath, Sameness};
use crate::pattern::FingerprintKey;

/// A keyed hash of the sender, one recipient and a message that names itself, its trace left out.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key([u8; 32]);

impl Key {
    /// The key of each recipient, in the order of the envelope; none of a message without a `Message-ID`, for two of the same
    /// words may be two messages.
    pub fn of_each(
        key: &FingerprintKey,
        envelope: &Envelope,
        message: &Sameness,
    ) -> Option<Vec<Self>> {
        if !message.is_named {
            return None;
        }
        let sender = match &envelope.reverse_path {
            ReversePath::Null => "",
            ReversePath::Mailbox(address) => address.raw(),
        };
        // HMAC takes a key of any length (RFC 2104 section 2).
        let mut mac = Hmac::<Sha256>::new_from_slice(key.exposed()).ok()?;
        mac.update(b"sluse journal 1\n");
        mac.update(&message.digest);
        mac.update(&(sender.len() as u64).to_be_bytes());
        mac.update(sender.as_bytes());
        let recipients = envelope.recipients.iter();
        let of = recipients.map(|recipient| {
            let mut mac = mac.clone();
            mac.update(recipient.address.raw().as_bytes());
            Self(mac.finalize().into_bytes().into())
        });
        Some(of.collect())
    }

    /// From the octets that were stored.
    pub(super) fn from_octets(octets: [u8; 32]) -> Self {
        Self(octets)
    }

    /// The octets, to be stored.
    pub(super) fn octets(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key")
    }
}
