//! What is wrong with packs, gathered while they are compiled.

use std::borrow::Cow;
use std::ops::Range;

use crate::pattern::compile::Files;
use crate::pattern::{Gravity, Problem};

/// Everything wrong so far.
pub(in crate::pattern) struct Problems<'a> {
    files: Files<'a>,
    found: Vec<Problem>,
}

impl<'a> Problems<'a> {
    pub(in crate::pattern) fn new(files: Files<'a>) -> Self {
        Self {
            files,
            found: Vec::new(),
        }
    }

    /// The packs.
    pub(in crate::pattern) fn files(&self) -> Files<'a> {
        self.files
    }

    /// Adds an error.
    pub(in crate::pattern) fn add(
        &mut self,
        code: &'static str,
        span: Range<usize>,
        message: String,
        remedy: impl Into<Cow<'static, str>>,
    ) {
        self.push(Gravity::Error, code, &span, message, remedy.into());
    }

    /// Adds a warning.
    pub(in crate::pattern) fn warn(
        &mut self,
        code: &'static str,
        span: Range<usize>,
        message: String,
        remedy: impl Into<Cow<'static, str>>,
    ) {
        self.push(Gravity::Warning, code, &span, message, remedy.into());
    }

    fn push(
        &mut self,
        gravity: Gravity,
        code: &'static str,
        span: &Range<usize>,
        message: String,
        remedy: Cow<'static, str>,
    ) {
        let place = self.files.locate(span);
        let (file, span) = place.map_or_else(
            || ("".into(), 0..0),
            |(pack, span)| (pack.file.clone(), span),
        );
        self.found.push(Problem {
            code,
            gravity,
            file,
            span,
            message,
            remedy,
        });
    }

    /// Whether the packs can be used.
    pub(in crate::pattern) fn none_is_grave(&self) -> bool {
        self.found
            .iter()
            .all(|problem| problem.gravity == Gravity::Warning)
    }

    /// All of them, in the order of the packs and of what stands in each.
    pub(in crate::pattern) fn finish(self) -> Vec<Problem> {
        let mut found = self.found;
        found.sort_by(|a, b| (&a.file, a.span.start, a.code).cmp(&(&b.file, b.span.start, b.code)));
        found
    }
}
