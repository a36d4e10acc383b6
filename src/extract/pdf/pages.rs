//! The pages of a PDF, as text; and what on them is no text.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use hayro_interpret::{InterpreterSettings, InterpreterWarning};
use hayro_syntax::Pdf;
use hayro_syntax::object::{Array, Stream};
use hayro_syntax::page::Page;
use kurbo::Affine;

use crate::extract::pdf::canvas::Canvas;
use crate::extract::pdf::drawing::{Ended, Leaf, Lost, each_page};
use crate::extract::pdf::instructions::{Followed, Lists};
use crate::extract::pdf::scan::{self, Scan};
use crate::extract::{Draft, Exhausted, Locus, Reading, Reason};

/// Reads all pages into one text.
pub(super) fn read(pdf: &Pdf, reading: &mut Reading<'_>) {
    let font_failed = Arc::new(AtomicBool::new(false));
    let settings = settings(&font_failed);
    let mut pages = Pages::default();
    if let Err(exhausted) = pages.followed.shared(pdf, reading.budget) {
        reading.exhausted(exhausted);
    }
    if pages.followed.deep {
        pages.shared = Lists::Deep;
    }
    let all = (1..).take(pdf.pages().len());
    let read = each_page(pdf, all, &settings, |leaf| {
        match pages.page(leaf, reading) {
            Ok(()) => ControlFlow::Continue(()),
            Err(exhausted) => {
                reading.exhausted(exhausted);
                ControlFlow::Break(())
            }
        }
    });
    pages.seen.damaged |= matches!(read, Err(Lost));
    pages.seen.unreadable |= font_failed.load(Ordering::Relaxed);
    let scans = pages.tell(reading);
    let numbers: Vec<u32> = scans.iter().map(|scan| scan.number).collect();
    let mut scans = scans.into_iter();
    let asked = each_page(pdf, numbers, &settings, |leaf| {
        let Some(scan) = scans.next() else {
            return ControlFlow::Break(());
        };
        scan::ask(&scan, leaf, reading);
        ControlFlow::Continue(())
    });
    if matches!(asked, Err(Lost)) {
        reading.gap(Reason::Damaged, DAMAGED);
    }
}

/// What was read of the pages so far.
#[derive(Default)]
struct Pages {
    draft: Draft,
    /// Text that stands in place of what is shown.
    told: String,
    followed: Followed,
    /// Of what pages share: it is drawn from any of them.
    shared: Lists,
    seen: Seen,
    scans: Vec<Scan>,
}

impl Pages {
    /// Reads a page.
    ///
    /// # Errors
    ///
    /// `Exhausted` when no further page may be read.
    fn page(&mut self, leaf: &Leaf<'_, '_>, reading: &mut Reading<'_>) -> Result<(), Exhausted> {
        let Leaf { page, number, .. } = *leaf;
        admit(page, reading)?;
        self.seen.damaged |= !has_all_its_instructions(page);
        let instructions = page.page_stream().unwrap_or_default();
        self.seen.pages += 1;
        let lists = self.followed.follow(instructions, reading.budget)?;
        if lists == Lists::Deep || self.shared == Lists::Deep {
            return Ok(());
        }
        let most = reading.budget.limits().text;
        let mut canvas = Canvas::new(reading.budget.cancel().clone(), most);
        let ended = leaf.draw(Affine::IDENTITY, &mut canvas);
        if let Some(unread) = self.seen.page(&canvas, page) {
            self.scans.push(Scan {
                number,
                unread,
                dots: canvas.dots,
            });
        }
        self.told.push_str(&canvas.told);
        self.draft.mark(Locus::Page(number));
        self.draft.push(&canvas.finish());
        let too_long = (self.draft.len() + self.told.len()) as u64 > most;
        if matches!(ended, Ended::Left) || too_long {
            reading.budget.time()?;
            return Err(Exhausted::Limit("text"));
        }
        self.seen.damaged |= matches!(ended, Ended::Panicked);
        Ok(())
    }

