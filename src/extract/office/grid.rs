//! The cells of a sheet as text: rows are lines, columns are counted in tabs, and every cell is marked.

use std::sync::Arc;

use crate::extract::office::pieces::Pieces;
use crate::extract::office::xml::Fault;
use crate::extract::{Locus, Reading};

/// A sheet being written.
///
/// A cell stands behind as many tabs as there are columns before it, so a label in the first row stands above the
/// cells it labels. A gap of more than [`GAP`] columns is written as that many, so that a cell in the last column
/// costs no sixteen thousand tabs; both rows of a far column shrink alike, and the mark of a cell always tells its
/// true place.
#[derive(Debug)]
pub(super) struct Grid {
    pieces: Pieces,
    sheet: Arc<str>,
    at: Option<(u32, u32)>,
}

impl Grid {
    /// An empty sheet of that name.
    pub(super) fn new(sheet: &str) -> Self {
        Self {
            pieces: Pieces::default(),
            sheet: sheet.into(),
            at: None,
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
                self.pieces.draft.line();
                if at.is_some_and(|(at, _)| row.abs_diff(at) > 1) {
                    self.pieces.draft.push("\n");
                }
                column
            }
        };
        self.pieces.relieve(reading).map_err(Fault::Exhausted)?;
        let draft = &mut self.pieces.draft;
        for _ in 0..tabs.min(GAP) {
            draft.cell();
        }
        draft.mark(Locus::Cell {
            sheet: Arc::clone(&self.sheet),
            column,
            row,
        });
        if text.contains(['\n', '\r', '\t']) {
            draft.push(&text.replace(['\n', '\r', '\t'], " "));
        } else {
            draft.push(text);
        }
        self.at = Some((row, column));
        Ok(())
    }

    /// Hands over what was written. Returns how much it was.
    pub(super) fn finish(self, reading: &mut Reading<'_>) -> usize {
        self.pieces.finish(reading)
    }
}

/// The most columns a gap between two cells is written as.
const GAP: u32 = 64;
