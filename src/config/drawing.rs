//! A problem, drawn with the lines it is about and a caret under the place.

use std::fmt;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use crate::config::problem::Severity;
use crate::config::source::Source;

/// What is drawn.
#[derive(Clone, Debug)]
pub(super) struct Drawing<'a> {
    /// Whether it stops anything.
    pub(super) severity: Severity,
    /// Its code.
    pub(super) code: &'a str,
    /// The file.
    pub(super) source: &'a Source,
    /// The octets of the file it is about. `None`: the file as a whole.
    pub(super) span: Option<Range<usize>>,
    /// What is wrong.
    pub(super) message: &'a str,
    /// A few words beside the caret.
    pub(super) label: &'a str,
    /// What to do.
    pub(super) remedy: &'a str,
}

impl fmt::Display for Drawing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let level = match self.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let path = self.source.path().to_string_lossy();
        let group = Group::with_title(level.primary_title(self.message).id(self.code));
        let mut group = match self.inside() {
            Some(span) => group.element(
                Snippet::source(self.source.text())
                    .path(path.as_ref())
                    .annotation(AnnotationKind::Primary.span(span).label(self.label)),
            ),
            None => group.element(Origin::path(path.as_ref())),
        };
        if !self.remedy.is_empty() {
            group = group.element(Level::HELP.message(self.remedy));
        }
        f.write_str(&Renderer::plain().render(&[group]))
    }
}

impl Drawing<'_> {
    /// The span, kept inside the text and between characters.
    fn inside(&self) -> Option<Range<usize>> {
        let text = self.source.text();
        let span = self.span.clone()?;
        let start = text.floor_char_boundary(span.start.min(text.len()));
        let end = text.floor_char_boundary(span.end.clamp(start, text.len()));
        Some(start..end)
    }
}
