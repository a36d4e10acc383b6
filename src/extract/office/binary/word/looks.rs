//! What is known of characters beyond their letters: whether they end a row of a table, are hidden, deleted, inserted
//! (MS-DOC 2.9.33 and 2.9.175).

use crate::extract::Reading;
use crate::extract::octets::{size_at, slice, u8_at, u16_at};

/// The stretches of the main stream that look otherwise than plain text, ascending.
#[derive(Debug, Default)]
pub(super) struct Looks {
    characters: Vec<(usize, usize, Look)>,
    row_ends: Vec<(usize, usize)>,
}

/// How a stretch of text looks.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Look {
    /// It is not shown: hidden, or deleted while changes are tracked.
    pub(super) unshown: bool,
    /// It was inserted while changes are tracked.
    pub(super) inserted: bool,
}

impl Looks {
    /// Reads the pages that the two lists name.
    pub(super) fn read(main: &[u8], lists: [&[u8]; 2], reading: &Reading<'_>) -> Self {
        let mut looks = Self::default();
        let [characters, paragraphs] = lists;
        for page in pages(characters, main) {
            if reading.budget.time().is_err() {
                break;
            }
            looks.page_of_characters(page);
        }
        for page in pages(paragraphs, main) {
            if reading.budget.time().is_err() {
                break;
            }
            looks.page_of_paragraphs(page);
        }
        looks.characters.sort_unstable_by_key(|(start, ..)| *start);
        looks.row_ends.sort_unstable();
        looks
    }

    /// How the character at an octet of the main stream looks.
    pub(super) fn of(&self, at: usize) -> Look {
        let before = self.characters.partition_point(|(start, ..)| *start <= at);
        let stretch = before
            .checked_sub(1)
            .and_then(|last| self.characters.get(last));
        match stretch {
            Some((_, end, look)) if at < *end => *look,
            _ => Look::default(),
        }
    }

    /// Whether the mark there ends a row of a table.
    pub(super) fn ends_row(&self, at: usize) -> bool {
        let before = self.row_ends.partition_point(|(start, _)| *start <= at);
        let stretch = before
            .checked_sub(1)
            .and_then(|last| self.row_ends.get(last));
        stretch.is_some_and(|(_, end)| at < *end)
    }

    fn page_of_characters(&mut self, page: &[u8]) {
        for (start, end, at) in stretches(page, 1) {
            let length = u8_at(page, at).map_or(0, usize::from);
            let mut look = Look::default();
            for (change, operand) in Changes(slice(page, at + 1, length)) {
                let on = operand.first() == Some(&1);
                match change {
                    0x0800 | 0x083C => look.unshown |= on,
                    0x0801 => look.inserted |= on,
                    _ => {}
                }
            }
            if at > 0 && look != Look::default() {
                self.characters.push((start, end, look));
            }
        }
    }

    fn page_of_paragraphs(&mut self, page: &[u8]) {
        for (start, end, at) in stretches(page, 13) {
            let (length, at) = match u8_at(page, at).map_or(0, usize::from) {
                0 => (u8_at(page, at + 1).map_or(0, usize::from) * 2, at + 2),
                words => (words * 2 - 1, at + 1),
            };
            // Behind the number of its style.
            let changes = slice(page, at, length).get(2..).unwrap_or_default();
            let mut ends = false;
            for (change, operand) in Changes(changes) {
                let on = operand.first() == Some(&1);
                // A row with many columns has all its changes elsewhere; no other paragraph has as many.
                ends |= matches!(change, 0x2417 | 0x244C) && on || change == 0x6646;
            }
            if ends {
                self.row_ends.push((start, end));
            }
        }
    }
}

/// Octets of a page.
const PAGE: usize = 512;

/// The pages that a list names.
fn pages<'m>(list: &'m [u8], main: &'m [u8]) -> impl Iterator<Item = &'m [u8]> {
    let count = list.len().saturating_sub(4) / 8;
    // No page is named twice by a sound list.
    let count = count.min(main.len() / PAGE + 1);
    let places = list.len().saturating_sub(4) / 8 + 1;
    let numbers = (0..count).filter_map(move |number| size_at(list, (places + number) * 4));
    numbers
        .map(|page| page & 0x003F_FFFF)
        .map(move |page| slice(main, page.saturating_mul(PAGE), PAGE))
        .filter(|page| page.len() == PAGE)
}

/// The stretches of a page: from where, to where, and where on the page their changes stand; at 0 if there are none.
/// Each takes `width` octets in the list behind the places.
fn stretches(page: &[u8], width: usize) -> impl Iterator<Item = (usize, usize, usize)> {
    let count = u8_at(page, PAGE - 1).map_or(0, usize::from);
    (0..count).filter_map(move |number| {
        let start = size_at(page, number * 4)?;
        let end = size_at(page, number * 4 + 4)?;
        let at = u8_at(page, (count + 1) * 4 + number * width)?;
        Some((start, end, usize::from(at) * 2))
    })
}

/// A list of changes (MS-DOC 2.2.5): what is changed, and to what.
struct Changes<'p>(&'p [u8]);

impl<'p> Iterator for Changes<'p> {
    type Item = (u16, &'p [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let change = u16_at(self.0, 0)?;
        let rest = self.0.get(2..)?;
        let length = match change >> 13 {
            0 | 1 => 1,
            2 | 4 | 5 => 2,
            3 => 4,
            7 => 3,
            // The definition of a table has a length of two octets.
            _ if change == 0xD608 => usize::from(u16_at(rest, 0)?) + 1,
            _ => usize::from(u8_at(rest, 0)?) + 1,
        };
        let (operand, after) = rest.split_at_checked(length)?;
        self.0 = after;
        Some((change, operand))
    }
}
