//! The chain of events: each hash covers its row and the hash before it.

use sha2::{Digest, Sha256};

/// A SHA-256.
pub(super) type Hash = [u8; 32];

/// What the first event is chained to.
pub(super) const BEGINNING: Hash = [0; 32];

/// One link, as it is hashed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Link<'a> {
    pub(super) seq: i64,
    pub(super) incident: &'a str,
    pub(super) at: &'a str,
    pub(super) kind: &'a str,
    pub(super) digest: &'a Hash,
}

impl Link<'_> {
    /// The hash of this link after `previous`.
    ///
    /// The octets are fixed by version: a word, the previous hash, the number, then each text after its length (all
    /// numbers big-endian, 8 octets), then the digest of the detail. The detail itself is not in it, so that it can
    /// be erased when it may no longer be kept, and the chain still holds.
    pub(super) fn hash(&self, previous: &Hash) -> Hash {
        let mut hash = Sha256::new();
        hash.update(b"sluse event 1\n");
        hash.update(previous);
        hash.update(self.seq.to_be_bytes());
        for text in [self.incident, self.at, self.kind] {
            hash.update((text.len() as u64).to_be_bytes());
            hash.update(text.as_bytes());
        }
        hash.update(self.digest);
        hash.finalize().into()
    }
}

/// The digest of a detail.
pub(super) fn digest(detail: &str) -> Hash {
    Sha256::digest(detail.as_bytes()).into()
}

/// A hash as text.
pub(super) fn hex(hash: &[u8]) -> String {
    hash.iter()
        .flat_map(|octet| [octet >> 4, octet & 15])
        .filter_map(|digit| char::from_digit(u32::from(digit), 16))
        .collect()
}
