//! What can go wrong on the way to a next hop, and who has the message then.

use std::{fmt, io};

use crate::act::way::Way;
use crate::policy::RouteName;
use crate::smtp::client::{Extension, NotSmtp, Unsendable};
use crate::smtp::{Reply, Severity};

/// A transaction that did not come to a reply of the next hop. Its `Display` is fit for a log.
#[derive(Debug, thiserror::Error)]
#[error("route {}: {cause}, {phase}; {custody}", .route.as_str())]
pub struct Trouble {
    /// The route.
    pub route: RouteName,
    /// Where in the conversation it was.
    pub phase: Phase,
    /// What went wrong.
    #[source]
    pub cause: Cause,
    /// What this means for the message.
    pub custody: Custody,
}

/// Who has the message after trouble. Either way the client keeps it and is told to try again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Custody {
    /// The next hop does not have it: the last octet of the end of data was not written. Another try, here or elsewhere, makes no
    /// duplicate.
    Kept,
    /// The next hop may have it: all was written, and no reply was read (the window of RFC 1047). Nothing may be tried again
    /// within this transaction.
    Unknown,
}

/// Where in the conversation with a next hop something happened.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Phase {
    /// Before the connection stood.
    Connect,
    /// Waiting for the greeting.
    Greeting,
    /// At EHLO or HELO.
    Hello,
    /// At STARTTLS and the handshake.
    StartTls,
    /// At AUTH.
    Auth,
    /// At XFORWARD or MAIL.
    Mail,
    /// At RCPT.
    Rcpt,
    /// At DATA.
    Data,
    /// Inside the message.
    Message,
    /// At the end of data.
    FinalDot,
    /// At RSET.
    Reset,
}

