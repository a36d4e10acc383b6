//! Runs of text put together to lines: what is drawn at one height, from left to right.

/// A run of text on the paper.
#[derive(Clone, Debug)]
pub(super) struct Run {
    pub(super) x: f64,
    pub(super) y: f64,
    /// How wide it is, where that is known.
    pub(super) width: Option<f64>,
    /// How high its font is; 0 where that is not known.
    pub(super) height: f64,
    pub(super) text: String,
}

/// The lines of the runs, from above.
pub(super) fn lines(mut runs: Vec<Run>) -> Vec<String> {
    runs.sort_by(|a, b| a.y.total_cmp(&b.y));
    let mut lines = Vec::new();
    for line in runs.chunk_by_mut(is_one_line) {
        line.sort_by(|a, b| a.x.total_cmp(&b.x));
        lines.push(joined(line));
    }
    lines
}

fn is_one_line(above: &Run, below: &Run) -> bool {
    let height = above.height.min(below.height);
    below.y - above.y <= (height * SLACK).max(1.0)
}

fn joined(line: &[Run]) -> String {
    let mut joined = String::new();
    let mut last: Option<&Run> = None;
    for run in line {
        if let Some(last) = last {
            // Bold, or a shadow.
            if is_again(last, run) {
                continue;
            }
            if is_apart(last, run) {
                joined.push(' ');
            }
        }
        joined.push_str(&run.text);
        last = Some(run);
    }
    joined
}

fn is_again(last: &Run, run: &Run) -> bool {
    last.text == run.text && run.x - last.x < last.letter() * 0.5
}

/// Whether a blank is seen between two runs.
fn is_apart(last: &Run, run: &Run) -> bool {
    if let Some(width) = last.width {
        let gap = run.x - (last.x + width);
        return gap > last.letter() * BLANK || gap < -last.letter();
    }
    // What it is not known of, at least no number is torn apart by.
    let number = |character: Option<char>| {
        character.is_some_and(|character| character.is_ascii_digit() || character == '-')
    };
    let is_number = number(last.text.chars().next_back()) && number(run.text.chars().next());
    let is_far = last.height > 0.0 && run.x - last.x > last.letters() * last.height;
    !is_number || is_far
}

impl Run {
    #[expect(clippy::cast_precision_loss, reason = "a run is short")]
    fn letters(&self) -> f64 {
        self.text.chars().count().max(1) as f64
    }

    /// How wide a letter of it is.
    fn letter(&self) -> f64 {
        match self.width {
            Some(width) => width / self.letters(),
            None => self.height / 2.0,
        }
    }
}

/// Runs that far apart are of one line, in heights of their font: a small figure above it is not.
const SLACK: f64 = 0.2;

/// The least blank, in letters.
const BLANK: f64 = 0.3;

#[cfg(test)]
mod tests {
    use super::*;

    fn run(x: f64, y: f64, width: Option<f64>, text: &str) -> Run {
        let (height, text) = (12.0, text.to_owned());
        Run {
            x,
            y,
            width,
            height,
            text,
        }
    }

    #[test]
    fn runs_are_lines_by_where_they_stand() {
        let known = |x, text: &str| run(x, 50.0, Some(6.0 * text.len() as f64), text);
        for (runs, expected) in [
            (
                vec![known(24.0, "60-1234"), known(0.0, "0101")],
                "010160-1234",
            ),
            (vec![known(0.0, "CPR"), known(21.0, "010160")], "CPR 010160"),
            (vec![known(0.0, "CPR"), known(0.4, "CPR")], "CPR"),
            (vec![known(0.0, "CPR"), known(2.0, "Navn")], "CPR Navn"),
            (
                vec![
                    run(0.0, 50.0, None, "0101"),
                    run(20.0, 51.0, None, "60-1234"),
                ],
                "010160-1234",
            ),
            (
                vec![run(0.0, 50.0, None, "0101"), run(400.0, 50.0, None, "1234")],
                "0101 1234",
            ),
            (
                vec![run(0.0, 80.0, None, "ned"), run(0.0, 50.0, None, "op")],
                "op|ned",
            ),
            (
                vec![run(f64::NAN, f64::NAN, None, "intet"), known(0.0, "op")],
                "op|intet",
            ),
        ] {
            assert_eq!(lines(runs).join("|"), expected);
        }
    }
}
