//! Evasion: messages that one program reads and another does not.
//!
//! A header says how a part is to be read, and programs differ in how they understand a header. So a message can be built, or can
//! just happen, that shows its recipient a number and shows a guard none. Three things stand against it.
//!
//! **The walk reads every way a header can be meant** ([`mime::open`](crate::mime::open)): every boundary that is named, every transfer
//! encoding, every name; and it hands on what no part holds. Where there was more than one way, there is a defect.
//!
//! **The suspicious reader believes no header** ([`mime::suspects`](crate::mime::suspects)). It goes through all that was shown as text,
//! line by line, and looks for what a program may decode all the same: lines of base64 and quoted-printable, files in uuencode and yEnc,
//! headers of parts in the middle of a text, encoded words outside a field. What comes out is judged, for words, keys and signatures look
//! like base64 too: a known format, or text beyond doubt, is read like any file and looked into again; anything else was never
//! encoded. It looks at nothing that the walk read as what it is: of an ordinary message that is the text, once, and never an
//! attachment in base64.
//!
//! **A disagreement is a defect**, whether a number was in it or not, and policy may act on it:
//!
//! | defect | what it says |
//! |---|---|
//! | `encoding` | another program may decode this, or not; or show it in another charset |
//! | `structure` | another program may see other parts, or another end of a header |
//! | `duplicate-field` | another program may believe the other field |
//!
//! Text that merely could be decoded and that no program would, a word or two with `=` in it, is read both ways and is no defect: what
//! people write in ordinary mail must not be one. `tests/mime/ordinary` holds such mail, `tests/mime/evasion` has the other kind, a
//! case for each way of being read differently that is known.
//!
//! # Two readings, one finding
//!
//! What is read in a second way is marked so ([`View::Other`](crate::extract::View::Other)), and its place says how: `body base64 in the
//! text`, `body as written`. A number that both readings of a part show is one finding.
//!
//! # What it does not do
//!
//! It does not decode what no mail program decodes: base64 in the middle of a line, hexadecimal digits, text spelled backwards. EBCDIC
//! and BinHex are told apart and are gaps. Who wants to carry a number past a guard can encrypt it, and that is a gap too.
//!
//! # Bounds
//!
//! The reader goes over each octet a fixed number of times. What it decodes is spent from the budget of the message: a part that no
//! header announces counts as a part, an encoded run as an entry, each layer of encoding as a level. At a limit there is a gap.
