//! AUTH (RFC 4954): a client says by a password who it is, inside TLS and nowhere else.
//!
//! PLAIN (RFC 4616) and LOGIN, which never was a standard and is all that some devices know. Both send the password itself, which is
//! why neither is to be had in the clear.

use std::mem;

use base64ct::{Base64, Encoding};
use zeroize::Zeroizing;

use crate::smtp::claim::Claimed;
use crate::smtp::client::Mechanism;
use crate::smtp::session::command::Command;
use crate::smtp::session::{Event, Session, StartTls, State, Unanswered};
use crate::smtp::{Claim, Protocol, Reply};

/// Whether a client may say by a password who it is, or must.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub enum Auth {
    /// Nobody has a password here: 502 5.5.1.
    #[default]
    Off,
    /// Whoever wants to may, under TLS.
    Offered,
    /// No message is taken before: 530 5.7.0.
    Required,
}

/// What a client is being asked for.
#[derive(Debug)]
pub(super) enum Exchange {
    /// All in one.
    Plain,
    /// The user.
    LoginUser,
    /// The password of this user.
    LoginPassword(Claimed),
}

impl Session {
    /// The same session, with AUTH.
    #[must_use]
    pub fn with_auth(mut self, auth: Auth) -> Self {
        self.auth = auth;
        self
    }

    /// The user that the client has proved to be.
    pub fn user(&self) -> Option<&str> {
        self.user.as_deref()
    }

    /// Whether the client must yet say who it is before a message is taken.
    pub fn lacks_proof(&self) -> bool {
        self.auth == Auth::Required && self.user.is_none()
    }

    /// The line by which EHLO announces it, where it may be asked for.
    pub(super) fn auth_keyword(&self) -> Option<String> {
        let is_open = self.takes_passwords() && self.user.is_none();
        is_open.then(|| format!("AUTH {}", Mechanism::ALL.map(Mechanism::keyword).join(" ")))
    }

    /// Whether AUTH is to be had at all, and the connection keeps a password secret.
    pub(super) fn takes_passwords(&self) -> bool {
        self.auth != Auth::Off && self.start_tls == StartTls::Established
    }

    /// Why this command waits for AUTH.
    pub(super) fn unproved(&self, command: &Command<'_>) -> Option<Reply> {
        let waits = matches!(command, Command::Mail(..) | Command::Xforward(_));
        waits.then(|| self.lacking_proof()).flatten()
    }

    /// What a client that must authenticate and has not is told.
    pub(super) fn lacking_proof(&self) -> Option<Reply> {
        if !self.lacks_proof() {
            return None;
        }
        Some(match (&self.state, self.start_tls) {
            (State::Greeting, _) => self.hello_first(),
            (_, StartTls::Established) => Reply::AUTH_FIRST,
            // There is no AUTH before it.
            (_, StartTls::Off | StartTls::Offered | StartTls::Required) => Reply::STARTTLS_FIRST,
        })
    }

    pub(super) fn begin_auth<'a>(&mut self, arguments: &[u8]) -> Event<'a> {
        if let Some(refused) = self.no_auth_now() {
            return self.mistake(refused);
        }
        if self.tries >= self.limits.auth_tries {
            return self.close(Reply::TOO_MANY_TRIES);
        }
        let mut words = arguments.split(|&c| c == b' ');
        let name = words.next().unwrap_or_default();
        let response = words.next();
        if name.is_empty() || words.next().is_some() {
            return self.mistake(Reply::BAD_ARGUMENTS);
        }
        let is_meant = |it: &Mechanism| name.eq_ignore_ascii_case(it.keyword().as_bytes());
        let Some(mechanism) = Mechanism::ALL.into_iter().find(is_meant) else {
            return self.mistake(Reply::AUTH_UNKNOWN);
        };
        let exchange = match mechanism {
            Mechanism::Plain => Exchange::Plain,
            Mechanism::Login => Exchange::LoginUser,
        };
        match response {
            None => self.challenge(exchange),
            // RFC 4954 section 4: a response that is empty, in contrast to none.
            Some(b"=") => self.respond(exchange, b""),
            Some(response) => self.respond(exchange, response),
        }
    }

