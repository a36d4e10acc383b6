//! What the records of a workbook add up to: sheets of cells, and the text around them.

use std::collections::HashMap;

use crate::extract::octets::{f64_at, size_at, slice, u8_at, u16_at, u32_at};
use crate::extract::office::binary::number;
use crate::extract::office::binary::workbook::records::Record;
use crate::extract::office::binary::workbook::strings::{self, Strings};
use crate::extract::office::grid::Grid;
use crate::extract::office::shared::Shared;
use crate::extract::office::sheet::without_codes;
use crate::extract::office::styles::Styles;
use crate::extract::office::xml::Fault;
use crate::extract::{Draft, Exhausted, Locus, Reading, metafile, open, sniff, sweep};
use crate::mime;

/// A workbook being read.
#[derive(Default)]
pub(super) struct Sheets {
    /// Strings are of octets, as in Excel 5 and 95.
    old: bool,
    page: Option<u16>,
    styles: Styles,
    shared: Shared,
    /// The names of the sheets, by where they begin.
    names: HashMap<usize, String>,
    /// The sheet that is open, and the charts in it.
    open: Vec<(String, Grid)>,
    /// The cell whose formula came to a string, which follows.
    pending: Option<(u32, u32)>,
    notes: Draft,
    /// The drawings of all sheets, which go on over several records.
    pictures: Vec<u8>,
    around: Draft,
    letters: usize,
    /// There is a workbook at all.
    pub(super) begun: bool,
    /// It needs a password.
    pub(super) encrypted: bool,
    /// Strings are missing.
    pub(super) damaged: bool,
}

impl Sheets {
    /// Takes the next record.
    pub(super) fn record(
        &mut self,
        record: &Record<'_>,
        reading: &mut Reading<'_>,
    ) -> Result<(), Exhausted> {
        let head = record.head();
        match record.kind {
            0x0809 | 0x0409 | 0x0209 | 0x0009 => self.begin(record, reading)?,
            0x000A => self.end(reading),
            0x002F => self.encrypted = true,
            0x0042 => self.page = u16_at(head, 0),
            0x0022 => self.styles.since_1904 = u16_at(head, 0) == Some(1),
            0x0085 => self.name(head),
            0x041E | 0x001E => {
                let id = u16_at(head, 0).map(u32::from).unwrap_or(0);
                let code = if self.old {
                    let length = u8_at(head, 2).map_or(0, usize::from);
                    self.octets(slice(head, 3, length))
                } else {
                    strings::at(head, 2).unwrap_or_default()
                };
                self.styles.define(id, &code);
            }
            0x00E0 => self.styles.add(u16_at(head, 2).map_or(0, u32::from)),
            0x00FC => self.strings(record, reading)?,
            0x00FD | 0x0204 | 0x00D6 | 0x0203 | 0x027E | 0x00BD | 0x0006 | 0x0206 | 0x0406
            | 0x0207 => {
                self.cells(record, reading)?;
            }
            0x01B6 => self.note(record),
            0x0014 | 0x0015 if !self.old => {
                let text = strings::at(head, 0).unwrap_or_default();
                self.around.push(&without_codes(&text));
                self.around.push("\n");
            }
            // Drawings are half pictures; their own words are wide.
            0x00EB..=0x00ED => {
                for part in &record.parts {
                    sweep::wide(part, &mut self.around);
                }
                if record.kind == 0x00EB {
                    for part in &record.parts {
                        reading.budget.decoded(part.len() as u64)?;
                        self.pictures.extend_from_slice(part);
                    }
                }
            }
            // Behind a head of its own, colors and fonts in the form of today's documents.
            0x0896 => {
                let file = record.parts.concat();
                reading.budget.decoded(file.len() as u64)?;
                let file = file.get(16..).unwrap_or_default();
                if sniff::is_file(file) {
                    reading.inner(None, |reading| open(file, reading));
                } else {
                    self.sweep(record);
                }
            }
            _ => self.sweep(record),
        }
        Ok(())
    }

    /// Hands over the rest. Returns how much there was.
    pub(super) fn finish(mut self, reading: &mut Reading<'_>) -> usize {
        while !self.open.is_empty() {
            self.end(reading);
        }
        self.styles.tell_beyond(reading);
        metafile::blips(&self.pictures, reading);
        let mut rest = Draft::new();
        rest.mark(Locus::Section("shared strings"));
        rest.push(&self.shared.rest());
        reading.text(rest);
        self.letters = self.letters.saturating_add(self.notes.len());
        reading.text(self.notes);
        reading.text(self.around);
        self.letters
    }

    fn begin(&mut self, record: &Record<'_>, reading: &mut Reading<'_>) -> Result<(), Exhausted> {
        reading.budget.entry()?;
        self.begun = true;
        self.old = u16_at(record.head(), 0).is_some_and(|version| version < BIFF_8);
        let name = self.names.get(&record.at).cloned();
        let name = name.or_else(|| self.open.last().map(|(name, _)| name.clone()));
        let name = name.unwrap_or_default();
        let grid = Grid::new(&name);
        self.open.push((name, grid));
        self.notes.mark(Locus::Section("comment or text box"));
        self.around.mark(Locus::Section("sheet settings"));
        Ok(())
    }

    fn end(&mut self, reading: &mut Reading<'_>) {
        if let Some((_, grid)) = self.open.pop() {
            self.letters = self.letters.saturating_add(grid.finish(reading));
        }
    }

