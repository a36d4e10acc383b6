//! Record before reply: an incident is on disk before anybody hears of the message.
//!
//! An incident is opened when a recipient outside had less protection than the message needs, whatever was then done:
//! a *near miss* when it was secured or refused, a *breach candidate* when it left (a rule that only observes). The record is
//! committed with `synchronous = FULL` before the first octet of the message goes anywhere and before a refusal is
//! spoken. If it cannot be committed, because the disk is full or the file locked, the message is deferred with 451 4.3.0:
//! a log with holes is worse than a late mail, for it is what a controller shows under GDPR article 33(5).
//!
//! What then happened is added as an event afterwards. If that second write fails, the reply is not changed by it: the
//! message is gone, and the log line says so.
//!
//! A client that retries a deferred message would make an incident of every attempt. The same sender, recipients and
//! message octets within five days are one incident with one more event. Over LMTP that is so for each
//! [lot](super::recipients) of recipients to whom the same is done: it has an incident of its own, and comes again by itself.
//!
//! Suspicion is not knowledge: the 72 hours of article 33(1) run from when a person confirms a breach, so an incident
//! carries the time it was noticed and has no opinion about the clock.
