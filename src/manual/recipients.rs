//! The answer to a message whose recipients differ: one may have it in the clear, another may not.
//!
//! Over SMTP a message has one reply after the dot, and a 250 takes responsibility for every recipient that was accepted
//! (RFC 5321 section 6.1). Whoever splits such a message over two next hops has, when one takes it and the other does not, no true
//! reply left: 250 loses it for some, 451 sends it twice to others, 550 lies about those who have it. A server with a queue can keep
//! what is left over. Sluse has none.
//!
//! | how | what is true | what it costs |
//! |---|---|---|
//! | SMTP, strictest (default) | one thing is done for all: what the strictest of them needs | a colleague gets it by the secure route, or not at all |
//! | SMTP, `route_conflict = "defer"` | every transaction has recipients who are protected alike | the second half comes when the client tries again |
//! | SMTP, one recipient a transaction | everything | a copy, and a reading, for each recipient |
//! | LMTP | everything | nothing |
//!
//! # LMTP
//!
//! LMTP (RFC 2033) was made for servers without a queue: after the dot it has a reply for each recipient, and the client keeps the
//! message for exactly those who are to be tried again. So it is the shape to choose where the mail server can speak it, as
//! Postfix can (`config/postfix/lmtp-master.cf`), and Exim (`protocol = lmtp` of its `smtp` transport).
//!
//! Each recipient is judged as if there were no others. Those to whom the same is done are one *lot*
//! ([`judge_each`](crate::policy::judge_each)), and each lot has one transaction with its next hop. Its recipients hear what that next
//! hop said to them: its refusal at RCPT, or its reply to the message. If it dies after the dot, the outcome is unknown for those
//! it had accepted, and for nobody else (451).
//!
//! *All lots are sent at once.* One that is slow would use up the time of the next, and the longer the whole takes, the likelier the client
//! is gone before it hears that some have it: it would send to them again. The replies are said together, in the order of the
//! envelope, when the last is known; a client must therefore wait as long as the slowest next hop may take.
//!
//! *The normal next hop is asked in lockstep, as over SMTP.* At RCPT nobody knows yet who goes which way, and the words of the next
//! hop about somebody it does not know are worth most then. It has heard the whole envelope by the final dot. If all of it goes
//! there, DATA follows. If not, the envelope is taken back by RSET and told again without the others, for what was once accepted there
//! would be delivered there. Nothing has been sent by then, so this can always be done; if the connection is lost over it, another is
//! opened.
//!
//! *A lot has an incident of its own*, where it has one: with its recipients, its route and its outcome, which is therefore true of all
//! of them. When the mail server tries again it does so for the recipients of a lot that was deferred, and by them and the octets
//! that attempt is known to be of the same incident. A next hop may still treat the recipients of one lot differently; then the
//! outcome is `mixed` and tells who got what. All incidents of a message are durable before any of it is sent; if one cannot be, the
//! whole message is deferred, for a log that can hold only half of what a message did is no better than one that cannot be written.
//!
//! *The words of a refusal* say that this recipient did not get it, and nothing of others.
//!
//! # `route_conflict = "defer"`
//!
//! What protects a recipient follows from his address and the normal route, before anybody has read the message. With this setting a
//! recipient who is protected otherwise than the first who was accepted is answered 452 4.5.3 at RCPT, which every client takes for
//! *send him a copy of his own*. It splits messages that need no splitting, too, for at RCPT nobody knows what is in them. Exchange
//! sends the second copy soon; Postfix when it next tries, after `minimal_backoff_time` (five minutes), so there the next way is
//! better. Before the queue (`smtpd_proxy_filter`) it is of no use, for the client is then somebody's mail program.
//!
//! # One recipient a transaction
//!
//! `guard_destination_recipient_limit = 1` in `main.cf`, `guard` being the transport that hands messages to Sluse, makes Postfix send
//! each recipient's copy by itself, so each has a reply. Everything is true then, as over LMTP, and each copy is read.
