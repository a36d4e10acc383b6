//! The message on the wire: where it ends, and without its dot-stuffing.
//!
//! It ends with CRLF `.` CRLF and with nothing else, and only a dot after CRLF is a stuffed one (RFC 5321
//! sections 4.1.1.4 and 4.5.2). Whoever takes another line ending for one lets a sender hide a second message
//! inside the first, for the two servers then disagree where it begins. Postfix up to 3.11 passes such
//! sequences on, so nobody before us can be trusted to have refused them. A stray CR or LF is an octet of the
//! message like any other.

use memchr::memmem::Finder;

/// Reads one message, from after the reply 354 to its end.
#[derive(Clone, Debug)]
pub struct Receiver {
    seen: Seen,
    /// The one place where something other than an octet of the message can follow.
    line: Finder<'static>,
}

/// What was seen last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Seen {
    /// CRLF, or nothing at all.
    LineEnding,
    /// CR.
    Cr,
    /// Anything else.
    Octet,
    /// A dot after CRLF; it is held back.
    Dot,
    /// A dot after CRLF and CR; both are held back.
    DotCr,
}

/// What comes next.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Octets of the message.
    Octets(&'a [u8]),
    /// The message has ended. The final line ending was part of it (RFC 5321 section 4.1.1.4).
    End,
    /// Nothing more can be told from the octets so far.
    More,
}

impl Receiver {
    /// A receiver that has seen nothing: a dot may follow at once.
    pub fn new() -> Self {
        Self {
            seen: Seen::LineEnding,
            line: Finder::new(b"\r\n."),
        }
    }

    /// Takes from `input` what comes next. What follows the end is left there.
    pub fn next<'a>(&mut self, input: &mut &'a [u8]) -> Piece<'a> {
        loop {
            let Some((&first, after)) = input.split_first() else {
                return Piece::More;
            };
            self.seen = match (self.seen, first) {
                (Seen::LineEnding, b'.') => Seen::Dot,
                (Seen::Dot, b'\r') => Seen::DotCr,
                (Seen::DotCr, b'\n') => {
                    *input = after;
                    self.seen = Seen::LineEnding;
                    return Piece::End;
                }
                (Seen::DotCr, _) => {
                    self.seen = Seen::Octet;
                    return Piece::Octets(b"\r");
                }
                (Seen::Cr, b'\n') => {
                    self.seen = Seen::LineEnding;
                    return Piece::Octets(take(input, 1));
                }
                _ => return Piece::Octets(self.stretch(input)),
            };
            *input = after;
        }
    }

    /// The longest stretch in which no dot follows CRLF.
    fn stretch<'a>(&mut self, input: &mut &'a [u8]) -> &'a [u8] {
        let end = self.line.find(input).map_or(input.len(), |at| at + 2);
        let stretch = take(input, end);
        self.seen = match stretch {
            [.., b'\r', b'\n'] => Seen::LineEnding,
            [.., b'\r'] => Seen::Cr,
            _ => Seen::Octet,
        };
        stretch
    }
}

impl Default for Receiver {
    fn default() -> Self {
        Self::new()
    }
}

fn take<'a>(input: &mut &'a [u8], len: usize) -> &'a [u8] {
    let (taken, rest) = input.split_at_checked(len).unwrap_or((input, &[]));
    *input = rest;
    taken
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The message and what follows it, where it ends.
    fn receive(wire: &[u8], cuts: &[usize]) -> (Vec<u8>, Option<Vec<u8>>) {
        let mut receiver = Receiver::new();
        let mut message = Vec::new();
        let mut bounds: Vec<usize> = cuts.iter().map(|cut| cut % (wire.len() + 1)).collect();
        bounds.extend([0, wire.len()]);
        bounds.sort_unstable();
        for bound in bounds.windows(2) {
            let mut input = &wire[bound[0]..bound[1]];
            loop {
                match receiver.next(&mut input) {
                    Piece::Octets(octets) => message.extend_from_slice(octets),
                    Piece::More => break,
                    Piece::End => {
                        let at = bound[1] - input.len();
                        return (message, Some(wire[at..].to_vec()));
                    }
                }
            }
        }
        (message, None)
    }

    /// What RFC 5321 section 4.5.2 has a client do, written as plainly as it can be.
    fn stuffed(message: &[u8]) -> Vec<u8> {
        let mut wire = Vec::new();
        for (at, &octet) in message.iter().enumerate() {
            if octet == b'.' && (at == 0 || message[..at].ends_with(b"\r\n")) {
                wire.push(b'.');
            }
            wire.push(octet);
        }
        wire.extend_from_slice(b".\r\n");
        wire
    }

    /// Messages of little else than what could end one.
    fn octets() -> impl Strategy<Value = Vec<u8>> {
        let octet = prop::sample::select(b"\r\n.\0 x".to_vec());
        prop::collection::vec(octet, 0..60)
    }

    proptest! {
        #[test]
        fn every_message_comes_back_from_the_wire(message in octets(), cuts: [usize; 3]) {
            let mut message = message;
            message.extend_from_slice(b"\r\n");
            let mut wire = stuffed(&message);
            wire.extend_from_slice(b"QUIT");
            prop_assert_eq!(receive(&wire, &cuts), (message, Some(b"QUIT".to_vec())));
        }

        #[test]
        fn where_the_wire_is_cut_changes_nothing(wire in octets(), cuts: [usize; 4]) {
            prop_assert_eq!(receive(&wire, &cuts), receive(&wire, &[]));
        }

        #[test]
        fn only_one_sequence_ends_a_message(wire in octets()) {
            let sought = [b"\r\n".as_slice(), &wire].concat();
            let end = memchr::memmem::find(&sought, b"\r\n.\r\n").map(|at| &sought[at + 5..]);
            let (_, after) = receive(&wire, &[]);
            prop_assert_eq!(after.as_deref(), end);
        }
    }
}
