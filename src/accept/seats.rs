//! How many connections there are at once, in all and from each client.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

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
    by_client: HashMap<IpAddr, usize>,
}

/// The right to one connection, given back when it is dropped.
#[derive(Debug)]
pub(super) struct Seat {
    seats: Arc<Seats>,
    /// `None` while it is only known by which proxy it came.
    client: Option<IpAddr>,
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
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.seats.taken();
        taken.all -= 1;
        CONNECTIONS.add([], -1);
        let Some(client) = self.client else { return };
        // A client that is gone leaves nothing behind.
        match taken.by_client.get_mut(&client) {
            Some(of_client) if *of_client > 1 => *of_client -= 1,
            _ => drop(taken.by_client.remove(&client)),
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
}
