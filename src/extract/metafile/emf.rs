//! Enhanced metafiles (MS-EMF 2.3): records that each say what they are and how long.

use std::collections::HashMap;

use crate::extract::metafile::canvas::Canvas;
use crate::extract::metafile::place::{Matrix, Point};
use crate::extract::metafile::plus::Plus;
use crate::extract::octets::{f32_at, i32_at, size_at, slice, u32_at, utf_16};
use crate::extract::{Reading, sweep};
use crate::mime;

/// What stands in the head of one, and where.
pub(super) const MAGIC: &[u8] = b" EMF";
pub(super) const MAGIC_AT: usize = 40;

/// Whether octets begin one.
pub(super) fn starts(bytes: &[u8]) -> bool {
    u32_at(bytes, 0) == Some(HEAD) && slice(bytes, MAGIC_AT, MAGIC.len()) == MAGIC
}

/// Draws all of it.
pub(super) fn read(bytes: &[u8], canvas: &mut Canvas, reading: &mut Reading<'_>) {
    let mut rest = bytes;
    let mut fonts = HashMap::new();
    let mut plus = Plus::default();
    for seen in 0_usize.. {
        if seen.is_multiple_of(1024)
            && let Err(exhausted) = reading.budget.time()
        {
            reading.exhausted(exhausted);
            return;
        }
        let head = u32_at(rest, 0).zip(size_at(rest, 4));
        let cut = head.and_then(|(kind, size)| {
            let (record, after) = rest.split_at_checked(size)?;
            (size >= 8).then_some((kind, record, after))
        });
        let Some((kind, record, after)) = cut else {
            // It breaks off, or says lengths that cannot be.
            canvas.words(|draft| sweep::wide(rest, draft));
            canvas.has_pictures = true;
            break;
        };
        if kind == END {
            break;
        }
        match kind {
            COMMENT => plus.comment(record, reading),
            HEAD => canvas.words(|draft| sweep::wide(record, draft)),
            _ => draw(kind, record, canvas, &mut fonts, reading),
        }
        rest = after;
    }
    canvas.end_of_lines(reading);
    plus.finish(canvas, reading);
}

fn draw(
    kind: u32,
    record: &[u8],
    canvas: &mut Canvas,
    fonts: &mut HashMap<u32, f64>,
    reading: &mut Reading<'_>,
) {
    let point = point_at(record, 8);
    let state = &mut canvas.state;
    match kind {
        SET_WINDOW_SIZE => state.set_window_size(point),
        SET_WINDOW => state.window = point,
        SET_VIEW_SIZE => state.set_view_size(point),
        SET_VIEW => state.view = point,
        SET_ALIGN => state.align = u32_at(record, 8).unwrap_or(0),
        MOVE => state.pen = point,
        SAVE => canvas.save(),
        RESTORE => canvas.restore(),
        SET_WORLD => state.world = matrix_at(record, 8),
        CHANGE_WORLD => {
            let by = matrix_at(record, 8);
            state.world = match u32_at(record, 32) {
                Some(1) => Matrix::default(),
                Some(2) => by.then(&state.world),
                Some(3) => state.world.then(&by),
                _ => by,
            };
        }
        FONT => {
            if let Some(number) = u32_at(record, 8)
                && fonts.len() < MOST_FONTS
            {
                fonts.insert(number, i32_at(record, 12).map_or(0.0, f64::from).abs());
            }
        }
        SELECT => {
            let font = u32_at(record, 8).and_then(|number| fonts.get(&number));
            state.height = font.copied().unwrap_or(state.height);
        }
        TEXT_NARROW | TEXT_WIDE => text(record, 36, kind == TEXT_WIDE, canvas, reading),
        TEXTS_NARROW | TEXTS_WIDE => {
            let most = record.len() / TEXT_HEAD;
            let mut left = record.len();
            for number in 0..size_at(record, 36).unwrap_or(0).min(most) {
                let at = 40 + number * TEXT_HEAD;
                // Texts that lie over one another would be more than the file.
                let count = size_at(record, at + 8).unwrap_or(0);
                let Some(rest) = left.checked_sub(count) else {
                    canvas.has_pictures = true;
                    break;
                };
                left = rest;
                text(record, at, kind == TEXTS_WIDE, canvas, reading);
            }
        }
        SMALL_TEXT => small_text(record, canvas, reading),
        // Without octets of a picture, these fill an area.
        76 | 77 if u32_at(record, 96).unwrap_or(0) == 0 => {}
        76..=81 | 114 | 116 => canvas.has_pictures = true,
        _ => {}
    }
}

