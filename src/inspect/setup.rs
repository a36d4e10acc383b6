//! What an inspector is told when it starts, and what it answers.
//!
//! The key of fingerprints is among it: it goes over the socket and nowhere else, for arguments and the environment of a
//! process can be read by others.

use std::borrow::Cow;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::inspect::Walls;
use crate::limits::{PictureLimits, ReadLimits};
use crate::pattern::{FingerprintKey, Origin, PackSet, PackSource, Packs, Stock};

/// What an inspector is told.
#[derive(Serialize, Deserialize)]
pub(super) struct Setup {
    set: SetTold,
    key: Zeroizing<[u8; 32]>,
    year: u16,
    #[serde(with = "LimitsTold")]
    pub(super) limits: ReadLimits,
    /// As in the settings of the door.
    pub(super) memory: u64,
}

/// Packs as they were written.
#[derive(Serialize, Deserialize)]
pub(super) struct SetTold {
    packs: Vec<Source>,
    disabled: Vec<Box<str>>,
}

#[derive(Serialize, Deserialize)]
struct Source {
    file: Box<str>,
    text: Cow<'static, str>,
    is_shipped: bool,
}

/// The limits, field by field: serde holds this to be the same.
#[derive(Serialize, Deserialize)]
#[serde(remote = "ReadLimits")]
struct LimitsTold {
    depth: u32,
    parts: u32,
    fields: u32,
    entries: u32,
    decoded: u64,
    entry: u64,
    text: u64,
    time: Duration,
    #[serde(with = "pictures_told")]
    pictures: Option<PictureLimits>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "PictureLimits")]
struct PicturesTold {
    count: u32,
    pixels: u64,
    octets: u64,
}

/// [`PicturesTold`] where there may be none, which serde has no words for.
mod pictures_told {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::inspect::setup::PicturesTold;
    use crate::limits::PictureLimits;

    #[derive(Serialize)]
    struct Out<'a>(#[serde(with = "PicturesTold")] &'a PictureLimits);

    #[derive(Deserialize)]
    struct In(#[serde(with = "PicturesTold")] PictureLimits);

    pub(super) fn serialize<S: Serializer>(
        limits: &Option<PictureLimits>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        limits.as_ref().map(Out).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<PictureLimits>, D::Error> {
        let told = Option::<In>::deserialize(deserializer)?;
        Ok(told.map(|In(limits)| limits))
    }
}

/// What an inspector answers to its setup: that it is ready, or in fixed words why it is not.
pub(super) type Answer = Result<Ready, String>;

/// An inspector is ready.
#[derive(Serialize, Deserialize)]
pub(super) struct Ready {
    /// By which packs it will search.
    pub(super) packs: String,
    /// What confines it.
    pub(super) walls: Walls,
}

impl Setup {
    pub(super) fn new(
        stock: &Stock,
        key: &FingerprintKey,
        limits: &ReadLimits,
        memory: u64,
    ) -> Self {
        Self {
            set: SetTold::of(&stock.set),
            key: Zeroizing::new(*key.exposed()),
            year: stock.year,
            limits: limits.clone(),
            memory,
        }
    }

    /// The octets of it, which hold the key.
    pub(super) fn encode(&self) -> serde_json::Result<Zeroizing<Vec<u8>>> {
        serde_json::to_vec(self).map(Zeroizing::new)
    }

    /// Compiles the packs; `None` where they are no good, which the gate has looked at before.
    pub(super) fn compile(self) -> Option<Packs> {
        let set = self.set.believed();
        let packs = Packs::compile(&set, FingerprintKey::new(*self.key)).ok()?;
        Some(packs.in_year(self.year))
    }
}

impl SetTold {
    pub(super) fn of(set: &PackSet) -> Self {
        let sources = set.sources.iter().map(|source| Source {
            file: source.file.clone(),
            text: source.text.clone(),
            is_shipped: source.origin == Origin::Shipped,
        });
        Self {
            packs: sources.collect(),
            disabled: set.disabled.clone(),
        }
    }

    pub(super) fn believed(self) -> PackSet {
        let sources = self.packs.into_iter().map(|source| PackSource {
            file: source.file,
            text: source.text,
            origin: if source.is_shipped {
                Origin::Shipped
            } else {
                Origin::Local
            },
        });
        PackSet {
            sources: sources.collect(),
            disabled: self.disabled,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_inspector_makes_the_same_packs_of_it() {
        let packs = Packs::shipped(FingerprintKey::new([7; 32])).in_year(2031);
        let limits = ReadLimits {
            depth: 3,
            pictures: Some(PictureLimits {
                count: 7,
                ..PictureLimits::default()
            }),
            ..ReadLimits::default()
        };
        let setup = Setup::new(&Stock::of(&packs), packs.key(), &limits, 1 << 30);
        let octets = setup.encode().unwrap();
        let told: Setup = serde_json::from_slice(&octets).unwrap();
        assert_eq!((&told.limits, told.memory), (&limits, 1 << 30));
        let same = told.compile().unwrap();
        assert_eq!(same.version(), packs.version());
        assert_eq!(same.key().exposed(), packs.key().exposed());
        let years = |packs: &Packs| packs.cpr().iter().map(|it| it.year).collect::<Vec<_>>();
        assert_eq!(years(&same), years(&packs));
    }
}
