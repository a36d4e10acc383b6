//! Lines of base64 taken apart into what may have been encoded at once.

use std::ops::Range;

use crate::mime::header::line_at;
use crate::mime::suspect::SHORTEST_RUN;
use crate::mime::suspect::lines::letters;

/// The runs in lines of base64 one below the other, likeliest first: what is encoded at once has lines of one length, then a
/// shorter one. Each is told by where it stands. The last is all of them together, where that is something else; each is as long as a
/// number at least.
pub fn runs(block: &[u8]) -> impl Iterator<Item = Range<usize>> {
    let all = Some(0..block.len()).filter(|all| first(block).len() < all.end);
    let mut at = 0;
    let apart = std::iter::from_fn(move || {
        let rest = block.get(at..).unwrap_or_default();
        let run = at..at + first(rest).len();
        at = run.end;
        (!run.is_empty()).then_some(run)
    });
    let is_long = |run: &Range<usize>| is_long(block.get(run.clone()).unwrap_or_default());
    apart.filter(is_long).chain(all)
}

/// The run that lines of base64 begin with.
fn first(block: &[u8]) -> &[u8] {
    let mut at = 0;
    let mut length = None;
    while at < block.len() {
        let (line, next) = line_at(block, at);
        let line = line.trim_ascii();
        let longest = *length.get_or_insert(line.len());
        // Two shorter lines of one length are the start of another run.
        let begins_another = || line_at(block, next).0.trim_ascii().len() == line.len();
        if line.len() > longest || line.len() < longest && begins_another() {
            break;
        }
        at = next;
        if line.ends_with(b"=") || line.len() < longest {
            break;
        }
    }
    block.get(..at).unwrap_or_default()
}

fn is_long(run: &[u8]) -> bool {
    let mut at = 0;
    let mut count = 0;
    while at < run.len() && count < SHORTEST_RUN {
        let (line, next) = line_at(run, at);
        count += letters(line);
        at = next;
    }
    count >= SHORTEST_RUN
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_told_apart_by_the_length_of_their_lines() {
        let (long, short) = ("A".repeat(40), "B".repeat(20));
        for (block, expected) in [
            (format!("{long}\n{long}\n{short}\n"), &[100][..]),
            (format!("{short}\n{long}\n{long}"), &[20, 80, 100]),
            (format!("{long}\n{short}\n{short}"), &[40, 40, 80]),
            (format!("{short}==\n{short}=\n"), &[20, 20, 40]),
            // A word above or below is no run, but all may be one.
            (format!("Hej\n{long}"), &[40, 43]),
            (format!("{long}\nHej"), &[43]),
            ("MDEw\n".repeat(5), &[20]),
        ] {
            let letters = |run: &[u8]| run.iter().filter(|c| c.is_ascii_alphabetic()).count();
            let block = block.as_bytes();
            let found: Vec<_> = runs(block).map(|run| letters(&block[run])).collect();
            assert_eq!(found, expected, "{}", block.escape_ascii());
        }
    }
}
