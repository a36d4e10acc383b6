//! How octets of a message are told from commands, and what is counted while they arrive.

use crate::limits::WireLimits;
use crate::smtp::session::hops::Hops;
use crate::smtp::{Piece, Receiver, Reply};

/// The octets that are still to come.
#[derive(Clone, Debug)]
pub(super) enum Framing {
    /// After DATA: to CRLF `.` CRLF.
    Dot(Box<Receiver>),
    /// After BDAT: so many, whatever they are (RFC 3030 section 2).
    Count(Chunk),
}

/// A piece of a message, as BDAT announces it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Chunk {
    /// How many octets are still to come.
    pub(super) left: u64,
    /// Whether the message ends with it.
    pub(super) is_last: bool,
}

impl Framing {
    /// Takes from `input` what comes next. What follows the end is left there.
    pub(super) fn next<'a>(&mut self, input: &mut &'a [u8]) -> Piece<'a> {
        match self {
            Self::Dot(receiver) => receiver.next(input),
            Self::Count(Chunk { left: 0, .. }) => Piece::End,
            Self::Count(_) if input.is_empty() => Piece::More,
            Self::Count(chunk) => {
                let most = usize::try_from(chunk.left).unwrap_or(usize::MAX);
                let (octets, rest) = input.split_at_checked(most).unwrap_or((input, &[]));
                *input = rest;
                chunk.left = chunk.left.saturating_sub(octets.len() as u64);
                Piece::Octets(octets)
            }
        }
    }

    /// Whether the message ends with them.
    pub(super) fn ends_message(&self) -> bool {
        match self {
            Self::Dot(_) => true,
            Self::Count(chunk) => chunk.is_last,
        }
    }
}

/// What has arrived of a message, in one piece or in several.
#[derive(Debug)]
pub(super) struct Arrived {
    hops: Hops,
    len: u64,
}

impl Arrived {
    /// Nothing yet.
    pub(super) fn new() -> Self {
        Self {
            hops: Hops::new(),
            len: 0,
        }
    }

    /// Counts more octets. `Err`: the message is of no use, and why.
    pub(super) fn count(&mut self, octets: &[u8], limits: &WireLimits) -> Result<(), Reply> {
        // Of the two limits, the one that is met first in the message decides, wherever its octets are cut.
        let room = limits.message.saturating_sub(self.len);
        let room = usize::try_from(room).unwrap_or(usize::MAX);
        let (within, beyond) = octets.split_at_checked(room).unwrap_or((octets, &[]));
        self.len += octets.len() as u64;
        if self.hops.count(within) > limits.hops {
            Err(Reply::LOOP)
        } else if !beyond.is_empty() {
            Err(Reply::TOO_LARGE)
        } else {
            Ok(())
        }
    }
}