    /// Takes the line that answers a challenge.
    pub(super) fn go_on_with_auth<'a>(&mut self, line: &[u8]) -> Event<'a> {
        let State::Authenticating(exchange) = mem::replace(&mut self.state, State::Envelope) else {
            return Event::More;
        };
        match line {
            b"*" => self.mistake(Reply::AUTH_CANCELLED),
            line => self.respond(exchange, line),
        }
    }

    /// What became of a claim. A no for good is one of few; that nobody had time to look at it is no fault of the client's.
    pub(super) fn judged(&mut self, user: Claimed, reply: &Reply) {
        match reply.code() {
            235 => self.user = Some(user.proved()),
            500.. => self.tries += 1,
            _ => {}
        }
    }

    fn no_auth_now(&self) -> Option<Reply> {
        let is_protected = self.start_tls == StartTls::Established;
        match self.auth {
            Auth::Off => Some(Reply::NOT_OFFERED),
            _ if matches!(self.state, State::Greeting) => Some(self.hello_first()),
            _ if !is_protected => Some(Reply::AUTH_NEEDS_TLS),
            _ if self.transaction.is_some() => Some(Reply::AUTH_TOO_LATE),
            _ if self.user.is_some() => Some(Reply::AUTH_TWICE),
            Auth::Offered | Auth::Required => None,
        }
    }

    fn hello_first(&self) -> Reply {
        match self.protocol {
            Protocol::Smtp => Reply::EHLO_FIRST,
            Protocol::Lmtp => Reply::LHLO_FIRST,
        }
    }

    fn challenge<'a>(&mut self, exchange: Exchange) -> Event<'a> {
        let asked = match exchange {
            Exchange::Plain => Reply::AUTH_PLAIN,
            Exchange::LoginUser => Reply::AUTH_USER,
            Exchange::LoginPassword(_) => Reply::AUTH_PASSWORD,
        };
        self.state = State::Authenticating(exchange);
        Event::Reply(asked)
    }

    fn respond<'a>(&mut self, exchange: Exchange, response: &[u8]) -> Event<'a> {
        let Some(told) = decoded(response) else {
            return self.mistake(Reply::AUTH_GARBLED);
        };
        let claim = match exchange {
            Exchange::LoginUser => {
                return match Claimed::read(&told) {
                    Some(user) => self.challenge(Exchange::LoginPassword(user)),
                    None => self.mistake(Reply::AUTH_GARBLED),
                };
            }
            Exchange::LoginPassword(_) if told.is_empty() => None,
            Exchange::LoginPassword(user) => Some(Claim::new(user, told)),
            Exchange::Plain => plain(&told),
        };
        let Some(claim) = claim else {
            return self.mistake(Reply::AUTH_GARBLED);
        };
        self.unanswered = Some(Unanswered::Claim(claim.claimed()));
        Event::Claim(claim)
    }
}

/// Reads a response of PLAIN: whom to act for, who one is, and the password. Nobody acts for another here, so a client that asks to
/// wants what there is not.
fn plain(told: &[u8]) -> Option<Claim> {
    let mut fields = told.split(|&c| c == 0);
    let (other, user, password) = (fields.next()?, fields.next()?, fields.next()?);
    let is_itself = other.is_empty() || other == user;
    if fields.next().is_some() || password.is_empty() || !is_itself {
        return None;
    }
    let password = Zeroizing::new(password.to_vec());
    Some(Claim::new(Claimed::read(user)?, password))
}

/// Base64 as RFC 4648 section 4 has it, without another octet in it.
fn decoded(response: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let mut room = Zeroizing::new(vec![0; response.len()]);
    let length = Base64::decode(response, &mut room).ok()?.len();
    room.truncate(length);
    Some(room)
}
