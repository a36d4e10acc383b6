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

/// The lines of the runs, from above. One in which nothing tells whether two numbers are one is several lines, a form each.
pub(super) fn lines(mut runs: Vec<Run>) -> Vec<String> {
    runs.sort_by(|a, b| a.y.total_cmp(&b.y));
    let mut lines = Vec::new();
    for line in runs.chunk_by_mut(is_one_line) {
        line.sort_by(|a, b| a.x.total_cmp(&b.x));
        forms(line, &mut lines);
    }
    lines
}

fn is_one_line(above: &Run, below: &Run) -> bool {
    // Where only one of them tells how high it is, the other is as high.
    let (a, b) = (above.reach(), below.reach());
    let height = if a > 0.0 && b > 0.0 {
        a.min(b)
    } else {
        a.max(b)
    };
    below.y - above.y <= height * SLACK + below.y.abs() * ROUNDING
}

/// What is between two runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Between {
    Nothing,
    Blank,
    /// Two halves of a number, or two numbers.
    Unknown,
}

/// Writes a line: joined where that is not known, apart there, and two and three runs of it joined, for they may be a number beside
/// others. A number in more runs than that is whole only where all are joined.
fn forms(line: &[Run], lines: &mut Vec<String>) {
    let line = once(line);
    lines.push(written(&line, ""));
    if line.iter().any(|(between, _)| *between == Between::Unknown) {
        lines.push(written(&line, " "));
    }
    for chain in line.chunk_by(|_, (between, _)| *between == Between::Unknown) {
        for joined in (2..=MOST_PIECES).filter(|joined| *joined < chain.len()) {
            let pieces = chain.windows(joined);
            lines.extend(
                pieces.map(|piece| piece.iter().map(|(_, run)| run.text.as_str()).collect()),
            );
        }
    }
}

/// The runs of a line without those that are bold or a shadow, and what is before each.
fn once(line: &[Run]) -> Vec<(Between, &Run)> {
    let mut once: Vec<(Between, &Run)> = Vec::new();
    for run in line {
        let last = once.last().map(|(_, last)| *last);
        if last.is_some_and(|last| is_again(last, run)) {
            continue;
        }
        once.push((
            last.map_or(Between::Nothing, |last| between(last, run)),
            run,
        ));
    }
    once
}

fn written(line: &[(Between, &Run)], unknown: &str) -> String {
    let mut written = String::new();
    for (between, run) in line {
        written.push_str(match between {
            Between::Nothing => "",
            Between::Blank => " ",
            Between::Unknown => unknown,
        });
        written.push_str(&run.text);
    }
    written
}

fn is_again(last: &Run, run: &Run) -> bool {
    last.text == run.text && run.x - last.x < last.letter() * 0.5
}

fn between(last: &Run, run: &Run) -> Between {
    if let Some(width) = last.width {
        let gap = run.x - (last.x + width);
        return if gap > last.letter() * BLANK || gap < -last.letter() {
            Between::Blank
        } else {
            Between::Nothing
        };
    }
    let number = |character: Option<char>| {
        character.is_some_and(|character| character.is_ascii_digit() || character == '-')
    };
    let is_number = number(last.text.chars().next_back()) && number(run.text.chars().next());
    let is_far = last.height > 0.0 && run.x - last.x > last.letters() * last.height;
    if is_number && !is_far {
        Between::Unknown
    } else {
        Between::Blank
    }
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

    /// How high it is, guessed from its letters where that is not known; 0 where those are not known either.
    fn reach(&self) -> f64 {
        match self.width {
            Some(width) if self.height == 0.0 => 2.0 * width / self.letters(),
            _ => self.height,
        }
    }
}

/// Runs that far apart are of one line, in heights of their font: a small figure above it is not.
const SLACK: f64 = 0.2;

/// What the place of a run may differ by because numbers are rounded, as a part of it.
const ROUNDING: f64 = 1e-5;

/// The most runs a number beside other numbers is put together of: a date, a dash, and the rest.
const MOST_PIECES: usize = 3;

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
        let inches = |y, text: &str| Run {
            height: 0.0,
            ..run(0.0, y, Some(0.05), text)
        };
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
                "010160-1234|0101 60-1234",
            ),
            (
                vec![
                    run(0.0, 50.0, None, "12345678"),
                    run(60.0, 50.0, None, "0101"),
                    run(90.0, 50.0, None, "60-1234"),
                ],
                "12345678010160-1234|12345678 0101 60-1234|123456780101|010160-1234",
            ),
            (
                vec![run(0.0, 50.0, None, "0101"), run(400.0, 50.0, None, "1234")],
                "0101 1234",
            ),
            (
                vec![run(0.0, 80.0, None, "ned"), run(0.0, 50.0, None, "op")],
                "op|ned",
            ),
            (vec![inches(0.08, "ned"), inches(0.05, "op")], "op|ned"),
            (
                vec![run(f64::NAN, f64::NAN, None, "intet"), known(0.0, "op")],
                "op|intet",
            ),
        ] {
            assert_eq!(lines(runs).join("|"), expected);
        }
    }
}