/// A text: its reference, how many characters, where they stand in the record, options, a rectangle, and where the distances
/// of its characters stand (MS-EMF 2.2.5).
fn text(record: &[u8], at: usize, wide: bool, canvas: &mut Canvas, reading: &mut Reading<'_>) {
    let count = size_at(record, at + 8).unwrap_or(0).min(record.len());
    let options = u32_at(record, at + 16).unwrap_or(0);
    let place = size_at(record, at + 12).unwrap_or(usize::MAX);
    let words = characters(record, place, count, wide);
    if options & GLYPHS != 0 {
        canvas.has_pictures = true;
        return;
    }
    let distances = size_at(record, at + 36).filter(|distances| *distances > 0);
    let step = if options & BOTH_WAYS != 0 { 8 } else { 4 };
    let width = distances.and_then(|distances| {
        let octets = record.get(distances..)?.get(..count.checked_mul(step)?)?;
        Some(
            octets
                .chunks_exact(step)
                .map(|distance| i32_at(distance, 0).map_or(0.0, f64::from))
                .sum(),
        )
    });
    canvas.text(point_at(record, at), &words, width, reading);
}

/// A short text without distances (MS-EMF 2.3.5.37).
fn small_text(record: &[u8], canvas: &mut Canvas, reading: &mut Reading<'_>) {
    let count = size_at(record, 16).unwrap_or(0).min(record.len());
    let options = u32_at(record, 20).unwrap_or(0);
    let at = if options & NO_RECTANGLE != 0 { 36 } else { 52 };
    if options & GLYPHS != 0 {
        canvas.has_pictures = true;
        return;
    }
    let words = characters(record, at, count, options & NARROW == 0);
    canvas.text(point_at(record, 8), &words, None, reading);
}

fn characters(record: &[u8], at: usize, count: usize, wide: bool) -> String {
    if wide {
        return utf_16(slice(record, at, count.saturating_mul(2)));
    }
    let octets = slice(record, at, count);
    mime::decode(octets, Some("windows-1252")).text.into_owned()
}

pub(super) fn point_at(record: &[u8], at: usize) -> Point {
    let number = |at| i32_at(record, at).map_or(0.0, f64::from);
    Point {
        x: number(at),
        y: number(at + 4),
    }
}

pub(super) fn matrix_at(record: &[u8], at: usize) -> Matrix {
    let point = |at| Point {
        x: f32_at(record, at).map_or(0.0, f64::from),
        y: f32_at(record, at + 4).map_or(0.0, f64::from),
    };
    Matrix {
        across: point(at),
        down: point(at + 8),
        moved: point(at + 16),
    }
}

// What records are (MS-EMF 2.1.1).
const HEAD: u32 = 1;
const SET_WINDOW_SIZE: u32 = 9;
const SET_WINDOW: u32 = 10;
const SET_VIEW_SIZE: u32 = 11;
const SET_VIEW: u32 = 12;
const END: u32 = 14;
const SET_ALIGN: u32 = 22;
const MOVE: u32 = 27;
const SAVE: u32 = 33;
const RESTORE: u32 = 34;
const SET_WORLD: u32 = 35;
const CHANGE_WORLD: u32 = 36;
const SELECT: u32 = 37;
const COMMENT: u32 = 70;
const FONT: u32 = 82;
const TEXT_NARROW: u32 = 83;
const TEXT_WIDE: u32 = 84;
const TEXTS_NARROW: u32 = 96;
const TEXTS_WIDE: u32 = 97;
const SMALL_TEXT: u32 = 108;

// Options of texts (MS-EMF 2.1.11).
const GLYPHS: u32 = 0x10;
const NO_RECTANGLE: u32 = 0x100;
const NARROW: u32 = 0x200;
const BOTH_WAYS: u32 = 0x2000;

/// Octets that tell of one of several texts.
const TEXT_HEAD: usize = 40;

/// The most fonts whose height is kept. Beyond them it is taken to be that of the last one.
const MOST_FONTS: usize = 4096;
