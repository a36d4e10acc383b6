//! One client's dialogue: octets in, events out, and no opinion of messages.

mod auth;
mod command;
mod event;
mod framing;
mod hops;
mod lines;
mod message;
mod parameters;
mod start_tls;

use crate::limits::WireLimits;
use crate::mail::{Address, Parameters, Recipient, ReversePath};
use crate::smtp::claim::Claimed;
use crate::smtp::{Offers, Piece, Protocol, Reply, Xforward};

use auth::Exchange;
use command::{Command, CommandError, Hello};
use framing::{Arrived, Framing};
use lines::{LineError, Lines};

pub use auth::Auth;
pub use event::Event;
pub use start_tls::StartTls;

/// The server's half of one connection.
///
/// [`Session::next`] takes octets as they arrive, however they are cut, and yields what is to be done, one
/// [`Event`] after the other and in the order of the commands. To [`Event::Mail`], [`Event::Recipient`] and
/// [`Event::Claim`] it must be told the [`Session::answer`] before anything else.
#[derive(Debug)]
pub struct Session {
    host_name: Box<str>,
    limits: WireLimits,
    offers: Offers,
    protocol: Protocol,
    start_tls: StartTls,
    auth: Auth,
    user: Option<Box<str>>,
    state: State,
    lines: Lines,
    helo: Box<str>,
    xforward: Xforward,
    transaction: Option<Transaction>,
    unanswered: Option<Unanswered>,
    mistakes: usize,
    tries: usize,
    transactions: usize,
}

/// Where in the dialogue we are.
#[derive(Debug)]
enum State {
    /// The client has not said who it is.
    Greeting,
    /// Commands.
    Envelope,
    /// What AUTH asks for.
    Authenticating(Exchange),
    /// The message, or a piece of it.
    Receiving(Framing),
    /// Octets that are of no use, so that the dialogue stays in step; then this reply.
    Discarding(Framing, Reply, Then),
    /// It is over. Whatever still comes is not looked at.
    Quit,
}

/// What refused octets mean for the transaction.
#[derive(Clone, Copy, Debug)]
enum Then {
    /// They were of its message, so it is over.
    End,
    /// They came where none could, so it is as it was.
    GoOn,
}

/// What is known of a transaction that was begun.
#[derive(Debug)]
struct Transaction {
    smtputf8: bool,
    /// Those that were tried, and those that were accepted.
    tried: usize,
    recipients: usize,
    /// What there is of the message. After DATA or BDAT, nobody else can become a recipient.
    arrived: Option<Arrived>,
}

/// A command that somebody else has to answer.
#[derive(Debug)]
enum Unanswered {
    Mail { smtputf8: bool },
    Recipient,
    Claim(Claimed),
}

impl Session {
    /// A session that was not greeted yet. A next hop that takes shorter messages than we do decides what is
    /// announced.
    pub fn new(host_name: &str, limits: &WireLimits, offers: Offers, protocol: Protocol) -> Self {
        let mut limits = limits.clone();
        if let Some(size) = offers.size.filter(|&size| size > 0) {
            limits.message = limits.message.min(size);
        }
        Self {
            host_name: host_name.into(),
            limits,
            offers,
            protocol,
            start_tls: StartTls::default(),
            auth: Auth::default(),
            user: None,
            state: State::Greeting,
            lines: Lines::default(),
            helo: "".into(),
            xforward: Xforward::default(),
            transaction: None,
            unanswered: None,
            mistakes: 0,
            tries: 0,
            transactions: 0,
        }
    }

    /// What to greet with.
    pub fn greeting(&self) -> Reply {
        Reply::greeting(&self.host_name, self.protocol)
    }

    /// What the client called itself.
    pub fn helo(&self) -> &str {
        &self.helo
    }

    /// What was told of the client's client.
    pub fn xforward(&self) -> &Xforward {
        &self.xforward
    }

    /// Whether no transaction is under way.
    pub fn is_idle(&self) -> bool {
        self.transaction.is_none() && !self.is_receiving()
    }

    /// Whether a message is being received.
    pub fn is_receiving(&self) -> bool {
        matches!(self.state, State::Receiving(_) | State::Discarding(..))
    }

