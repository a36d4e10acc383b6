//! Messages that a sloppy next hop may take for two.

use memchr::memchr_iter;

/// A dot that stands alone between two line endings of which some receiver knows, and that dot-stuffing cannot cover.
///
/// Sent on, it would hide the end of one message and the commands of another inside ours (SMTP smuggling, CVE-2023-51764 and its
/// kin). Changed, the message would no longer be the one that was signed. So it is refused: 550 5.6.0.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("octet {at} of the message is a dot that some servers take for its end")]
pub struct Hazard {
    /// Where the dot stands, in octets from the start of the message.
    pub at: usize,
}

/// Finds the first place where a receiver that is not strict may take the message to end.
///
/// A bare LF or CR, VT, FF, NEL, U+2028 or U+2029 may be a line ending to somebody, with NUL, space or tab around the dot
/// passed over. `CRLF . CRLF` is none: there the dot is doubled. After CRLF the dot is doubled as well, but servers are known that
/// undo it and then pass `. CR` on as it stands (Postfix before 3.12), so a dot between CRLF and any other line ending counts; text
/// that only begins with a dot never does.
///
/// Time is linear in the message.
pub fn hazard(message: &[u8]) -> Option<Hazard> {
    let mut seeker = HazardSeeker::default();
    seeker.look(message).or_else(|| seeker.end())
}

/// Finds the first [`Hazard`] of a message that is read in pieces, wherever they are cut.
#[derive(Debug, Default)]
pub struct HazardSeeker {
    /// Octets looked at before this piece.
    seen: usize,
    before: Before,
    /// A dot of which only what follows has to tell.
    dot: Option<Dot>,
}

impl HazardSeeker {
    /// Looks at the next piece. Once there is a hazard, the rest need not be looked at.
    pub fn look(&mut self, piece: &[u8]) -> Option<Hazard> {
        if let Some(dot) = self.dot.take()
            && let Some(hazard) = self.follow(dot, piece)
        {
            return Some(hazard);
        }
        for place in memchr_iter(b'.', piece) {
            let (front, rest) = piece.split_at_checked(place).unwrap_or_default();
            if front.last().is_some_and(|last| !ENDS.contains(last)) {
                continue;
            }
            let Some(covered) = self.before.and(front).covers() else {
                continue;
            };
            let dot = Dot {
                at: self.seen + place,
                covered,
                after: After::Nothing,
            };
            if let Some(hazard) = self.follow(dot, rest.get(1..).unwrap_or_default()) {
                return Some(hazard);
            }
        }
        self.before = self.before.and(piece);
        self.seen += piece.len();
        None
    }

    /// The message ends here. That counts as a line ending: a CRLF is put there.
    pub fn end(self) -> Option<Hazard> {
        let dot = self.dot?;
        let is_alone = matches!(dot.after, After::Nothing | After::Padding | After::Cr);
        is_alone.then_some(Hazard { at: dot.at })
    }

    fn follow(&mut self, mut dot: Dot, octets: &[u8]) -> Option<Hazard> {
        for octet in octets {
            match dot.after.then(*octet, dot.covered) {
                Next::Goes(after) => dot.after = after,
                Next::Alone => return Some(Hazard { at: dot.at }),
                Next::Text => return None,
            }
        }
        self.dot = Some(dot);
        None
    }
}

/// Whether dot-stuffing doubles a dot.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Covered {
    Yes,
    No,
}

/// What stands before the next octet: as much of it as may be a line ending, and whether NULs follow that.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
struct Before {
    /// Its last octets but NULs, and how many of these there are.
    last: [u8; LONGEST],
    len: usize,
    nuls: bool,
}

impl Before {
    /// The same with these octets behind it, all that were read since.
    fn and(mut self, octets: &[u8]) -> Self {
        let end = octets.iter().rposition(|&octet| octet != 0);
        let text = octets.get(..end.map_or(0, |at| at + 1)).unwrap_or_default();
        if !text.is_empty() {
            // One NUL divides as well as many.
            let nul = self.nuls.then_some(0);
            let skipped = text.len().saturating_sub(LONGEST);
            let last = text.iter().skip(skipped).copied();
            nul.into_iter()
                .chain(last)
                .for_each(|octet| self.push(octet));
            self.nuls = false;
        }
        self.nuls |= text.len() < octets.len();
        self
    }

    fn push(&mut self, octet: u8) {
        self.last.rotate_left(1);
        if let Some(last) = self.last.last_mut() {
            *last = octet;
        }
        self.len = (self.len + 1).min(LONGEST);
    }

