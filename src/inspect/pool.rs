//! As many inspectors as are wanted, each read through one message at a time, and replaced when it is gone.

mod begin;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::time::{Instant, sleep};

use crate::inspect::inspector::{Inspector, Kind, Unstarted};
use crate::inspect::pool::begin::{Begun, Late, begin};
use crate::inspect::turns::{Turns, Whose};
use crate::inspect::{Closed, DoorSettings, Occupancy, Walls};
use crate::metrics::catalogue::REPLACED;

/// The pool. Of the kind that is wanted there are always as many as were asked for, ready, busy or being started.
#[derive(Debug)]
pub(super) struct Pool(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    settings: DoorSettings,
    state: Mutex<State>,
    /// A turn for each that is ready. There may be more turns than that, and never fewer.
    ready: Turns,
}

#[derive(Debug)]
struct State {
    wanted: Arc<Kind>,
    /// The last one first, for what it needs is still in the caches of a processor.
    ready: Vec<Inspector>,
    /// How many are at work.
    held: usize,
    /// Attempts to start one that failed, since one succeeded.
    failures: u32,
}

/// An inspector at work on one message. Dropped, it is ended, and another takes its place.
pub(super) struct Held {
    inspector: Option<Inspector>,
    shared: Arc<Shared>,
}

/// How long to wait after a first failed attempt to start an inspector, and at most.
const PAUSE: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(10));

/// How long the others are waited for at the start when one is ready. Fixed: 5 s; where other programs want the processors as well,
/// some begin seconds after others.
const TOGETHER: Duration = Duration::from_secs(5);

/// The messages one inspector reads. What many messages leave behind in its memory costs none of them its reading, and whoever
/// got hold of it has not got it for ever.
const LIFE: u32 = 10_000;

/// Failed attempts after which nobody waits for an inspector any more. With the pauses between them, some two seconds.
const HOPELESS: u32 = 5;

impl Pool {
    /// Starts inspectors of this kind, and waits until they are ready; for one that hangs, not long.
    pub(super) async fn start(settings: DoorSettings, wanted: Kind) -> Result<Self, Unstarted> {
        let wanted = Arc::new(wanted);
        let count = settings.workers.max(1);
        let Begun {
            ready,
            late,
            failed,
        } = begin(&settings.program, &wanted, count, Some(TOGETHER)).await?;
        let shared = Arc::new(Shared {
            ready: Turns::new(ready.len(), settings.waiting),
            settings,
            state: Mutex::new(State {
                wanted: Arc::clone(&wanted),
                ready,
                held: 0,
                failures: 0,
            }),
        });
        for _ in failed {
            shared.replace(&wanted);
        }
        shared.expect(late, &wanted);
        Ok(Self(shared))
    }

    /// The kind that is wanted now.
    pub(super) fn wanted(&self) -> Arc<Kind> {
        Arc::clone(&self.0.state().wanted)
    }

    /// How many are at work, and how many messages wait for one.
    pub(super) fn occupancy(&self) -> Occupancy {
        let state = self.0.state();
        Occupancy {
            wanted: self.0.settings.workers.max(1),
            ready: state.ready.len(),
            busy: state.held,
            waiting: self.0.ready.waiting(),
            most_waiting: self.0.ready.most(),
            waiting_for_ocr: 0,
        }
    }

    /// What confines an inspector.
    pub(super) fn walls(&self) -> Walls {
        let state = self.0.state();
        let one = state.ready.first();
        one.map(|it| it.walls.clone()).unwrap_or_default()
    }

    /// Starts as many of another kind, and lets go of those there are: of one that is at work, when its message is read.
    pub(super) async fn exchange(&self, wanted: Kind) -> Result<(), Unstarted> {
        let wanted = Arc::new(wanted);
        let count = self.0.settings.workers.max(1);
        // The old ones go on meanwhile, so there is time.
        let begin = || begin(&self.0.settings.program, &wanted, count, None);
        let begun = match begin().await {
            // All met with an accident, which is no fault of the packs: one alone may have been killed.
            Err(error) if !error.holds_for_all() => begin().await,
            begun => begun,
        };
        let Begun { ready, failed, .. } = begun?;
        let count = ready.len();
        let gone = {
            let mut state = self.0.state();
            state.wanted = Arc::clone(&wanted);
            state.failures = 0;
            std::mem::replace(&mut state.ready, ready)
        };
        self.0.ready.add(count);
        for _ in failed {
            self.0.replace(&wanted);
        }
        drop(gone);
        Ok(())
    }

