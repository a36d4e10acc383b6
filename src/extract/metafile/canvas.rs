//! What a metafile draws on: where it is, and the runs of text so far.

use std::collections::HashSet;

use crate::extract::metafile::Shown;
use crate::extract::metafile::line::{Run, lines};
use crate::extract::metafile::place::{Matrix, Point};
use crate::extract::{Draft, Locus, Reading, Reason};

/// A metafile being drawn.
#[derive(Default)]
pub(super) struct Canvas {
    pub(super) state: State,
    saved: Vec<State>,
    runs: Vec<Run>,
    /// Octets of text in the runs.
    kept: usize,
    draft: Draft,
    told: HashSet<String>,
    /// Something was drawn that may show text and is none.
    pub(super) has_pictures: bool,
    has_text: bool,
}

/// What a program can put aside and take up again.
#[derive(Clone, Debug)]
pub(super) struct State {
    /// From the logical page to where the window is.
    pub(super) world: Matrix,
    pub(super) window: Point,
    window_size: Point,
    pub(super) view: Point,
    /// How large the window is on the paper.
    view_size: Point,
    /// Which end of a run its reference is (MS-WMF 2.1.2.3).
    pub(super) align: u32,
    /// Height of the font, in logical units; 0 where it is not known.
    pub(super) height: f64,
    /// Where the pen is.
    pub(super) pen: Point,
}

impl Default for State {
    fn default() -> Self {
        Self {
            world: Matrix::default(),
            window: Point::default(),
            window_size: Point::default(),
            view: Point::default(),
            view_size: Point::default(),
            align: 0,
            height: 0.0,
            pen: Point::default(),
        }
    }
}

impl State {
    /// Says how large the window is. Where nothing says how large that is on paper, as in nearly every older metafile, whoever plays it
    /// decides, and keeps to that: the first window is as large as it says.
    pub(super) fn set_window_size(&mut self, size: Point) {
        if self.view_size == Point::default() {
            self.view_size = Point {
                x: size.x.abs(),
                y: size.y.abs(),
            };
        }
        self.window_size = size;
    }

    /// Says how large the window is on the paper.
    pub(super) fn set_view_size(&mut self, size: Point) {
        self.view_size = size;
    }

    /// Where a point is on the paper.
    fn place(&self, point: Point) -> Point {
        let page = self.world.of(point);
        let scale = |view: f64, window: f64| {
            if view == 0.0 || window == 0.0 {
                1.0
            } else {
                view / window
            }
        };
        Point {
            x: (page.x - self.window.x) * scale(self.view_size.x, self.window_size.x) + self.view.x,
            y: (page.y - self.window.y) * scale(self.view_size.y, self.window_size.y) + self.view.y,
        }
    }
}

impl Canvas {
    /// Draws a run of text at its reference; `width` is how wide it is, in logical units, where that is known.
    pub(super) fn text(
        &mut self,
        reference: Point,
        text: &str,
        width: Option<f64>,
        reading: &mut Reading<'_>,
    ) {
        let text: String = text.chars().filter_map(shown).collect();
        let state = &mut self.state;
        let mut start = reference;
        if state.align & FROM_PEN != 0 {
            start = state.pen;
            state.pen.x += width.unwrap_or(0.0);
        }
        start.x -= match state.align & SIDE {
            RIGHT => width.unwrap_or(0.0),
            CENTER => width.unwrap_or(0.0) / 2.0,
            _ => 0.0,
        };
        if text.is_empty() {
            return;
        }
        let from = state.place(start);
        let to = state.place(Point {
            x: start.x + width.unwrap_or(0.0),
            ..start
        });
        let top = state.place(Point {
            y: start.y + state.height,
            ..start
        });
        self.has_text |= text.chars().any(char::is_alphanumeric);
        self.kept = self.kept.saturating_add(text.len());
        self.runs.push(Run {
            x: from.x.min(to.x),
            y: from.y,
            width: width.map(|_| (to.x - from.x).abs()),
            height: (top.y - from.y).abs(),
            text,
        });
        if self.runs.len() >= MOST_RUNS || self.kept >= PIECE {
            // A line that goes on is torn here, and a number in it.
            reading.gap(Reason::Limit, "drawing: too much text");
            self.end_of_lines(reading);
        }
    }

    /// Puts aside where it is.
    pub(super) fn save(&mut self) {
        if self.saved.len() < MOST_SAVED {
            self.saved.push(self.state.clone());
        }
    }

    /// Takes up what was put aside last.
    pub(super) fn restore(&mut self) {
        if let Some(state) = self.saved.pop() {
            self.state = state;
        }
    }

    /// Adds words that are not drawn.
    pub(super) fn words(&mut self, read: impl FnOnce(&mut Draft)) {
        self.draft.mark(Locus::Section("drawing"));
        read(&mut self.draft);
    }

    /// Writes the lines of the runs so far. What another form of the same drawing said is not said again.
    pub(super) fn end_of_lines(&mut self, reading: &mut Reading<'_>) {
        self.kept = 0;
        self.draft.mark(Locus::Section("drawing"));
        for line in lines(std::mem::take(&mut self.runs)) {
            if self.told.contains(&line) {
                continue;
            }
            self.draft.push(&line);
            self.draft.push("\n");
            if self.told.len() < MOST_TOLD && line.len() <= LONGEST_TOLD {
                self.told.insert(line);
            }
        }
        if self.draft.len() >= PIECE {
            reading.text(std::mem::take(&mut self.draft));
        }
    }

    /// Hands over what was drawn.
    pub(super) fn finish(mut self, reading: &mut Reading<'_>) -> Shown {
        self.end_of_lines(reading);
        reading.text(self.draft);
        if self.has_text && !self.has_pictures {
            Shown::Text
        } else {
            Shown::Picture
        }
    }
}

/// A character as it is shown: fonts of signs have theirs at private code points.
fn shown(character: char) -> Option<char> {
    let code = u32::from(character);
    match code {
        0 => None,
        0xF020..=0xF07E => char::from_u32(code - 0xF000),
        _ if character.is_control() => Some(' '),
        _ => Some(character),
    }
}

/// The text stands where the pen is, and moves it on.
const FROM_PEN: u32 = 1;
/// Which side of the text its reference is at.
const SIDE: u32 = 6;
const RIGHT: u32 = 2;
const CENTER: u32 = 6;

/// The most runs kept at once: 65,536, or a megabyte of text. Their lines are written then, and one that goes on is two: a
/// `limit` gap.
const MOST_RUNS: usize = 1 << 16;

/// The most states put aside: 256, as programs have a handful. One beyond them is taken up as the last before it.
const MOST_SAVED: usize = 256;

/// The most lines remembered, to tell each once, and octets of the longest: others may be told twice.
const MOST_TOLD: usize = 1 << 16;
const LONGEST_TOLD: usize = 256;

/// Text is handed over in pieces of a megabyte, so that the budget is asked in between.
const PIECE: usize = 1 << 20;
