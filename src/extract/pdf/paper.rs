//! What the pictures of a page are drawn on, in greys, to be read by OCR.

mod dots;

use std::panic::resume_unwind;

use hayro_interpret::font::GlyphRun;
use hayro_interpret::{
    BlendMode, ClipPath, Device, DrawMode, DrawProps, Image, ImageData, ImageDrawProps, Paint,
    SoftMask,
};
use hayro_syntax::object::{Dict, Stream};
use kurbo::{Affine, BezPath, Rect};

use crate::extract::pdf::canvas::Left;
use crate::extract::pdf::paper::dots::{Dots, whole};
use crate::extract::picture::{self, Size};
use crate::extract::{Budget, Reason};
use crate::limits::Cancel;

/// White paper.
pub(super) struct Paper {
    cancel: Cancel,
    width: usize,
    height: usize,
    grey: Vec<u8>,
    /// The most pixels of a picture.
    most: u64,
    /// How many pixels may still be unpacked, and how many were.
    left: u64,
    unpacked: u64,
    /// Why what is drawn is not all there is.
    pub(super) flaw: Option<(Reason, &'static str)>,
}

impl Paper {
    /// Paper of so many pixels, if that is not more than a picture may have.
    pub(super) fn new(width: f64, height: f64, budget: &Budget) -> Option<Self> {
        let most = budget.limits().pictures.as_ref()?.pixels;
        let (width, height) = (whole(width.ceil()), whole(height.ceil()));
        let area = width.checked_mul(height)?;
        if area == 0 || area as u64 > most {
            return None;
        }
        Some(Self {
            cancel: budget.cancel().clone(),
            width,
            height,
            grey: vec![WHITE; area],
            most,
            left: most.saturating_mul(OVER_EACH_OTHER),
            unpacked: area as u64,
            flaw: None,
        })
    }

    /// How many octets were unpacked for it.
    pub(super) fn unpacked(&self) -> u64 {
        self.unpacked
    }

    /// Whether nothing is on it.
    pub(super) fn is_blank(&self) -> bool {
        self.grey.iter().all(|grey| *grey == WHITE)
    }

    /// The paper as a PNM file: a bit to a pixel where there is only black and white, else an octet.
    pub(super) fn finish(self) -> Vec<u8> {
        let is_plain = self.grey.iter().all(|grey| matches!(*grey, 0 | WHITE));
        let kind = if is_plain { "P4" } else { "P5" };
        let mut file = format!("{kind}\n{} {}\n", self.width, self.height).into_bytes();
        if !is_plain {
            file.extend(b"255\n");
            file.extend(self.grey);
            return file;
        }
        for row in self.grey.chunks(self.width) {
            let octets = row.chunks(8).map(|bits| {
                let ink = bits.iter().zip((0..8).rev());
                ink.fold(0, |octet, (grey, bit)| octet | u8::from(*grey == 0) << bit)
            });
            file.extend(octets);
        }
        file
    }

    fn go_on(&self) {
        if self.cancel.is_cancelled() {
            resume_unwind(Box::new(Left));
        }
    }

    /// Whether a picture may be unpacked; notes it where not.
    fn admit(&mut self, declared: Size, stream: &Stream<'_>) -> bool {
        let raw = stream.raw_data();
        // A packed picture tells its size once more, and it is that size it unpacks to.
        let packed = picture::size(&raw).flatten().or_else(|| jpx(&raw));
        let pixels = packed.map_or(0, Size::pixels).max(declared.pixels());
        match self.left.checked_sub(pixels) {
            Some(left) if pixels <= self.most => self.left = left,
            _ => {
                self.flaw = Some((Reason::Limit, "ocr.pixels"));
                return false;
            }
        }
        self.unpacked += pixels.saturating_mul(3);
        true
    }