    /// Waits for an inspector.
    pub(super) async fn take(&self, mut whose: Whose, deadline: Instant) -> Result<Held, Closed> {
        loop {
            if self.0.state().is_hopeless() {
                return Err(Closed::Unstarted);
            }
            self.0.ready.take(whose, deadline).await?.forget();
            whose = Whose::Begun;
            // None, where the one it was for was exchanged.
            let Some(inspector) = self.0.state().ready.pop() else {
                continue;
            };
            let mut held = Held::new(inspector, &self.0);
            if held.inspector().is_some_and(Inspector::is_alive) {
                return Ok(held);
            }
            REPLACED.count(["idle"]);
            tracing::warn!("an inspector ended between two messages");
        }
    }
}

impl State {
    /// Whether there is none, and none is to be expected.
    fn is_hopeless(&self) -> bool {
        self.failures >= HOPELESS && self.ready.is_empty() && self.held == 0
    }
}

impl Held {
    fn new(inspector: Inspector, shared: &Arc<Shared>) -> Self {
        shared.state().held += 1;
        Self {
            inspector: Some(inspector),
            shared: Arc::clone(shared),
        }
    }

    pub(super) fn inspector(&mut self) -> Option<&mut Inspector> {
        self.inspector.as_mut()
    }

    /// Gives it back for the next message, if it is to have one more.
    pub(super) fn give_back(mut self) {
        if self.inspector.as_ref().is_some_and(|it| it.read < LIFE) {
            if let Some(inspector) = self.inspector.take() {
                self.shared.add(inspector);
            }
        } else {
            REPLACED.count(["worn"]);
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let mut state = self.shared.state();
        state.held = state.held.saturating_sub(1);
        drop(state);
        if let Some(inspector) = self.inspector.take() {
            self.shared.replace(&inspector.kind);
        }
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes in one that is ready; or ends it, if it is of a kind that is wanted no more.
    fn add(&self, inspector: Inspector) {
        let mut state = self.state();
        if Arc::ptr_eq(&state.wanted, &inspector.kind) {
            state.ready.push(inspector);
            drop(state);
            self.ready.add(1);
        }
    }

    /// Has those that are late taken in when they are ready, and others started in the place of those that never will be.
    fn expect(self: &Arc<Self>, late: Late, kind: &Arc<Kind>) {
        if late.len() > 0 {
            tracing::warn!(
                late = late.len(),
                "not all inspectors are ready: those that are begin"
            );
            tokio::spawn(adopt(Arc::downgrade(self), late, Arc::clone(kind)));
        }
    }

    /// Starts another in the place of one of this kind, if that is still wanted.
    fn replace(self: &Arc<Self>, kind: &Arc<Kind>) {
        // Without a runtime the program is ending.
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(refill(Arc::downgrade(self), Arc::clone(kind)));
        }
    }
}

/// Starts one of this kind, again and again if need be, until it is ready or nobody wants it any more.
async fn refill(shared: Weak<Shared>, kind: Arc<Kind>) {
    let (mut pause, longest) = PAUSE;
    while let Some(shared) = shared.upgrade() {
        if !Arc::ptr_eq(&shared.state().wanted, &kind) {
            return;
        }
        match Inspector::start(&shared.settings.program, Arc::clone(&kind)).await {
            Ok(inspector) => {
                shared.state().failures = 0;
                shared.add(inspector);
                return;
            }
            Err(error) => {
                tracing::error!(%error, "no inspector in the place of one that is gone");
                let mut state = shared.state();
                state.failures = state.failures.saturating_add(1);
            }
        }
        drop(shared);
        sleep(pause).await;
        pause = longest.min(pause * 2);
    }
}

/// Takes in those that begin late, and has others started in the place of those that do not.
async fn adopt(shared: Weak<Shared>, mut late: Late, kind: Arc<Kind>) {
    while let Some(started) = late.next(None).await {
        let Some(shared) = shared.upgrade() else {
            return;
        };
        match started {
            Ok(inspector) => {
                shared.state().failures = 0;
                shared.add(inspector);
            }
            Err(error) => {
                tracing::error!(%error, "an inspector did not begin");
                shared.replace(&kind);
            }
        }
    }
}
