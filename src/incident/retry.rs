//! The same message, known again when a mail server offers it once more.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::mail::{Envelope, ReversePath, Sameness};
use crate::pattern::FingerprintKey;

/// A keyed hash of sender, recipients and message: tells that two attempts are of one message, and nobody without the key
/// which.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct RetryKey([u8; 32]);

impl RetryKey {
    /// The key of an attempt.
    ///
    /// Fields that a mail server writes anew at each attempt (`Received`, signatures over them) do not count, nor does
    /// the order of the recipients.
    pub fn of(key: &FingerprintKey, envelope: &Envelope, message: &Sameness) -> Self {
        let mut recipients: Vec<&str> = envelope
            .recipients
            .iter()
            .map(|recipient| recipient.address.raw())
            .collect();
        recipients.sort_unstable();
        let sender = match &envelope.reverse_path {
            ReversePath::Null => "",
            ReversePath::Mailbox(address) => address.raw(),
        };
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key.exposed()) else {
            // HMAC takes a key of any length (RFC 2104 section 2).
            return Self([0; 32]);
        };
        mac.update(b"sluse retry 1\n");
        mac.update(&message.digest);
        for part in std::iter::once(sender).chain(recipients) {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part.as_bytes());
        }
        Self(mac.finalize().into_bytes().into())
    }

    /// The octets, to be stored.
    pub(super) fn octets(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for RetryKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RetryKey")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::{Address, Parameters, Recipient, SamenessReader};

    fn key_of(to: &[&str], message: &str) -> RetryKey {
        let envelope = Envelope {
            reverse_path: ReversePath::Null,
            parameters: Parameters::default(),
            recipients: to
                .iter()
                .map(|to| Recipient {
                    address: Address::parse(to).unwrap(),
                    parameters: Parameters::default(),
                })
                .collect(),
        };
        let mut reader = SamenessReader::default();
        reader.read(message.as_bytes());
        RetryKey::of(&FingerprintKey::new([7; 32]), &envelope, &reader.finish())
    }

    #[test]
    fn an_attempt_is_known_again_whatever_its_trace() {
        let first = key_of(
            &["a@x.example", "b@x.example"],
            "Received: by one;\r\n\tnow\r\nSubject: s\r\n\r\nReceived: kept\r\n",
        );
        let again = key_of(
            &["b@x.example", "a@x.example"],
            "RECEIVED : by two\r\nReceived: by one;\r\n later\r\nSubject: s\r\n\r\nReceived: kept\r\n",
        );
        assert_eq!(first, again);
        for other in [
            key_of(&["a@x.example"], "Subject: s\r\n\r\nReceived: kept\r\n"),
            key_of(&["a@x.example", "b@x.example"], "Subject: s\r\n\r\n"),
            key_of(
                &["a@x.example", "b@x.example"],
                "Subject: t\r\n\r\nReceived: kept\r\n",
            ),
            key_of(&["a@x.example", "b@x.example"], ""),
        ] {
            assert_ne!(first, other);
        }
    }
}
