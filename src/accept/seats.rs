//! How many connections there are at once, in all and from each client.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use crate::limits::WireLimits;
use crate::smtp::Reply;

/// The connections that are open.
#[derive(Debug)]
pub(super) struct Seats {
    most: usize,
    most_per_client: usize,
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
    client: IpAddr,
}

impl Seats {
    /// All seats, free.
    pub(super) fn new(wire: &WireLimits) -> Arc<Self> {
        Arc::new(Self {
            most: wire.connections,
            most_per_client: wire.connections_per_client,
            taken: Mutex::default(),
        })
    }

    /// A seat for a client, or what it is to be told.
    pub(super) fn take(self: &Arc<Self>, client: IpAddr) -> Result<Seat, Reply> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let of_client = taken.by_client.get(&client).copied().unwrap_or(0);
        if taken.all >= self.most {
            return Err(Reply::TOO_MANY_CONNECTIONS);
        }
        if of_client >= self.most_per_client {
            return Err(Reply::TOO_MANY_FROM_CLIENT);
        }
        taken.all += 1;
        taken.by_client.insert(client, of_client + 1);
        Ok(Seat {
            seats: Arc::clone(self),
            client,
        })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self
            .seats
            .taken
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        taken.all -= 1;
        // A client that is gone leaves nothing behind.
        match taken.by_client.get_mut(&self.client) {
            Some(of_client) if *of_client > 1 => *of_client -= 1,
            _ => drop(taken.by_client.remove(&self.client)),
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
        let seats = Seats::new(&wire);
        let [one, other]: [IpAddr; 2] = [[192, 0, 2, 1].into(), [192, 0, 2, 2].into()];
        let first = seats.take(one).unwrap();
        let second = seats.take(one).unwrap();
        assert_eq!(seats.take(one).unwrap_err(), Reply::TOO_MANY_FROM_CLIENT);
        let third = seats.take(other).unwrap();
        assert_eq!(seats.take(other).unwrap_err(), Reply::TOO_MANY_CONNECTIONS);
        drop(first);
        assert!(seats.take(one).is_ok());
        drop((second, third));
        assert!(seats.taken.lock().unwrap().by_client.is_empty());
    }
}
