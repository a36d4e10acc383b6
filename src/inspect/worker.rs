//! An inspector: a process that reads messages for the gate, and can do nothing else.
//!
//! Two threads: one reads, the other watches its time. It is started by the gate alone, with the socket as its standard
//! input, and ends with that socket.

mod watch;

use std::fmt;
use std::hint::black_box;
use std::io;
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::thread;
use std::time::Duration;

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use zeroize::Zeroizing;

use crate::detect::Detector;
use crate::extract::{Budget, Keeper, Reason};
use crate::inspect::inspector::{MAPPED, TRIMMED};
use crate::inspect::setup::{Answer, Ready, Setup};
use crate::inspect::wire::{self, LONGEST_INSPECTION, Work};
use crate::inspect::worker::watch::Watch;
use crate::inspect::{
    Asking, Inspection, Walls, inspect_asking, sandbox, search_seen, told, unread,
};
use crate::limits::{Cancel, ReadLimits};
use crate::pattern::Packs;
use crate::spool::{Pages, Spooled};

/// Why an inspector cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum Unserved {
    /// It was started by hand.
    #[error("an inspector is started by `sluse serve` and `sluse scan`, not by hand")]
    ByHand,
    /// The system gives it too little.
    #[error("an inspector cannot begin: {0}")]
    System(io::Error),
}

impl From<io::Error> for Unserved {
    fn from(error: io::Error) -> Self {
        Self::System(error)
    }
}

/// The stack of the thread that reads, for documents nest.
const STACK: usize = 16 << 20;

/// With what an inspector ends that fell beside a message, as Rust's own programs do.
const FALLEN: i32 = 101;

/// Reads messages until the gate is gone. Does not return if it could begin.
///
/// # Errors
///
/// When it cannot begin.
pub fn serve() -> Result<(), Unserved> {
    let socket = io::stdin();
    if rustix::net::getsockname(&socket).is_err() {
        return Err(Unserved::ByHand);
    }
    // What `ps` and the kernel's log call it. It only helps people.
    let _ = rustix::thread::set_name(c"sluse-inspect");
    // Whoever stops the gate, stops everything of it; but the gate still has messages to be read.
    for signal in [SIGTERM, SIGINT, SIGHUP] {
        signal_hook::flag::register(signal, Arc::new(AtomicBool::new(false)))?;
    }
    let gate = UnixStream::from(socket.as_fd().try_clone_to_owned()?);
    let mut walls = Walls::default();
    sandbox::before_threads(&mut walls);
    let watch = Arc::new(Watch::default());
    let reader = Reader {
        gate,
        watch: Arc::clone(&watch),
    };
    let thread = thread::Builder::new().name("reader".to_owned());
    thread.stack_size(STACK).spawn(move || {
        // A thread that falls must not leave a process behind that the gate waits for.
        let fallen = catch_unwind(AssertUnwindSafe(|| reader.run(walls)));
        process::exit(if fallen.is_err() { FALLEN } else { 0 })
    })?;
    watch.keep()
}

/// What an inspector reads with.
struct Tools {
    packs: Packs,
    limits: ReadLimits,
    /// As in the settings of the door.
    memory: u64,
}

impl Tools {
    /// Waits for the setup and makes of it what it tells.
    ///
    /// Compiling packs takes several times the memory that they take. The system's allocator gives each thread a heap, and keeps what is
    /// freed between two things that stay. So one thread hears the setup and compiles, the copy is made on the heap of this one, where it
    /// lies close together, and what the first has made is freed by another, whose heap that one's is then: nothing stays in it, and the
    /// system can have it back.
    ///
    /// # Errors
    ///
    /// In words for the gate, what keeps it from having any.
    fn receive(gate: &mut UnixStream) -> Result<Self, String> {
        let made = aside("packs", || Self::make(gate))??;
        let tools = Self {
            packs: made.packs.clone(),
            ..made
        };
        aside("free", || drop(made.packs))?;
        // Some of what a thread frees it keeps for itself as long as it lives.
        aside("give-back", give_back)?;
        Ok(tools)
    }

    fn make(gate: &mut UnixStream) -> Result<Self, String> {
        let unread = |error: &dyn fmt::Display| format!("its setup cannot be read: {error}");
        let octets = wire::inspector::setup(gate).map_err(|error| unread(&error))?;
        let octets = Zeroizing::new(octets);
        let setup: Setup = serde_json::from_slice(&octets).map_err(|error| unread(&error))?;
        drop(octets);
        let (limits, memory) = (setup.limits.clone(), setup.memory);
        let packs = setup.compile().map(Packs::bare);
        Ok(Self {
            packs: packs.ok_or(UNCOMPILED)?,
            limits,
            memory,
        })
    }
}

