//! The guard is not a leak: how personal data is kept from every log, reply and report.
//!
//! It is kept by type, because care fails.
//!
//! * Text that was read ([`Text`](crate::extract::Text)) has no `Display`, and its `Debug` tells how much there is.
//! * What was found is masked when the finding is made ([`Evidence`](crate::detect::Evidence)): `1402XX-XXXX`. There is no way back.
//! * Whom it is about is a keyed hash ([`Fingerprint`](crate::detect::Fingerprint)). There are some 10⁹ possible CPR numbers, so an
//!   unkeyed hash would be the number itself; the key lies in a file of its own, never in the database.
//! * Addresses and file names may hold numbers (people write `010190-1234@…` to reach Digital Post), so they are shown only as
//!   [`Masked`](crate::mail::Masked).
//! * A next hop's reply repeats addresses. The client gets it as it is, for it is about the client's own words; a log gets it masked.
//! * A panic message may quote what it failed on. The program's panic hook tells the place in the source and nothing else.
