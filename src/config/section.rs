//! A table of a file, read key by key, so that every problem is told at once.
//!
//! `serde` ends at the first mistake; an administrator wants them all. Each key is asked for by name where it is
//! read, and what was never asked for is unknown.

use std::cell::RefCell;
use std::ops::Range;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::config::problem::{Code, Problem};
use crate::config::source::Source;
use crate::config::value::{Wrong, shown, suggestion};

/// A value, and where it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Written<T> {
    pub(super) value: T,
    pub(super) span: Range<usize>,
}

/// What is wrong in one file, gathered while it is read.
#[derive(Debug)]
pub(super) struct Report {
    source: Arc<Source>,
    problems: RefCell<Vec<Problem>>,
}

impl Report {
    pub(super) fn new(source: Arc<Source>) -> Self {
        Self {
            source,
            problems: RefCell::default(),
        }
    }

    pub(super) fn source(&self) -> &Arc<Source> {
        &self.source
    }

    pub(super) fn push(&self, problem: Problem) {
        self.problems.borrow_mut().push(problem);
    }

    /// Notes a problem at a place.
    pub(super) fn at(
        &self,
        code: Code,
        span: Range<usize>,
        message: impl Into<String>,
        label: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        self.push(Problem::at(
            code,
            Arc::clone(&self.source),
            span,
            message,
            label,
            remedy,
        ));
    }

    pub(super) fn finish(self) -> Vec<Problem> {
        self.problems.into_inner()
    }
}

/// One table of a file. One that was not written has no key, so every default holds.
#[derive(Debug)]
pub(super) struct Section<'a> {
    report: &'a Report,
    name: String,
    table: Option<&'a DeTable<'a>>,
    span: Range<usize>,
    known: Vec<&'static str>,
    /// Tables whose names were chosen by whoever wrote them.
    named: Vec<String>,
}

impl<'a> Section<'a> {
    /// The file itself as a table. Syntax errors are reported; what could be read around them is read.
    pub(super) fn root(report: &'a Report, table: &'a Spanned<DeTable<'a>>) -> Self {
        Self {
            report,
            name: String::new(),
            table: Some(table.get_ref()),
            span: 0..0,
            known: Vec::new(),
            named: Vec::new(),
        }
    }

