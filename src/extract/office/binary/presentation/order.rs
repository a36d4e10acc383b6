//! Which slide is which: the document lists them by number, and a directory tells where each number lies
//! (MS-PPT 2.3.4). A later save adds to both.

use std::collections::HashMap;

use crate::extract::Locus;
use crate::extract::octets::{size_at, u32_at};
use crate::extract::office::binary::presentation::records::{Record, Records, kind};

/// The slides in the order they are shown.
#[derive(Debug, Default)]
pub(super) struct Order {
    /// The place of a slide in the order, from 1, by its number.
    places: HashMap<u32, u32>,
    /// The number of what lies at an octet of the stream.
    numbers: HashMap<usize, u32>,
}

impl Order {
    /// Finds the order.
    pub(super) fn read(stream: &[u8]) -> Self {
        let mut order = Self::default();
        let mut lies_at: HashMap<u32, usize> = HashMap::new();
        for record in Records::new(stream) {
            match record.kind {
                kind::DOCUMENT => order.document(&record),
                kind::PLACES => directory(record.octets, &mut lies_at),
                _ => {}
            }
        }
        order.numbers = lies_at.iter().map(|(number, at)| (*at, *number)).collect();
        order
    }

    /// The place of the slide that lies at that octet; `None` if a later save replaced it.
    pub(super) fn slide(&self, at: usize) -> Option<u32> {
        let number = self.numbers.get(&at)?;
        self.places.get(number).copied()
    }

    /// Where the texts stand that follow the announcement of a slide in a list.
    pub(super) fn announced(&self, record: &Record<'_>, list: &Locus) -> Locus {
        let number = u32_at(record.octets, 0);
        match number.and_then(|number| self.places.get(&number)) {
            Some(place) if *list == Locus::Section("slide") => Locus::Slide(*place),
            _ => list.clone(),
        }
    }

    fn document(&mut self, document: &Record<'_>) {
        let mut places = HashMap::new();
        for list in Records::new(document.octets) {
            if list.kind != kind::LIST || list.instance != 0 {
                continue;
            }
            let slides = Records::new(list.octets).filter(|one| one.kind == kind::SLIDE_IN_LIST);
            for (slide, place) in slides.zip(1..) {
                if let Some(number) = u32_at(slide.octets, 0) {
                    places.insert(number, place);
                }
            }
        }
        self.places = places;
    }
}

/// Takes up a directory: runs of numbers, each with where its things lie.
fn directory(directory: &[u8], lies_at: &mut HashMap<u32, usize>) {
    let mut at = 0;
    while let Some(run) = u32_at(directory, at) {
        at += 4;
        let first = run & 0x000F_FFFF;
        for number in 0..run >> 20 {
            let Some(place) = size_at(directory, at) else {
                return;
            };
            lies_at.insert(first.saturating_add(number), place);
            at += 4;
        }
    }
}
