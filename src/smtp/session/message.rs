//! The message of a session: when one may come, in which pieces, and what becomes of octets that are of no use.

use std::mem;

use crate::smtp::session::framing::{Arrived, Chunk, Framing};
use crate::smtp::session::{Event, Session, StartTls, State, Then};
use crate::smtp::{Piece, Protocol, Reply};

impl Session {
    pub(super) fn begin_data<'a>(&mut self) -> Event<'a> {
        if let Some(reply) = self.obstacle() {
            // A client that sent its commands in one go could not know.
            let could_not_know = self.transaction.as_ref().is_some_and(|it| it.tried > 0);
            return if could_not_know {
                Event::Reply(reply)
            } else {
                self.mistake(reply)
            };
        }
        let Some(transaction) = self.transaction.as_mut().filter(|it| it.arrived.is_none()) else {
            return self.mistake(Reply::CHUNKS_BEGUN);
        };
        transaction.arrived = Some(Arrived::new());
        self.state = State::Receiving(Framing::Dot(Box::default()));
        Event::Data
    }

    /// The octets behind a BDAT are taken even where they are of no use: they must never be read as commands.
    pub(super) fn begin_chunk<'a>(&mut self, chunk: Chunk) -> Event<'a> {
        if !self.offers.chunking {
            return self.close(Reply::NOT_SMTP);
        }
        // Nobody whom we do not know may have us read what is of no use for as long as they like.
        if let Some(reply) = self.lacking_proof() {
            return self.close(reply);
        }
        let framing = Framing::Count(chunk);
        if let Some(reply) = self.obstacle() {
            self.state = State::Discarding(framing, reply.clone(), Then::GoOn);
            return Event::Discard(reply);
        }
        if let Some(transaction) = &mut self.transaction {
            transaction.arrived.get_or_insert_with(Arrived::new);
        }
        self.state = State::Receiving(framing);
        Event::Chunk
    }

    /// Why no message can follow, where none can.
    fn obstacle(&self) -> Option<Reply> {
        match &self.transaction {
            None if self.start_tls == StartTls::Required => Some(Reply::STARTTLS_FIRST),
            None => Some(Reply::MAIL_FIRST),
            Some(transaction) if transaction.recipients > 0 => None,
            Some(transaction) if transaction.tried == 0 => Some(Reply::RCPT_FIRST),
            Some(_) => Some(match self.protocol {
                Protocol::Smtp => Reply::NO_RECIPIENTS,
                Protocol::Lmtp => Reply::NO_RECIPIENTS_LMTP,
            }),
        }
    }

    pub(super) fn receive<'a>(&mut self, input: &mut &'a [u8]) -> Event<'a> {
        let State::Receiving(framing) = &mut self.state else {
            return Event::More;
        };
        let octets = match framing.next(input) {
            Piece::More => return Event::More,
            Piece::Octets(octets) => octets,
            Piece::End if framing.ends_message() => {
                self.end_transaction();
                self.state = State::Envelope;
                return Event::EndOfData;
            }
            Piece::End => {
                self.state = State::Envelope;
                return Event::Reply(Reply::CHUNK_TAKEN);
            }
        };
        let arrived = self.transaction.as_mut().and_then(|it| it.arrived.as_mut());
        match arrived.map_or(Ok(()), |arrived| arrived.count(octets, &self.limits)) {
            Ok(()) => Event::Octets(octets),
            Err(reply) => {
                self.discard(reply.clone());
                Event::Discard(reply)
            }
        }
    }

    pub(super) fn discarded<'a>(&mut self) -> Event<'a> {
        let next = if self.helo.is_empty() {
            State::Greeting
        } else {
            State::Envelope
        };
        let State::Discarding(framing, reply, then) = mem::replace(&mut self.state, next) else {
            return Event::More;
        };
        match then {
            Then::GoOn => Event::Reply(reply),
            Then::End => {
                // RFC 2033 section 4.2: the end of a message has a reply for each recipient, whatever became of it.
                let recipients = self.transaction.as_ref().map_or(1, |it| it.recipients);
                let times = match self.protocol {
                    Protocol::Lmtp if framing.ends_message() => recipients,
                    Protocol::Lmtp | Protocol::Smtp => 1,
                };
                self.end_transaction();
                Event::Refuse(reply, times)
            }
        }
    }
}
