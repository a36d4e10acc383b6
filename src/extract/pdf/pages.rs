//! The pages of a PDF, as text; and what on them is no text.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use hayro_interpret::{
    Context, Device, InterpreterCache, InterpreterSettings, InterpreterWarning, interpret_page,
};
use hayro_syntax::Pdf;
use hayro_syntax::object::{Array, Stream};
use hayro_syntax::page::Page;
use kurbo::{Affine, Rect};

use crate::extract::pdf::canvas::{Canvas, Left};
use crate::extract::pdf::instructions::{Followed, Lists};
use crate::extract::pdf::scan::{self, Scan};
use crate::extract::{Draft, Exhausted, Locus, Reading, Reason};

/// Reads all pages into one text.
pub(super) fn read(pdf: &Pdf, reading: &mut Reading<'_>) {
    let mut draft = Draft::new();
    let mut told = String::new();
    let mut seen = Seen::default();
    let mut scans = Vec::new();
    let font_failed = Arc::new(AtomicBool::new(false));
    let settings = settings(&font_failed);
    let cache = InterpreterCache::new();
    let mut followed = Followed::default();
    if let Err(exhausted) = followed.shared(pdf, reading.budget) {
        reading.exhausted(exhausted);
    }
    // What is shared is drawn from any page.
    let is_drawn = !followed.deep;
    for (page, number) in pdf.pages().iter().zip(1..) {
        if let Err(exhausted) = admit(page, reading) {
            reading.exhausted(exhausted);
            break;
        }
        seen.damaged |= !has_all_its_instructions(page);
        let instructions = page.page_stream().unwrap_or_default();
        seen.pages += 1;
        match followed.follow(instructions, reading.budget) {
            Ok(Lists::Shallow) if is_drawn => {}
            Ok(_) => continue,
            Err(exhausted) => {
                reading.exhausted(exhausted);
                break;
            }
        }
        let most = reading.budget.limits().text;
        let mut canvas = Canvas::new(reading.budget.cancel().clone(), most);
        let ended = draw(page, pdf, &cache, &settings, Affine::IDENTITY, &mut canvas);
        if let Some(unread) = seen.page(&canvas, page) {
            scans.push(Scan {
                page,
                number,
                unread,
                dots: canvas.dots,
            });
        }
        told.push_str(&canvas.told);
        draft.mark(Locus::Page(number));
        draft.push(&canvas.finish());
        let too_long = (draft.len() + told.len()) as u64 > most;
        if matches!(ended, Ended::Left) || too_long {
            reading.exhausted(
                reading
                    .budget
                    .time()
                    .err()
                    .unwrap_or(Exhausted::Limit("text")),
            );
            break;
        }
        seen.damaged |= matches!(ended, Ended::Panicked);
    }
    seen.unreadable |= font_failed.load(Ordering::Relaxed);
    reading.text(draft);
    let mut draft = Draft::new();
    draft.mark(Locus::Section("replacement text"));
    draft.push(&told);
    reading.text(draft);
    let mut draft = Draft::new();
    draft.mark(Locus::Section("unreadable instructions"));
    draft.push(&followed.strings);
    reading.text(draft);
    seen.stopping = followed.broken;
    seen.deep = followed.deep;
    seen.note(reading);
    for scan in scans {
        scan::ask(&scan, reading, |transform, device| {
            draw(scan.page, pdf, &cache, &settings, transform, device)
        });
    }
}

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

/// How the drawing of a page ended.
pub(super) enum Ended {
    Well,
    /// What it was drawn on would not go on.
    Left,
    Panicked,
}

fn draw<'a>(
    page: &Page<'a>,
    pdf: &'a Pdf,
    cache: &InterpreterCache<'a>,
    settings: &InterpreterSettings,
    transform: Affine,
    device: &mut impl Device<'a>,
) -> Ended {
    let ended = catch_unwind(AssertUnwindSafe(|| {
        let area = Rect::new(-SPREAD, -SPREAD, SPREAD, SPREAD);
        let mut context = Context::new(transform, area, cache, pdf.xref(), settings.clone());
        interpret_page(page, &mut context, device);
    }));
    match ended {
        Ok(()) => Ended::Well,
        Err(word) if word.is::<Left>() => Ended::Left,
        Err(_) => Ended::Panicked,
    }
}

/// Text outside the page is in the file all the same.
const SPREAD: f64 = 1e6;

/// Spends a page of the budget: the library keeps the instructions of every page it drew.
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
            (self.damaged, Reason::Damaged, "pdf: a page is damaged"),
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
