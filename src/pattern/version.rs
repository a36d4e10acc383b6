//! By what sets of packs are told apart: what they say, not how it is written down.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::pattern::compile::Merged;

/// A set of packs, told by a hash of everything it says: the same in every run of the same version of Sluse, another when a
/// word of a pattern, a cue or an example is another.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct PackVersion([u8; 6]);

impl fmt::Display for PackVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|octet| write!(f, "{octet:02x}"))
    }
}

impl fmt::Debug for PackVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The versions of everything in a set.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
pub(super) struct Digests {
    pub(super) set: PackVersion,
    pub(super) patterns: BTreeMap<Box<str>, PackVersion>,
    pub(super) language: PackVersion,
}

/// The versions of merged packs.
pub(super) fn digests(merged: &Merged) -> Digests {
    let patterns: BTreeMap<Box<str>, PackVersion> = merged
        .patterns
        .iter()
        .map(|pattern| (pattern.id.get_ref().as_str().into(), digest(pattern)))
        .collect();
    let language = digest(&(&merged.language, &merged.leanings));
    let mut set = Sha256::new();
    for (id, version) in &patterns {
        set.update(id.as_bytes());
        set.update(version.0);
    }
    set.update(language.0);
    Digests {
        set: shortened(set),
        patterns,
        language,
    }
}

fn digest(said: &impl Serialize) -> PackVersion {
    let mut hash = Sha256::new();
    // Plain tables of strings and numbers: there is nothing in them that JSON has no word for.
    hash.update(serde_json::to_vec(said).unwrap_or_default());
    shortened(hash)
}

fn shortened(hash: Sha256) -> PackVersion {
    let mut short = [0; 6];
    for (short, octet) in short.iter_mut().zip(hash.finalize()) {
        *short = octet;
    }
    PackVersion(short)
}

/// What is different in another set of packs.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Changes {
    /// Patterns that were not there before.
    pub added: Vec<Box<str>>,
    /// Patterns that are there no more.
    pub removed: Vec<Box<str>>,
    /// Patterns that say something else.
    pub changed: Vec<Box<str>>,
    /// Whether the language is another.
    pub language: bool,
}

impl Digests {
    /// What is different in `after`.
    pub(super) fn changes(&self, after: &Self) -> Changes {
        let is_in = |patterns: &BTreeMap<Box<str>, _>, id: &str| patterns.contains_key(id);
        let added = after.patterns.keys();
        let removed = self.patterns.keys();
        let changed = self.patterns.iter();
        Changes {
            added: added
                .filter(|id| !is_in(&self.patterns, id))
                .cloned()
                .collect(),
            removed: removed
                .filter(|id| !is_in(&after.patterns, id))
                .cloned()
                .collect(),
            changed: changed
                .filter(|(id, version)| after.patterns.get(*id).is_some_and(|it| it != *version))
                .map(|(id, _)| id.clone())
                .collect(),
            language: self.language != after.language,
        }
    }
}
