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
//! # Several hosts
//!
//! A route may end at several hosts. The first that is well takes the message; one that is *ill* is left for the next, and tried
//! last for a while (`time.ill`, doubled each time it fails again up to `time.ill_most`). When its time has come, one transaction
//! tries it and the others go on elsewhere until that one has found out.
//!
//! | what a host does | what it means |
//! |---|---|
//! | cannot be connected to; refuses greeting, EHLO, STARTTLS, AUTH; has no good certificate | it is ill |
//! | hangs up, falls silent, speaks nonsense, says 421, at any command or inside the message | it is ill |
//! | refuses MAIL with 4.3.x, or with 452 and no enhanced code: its disk, its load | it is ill |
//! | refuses MAIL otherwise; refuses RCPT, DATA, or the message | an answer, passed on |
//! | anything after the last octet of the end of data | an answer, or unknown: no other host is asked |
//!
//! What the client was told stays true. Once MAIL or RCPT was answered with the words of one host, going on with another means saying
//! it all again: whoever was accepted must be accepted again, or the message is deferred (451), for hosts of one route that disagree
//! are a matter for the next try. Whoever was refused is not offered again: he is not in the transaction.
//!
//! Looking for a host at MAIL and RCPT takes at most `time.verdict`, and after the client's dot what is left of it; each host that
//! was not tried has an equal part, so one that hangs leaves time for the next. The addresses of one host share its part.
//!
//! # Connections that are kept
//!
//! A connection is used again for a while: 5 s without work, 5 min and 100 transactions in all, between them RSET. One that stood for
//! more than a second is first asked by RSET whether it still stands. Where a kept one turns out to be stale at MAIL, the same is
//! said once on a new one: nothing was promised yet.
//!
//! # Time
//!
//! Postfix waits 100 s for a before-queue filter and then tells its user `queue file write error`, which nobody can
//! understand. `time.verdict` (80 s) is counted from the client's final dot to our last octet to the next hop.
