//! One connection: the only place with both a socket and a session.

mod claim;
mod message;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tracing::{debug, info, warn};

use crate::accept::arrival::Arrival;
use crate::accept::deadline::Deadline;
use crate::accept::seats::Seat;
use crate::accept::stop::Stop;
use crate::accept::terms::{Entrance, Terms};
use crate::accept::verifier::Verifier;
use crate::accept::wire::{Lost, Wire};
use crate::accept::word::Word;
use crate::accept::{Journey, Settings};
use crate::mail::{
    Client, Envelope, Parameters, Recipient, ReversePath, Transaction, TransactionId,
};
use crate::smtp::{Event, Offers, Protocol, Reply, Session, Severity};
use crate::spool::Draft;

/// Where a client came in, and what holds for it.
#[derive(Clone, Copy)]
pub(super) struct House<'a> {
    /// What held when it came.
    pub(super) terms: &'a Arc<Terms>,
    /// The listener it came by.
    pub(super) entrance: &'a Entrance,
    /// What holds for those who come now.
    pub(super) current: &'a watch::Receiver<Arc<Terms>>,
    /// What verifies passwords.
    pub(super) verifier: &'a Verifier,
}

/// One client, its dialogue, and the journey that its transactions are handed to.
pub(super) struct Connection<'a, J> {
    house: House<'a>,
    settings: &'a Settings,
    /// Who connected: the client or its proxy.
    peer: IpAddr,
    address: IpAddr,
    seat: Seat,
    wire: Wire,
    protocol: Protocol,
    session: Session,
    journey: J,
    open: Option<Open>,
    word: Word,
    stop: Stop,
}

/// The transaction that was begun.
struct Open {
    transaction: Transaction,
    draft: Option<Draft>,
}

/// Why a connection ends.
enum End {
    /// We said the last word.
    Closed,
    /// It is our wish.
    Stopping,
    Lost(Lost),
}

impl From<Lost> for End {
    fn from(lost: Lost) -> Self {
        Self::Lost(lost)
    }
}

impl<'a, J: Journey> Connection<'a, J> {
    /// A connection that was not greeted yet.
    pub(super) fn new(
        house: House<'a>,
        arrival: Arrival,
        (journey, offers): (J, Offers),
        stop: Stop,
    ) -> Self {
        let settings = &house.terms.settings;
        let protocol = house.entrance.listener.protocol();
        let auth = house.entrance.listener.auth(arrival.client);
        let session = Session::new(&settings.host_name, &settings.wire, offers, protocol);
        Self {
            house,
            settings,
            peer: arrival.peer,
            address: arrival.client,
            seat: arrival.seat,
            wire: Wire::new(arrival.stream, settings.time.reply),
            protocol,
            session: session.with_tls(arrival.start_tls).with_auth(auth),
            journey,
            open: None,
            word: Word::Heard,
            stop,
        }
    }

    /// Greets the client and follows it to the end. In a box, for a future would hold it twice.
    pub(super) async fn run(mut self: Box<Self>) {
        let Err(end) = self.talk().await;
        let open = self.abandon().await;
        let last_word = match end {
            End::Closed => None,
            End::Stopping => Some(Reply::STOPPING),
            End::Lost(Lost::TooSlow) => {
                // It may never have heard what it was answered.
                self.word = Word::InVain;
                info!("the client took too long");
                Some(Reply::TIMED_OUT)
            }
            End::Lost(Lost::Unprotected(error)) => {
                warn!(%error, "the connection is closed");
                return;
            }
            End::Lost(lost) => {
                // Without a transaction nothing was expected of it any more.
                if open {
                    info!(error = %lost, "the client was lost inside a transaction");
                }
                return;
            }
        };
        last_word.iter().for_each(|reply| self.wire.say(reply));
        // Some clients say QUIT together with the end of the message, and are silent then: that they did not hang up before the
        // answer could be written is all there is to go by.
        if self.wire.end().await.is_ok() && self.word == Word::Said {
            self.journey.heard();
        }
    }