/// What went wrong.
#[derive(Debug, thiserror::Error)]
pub enum Cause {
    /// The host has no address, or none can be connected to.
    #[error("no connection: {0}")]
    Unreachable(#[source] io::Error),
    /// A limit of `TimeLimits` was met.
    #[error("no answer in time")]
    Timeout,
    /// The same, where so little time was left that the host is not to blame; another may do better.
    #[error("no answer in its part of the time that was left")]
    Hurried,
    /// The next hop hung up.
    #[error("the next hop hung up")]
    Closed,
    /// The connection failed.
    #[error("the connection failed: {0}")]
    Lost(#[source] io::Error),
    /// The next hop sent something that is no reply.
    #[error("the next hop does not speak SMTP: {0}")]
    NotSmtp(#[from] NotSmtp),
    /// The next hop spoke before it was asked: it is no longer known which reply belongs to what.
    #[error("the next hop spoke before it was asked")]
    Unasked,
    /// The next hop sent a reply that does not fit the question, as 250 to DATA: it is elsewhere in the conversation than we are.
    #[error("the next hop said {0} where that is no answer")]
    OutOfStep(u16),
    /// The next hop will have no conversation: a greeting or an EHLO refused, or 421 at any time.
    #[error("the next hop refused to go on: {}", .0.for_log())]
    Refused(Reply),
    /// The next hop refuses what was accepted a moment ago, by another host of the route or on another connection, so that the
    /// client was told a yes that does not hold any more.
    #[error("what was accepted before is refused now: {}", .0.for_log())]
    TakenBack(Reply),
    /// The connection is not protected as the route asks.
    #[error("no TLS as the route asks it: {0}")]
    Tls(#[from] TlsTrouble),
    /// The next hop does not let us in.
    #[error("not authenticated: {0}")]
    Auth(#[from] AuthTrouble),
    /// The envelope cannot be told to this next hop.
    #[error(transparent)]
    Unsendable(#[from] Unsendable),
    /// The envelope cannot be told to this next hop, and can be to another of its route, which was not to be had: one that is well again
    /// by the next try.
    #[error("the next hop lacks {}, which another of its route has", .0.keyword())]
    LackedHere(Extension),
    /// `TimeLimits::verdict` was over before the last octet could be sent.
    #[error("it was too late to send the message")]
    TooLate,
    /// The message could not be read from our own spool.
    #[error("the spool could not be read: {0}")]
    Spool(#[source] io::Error),
}

/// Why a connection could not be protected.
#[derive(Debug, thiserror::Error)]
pub enum TlsTrouble {
    /// No STARTTLS in the reply to EHLO.
    #[error("STARTTLS is not offered")]
    NotOffered,
    /// STARTTLS was refused.
    #[error("STARTTLS was refused: {}", .0.for_log())]
    Refused(Reply),
    /// Octets came in the clear after the reply to STARTTLS: somebody on the way put them there (RFC 3207 section 6).
    #[error("octets were injected before the handshake")]
    Injected,
    /// The handshake failed: no common version, or a certificate that is not for the name or not from a trusted authority.
    #[error("the handshake failed: {0}")]
    Handshake(#[source] io::Error),
}

/// Why a next hop does not let us in.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum AuthTrouble {
    /// No mechanism in the reply to EHLO that we know.
    #[error("neither AUTH PLAIN nor AUTH LOGIN is offered")]
    NotOffered,
    /// It refused our credentials, with this code.
    #[error("our credentials were refused with {0}")]
    Refused(u16),
}

impl Trouble {
    /// Trouble before the last octet was written.
    pub(super) fn kept(way: &Way, phase: Phase, cause: Cause) -> Self {
        Self {
            route: way.route().name.clone(),
            phase,
            cause,
            custody: Custody::Kept,
        }
    }

    /// What the client is told.
    pub fn reply(&self) -> Reply {
        if self.custody == Custody::Unknown {
            return Reply::OUTCOME_UNKNOWN;
        }
        match &self.cause {
            Cause::Unreachable(_) => Reply::NEXT_HOP_UNREACHABLE,
            Cause::Timeout | Cause::Hurried | Cause::Closed | Cause::Lost(_) => match self.phase {
                Phase::Connect => Reply::NEXT_HOP_UNREACHABLE,
                _ => Reply::NEXT_HOP_LOST,
            },
            Cause::NotSmtp(_) | Cause::Unasked | Cause::OutOfStep(_) => Reply::NEXT_HOP_GARBLED,
            Cause::Refused(reply) => match self.phase {
                // A next hop that wants no mail from us at all says nothing about this message, be it 4xx or 5xx.
                Phase::Greeting | Phase::Hello => Reply::NEXT_HOP_UNREACHABLE,
                // It closes its connection, we do not close ours, so what it says is not said with its code.
                _ => Reply::from_lines(451, reply.lines().map(Into::into).collect()),
            },
            // Whom to believe, the client's next try tells.
            Cause::TakenBack(reply) => {
                Reply::from_lines(451, reply.lines().map(Into::into).collect())
            }
            Cause::Tls(_) => Reply::NEXT_HOP_NOT_VERIFIED,
            Cause::Auth(_) => Reply::NEXT_HOP_NOT_AUTHENTICATED,
            Cause::Unsendable(Unsendable::Lacking(extension)) => match extension {
                Extension::SmtpUtf8 => Reply::NEXT_HOP_ASCII,
                Extension::RequireTls => Reply::NEXT_HOP_NO_REQUIRETLS,
                Extension::Dsn => Reply::NEXT_HOP_NO_DSN,
                _ => Reply::NEXT_HOP_SEVEN_BIT,
            },
            Cause::Unsendable(Unsendable::Control) => Reply::BAD_PARAMETER,
            Cause::LackedHere(_) => Reply::NEXT_HOP_LACKS,
            Cause::TooLate => Reply::TOO_LATE,
            Cause::Spool(_) => Reply::SPOOL_FAILED,
        }
    }
}

impl Cause {
    /// What a reply means that is not the one hoped for, where no refusal of the transaction can stand.
    pub(super) fn of(reply: Reply) -> Self {
        match reply.severity() {
            Severity::Transient | Severity::Permanent => Self::Refused(reply),
            Severity::Positive | Severity::Intermediate => Self::OutOfStep(reply.code()),
        }
    }

    /// Whether the host is to blame, so that another may do better; and not the message, or we.
    pub(super) fn is_of_host(&self) -> bool {
        match self {
            Self::Unreachable(_)
            | Self::Timeout
            | Self::Hurried
            | Self::LackedHere(_)
            | Self::Closed
            | Self::Lost(_)
            | Self::NotSmtp(_)
            | Self::Unasked
            | Self::OutOfStep(_)
            | Self::Refused(_)
            | Self::Tls(_)
            | Self::Auth(_) => true,
            Self::TakenBack(_) | Self::Unsendable(_) | Self::TooLate | Self::Spool(_) => false,
        }
    }

    /// Whether a host that did so is ill, and not only of no use to this transaction.
    pub(super) fn is_illness(&self) -> bool {
        self.is_of_host() && !matches!(self, Self::Hurried | Self::LackedHere(_))
    }

    /// Whether the envelope could not be told at all, so that nothing was said.
    pub(super) fn is_unsendable(&self) -> bool {
        matches!(self, Self::Unsendable(_) | Self::LackedHere(_))
    }

    /// An error of the socket.
    pub(super) fn lost(error: io::Error) -> Self {
        match error.kind() {
            // How TLS tells a connection that was closed without its farewell.
            io::ErrorKind::UnexpectedEof => Self::Closed,
            _ => Self::Lost(error),
        }
    }
}

impl Phase {
    /// Whether nothing was said of a transaction yet.
    pub(super) fn is_opening(self) -> bool {
        matches!(
            self,
            Self::Connect | Self::Greeting | Self::Hello | Self::StartTls | Self::Auth
        )
    }

    /// The word for it in metrics.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Connect => "connect",
            Self::Greeting => "greeting",
            Self::Hello => "hello",
            Self::StartTls => "tls",
            Self::Auth => "auth",
            Self::Mail => "mail",
            Self::Rcpt => "rcpt",
            Self::Data => "data",
            Self::Message => "message",
            Self::FinalDot => "final_dot",
            Self::Reset => "reset",
        }
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Connect => "connecting",
            Self::Greeting => "waiting for its greeting",
            Self::Hello => "at EHLO",
            Self::StartTls => "at STARTTLS",
            Self::Auth => "at AUTH",
            Self::Mail => "at MAIL",
            Self::Rcpt => "at RCPT",
            Self::Data => "at DATA",
            Self::Message => "inside the message",
            Self::FinalDot => "at the end of the message",
            Self::Reset => "at RSET",
        })
    }
}

impl fmt::Display for Custody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Kept => "the message was not handed over",
            Self::Unknown => "whether the next hop has the message is not known",
        })
    }
}
