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
//! # Stray line endings
//!
//! CR or LF alone is no line ending (RFC 5321 section 2.3.8), and what servers make of it differs. `stray_line_endings` of a listener
//! says what becomes of a message that has any, however it came, by DATA or by BDAT:
//!
//! | | |
//! |---|---|
//! | `keep` | it leaves as it came; where a dot stands alone between two of them, it is refused (550 5.6.0). The default: exactness |
//! | `normalize` | LF becomes CRLF and CR a space, as Postfix does; what looked like an end is then a line like any other, its dot stuffed |
//! | `reject` | it is refused (550 5.6.0) |
//!
//! Whatever the mode, only `CRLF . CRLF` ends a message that comes, and a message that leaves has one end. A message that was changed is
//! read twice, as it came and as it leaves, and what either reading finds, counts. A signature would break: what was signed by S/MIME, PGP,
//! DKIM or ARC is refused in place of being normalized.
//!
//! # Messages in pieces
//!
//! Exchange returns a message with bare line feeds to its sender (550 5.6.11) unless the next server offers CHUNKING, so we do. BDAT
//! (RFC 3030) says how many octets follow, and so many are taken, whatever they are and whether or not they are of any use: left
//! unread, they would be taken for commands. Where the number cannot be read, nothing behind it can, and the connection is closed. A piece
//! is answered 250 when it is in the spool, which promises nothing; the last is answered like a final dot.
//!
//! A piece that is refused ends the transaction. Pieces that were already on their way are taken, thrown away, and answered 503 each: once,
//! over LMTP and with LAST too. RFC 2033 asks for a reply to LAST for each recipient of the transaction, and there is none any more; RFC
//! 3030 section 2 has the client send no piece after one that was refused.
//!
//! What came by BDAT leaves by DATA, with its dots stuffed, where all its lines end in CRLF: every next hop understands that. Where one
//! does not, and the next hop offers CHUNKING, it leaves by BDAT, in one piece and to the octet, however it came: Exchange takes bare line
//! feeds no other way. BINARYMIME is not offered, for DATA cannot carry it. Bare line endings are kept, and refused where a dot stands
//! alone between them, by BDAT too: the server behind the next hop may be told the message by DATA. BDAT brings `CRLF . CRLF` inside a message
//! as well, which stuffing covers.
//!
//! A next hop that says one reply too many is found out by DATA, which is answered by a reply of its own (354). BDAT has none such: the
//! connection is looked at before it is said, but a reply too many that comes after that is taken for the one to the message.
//!
//! One thing DATA cannot say is that the last line of a message has no end. To a next hop without CHUNKING it is given one: the two
//! octets CRLF, the only ones we ever add to a relayed message. They break no signature: DKIM reads a text without a last CRLF as if it
//! had one (RFC 6376 section 3.4), and those of S/MIME and PGP end at the boundary before.
//!
//! # Loops
//!
//! With no field of our own in the header we count the fields others add: more than fifty `Received:` is a loop (554 5.4.6).