    /// Whether dot-stuffing covers a dot that stands here; `None` where no receiver sees the start of a line.
    fn covers(&self) -> Option<Covered> {
        let line = self.last.get(LONGEST - self.len..).unwrap_or_default();
        let is_whole = !self.nuls && (line.is_empty() || line.ends_with(b"\r\n"));
        if is_whole {
            return Some(Covered::Yes);
        }
        let is_ended = line.is_empty() || LINE_ENDINGS.iter().any(|end| line.ends_with(end));
        is_ended.then_some(Covered::No)
    }
}

/// A dot at the start of what somebody takes for a line.
#[derive(Clone, Copy, Debug)]
struct Dot {
    at: usize,
    covered: Covered,
    after: After,
}

/// What was seen behind a dot so far.
#[derive(Clone, Copy, Debug)]
enum After {
    Nothing,
    Padding,
    /// CR at once, which is ordinary if LF follows.
    Cr,
    /// The first octets of a line ending of several: NEL, or U+2028 and U+2029.
    C2,
    E2,
    E280,
}

/// What one more octet makes of a dot.
enum Next {
    Goes(After),
    /// It stands alone.
    Alone,
    /// It begins ordinary text.
    Text,
}

impl After {
    fn then(self, octet: u8, covered: Covered) -> Next {
        match (self, octet) {
            (Self::Nothing, b'\r') if covered == Covered::Yes => Next::Goes(Self::Cr),
            (Self::Nothing | Self::Padding, b'\0') => Next::Goes(Self::Padding),
            // A line of a dot and spaces is ordinary text, and its dot is doubled.
            (Self::Nothing | Self::Padding, b' ' | b'\t') if covered == Covered::No => {
                Next::Goes(Self::Padding)
            }
            (Self::Nothing | Self::Padding, b'\n' | b'\r' | b'\x0B' | b'\x0C') => Next::Alone,
            (Self::Nothing | Self::Padding, 0xC2) => Next::Goes(Self::C2),
            (Self::Nothing | Self::Padding, 0xE2) => Next::Goes(Self::E2),
            (Self::Cr, b'\n') => Next::Text,
            (Self::Cr, _) | (Self::C2, 0x85) | (Self::E280, 0xA8 | 0xA9) => Next::Alone,
            (Self::E2, 0x80) => Next::Goes(Self::E280),
            _ => Next::Text,
        }
    }
}

/// What somebody takes for a line ending. CRLF is among them by its halves.
const LINE_ENDINGS: [&[u8]; 7] = [
    b"\n",
    b"\r",
    b"\x0B",
    b"\x0C",
    "\u{85}".as_bytes(),
    "\u{2028}".as_bytes(),
    "\u{2029}".as_bytes(),
];

/// The last octets of them, and NUL, which is passed over: behind any other one no line begins.
const ENDS: [u8; 8] = [b'\n', b'\r', b'\x0B', b'\x0C', 0x85, 0xA8, 0xA9, 0];

