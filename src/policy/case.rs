//! What is judged.

use std::collections::BTreeMap;

use crate::inspect::Inspection;
use crate::mail::Envelope;
use crate::policy::RouteName;

/// One message, as policy sees it.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// From whom, to whom.
    pub envelope: &'a Envelope,
    /// What it says.
    pub inspection: &'a Inspection,
    /// The ways it could go.
    pub routes: &'a Routes,
}

/// What a route does for a message on its way to a recipient.
///
/// Protection belongs to a recipient *on a route*: what is known of a domain counts only where the route that carries
/// the message enforces it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Carriage {
    /// It may fall back to plaintext somewhere, so it adds nothing and a partner's TLS is not relied on.
    #[default]
    Open,
    /// It reaches the domains of [`crate::policy::Policy::transport`] over verified TLS, or not at all.
    VerifiedTls,
    /// It ends at a secure gateway, reached over verified TLS: every recipient is sealed.
    Sealed,
}

/// Every route there is, by what it does.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Routes {
    /// The normal route.
    pub normal: Carriage,
    /// The secure routes.
    pub secure: BTreeMap<RouteName, Carriage>,
}

impl Routes {
    /// What is assumed where nothing is configured (`sluse scan`): an open normal route, and one secure gateway named
    /// `secure`, as the shipped policy names it.
    pub fn assumed() -> Self {
        Self {
            normal: Carriage::Open,
            secure: BTreeMap::from([(RouteName::new("secure"), Carriage::Sealed)]),
        }
    }
}
