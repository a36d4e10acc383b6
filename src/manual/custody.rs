//! Custody: Sluse never owns a message.
//!
//! A mail server that answers 250 after the final dot has taken responsibility for the message (RFC 5321 section 4.2.5).
//! Sluse has no queue, so it must never be the one who holds that responsibility: the next hop's final reply becomes ours,
//! and there is no other way in the program to a 2xx after the dot.
//!
//! # The point after which nothing can be taken back
//!
//! Everything before the last octet of `CRLF.CRLF` is written to the next hop can be undone by closing the connection. So
//! everything that may go wrong is done before it: the whole message is in the spool, read, judged, recorded, and the
//! deadline is looked at once more. After it there are three outcomes: the next hop's reply, which is passed on as it is; or no
//! reply, which is *unknown* and answered 451. An unknown outcome is never retried on another host within the transaction, for
//! that is how duplicates are made.
//!
//! # Why a duplicate is possible, and a loss is not
//!
//! RFC 1047 told it in 1988: between the next hop's 250 and ours there is a moment in which we may die. The client then sees
//! no reply, keeps the message and sends it again. Exactly-once cannot be had; at-least-once can.
//!
//! # Lockstep
//!
//! MAIL and RCPT are passed to the normal next hop as they come, so that a recipient it does not know is refused to
//! the client who named him, by the next hop's own words. When the verdict asks for another route, the envelope is replayed
//! there. A recipient refused *there* refuses the message for all: nothing was sent yet, and one reply has to be true for
//! everybody. Over LMTP each recipient has a reply, so there is less to be made one: see [`recipients`](super::recipients).
//!
//! # Time
//!
//! Postfix waits 100 s for a before-queue filter and then tells its user `queue file write error`, which nobody can
//! understand. `time.verdict` (80 s) is counted from the client's final dot to our last octet to the next hop.