/// Has a thread of its own do something, and waits for it.
fn aside<T: Send>(name: &str, work: impl FnOnce() -> T + Send) -> Result<T, String> {
    let thread = thread::Builder::new().name(name.to_owned());
    thread::scope(|scope| {
        let working = thread.spawn_scoped(scope, work);
        let working = working.map_err(|error| format!("it has no thread `{name}`: {error}"))?;
        working
            .join()
            .map_err(|_| format!("its thread `{name}` fell"))
    })
}

/// What the gate is told where packs do not compile, which the gate has compiled before.
const UNCOMPILED: &str = "its packs do not compile";

/// Has the allocator give the system back what is free at the end of this thread's heap.
///
/// It does so by itself only where that is more than [`TRIMMED`], so that no message waits for memory it has just given back. What is asked
/// for here is never touched, and pushes the end over that, in pieces that are still of the heap.
fn give_back() {
    const PIECE: usize = MAPPED / 4 * 3;
    let pieces = (0..=TRIMMED.div_ceil(PIECE)).map(|_| Vec::<u8>::with_capacity(PIECE));
    // Without the box the compiler leaves out what nothing is done with.
    drop(black_box(pieces.collect::<Vec<_>>()));
}

/// The thread that reads.
struct Reader {
    gate: UnixStream,
    watch: Arc<Watch>,
}

impl Reader {
    /// Ends the process: with 0 when the gate is gone, for that is how inspectors end.
    fn run(mut self, mut walls: Walls) {
        let ended = match Tools::receive(&mut self.gate) {
            Ok(tools) => self.ready(&tools, &mut walls).and_then(|()| {
                let mut detector = Detector::new(&tools.packs);
                while let Some((work, handed, time)) = wire::inspector::work(&mut self.gate)? {
                    self.answer(&mut detector, &tools.limits, work, &handed, time)?;
                }
                Ok(())
            }),
            Err(why) => {
                // Nobody hears it where the gate is gone too.
                let _ = self.say(&Err(why));
                Err(io::ErrorKind::InvalidData.into())
            }
        };
        process::exit(i32::from(ended.is_err()))
    }

    fn ready(&self, tools: &Tools, walls: &mut Walls) -> io::Result<()> {
        sandbox::after_threads(walls, tools.memory);
        self.say(&Ok(Ready {
            packs: tools.packs.version().to_string(),
            walls: walls.clone(),
        }))
    }

    fn say(&self, answer: &Answer) -> io::Result<()> {
        wire::inspector::tell(&self.gate, &serde_json::to_vec(answer)?)
    }

    fn answer(
        &self,
        detector: &mut Detector<'_>,
        limits: &ReadLimits,
        work: Work,
        handed: &Spooled,
        time: Duration,
    ) -> io::Result<()> {
        let cancel = Cancel::default();
        self.watch.begin(time, cancel.clone());
        // A panic costs this message its reading, and not the time of starting another inspector.
        let read = catch_unwind(AssertUnwindSafe(|| {
            let map = handed.map()?;
            Ok(match work {
                Work::Message => {
                    let keeper = map.pages().map(|pages| Box::new(pages) as Box<dyn Keeper>);
                    let budget = Budget::new(limits, cancel.clone()).kept_by(keeper);
                    inspect_asking(detector, budget, &map, &cancel)
                }
                Work::Seen => (seen(detector, &map, &cancel), Asking::default()),
            })
        }));
        self.watch.end();
        let (inspection, asking) = read.unwrap_or_else(|_| {
            let unread = unread(Reason::Damaged, "message: a reader failed on it");
            Ok::<_, io::Error>((unread, Asking::default()))
        })?;
        let (octets, told) = told::encode(&inspection, &asking, LONGEST_INSPECTION)?;
        wire::inspector::tell(&self.gate, &octets)?;
        for picture in asking.pictures.iter().take(told) {
            wire::inspector::hand_on(&self.gate, &picture.octets)?;
        }
        Ok(())
    }
}

/// A large part is as long in the map as what it decodes to is in memory, and is not looked at while that is read.
impl Keeper for Pages {
    fn spent(&self, octets: &[u8]) {
        if octets.len() >= LARGE {
            self.give_back(octets);
        }
    }
}

/// Parts from so many octets on are given back. Fixed: 1 MiB; of shorter ones it would be more work than it is worth.
const LARGE: usize = 1 << 20;

/// Searches what OCR read.
fn seen(detector: &mut Detector<'_>, octets: &[u8], cancel: &Cancel) -> Inspection {
    match told::decode_seen(octets) {
        Ok(texts) => search_seen(detector, &texts, cancel),
        Err(_) => unread(Reason::Damaged, "message: what OCR read was not understood"),
    }
}
