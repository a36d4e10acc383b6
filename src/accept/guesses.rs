//! Wrong passwords, counted by where they came from.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::limits::WireLimits;

/// The wrong passwords of the last minutes.
#[derive(Debug, Default)]
pub(super) struct Guesses(Mutex<HashMap<IpAddr, Wrong>>);

/// The wrong passwords of one client.
#[derive(Debug)]
struct Wrong {
    count: usize,
    /// When the first of them came.
    since: Instant,
}

impl Wrong {
    fn is_past(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.since) >= MEMORY
    }
}

impl Guesses {
    /// Whether so many came from this client that no other is looked at now.
    pub(super) fn are_too_many(&self, client: IpAddr, wire: &WireLimits, now: Instant) -> bool {
        let wrong = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let of_client = wrong.get(&place(client)).filter(|it| !it.is_past(now));
        of_client.is_some_and(|it| it.count >= wire.auth_tries_per_client)
    }

    /// Notes one.
    pub(super) fn note(&self, client: IpAddr, now: Instant) {
        let mut wrong = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if wrong.len() >= MOST {
            wrong.retain(|_, it| !it.is_past(now));
        }
        let client = place(client);
        if wrong.len() >= MOST && !wrong.contains_key(&client) {
            // Whoever guesses from so many places loses the memory of the oldest; each guess still costs its time.
            let oldest = wrong.iter().min_by_key(|(_, it)| it.since);
            let oldest = oldest.map(|(client, _)| *client);
            oldest.map(|oldest| wrong.remove(&oldest));
        }
        let begun = || Wrong {
            count: 0,
            since: now,
        };
        let of_client = wrong.entry(client).or_insert_with(begun);
        if of_client.is_past(now) {
            *of_client = begun();
        }
        of_client.count += 1;
    }
}

/// Where a client is: of IPv6, one has all addresses of a /64.
pub(super) fn place(client: IpAddr) -> IpAddr {
    match client {
        IpAddr::V4(_) => client,
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
    }
}

/// How long wrong passwords are remembered, from the first of them.
const MEMORY: Duration = Duration::from_secs(600);

/// The most clients whose wrong passwords are remembered; beyond it, the oldest are forgotten.
const MOST: usize = 10_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_from_one_place_are_enough_for_a_while() {
        let wire = WireLimits {
            auth_tries_per_client: 2,
            ..WireLimits::default()
        };
        let guesses = Guesses::default();
        let now = Instant::now();
        let later = now + MEMORY;
        let [one, same, other]: [IpAddr; 3] =
            ["2001:db8::1", "2001:db8::ffff:2", "2001:db8:0:1::1"].map(|it| it.parse().unwrap());
        guesses.note(one, now);
        assert!(!guesses.are_too_many(one, &wire, now));
        guesses.note(same, now);
        assert!(guesses.are_too_many(one, &wire, now));
        assert!(!guesses.are_too_many(other, &wire, now));
        assert!(!guesses.are_too_many(one, &wire, later));
        guesses.note(one, later);
        assert!(!guesses.are_too_many(one, &wire, later));
    }

    #[test]
    fn no_more_places_are_remembered_than_there_is_room_for() {
        let guesses = Guesses::default();
        let now = Instant::now();
        let at = |number: usize| IpAddr::from(u32::try_from(number).unwrap().to_be_bytes());
        for number in 0..MOST + 2 {
            guesses.note(at(number), now + Duration::from_millis(number as u64));
        }
        let left = guesses.0.lock().unwrap();
        assert_eq!(left.len(), MOST);
        assert!(!left.contains_key(&at(1)) && left.contains_key(&at(MOST + 1)));
    }
}
