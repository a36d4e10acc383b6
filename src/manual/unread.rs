//! Unread is never clean: gaps, limits and the budget.
//!
//! A reader that stops in silence makes a guard that lies. Whatever was not read is a [`Gap`](crate::extract::Gap)
//! with one of seven reasons, and policy judges it like a finding:
//!
//! | reason | what it is | what one may do |
//! |---|---|---|
//! | `encrypted` | needs a key or a password | have it sent by the secure route |
//! | `damaged` | is not what its format asks | have it sent by the secure route |
//! | `limit` | met a limit of [`ReadLimits`](crate::limits::ReadLimits) | raise the limit, or treat as damaged |
//! | `timeout` | reading took too long | look why; treat as damaged |
//! | `unknown` | a format that is not known | judge by taste |
//! | `unsupported` | a known format that is not read (CAB, Word before 97, scans where there is no OCR) | have it sent by the secure route |
//! | `media` | sound or film; a picture, where there is no OCR or OCR does not know its format | usually relay |
//!
//! # One budget
//!
//! Octets unpacked, octets of text, entries, parts, depth and time are counted over the whole message, not per file: a
//! hundred small bombs are one large one. Readers ask before they allocate, so a header that claims a gigabyte costs nothing.
//!
//! # Archives
//!
//! ZIP, 7z, RAR (1.5 to 7), tar, gzip, bzip2, xz, lzma and Zstandard are read, in one another, behind a program that unpacks itself and
//! behind a picture, and so is whatever hangs behind their end. CAB, ISO, ARJ, LHA, ACE, LZ4, lzip, compress, cpio and WIM are known and
//! not read. Of a password only the names are read that stand in the clear. One volume of several is a gap.
//!
//! An unpacker may ask for a dictionary of 64 MiB; one that asks for more is a `limit`, and nothing is allocated. An entry that yields too much
//! is read as far as it goes. In a solid archive, what comes behind it is unpacked all the same, for as long as the budget lasts.
//!
//! # Pictures
//!
//! A picture that could show a number is not a gap where OCR is installed: it is read ([`isolation`](super::isolation)), and
//! what is read in it is searched like any text, with `(OCR)` in its origin. A picture that OCR did not read to its end is a gap like any other
//! file, `damaged`, `limit` or `timeout`, and no longer `media`: somebody could have read it. A picture in which OCR read nothing is no gap.
//! Neither is handwriting, of which OCR makes nonsense without saying so; that is what OCR cannot do today.
//!
//! # Time in a pure function
//!
//! The readers read no clock. A thread beside them sets a flag when their time is up, and every reader looks at it whenever it
//! spends. A reader that does not look (a hang inside a library) is killed after a grace, with the process it is in: its message
//! is a gap, and another process takes its place ([`isolation`](super::isolation)).
