//! The packs, as if they stood one behind the other in one long text.
//!
//! Lists of several packs are put together before they are compiled. So that each phrase is still known by where it was
//! written, its place is counted in octets of all packs: a place tells its pack.

use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeTable, DeValue, Deserializer};

use crate::pattern::compile::Problems;
use crate::pattern::file::PackFile;
use crate::pattern::{PackSource, Problem};

/// The format of packs that this program reads.
pub(super) const FORMAT: &str = "1";
/// The most octets of one pack. Fixed: 1 MiB; beyond it the pack is refused.
const MOST_OCTETS: usize = 1 << 20;

/// The packs, and where each begins.
#[derive(Clone, Copy)]
pub(in crate::pattern) struct Files<'a>(&'a [PackSource]);

impl<'a> Files<'a> {
    pub(in crate::pattern) fn new(packs: &'a [PackSource]) -> Self {
        Self(packs)
    }

    /// The pack of a place, and the place in it. A place between two packs is at the end of the first.
    pub(in crate::pattern) fn locate(
        &self,
        span: &Range<usize>,
    ) -> Option<(&'a PackSource, Range<usize>)> {
        let mut begins = 1;
        for pack in self.0 {
            let ends = begins + pack.text.len();
            if (begins..=ends).contains(&span.start) {
                return Some((pack, span.start - begins..span.end.min(ends) - begins));
            }
            begins = ends + 1;
        }
        None
    }

    /// Every pack that can be read.
    pub(super) fn read(&self, problems: &mut Problems<'_>) -> Vec<PackFile> {
        let mut begins = 1;
        let mut read = Vec::new();
        for pack in self.0 {
            read.extend(read_one(&pack.text, begins, problems));
            begins += pack.text.len() + 1;
        }
        read
    }
}

fn read_one(text: &str, begins: usize, problems: &mut Problems<'_>) -> Option<PackFile> {
    let whole = begins..begins;
    if text.len() > MOST_OCTETS {
        problems.add(
            Problem::LIMIT,
            whole,
            format!("the pack is longer than {MOST_OCTETS} octets"),
            "split it into several packs",
        );
        return None;
    }
    let table = match DeTable::parse(text) {
        Ok(table) => table,
        Err(error) => {
            let span = error.span().unwrap_or_default();
            problems.add(
                Problem::UNREADABLE,
                span.start + begins..span.end + begins,
                format!("this is not TOML: {}", error.message()),
                "a line is `key = value`; a string stands in quotes, a list in brackets; `[[pattern]]` begins a pattern",
            );
            return None;
        }
    };
    let span = table.span();
    let mut table = moved_table(table.into_inner(), begins);
    let Some(format) = table.remove("format") else {
        problems.add(
            Problem::FORMAT,
            whole,
            "the pack does not say what format it is in".to_owned(),
            "write `format = 1` as its first line",
        );
        return None;
    };
    let version = format.get_ref().as_integer().map(|it| it.as_str());
    if version != Some(FORMAT) {
        problems.add(
            Problem::FORMAT,
            format.span(),
            "this is no format of packs that is known here".to_owned(),
            "write `format = 1`, or use a newer Sluse for a pack that was made for one",
        );
        return None;
    }
    let table = Spanned::new(span.start + begins..span.end + begins, table);
    match PackFile::deserialize(Deserializer::from(table)) {
        Ok(file) => Some(file),
        Err(error) => {
            problems.add(
                Problem::UNREADABLE,
                error.span().unwrap_or(whole),
                error.message().to_owned(),
                "`sluse patterns syntax` tells every key",
            );
            None
        }
    }
}

fn moved_table(table: DeTable<'_>, by: usize) -> DeTable<'_> {
    let entries = table.into_iter();
    entries
        .map(|(key, value)| (moved_by(key, by), moved_value(value, by)))
        .collect()
}

fn moved_value(value: Spanned<DeValue<'_>>, by: usize) -> Spanned<DeValue<'_>> {
    let span = value.span();
    let value = match value.into_inner() {
        DeValue::Array(list) => {
            let list = list.into_iter();
            DeValue::Array(list.map(|value| moved_value(value, by)).collect())
        }
        DeValue::Table(table) => DeValue::Table(moved_table(table, by)),
        other => other,
    };
    Spanned::new(span.start + by..span.end + by, value)
}

fn moved_by<T>(value: Spanned<T>, by: usize) -> Spanned<T> {
    let span = value.span();
    Spanned::new(span.start + by..span.end + by, value.into_inner())
}
