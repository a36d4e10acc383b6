//! The cells of a sheet as text: rows are lines, columns are counted in tabs, and every cell is marked.

use std::sync::Arc;

use crate::extract::office::xml::Fault;
use crate::extract::{Draft, Exhausted, Locus, Reading};

/// A sheet being written.
///
/// A cell stands behind as many tabs as there are columns before it, so a label in the first row stands above the
/// cells it labels. A gap of more than [`GAP`] columns is written as that many, so that a cell in the last column
/// costs no sixteen thousand tabs; both rows of a far column shrink alike, and the mark of a cell always tells its
/// true place.
#[derive(Debug)]
pub(super) struct Grid {
    draft: Draft,
    sheet: Arc<str>,
    at: Option<(u32, u32)>,
    written: u64,
}

impl Grid {
    /// An empty sheet of that name.
    pub(super) fn new(sheet: &str) -> Self {
        Self {
            draft: Draft::new(),
            sheet: sheet.into(),
            at: None,
            written: 0,
        }
    }

    /// Writes a cell; row and column from 0. An empty one is passed over.
    pub(super) fn cell(
        &mut self,
        row: u32,
        column: u32,
        text: &str,
        reading: &mut Reading<'_>,
    ) -> Result<(), Fault> {
        let text = text.trim_matches(['\r', '\n', '\t']);
        if text.is_empty() {
            return Ok(());
        }
        let tabs = match self.at {
            Some((at, before)) if at == row => column.saturating_sub(before).max(1),
            at => {
                reading.budget.time().map_err(Fault::Exhausted)?;
                self.draft.line();
                if at.is_some_and(|(at, _)| row.abs_diff(at) > 1) {
                    self.draft.push("\n");
                }
                column
            }
        };
        self.relieve(reading)?;
        for _ in 0..tabs.min(GAP) {
            self.draft.cell();
        }
        self.draft.mark(Locus::Cell {
            sheet: Arc::clone(&self.sheet),
            column,
            row,
        });
        if text.contains(['\n', '\r', '\t']) {
            self.draft.push(&text.replace(['\n', '\r', '\t'], " "));
        } else {
            self.draft.push(text);
        }
        self.at = Some((row, column));
        Ok(())
    }

    /// Hands over what was written. Returns how much it was.
    pub(super) fn finish(mut self, reading: &mut Reading<'_>) -> usize {
        self.hand_over(reading);
        usize::try_from(self.written).unwrap_or(usize::MAX)
    }

    fn relieve(&mut self, reading: &mut Reading<'_>) -> Result<(), Fault> {
        if self.draft.len() >= PIECE {
            self.hand_over(reading);
        }
        if self.written > reading.budget.limits().text {
            // One long text that a million cells share.
            return Err(Fault::Exhausted(Exhausted::Limit("text")));
        }
        Ok(())
    }

    fn hand_over(&mut self, reading: &mut Reading<'_>) {
        self.written += self.draft.len() as u64;
        reading.text(std::mem::take(&mut self.draft));
    }
}

/// The most columns a gap between two cells is written as.
const GAP: u32 = 64;

/// A sheet longer than this is handed over in pieces, so that the budget is asked in between.
const PIECE: usize = 8 << 20;
