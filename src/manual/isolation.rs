//! Isolation: messages are read by processes that can do nothing else.
//!
//! A stranger chooses every octet that a reader of PDF, ZIP or HTML sees. Rust keeps such a reader from writing where it must not; it
//! does not keep it from using all memory, running for ever, nesting until the stack ends, or having a bug in the C of a
//! decompressor. In the process that holds all conversations, any of these would cost every message under way.
//!
//! So the gate reads no message. It hands each to an *inspector*: the same program, started as `sluse inspect-worker`, one for each
//! core, with a socket to the gate and nothing else.
//!
//! # What an inspector may not do
//!
//! It takes these away from itself before it is handed its first message, each for itself, so that a kernel that lacks one gives the
//! others. Which stand is told at every start (`inspectors are ready`), with what is missing and why.
//!
//! | wall | what it keeps out | since |
//! |---|---|---|
//! | Landlock | opening, making, removing any file; TCP; signals to others (abi 6); whatever is asked for is refused | Linux 5.13 |
//! | seccomp | every system call but some thirty: no file is opened, no socket made, no program or thread started, no memory made executable, nothing written but complaints | Linux 3.17 |
//! | limits | memory (`inspect.memory`), descriptors, processes, the size of files, core dumps | always |
//! | no new privileges | set-user-id programs | Linux 3.5 |
//! | memory hidden | other processes of the same user that would look into it | always |
//!
//! The environment is empty, and the key of fingerprints comes over the socket, for arguments can be read by everybody. The message comes as
//! octets if it is short (64 KiB), else as a descriptor: of sealed memory, or of a file without a name that is opened to be read
//! only. So not even an inspector that a message has taken over changes what is sent on after it.
//!
//! # What the gate believes
//!
//! An answer is at most 16 MiB, and every word of it is looked at: enumerations are ours, patterns are of the packs, evidence has the
//! form of evidence, and what is shown of foreign texts is masked once more. An answer that cannot be ends the inspector. What the gate
//! cannot see is a lie: a message that takes an inspector over can say of itself, and of those after it, that there is nothing in
//! them. Such an inspector is confined, and lives for 10,000 messages at most; a process for every message would end that, and
//! costs far more (below).
//!
//! # What each misfortune becomes
//!
//! | what happens | what becomes of the message | reason of the gap |
//! |---|---|---|
//! | a reader panics | a gap; the inspector goes on | `damaged` |
//! | an inspector dies in it, or is killed | a gap | `damaged` |
//! | it runs out of memory or of stack | a gap | `limit` |
//! | it is not done in `limits.read.time` | what was read until then, and a gap | `timeout` |
//! | it does not stop within 2 s after that | the inspector is killed; a gap | `timeout` |
//! | its answer cannot be | the inspector is killed; a gap | `damaged` |
//! | it dies before it has begun, or does not begin within 2 s | another is asked, five at most; then deferred (451 4.3.2) | |
//! | no inspector can be started | deferred (451 4.3.2) | |
//! | none is free in time | deferred (451 4.3.2) | |
//!
//! A gap is judged by policy, and the shipped one sends it by the secure route. A message that an inspector has *begun* is never given to
//! another: it would cost that one too. That a message was begun is said by one octet, sent when it is there and before anything looks
//! at it. An inspector that is gone is replaced at once, and where that fails, after a pause that doubles from 100 ms to 10 s.
//!
//! # Packs that are exchanged
//!
//! An inspector has the packs it was started with. When the configuration is read again ([`operation`](super::operation)), the gate proves the new ones, starts as many inspectors with them, and when all
//! are ready puts them in the place of the old, each of which still ends the message it has. If one does not start, nothing changes. For
//! a moment there are twice as many.
//!
//! # Their end
//!
//! An inspector ends when its socket does, however the gate ended; one that hangs then, 30 s after its time. It is not bound to the
//! life of the gate by the kernel (`PR_SET_PDEATHSIG`), which binds it to the *thread* that started it, and a runtime ends threads. It
//! heeds no SIGTERM, SIGINT or SIGHUP: service managers and terminals send those to all processes at once, while the gate still has messages
//! to be read.
//!
//! # What it costs
//!
//! Measured on two busy cores (22 November 2026, release build): a text of 4 KB takes 0.84 ms in process and 0.75 to 0.99 ms by an
//! inspector, at the median of 500; the difference is smaller than what neighbours on the machine do to either. An inspector is ready 0.34 s
//! after it was started, of which compiling the packs takes 0.18 s; that is what a process for every message would cost. Each
//! holds some 40 MB, 30 to 40 MB of them its own: the packs, mostly.
//!
//! The bench is `benches/inspect.rs`: `text`, `text_by_an_inspector`, `start_of_an_inspector`, `packs`.
