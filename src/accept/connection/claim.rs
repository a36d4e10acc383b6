//! A client that says by a password who it is, and for how long that holds.

use std::sync::Arc;

use crate::accept::Journey;
use crate::accept::connection::Connection;
use crate::accept::terms::Entrance;
use crate::smtp::{Claim, Reply};

impl<J: Journey> Connection<'_, J> {
    /// Sees whether the client is who it claims to be.
    pub(super) async fn verify(&mut self, claim: Claim) -> Reply {
        let house = self.house;
        let reply = match &house.entrance.users {
            None => Reply::NOT_OFFERED,
            Some(users) => {
                let wire = &self.settings.wire;
                house
                    .verifier
                    .verify(users, claim, self.address, wire)
                    .await
            }
        };
        self.session.answer(&reply);
        if self.session.user().is_some() {
            self.seat.is_proved();
        }
        reply
    }

    /// Whether messages are taken from the client now. Terms that were exchanged hold for new connections; but who may no longer send
    /// is not to do so for as long as he stays.
    pub(super) fn is_still_trusted(&self) -> bool {
        let now = self.house.current.borrow();
        if Arc::ptr_eq(&now, self.house.terms) {
            return true;
        }
        let entrance = now.entrance(self.house.entrance.listener.address());
        let was = &self.house.entrance.listener;
        entrance.is_some_and(|entrance| {
            let now = &entrance.listener;
            // Whoever was never asked for a certificate is not known by one.
            now.believes(self.peer, self.address)
                && (now.trusts(self.address) || self.is_still_a_user(&entrance))
                && (was.knows_clients() || !now.knows_clients())
        })
    }

    /// A user whose password is another one now has to tell it.
    fn is_still_a_user(&self, entrance: &Entrance) -> bool {
        let (was, now) = (&self.house.entrance.users, &entrance.users);
        let (Some(user), Some(was), Some(now)) = (self.session.user(), was, now) else {
            return false;
        };
        now.agree(was, user)
    }
}