    /// The report it writes into.
    pub(super) fn report(&self) -> &'a Report {
        self.report
    }

    /// Where it stands.
    pub(super) fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// Whether this key was written, rightly or wrongly.
    pub(super) fn has(&self, key: &str) -> bool {
        self.table.is_some_and(|table| table.contains_key(key))
    }

    /// A string, read further by `read`.
    pub(super) fn text<T>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(&str) -> Result<T, Wrong>,
    ) -> Option<Written<T>> {
        let value = self.value(key)?;
        self.read_text(key, value, read)
    }

    /// A list of strings, each read further by `read`.
    pub(super) fn texts<T>(
        &mut self,
        key: &'static str,
        read: impl Fn(&str) -> Result<T, Wrong>,
    ) -> Option<Vec<Written<T>>> {
        let value = self.value(key)?;
        let Some(list) = value.get_ref().as_array() else {
            self.wrong_type(key, value, "a list of strings, as `[\"a\", \"b\"]`");
            return None;
        };
        Some(
            list.iter()
                .filter_map(|item| self.read_text(key, item, &read))
                .collect(),
        )
    }

    /// A string or a list of strings, each read further by `read`.
    pub(super) fn text_or_texts<T>(
        &mut self,
        key: &'static str,
        read: impl Fn(&str) -> Result<T, Wrong>,
    ) -> Option<Vec<Written<T>>> {
        let value = self.value(key)?;
        match value.get_ref().as_array() {
            Some(_) => self.texts(key, read),
            None => self.read_text(key, value, read).map(|one| vec![one]),
        }
    }

    /// A whole number of at least 1 that fits `T`.
    pub(super) fn number<T: TryFrom<u64>>(&mut self, key: &'static str) -> Option<Written<T>> {
        let value = self.value(key)?;
        let Some(number) = value.get_ref().as_integer() else {
            self.wrong_type(key, value, "a whole number");
            return None;
        };
        let read = u64::from_str_radix(&number.as_str().replace('_', ""), number.radix())
            .ok()
            .filter(|number| (1..=u64::from(u32::MAX)).contains(number))
            .and_then(|number| T::try_from(number).ok());
        if read.is_none() {
            self.report.at(
                Code::WrongValue,
                value.span(),
                format!("`{}` is out of range", self.path(key)),
                "here",
                "give a whole number from 1 to 4294967295",
            );
        }
        read.map(|number| Written {
            value: number,
            span: value.span(),
        })
    }

    /// `true` or `false`.
    pub(super) fn flag(&mut self, key: &'static str) -> Option<Written<bool>> {
        let value = self.value(key)?;
        match value.get_ref().as_bool() {
            Some(flag) => Some(Written {
                value: flag,
                span: value.span(),
            }),
            None => {
                self.wrong_type(key, value, "`true` or `false`");
                None
            }
        }
    }

    /// A table in this one; where none is written, an empty one.
    pub(super) fn section(&mut self, key: &'static str) -> Self {
        let found = self.value(key).and_then(|value| {
            let table = value.get_ref().as_table();
            if table.is_none() {
                self.wrong_type(key, value, "a table, as `[name]` begins one");
            }
            Some((table?, value.span()))
        });
        Self {
            report: self.report,
            name: self.path(key),
            table: found.as_ref().map(|(table, _)| *table),
            span: found.map_or_else(|| self.span.clone(), |(_, span)| span),
            known: Vec::new(),
            named: Vec::new(),
        }
    }

    /// The tables of a list, as `[[rule]]` begins one.
    pub(super) fn sections(&mut self, key: &'static str) -> Vec<Self> {
        let Some(value) = self.value(key) else {
            return Vec::new();
        };
        let Some(list) = value.get_ref().as_array() else {
            self.wrong_type(key, value, "a list of tables, each begun by `[[..]]`");
            return Vec::new();
        };
        let mut sections = Vec::new();
        for item in list.iter() {
            match item.get_ref().as_table() {
                Some(table) => sections.push(self.inner(key, table, item.span())),
                None => self.wrong_type(key, item, "a table"),
            }
        }
        sections
    }

    /// The tables in this one whose names are chosen by whoever wrote them.
    pub(super) fn named_sections(&mut self) -> Vec<(Written<String>, Self)> {
        let mut sections = Vec::new();
        for (key, value) in self.table.into_iter().flatten() {
            let name = key.get_ref().to_string();
            match value.get_ref().as_table() {
                Some(table) => sections.push((
                    Written {
                        value: name.clone(),
                        span: key.span(),
                    },
                    self.inner(&name, table, key.span()),
                )),
                None => self.wrong_type(&name, value, "a table, as `[name]` begins one"),
            }
        }
        self.table = None;
        sections
    }

    /// The tables in this one that are no key of it: [`Self::named_sections`], where there are keys beside them. To be called when
    /// all keys were asked for.
    pub(super) fn tables_beside(&mut self) -> Vec<(Written<String>, Self)> {
        let mut beside = Vec::new();
        for (key, value) in self.table.into_iter().flatten() {
            let name = key.get_ref().to_string();
            let table = value.get_ref().as_table();
            let Some(table) = table.filter(|_| !self.known.contains(&&*name)) else {
                continue;
            };
            let section = self.inner(&name, table, key.span());
            self.named.push(name.clone());
            let span = key.span();
            beside.push((Written { value: name, span }, section));
        }
        beside
    }

    /// Whether anything was written but these keys and tables of chosen names.
    pub(super) fn has_any_but(&self, keys: &[&str]) -> bool {
        let mut written = self.table.into_iter().flatten();
        written.any(|(key, _)| {
            let key = key.get_ref();
            !keys.contains(&&**key) && !self.named.iter().any(|named| named == key)
        })
    }

    /// Reports every key that nobody asked for.
    pub(super) fn finish(self) {
        for (key, _) in self.table.into_iter().flatten() {
            let name = key.get_ref();
            if self.known.contains(&name.as_ref()) || self.named.iter().any(|it| it == name) {
                continue;
            }
            let of = if self.name.is_empty() {
                "the file".to_owned()
            } else {
                format!("[{}]", self.name)
            };
            self.report.at(
                Code::UnknownKey,
                key.span(),
                format!("`{name}` is no key of {of}"),
                "unknown",
                suggestion(name, &self.known),
            );
        }
    }

    /// Reports that a key must be given.
    pub(super) fn missing(&self, key: &str, remedy: &str) {
        self.report.at(
            Code::Missing,
            self.span.clone(),
            format!("`{}` is missing", self.path(key)),
            "in here",
            remedy,
        );
    }

    /// Reports that a list must name something, where it is written as `[]`.
    pub(super) fn not_empty(&self, key: &str, remedy: &str) {
        let Some(value) = self.table.and_then(|table| table.get(key)) else {
            return;
        };
        if value
            .get_ref()
            .as_array()
            .is_some_and(|list| list.is_empty())
        {
            self.report.at(
                Code::Missing,
                value.span(),
                format!("`{}` is empty", self.path(key)),
                "nothing in it",
                remedy,
            );
        }
    }

    fn inner(&self, key: &str, table: &'a DeTable<'a>, span: Range<usize>) -> Self {
        Self {
            report: self.report,
            name: self.path(key),
            table: Some(table),
            span,
            known: Vec::new(),
            named: Vec::new(),
        }
    }

    fn value(&mut self, key: &'static str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.known.push(key);
        self.table?.get(key)
    }

    fn read_text<T>(
        &self,
        key: &str,
        value: &Spanned<DeValue<'_>>,
        read: impl FnOnce(&str) -> Result<T, Wrong>,
    ) -> Option<Written<T>> {
        let Some(text) = value.get_ref().as_str() else {
            self.wrong_type(key, value, "a string in quotes");
            return None;
        };
        match read(text) {
            Ok(read) => Some(Written {
                value: read,
                span: value.span(),
            }),
            Err(wrong) => {
                self.report.at(
                    wrong.code,
                    value.span(),
                    format!("`{}` {}", shown(text), wrong.what),
                    format!("value of `{}`", self.path(key)),
                    wrong.remedy,
                );
                None
            }
        }
    }

    fn wrong_type(&self, key: &str, value: &Spanned<DeValue<'_>>, meant: &str) {
        self.report.at(
            Code::WrongType,
            value.span(),
            format!(
                "`{}` is of type {}",
                self.path(key),
                value.get_ref().type_str()
            ),
            "here",
            format!("it must be {meant}"),
        );
    }

    fn path(&self, key: &str) -> String {
        if self.name.is_empty() {
            key.to_owned()
        } else {
            format!("{}.{key}", self.name)
        }
    }
}
