//! The values of one metric, by what its labels say; and the lines they make.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The values of one metric. `L` labels tell them apart.
#[derive(Debug)]
pub(super) struct Series<const L: usize, T> {
    name: &'static str,
    help: &'static str,
    labels: [&'static str; L],
    /// What is told from the start, before it first happens: a rate needs something to begin with.
    known: &'static [[&'static str; L]],
    rows: Mutex<BTreeMap<[Box<str>; L], T>>,
}

/// The most combinations of labels of one metric. Fixed: 500; whatever comes beyond them is counted as `other`. Names come from
/// configurations only, but a process may read many of them.
const MOST: usize = 500;

impl<const L: usize, T: Default> Series<L, T> {
    pub(super) const fn new(
        name: &'static str,
        help: &'static str,
        labels: [&'static str; L],
        known: &'static [[&'static str; L]],
    ) -> Self {
        Self {
            name,
            help,
            labels,
            known,
            rows: Mutex::new(BTreeMap::new()),
        }
    }

    /// Changes a value, which begins as its default.
    pub(super) fn change(&self, labels: [&str; L], change: impl FnOnce(&mut T)) {
        let mut rows = self.rows();
        let mut key = labels.map(Box::from);
        if rows.len() >= MOST && !rows.contains_key(&key) {
            key = [(); L].map(|()| Box::from("other"));
        }
        change(rows.entry(key).or_default());
    }

    /// Puts these values in the place of all there are.
    pub(super) fn replace(&self, all: impl IntoIterator<Item = ([Box<str>; L], T)>) {
        *self.rows() = all.into_iter().take(MOST).collect();
    }

    /// Appends what Prometheus reads: what it is, then whatever `line` writes of each value.
    pub(super) fn write(
        &self,
        out: &mut String,
        kind: &str,
        mut line: impl FnMut(&mut String, &Labels<'_>, &T),
    ) {
        let Self { name, help, .. } = self;
        // Writing to a string does not fail.
        let _ = write!(out, "# HELP {name} {help}\n# TYPE {name} {kind}\n");
        let mut rows = self.rows();
        for known in self.known {
            rows.entry(known.map(Box::from)).or_default();
        }
        for (values, value) in &*rows {
            let labels = self.labels.iter().copied();
            let values = values.iter().map(|value| &**value);
            let labels = Labels {
                name,
                labels: labels.zip(values).collect(),
            };
            line(out, &labels, value);
        }
    }

    fn rows(&self) -> MutexGuard<'_, BTreeMap<[Box<str>; L], T>> {
        self.rows.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A metric, and what its labels say of one value.
pub(super) struct Labels<'a> {
    name: &'a str,
    labels: Vec<(&'a str, &'a str)>,
}

impl Labels<'_> {
    /// One line: the name with `suffix`, the labels with `more`, the value.
    pub(super) fn line(
        &self,
        out: &mut String,
        suffix: &str,
        more: Option<(&str, &str)>,
        value: impl std::fmt::Display,
    ) {
        out.push_str(self.name);
        out.push_str(suffix);
        let mut labels = self.labels.iter().copied().chain(more).peekable();
        let mut before = if labels.peek().is_some() { '{' } else { ' ' };
        let closes = before == '{';
        for (label, value) in labels {
            out.push(before);
            let _ = write!(out, "{label}=\"");
            for c in value.chars() {
                match c {
                    '\\' => out.push_str("\\\\"),
                    '"' => out.push_str("\\\""),
                    '\n' => out.push_str("\\n"),
                    c => out.push(c),
                }
            }
            out.push('"');
            before = ',';
        }
        let _ = writeln!(out, "{}{value}", if closes { "} " } else { " " });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_grows_without_bound_and_nothing_breaks_a_line() {
        let series: Series<1, u64> = Series::new("a", "b", ["c"], &[]);
        for number in 0..2 * MOST {
            series.change([&format!("\"\\\n{number}")], |value| *value += 1);
        }
        let mut out = String::new();
        series.write(&mut out, "counter", |out, labels, value| {
            labels.line(out, "", None, value);
        });
        assert_eq!(out.lines().count(), 2 + MOST + 1);
        assert!(out.contains(&format!("a{{c=\"other\"}} {MOST}\n")), "{out}");
        assert!(out.contains("a{c=\"\\\"\\\\\\n0\"} 1\n"), "{out}");
    }
}