    /// The name of a sheet and where it begins.
    fn name(&mut self, head: &[u8]) {
        let length = u8_at(head, 6).map_or(0, usize::from);
        let name = if self.old {
            self.octets(slice(head, 7, length))
        } else {
            let wide = u8_at(head, 7).is_some_and(|flags| flags & 1 == 1);
            Strings::new(&[head], 8).characters(length, wide)
        };
        self.around.push(&name);
        self.around.push("\n");
        self.names.insert(size_at(head, 0).unwrap_or(0), name);
    }

    fn strings(&mut self, record: &Record<'_>, reading: &Reading<'_>) -> Result<(), Exhausted> {
        let count = size_at(record.head(), 4).unwrap_or(0);
        let mut strings = Strings::new(&record.parts, 8);
        for number in 0..count {
            if number.is_multiple_of(1024) {
                reading.budget.time()?;
            }
            match strings.rich() {
                Some(string) => self.shared.push(&string),
                None => {
                    self.damaged = true;
                    break;
                }
            }
        }
        Ok(())
    }

    fn cells(&mut self, record: &Record<'_>, reading: &mut Reading<'_>) -> Result<(), Exhausted> {
        let head = record.head();
        let (Some(row), Some(column)) = (u16_at(head, 0), u16_at(head, 2)) else {
            self.damaged = true;
            return Ok(());
        };
        let (row, column) = (u32::from(row), u32::from(column));
        let style = u16_at(head, 4).map_or(0, usize::from);
        match record.kind {
            0x00FD => {
                let number = size_at(head, 6).unwrap_or(usize::MAX);
                let text = self.shared.get(number).unwrap_or_default().to_owned();
                self.text(row, column, &text, reading)
            }
            0x0204 | 0x00D6 => {
                let text = self.string(head, 6);
                self.text(row, column, &text, reading)
            }
            0x0203 => self.number(row, column, style, f64_at(head, 6), reading),
            0x027E => {
                let number = u32_at(head, 6).map(number::short);
                self.number(row, column, style, number, reading)
            }
            0x00BD => {
                // Style and number by turns, from that column on.
                let (cells, _) = head.get(4..).unwrap_or_default().as_chunks::<6>();
                for (cell, column) in cells.iter().zip(column..) {
                    let style = u16_at(cell, 0).map_or(0, usize::from);
                    let number = u32_at(cell, 2).map(number::short);
                    self.number(row, column, style, number, reading)?;
                }
                Ok(())
            }
            0x0207 => {
                let text = self.string(head, 0);
                match self.pending.take() {
                    Some((row, column)) => self.text(row, column, &text, reading),
                    None => Ok(()),
                }
            }
            _ => {
                if !self.old {
                    let constants = strings::constants(head.get(22..).unwrap_or_default());
                    self.around.push(&constants);
                    self.around.line();
                }
                let is_number = u16_at(head, 12) != Some(0xFFFF);
                self.pending = (!is_number).then_some((row, column));
                let number = f64_at(head, 6).filter(|_| is_number);
                self.number(row, column, style, number, reading)
            }
        }
    }

    fn number(
        &mut self,
        row: u32,
        column: u32,
        style: usize,
        number: Option<f64>,
        reading: &mut Reading<'_>,
    ) -> Result<(), Exhausted> {
        let Some(number) = number else {
            return Ok(());
        };
        let value = number.to_string();
        let format = self.styles.format(style);
        let text = format.show(&value, self.styles.since_1904).into_owned();
        self.text(row, column, &text, reading)
    }

    fn text(
        &mut self,
        row: u32,
        column: u32,
        text: &str,
        reading: &mut Reading<'_>,
    ) -> Result<(), Exhausted> {
        if self.open.is_empty() {
            self.open.push((String::new(), Grid::new("")));
        }
        let Some((_, grid)) = self.open.last_mut() else {
            return Ok(());
        };
        match grid.cell(row, column, text, reading) {
            Err(Fault::Exhausted(exhausted)) => Err(exhausted),
            _ => Ok(()),
        }
    }

    /// The text of a comment or a text box, which stands in the stretches behind the first.
    fn note(&mut self, record: &Record<'_>) {
        let count = u16_at(record.head(), 10).map_or(0, usize::from);
        if let Some((first, _)) = record.parts.get(1..).and_then(<[_]>::split_first) {
            let wide = first.first().is_some_and(|flags| flags & 1 == 1);
            let parts = record.parts.get(1..).unwrap_or_default();
            let text = Strings::new(parts, 1).characters(count, wide);
            self.notes.push(&text.replace('\r', "\n"));
            self.notes.push("\n");
        }
    }

    fn string(&self, bytes: &[u8], at: usize) -> String {
        if self.old {
            let length = u16_at(bytes, at).map_or(0, usize::from);
            return self.octets(slice(bytes, at + 2, length));
        }
        strings::at(bytes, at).unwrap_or_default()
    }

    fn octets(&self, octets: &[u8]) -> String {
        let label = match self.page {
            Some(page @ (874 | 1250..=1258)) => Some(format!("windows-{page}")),
            Some(0x8001) => Some("windows-1252".to_owned()),
            Some(10_000 | 0x8000) => Some("macintosh".to_owned()),
            _ => None,
        };
        mime::decode(octets, label.as_deref()).text.into_owned()
    }

    /// Links, names, lists of allowed values, and whatever else has words.
    fn sweep(&mut self, record: &Record<'_>) {
        for part in &record.parts {
            if part.len() >= LEAST_WORDS {
                sweep::wide(part, &mut self.around);
                sweep::narrow(part, &mut self.around);
            }
        }
    }
}

/// The version of Excel 97 to 2003.
const BIFF_8: u16 = 0x0600;

/// A record shorter than this holds no number of a person.
const LEAST_WORDS: usize = 6;
