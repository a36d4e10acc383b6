//! One pass over a text: every number in it, with what is known of it.

use std::cell::LazyCell;
use std::ops::{Deref, Range};

use crate::detect::apart;
use crate::detect::columns::Columns;
use crate::detect::context::{Context, Surroundings};
use crate::detect::date::{Written, date_at};
use crate::detect::digits::{Run, next_digit, run_at};
use crate::detect::edge::Edge;
use crate::detect::judge::{Case, Verdict, is_somebodys, judge};
use crate::detect::layout::Layout;
use crate::detect::look::{Label, Stands};
use crate::detect::number::{Birth, Flaw, Number};
use crate::detect::shape::{Candidate, Form, number_at, serial_at};
use crate::limits::Cancel;
use crate::pattern::{CprPattern, Role};

/// How many numbers wait for the rest of their list before they are judged. What a list is shows by then.
const WAITING: usize = 4096;
/// How often the flag is looked at that ends the work, in runs of digits.
const LOOKS: usize = 1024;

/// What is done with numbers that are none.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Keep {
    /// They are passed over.
    Sound,
    /// They are told of too.
    All,
}

/// A number in the text, judged.
pub(super) struct Judged {
    pub(super) span: Range<usize>,
    pub(super) number: Number,
    pub(super) verdict: Verdict,
}

/// Work was ended.
pub(super) struct Ended;

/// Tells `tell` of every number in `text`, which is in normal form, by ascending start; `tell` says whether to go on.
pub(super) fn scan(
    pattern: &CprPattern,
    text: &str,
    keep: Keep,
    cancel: &Cancel,
    mut tell: impl FnMut(Judged) -> bool,
) -> Result<(), Ended> {
    let mut scan = Scan {
        pattern,
        text,
        around: Surroundings::new(pattern, text),
        layout: Layout::new(text),
        columns: Columns::default(),
        keep,
        waiting: Vec::new(),
    };
    let mut at = 0;
    let mut runs: usize = 0;
    while let Some(start) = next_digit(text.as_bytes(), at) {
        runs += 1;
        if runs.is_multiple_of(LOOKS) && cancel.is_cancelled() {
            return Err(Ended);
        }
        at = scan.take(run_at(text.as_bytes(), start));
        if scan.waiting.len() >= WAITING && !scan.judge(&mut tell) {
            return Ok(());
        }
    }
    if cancel.is_cancelled() {
        return Err(Ended);
    }
    scan.judge(&mut tell);
    Ok(())
}

struct Scan<'a> {
    pattern: &'a CprPattern,
    text: &'a str,
    around: Surroundings<'a>,
    layout: Layout<'a>,
    columns: Columns,
    keep: Keep,
    waiting: Vec<Waiting>,
}

struct Waiting {
    span: Range<usize>,
    column: usize,
    case: Case,
}

