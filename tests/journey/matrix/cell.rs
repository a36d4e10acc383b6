//! The cells of the matrix: whose misfortune it is, when it strikes, and what it is.

use std::fmt;

/// Whose misfortune it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Side {
    Client,
    NextHop,
}

/// When it strikes: in place of what this side would say then.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Phase {
    Connect,
    Greeting,
    Ehlo,
    StartTls,
    Mail,
    /// At the second recipient of two.
    Rcpt,
    Data,
    /// In the middle of the message.
    Message,
    /// At the end of the message, which the next hop does not take.
    Dot,
    /// After the end of the message, which the next hop has taken.
    AfterDot,
    /// In a transaction that is given up for another.
    Rset,
    Quit,
    /// At MAIL, after a message on the same connection that met no misfortune.
    Next,
}

/// What it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Misfortune {
    Refuses4,
    Refuses5,
    Closes,
    Resets,
    Stalls,
    /// Octet by octet.
    Slowly,
    Nonsense,
    /// A line longer than is taken.
    Long,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Protocol {
    Smtp,
    Lmtp,
}

/// One cell, known to both sides by its number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Cell {
    pub(super) number: usize,
    pub(super) side: Side,
    pub(super) phase: Phase,
    pub(super) misfortune: Misfortune,
    pub(super) protocol: Protocol,
}

/// Why a cell may deliver twice.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Duplicate {
    /// The reply of the next hop did not reach us: nobody here can know.
    Unknown,
    /// Ours did not reach the client: the journal knows.
    Unheard,
}

impl Cell {
    /// Whether it strikes before a next hop knows whose connection it is, so that it strikes all.
    pub(super) fn is_before_mail(&self) -> bool {
        self.side == Side::NextHop && self.phase < Phase::Mail
    }

    /// Whether two copies are allowed.
    pub(super) fn may_duplicate(&self) -> Option<Duplicate> {
        use Misfortune::{Closes, Long, Nonsense, Resets, Stalls};
        match (self.side, self.phase, self.misfortune) {
            (Side::NextHop, Phase::AfterDot, Closes | Resets | Stalls | Nonsense | Long) => {
                Some(Duplicate::Unknown)
            }
            (Side::Client, Phase::AfterDot, _) => Some(Duplicate::Unheard),
            _ => None,
        }
    }
}

/// All cells, in the order of the table.
pub(super) fn cells() -> Vec<Cell> {
    use Misfortune::{Closes, Long, Nonsense, Refuses4, Refuses5, Resets, Slowly, Stalls};
    const ALL: &[Misfortune] = &[
        Refuses4, Refuses5, Closes, Resets, Stalls, Slowly, Nonsense, Long,
    ];
    // A client refuses nothing, and a next hop that has taken a message does not refuse it.
    const LOST: &[Misfortune] = &[Closes, Resets, Stalls, Slowly, Nonsense, Long];
    const SILENT: &[Misfortune] = &[Closes, Resets, Stalls, Slowly];
    let plan: &[(Side, Phase, &[Misfortune])] = &[
        (
            Side::Client,
            Phase::Connect,
            &[Closes, Resets, Stalls, Nonsense, Long],
        ),
        (Side::Client, Phase::Ehlo, LOST),
        (Side::Client, Phase::Mail, LOST),
        (Side::Client, Phase::Rcpt, LOST),
        (Side::Client, Phase::Data, LOST),
        (Side::Client, Phase::Message, SILENT),
        (Side::Client, Phase::Dot, SILENT),
        (Side::Client, Phase::AfterDot, &[Closes, Resets, Stalls]),
        (Side::Client, Phase::Rset, LOST),
        (Side::Client, Phase::Quit, LOST),
        (Side::Client, Phase::Next, LOST),
        // Nobody listens.
        (Side::NextHop, Phase::Connect, &[Closes]),
        (Side::NextHop, Phase::Greeting, ALL),
        (Side::NextHop, Phase::Ehlo, ALL),
        (Side::NextHop, Phase::StartTls, ALL),
        (Side::NextHop, Phase::Mail, ALL),
        (Side::NextHop, Phase::Rcpt, ALL),
        (Side::NextHop, Phase::Data, ALL),
        (
            Side::NextHop,
            Phase::Message,
            &[Refuses4, Refuses5, Resets, Stalls, Nonsense, Long],
        ),
        (Side::NextHop, Phase::Dot, ALL),
        (Side::NextHop, Phase::AfterDot, LOST),
        (Side::NextHop, Phase::Rset, ALL),
        (Side::NextHop, Phase::Next, LOST),
    ];
    let mut cells = Vec::new();
    for (side, phase, misfortunes) in plan {
        for misfortune in *misfortunes {
            for protocol in [Protocol::Smtp, Protocol::Lmtp] {
                // Elsewhere the two do not differ.
                let differs =
                    (Phase::Rcpt..=Phase::AfterDot).contains(phase) && *phase != Phase::Message;
                if protocol == Protocol::Smtp || differs {
                    cells.push(Cell {
                        number: cells.len(),
                        side: *side,
                        phase: *phase,
                        misfortune: *misfortune,
                        protocol,
                    });
                }
            }
        }
    }
    cells
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Client => "client",
            Self::NextHop => "next hop",
        })
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Connect => "connect",
            Self::Greeting => "greeting",
            Self::Ehlo => "EHLO",
            Self::StartTls => "STARTTLS",
            Self::Mail => "MAIL",
            Self::Rcpt => "RCPT",
            Self::Data => "DATA",
            Self::Message => "message",
            Self::Dot => "dot",
            Self::AfterDot => "after the dot",
            Self::Rset => "RSET",
            Self::Quit => "QUIT",
            Self::Next => "next message",
        })
    }
}

impl fmt::Display for Misfortune {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Refuses4 => "refuses 4xx",
            Self::Refuses5 => "refuses 5xx",
            Self::Closes => "closes",
            Self::Resets => "resets",
            Self::Stalls => "stalls",
            Self::Slowly => "slowly",
            Self::Nonsense => "nonsense",
            Self::Long => "too long",
        })
    }
}

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Smtp => "SMTP",
            Self::Lmtp => "LMTP",
        })
    }
}
