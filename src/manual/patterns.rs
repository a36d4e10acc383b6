//! Patterns: how packs are written, tuned and changed, and why they are as they are.
//!
//! **Data, not code.** What is recognized is what a security team argues about, so it must be theirs to read and change.
//! A pattern is a list of words with what they say, and texts that prove it.
//!
//! **No regular expressions.** They match letters, where the question is of words and of who is spoken of; they can be written
//! so that one message takes a minute; and hardly anybody can review them. A phrase says less, and its cost is bounded by
//! its form: the longest word of every phrase is looked for by hashing, and only where one stands is the rest of its phrase
//! tried, in at most a thousand ways.
//!
//! **Changes, not copies.** A copy of a shipped pack that was edited is cut off from every later release of it. An extension
//! names only what is different. When a release already has a word that an extension adds, or no longer has one that it
//! removes, that is a warning: an update must not keep mail from going out.
//!
//! **All or nothing.** A set of packs is used when every pack of it compiles and every example holds, those of the shipped
//! packs included: whoever adds a word is told what it breaks. Otherwise `serve` does not start, or, on SIGHUP, keeps the
//! packs it has and logs each problem with its file and line. Each message is searched by one set from its first octet to
//! its last; the log and the incident name its version, a hash of all that the packs say.
//!
//! **Nothing likely in warnings.** A warning that is false teaches people to ignore the others. A phrase is called unreachable
//! only where everything it finds is surely found by another phrase of at least its weight.
//!
//! # How to tune
//!
//! 1. `sluse patterns explain --file mail.txt` tells what was weighed in a text that was judged wrongly, and by which phrases.
//! 2. Add the phrase, or the counterexample with the phrase of `other` that speaks against it, to a pack of your own.
//! 3. `sluse check -c sluse.toml PACK` tells what is wrong with it, and which example of any pack no longer holds.
//! 4. `sluse evaluate CORPUS -c sluse.toml --against PACK` tells what it gains and loses on mails whose truth is known: see
//!    [`evaluation`](crate::manual::evaluation). A word that finds one mail more and five that it should not is not worth it.
//! 5. Put the pack into a folder named in `[patterns]`, and send SIGHUP. The line `packs exchanged` names what is different.
//!
//! To find more, lower the `bar` of one pattern; to be told less, raise it: it moves all passages of one subject, where a weight of
//! the language moves those of all subjects.
//!
//! What follows is what `sluse patterns syntax` prints.
//!
#![doc = include_str!("../pattern/syntax.md")]