    /// Hands on what was read; what is left are the pages whose pictures may hold text.
    fn tell(mut self, reading: &mut Reading<'_>) -> Vec<Scan> {
        reading.text(self.draft);
        for (section, text) in [
            ("replacement text", &self.told),
            ("unreadable instructions", &self.followed.strings),
        ] {
            let mut draft = Draft::new();
            draft.mark(Locus::Section(section));
            draft.push(text);
            reading.text(draft);
        }
        self.seen.stopping = self.followed.broken;
        self.seen.deep = self.followed.deep;
        self.seen.note(reading);
        self.scans
    }
}

/// What the gap says of a file of which pages were lost.
const DAMAGED: &str = "pdf: a page is damaged";

/// Whether every stream of a page's instructions can be unpacked. Of a list of them the library leaves out, without a word,
/// those that cannot.
fn has_all_its_instructions(page: &Page<'_>) -> bool {
    match page.raw().get::<Array<'_>>("Contents") {
        Some(list) => {
            let unpacked = list.iter::<Stream<'_>>();
            let whole = unpacked.filter(|stream| stream.decoded_data().is_ok());
            whole.count() == list.raw_iter().count()
        }
        None => page.page_stream().is_some() || !page.raw().contains_key("Contents"),
    }
}

/// Spends a page of the budget.
fn admit(page: &Page<'_>, reading: &mut Reading<'_>) -> Result<(), Exhausted> {
    reading.budget.entry()?;
    let octets = page.page_stream().map_or(0, <[u8]>::len);
    reading.budget.decoded(octets as u64)
}

fn settings(font_failed: &Arc<AtomicBool>) -> InterpreterSettings {
    let failed = Arc::clone(font_failed);
    InterpreterSettings {
        warning_sink: Arc::new(move |warning| {
            if matches!(warning, InterpreterWarning::UnsupportedFont) {
                failed.store(true, Ordering::Relaxed);
            }
        }),
        ..InterpreterSettings::default()
    }
}

/// What was seen on the pages that is no text.
#[derive(Debug, Default)]
struct Seen {
    pages: usize,
    outlines: bool,
    unreadable: bool,
    damaged: bool,
    stopping: bool,
    deep: bool,
}

impl Seen {
    /// Where its pictures may hold text that nothing else on it does, the reason of the gap it is unless they are read.
    fn page(&mut self, canvas: &Canvas, page: &Page<'_>) -> Option<Reason> {
        self.unreadable |=
            canvas.unread_run >= UNREAD_RUN || canvas.unread * 5 > canvas.glyphs.max(UNREAD_RUN);
        let size = page.media_box();
        let area = ((size.x1 - size.x0) * (size.y1 - size.y0)).abs();
        if canvas.glyphs < FEW_GLYPHS {
            self.outlines |= canvas.paths > MANY_PATHS;
            return (canvas.pictured > PICTURED * area).then_some(Reason::Unsupported);
        }
        canvas
            .has_bare_picture(PASTED * area, FEW_GLYPHS)
            .then_some(Reason::Media)
    }

    fn note(&self, reading: &mut Reading<'_>) {
        let gaps = [
            (self.pages == 0, Reason::Damaged, "pdf: it has no pages"),
            (self.damaged, Reason::Damaged, DAMAGED),
            (
                self.stopping,
                Reason::Damaged,
                "pdf: a page stops being readable",
            ),
            (
                self.deep,
                Reason::Limit,
                "pdf: a page holds lists too deep to read",
            ),
            (
                self.outlines,
                Reason::Unsupported,
                "pdf: a page is only drawn lines",
            ),
            (
                self.unreadable,
                Reason::Unsupported,
                "pdf: a font cannot be read",
            ),
        ];
        for (is_so, reason, detail) in gaps {
            if is_so {
                reading.gap(reason, detail);
            }
        }
    }
}

/// A page with fewer glyphs than this has no text: a page number, a stamp.
const FEW_GLYPHS: usize = 20;

/// The share of a page without text that pictures cover when they may hold text; a dot or a line covers less.
const PICTURED: f64 = 0.002;

/// The share of a page with text that a picture covers which may be a scan pasted into it; a logo covers less.
const PASTED: f64 = 0.05;

/// A page without text and with more shapes than this may be text turned into outlines.
const MANY_PATHS: usize = 500;

/// So many unread glyphs in a row are a number or a word; bullets and leaders come in fewer or in other fonts.
const UNREAD_RUN: usize = 6;
