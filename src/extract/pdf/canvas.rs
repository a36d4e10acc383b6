//! What a page is drawn on: glyphs are kept as text, pictures and lines are only measured.

use std::collections::HashMap;
use std::panic::resume_unwind;

use hayro_interpret::font::{Glyph, GlyphRun};
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::{
    BlendMode, ClipPath, Device, DrawMode, DrawProps, Image, ImageDrawProps, SoftMask,
};
use hayro_syntax::object::{Dict, String as PdfString};
use kurbo::{BezPath, Point, Rect};

use crate::extract::pdf::lines::{Placed, Words};
use crate::extract::pdf::strings;
use crate::extract::picture::Size;
use crate::limits::Cancel;

/// A page being drawn.
#[derive(Debug)]
pub(super) struct Canvas {
    cancel: Cancel,
    words: Words,
    /// The lines of words that were many enough to be put in order before the page ended.
    pub(super) lines: String,
    /// What the page says it reads where it draws something else (ISO 32000-2, 14.9.4).
    pub(super) told: String,
    pub(super) glyphs: usize,
    /// Glyphs of which nobody knows what they read.
    pub(super) unread: usize,
    /// The longest stretch of those.
    pub(super) unread_run: usize,
    pub(super) paths: usize,
    /// The area of all pictures, in square points.
    pub(super) pictured: f64,
    /// The dots to a point of the finest picture.
    pub(super) dots: f64,
    /// Where pictures lie that can show a number, and where glyphs begin: the first of each.
    pictures: Vec<Rect>,
    origins: Vec<Point>,
    /// The most octets of text a page may be.
    most: u64,
    run: usize,
}

/// Why a page was left: the time is up, or it is longer than any text may be.
///
/// The library has no way to be told to stop, and a page may draw itself a billion times, so the canvas unwinds
/// with this as its word.
#[derive(Debug)]
pub(super) struct Left;

impl Canvas {
    /// An empty page.
    pub(super) fn new(cancel: Cancel, most: u64) -> Self {
        Self {
            cancel,
            words: Words::default(),
            lines: String::new(),
            told: String::new(),
            glyphs: 0,
            unread: 0,
            unread_run: 0,
            paths: 0,
            pictured: 0.0,
            dots: 0.0,
            pictures: Vec::new(),
            origins: Vec::new(),
            most,
            run: 0,
        }
    }

    /// The text of the page.
    pub(super) fn finish(&mut self) -> String {
        let rest = self.words.take_lines();
        self.lines.push_str(&rest);
        std::mem::take(&mut self.lines)
    }

    /// Whether a picture of at least this many square points has fewer than `glyphs` glyphs on it: text that belongs to a
    /// scan, which programs lay under it, is more.
    pub(super) fn has_bare_picture(&self, area: f64, glyphs: usize) -> bool {
        let is_bare = |picture: &&Rect| {
            let on_it = self.origins.iter().filter(|it| picture.contains(**it));
            on_it.take(glyphs).count() < glyphs
        };
        let large = self.pictures.iter().filter(|it| it.area() >= area);
        large.take(MANY_PICTURES).any(|it| is_bare(&it))
    }

    fn go_on(&self) {
        if self.cancel.is_cancelled() || self.lines.len() as u64 > self.most {
            resume_unwind(Box::new(Left));
        }
    }

    fn glyph(&mut self, read: &Read, placed: Placed) {
        self.glyphs += 1;
        if matches!(read, Read::Not) {
            self.unread += 1;
            self.run += 1;
            self.unread_run = self.unread_run.max(self.run);
        } else {
            self.run = 0;
        }
        match read {
            Read::As(character) if character.is_control() => {}
            Read::As(character) => self.words.glyph(placed, character.encode_utf8(&mut [0; 4])),
            Read::AsText(text) => self.words.glyph(placed, text),
            Read::Not => self.words.glyph(placed, "\u{FFFD}"),
        }
    }
}

