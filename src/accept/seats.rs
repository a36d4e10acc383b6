//! How many connections there are at once: in all, from each client, and of those who have yet to say who they are.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::accept::guesses::place;
use crate::limits::WireLimits;
use crate::metrics::catalogue::CONNECTIONS;
use crate::smtp::Reply;

/// The connections that are open.
#[derive(Debug, Default)]
pub(super) struct Seats {
    taken: Mutex<Taken>,
}

#[derive(Debug, Default)]
struct Taken {
    all: usize,
    unproved: usize,
    by_client: HashMap<IpAddr, usize>,
    unproved_by_place: HashMap<IpAddr, usize>,
}

/// The right to one connection, given back when it is dropped.
#[derive(Debug)]
pub(super) struct Seat {
    seats: Arc<Seats>,
    /// `None` while it is only known by which proxy it came.
    client: Option<IpAddr>,
    standing: Standing,
}

/// What is known of who sits there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Standing {
    /// The client is trusted, or it is not known yet whose connection it is.
    Trusted,
    /// Anybody, from this place: it may tell a password.
    Unproved(IpAddr),
}

impl Seats {
    /// All seats, free.
    pub(super) fn new() -> Arc<Self> {
        Arc::default()
    }

    /// A seat for a connection, or what its client is to be told. Limits may change from one to the next.
    pub(super) fn take(self: &Arc<Self>, wire: &WireLimits) -> Result<Seat, Reply> {
        let mut taken = self.taken();
        if taken.all >= wire.connections {
            return Err(Reply::TOO_MANY_CONNECTIONS);
        }
        taken.all += 1;
        CONNECTIONS.add([], 1);
        Ok(Seat {
            seats: Arc::clone(self),
            client: None,
            standing: Standing::Trusted,
        })
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seat {
    /// Counts it as one of this client's, or says what the client is to be told. Told once.
    pub(super) fn is_of(&mut self, client: IpAddr, wire: &WireLimits) -> Result<(), Reply> {
        let mut taken = self.seats.taken();
        let of_client = taken.by_client.get(&client).copied().unwrap_or(0);
        if of_client >= wire.connections_per_client {
            return Err(Reply::TOO_MANY_FROM_CLIENT);
        }
        taken.by_client.insert(client, of_client + 1);
        self.client = Some(client);
        Ok(())
    }

    /// Counts it as one of those that must yet authenticate, or says what the client is to be told. Whoever may be anybody must not
    /// take the seats of mail servers, nor one of them all that there are for the others: a place has a fifth of them. Told once.
    pub(super) fn is_unproved(&mut self, client: IpAddr, wire: &WireLimits) -> Result<(), Reply> {
        let place = place(client);
        let mut taken = self.seats.taken();
        if taken.unproved >= wire.connections_unproved {
            return Err(Reply::TOO_MANY_CONNECTIONS);
        }
        let of_place = taken.unproved_by_place.get(&place).copied().unwrap_or(0);
        if of_place >= wire.connections_unproved.div_ceil(5) {
            return Err(Reply::TOO_MANY_FROM_CLIENT);
        }
        taken.unproved += 1;
        taken.unproved_by_place.insert(place, of_place + 1);
        self.standing = Standing::Unproved(place);
        Ok(())
    }

    /// The client has authenticated.
    pub(super) fn is_proved(&mut self) {
        if let Standing::Unproved(place) = self.standing {
            self.standing = Standing::Trusted;
            let mut taken = self.seats.taken();
            taken.unproved -= 1;
            one_less(&mut taken.unproved_by_place, place);
        }
    }
}

/// Whoever is gone leaves nothing behind.
fn one_less(counts: &mut HashMap<IpAddr, usize>, of: IpAddr) {
    match counts.get_mut(&of) {
        Some(count) if *count > 1 => *count -= 1,
        _ => drop(counts.remove(&of)),
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.is_proved();
        let mut taken = self.seats.taken();
        taken.all -= 1;
        CONNECTIONS.add([], -1);
        if let Some(client) = self.client {
            one_less(&mut taken.by_client, client);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seats_are_counted_and_given_back() {
        let wire = WireLimits {
            connections: 3,
            connections_per_client: 2,
            ..WireLimits::default()
        };
        let seats = Seats::new();
        let take = |client: IpAddr| {
            let mut seat = seats.take(&wire)?;
            seat.is_of(client, &wire).map(|()| seat)
        };
        let [one, other]: [IpAddr; 2] = [[192, 0, 2, 1].into(), [192, 0, 2, 2].into()];
        let first = take(one).unwrap();
        let second = take(one).unwrap();
        assert_eq!(take(one).unwrap_err(), Reply::TOO_MANY_FROM_CLIENT);
        let third = take(other).unwrap();
        assert_eq!(take(other).unwrap_err(), Reply::TOO_MANY_CONNECTIONS);
        drop(first);
        assert!(take(one).is_ok());
        drop((second, third));
        assert!(seats.taken.lock().unwrap().by_client.is_empty());
    }

    #[test]
    fn those_who_have_yet_to_say_who_they_are_have_few_seats() {
        let wire = WireLimits {
            connections_unproved: 6,
            ..WireLimits::default()
        };
        let seats = Seats::new();
        let take = |last: u8| {
            let mut seat = seats.take(&wire).unwrap();
            seat.is_unproved([192, 0, 2, last].into(), &wire)
                .map(|()| seat)
        };
        let (mut one, other) = (take(1).unwrap(), take(1).unwrap());
        assert_eq!(take(1).unwrap_err(), Reply::TOO_MANY_FROM_CLIENT);
        let others = [2, 2, 3, 3].map(|last| take(last).unwrap());
        assert_eq!(take(4).unwrap_err(), Reply::TOO_MANY_CONNECTIONS);
        one.is_proved();
        assert!(take(1).is_ok());
        drop((one, other, others));
        let left = seats.taken.lock().unwrap();
        assert_eq!((left.all, left.unproved), (0, 0));
        assert!(left.unproved_by_place.is_empty());
    }
}