impl Scan<'_> {
    /// Takes the run of digits, and whatever number begins with it. Returns where to go on.
    fn take(&mut self, run: Run) -> usize {
        let (words, text) = (&self.pattern.words, self.text);
        // Asked for twice, and only where no number begins.
        let date = LazyCell::new(|| date_at(words, text, run));
        if let Some(end) = self.take_number(run, &date) {
            return end;
        }
        if run.len() == 4 {
            let pattern = self.pattern;
            let found = apart::in_words(&mut self.around.window, &pattern.words, self.text, run);
            if let Some((found, word)) = found {
                self.take_told(found, word, Stands::Before);
            }
        } else if matches!(run.len(), 2 | 6 | 8) {
            self.take_columns(*date);
        }
        run.end
    }

    /// Takes the number that begins with `run`, if one does; its end.
    fn take_number(
        &mut self,
        run: Run,
        date: &impl Deref<Target = Option<Written>>,
    ) -> Option<usize> {
        let octets = self.text.as_bytes();
        let candidate = number_at(octets, run).or_else(|| match run.len() {
            1 | 2 => apart::behind_date(self.text, run, date),
            _ => None,
        })?;
        let birth = candidate.number.birth(self.pattern);
        let listed = matches!(candidate.form, Form::Typical | Form::Plain | Form::Apart);
        if listed {
            self.layout.advance(candidate.span.start);
            let right = candidate.number.check_digit_is_right();
            self.columns
                .count(self.layout.column(), candidate.number, birth.is_ok(), right);
            let right = right && birth.is_ok();
            self.around
                .pass(candidate.span.start, candidate.span.end, right);
        }
        let edge = match birth {
            Ok(_) => candidate.edge(octets),
            Err(Flaw::NoDate) if self.keep == Keep::Sound => return None,
            Err(_) => Edge::Free,
        };
        // A number in pieces may be the beginning of another one.
        let whole = birth.is_ok() && edge != Edge::Piece;
        if !whole && (self.keep == Keep::Sound || !listed) {
            return None;
        }
        self.layout.advance(candidate.span.start);
        if candidate.form == Form::Apart && self.take_columns(**date) {
            return Some(candidate.span.end);
        }
        let context = self.around.of(&candidate, &self.layout);
        let end = candidate.span.end;
        self.wait(candidate, birth, edge, context);
        Some(end)
    }

    /// Takes a number whose last four digits stand apart and are said to be that.
    fn take_told(&mut self, candidate: Candidate, word: u16, stands: Stands) {
        let birth = candidate.number.birth(self.pattern);
        if birth.is_err() {
            return;
        }
        let context = Context {
            label: Some(Label {
                role: Role::LastFour,
                word,
                words: 0,
                stands,
            }),
            ..Context::default()
        };
        self.wait(candidate, birth, Edge::Free, context);
    }

    /// Takes a date in a cell, where another column of the table is headed as the last four digits. Whether it did.
    fn take_columns(&mut self, date: Option<Written>) -> bool {
        let Some(date) = date else {
            return false;
        };
        self.layout.advance(date.start);
        let Some((serial, word)) = self.serial_in_row() else {
            return false;
        };
        match apart::whole(self.text, &date, serial) {
            Some(found) => self.take_told(found, word, Stands::Column),
            None => return false,
        }
        true
    }

    /// The run of four digits in the cell of this row that is headed as the last four digits, and the word there.
    fn serial_in_row(&mut self) -> Option<(Run, u16)> {
        for head in self.layout.heads() {
            if let Some((column, word)) = self.around.last_four(head) {
                let octets = self.text.as_bytes();
                let cell = self.layout.cell_right(head, column)?;
                let start = next_digit(octets.get(..cell.end)?, cell.start)?;
                return serial_at(octets, start).map(|run| (run, word));
            }
        }
        None
    }

    fn wait(
        &mut self,
        candidate: Candidate,
        birth: Result<Birth, Flaw>,
        edge: Edge,
        context: Context,
    ) {
        let halved = candidate.span.len() == candidate.number.octets().len() + 1;
        self.waiting.push(Waiting {
            span: candidate.span,
            column: self.layout.column(),
            case: Case {
                number: candidate.number,
                form: candidate.form,
                halved,
                edge,
                birth,
                context,
            },
        });
    }

    /// Judges what waits; whether to go on.
    fn judge(&mut self, tell: &mut impl FnMut(Judged) -> bool) -> bool {
        // A number told of in words may begin before the one that was found last.
        if !self.waiting.is_sorted_by_key(|waiting| waiting.span.start) {
            self.waiting.sort_by_key(|waiting| waiting.span.start);
        }
        for waiting in self.waiting.drain(..) {
            let listed = self.columns.listed(waiting.column);
            if self.keep == Keep::Sound && !is_somebodys(&waiting.case, listed, self.pattern) {
                continue;
            }
            let verdict = judge(&waiting.case, listed, self.pattern);
            let judged = Judged {
                span: waiting.span,
                number: waiting.case.number,
                verdict,
            };
            if !tell(judged) {
                return false;
            }
        }
        true
    }
}
