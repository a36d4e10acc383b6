//! Need and have: how a message is judged.
//!
//! Datatilsynet asks two things of whoever mails confidential data: that the transport is encrypted and verified, and
//! that the risk was weighed. Neither is a property of a message alone or of a recipient alone, so policy asks one
//! question: *what protection does this content need, and does every recipient have it?*
//!
//! The rungs are `none`, `transport` (TLS that was verified), `sealed` (encrypted end to end, or handed to a gateway such
//! as Digital Post) and `inside` (it never leaves).
//!
//! # Protection belongs to a recipient on a route
//!
//! A partner who promises TLS has it only if the route that carries the message enforces it. A next hop that may fall back to
//! plain text protects nobody, whatever the recipient's domain publishes.
//!
//! # The subject
//!
//! Neither S/MIME nor Digital Post encrypts a subject, nor does a gateway's notice hide it. A CPR number there is refused with the
//! advice to take it out, even where the rest would be secured.
//!
//! # One reply for all
//!
//! SMTP has one reply after the dot. Splitting the recipients over two routes inside one transaction would mean that when
//! the second fails, the first cannot be taken back, and no reply would be true. So the strictest action over all
//! recipients holds for the message. Where each recipient has a reply, each is judged alone:
//! [`recipients`](super::recipients) tells how.
