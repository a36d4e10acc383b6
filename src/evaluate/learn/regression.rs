//! Logistic regression with a quadratic penalty, one coordinate after another.

/// A text as a point: what it has of each column, and on which side it belongs.
pub(super) struct Point<'a> {
    pub(super) row: &'a [(usize, f64)],
    pub(super) tells: bool,
}

/// The plane between the two sides.
pub(super) struct Found {
    pub(super) bias: f64,
    pub(super) weights: Vec<f64>,
}

/// What a unit of a weight costs, squared. Fixed: 1/20. It was chosen by mail that nothing was learned from: a tenth and ten times as
/// much are hardly worse.
const PENALTY: f64 = 0.05;
/// How often all coordinates are gone through at most. Fixed: 300; weights are rounded to tenths, and by then they no longer change
/// by one.
const MOST_ROUNDS: usize = 300;
/// No coordinate moves by more than this in a round: it is done.
const STILL: f64 = 0.002;

/// The weights that tell the two sides apart best. Each side counts as much as the other, however many points it has.
pub(super) fn regress(points: &[Point<'_>], columns: usize) -> Found {
    let mut descent = Descent::new(points, columns);
    for _ in 0..MOST_ROUNDS {
        if descent.round() < STILL {
            break;
        }
    }
    descent.found
}

struct Descent {
    found: Found,
    /// The points that have something of each column.
    columns: Vec<Vec<(usize, f64)>>,
    /// What each point counts, and what it should be.
    points: Vec<(f64, f64)>,
    /// Where each point stands now.
    stands: Vec<f64>,
}

impl Descent {
    fn new(points: &[Point<'_>], columns: usize) -> Self {
        let mut by_column = vec![Vec::new(); columns];
        for (at, point) in points.iter().enumerate() {
            for &(column, value) in point.row {
                if let Some(column) = by_column.get_mut(column) {
                    column.push((at, value));
                }
            }
        }
        let side = |tells| points.iter().filter(|it| it.tells == tells).count().max(1);
        let (yes, no) = (as_number(side(true)), as_number(side(false)));
        let all = as_number(points.len());
        let weighed = |point: &Point<'_>| match point.tells {
            true => (all / 2.0 / yes, 1.0),
            false => (all / 2.0 / no, 0.0),
        };
        Self {
            found: Found {
                bias: 0.0,
                weights: vec![0.0; columns],
            },
            columns: by_column,
            points: points.iter().map(weighed).collect(),
            stands: vec![0.0; points.len()],
        }
    }

    /// Moves every coordinate once, and tells how far the one went that went farthest.
    fn round(&mut self) -> f64 {
        let everywhere: Vec<(usize, f64)> = (0..self.points.len()).map(|at| (at, 1.0)).collect();
        let step = self.step(&everywhere, 0.0, 0.0);
        self.found.bias += step;
        let mut farthest = step.abs();
        for column in 0..self.columns.len() {
            let Some(values) = self.columns.get_mut(column).map(std::mem::take) else {
                continue;
            };
            if let Some(&weight) = self.found.weights.get(column) {
                let step = self.step(&values, weight, PENALTY);
                farthest = farthest.max(step.abs());
                if let Some(weight) = self.found.weights.get_mut(column) {
                    *weight += step;
                }
            }
            if let Some(place) = self.columns.get_mut(column) {
                *place = values;
            }
        }
        farthest
    }

    /// Moves all points by the step along a coordinate that never overshoots: the slope over the steepest that its curve can be.
    fn step(&mut self, values: &[(usize, f64)], weight: f64, penalty: f64) -> f64 {
        let mut slope = penalty * weight;
        let mut curve = penalty;
        for &(at, value) in values {
            if let (Some(&(counts, should)), Some(&stands)) =
                (self.points.get(at), self.stands.get(at))
            {
                slope += counts * value * (likely(stands) - should);
                curve += counts * value * value / 4.0;
            }
        }
        let step = if curve > 0.0 { -slope / curve } else { 0.0 };
        for &(at, value) in values {
            if let Some(stands) = self.stands.get_mut(at) {
                *stands += step * value;
            }
        }
        step
    }
}

fn likely(odds: f64) -> f64 {
    1.0 / (1.0 + (-odds).exp())
}

fn as_number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_on_one_side_only_tells_it() {
        let rows = [
            vec![(0, 1.0), (2, 1.0)],
            vec![(0, 1.0)],
            vec![(1, 1.0), (2, 1.0)],
            vec![(1, 1.0)],
        ];
        let sides = [true, true, false, false];
        let points = rows.iter().zip(sides);
        let points: Vec<Point<'_>> = points.map(|(row, tells)| Point { row, tells }).collect();
        let found = regress(&points, 3);
        let (one, other, neither) = (found.weights[0], found.weights[1], found.weights[2]);
        assert!(one > 2.0 && other < -2.0, "{one} {other}");
        assert!(neither.abs() < 0.1 && found.bias.abs() < 0.1);
    }
}
