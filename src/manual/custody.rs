//! Custody: Sluse never owns a message.
//!
//! A mail server that answers 250 after the final dot has taken responsibility for the message (RFC 5321 section 4.2.5).
//! Sluse has no queue, so it must never be the one who holds that responsibility: the next hop's final reply becomes ours.
//! There is one other way in the program to a 2xx after the dot, and it needs such a reply too: the retry journal, below.
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
//! There are two such moments, and they differ. In the first the next hop's reply is lost on its way to us. Nobody on our side knows
//! whether it has the message; it is answered 451, and the retry is sent. In the second the reply has reached us and ours does not reach
//! the client, because we are killed, or it is gone. Then we do know, and can remember.
//!
//! # The retry journal
//!
//! Where `[journal]` names a file, a message that the next hop has taken is noted there before its client is told, and the note is on the
//! disk first. The retry of it is answered `250 2.0.0 Already relayed` and not sent. It is not read either, and makes no incident: what
//! policy would say of it today changes nothing about where it is. If we were killed before its incident was told what became of it, it is
//! told then.
//!
//! A wrong *already relayed* is a lost mail, which is far worse than a second copy. So all of this must hold:
//!
//! | what | why |
//! |---|---|
//! | the message has one `Message-ID` | of two cron mails with the same words and no name, nobody can tell whether the second is a retry |
//! | sender, recipient and all octets are the same, but for the trace | the same name on other words is another message |
//! | the client of the first attempt did not hear our reply | one that has heard has no reason to try again: what it sends then is meant |
//! | the entry was not used | each pays for one retry, so that two messages that are alike in everything are two |
//! | it is younger than `journal.kept` | no mail server tries for longer |
//!
//! *The trace* is `Received`, `Return-Path`, `DKIM-Signature`, `Authentication-Results` and the fields of ARC: a mail server in front of
//! the queue puts a new `Received` on each attempt of its own client, and may sign anew. A mail server that retries from its queue sends
//! the same octets, so for it nothing would have to be left out. Fields that begin with `X-` count: some of them are all that tells
//! two reports of a program apart. One that changes at each attempt costs a duplicate. So does a sender's program that gives a message a new
//! `Message-ID` when its user presses *send* again; that is another message in the eyes of everybody.
//!
//! *Heard* is what can be seen of it: the client said something more on the connection after our reply, or it had said QUIT before it
//! (with the end of the message, as Postfix does) and had not hung up when our reply was written. What stood in our socket by then
//! proves nothing else, for it was said before. A connection that we end ourselves, to stop or for what it says, counts as heard where
//! our last word could be written: the other way would swallow a mail that is sent again on purpose. Then the entry is forgotten,
//! within the same second, so a journal is nearly always nearly empty. As long as the connection stands on which an entry was made,
//! nobody else is answered by it, and the same message from elsewhere waits as below: a client that is lost without a sign is found out
//! only when its time is up, and its retry may come before. A connection that ends in any other way leaves its entry behind for the
//! retry; so does a kill, and a loss of power may leave behind the few that were forgotten last, for which a sync is not waited for.
//!
//! *A message that is being sent* is known too, from its final dot until its client is answered. A retry that comes meanwhile, as that of
//! a client which lost patience with a slow next hop, is answered `451 4.4.5`: sent now, it would arrive twice, and whether it is to be sent
//! at all is known in a moment. However the attempt ends, it is known as such no more; what it came to then holds, as above. This is kept in
//! memory and in no file: an entry that says `sending` would cost a sync before the dot, and could only say after a kill what is the case
//! without it: it is not known, so the message is sent.
//!
//! *Over SMTP* there is one reply for all recipients. Where an earlier attempt was taken for some of them, as when another was refused for
//! now at RCPT, the message is sent to the others, and what comes of that is the reply: a yes is true of all, and after a no the
//! entries wait for the next attempt. While it is being sent to one of them, it waits for all. *Over LMTP* each is answered by himself.
//!
//! *A journal that cannot be written* holds up no mail. The next hop has the message, so to defer it would make the very duplicate that
//! the journal is to prevent. An error is logged, and the entry is known for as long as the process lives. A journal that is full lets go
//! of its oldest entries, whose retries are the least likely to come.
//!
//! *What it costs*: a sync of the disk for each message, which messages that come together share, and for each message a hash of its
//! octets. Without `[journal]` it costs nothing.
//!
//! # The fault matrix
//!
//! `tests/journey/matrix.txt` has, for each side, phase and misfortune, what client and next hop saw of it, and how often the message
//! was delivered after the client had done what it should: without a journal and with one. Nothing is lost in any cell.
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
//! last for a while (`limits.time.ill`, doubled each time it fails again up to `limits.time.ill_most`). When its time has come, one transaction
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
//! Looking for a host at MAIL and RCPT takes at most `limits.time.verdict`, and after the client's dot what is left of it; each host that
//! was not tried has an equal part, so one that hangs leaves time for the next, while it is connected to and at every command and block of
//! the message until the last octet of the end of data is on its way. The addresses of one host share its part. The last host that is left has all the time there
//! is. A host that had less than 5 s is left, and is not called ill for it.
//!
//! A host may lack an extension that the message needs (SMTPUTF8, 8BITMIME, REQUIRETLS). Where another of the route is known to offer it,
//! that one is tried, and where it is not to be had, the message is deferred (451); only where none is known to is it refused.
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
//! understand. `limits.time.verdict` (80 s) is counted from the client's final dot to our last octet to the next hop.
