//! The newer records that stand in the comments of an enhanced metafile (MS-EMFPLUS 2.3), often beside the same drawing in the older
//! ones.

use crate::extract::Reading;
use crate::extract::metafile::canvas::Canvas;
use crate::extract::metafile::emf::matrix_at;
use crate::extract::metafile::place::{Matrix, Point};
use crate::extract::octets::{f32_at, size_at, slice, u16_at, u32_at, utf_16};

/// The texts of such records, kept until those of the older ones are told.
#[derive(Default)]
pub(super) struct Plus {
    texts: Vec<Text>,
    world: Matrix,
    /// From what a unit of the page is to the pixels of a screen.
    page: Matrix,
    saved: Vec<(Matrix, Matrix)>,
    has_pictures: bool,
    /// How many octets of text are kept.
    kept: usize,
}

struct Text {
    at: Point,
    width: Option<f64>,
    text: String,
}

impl Plus {
    /// Takes the next comment.
    pub(super) fn comment(&mut self, record: &[u8], reading: &mut Reading<'_>) {
        if slice(record, 12, 4) != b"EMF+" {
            return;
        }
        let length = size_at(record, 8).unwrap_or(0).saturating_sub(4);
        let mut rest = slice(record, 16, length);
        while let Some((kind, size)) = u16_at(rest, 0).zip(size_at(rest, 4)) {
            if let Err(exhausted) = reading.budget.time() {
                reading.exhausted(exhausted);
                return;
            }
            let Some((one, after)) = rest.split_at_checked(size.max(HEAD)) else {
                // What is said to be longer than there is may be text that is drawn all the same.
                self.has_pictures = true;
                self.draw(kind, rest);
                return;
            };
            self.draw(kind, one);
            rest = after;
        }
    }

    /// Draws the texts that were kept.
    pub(super) fn finish(self, canvas: &mut Canvas, reading: &mut Reading<'_>) {
        canvas.state = super::canvas::State::default();
        for text in self.texts {
            canvas.text(text.at, &text.text, text.width, reading);
        }
        canvas.has_pictures |= self.has_pictures;
    }

    fn draw(&mut self, kind: u16, record: &[u8]) {
        let number = |at| f32_at(record, at).map_or(0.0, f64::from);
        let point = |at| Point {
            x: number(at),
            y: number(at + 4),
        };
        let by = matrix_at(record, HEAD);
        let is_after = u16_at(record, 2).unwrap_or(0) & 0x2000 != 0;
        match kind {
            STRING => {
                let count = size_at(record, HEAD + 8).unwrap_or(0);
                let text = utf_16(slice(record, HEAD + 28, count.saturating_mul(2)));
                self.keep(point(HEAD + 12), None, text);
            }
            GLYPHS if u32_at(record, HEAD + 4).unwrap_or(0) & CHARACTERS == 0 => {
                self.has_pictures = true;
            }
            GLYPHS => {
                let count = size_at(record, HEAD + 12)
                    .unwrap_or(0)
                    .min(record.len() / 2);
                let text = utf_16(slice(record, HEAD + 16, count * 2));
                let places = HEAD + 16 + count * 2;
                let last = point(places + count.saturating_sub(1) * 8);
                // The last letter is as wide as the others are on the whole.
                #[expect(clippy::cast_precision_loss, reason = "a run is short")]
                let width = (count > 1).then(|| {
                    let count = count as f64;
                    (last.x - point(places).x) * count / (count - 1.0)
                });
                self.keep(point(places), width, text);
            }
            IMAGE | IMAGE_POINTS => self.has_pictures = true,
            SAVE | CONTAINER | CONTAINER_PLAIN if self.saved.len() < MOST_SAVED => {
                self.saved.push((self.world, self.page));
            }
            RESTORE | CONTAINER_END => {
                let kept = (self.world, self.page);
                (self.world, self.page) = self.saved.pop().unwrap_or(kept);
            }
            SET_WORLD => self.world = by,
            RESET_WORLD => self.world = Matrix::default(),
            MULTIPLY_WORLD => self.change(&by, is_after),
            TRANSLATE_WORLD => self.change(&Matrix::moving(point(HEAD)), is_after),
            SCALE_WORLD => self.change(&Matrix::stretching(point(HEAD)), is_after),
            ROTATE_WORLD => self.change(&Matrix::turning(number(HEAD)), is_after),
            SET_PAGE => {
                let unit = u16_at(record, 2).map_or(0, |flags| flags & 0xFF);
                let scale = number(HEAD) * pixels(unit);
                // On a page without size all would lie on one spot.
                let scale = if scale == 0.0 { 1.0 } else { scale };
                self.page = Matrix::stretching(Point { x: scale, y: scale });
            }
            _ => {}
        }
    }

    fn change(&mut self, by: &Matrix, is_after: bool) {
        self.world = if is_after {
            self.world.then(by)
        } else {
            by.then(&self.world)
        };
    }

    fn keep(&mut self, at: Point, width: Option<f64>, text: String) {
        self.kept = self.kept.saturating_add(text.len() + KEEPING);
        if self.kept > MOST_KEPT {
            self.has_pictures = true;
            return;
        }
        let paper = self.world.then(&self.page);
        let width = width.map(|width| {
            let end = paper.of(Point {
                x: at.x + width,
                ..at
            });
            end.x - paper.of(at).x
        });
        self.texts.push(Text {
            at: paper.of(at),
            width,
            text,
        });
    }
}

/// How many pixels of a screen a unit of a page is (MS-EMFPLUS 2.1.1.33).
fn pixels(unit: u16) -> f64 {
    match unit {
        3 => PIXELS / 72.0,
        4 => PIXELS,
        5 => PIXELS / 300.0,
        6 => PIXELS / 25.4,
        _ => 1.0,
    }
}

/// Pixels of an inch.
const PIXELS: f64 = 96.0;

/// Octets before what a record holds.
const HEAD: usize = 12;

// What records are (MS-EMFPLUS 2.1.1.1).
const IMAGE: u16 = 0x401A;
const IMAGE_POINTS: u16 = 0x401B;
const STRING: u16 = 0x401C;
const SAVE: u16 = 0x4025;
const RESTORE: u16 = 0x4026;
const CONTAINER: u16 = 0x4027;
const CONTAINER_PLAIN: u16 = 0x4028;
const CONTAINER_END: u16 = 0x4029;
const SET_WORLD: u16 = 0x402A;
const RESET_WORLD: u16 = 0x402B;
const MULTIPLY_WORLD: u16 = 0x402C;
const TRANSLATE_WORLD: u16 = 0x402D;
const SCALE_WORLD: u16 = 0x402E;
const ROTATE_WORLD: u16 = 0x402F;
const SET_PAGE: u16 = 0x4030;
const GLYPHS: u16 = 0x4036;

/// What looks like glyphs are characters.
const CHARACTERS: u32 = 1;

/// The most states put aside.
const MOST_SAVED: usize = 256;

/// The most octets of text kept: 16 MiB. A metafile with more is one that was not read to its end.
const MOST_KEPT: usize = 16 << 20;

/// What keeping a text costs beside it.
const KEEPING: usize = 64;
