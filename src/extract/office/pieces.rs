//! A text that may be far longer than the file it comes from, handed over in pieces, so that the budget is asked in between.

use crate::extract::{Draft, Exhausted, Reading};

/// Such a text, being written.
#[derive(Debug, Default)]
pub(super) struct Pieces {
    /// What was not handed over yet. What is written into it is to be marked anew each time.
    pub(super) draft: Draft,
    written: u64,
}

impl Pieces {
    /// Hands over what there is if it is much; to be asked at the end of a line or cell. An error where no more text is wanted.
    pub(super) fn relieve(&mut self, reading: &mut Reading<'_>) -> Result<(), Exhausted> {
        if self.draft.len() >= PIECE {
            self.hand_over(reading);
        }
        if self.written > reading.budget.limits().text {
            // One long text that a million cells share.
            return Err(Exhausted::Limit("text"));
        }
        Ok(())
    }

    /// The same, at the beginning of a record: the time is asked for before the first and each 4,096 further ones.
    pub(super) fn relieve_at(
        &mut self,
        record: usize,
        reading: &mut Reading<'_>,
    ) -> Result<(), Exhausted> {
        if record.is_multiple_of(4096) {
            reading.budget.time()?;
        }
        self.relieve(reading)
    }

    /// Hands over the rest. Returns how much all of it was.
    pub(super) fn finish(mut self, reading: &mut Reading<'_>) -> usize {
        self.hand_over(reading);
        usize::try_from(self.written).unwrap_or(usize::MAX)
    }

    fn hand_over(&mut self, reading: &mut Reading<'_>) {
        self.written += self.draft.len() as u64;
        reading.text(std::mem::take(&mut self.draft));
    }
}

/// Octets of a piece: 8 MiB, and what was added at once beyond them.
pub(super) const PIECE: usize = 8 << 20;
