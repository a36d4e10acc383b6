//! The head of a document, which tells where everything is (MS-DOC 2.5).

use crate::extract::Locus;
use crate::extract::octets::{size_at, slice, u16_at};
use crate::extract::office::binary::word::SECTIONS;

/// What the beginning of the main stream turned out to be.
pub(super) enum Parse<'m> {
    Head(Head<'m>),
    Encrypted,
    /// Of Word 2 to 95, whose files are laid out otherwise.
    Old,
    Damaged,
}

/// The head of a document of Word 97 or later.
pub(super) struct Head<'m> {
    main: &'m [u8],
    /// The stream with the tables.
    pub(super) table: &'static str,
    /// The last place of each part of the text.
    ends: [usize; SECTIONS.len()],
}

impl<'m> Head<'m> {
    /// Reads the head.
    pub(super) fn parse(main: &'m [u8]) -> Parse<'m> {
        let (Some(magic), Some(version), Some(flags)) =
            (u16_at(main, 0), u16_at(main, 2), u16_at(main, 10))
        else {
            return Parse::Damaged;
        };
        if flags & ENCRYPTED != 0 {
            return Parse::Encrypted;
        }
        match magic {
            0xA5EC if version >= WORD_97 => {}
            0xA5DC | 0xA5DB | 0xA5EC => return Parse::Old,
            _ => return Parse::Damaged,
        }
        let mut ends = [0; SECTIONS.len()];
        let mut end = 0_usize;
        for (number, place) in ends.iter_mut().enumerate() {
            end = end.saturating_add(size_at(main, LENGTHS + number * 4).unwrap_or(0));
            *place = end;
        }
        Parse::Head(Self {
            main,
            table: if flags & SECOND_TABLE != 0 {
                "1Table"
            } else {
                "0Table"
            },
            ends,
        })
    }

    /// Where in the document the character at `place` stands.
    pub(super) fn section(&self, place: usize) -> &'static Locus {
        let number = self.ends.partition_point(|end| *end <= place);
        SECTIONS.get(number).unwrap_or(&SECTIONS[0])
    }

    /// The list of pieces.
    pub(super) fn pieces<'t>(&self, table: &'t [u8]) -> &'t [u8] {
        self.part(33, table)
    }

    /// The lists of pages on which the looks of characters and of paragraphs are.
    pub(super) fn looks<'t>(&self, table: &'t [u8]) -> [&'t [u8]; 2] {
        [self.part(12, table), self.part(13, table)]
    }

    /// One of the numbered parts of the table stream (MS-DOC 2.5.6).
    fn part<'t>(&self, number: usize, table: &'t [u8]) -> &'t [u8] {
        let at = PARTS + number * 8;
        match (size_at(self.main, at), size_at(self.main, at + 4)) {
            (Some(start), Some(length)) => slice(table, start, length),
            _ => &[],
        }
    }
}

/// The version number of Word 97.
const WORD_97: u16 = 0xC0;

/// Flags of the head.
const ENCRYPTED: u16 = 0x0100;
const SECOND_TABLE: u16 = 0x0200;

/// Where the lengths of the parts of the text are.
const LENGTHS: usize = 0x4C;

/// Where the places of the parts of the table stream are.
const PARTS: usize = 0x9A;
