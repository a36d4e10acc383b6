//! Numbers in lists: what most of a column are, each of them is likely to be.

use crate::detect::number::Number;

/// How many numbers make a list.
const LIST: u32 = 8;
/// The most columns that are counted apart; those farther right are counted as one.
const MOST: usize = 256;
/// How far apart two numbers are at most that were counted up.
const STEP: u64 = 100;

/// What is known of the columns of a text so far.
#[derive(Default)]
pub(super) struct Columns(Vec<Column>);

#[derive(Clone, Copy, Default)]
struct Column {
    /// Numbers of ten digits.
    numbers: u32,
    /// Those with a date in them.
    dates: u32,
    /// Those with a right check digit as well.
    right: u32,
    /// Those that follow the one above closely.
    steps: u32,
    last: Option<Number>,
}

/// What a column is a list of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Listed {
    /// There are too few numbers to say.
    Unknown,
    /// People: nearly all are dates and check.
    People,
    /// Something else: few have a date in them.
    Others,
    /// Something else: they were counted up.
    Counted,
}

impl Columns {
    /// Counts a number in a column.
    pub(super) fn count(&mut self, column: usize, number: Number, date: bool, right: bool) {
        let column = column.min(MOST);
        if self.0.len() <= column {
            self.0.resize(column + 1, Column::default());
        }
        if let Some(column) = self.0.get_mut(column) {
            column.numbers += 1;
            column.dates += u32::from(date);
            column.right += u32::from(date && right);
            let step = column
                .last
                .is_some_and(|last| (1..=STEP).contains(&last.distance(&number)));
            column.steps += u32::from(step);
            column.last = Some(number);
        }
    }

    /// What the numbers of a column are.
    pub(super) fn listed(&self, column: usize) -> Listed {
        let Some(column) = self
            .0
            .get(column.min(MOST))
            .filter(|column| column.numbers >= LIST)
        else {
            return Listed::Unknown;
        };
        let share = |part: u32, tenths: u32| {
            part.saturating_mul(10) >= column.numbers.saturating_mul(tenths)
        };
        if share(column.steps, 5) {
            Listed::Counted
        } else if share(column.right, 8) {
            Listed::People
        } else if share(column.dates, 5) {
            Listed::Unknown
        } else {
            Listed::Others
        }
    }
}
