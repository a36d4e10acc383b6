//! Byte-exact: what arrives is what was sent.
//!
//! DKIM, S/MIME and PGP sign octets. A relay that rewrites a line ending, folds a header field anew or upper-cases a
//! parameter breaks them, so a relayed message keeps every octet: no `Received:` field of ours, no conversion between 8-bit
//! and 7-bit, the parameters and addresses of the envelope as they were typed.
//!
//! # The end of data
//!
//! The end of data is the five octets `CRLF . CRLF` and nothing else (RFC 5321 section 4.1.1.4). Postfix 3.7 hands its
//! before-queue filter lines such as `CRLF . CR CRLF` unstuffed; a filter that takes one for the end lets a sender smuggle a
//! second message past it. A dot is taken from a line that follows CRLF, and put back before it leaves.
//!
//! What is left are octets that *another* server might take for an end, such as `LF . LF`: exactness forbids stuffing them, and
//! prudence forbids passing them on. A message that holds one is refused (550 5.6.0). No mail program writes one.
//!
//! # Loops
//!
//! With no field of our own in the header we count the fields others add: more than fifty `Received:` is a loop (554 5.4.6).