    /// Puts a picture on the paper, and what it shows where it is transparent leaves alone.
    fn put(&mut self, dots: &Dots<'_>, transform: Affine) {
        let picture = Rect::new(0.0, 0.0, dots.across(), dots.down());
        let place = transform.transform_rect_bbox(picture);
        let sheet = Rect::new(0.0, 0.0, self.width as f64, self.height as f64);
        let shown = place.intersect(sheet);
        if shown.area() < place.area() / 2.0 {
            self.flaw = Some((
                Reason::Unsupported,
                "pdf: a picture lies beside its page, and is not read",
            ));
        }
        if shown.area() <= 0.0 || transform.determinant() == 0.0 {
            return;
        }
        let back = transform.inverse();
        let (left, right) = (whole(shown.x0.floor()), whole(shown.x1.ceil()));
        let (top, bottom) = (whole(shown.y0.floor()), whole(shown.y1.ceil()));
        let rows = self.grey.chunks_mut(self.width).enumerate();
        for (y, row) in rows.skip(top).take(bottom - top) {
            let pixels = row.iter_mut().enumerate();
            for (x, under) in pixels.skip(left).take(right - left) {
                *under = dots.over(*under, back, x as f64 + 0.5, y as f64 + 0.5);
            }
        }
    }
}

impl<'a> Device<'a> for Paper {
    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        self.go_on();
        let declared = Size {
            width: image.width(),
            height: image.height(),
        };
        let stream = match &image {
            Image::Raster(raster) => raster.stream(),
            Image::Stencil(stencil) => stencil.stream(),
        };
        if !self.admit(declared, stream) {
            return;
        }
        let mut is_drawn = false;
        match image {
            Image::Raster(raster) => raster.with_rgba(
                |data, alpha| {
                    is_drawn = true;
                    let scale = data.scale_factors();
                    let (width, height) = (data.width(), data.height());
                    let grey = match data {
                        ImageData::Luma(luma) => luma.data,
                        ImageData::Rgb(rgb) => greys(&rgb.data),
                    };
                    let alpha = alpha
                        .as_ref()
                        .filter(|it| (it.width, it.height) == (width, height))
                        .map(|it| it.data.as_slice());
                    self.put(
                        &Dots::of(&grey, alpha, width, height, scale),
                        props.transform,
                    );
                },
                None,
            ),
            Image::Stencil(stencil) => stencil.with_stencil(
                |mask, paint| {
                    is_drawn = true;
                    let ink = match paint {
                        Paint::Color(colour) => {
                            let [red, green, blue, _] = colour.to_rgba().to_rgba8();
                            grey(red, green, blue)
                        }
                        Paint::Pattern(_) => 0,
                    };
                    let inked = vec![ink; mask.data.len()];
                    let (width, height) = (mask.width, mask.height);
                    let dots =
                        Dots::of(&inked, Some(&mask.data), width, height, mask.scale_factors);
                    self.put(&dots, props.transform);
                },
                None,
            ),
        }
        if !is_drawn {
            self.flaw = Some((Reason::Unsupported, "pdf: a picture cannot be unpacked"));
        }
    }

    fn draw_glyph_run(&mut self, _: &GlyphRun<'_, 'a>, _: DrawProps<'a>, _: &DrawMode) {
        self.go_on();
    }

    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {
        self.go_on();
    }

    fn push_clip_path(&mut self, _: &ClipPath) {
        self.go_on();
    }

    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {
        self.go_on();
    }

    fn pop_clip(&mut self) {}

    fn pop_transparency_group(&mut self) {}

    fn begin_marked_content(&mut self, _: &[u8], _: Option<&Dict<'_>>) {}
}

const WHITE: u8 = 255;

/// Pictures may lie over each other on a page, and all together have so many times the pixels one may have.
const OVER_EACH_OTHER: u64 = 2;

fn greys(rgb: &[u8]) -> Vec<u8> {
    let (pixels, _) = rgb.as_chunks::<3>();
    let grey = |&[red, green, blue]: &[u8; 3]| grey(red, green, blue);
    pixels.iter().map(grey).collect()
}

/// The luma of ITU-R BT.601, in 256ths.
fn grey(red: u8, green: u8, blue: u8) -> u8 {
    let sum = 77 * u16::from(red) + 150 * u16::from(green) + 29 * u16::from(blue);
    let [high, _] = sum.to_be_bytes();
    high
}

/// The size in the header of a JPEG 2000 codestream (ITU-T T.800 annex A.5.1), which begins with SOC and SIZ.
fn jpx(raw: &[u8]) -> Option<Size> {
    let at = memchr::memmem::find(raw, b"\xFF\x4F\xFF\x51")?;
    let side = |at: usize| {
        let field = raw.get(at..at + 4)?;
        Some(u32::from_be_bytes(field.try_into().ok()?))
    };
    Some(Size {
        width: side(at + 8)?,
        height: side(at + 12)?,
    })
}
