//! Passwords of clients, verified: a few at once, away from where connections are served, and not without end for anybody who guesses.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::timeout;
use tracing::{Span, info, warn};

use crate::accept::guesses::Guesses;
use crate::limits::WireLimits;
use crate::metrics::catalogue::AUTHENTICATIONS;
use crate::smtp::{Claim, Reply};
use crate::users::Users;

/// What verifies passwords, for all listeners together.
#[derive(Debug)]
pub(super) struct Verifier {
    turns: Arc<Semaphore>,
    guesses: Guesses,
}

impl Verifier {
    /// One that verifies half as many at once as there are processors, and at least one: the others have mail to read.
    pub(super) fn new() -> Self {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            turns: Arc::new(Semaphore::new((processors / 2).max(1))),
            guesses: Guesses::default(),
        }
    }

    /// What a client is told that claims to be this user. Only a name that is configured gets into the log.
    pub(super) async fn verify(
        &self,
        users: &Arc<Users>,
        claim: Claim,
        client: IpAddr,
        wire: &WireLimits,
    ) -> Reply {
        let are_too_many = || self.guesses.are_too_many(client, wire, Instant::now());
        if are_too_many() {
            return busy(Reply::TOO_MANY_GUESSES);
        }
        let turn = timeout(PATIENCE, Arc::clone(&self.turns).acquire_owned()).await;
        let Ok(Ok(turn)) = turn else {
            return busy(Reply::AUTH_BUSY);
        };
        // Others of the same client may have had theirs meanwhile.
        if are_too_many() {
            return busy(Reply::TOO_MANY_GUESSES);
        }
        match compared(Arc::clone(users), claim, turn).await {
            Ok(Some(user)) => {
                AUTHENTICATIONS.count(["accepted"]);
                Span::current().record("user", &*user);
                info!("the client has authenticated");
                Reply::AUTHENTICATED
            }
            Ok(None) => {
                AUTHENTICATIONS.count(["refused"]);
                self.guesses.note(client, Instant::now());
                warn!("the client told a user or a password that is wrong");
                Reply::NOT_AUTHENTICATED
            }
            // It panicked, which reported itself.
            Err(_) => busy(Reply::AUTH_BUSY),
        }
    }
}

/// The user, where it is one and the password is right.
#[expect(
    clippy::disallowed_methods,
    reason = "a door of its own, as bounded: no more threads than there are turns, and nothing of a message is read"
)]
fn compared(
    users: Arc<Users>,
    claim: Claim,
    turn: OwnedSemaphorePermit,
) -> JoinHandle<Option<String>> {
    spawn_blocking(move || {
        let is_right = users.take(claim.user(), claim.password());
        drop(turn);
        is_right.then(|| claim.user().to_owned())
    })
}

fn busy(reply: Reply) -> Reply {
    AUTHENTICATIONS.count(["deferred"]);
    warn!(reply = %reply.for_log(), "a password is not verified");
    reply
}

/// How long a client waits for its turn; then 454 4.7.0.
const PATIENCE: Duration = Duration::from_secs(10);