/// Octets of the longest of them.
const LONGEST: usize = 3;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::smtp::client::Transmitter;

    #[test]
    fn every_known_false_end_of_data_is_a_hazard() {
        for sequence in [
            "\n.\n",
            "\n.\r\n",
            "\r\n.\n",
            "\n.\r",
            "\r.\n",
            "\r.\r",
            "\r.\r\n",
            "\r\n.\r",
            "\r\n.\r\r\n",
            "\n\r.\n\r",
            "\r\n\0.\r\n",
            "\r\n.\0\r\n",
            "\n. \r\n",
            "\n.\t\r\n",
            "\n\n.\r\n",
            "\x0B.\x0B",
            "\x0C.\x0C",
            "\u{85}.\u{85}",
            "\u{2028}.\u{2028}",
        ] {
            let message = format!("a: b\r\n\r\nc.d{sequence}MAIL FROM:<>\r\n");
            let at = message.rfind('.').unwrap();
            assert_eq!(
                hazard(message.as_bytes()),
                Some(Hazard { at }),
                "{sequence:?}"
            );
        }
        assert_eq!(hazard(b"a\n."), Some(Hazard { at: 2 }));
        assert_eq!(hazard(b"."), Some(Hazard { at: 0 }));
        assert_eq!(hazard(b"\0.\n"), Some(Hazard { at: 1 }));
    }

    #[test]
    fn ordinary_text_is_none() {
        for text in [
            "",
            ".\r\n",
            "a\r\n.\r\nMAIL\r\n",
            "a\r\r\n.\r\n",
            "a\r\n. \r\n",
            "a\r\n..\r\n",
            "a\n.b\r.c\n..\n",
            "end.\nStart.\rOr\n...\n",
            "a\0.\0b\r\n",
        ] {
            assert_eq!(hazard(text.as_bytes()), None, "{text:?}");
        }
    }

    /// The same, told of a whole message.
    fn by_definition(message: &[u8]) -> Option<Hazard> {
        fn ends_with_line_ending(octets: &[u8]) -> bool {
            octets.is_empty() || LINE_ENDINGS.iter().any(|end| octets.ends_with(end))
        }
        fn begins_with_line_ending(octets: &[u8]) -> bool {
            octets.is_empty() || LINE_ENDINGS.iter().any(|end| octets.starts_with(end))
        }
        fn after_all(octets: &[u8], are: impl Fn(&u8) -> bool) -> &[u8] {
            &octets[octets.iter().take_while(|c| are(c)).count()..]
        }
        let is_alone = |at: &usize| {
            let (before, after) = (&message[..*at], &message[*at + 1..]);
            if before.is_empty() || before.ends_with(b"\r\n") {
                let rest = after_all(after, |c| *c == 0);
                return !after.starts_with(b"\r\n") && begins_with_line_ending(rest);
            }
            let nuls = before.iter().rev().take_while(|c| **c == 0).count();
            let rest = after_all(after, |c| matches!(c, 0 | b' ' | b'\t'));
            ends_with_line_ending(&before[..before.len() - nuls]) && begins_with_line_ending(rest)
        };
        let at = memchr_iter(b'.', message).find(is_alone)?;
        Some(Hazard { at })
    }

    /// What there is around dots, whole and in parts.
    const TOKENS: &[&[u8]] = &[
        b".",
        b".",
        b"\r\n",
        b"\r",
        b"\n",
        b"\0",
        b" ",
        b"\t",
        b"\x0B",
        b"\x0C",
        b"\xC2\x85",
        b"\xE2\x80\xA8",
        b"\xE2\x80\xA9",
        b"\xC2",
        b"\xE2\x80",
        b"\xA8",
        b"a",
    ];

    fn found<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Option<Hazard> {
        let mut seeker = HazardSeeker::default();
        let found = pieces.into_iter().find_map(|piece| seeker.look(piece));
        found.or_else(|| seeker.end())
    }

    /// In two pieces, and octet by octet with nothing between.
    fn cut_anywhere(message: &[u8]) -> Result<(), TestCaseError> {
        let expected = by_definition(message);
        for at in 0..=message.len() {
            let (one, other) = message.split_at(at);
            prop_assert_eq!(found([one, other]), expected, "cut at {}", at);
        }
        let octets = message.chunks(1).flat_map(|octet| [octet, &[]]);
        prop_assert_eq!(found(octets), expected, "octet by octet");
        Ok(())
    }

    #[test]
    fn it_is_found_in_every_short_message() {
        let tokens = [&b"."[..], b"\r", b"\n", b"\0", b" ", b"a"];
        let mut messages = vec![Vec::new()];
        for _ in 0..6 {
            for message in &messages {
                cut_anywhere(message).unwrap();
            }
            let longer = messages
                .iter()
                .flat_map(|message| tokens.map(|token| [message, token].concat()));
            messages = longer.collect();
        }
    }

    proptest! {
        #[test]
        fn it_is_found_wherever_the_message_is_cut(tokens in prop::collection::vec(prop::sample::select(TOKENS), 0..10)) {
            let message = tokens.concat();
            cut_anywhere(&message)?;
        }

        /// The promise itself, from the next hop's side: of what is sent, nothing but its last octets ends a message for
        /// any receiver that takes CR, LF or both for a line ending, and CR before CRLF for nothing.
        #[test]
        fn what_is_sent_ends_once(message in "[a.\r\n\0]{0,12}\r\n") {
            prop_assume!(hazard(message.as_bytes()).is_none());
            let mut transmitter = Transmitter::default();
            let mut wire = b"\r\n".to_vec();
            wire.extend_from_slice(&transmitter.stuff(message.as_bytes()));
            wire.extend_from_slice(transmitter.end());
            let wire = wire.strip_suffix(b"\r\n.\r\n").unwrap();
            let ends = ["\n.\n", "\n.\r", "\r.\r", "\r.\n", "\n\0.\r\n", "\n.\0\r\n"];
            let framed = [wire, b"\r\n"].concat();
            for end in ends {
                prop_assert_eq!(memchr::memmem::find(&framed, end.as_bytes()), None, "{:?}", end);
            }
        }
    }
}
