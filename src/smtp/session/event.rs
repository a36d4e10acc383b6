//! What a session asks for.

use std::fmt;

use crate::mail::{Parameters, Recipient, ReversePath};
use crate::smtp::{Claim, Reply};

/// What is to be done next.
pub enum Event<'a> {
    /// Nothing, before more octets arrive.
    More,
    /// Say it.
    Reply(Reply),
    /// Ask whether a transaction may begin, say the reply, and [`Session::answer`](crate::smtp::Session::answer) it.
    Mail(ReversePath, Parameters),
    /// Ask whether this may be a recipient, say the reply, and [`Session::answer`](crate::smtp::Session::answer) it.
    Recipient(Recipient),
    /// A message follows: say [`Reply::GO_AHEAD`].
    Data,
    /// A piece of a message follows, the first or another. Nothing is said before it is there.
    Chunk,
    /// Octets of the message, without dot-stuffing.
    Octets(&'a [u8]),
    /// What follows is of no use, nor is what was received of the message. [`Event::Refuse`] will follow at its end, or, where no
    /// message was begun, the reply alone.
    Discard(Reply),
    /// The message has ended: carry out the transaction and say its reply, over LMTP one for each recipient.
    EndOfData,
    /// The transaction is over, for its message was of no use: say it so many times.
    Refuse(Reply, usize),
    /// The transaction is over without a message: say it.
    Abandon(Reply),
    /// Say [`Reply::START_TLS`], do the handshake, and tell [`Session::secured`](crate::smtp::Session::secured); or hang up.
    StartTls,
    /// See whether the client is who it claims to be, say the reply, and [`Session::answer`](crate::smtp::Session::answer) it: 235 where
    /// it is, a 5xx where it is not, a 4xx where that could not be seen.
    Claim(Claim),
    /// Say it and hang up.
    Close(Reply),
}

/// Octets of a message and addresses are in it, so `Debug` tells only the kind.
impl fmt::Debug for Event<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::More => f.write_str("More"),
            Self::Reply(reply) => write!(f, "Reply({})", reply.code()),
            Self::Mail(..) => f.write_str("Mail"),
            Self::Recipient(_) => f.write_str("Recipient"),
            Self::Data => f.write_str("Data"),
            Self::Chunk => f.write_str("Chunk"),
            Self::Octets(octets) => write!(f, "Octets({})", octets.len()),
            Self::Discard(reply) => write!(f, "Discard({})", reply.code()),
            Self::EndOfData => f.write_str("EndOfData"),
            Self::Refuse(reply, times) => write!(f, "Refuse({}, {times})", reply.code()),
            Self::Abandon(reply) => write!(f, "Abandon({})", reply.code()),
            Self::StartTls => f.write_str("StartTls"),
            Self::Claim(_) => f.write_str("Claim"),
            Self::Close(reply) => write!(f, "Close({})", reply.code()),
        }
    }
}
