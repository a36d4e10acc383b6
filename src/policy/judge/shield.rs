//! What protects each piece of a message on its way to a recipient.

use crate::mail::Address;
use crate::mime::Protection;
use crate::policy::{Carriage, Level, Policy};

/// How a recipient stands to the organization, whatever the route.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Standing {
    Inside,
    Gateway,
    Partner,
    Stranger,
}

impl Standing {
    pub(super) fn of(address: &Address, policy: &Policy) -> Self {
        match address.domain() {
            // `postmaster` alone is the postmaster of the server that takes it (RFC 5321 section 4.1.1.3).
            None => Self::Inside,
            Some(_) if policy.inside.surely_holds(address) => Self::Inside,
            Some(_) if policy.sealed.surely_holds(address) => Self::Gateway,
            Some(_) if policy.transport.surely_holds(address) => Self::Partner,
            Some(_) => Self::Stranger,
        }
    }
}

/// What protects each piece of a message on its way to one recipient by one route.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shield {
    /// The subject. Encryption of the message does not cover it, nor does Digital Post.
    pub(super) subject: Level,
    /// The other header fields. As the subject, but a gateway reads them itself: a CPR number in `To:` is how it is
    /// addressed.
    pub(super) header: Level,
    /// Findings in parts. Whatever encryption the message already has does not cover them: they could be read.
    pub(super) parts: Level,
    /// What was not found because it could not be read, and the message as a whole.
    pub(super) unfound: Level,
}

impl Shield {
    pub(super) fn of(standing: Standing, carriage: Carriage, own: Protection) -> Self {
        let on_the_wire = match (standing, carriage) {
            (Standing::Inside, _) => Level::Inside,
            (Standing::Partner, Carriage::VerifiedTls) => Level::Transport,
            _ => Level::None,
        };
        let header = match standing {
            Standing::Gateway => Level::Sealed,
            _ => on_the_wire,
        };
        let parts = match carriage {
            Carriage::Sealed => header.max(Level::Sealed),
            Carriage::Open | Carriage::VerifiedTls => header,
        };
        let unfound = match own {
            Protection::None => parts,
            Protection::Smime | Protection::Pgp => parts.max(Level::Sealed),
        };
        Self {
            subject: on_the_wire,
            header,
            parts,
            unfound,
        }
    }
}
