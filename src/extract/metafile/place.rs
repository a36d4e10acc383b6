//! Where on the paper something is drawn.

/// A point; what a hostile file makes of it need not be a number.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub(super) struct Point {
    pub(super) x: f64,
    pub(super) y: f64,
}

/// A point moved, turned and stretched.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Matrix {
    pub(super) across: Point,
    pub(super) down: Point,
    pub(super) moved: Point,
}

impl Default for Matrix {
    fn default() -> Self {
        Self {
            across: Point { x: 1.0, y: 0.0 },
            down: Point { x: 0.0, y: 1.0 },
            moved: Point::default(),
        }
    }
}

impl Matrix {
    /// A matrix that only moves.
    pub(super) fn moving(by: Point) -> Self {
        Self {
            moved: by,
            ..Self::default()
        }
    }

    /// A matrix that only stretches.
    pub(super) fn stretching(by: Point) -> Self {
        Self {
            across: Point { x: by.x, y: 0.0 },
            down: Point { x: 0.0, y: by.y },
            ..Self::default()
        }
    }

    /// A matrix that only turns, by so many degrees.
    pub(super) fn turning(degrees: f64) -> Self {
        let (sine, cosine) = degrees.to_radians().sin_cos();
        Self {
            across: Point { x: cosine, y: sine },
            down: Point {
                x: -sine,
                y: cosine,
            },
            ..Self::default()
        }
    }

    /// Where a point comes to lie.
    pub(super) fn of(&self, point: Point) -> Point {
        Point {
            x: point.x * self.across.x + point.y * self.down.x + self.moved.x,
            y: point.x * self.across.y + point.y * self.down.y + self.moved.y,
        }
    }

    /// This one first, and `then` another.
    pub(super) fn then(&self, then: &Self) -> Self {
        let bare = Self {
            moved: Point::default(),
            ..*then
        };
        Self {
            across: bare.of(self.across),
            down: bare.of(self.down),
            moved: then.of(self.moved),
        }
    }
}
