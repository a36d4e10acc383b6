//! Presentations of PowerPoint 97 to 2003 (MS-PPT): a tree of records, whose leaves hold the text.
//!
//! The whole stream is read in the order it lies. What a later save replaced lies there too, and is read as what it
//! is: whoever opens the file as octets has it.

mod object;
mod order;
mod records;

use order::Order;
use records::{Record, Records, kind};

use crate::extract::compound::Compound;
use crate::extract::octets::{u32_at, utf_16};
use crate::extract::{Draft, Exhausted, Locus, Reading, Reason, sweep};

/// Reads the presentation in a storage. Returns how much text it has on its slides.
pub(in crate::extract) fn read(
    file: &Compound<'_>,
    storage: usize,
    reading: &mut Reading<'_>,
) -> usize {
    let user = file.named(storage, "Current User", reading);
    let bytes = file.named(storage, "PowerPoint Document", reading);
    if u32_at(&user, 12) == Some(ENCRYPTED) || file.find(storage, "EncryptedSummary").is_some() {
        reading.gap(Reason::Encrypted, "office: encrypted");
        return usize::MAX;
    }
    let mut slides = Slides {
        order: Order::read(&bytes),
        texts: Draft::new(),
        unshown: Draft::new(),
        letters: 0,
        // Without slides or a document there is none.
        damaged: bytes.len() < Record::HEAD,
    };
    if let Err(exhausted) = slides.walk(&bytes, 0, &Locus::Whole, 0, reading) {
        reading.exhausted(exhausted);
    }
    reading.text(slides.texts);
    reading.text(slides.unshown);
    if slides.damaged {
        sweep::read(&bytes, "damaged file", reading);
        reading.gap(Reason::Damaged, "ppt: damaged");
        return usize::MAX;
    }
    slides.letters
}

/// What the user stream of an encrypted presentation begins with (MS-PPT 2.3.2).
const ENCRYPTED: u32 = 0xF3D1_C4DF;

/// A presentation being read.
struct Slides {
    order: Order,
    texts: Draft,
    unshown: Draft,
    letters: usize,
    damaged: bool,
}

impl Slides {
    /// Reads the records in `bytes`, which begin at `base` of the stream and stand at `locus`.
    fn walk(
        &mut self,
        bytes: &[u8],
        base: usize,
        locus: &Locus,
        depth: usize,
        reading: &mut Reading<'_>,
    ) -> Result<(), Exhausted> {
        if depth > DEEPEST {
            self.damaged = true;
            return Ok(());
        }
        let mut records = Records::new(bytes);
        // In a list of texts, each slide is announced.
        let mut announced = locus.clone();
        let mut seen = 0_u32;
        for record in &mut records {
            seen = seen.wrapping_add(1);
            if seen.is_multiple_of(1024) {
                reading.budget.time()?;
            }
            if record.kind == kind::SLIDE_IN_LIST {
                announced = self.order.announced(&record, locus);
            }
            let at = base.saturating_add(record.at);
            if record.is_container || record.kind == kind::TAG {
                let place = self.place(&record, at, &announced);
                let inside = at.saturating_add(Record::HEAD);
                self.walk(record.octets, inside, &place, depth + 1, reading)?;
            } else {
                self.leaf(&record, &announced, reading);
            }
        }
        self.damaged |= records.damaged;
        Ok(())
    }

    /// Where what is in a container stands.
    fn place(&self, record: &Record<'_>, at: usize, outer: &Locus) -> Locus {
        match record.kind {
            kind::SLIDE => match self.order.slide(at) {
                Some(number) => Locus::Slide(number),
                None => Locus::Section("earlier slide"),
            },
            kind::NOTES => Locus::Section("notes"),
            kind::MASTER | kind::HANDOUT => Locus::Section("slide master"),
            kind::COMMENT => Locus::Section("comment"),
            kind::HEADERS => Locus::Section("page header"),
            kind::LIST => match record.instance {
                0 => Locus::Section("slide"),
                1 => Locus::Section("slide master"),
                _ => Locus::Section("notes"),
            },
            _ => outer.clone(),
        }
    }

    fn leaf(&mut self, record: &Record<'_>, locus: &Locus, reading: &mut Reading<'_>) {
        let text = match record.kind {
            kind::TEXT | kind::STRING => utf_16(record.octets),
            kind::NARROW_TEXT => record.octets.iter().copied().map(char::from).collect(),
            kind::OBJECT => {
                object::read(record, reading);
                return;
            }
            _ => {
                if record.octets.len() >= LEAST_WORDS {
                    self.unshown.mark(Locus::Section("drawing"));
                    sweep::wide(record.octets, &mut self.unshown);
                }
                return;
            }
        };
        let is_shown = !matches!(locus, Locus::Section("slide master"));
        if is_shown && record.kind != kind::STRING {
            self.letters = self.letters.saturating_add(text.trim().len());
        }
        self.texts.mark(locus.clone());
        self.texts.push(&text.replace(['\r', '\u{0B}'], "\n"));
        self.texts.line();
    }
}

/// Real presentations nest groups of drawings a dozen deep.
const DEEPEST: usize = 64;

/// A record shorter than this holds no words.
const LEAST_WORDS: usize = 12;
