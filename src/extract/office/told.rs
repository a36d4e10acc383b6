//! Lines that were told, so that each is told once.

use std::collections::HashSet;

/// What was told so far.
#[derive(Debug, Default)]
pub(super) struct Told {
    lines: HashSet<String>,
    octets: usize,
}

impl Told {
    /// Whether a line was not told before, as far as that is remembered.
    pub(super) fn is_new(&mut self, line: &str) -> bool {
        if self.lines.contains(line) {
            return false;
        }
        if self.lines.len() < MOST && self.octets < MOST_OCTETS {
            self.octets = self.octets.saturating_add(line.len());
            self.lines.insert(line.to_owned());
        }
        true
    }
}

/// The most lines remembered, and octets of them: 100,000, and 16 MiB. Others may be told twice.
const MOST: usize = 100_000;
const MOST_OCTETS: usize = 16 << 20;
