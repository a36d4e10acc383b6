//! Operation: who may come in, what TLS proves, and how a running Sluse is told something else.
//!
//! # Who may come in
//!
//! Sluse hands on whatever it is given, so whoever it takes messages from may send in the name of the organization. There are three ways
//! to be trusted, and a listener that has none is not opened: by network, by a certificate whose authority *and* name are
//! configured, or by a password ([below](#the-password-of-a-client)). A name alone could be anybody's, an authority alone everybody's: the certificate of Exchange Online is the same for
//! every tenant, which `sluse check` warns of.
//!
//! The certificate of a client is verified inside the handshake, so that a client without a good one never speaks SMTP. One that is
//! made out for servers will do: mail servers show the one they have, and public authorities issue no others any more. Sessions are
//! not taken up again where certificates are asked for, because a certificate that has run out meanwhile would not be looked at.
//!
//! # STARTTLS
//!
//! In 2011 it was found that most servers kept what had come behind STARTTLS in the same segment and took it, after the handshake,
//! for what the client had said under its protection (CVE-2011-0411; many clients and servers still did in 2021). Here
//! [`Session`](crate::smtp::Session) ends the connection when a single octet stands behind the command (421 4.7.0), looks at nothing
//! until the handshake is done, and forgets everything from before it but the count of mistakes. What comes in a later segment is read by
//! the TLS library and is no handshake.
//!
//! # A proxy in front
//!
//! Whoever sends a PROXY header chooses the address that trust is decided by. So it is read only on listeners that say so, only from
//! the networks named there, exactly once, and never guessed: a connection from elsewhere is refused, and one without a good header is
//! closed. The header is read to its last octet and no further, for what follows may be the client's TLS. A proxy that speaks for itself
//! (`LOCAL`, `UNKNOWN`) is a client like others and is trusted only if its own network is.
//!
//! # The password of a client
//!
//! Some clients are known neither by network nor by certificate: a system on a changing address, a scanner, a branch office. Where a
//! listener names a file of `users`, whoever comes from elsewhere than a trusted network must say by AUTH who it is (RFC 4954), and a listener
//! without trusted networks trusts nobody else, not even this machine. A certificate that is asked for is asked for all the same.
//!
//! The mechanisms are PLAIN and LOGIN, for the devices that need this know no other. Both tell the password itself, so they are offered and
//! taken under TLS only (538 5.7.11), and `sluse check` refuses a listener with users and no TLS. CRAM-MD5 and SCRAM would need something
//! on disk that is as good as the password, or clients that there are not.
//!
//! On disk is an argon2id hash (RFC 9106, a PHC string), made to be slow: 19 MiB of memory and tens of milliseconds for each try. That
//! is work a stranger can ask for, so it is bounded: half of the processors verify at once, whoever waits for more than 10 s is told
//! 454 4.7.0, a connection has three tries (`limits.wire.auth_tries`), and an address twenty in ten minutes (`auth_tries_per_client`).
//! Anybody may connect where passwords are taken, so those who have not authenticated have few seats of their own
//! (`connections_unproved`, a fifth of them for one address), must be done within the time for one command, and cannot keep out mail
//! servers. A user that there is not takes as long as the dearest that there is. Which of the two was wrong is not told, and not
//! logged: a name that is not known may be a password typed into the wrong field.
//!
//! The users are read again with everything else. A client whose user is gone, or has another hash, may end the message it has begun;
//! its next MAIL is answered 421 4.7.1. The name of a user who has authenticated stands in each line of the log of its session; it is
//! configuration, so call it by the system, not by a person.
//!
//! # A password for a next hop
//!
//! It stands in a file, is read into memory that is wiped, has no `Debug`, and is part of what the *verified* kind of TLS is made of: a
//! route that is in the clear or takes any certificate has no place to put one. Of the reply only the code is logged, for it might
//! repeat what was said.
//!
//! # Read again
//!
//! SIGHUP, which is what `sluse reload` sends, has everything read that a start reads. If all of it is good it takes the place of the old
//! as one; else each reason is logged with its file and line, and nothing changes. `sluse reload` reads the configuration first, so
//! that whoever typed a mistake is told where it was typed. It finds the process by `pid_file`, whose *lock* is what counts: a
//! number that was left behind may be somebody else's. There is no socket to be told by, for it would be one more way in. What
//! came of it the process notes in the second line of that file, which `sluse reload` waits for: it ends with 2 where the
//! configuration was not exchanged, and so does `systemctl reload sluse`. Where there is no `pid_file`, only the log tells.
//!
//! What holds for what:
//!
//! | | keeps |
//! |---|---|
//! | a connection | the certificate, limits and times it began with |
//! | a client whose network is trusted no more, or whose user is not there or has another hash | the message it has begun; its next MAIL is answered 421 4.7.1 |
//! | a message | the packs, policy and routes that are in force at its final dot, to its end |
//! | a connection to a next hop | its life, if its route and the files of that say what they said before |
//!
//! Packs and policy are one: a policy that does not know the names of the packs would let out what they find. Inspectors are exchanged
//! first, then the gate, and between them there is a moment in which a message that waited is read by the new packs and was to be judged
//! by the old policy. It is judged by the gate whose packs it was read by, which is awaited for a second; if there were
//! none, it would be deferred.
//!
//! # A service manager
//!
//! `sluse serve` says when it takes messages (`READY=1`), when it reads its configuration (`RELOADING=1`, then `READY=1` whether the new
//! one was good or not, for either way it takes messages), and when it stops. Sockets that were listened on before it started take
//! the place of those it would make, each by its *address*. A name would be a second place where it says who may come in by which
//! socket; as it is, the configuration alone says so, and a socket it does not know is an error.
//!
//! The watchdog is fed by a task that asks what a restart would mend: whether the runtime runs a new task, whether each loop that
//! takes connections answers, whether the thread that writes the incident log is there. A full disk, a next hop that is down and
//! inspectors that cannot be started do not starve it. A restart would not help, and would cut off whatever is under way; `/readyz`
//! ([`watching`](super::watching)) tells of those. While messages under way are finished it is fed without a question, for how long that may take
//! is for the limits to say, and for `TimeoutStopSec`, which is longer than the longest of them.
//!
//! # Too much at once
//!
//! | what there is too much of | the bound | beyond it |
//! |---|---|---|
//! | connections | `limits.wire.connections`, `connections_per_client` | 421 before a word is said |
//! | connections than descriptors | the system's | those beyond wait to be accepted; a message that needs one is deferred |
//! | messages to be read | `inspect.waiting`, `ocr.waiting` | 451 4.3.2 at MAIL, before the message is sent in vain, or at its end |
//! | octets of messages | `spool.memory` each, then the disk; `spool.total` all | 452 4.3.1 |
//! | memory to read one | `inspect.memory` | a gap |
//! | incidents to be recorded | `incident.queue`, `incident.patience` | 451 4.3.0 |
//! | memory of the machine | the system's | it ends an inspector rather than the gate, and the unit goes on (`OOMPolicy`): a gap |
//!
//! Without the third, every message would wait until its deadline, and be deferred after its client had waited for more than a minute,
//! having kept those behind it waiting: the more came, the fewer would be read. With it, as many are read as ever, and the rest is told
//! at once to come again.
//!
//! # What cannot be exchanged
//!
//! What the system gives once cannot be exchanged: addresses, the incident log and its key, the retry journal, the number and memory of inspectors and
//! how many messages wait for them, the format of the log, the `pid_file`. A change of these is logged as `needs a restart`, at every exchange until there was one.
