//! Runs of digits, and what stands between two of them.

/// A run of digits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Run {
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Run {
    pub(super) fn len(self) -> usize {
        self.end - self.start
    }
}

/// What joins two runs of digits to one number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Gap {
    /// One character, and no blanks: ` `, `.`, `/`, `_` or `-`.
    One(u8),
    /// A hyphen or two, perhaps with blanks around or an end of line behind.
    Hyphen,
    /// Blanks, or another separator with blanks around.
    Wide,
    /// The end of a table cell.
    Cell,
    /// The end of a line, without a hyphen.
    Line,
    /// A mark that parts a number seldom: `+`, `:`, `,`, or parentheses around one of the two.
    Odd,
}

/// The longest gap: a column of blanks, or the marks of a quoted line.
const LONGEST_GAP: usize = 24;

/// The first digit from `from` on.
pub(super) fn next_digit(octets: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    let rest = octets.get(from..)?;
    // Where there are digits, there are more of them a sign or two behind.
    if let Some(near) = rest.iter().take(3).position(u8::is_ascii_digit) {
        return Some(from + near);
    }
    for chunk in rest.chunks(32) {
        // Without a branch, so that it is done for the whole chunk at once: clean text costs next to nothing.
        if chunk
            .iter()
            .fold(false, |any, &octet| any | octet.is_ascii_digit())
        {
            return Some(at + chunk.iter().position(u8::is_ascii_digit)?);
        }
        at += chunk.len();
    }
    None
}

/// The run of digits that begins at `start`.
pub(super) fn run_at(octets: &[u8], start: usize) -> Run {
    let rest = octets.get(start..).unwrap_or_default();
    let len = rest
        .iter()
        .position(|octet| !octet.is_ascii_digit())
        .unwrap_or(rest.len());
    Run {
        start,
        end: start + len,
    }
}

/// The run of digits after `run`, if what is between joins them.
pub(super) fn joined(octets: &[u8], run: Run) -> Option<(Gap, Run)> {
    let rest = octets.get(run.end..)?;
    // Only between a date and what belongs to it are words looked for.
    let may_have_words = run.len() == 6;
    if !may_have_words && !begins_gap(*rest.first()?) {
        return None;
    }
    let len = rest
        .iter()
        .take(LONGEST_GAP + 1)
        .position(u8::is_ascii_digit)?;
    let between = rest.get(..len)?;
    let gap = match may_have_words && between.iter().any(u8::is_ascii_alphabetic) {
        true => told(between)?,
        false => gap(between)?,
    };
    Some((gap, run_at(octets, run.end + len)))
}

/// Whether a gap may begin so.
fn begins_gap(octet: u8) -> bool {
    octet.is_ascii_whitespace() || octet == 0x0B || octet.is_ascii_punctuation() && octet != b';'
}

fn gap(between: &[u8]) -> Option<Gap> {
    match between {
        [b'\t'] => return Some(Gap::Cell),
        [one @ (b' ' | b'.' | b'/' | b'_' | b'-')] => return Some(Gap::One(*one)),
        _ => {}
    }
    let (mut lines, mut hyphens, mut others, mut blanks, mut odd) = (0, 0, 0, 0, 0);
    for &octet in between {
        match octet {
            b'-' if lines == 0 => hyphens += 1,
            b'-' => odd += 1,
            b' ' | b'\r' | 0x0B | 0x0C => blanks += 1,
            b'\n' => lines += 1,
            // Quoted text goes on behind such a mark.
            b'>' if lines > 0 => blanks += 1,
            b'.' | b'/' | b'_' if lines == 0 => others += 1,
            b'+' | b':' | b',' | b'*' | b'~' | b'=' | b'(' | b')' | b'[' | b']' if lines == 0 => {
                odd += 1;
            }
            _ => return None,
        }
    }
    if odd > 0 {
        let few = lines <= 1 && others == 0 && odd <= 2 && hyphens <= 1 && blanks <= 4;
        return few.then_some(Gap::Odd);
    }
    match (lines, hyphens, others) {
        (0 | 1, 1 | 2, 0) => Some(Gap::Hyphen),
        (0, 0, 0) if blanks <= 3 => Some(Gap::Wide),
        (0, 0, 0) => Some(Gap::Cell),
        (0, 0, 1) if blanks <= 2 => Some(Gap::Wide),
        (1, 0, 0) => Some(Gap::Line),
        _ => None,
    }
}

/// What words, or characters as a page of the web has them, say of the gap.
fn told(between: &[u8]) -> Option<Gap> {
    /// Words that people dictate between the two parts.
    const WORDS: [&str; 9] = [
        "og så",
        "streg",
        "bindestreg",
        "tankestreg",
        "minus",
        "og de sidste",
        "dash",
        "hyphen",
        "and then",
    ];
    /// Blanks and hyphens as HTML writes them.
    const ENTITIES: [(&str, &str); 5] = [
        ("&nbsp;", " "),
        ("&thinsp;", " "),
        ("&ndash;", "-"),
        ("&minus;", "-"),
        ("&shy;", ""),
    ];
    let text = str::from_utf8(between).ok()?;
    let said = text.trim().trim_matches(',').trim();
    if WORDS.iter().any(|word| said.eq_ignore_ascii_case(word)) {
        return Some(Gap::Odd);
    }
    if !text.contains('&') {
        return None;
    }
    let plain = ENTITIES
        .iter()
        .fold(text.to_owned(), |text, (entity, meant)| {
            text.replace(entity, meant)
        });
    let plain = plain.as_bytes();
    match plain.iter().any(u8::is_ascii_alphabetic) {
        true => None,
        false => gap(plain),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_told_apart() {
        let gap_of = |text: &str| {
            let run = run_at(text.as_bytes(), 0);
            joined(text.as_bytes(), run).map(|(gap, _)| gap)
        };
        for (text, gap) in [
            ("1-2", Some(Gap::One(b'-'))),
            ("1 2", Some(Gap::One(b' '))),
            ("1 - 2", Some(Gap::Hyphen)),
            ("1--2", Some(Gap::Hyphen)),
            ("1-\r\n> 2", Some(Gap::Hyphen)),
            ("1 / 2", Some(Gap::Wide)),
            ("1\t2", Some(Gap::Cell)),
            ("1\n2", Some(Gap::Line)),
            ("1\n\n2", None),
            ("1, 2", Some(Gap::Odd)),
            ("1) 2", Some(Gap::Odd)),
            ("1+2", Some(Gap::Odd)),
            ("1      2", Some(Gap::Cell)),
            ("1, , , 2", None),
            ("1---2", None),
            ("1 x 2", None),
            ("120352&nbsp;-&nbsp;2", Some(Gap::Hyphen)),
            ("120352 og så 2", Some(Gap::Odd)),
            ("1*-*2", Some(Gap::Odd)),
            ("1\n>> - 2", Some(Gap::Odd)),
            ("1", None),
        ] {
            assert_eq!(gap_of(text), gap, "{text:?}");
        }
    }

    #[test]
    fn a_digit_is_found_wherever_it_stands() {
        for at in 0..70 {
            let text = format!("{}7", "x".repeat(at));
            assert_eq!(next_digit(text.as_bytes(), 0), Some(at));
            assert_eq!(next_digit(text.as_bytes(), at + 1), None);
        }
    }
}
