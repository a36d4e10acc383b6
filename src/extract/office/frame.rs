//! A stretch of text that is being collected: a paragraph, a cell, a row, a text box.

use std::hash::{DefaultHasher, Hash, Hasher};

/// One open stretch.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) kind: Kind,
    /// How many columns a cell takes.
    pub(super) span: u32,
    /// The instruction of the field that is open.
    pub(super) instruction: String,
    /// The text as it reads with all changes accepted.
    line: String,
    /// The text as it read before, where tracked changes make a difference.
    before: Option<String>,
    /// What is anchored here and stands elsewhere.
    after: String,
    /// Whether a row has begun, so that the next cell needs a tab.
    cells: bool,
    /// What the first of several forms said.
    choice: Option<u64>,
}

/// What a stretch is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Block,
    Aside,
    Choice,
    Fallback,
    Table,
    Row,
    Cell,
}

impl Default for Frame {
    fn default() -> Self {
        Self::new(Kind::Aside)
    }
}

impl Frame {
    pub(super) fn new(kind: Kind) -> Self {
        Self {
            kind,
            span: 1,
            instruction: String::new(),
            line: String::new(),
            before: None,
            after: String::new(),
            cells: false,
            choice: None,
        }
    }

    /// Adds text to the line, to what it read before, or to both.
    pub(super) fn inline(&mut self, text: &str, inserted: bool, deleted: bool) {
        if (inserted || deleted) && self.before.is_none() {
            self.before = Some(self.line.clone());
        }
        if !deleted {
            self.line.push_str(text);
        }
        if !inserted && let Some(before) = &mut self.before {
            before.push_str(text);
        }
    }

    /// Adds a line of its own, outside the running text.
    pub(super) fn aside(&mut self, text: &str) {
        let into = match self.kind {
            Kind::Aside | Kind::Table => &mut self.line,
            _ => &mut self.after,
        };
        end_line(into);
        into.push_str(text);
        into.push('\n');
    }

    /// Leaves columns empty at the beginning of a row.
    pub(super) fn skip_cells(&mut self, cells: u32) {
        for _ in 0..cells.min(SPAN) {
            self.line.push('\t');
        }
    }

    /// Everything collected, as lines.
    pub(super) fn into_text(mut self) -> String {
        self.settle();
        if !self.after.is_empty() {
            end_line(&mut self.line);
            self.line.push_str(&self.after);
        }
        self.line
    }

    /// The line, and what is anchored in it.
    pub(super) fn into_parts(mut self) -> (String, String) {
        self.settle();
        (self.line, self.after)
    }

    /// Ends this stretch and gives its text to the one around it.
    pub(super) fn close_into(mut self, outer: &mut Self) {
        self.settle();
        match self.kind {
            Kind::Choice => {
                outer.choice = Some(self.said());
                outer.merge(self);
            }
            Kind::Fallback => {
                if outer.choice.take() != Some(self.said()) {
                    outer.anchored(&self.line, &self.after);
                }
            }
            Kind::Aside => outer.anchored(&self.line, &self.after),
            Kind::Cell => outer.cell(self),
            Kind::Block if outer.kind == Kind::Cell => outer.paragraph_of_cell(self),
            Kind::Block | Kind::Row | Kind::Table => outer.block(self),
        }
    }

    /// Turns what the text read before, and a field's instruction, into lines after it.
    fn settle(&mut self) {
        if let Some(before) = self.before.take_if(|_| self.kind != Kind::Choice)
            && before != self.line
            && !before.trim().is_empty()
        {
            let mut after = before;
            end_line(&mut after);
            after.push_str(&self.after);
            self.after = after;
        }
        let instruction = std::mem::take(&mut self.instruction);
        let instruction = instruction.trim();
        if !instruction.is_empty() {
            self.aside(instruction);
        }
    }

    fn said(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.line.trim().hash(&mut hasher);
        self.after.trim().hash(&mut hasher);
        hasher.finish()
    }

    /// A choice reads as if it stood here itself.
    fn merge(&mut self, inner: Self) {
        if inner.before.is_some() && self.before.is_none() {
            self.before = Some(self.line.clone());
        }
        if let Some(before) = &mut self.before {
            before.push_str(inner.before.as_ref().unwrap_or(&inner.line));
        }
        append(&mut self.line, inner.line);
        append(&mut self.after, inner.after);
    }

    fn anchored(&mut self, line: &str, after: &str) {
        for text in [line, after] {
            let text = text.trim_matches(['\n', '\r']);
            if !text.trim().is_empty() {
                self.aside(text);
            }
        }
    }

    fn cell(&mut self, inner: Self) {
        if self.cells {
            self.line.push('\t');
        }
        self.cells = true;
        push_in_cell(&mut self.line, inner.line.trim());
        for _ in 1..inner.span.min(SPAN) {
            self.line.push('\t');
        }
        append(&mut self.after, inner.after);
    }

    fn paragraph_of_cell(&mut self, inner: Self) {
        if !self.line.is_empty() && !inner.line.is_empty() {
            self.line.push(' ');
        }
        push_in_cell(&mut self.line, &inner.line);
        append(&mut self.after, inner.after);
    }

    fn block(&mut self, mut inner: Self) {
        if inner.kind == Kind::Row {
            inner.line.truncate(inner.line.trim_end_matches('\t').len());
        }
        let into = match self.kind {
            // A table inside a cell stands after the row it is in.
            Kind::Cell | Kind::Row => &mut self.after,
            _ => &mut self.line,
        };
        if !inner.line.trim().is_empty() {
            end_line(into);
            append(into, inner.line);
            end_line(into);
        }
        if !inner.after.is_empty() {
            end_line(into);
            append(into, inner.after);
        }
    }
}

/// The most columns one cell or gap is written as; beyond it nobody sets a table.
const SPAN: u32 = 64;

fn end_line(text: &mut String) {
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
}

fn append(into: &mut String, text: String) {
    if into.is_empty() {
        *into = text;
    } else {
        into.push_str(&text);
    }
}

fn push_in_cell(into: &mut String, text: &str) {
    into.extend(text.chars().map(|character| match character {
        '\n' | '\r' | '\t' => ' ',
        other => other,
    }));
}
