//! The characters of a document as text: marks become lines and cells, fields show their results.

use crate::extract::office::binary::word::looks::{Look, Looks};
use crate::extract::{Draft, Exhausted, Locus, Reading};

/// A text being written.
pub(super) struct Writer<'l> {
    looks: &'l Looks,
    shown: Draft,
    unshown: Draft,
    /// The paragraph as it read before changes were made, and with what is hidden.
    before: String,
    /// Whether that differs from what is shown.
    differs: bool,
    /// The instructions of the fields that are open; `None` once its result has begun.
    fields: Vec<Option<String>>,
    letters: usize,
    written: usize,
}

impl<'l> Writer<'l> {
    pub(super) fn new(looks: &'l Looks) -> Self {
        Self {
            looks,
            shown: Draft::new(),
            unshown: Draft::new(),
            before: String::new(),
            differs: false,
            fields: Vec::new(),
            letters: 0,
            written: 0,
        }
    }

    /// Writes the character that is at an octet of the main stream.
    pub(super) fn character(
        &mut self,
        character: char,
        at: usize,
        section: &'static Locus,
        reading: &mut Reading<'_>,
    ) -> Result<(), Exhausted> {
        self.shown.mark(section.clone());
        match character {
            '\u{13}' if self.fields.len() < MOST_FIELDS => self.fields.push(Some(String::new())),
            '\u{14}' => {
                let told = self.fields.last_mut().and_then(Option::take);
                self.field(told);
            }
            '\u{15}' => {
                let told = self.fields.pop().flatten();
                self.field(told);
            }
            '\r' | '\u{0C}' => {
                self.push("\n", Look::default());
                self.end_paragraph(reading)?;
            }
            '\u{07}' if self.looks.ends_row(at) => {
                self.push("\n", Look::default());
                self.end_paragraph(reading)?;
            }
            '\u{07}' => self.push("\t", Look::default()),
            '\u{0B}' => self.push("\n", self.looks.of(at)),
            '\t' => self.push("\t", self.looks.of(at)),
            '\u{1E}' => self.push("\u{2011}", self.looks.of(at)),
            '\u{1F}' => self.push("\u{AD}", self.looks.of(at)),
            // Where pictures, notes and comments are anchored.
            '\0'..' ' => {}
            other => {
                let mut octets = [0; 4];
                self.push(other.encode_utf8(&mut octets), self.looks.of(at));
            }
        }
        Ok(())
    }

    /// Hands over the rest. Returns how much was shown.
    pub(super) fn finish(mut self, reading: &mut Reading<'_>) -> usize {
        while let Some(told) = self.fields.pop() {
            self.field(told);
        }
        self.end_before();
        self.hand_over(reading);
        self.letters
    }

    fn push(&mut self, text: &str, look: Look) {
        if let Some(instruction) = self.fields.iter_mut().rev().find_map(Option::as_mut) {
            instruction.push_str(text);
            return;
        }
        self.differs |= look != Look::default();
        if !look.unshown {
            self.shown.push(text);
        }
        if !look.inserted {
            self.before.push_str(text);
        }
    }

    fn field(&mut self, instruction: Option<String>) {
        if let Some(instruction) = instruction.as_deref().map(str::trim)
            && !instruction.is_empty()
        {
            self.unshown.mark(Locus::Section("field"));
            self.unshown.push(instruction);
            self.unshown.push("\n");
        }
    }

    fn end_paragraph(&mut self, reading: &mut Reading<'_>) -> Result<(), Exhausted> {
        self.end_before();
        self.relieve(reading)
    }

    /// Hands over what was written, if it is much. Pieces may overlap, so that the text is far longer than the file.
    pub(super) fn relieve(&mut self, reading: &mut Reading<'_>) -> Result<(), Exhausted> {
        if self.shown.len() + self.unshown.len() >= PIECE {
            self.hand_over(reading);
            reading.budget.time()?;
        }
        if self.written as u64 > reading.budget.limits().text {
            return Err(Exhausted::Limit("text"));
        }
        Ok(())
    }

    fn end_before(&mut self) {
        if std::mem::take(&mut self.differs) {
            self.unshown.mark(Locus::Section("hidden or changed text"));
            self.unshown.push(&self.before);
            self.unshown.line();
        }
        self.before.clear();
    }

    fn hand_over(&mut self, reading: &mut Reading<'_>) {
        self.letters = self.letters.saturating_add(self.shown.text.trim().len());
        self.written += self.shown.len() + self.unshown.len();
        reading.text(std::mem::take(&mut self.shown));
        reading.text(std::mem::take(&mut self.unshown));
    }
}

/// The most fields that are open at once. Word nests twenty.
const MOST_FIELDS: usize = 64;

/// A text longer than this is handed over in pieces, so that the budget is asked in between.
const PIECE: usize = 8 << 20;
