//! Compiled packs: what an inspector must know to recognise.

use std::fmt;

use zeroize::Zeroize;

/// All patterns, compiled once and shared by every inspection.
#[derive(Debug)]
pub struct Packs {
    key: FingerprintKey,
}

impl Packs {
    /// The packs that are shipped, compiled into the program.
    pub fn shipped(key: FingerprintKey) -> Self {
        Self { key }
    }

    /// The key persons are fingerprinted with.
    pub fn key(&self) -> &FingerprintKey {
        &self.key
    }
}

/// The secret that makes a fingerprint of a person useless to whoever does not hold it.
///
/// There are only some 10⁹ CPR numbers, so a plain hash of one is the number itself to anybody with a minute to
/// spare.
#[derive(Clone)]
pub struct FingerprintKey([u8; 32]);

impl FingerprintKey {
    /// A key of 32 random octets.
    pub fn new(octets: [u8; 32]) -> Self {
        Self(octets)
    }

    /// The octets, to be keyed with.
    pub fn exposed(&self) -> &[u8; 32] {
        &self.0
    }
}

impl Drop for FingerprintKey {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for FingerprintKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FingerprintKey")
    }
}
