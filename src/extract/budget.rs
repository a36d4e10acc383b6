//! One budget over the whole message, spent by every reader.

use std::fmt;

use crate::limits::{Cancel, PictureLimits, ReadLimits};

/// Whoever keeps the octets of a message while it is read.
pub trait Keeper: fmt::Debug {
    /// Told of octets that were decoded. Most are not looked at again, so their memory may be given back, if they are the same when
    /// they are.
    fn spent(&self, octets: &[u8]);
}

/// What is left of the limits of one message.
#[derive(Debug)]
pub struct Budget {
    limits: ReadLimits,
    cancel: Cancel,
    keeper: Option<Box<dyn Keeper>>,
    decoded: u64,
    text: u64,
    entries: u32,
    parts: u32,
    depth: u32,
    pictures: Option<PictureLimits>,
}

/// The budget is spent: the part at hand is a gap.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Exhausted {
    /// A limit of size, number or depth.
    #[error("over the limit `{0}`")]
    Limit(&'static str),
    /// The time.
    #[error("out of time")]
    Time,
}

impl Exhausted {
    /// What the gap it makes says.
    pub fn detail(self) -> &'static str {
        match self {
            Self::Limit(limit) => limit,
            Self::Time => "time",
        }
    }

    /// Whether nothing more can be read: there is no time, or no room for anything.
    pub fn is_final(self) -> bool {
        !matches!(
            self,
            Self::Limit("entry" | "depth" | PICTURES | PIXELS | OCTETS)
        )
    }
}

// The limits of pictures, as the configuration names them.
const PICTURES: &str = "ocr.pictures";
const PIXELS: &str = "ocr.pixels";
const OCTETS: &str = "ocr.octets";

impl Budget {
    /// The full budget of one message.
    pub fn new(limits: &ReadLimits, cancel: Cancel) -> Self {
        Self {
            decoded: limits.decoded,
            text: limits.text,
            entries: limits.entries,
            parts: limits.parts,
            depth: limits.depth,
            pictures: limits.pictures.clone(),
            limits: limits.clone(),
            cancel,
            keeper: None,
        }
    }

    /// The same, for a message whose keeper is told what of it was read.
    #[must_use]
    pub fn kept_by(self, keeper: Option<Box<dyn Keeper>>) -> Self {
        Self { keeper, ..self }
    }

    /// These octets were decoded: what is read from here on is what came of them.
    pub(super) fn spent(&self, octets: &[u8]) {
        if let Some(keeper) = &self.keeper {
            keeper.spent(octets);
        }
    }

    /// The limits it began with.
    pub fn limits(&self) -> &ReadLimits {
        &self.limits
    }

    /// Whether there is time left. Cheap; to be asked in every long loop.
    pub fn time(&self) -> Result<(), Exhausted> {
        if self.cancel.is_cancelled() {
            Err(Exhausted::Time)
        } else {
            Ok(())
        }
    }

    /// Spends octets that decoding or unpacking yielded.
    pub fn decoded(&mut self, octets: u64) -> Result<(), Exhausted> {
        self.time()?;
        self.decoded = self
            .decoded
            .checked_sub(octets)
            .ok_or(Exhausted::Limit("decoded"))?;
        Ok(())
    }

    /// The most octets one packed entry may yield now: the limit of an entry, or what is left.
    pub fn entry_room(&self) -> u64 {
        self.limits.entry.min(self.decoded)
    }

    /// How many octets decoding and unpacking may still yield.
    pub fn decoded_left(&self) -> u64 {
        self.decoded
    }

    /// Spends octets of text.
    pub fn text(&mut self, octets: u64) -> Result<(), Exhausted> {
        self.time()?;
        self.text = self
            .text
            .checked_sub(octets)
            .ok_or(Exhausted::Limit("text"))?;
        Ok(())
    }

    /// Spends one entry of an archive or office document.
    pub fn entry(&mut self) -> Result<(), Exhausted> {
        self.time()?;
        self.entries = self
            .entries
            .checked_sub(1)
            .ok_or(Exhausted::Limit("entries"))?;
        Ok(())
    }

    /// How many entries are left.
    pub fn entries_left(&self) -> usize {
        usize::try_from(self.entries).unwrap_or(usize::MAX)
    }

    /// How many parts are left.
    pub fn parts_left(&self) -> u32 {
        self.parts
    }

    /// How many levels are left.
    pub fn depth_left(&self) -> u32 {
        self.depth
    }

    /// The flag that ends the work.
    pub fn cancel(&self) -> &Cancel {
        &self.cancel
    }

    /// Spends one part of a message.
    pub fn part(&mut self) -> Result<(), Exhausted> {
        self.time()?;
        self.parts = self.parts.checked_sub(1).ok_or(Exhausted::Limit("parts"))?;
        Ok(())
    }

    /// Whether somebody reads pictures.
    pub fn reads_pictures(&self) -> bool {
        self.pictures.is_some()
    }

    /// Whether a picture of so many pixels may be looked into.
    pub fn pixels(&self, pixels: u64) -> Result<(), Exhausted> {
        self.time()?;
        match &self.limits.pictures {
            Some(limits) if pixels <= limits.pixels => Ok(()),
            _ => Err(Exhausted::Limit(PIXELS)),
        }
    }

    /// Spends one picture that is handed on in so many octets.
    pub fn picture(&mut self, octets: u64) -> Result<(), Exhausted> {
        self.time()?;
        let left = self.pictures.as_mut().ok_or(Exhausted::Limit(PICTURES))?;
        let count = left.count.checked_sub(1);
        let rest = left.octets.checked_sub(octets);
        left.octets = rest.ok_or(Exhausted::Limit(OCTETS))?;
        left.count = count.ok_or(Exhausted::Limit(PICTURES))?;
        Ok(())
    }

    /// Goes one level deeper; [`Budget::leave`] comes back.
    pub fn enter(&mut self) -> Result<(), Exhausted> {
        self.time()?;
        self.depth = self.depth.checked_sub(1).ok_or(Exhausted::Limit("depth"))?;
        Ok(())
    }

    /// Comes back up to where `depth` levels were left.
    pub fn come_back_to(&mut self, depth: u32) {
        self.depth = depth;
    }

    /// Comes back up one level.
    pub fn leave(&mut self) {
        self.depth += 1;
    }
}
