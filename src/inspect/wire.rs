//! What the gate and an inspector say to each other, over one socket and in a few octets.
//!
//! ```text
//! gate       setup                    work                                          work ...
//! inspector         ready | refusal         begun     inspection     pictures
//! ```
//!
//! A setup, its answer and an inspection are frames: their length in four octets, little-endian, and then as many octets
//! of JSON. Work is a [`Request`], and after it the octets, or with it the descriptor of their file. *Begun* is one
//! octet: from here on a death is the message's doing, before it another inspector may be asked. The pictures that an inspection
//! asks to be read follow it one after the other, as long as it says.

pub(super) mod gate;
pub(super) mod inspector;

use std::time::Duration;

use crate::spool::Handed;

/// The longest inspection that is told, 16 MiB of JSON. What was found beyond it is told as a gap; an inspector that tells
/// more is ended.
pub(super) const LONGEST_INSPECTION: usize = 16 << 20;

/// The longest setup, 64 MiB of JSON: packs are bounded when they are compiled.
pub(super) const LONGEST_SETUP: usize = 64 << 20;

/// The longest answer to a setup, 64 KiB.
const LONGEST_ANSWER: usize = 64 << 10;

/// What an inspector says when it has a message.
const BEGUN: u8 = 6;

/// What an inspector is handed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Work {
    /// A message, to be read and searched.
    Message,
    /// What OCR read in pictures of a message, to be searched.
    Seen,
}

/// What is told of work before it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Request {
    work: Work,
    /// How it comes.
    carried: Handed<(), ()>,
    /// How many octets it has.
    len: u64,
    /// How long it may take.
    time: Duration,
}

/// The octets of a request: one for what it is, one for how it comes, eight for its length, eight for the microseconds.
const REQUEST: usize = 18;

impl Request {
    fn encode(self) -> [u8; REQUEST] {
        let work = match self.work {
            Work::Message => 0,
            Work::Seen => 1,
        };
        let carried: u8 = match self.carried {
            Handed::Octets(()) => 0,
            Handed::Memory(()) => 1,
            Handed::Disk(()) => 2,
        };
        let micros = u64::try_from(self.time.as_micros()).unwrap_or(u64::MAX);
        let mut octets = [0; REQUEST];
        let fields = [work, carried]
            .into_iter()
            .chain(self.len.to_le_bytes())
            .chain(micros.to_le_bytes());
        for (octet, field) in octets.iter_mut().zip(fields) {
            *octet = field;
        }
        octets
    }

    fn decode(octets: [u8; REQUEST]) -> Option<Self> {
        let [work, carried, rest @ ..] = octets;
        let (len, micros) = rest.split_first_chunk::<8>()?;
        Some(Self {
            work: match work {
                0 => Work::Message,
                1 => Work::Seen,
                _ => return None,
            },
            carried: match carried {
                0 => Handed::Octets(()),
                1 => Handed::Memory(()),
                2 => Handed::Disk(()),
                _ => return None,
            },
            len: u64::from_le_bytes(*len),
            time: Duration::from_micros(u64::from_le_bytes(micros.try_into().ok()?)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_read_as_it_was_written() {
        for (carried, work) in [
            (Handed::Octets(()), Work::Message),
            (Handed::Memory(()), Work::Seen),
            (Handed::Disk(()), Work::Message),
        ] {
            let request = Request {
                work,
                carried,
                len: 50 << 20,
                time: Duration::from_millis(30_001),
            };
            assert_eq!(Request::decode(request.encode()), Some(request));
        }
        assert_eq!(Request::decode([9; REQUEST]), None);
    }
}
