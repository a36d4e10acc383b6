//! STARTTLS (RFC 3207): what may be said before it, and that nothing said before it counts after it.

use std::mem;

use crate::smtp::session::command::{Command, Hello};
use crate::smtp::session::{Event, Lines, Session, State};
use crate::smtp::{Protocol, Reply, Xforward};

/// Whether TLS is to be had, and is had.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub enum StartTls {
    /// There is none: 502 5.5.1.
    #[default]
    Off,
    /// Whoever wants it may have it.
    Offered,
    /// Nothing is done before it: 530 5.7.0.
    Required,
    /// It is in use, and cannot be had twice: 503 5.5.1.
    Established,
}

impl StartTls {
    /// The keyword by which EHLO announces it, where it may be asked for.
    pub(super) fn keyword<'a>(self) -> Option<&'a str> {
        matches!(self, Self::Offered | Self::Required).then_some("STARTTLS")
    }
}

impl Session {
    /// The same session, with TLS.
    #[must_use]
    pub fn with_tls(mut self, start_tls: StartTls) -> Self {
        self.start_tls = start_tls;
        self
    }

    /// The handshake is done: whatever was said in the clear was perhaps not said by the client, and is forgotten (RFC 3207
    /// section 4.2). Mistakes and tries stay counted, for a limit must not be met by beginning anew.
    pub fn secured(&mut self) {
        self.start_tls = StartTls::Established;
        self.state = State::Greeting;
        self.lines = Lines::default();
        self.helo = "".into();
        self.xforward = Xforward::default();
        self.transaction = None;
        self.unanswered = None;
        self.user = None;
    }

    /// Why this command may not be given in the clear, or not now.
    pub(super) fn in_the_clear(&self, command: &Command<'_>) -> Option<Reply> {
        match (self.start_tls, command) {
            (StartTls::Off, Command::StartTls) => Some(Reply::NOT_OFFERED),
            (StartTls::Established, Command::StartTls) => Some(Reply::TLS_ALREADY),
            (_, Command::StartTls) if matches!(self.state, State::Greeting) => {
                Some(match self.protocol {
                    Protocol::Smtp => Reply::EHLO_FIRST,
                    Protocol::Lmtp => Reply::LHLO_FIRST,
                })
            }
            (_, Command::StartTls) if self.transaction.is_some() => Some(Reply::STARTTLS_TOO_LATE),
            // Those that RFC 3207 section 4 lets pass; over LMTP, LHLO is what EHLO is.
            (_, Command::Hello(Hello::Ehlo | Hello::Lhlo, _)) => None,
            (_, Command::Noop | Command::Quit | Command::StartTls) => None,
            // It is refused when the octets behind it were taken.
            (_, Command::Bdat(_)) => None,
            (StartTls::Required, _) => Some(Reply::STARTTLS_FIRST),
            (StartTls::Off | StartTls::Offered | StartTls::Established, _) => None,
        }
    }

    /// The handshake is next, unless something came with the command. Until it is done nothing is taken for a command.
    pub(super) fn begin_tls<'a>(&mut self, input: &mut &'a [u8]) -> Event<'a> {
        if !mem::take(input).is_empty() {
            return self.close(Reply::STARTTLS_PIPELINED);
        }
        self.state = State::Quit;
        Event::StartTls
    }
}
