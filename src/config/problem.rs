//! What is wrong with what was typed: where, what, and the remedy.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use crate::config::drawing::Drawing;
use crate::config::source::Source;

/// The kinds of problem. Each has a code that does not change, so that it can be searched for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Code {
    /// C001: the file is not TOML.
    Syntax,
    /// C002: the file cannot be read.
    Unreadable,
    /// C003: no key of this name.
    UnknownKey,
    /// C004: a string where a list is meant, and the like.
    WrongType,
    /// C005: a value that says nothing.
    WrongValue,
    /// C006: a key that must be given is not.
    Missing,
    /// C007: anybody could send anything to anybody.
    OpenRelay,
    /// C008: messages would go round in a circle.
    Loop,
    /// C009: a route that is named and is not configured.
    UnknownRoute,
    /// C010: a file of certificates that cannot be used.
    Certificates,
    /// C011: a folder that cannot be written.
    Folder,
    /// C012: times that contradict each other.
    Times,
    /// C013: two things of one name.
    Duplicate,
    /// C014: a word that policy does not know: a category, pattern, place, reason.
    UnknownWord,
    /// C015: a rule that changes nothing.
    IdleRule,
    /// C016: a route that promises protection it cannot give.
    EmptyPromise,
    /// C017: a setting that is allowed and is probably not meant.
    Doubtful,
    /// C018: a program that is not there, or does not do its work.
    Program,
    /// C019: a file of users that cannot be used.
    Users,
    /// P001 and on: what is wrong with a pack, see [`crate::pattern::Problem`].
    Pack(&'static str),
}

impl Code {
    /// The code as it is shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Syntax => "C001",
            Self::Unreadable => "C002",
            Self::UnknownKey => "C003",
            Self::WrongType => "C004",
            Self::WrongValue => "C005",
            Self::Missing => "C006",
            Self::OpenRelay => "C007",
            Self::Loop => "C008",
            Self::UnknownRoute => "C009",
            Self::Certificates => "C010",
            Self::Folder => "C011",
            Self::Times => "C012",
            Self::Duplicate => "C013",
            Self::UnknownWord => "C014",
            Self::IdleRule => "C015",
            Self::EmptyPromise => "C016",
            Self::Doubtful => "C017",
            Self::Program => "C018",
            Self::Users => "C019",
            Self::Pack(code) => code,
        }
    }
}

/// Whether Sluse starts all the same.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Severity {
    /// It starts.
    Warning,
    /// It does not.
    Error,
}

/// One thing that is wrong, with its place and its remedy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Its kind.
    pub code: Code,
    /// Whether Sluse starts all the same.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub remedy: String,
    source: Arc<Source>,
    /// Octets of the source. `None`: the whole file.
    span: Option<Range<usize>>,
    /// A few words beside the caret.
    label: String,
}

impl Problem {
    /// A problem at a place in a file.
    pub fn at(
        code: Code,
        source: Arc<Source>,
        span: Range<usize>,
        message: impl Into<String>,
        label: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self {
            code,
            severity: Severity::Error,
            message: message.into(),
            remedy: remedy.into(),
            source,
            // A table that was not written stands nowhere.
            span: (span != (0..0)).then_some(span),
            label: label.into(),
        }
    }

    /// A problem of a file as a whole.
    pub fn of_file(
        code: Code,
        source: Arc<Source>,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self::at(code, source, 0..0, message, "", remedy)
    }

    /// The same problem, as a warning.
    #[must_use]
    pub fn warning(self) -> Self {
        Self {
            severity: Severity::Warning,
            ..self
        }
    }

    /// The problem on one line, as a log has it: file, line and column, what is wrong and what to do.
    pub fn in_one_line(&self) -> String {
        let path = self.source.path().display();
        let place = match self.line_and_column() {
            Some((line, column)) => format!("{path}:{line}:{column}"),
            None => path.to_string(),
        };
        let code = self.code.as_str();
        format!("{place}: {} [{code}]; {}", self.message, self.remedy)
    }

    /// Line and column of the problem, both from 1; the column counts characters.
    pub fn line_and_column(&self) -> Option<(usize, usize)> {
        let before = self.source.text().get(..self.span.as_ref()?.start)?;
        let line = before.rsplit('\n').next().unwrap_or(before);
        Some((before.matches('\n').count() + 1, line.chars().count() + 1))
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Drawing {
            severity: self.severity,
            code: self.code.as_str(),
            source: &self.source,
            span: self.span.clone(),
            message: &self.message,
            label: &self.label,
            remedy: &self.remedy,
        }
        .fmt(f)
    }
}

/// Everything that is wrong, in the order of the files.
#[derive(Clone, Debug, Default, PartialEq, Eq, thiserror::Error)]
pub struct Problems(Vec<Problem>);

impl Problems {
    /// Problems, sorted by where they stand.
    pub fn new(mut problems: Vec<Problem>) -> Self {
        problems.sort_by(|a, b| {
            let place = |problem: &Problem| problem.span.as_ref().map(|span| span.start);
            (a.source.path(), place(a), a.code).cmp(&(b.source.path(), place(b), b.code))
        });
        problems.dedup();
        Self(problems)
    }

    /// Each of them.
    pub fn iter(&self) -> impl Iterator<Item = &Problem> {
        self.0.iter()
    }

    /// How many errors there are; the others are warnings.
    pub fn errors(&self) -> usize {
        self.0
            .iter()
            .filter(|problem| problem.severity == Severity::Error)
            .count()
    }

    /// How many warnings there are.
    pub fn warnings(&self) -> usize {
        self.0.len() - self.errors()
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, problem) in self.0.iter().enumerate() {
            if at > 0 {
                f.write_str("\n\n")?;
            }
            problem.fmt(f)?;
        }
        Ok(())
    }
}
