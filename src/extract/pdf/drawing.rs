//! Pages handed over one by one, and drawn.

use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use hayro_interpret::{Context, Device, InterpreterCache, InterpreterSettings, interpret_page};
use hayro_syntax::Pdf;
use hayro_syntax::page::Page;
use kurbo::{Affine, Rect};

use crate::extract::pdf::canvas::Left;

/// A page of an open file, to be drawn.
pub(super) struct Leaf<'a, 'c> {
    pub(super) page: &'a Page<'a>,
    /// Which it is, from 1.
    pub(super) number: u32,
    pdf: &'a Pdf,
    cache: &'c InterpreterCache<'a>,
    settings: &'c InterpreterSettings,
}

/// How the drawing of a page ended.
pub(super) enum Ended {
    Well,
    /// What it was drawn on would not go on.
    Left,
    Panicked,
}

/// A file that opened once and does not open again.
pub(super) struct Lost;

/// Hands over the pages of these numbers, from 1, in their order, until `read` breaks off.
///
/// The library keeps the unpacked instructions of every page it was asked for as long as the file is open, so the file is opened
/// anew where they have become too many.
///
/// # Errors
///
/// `Lost` when the file cannot be opened anew.
pub(super) fn each_page(
    pdf: &Pdf,
    numbers: impl IntoIterator<Item = u32>,
    settings: &InterpreterSettings,
    mut read: impl FnMut(&Leaf<'_, '_>) -> ControlFlow<()>,
) -> Result<(), Lost> {
    let mut numbers = numbers.into_iter().peekable();
    let mut again = None;
    while numbers.peek().is_some() {
        let pdf = again.as_ref().unwrap_or(pdf);
        let cache = InterpreterCache::new();
        let mut kept = 0;
        while kept < KEPT
            && let Some(number) = numbers.next()
        {
            let index = usize::try_from(number).unwrap_or(usize::MAX);
            let Some(page) = pdf.pages().get(index.saturating_sub(1)) else {
                return Err(Lost);
            };
            let leaf = Leaf {
                page,
                number,
                pdf,
                cache: &cache,
                settings,
            };
            if read(&leaf).is_break() {
                return Ok(());
            }
            kept += page.page_stream().map_or(0, <[u8]>::len);
        }
        drop(cache);
        if numbers.peek().is_some() {
            again = Some(Pdf::new(pdf.data().clone()).map_err(|_| Lost)?);
        }
    }
    Ok(())
}

impl<'a> Leaf<'a, '_> {
    /// Draws the page on `device`.
    pub(super) fn draw(&self, transform: Affine, device: &mut impl Device<'a>) -> Ended {
        let ended = catch_unwind(AssertUnwindSafe(|| {
            let area = Rect::new(-SPREAD, -SPREAD, SPREAD, SPREAD);
            let settings = self.settings.clone();
            let xref = self.pdf.xref();
            let mut context = Context::new(transform, area, self.cache, xref, settings);
            interpret_page(self.page, &mut context, device);
        }));
        match ended {
            Ok(()) => Ended::Well,
            Err(word) if word.is::<Left>() => Ended::Left,
            Err(_) => Ended::Panicked,
        }
    }
}

/// How many octets of instructions are kept. Fixed: 16 MiB, more than all pages of most files have; beyond it the file is opened anew.
const KEPT: usize = 16 << 20;

/// Text outside the page is in the file all the same.
const SPREAD: f64 = 1e6;