    /// Takes from `input` what is next.
    pub fn next<'a>(&mut self, input: &mut &'a [u8]) -> Event<'a> {
        // An answer that never came is a no.
        self.unanswered = None;
        match &mut self.state {
            State::Receiving(_) => self.receive(input),
            State::Discarding(framing, ..) => loop {
                match framing.next(input) {
                    Piece::Octets(_) => {}
                    Piece::More => return Event::More,
                    Piece::End => return self.discarded(),
                }
            },
            State::Quit => {
                *input = &[];
                Event::More
            }
            State::Authenticating(_) => match self.lines.next(input, self.limits.auth_line) {
                None => Event::More,
                Some(Ok(line)) => self.go_on_with_auth(&line),
                Some(Err(LineError::TooLong)) => {
                    self.state = State::Envelope;
                    self.mistake(Reply::AUTH_TOO_LONG)
                }
                Some(Err(LineError::BareLf)) => self.close(Reply::LINE_MALFORMED),
            },
            State::Greeting | State::Envelope => {
                match self.lines.next(input, self.limits.command_line) {
                    None => Event::More,
                    Some(Ok(line)) => match self.command(&line) {
                        Event::StartTls => self.begin_tls(input),
                        event => event,
                    },
                    Some(Err(LineError::TooLong)) => self.mistake(Reply::LINE_TOO_LONG),
                    // The client may see a line ending where we see none, or the octets are no commands at all.
                    Some(Err(LineError::BareLf)) => self.close(Reply::LINE_MALFORMED),
                }
            }
        }
    }

    /// What was said to the last [`Event::Mail`], [`Event::Recipient`] or [`Event::Claim`]: only a 2xx counts.
    pub fn answer(&mut self, reply: &Reply) {
        match (self.unanswered.take(), &mut self.transaction) {
            (Some(Unanswered::Claim(user)), _) => self.judged(user, reply),
            _ if !reply.is_positive() => {}
            (Some(Unanswered::Mail { smtputf8 }), transaction) => {
                self.transactions += 1;
                *transaction = Some(Transaction {
                    smtputf8,
                    tried: 0,
                    recipients: 0,
                    arrived: None,
                });
            }
            (Some(Unanswered::Recipient), Some(transaction)) => transaction.recipients += 1,
            _ => {}
        }
    }

    /// Throws away the rest of the message that is being received, and says `reply` at its end.
    pub fn discard(&mut self, reply: Reply) {
        if let State::Receiving(framing) = &self.state {
            self.state = State::Discarding(framing.clone(), reply, Then::End);
        }
    }

    fn command<'a>(&mut self, line: &[u8]) -> Event<'a> {
        let command = match Command::parse(line) {
            Ok(command) => command,
            Err(CommandError::Refused(reply)) => return self.mistake(reply),
            Err(CommandError::NotSmtp) => return self.close(Reply::NOT_SMTP),
        };
        let refused = self.in_the_clear(&command);
        if let Some(refused) = refused.or_else(|| self.unproved(&command)) {
            return self.mistake(refused);
        }
        match command {
            Command::Hello(verb, name) => self.hello(verb, name),
            Command::Mail(path, parameters) => self.mail(path, parameters),
            Command::Rcpt(address, parameters) => self.rcpt(address, parameters),
            Command::Data => self.begin_data(),
            Command::Bdat(chunk) => self.begin_chunk(chunk),
            Command::Rset => self.reset(Reply::OK),
            Command::Noop => Event::Reply(Reply::OK),
            Command::Vrfy => Event::Reply(Reply::NOT_VERIFIED),
            Command::Quit => self.close(Reply::BYE),
            Command::StartTls => Event::StartTls,
            Command::Auth(arguments) => self.begin_auth(arguments),
            Command::Xforward(_) if self.transaction.is_some() => {
                self.mistake(Reply::XFORWARD_TOO_LATE)
            }
            Command::Xforward(arguments) => match self.xforward.add(arguments) {
                Ok(()) => Event::Reply(Reply::OK),
                Err(reply) => self.mistake(reply),
            },
        }
    }

    fn hello<'a>(&mut self, verb: Hello, name: &str) -> Event<'a> {
        match (self.protocol, verb) {
            (Protocol::Smtp, Hello::Ehlo | Hello::Helo) | (Protocol::Lmtp, Hello::Lhlo) => {}
            (Protocol::Smtp, Hello::Lhlo) => return self.mistake(Reply::NOT_OFFERED),
            (Protocol::Lmtp, Hello::Ehlo | Hello::Helo) => return self.mistake(Reply::IS_LMTP),
        }
        self.helo = name.into();
        self.state = State::Envelope;
        let reply = match verb {
            Hello::Helo => Reply::helo(&self.host_name),
            Hello::Ehlo | Hello::Lhlo => {
                let keywords = self.offers.keywords(self.limits.message);
                let auth = self.auth_keyword();
                let keywords = keywords.iter().chain(&auth).map(String::as_str);
                let keywords = self.start_tls.keyword().into_iter().chain(keywords);
                Reply::ehlo(&self.host_name, keywords)
            }
        };
        self.reset(reply)
    }

    fn mail<'a>(&mut self, path: ReversePath, raw: &[u8]) -> Event<'a> {
        if matches!(self.state, State::Greeting) {
            return self.mistake(match self.protocol {
                Protocol::Smtp => Reply::EHLO_FIRST,
                Protocol::Lmtp => Reply::LHLO_FIRST,
            });
        }
        if self.transaction.is_some() {
            return self.mistake(Reply::MAIL_TWICE);
        }
        let given = match parameters::mail(raw, &self.offers, self.takes_passwords()) {
            Ok(given) => given,
            Err(reply) => return self.mistake(reply),
        };
        if let ReversePath::Mailbox(address) = &path
            && !given.smtputf8
            && !address.raw().is_ascii()
        {
            return self.mistake(Reply::NOT_ASCII);
        }
        if given.size > self.limits.message {
            return Event::Reply(Reply::TOO_LARGE);
        }
        if self.transactions >= self.limits.transactions {
            return self.close(Reply::TOO_MANY_TRANSACTIONS);
        }
        self.unanswered = Some(Unanswered::Mail {
            smtputf8: given.smtputf8,
        });
        Event::Mail(path, Parameters::new(raw))
    }

    fn rcpt<'a>(&mut self, address: Address, raw: &[u8]) -> Event<'a> {
        let Some(transaction) = &mut self.transaction else {
            return self.mistake(Reply::MAIL_FIRST);
        };
        if transaction.arrived.is_some() {
            return self.mistake(Reply::CHUNKS_BEGUN);
        }
        transaction.tried += 1;
        if transaction.recipients >= self.limits.recipients {
            return Event::Reply(Reply::TOO_MANY_RECIPIENTS);
        }
        let is_ascii = address.raw().is_ascii() && raw.is_ascii();
        if !is_ascii && !transaction.smtputf8 {
            return self.mistake(Reply::NOT_ASCII);
        }
        if let Err(reply) = parameters::rcpt(raw, &self.offers) {
            return self.mistake(reply);
        }
        self.unanswered = Some(Unanswered::Recipient);
        Event::Recipient(Recipient {
            address,
            parameters: Parameters::new(raw),
        })
    }

    /// Ends the transaction, if there is one, with a reply that is not about it.
    fn reset<'a>(&mut self, reply: Reply) -> Event<'a> {
        if self.end_transaction() {
            Event::Abandon(reply)
        } else {
            Event::Reply(reply)
        }
    }

    /// What XFORWARD told holds for one transaction.
    fn end_transaction(&mut self) -> bool {
        self.xforward = Xforward::default();
        self.transaction.take().is_some()
    }

    fn mistake<'a>(&mut self, reply: Reply) -> Event<'a> {
        self.mistakes += 1;
        if self.mistakes > self.limits.mistakes {
            return self.close(Reply::TOO_MANY_MISTAKES);
        }
        Event::Reply(reply)
    }

    fn close<'a>(&mut self, reply: Reply) -> Event<'a> {
        self.state = State::Quit;
        Event::Close(reply)
    }
}
