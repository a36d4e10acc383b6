//! Numbers that follow each other: what is said of the first is said of all.

use std::ops::Range;

use crate::detect::look::Label;

/// Numbers that follow each other with hardly anything between: what labels the first labels all.
#[derive(Default)]
pub(super) struct List {
    /// Where the first begins, once there are two.
    pub(super) first: Option<usize>,
    start: usize,
    end: usize,
    /// Where the number before the last one begins and ends.
    pub(super) before: Option<(usize, usize)>,
    /// The label of the first, once it was asked for.
    pub(super) label: Option<Option<Label>>,
    /// The text says that the first is none.
    pub(super) denied: bool,
    /// The last number has a date and the right check digit.
    right: bool,
    /// The number before the last one has, in the same list.
    pub(super) beside_right: bool,
    /// The last number is the end of a range that the one before begins.
    pub(super) range: bool,
}

impl List {
    /// Goes on to a number.
    pub(super) fn pass(&mut self, text: &str, number: Range<usize>, right: bool) {
        let Range { start, end } = number;
        let between = text.as_bytes().get(self.end..start).unwrap_or_default();
        self.range =
            self.end > 0 && matches!(between.trim_ascii(), b"til" | b"to" | b"through" | b"-");
        if self.end > 0 && (goes_on(between) || self.range) {
            self.first.get_or_insert(self.start);
            self.beside_right = self.right;
        } else {
            self.first = None;
            self.label = None;
            self.denied = false;
            self.beside_right = false;
        }
        self.before = (self.end > 0).then_some((self.start, self.end));
        self.right = right;
        self.start = start;
        self.end = end;
    }
}

/// Whether what is between two numbers makes one list of them: a comma, the end of a line or a joining word, and behind it
/// hardly anything.
fn goes_on(between: &[u8]) -> bool {
    /// The most octets between two numbers of a list.
    const FAR: usize = 64;
    /// The most words between what parts two items and the number of the second.
    const WORDS: usize = 2;
    if between.len() > FAR || between.windows(2).any(|two| two == b". " || two == b"\n\n") {
        return false;
    }
    let blank = |octet: &u8| octet.is_ascii_whitespace();
    if between.iter().all(blank) {
        return !between.is_empty();
    }
    let words = || between.split(blank).filter(|word| !word.is_empty());
    let joins = |word: &[u8]| matches!(word, b"og" | b"samt" | b"and" | b"eller" | b"or" | b"&");
    if words().next_back().is_some_and(joins) {
        return true;
    }
    let parted = between
        .iter()
        .rposition(|octet| matches!(octet, b',' | b';' | b'/' | b'\n'));
    parted.is_some_and(|at| {
        let item = between.get(at + 1..).unwrap_or_default();
        // `SUMMARY:` names what is behind it.
        !item.contains(&b':') && item.split(blank).filter(|word| !word.is_empty()).count() <= WORDS
    })
}
