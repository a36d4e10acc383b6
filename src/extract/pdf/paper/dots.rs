//! The dots of an unpacked picture, looked at from paper of another grain.

use kurbo::{Affine, Point};

/// An unpacked picture in greys.
pub(super) struct Dots<'d> {
    grey: &'d [u8],
    /// How much of each covers what is under it.
    alpha: Option<&'d [u8]>,
    width: usize,
    height: usize,
    /// How many units of the picture a dot is wide and high.
    scale: (f64, f64),
}

impl<'d> Dots<'d> {
    pub(super) fn of(
        grey: &'d [u8],
        alpha: Option<&'d [u8]>,
        width: u32,
        height: u32,
        (across, down): (f32, f32),
    ) -> Self {
        Self {
            grey,
            alpha,
            width: usize::try_from(width).unwrap_or(0),
            height: usize::try_from(height).unwrap_or(0),
            scale: (f64::from(across), f64::from(down)),
        }
    }

    /// How wide the picture is, in its own units.
    pub(super) fn across(&self) -> f64 {
        self.width as f64 * self.scale.0
    }

    /// How high it is.
    pub(super) fn down(&self) -> f64 {
        self.height as f64 * self.scale.1
    }

    /// The grey of the paper at (x, y), where it was `under`. `back` leads from the paper to the picture.
    pub(super) fn over(&self, under: u8, back: Affine, x: f64, y: f64) -> u8 {
        let [a, b, c, d, ..] = back.as_coeffs();
        let (across, down) = self.scale;
        // How many dots a pixel of the paper covers, each way.
        let step = (a.hypot(c) / across).max(b.hypot(d) / down);
        let looks = whole(step.ceil()).clamp(1, MOST_LOOKS);
        let mut sum = 0.0;
        for look_y in 0..looks {
            for look_x in 0..looks {
                let part = |look: usize| (look as f64 + 0.5) / looks as f64 - 0.5;
                let at = back * Point::new(x + part(look_x), y + part(look_y));
                sum += self.seen(at.x / across, at.y / down, f64::from(under));
            }
        }
        grey(sum / (looks * looks) as f64)
    }

    /// What is seen at a place between four dots.
    fn seen(&self, x: f64, y: f64, under: f64) -> f64 {
        let (width, height) = (self.width as f64, self.height as f64);
        if !(0.0..width).contains(&x) || !(0.0..height).contains(&y) {
            return under;
        }
        let (x, y) = ((x - 0.5).max(0.0), (y - 0.5).max(0.0));
        let (column, row) = (whole(x), whole(y));
        let (right, below) = (x - x.floor(), y - y.floor());
        let mut sum = 0.0;
        for (column, share_x) in [(column, 1.0 - right), (column + 1, right)] {
            for (row, share_y) in [(row, 1.0 - below), (row + 1, below)] {
                let share = share_x * share_y;
                if share > 0.0 {
                    sum += share * self.dot(column, row, under);
                }
            }
        }
        sum
    }

    fn dot(&self, column: usize, row: usize, under: f64) -> f64 {
        let column = column.min(self.width.saturating_sub(1));
        let row = row.min(self.height.saturating_sub(1));
        let at = row * self.width + column;
        let Some(grey) = self.grey.get(at) else {
            return under;
        };
        let grey = f64::from(*grey);
        match self.alpha.and_then(|alpha| alpha.get(at)) {
            None => grey,
            Some(alpha) => {
                let share = f64::from(*alpha) / 255.0;
                grey * share + under * (1.0 - share)
            }
        }
    }
}

/// The most looks at a picture for one pixel of the paper, each way.
const MOST_LOOKS: usize = 4;

/// A length in whole pixels. What is negative or no number is none.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "such a cast saturates, which is what is meant"
)]
pub(super) fn whole(length: f64) -> usize {
    length as usize
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "such a cast saturates, which is what is meant"
)]
fn grey(grey: f64) -> u8 {
    (grey + 0.5) as u8
}
