//! Runs the cells, many at once, through one program.

use std::collections::VecDeque;
use std::io::Read;
use std::net::{SocketAddr, TcpStream};
use std::sync::Mutex;
use std::thread;

use super::super::guard::Guard;
use super::cell::{Cell, Misfortune, Phase, Protocol, Side};
use super::client::{Fate, Health, RECIPIENTS, attempt};
use super::hop::{Hop, Manner};

/// What a cell came to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Ran {
    pub(super) cell: Cell,
    /// What the client saw of it, in its first attempt.
    pub(super) client: String,
    /// What the next hop saw of it, in the client's first attempt.
    pub(super) hop: &'static str,
    /// What the client knows in the end, for each recipient.
    pub(super) fates: [Fate; 2],
    /// How often each recipient got it.
    pub(super) copies: [usize; 2],
}

/// Whether a journal is kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Journal {
    Kept,
    None,
}

struct Lab {
    guard: Guard,
    hop: Hop,
    smtp: SocketAddr,
    lmtp: SocketAddr,
    journal: Journal,
}

/// Limits that are met soon, but not by a machine that is busy.
const LIMITS: &[&str] = &[
    "listen.lmtp_addresses = [\"127.0.0.2:0\"]",
    "limits.time.command = \"4s\"",
    "limits.time.data = \"4s\"",
    "limits.time.connect = \"4s\"",
    "limits.time.next_hop = \"4s\"",
    "limits.time.block = \"4s\"",
    "limits.time.final_dot = \"4s\"",
    "inspect.workers = 2",
    "ocr.program = \"\"",
    "route.normal.tls = \"opportunistic\"",
];

/// As many cells run at once: most of them wait.
const AT_ONCE: usize = 24;

/// Runs these cells, and tells what each came to, in their order. Those that strike before a next hop knows whose connection it is
/// run one after the other.
pub(super) fn run(cells: &[Cell], journal: Journal) -> Vec<Ran> {
    let (alone, together): (Vec<Cell>, Vec<Cell>) =
        cells.iter().partition(|cell| cell.is_before_mail());
    let mut ran = thread::scope(|scope| {
        let alone = scope.spawn(|| match alone.is_empty() {
            true => Vec::new(),
            false => Lab::start(Manner::Brief, journal).run(alone, 1),
        });
        let together = Lab::start(Manner::Usual, journal).run(together, AT_ONCE);
        [together, alone.join().unwrap()].concat()
    });
    ran.sort_by_key(|ran| ran.cell.number);
    ran
}

impl Lab {
    fn start(manner: Manner, journal: Journal) -> Self {
        let hop = Hop::start(manner);
        let keys = match journal {
            Journal::Kept => [LIMITS, &["journal.file = \"retries.db\""]].concat(),
            Journal::None => LIMITS.to_vec(),
        };
        let secure = crate::port::free_port();
        let guard = Guard::with(hop.port, secure, &keys);
        let entries = guard.wait("both listeners", |guard| {
            let mut entries = guard.entries();
            entries.retain(|entry| entry["message"] == "listening");
            (entries.len() == 2).then_some(entries)
        });
        let addresses = entries
            .iter()
            .map(|entry| entry["address"].as_str().unwrap());
        let addresses: Vec<SocketAddr> = addresses.map(|it| it.parse().unwrap()).collect();
        let (lmtp, smtp): (Vec<_>, Vec<_>) = addresses.iter().partition(|it| speaks_lmtp(**it));
        let lab = Self {
            guard,
            hop,
            smtp: smtp[0],
            lmtp: lmtp[0],
            journal,
        };
        // Uses up the connection by which the next hop was asked what it offers.
        let (mut fates, nobody) = ([Fate::Pending; 2], NOBODY);
        attempt(lab.smtp, nobody, Health::Well, &mut fates);
        assert_eq!(fates, [Fate::Delivered; 2]);
        lab
    }

    fn run(&self, cells: Vec<Cell>, at_once: usize) -> Vec<Ran> {
        let (waiting, ran) = (Mutex::new(VecDeque::from(cells)), Mutex::default());
        thread::scope(|scope| {
            for _ in 0..at_once {
                scope.spawn(|| {
                    loop {
                        let next = waiting.lock().unwrap().pop_front();
                        let Some(cell) = next else { return };
                        let one = self.run_one(cell);
                        let mut ran: std::sync::MutexGuard<'_, Vec<Ran>> = ran.lock().unwrap();
                        ran.push(one);
                    }
                });
            }
        });
        ran.into_inner().unwrap()
    }

    fn run_one(&self, cell: Cell) -> Ran {
        let address = match cell.protocol {
            Protocol::Smtp => self.smtp,
            Protocol::Lmtp => self.lmtp,
        };
        let mut fates = [Fate::Pending; 2];
        self.hop.afflict(cell);
        let client = attempt(address, cell, Health::Ill, &mut fates);
        if (cell.side, cell.phase) == (Side::Client, Phase::AfterDot) {
            // A mail server tries again minutes later. By then this is done with.
            self.wait_for(cell, "passed on");
            if self.journal == Journal::Kept {
                self.wait_for(cell, UNHEARD);
            }
        }
        let furthest = self.hop.cure(cell);
        for _ in 0..3 {
            if fates.contains(&Fate::Pending) {
                attempt(address, cell, Health::Well, &mut fates);
            }
        }
        Ran {
            cell,
            client,
            hop: seen(furthest),
            fates,
            copies: RECIPIENTS.map(|name| self.hop.copies(cell, name)),
        }
    }

    fn wait_for(&self, cell: Cell, message: &str) {
        let ident = format!("Q{}", cell.number);
        self.guard.wait_until(message, |guard| {
            let mut entries = guard.entries().into_iter();
            entries.any(|it| it["message"] == message && it["client.ident"] == ident.as_str())
        });
    }
}

fn seen(furthest: Option<Phase>) -> &'static str {
    match furthest {
        None => "nothing",
        Some(Phase::Connect | Phase::Greeting) => "a connection",
        Some(Phase::Ehlo) => "EHLO",
        Some(Phase::StartTls) => "STARTTLS",
        Some(Phase::Mail) => "MAIL",
        Some(Phase::Rcpt) => "RCPT",
        Some(Phase::Data) => "DATA",
        Some(Phase::Message) => "part of the message",
        Some(Phase::Dot | Phase::AfterDot) => "the message",
        Some(Phase::Rset | Phase::Quit | Phase::Next) => unreachable!(),
    }
}

fn speaks_lmtp(address: SocketAddr) -> bool {
    let mut greeting = [0; 64];
    let octets = TcpStream::connect(address)
        .unwrap()
        .read(&mut greeting)
        .unwrap();
    String::from_utf8_lossy(&greeting[..octets]).contains(" LMTP ")
}

const UNHEARD: &str =
    "the client may not have heard that its message was taken: a retry is expected";

/// No cell of the table.
const NOBODY: Cell = Cell {
    number: 9999,
    side: Side::Client,
    phase: Phase::Greeting,
    misfortune: Misfortune::Closes,
    protocol: Protocol::Smtp,
};
