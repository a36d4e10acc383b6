//! Large choices, each with what would make it be made again.
//!
//! **A codec of our own.** Every SMTP crate looked at accepts an end of data that is none, loses the parameters of the
//! envelope, or cannot stream. The wire is what the product is for.
//!
//! **rusqlite, not sqlx.** The incident log has one writer on one thread and needs to know when a commit is on disk. SQLite
//! offers that as a function call; an asynchronous layer over it adds a pool, a runtime and a macro step for nothing. PostgreSQL, when
//! several gates share one log, is to come as a second store behind the same few calls, with tokio-postgres.
//!
//! **A map of the spool by `vmap`.** Readers want one slice of the message, and copying 50 MB for each is what a small machine
//! dies of. A map is unsound when another process shortens the file under it, which is why most crates make it `unsafe`, and
//! `unsafe` is forbidden here. Ours cannot be shortened: the memory file is sealed, and the disk file has no name. `vmap` has
//! a safe call for it. If it were no longer kept, a copy bounded by the number of readers would do.
//!
//! **A walk over MIME of our own.** It was to be mail-parser's view, with a second reader beside it. Of 122 messages built to be read
//! differently by different programs, mail-parser 0.11.9 loses something of 50, nearly always in silence; it cuts encoded nesting at three
//! levels, and 50,000 nested messages overflow its stack, which ends the process and every conversation in it. A walk that bounds depth,
//! parts and fields, copies nothing, and hands over what no part holds (preamble, epilogue, lines an encoding cannot own) is our subject.
//! mail-parser stays as the second opinion in `tests/mime/oracle.rs` and for its tables of rare charsets. The second reader is there
//! all the same, and reads what the walk shows as text: [`evasion`](crate::manual::evasion) tells why.
//!
//! **HTML tokens of our own.** html5ever's tokenizer took nine tenths of the time of a message with HTML in it, in the path of every
//! mail. Ours cuts the same tokens, which a property test holds it to, with html5ever as the oracle and its table of entities.
//!
//! **hayro for PDF.** Highest recall of the engines measured, no panic in 700 files, pure Rust.
//!
//! **A reader of compound files of our own.** Old Office documents and Outlook messages are small file systems. Of 6,000 such
//! files with one wrong number in each, the crate `cfb` refused 701; another program may open them. Ours follows chains as far as they
//! go, finds entries the directory has lost, and spends the budget.
//!
//! **Readers of 7z and tar of our own.** The crate `sevenz-rust2` unpacks the header of an archive before anybody can set it a limit, and
//! `tar` stops at the first header that does not add up, where other programs go on. Neither format is large; the codecs of 7z are the
//! crates that `zip` unpacks with.
//!
//! **rars for RAR.** It is young, and was written from a description of the format; the other unpackers are the code of UnRAR, whose licence
//! is not free. It is asked for one pass, for no more than 192 MiB of memory, and whatever it panics on is a gap.
//!
//! **argon2 for the passwords of clients.** argon2id is what RFC 9106 and OWASP recommend, and its crate is of the family that `hmac` and
//! `sha2` are of. `crypt` of the system would take what `/etc/shadow` holds and needs `unsafe`; PAM and Dovecot would ask another
//! process for every password, and be the way to have people's own passwords, if ever people are to send here.
//!
//! **A pool of processes for reading.** Threads cannot be ended, and share their memory with every conversation. A process for each
//! message can be ended best of all, and costs more than most messages. Why and how is in [`isolation`](super::isolation); behind the
//! door ([`Door`](crate::inspect::Door)) nobody sees which it is.
//!
//! **JSON between the gate and its inspectors.** An inspection is a few hundred octets, and the parser of it, which reads what a
//! stranger may have brought about, is one that everybody uses. Of what isolation costs, it is the smallest part.
