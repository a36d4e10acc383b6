//! A page whose pictures may hold text, asked to be read by OCR.

use hayro_interpret::TransformExt;
use kurbo::Affine;

use crate::extract::pdf::drawing::{Ended, Leaf};
use crate::extract::pdf::paper::Paper;
use crate::extract::{Exhausted, Reading, Reason};

/// Such a page.
pub(super) struct Scan {
    /// Which it is, from 1.
    pub(super) number: u32,
    /// The reason of the gap it is if nobody reads it.
    pub(super) unread: Reason,
    /// The dots to a point of its finest picture.
    pub(super) dots: f64,
}

/// Draws the pictures of the page and asks for them to be read. What cannot be drawn is a gap.
///
/// They are drawn rather than handed on as they are packed, for a scanner cuts a page into strips, and a page may lie on its side.
pub(super) fn ask(scan: &Scan, leaf: &Leaf<'_, '_>, reading: &mut Reading<'_>) {
    if !reading.budget.reads_pictures() {
        let detail = match scan.unread {
            Reason::Media => "pdf: a picture on a page is not read, for there is no OCR",
            _ => "pdf: a page is only a picture, and there is no OCR",
        };
        return reading.gap(scan.unread, detail);
    }
    let (width, height) = leaf.page.render_dimensions();
    let (width, height) = (f64::from(width), f64::from(height));
    let scale = scan.dots.clamp(FEWEST_DOTS, MOST_DOTS);
    let Some(mut paper) = Paper::new(width * scale, height * scale, reading.budget) else {
        return reading.exhausted(Exhausted::Limit("ocr.pixels"));
    };
    let upright = leaf.page.initial_transform(true).to_kurbo();
    let ended = leaf.draw(Affine::scale(scale) * upright, &mut paper);
    if let Err(exhausted) = reading.budget.time() {
        return reading.exhausted(exhausted);
    }
    if let Err(exhausted) = reading.budget.decoded(paper.unpacked()) {
        return reading.exhausted(exhausted);
    }
    if let Some((reason, detail)) = paper.flaw {
        reading.gap(reason, detail);
    } else if !matches!(ended, Ended::Well) {
        reading.gap(Reason::Damaged, "pdf: the pictures of a page are damaged");
    }
    if !paper.is_blank() {
        let picture = paper.finish();
        reading.ask(Some(scan.number), scan.unread, picture);
    }
}

/// The dots to a point a page is drawn with at most: 300 to the inch, of which OCR has no use for more; and at least: 150, for
/// of coarse letters it reads those that were enlarged better.
const MOST_DOTS: f64 = 300.0 / 72.0;
const FEWEST_DOTS: f64 = 150.0 / 72.0;