impl<'a> Device<'a> for Canvas {
    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, _: &DrawMode) {
        self.go_on();
        // A run has one font, and asking it costs more than all that is done here with the answer.
        let mut known: HashMap<u32, Known> = HashMap::new();
        for glyph in run.glyphs() {
            let [a, b, _, _, x, y] = (props.transform * glyph.transform()).as_coeffs();
            let known = known.entry(glyph.char_code()).or_insert_with(|| ask(glyph));
            let placed = Placed {
                origin: (x, y),
                em: (a * EM, b * EM),
                advance: known.advance,
            };
            self.glyph(&known.read, placed);
            if self.origins.len() < MANY_ORIGINS {
                self.origins.push(Point::new(x, y));
            }
        }
        if self.words.len() > MANY {
            let lines = self.words.take_lines();
            self.lines.push_str(&lines);
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        self.go_on();
        let pixels = f64::from(image.width()) * f64::from(image.height());
        let scale = props.transform.determinant().abs();
        self.pictured += scale * pixels;
        self.dots = self.dots.max(scale.sqrt().recip());
        let size = Size {
            width: image.width(),
            height: image.height(),
        };
        if size.can_show_a_number() && self.pictures.len() < MANY_ORIGINS {
            let (width, height) = (f64::from(image.width()), f64::from(image.height()));
            let picture = Rect::new(0.0, 0.0, width, height);
            self.pictures
                .push(props.transform.transform_rect_bbox(picture));
        }
    }

    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {
        self.go_on();
        self.paths += 1;
    }

    fn push_clip_path(&mut self, _: &ClipPath) {
        self.go_on();
    }

    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {
        self.go_on();
    }

    fn pop_clip(&mut self) {}

    fn pop_transparency_group(&mut self) {}

    fn begin_marked_content(&mut self, _: &[u8], properties: Option<&Dict<'_>>) {
        self.go_on();
        let Some(properties) = properties else {
            return;
        };
        for key in ["ActualText", "Alt", "E"] {
            let told = properties.get::<PdfString<'_>>(key);
            let told = told.and_then(|told| strings::text(told.as_bytes()));
            if let Some(told) = told.filter(|told| told.trim().chars().count() > 1)
                && (self.told.len() as u64) < self.most
            {
                self.told.push_str(told.trim());
                self.told.push('\n');
            }
        }
    }
}

/// What a font says of a character code.
struct Known {
    /// How far the glyph moves the pen, in em.
    advance: f64,
    read: Read,
}

/// What a glyph reads.
enum Read {
    As(char),
    AsText(String),
    Not,
}

fn ask(glyph: &Glyph<'_>) -> Known {
    let advance = match glyph {
        Glyph::Outline(outline) => outline.advance_width(),
        Glyph::Type3(drawn) => drawn.advance_width(),
    };
    Known {
        advance: f64::from(advance.unwrap_or(500.0)) / EM,
        read: match glyph.as_unicode() {
            Some(BfString::Char(character)) => Read::As(readable(character)),
            Some(BfString::String(text)) => Read::AsText(text),
            None => Read::Not,
        },
    }
}

/// Glyph space has a thousand units to the em.
const EM: f64 = 1000.0;

/// So many octets of words are put in order at a time: no page of a document has as many.
const MANY: usize = 4 << 20;

/// The most glyphs and pictures of a page that are compared by where they lie. Beyond it a picture counts as bare sooner.
const MANY_ORIGINS: usize = 20_000;

/// The most large pictures of a page that are looked at for text on them.
const MANY_PICTURES: usize = 50;

/// Symbol fonts keep their characters at private code points; their digits are digits.
fn readable(character: char) -> char {
    match character {
        '\u{F020}'..='\u{F07E}' => {
            char::from_u32(u32::from(character) - 0xF000).unwrap_or(character)
        }
        other => other,
    }
}