    async fn talk(&mut self) -> Result<std::convert::Infallible, End> {
        self.wire.say(&self.session.greeting());
        let mut buffer = Vec::new();
        // Whether more was there than there was room for.
        let mut is_full = false;
        let mut deadline = Deadline::command(&self.settings.time);
        // Anybody may connect where passwords are taken; nobody is waited for longer because he says something else.
        let proof = deadline;
        loop {
            self.wire.flush().await?;
            let is_ahead = self.wire.is_ahead();
            let room = match self.session.is_receiving() || is_ahead || is_full {
                true => MESSAGE_BUFFER,
                false => COMMAND_BUFFER,
            };
            if buffer.len() != room {
                buffer = vec![0; room];
            }
            let mut octets = self.hear(&mut buffer, deadline).await?;
            is_full = octets == room;
            if self.word == Word::Said && !is_ahead {
                self.word = Word::Heard;
                self.journey.heard();
            }
            // Once we want to stop, a message earns no more time: the slowest would keep us for hours.
            if self.session.is_receiving() && !self.stop.is_asked() {
                deadline.put_off(octets, &self.settings.time, &self.settings.wire);
            }
            'piece: loop {
                let mut input = buffer.get(..octets).unwrap_or_default();
                loop {
                    match self.session.next(&mut input) {
                        Event::More => break 'piece,
                        Event::Octets(octets) => self.write(octets).await,
                        Event::Data => {
                            self.begin_message();
                            self.wire.say(&Reply::GO_AHEAD);
                            deadline = Deadline::message(&self.settings.time);
                        }
                        Event::Chunk => {
                            self.begin_message();
                            deadline = Deadline::message(&self.settings.time);
                        }
                        Event::EndOfData => {
                            // The verdict may take a while, and what the message was read into is not kept meanwhile: only what the
                            // client has said behind it.
                            buffer = input.to_vec();
                            octets = buffer.len();
                            self.follow(Event::EndOfData).await?;
                            deadline = self.next_command(proof);
                            continue 'piece;
                        }
                        event => {
                            self.follow(event).await?;
                            if !self.session.is_receiving() {
                                deadline = self.next_command(proof);
                            }
                        }
                    }
                }
            }
        }
    }

    /// When the next command is to be there. `proof`: by then the client is to have said who it is, where it has to.
    fn next_command(&self, proof: Deadline) -> Deadline {
        match self.session.lacks_proof() {
            true => proof,
            false => Deadline::command(&self.settings.time),
        }
    }

    /// Waits for octets. A stop ends a connection between two transactions at once, one inside a transaction when the
    /// client does not go on with it, and one inside a message when the time is up that it has earned.
    async fn hear(&mut self, buffer: &mut [u8], mut deadline: Deadline) -> Result<usize, End> {
        if self.session.is_receiving() {
            return Ok(self.wire.hear(buffer, deadline).await?);
        }
        tokio::select! {
            biased;
            () = self.stop.asked() => {}
            heard = self.wire.hear(buffer, deadline) => return Ok(heard?),
        }
        if self.session.is_idle() {
            return Err(End::Stopping);
        }
        deadline = deadline.at_most(LAST_COMMAND);
        match self.wire.hear(buffer, deadline).await {
            Err(Lost::TooSlow) => Err(End::Stopping),
            heard => Ok(heard?),
        }
    }

    /// Does what the client wants. What takes room while it goes on is boxed: a connection that waits holds none for it.
    async fn follow(&mut self, event: Event<'_>) -> Result<(), End> {
        let reply = match event {
            Event::More | Event::Octets(_) | Event::Data | Event::Chunk => return Ok(()),
            Event::Reply(reply) => {
                if !reply.is_positive() {
                    debug!(reply = %reply.for_log(), "a command is refused");
                }
                reply
            }
            Event::Mail(..) if self.stop.is_asked() => return Err(End::Stopping),
            Event::Mail(..) if !self.is_still_trusted() => {
                warn!("the client is no longer trusted");
                Reply::NO_LONGER_TRUSTED
            }
            Event::Mail(reverse_path, parameters) => self.begin(reverse_path, parameters).await,
            Event::Recipient(recipient) => self.recipient(recipient).await,
            Event::EndOfData => {
                let replies = Box::pin(self.message()).await?;
                return self.say(&replies).await;
            }
            Event::Discard(reply) => {
                warn!(reply = %reply.for_log(), "a message is refused while it arrives");
                self.forget();
                return Ok(());
            }
            Event::Refuse(reply, times) => {
                self.abandon().await;
                return self.say(&vec![reply; times]).await;
            }
            Event::Abandon(reply) => {
                self.abandon().await;
                reply
            }
            Event::Claim(claim) => Box::pin(self.verify(claim)).await,
            Event::StartTls => return Box::pin(self.protect()).await,
            Event::Close(reply) => {
                if reply.severity() != Severity::Positive {
                    warn!(reply = %reply.for_log(), "the connection is closed");
                }
                self.wire.say(&reply);
                return Err(End::Closed);
            }
        };
        self.say(&[reply]).await
    }

    async fn say(&mut self, replies: &[Reply]) -> Result<(), End> {
        for reply in replies {
            self.wire.say(reply);
            // 421 says that the connection ends, whoever said it first (RFC 5321 section 4.2.3).
            if reply.code() == 421 {
                return Err(End::Closed);
            }
        }
        Ok(self.wire.flush_if_due().await?)
    }

    /// The handshake. A stop does not wait for it.
    async fn protect(&mut self) -> Result<(), End> {
        let Some(tls) = &self.house.entrance.tls else {
            return Err(End::Closed);
        };
        // The session sees one piece at a time. What was read behind this one was said in the clear, and must not be heard as if it
        // had come after the handshake.
        if self.wire.is_ahead() {
            warn!("something came behind STARTTLS before it was answered");
            self.wire.say(&Reply::STARTTLS_PIPELINED);
            return Err(End::Closed);
        }
        self.wire.say(&Reply::START_TLS);
        tokio::select! {
            biased;
            () = self.stop.asked() => return Err(End::Lost(Lost::HungUp)),
            protected = self.wire.protect(tls, self.settings.time.handshake) => protected?,
        }
        self.session.secured();
        Ok(())
    }

    async fn begin(&mut self, reverse_path: ReversePath, parameters: Parameters) -> Reply {
        let id = TransactionId::generate();
        let xforward = self.session.xforward();
        let client = Client {
            address: self.address,
            helo: self.session.helo().into(),
            ident: xforward.ident(),
        };
        let begun = self
            .journey
            .begin(id, &client, xforward, &reverse_path, &parameters);
        let reply = settled(Box::pin(begun).await);
        self.session.answer(&reply);
        if reply.is_positive() {
            self.open = Some(Open {
                transaction: Transaction {
                    id,
                    client,
                    envelope: Envelope {
                        reverse_path,
                        parameters,
                        recipients: Vec::new(),
                    },
                },
                draft: None,
            });
        }
        reply
    }

    async fn recipient(&mut self, recipient: Recipient) -> Reply {
        let reply = settled(Box::pin(self.journey.recipient(&recipient)).await);
        self.session.answer(&reply);
        if let Some(open) = self.open.as_mut().filter(|_| reply.is_positive()) {
            open.transaction.envelope.recipients.push(recipient);
        }
        reply
    }
}

/// A next hop that asks to go on where it should have said yes or no said neither.
fn settled(reply: Reply) -> Reply {
    match reply.severity() {
        Severity::Intermediate => Reply::NEXT_HOP_GARBLED,
        Severity::Positive | Severity::Transient | Severity::Permanent => reply,
    }
}

/// How many octets of a message are read at once.
const MESSAGE_BUFFER: usize = 64 << 10;

/// How many octets are read first where commands are waited for: the longest command line of RFC 5321 section 4.5.3.1.4, for most
/// connections do nothing but wait, and there may be many. Of a client that says more at once the rest is read by [`MESSAGE_BUFFER`], and
/// so is what was said ahead of a reply, for what is read after it counts as said after the reply.
const COMMAND_BUFFER: usize = 512;

/// How long a client may take over the next command of a transaction when we want to stop.
const LAST_COMMAND: Duration = Duration::from_secs(5);
