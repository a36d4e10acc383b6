//! Transactions that are deferred at MAIL, told in the log without filling it.
//!
//! A client that is deferred tries again, some at once and for hours. Ten lines of a minute say why; of the others only their number is
//! told, and metrics count each.

use std::fmt::Display;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use crate::mail::{Client, TransactionId};
use crate::metrics::catalogue::NOT_BEGUN;

/// Why a transaction is not begun.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Why {
    /// Too many messages wait to be read.
    Overloaded,
    /// The next hop cannot be used.
    NoNextHop,
}

impl Why {
    /// The word for it in metrics.
    fn as_str(self) -> &'static str {
        match self {
            Self::Overloaded => "overloaded",
            Self::NoNextHop => "no_next_hop",
        }
    }

    fn lines(self) -> &'static Lines {
        static OVERLOADED: Lines = Lines::new();
        static NO_NEXT_HOP: Lines = Lines::new();
        match self {
            Self::Overloaded => &OVERLOADED,
            Self::NoNextHop => &NO_NEXT_HOP,
        }
    }
}

/// Counts one, and tells of it, or with others of this minute.
pub(super) fn deferred(why: Why, id: TransactionId, client: &Client, trouble: &dyn Display) {
    let reason = why.as_str();
    NOT_BEGUN.count([reason]);
    let lines = why.lines();
    match lines.next(Instant::now()) {
        Next::Tell => {
            let ident = client.ident.as_deref();
            tracing::warn!(transaction.id = %id, client.ident = ident, %trouble, "deferred at MAIL");
        }
        Next::Count => {}
        Next::CountUntil(end) => drop(tokio::spawn(async move {
            sleep_until(end).await;
            let transactions = lines.sum();
            tracing::warn!(
                transactions,
                reason,
                "deferred at MAIL, beside those that were told"
            );
        })),
    }
}

/// The lines of one kind of the last minute.
#[derive(Debug)]
struct Lines(Mutex<Minute>);

#[derive(Debug)]
struct Minute {
    end: Option<Instant>,
    told: u32,
    untold: u64,
}

/// What is done with a line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Next {
    Tell,
    Count,
    /// It is the first that is only counted: how many there were is to be told then.
    CountUntil(Instant),
}

/// The lines of a minute that are told. Fixed: 10; the others are counted.
const TOLD: u32 = 10;

/// How long it is from the first of them until the others are told as one. Fixed: 60 s.
const MINUTE: Duration = Duration::from_secs(60);

impl Lines {
    const fn new() -> Self {
        Self(Mutex::new(Minute {
            end: None,
            told: 0,
            untold: 0,
        }))
    }

    fn next(&self, now: Instant) -> Next {
        let mut minute = self.minute();
        // One that has a sum to tell ends when that is told.
        let is_over = minute.end.is_none_or(|end| now >= end) && minute.untold == 0;
        if is_over {
            minute.end = Some(now + MINUTE);
            minute.told = 0;
        }
        if minute.told < TOLD {
            minute.told += 1;
            return Next::Tell;
        }
        minute.untold = minute.untold.saturating_add(1);
        match (minute.untold, minute.end) {
            (1, Some(end)) => Next::CountUntil(end),
            _ => Next::Count,
        }
    }

    /// How many were only counted. The minute is over.
    fn sum(&self) -> u64 {
        let mut minute = self.minute();
        minute.end = None;
        std::mem::take(&mut minute.untold)
    }

    fn minute(&self) -> MutexGuard<'_, Minute> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_are_told_and_each_other_is_counted() {
        let lines = Lines::new();
        let begin = Instant::now();
        let after = |seconds| begin + Duration::from_secs(seconds);
        for second in 0..10 {
            assert_eq!(lines.next(after(second)), Next::Tell);
        }
        assert_eq!(lines.next(after(11)), Next::CountUntil(after(60)));
        // A sum that is told late has those in it that came meanwhile.
        for second in [12, 59, 61] {
            assert_eq!(lines.next(after(second)), Next::Count);
        }
        assert_eq!(lines.sum(), 4);
        assert_eq!(lines.next(after(62)), Next::Tell);
        assert_eq!(lines.sum(), 0);
    }

    #[test]
    fn a_few_now_and_then_are_all_told() {
        let lines = Lines::new();
        let begin = Instant::now();
        for minute in 0..3 {
            for line in 0..10 {
                let now = begin + Duration::from_secs(minute * 60 + line);
                assert_eq!(lines.next(now), Next::Tell, "{minute} {line}");
            }
        }
    }
}
