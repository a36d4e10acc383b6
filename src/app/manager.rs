//! What the service manager is told (`sd_notify`): that we are ready, read a configuration, stop, and are alive.
//!
//! Where there is none, nobody is told.

use std::time::Duration;

use sd_notify::NotifyState;
use tokio::time::{MissedTickBehavior, interval, timeout};

use crate::accept::Pulse;
use crate::incident::Log;

/// Messages are taken.
pub(super) fn tell_ready(status: &str) {
    tell(&[NotifyState::Ready, NotifyState::Status(status)]);
}

/// A configuration is being read. What comes of it is told by [`tell_ready`].
pub(super) fn tell_reloading() {
    match NotifyState::monotonic_usec_now() {
        Ok(now) => tell(&[NotifyState::Reloading, now]),
        Err(_) => tell(&[NotifyState::Reloading]),
    }
}

/// No new message is taken.
pub(super) fn tell_stopping() {
    let status = "stopping: messages under way are finished, new ones are deferred";
    tell(&[NotifyState::Stopping, NotifyState::Status(status)]);
}

/// We end, or did not begin, and why. The service manager shows it until we are there again.
pub fn tell_ended(why: &str) {
    let lines: Vec<&str> = why.lines().filter(|line| !line.is_empty()).collect();
    // Among problems, what is only doubtful has ended nothing.
    let first = lines.iter().position(|line| line.starts_with("error["));
    let lines = lines.iter().skip(first.unwrap_or(0)).take(STATUS_LINES);
    let why = lines.copied().collect::<Vec<_>>().join(" ");
    tell(&[NotifyState::Status(&format!("not running: {why}"))]);
}

/// How many lines of an error are a status. Fixed: 2, which tell a problem and its place; the log tells all.
const STATUS_LINES: usize = 2;

fn tell(state: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(state) {
        tracing::warn!(%error, "the service manager cannot be told");
    }
}

/// Feeds the watchdog of the service manager, if it has one, for as long as all turns that a restart would set going again: the
/// runtime, the loops that take connections, the thread that writes the incident log.
///
/// What a restart would not mend (a full disk, a next hop that is down, inspectors that cannot be started) does not starve it: it
/// would cost the messages under way, and `/readyz` tells it.
pub(super) async fn feed_watchdog(pulse: Pulse, incidents: Log) {
    let Some(patience) = sd_notify::watchdog_enabled() else {
        return;
    };
    let often = patience.max(SHORTEST) / 4;
    let mut tick = interval(often);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        // A task of its own goes by the queue by which connections are served.
        let runtime = timeout(often, tokio::spawn(async {})).await;
        let silent = pulse.silent(often).await;
        if runtime.is_ok() && silent.is_empty() && !incidents.is_dead() {
            tell(&[NotifyState::Watchdog]);
        } else {
            tracing::error!(
                silent = ?silent,
                incident.log.dead = incidents.is_dead(),
                "the watchdog is not fed, and the service manager restarts this process"
            );
        }
    }
}

/// Feeds it while messages under way are finished: no connection is taken then, and how long they take is for them to say.
pub(super) async fn feed_watchdog_to_the_end() {
    let Some(patience) = sd_notify::watchdog_enabled() else {
        return;
    };
    let mut tick = interval(patience.max(SHORTEST) / 4);
    loop {
        tick.tick().await;
        tell(&[NotifyState::Watchdog]);
    }
}

/// No watchdog is fed more often than four times in this.
const SHORTEST: Duration = Duration::from_millis(100);
