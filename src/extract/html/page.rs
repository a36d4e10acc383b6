//! A page being rendered.

mod writer;

use super::attribute;
use super::token::Tag;
use crate::extract::html::page::writer::Writer;
use crate::extract::{Draft, Locus};

/// What is seen, what is not, and where the tags have taken us.
pub(super) struct Page {
    shown: Writer,
    unshown: Writer,
    tables: Vec<Table>,
    /// The hidden element we are in, and how many of its name are open.
    hidden: Option<(String, usize)>,
    /// Inside `<script>` or `<style>`.
    raw: Option<Raw>,
    /// How many elements are open that keep white space.
    keeping: usize,
    comments: Vec<String>,
    in_comment: bool,
    data: Vec<String>,
}

/// A rendered page.
pub(super) struct Finished {
    /// What a reader sees.
    pub(super) shown: Draft,
    /// What he does not see: hidden text, comments, attributes, scripts.
    pub(super) unshown: Draft,
    /// `data:` links.
    pub(super) data: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Raw {
    Script,
    Style,
}

/// A table that is open.
#[derive(Default)]
struct Table {
    /// Cells begun in this row.
    cells: usize,
    /// Where the open cell began.
    cell: Option<usize>,
    /// There is a table in the open cell.
    nested: bool,
}

impl Page {
    /// An empty page with room for `octets`.
    pub(super) fn new(octets: usize) -> Self {
        Self {
            shown: Writer::with_capacity(octets / 2),
            unshown: Writer::with_capacity(0),
            tables: Vec::new(),
            hidden: None,
            raw: None,
            keeping: 0,
            comments: Vec::new(),
            in_comment: false,
            data: Vec::new(),
        }
    }

    /// The texts of the page.
    pub(super) fn finish(self) -> Finished {
        Finished {
            shown: self.shown.draft,
            unshown: self.unshown.draft,
            data: self.data,
        }
    }

    pub(super) fn text(&mut self, text: &str) {
        match self.raw {
            Some(Raw::Script) => self.aside("script", text),
            Some(Raw::Style) => {
                let shorter = attribute::without_colors(text);
                self.aside("style", &shorter);
            }
            None => {
                let keeping = self.keeping > 0;
                let section = if self.in_comment {
                    "comment"
                } else {
                    "hidden text"
                };
                self.writer(section).text(text, keeping);
            }
        }
    }

    pub(super) fn comment(&mut self, comment: &str) {
        // What nearly every page begins with.
        if comment.eq_ignore_ascii_case("doctype html") {
            return;
        }
        if !self.in_comment && comment.contains('<') {
            self.comments
                .push(attribute::without_condition(comment).to_owned());
        } else {
            self.aside("comment", comment);
        }
    }

    /// The comments that hold markup.
    pub(super) fn take_comments(&mut self) -> Vec<String> {
        std::mem::take(&mut self.comments)
    }

    /// What follows stands in a comment.
    pub(super) fn open_comment(&mut self) {
        self.in_comment = true;
        self.raw = None;
        self.keeping = 0;
        self.unshown.line();
    }

    /// The comment ends.
    pub(super) fn close_comment(&mut self) {
        self.in_comment = false;
    }

    pub(super) fn open(&mut self, tag: &Tag<'_>) {
        let name = &*tag.name;
        if let Some((hidden, open)) = &mut self.hidden
            && hidden == name
            && !tag.self_closing
        {
            *open += 1;
        }
        let is_void = VOID.contains(&name) || tag.self_closing;
        if self.hidden.is_none() && !is_void && tag.attributes.iter().any(attribute::hides) {
            self.hidden = Some((name.to_owned(), 1));
            self.unshown.line();
        }
        self.layout_open(name);
        for one in &tag.attributes {
            match attribute::read(one) {
                Some(attribute::Said::Words(words)) => self.aside("attribute", &words),
                Some(attribute::Said::Data(link)) => self.data.push(link),
                None => {}
            }
        }
        match name {
            "script" if !tag.self_closing => self.raw = Some(Raw::Script),
            "style" if !tag.self_closing => self.raw = Some(Raw::Style),
            "pre" | "textarea" | "xmp" | "listing" if !tag.self_closing => self.keeping += 1,
            _ => {}
        }
    }

    pub(super) fn close(&mut self, name: &str) {
        match name {
            "script" | "style" => self.raw = None,
            "pre" | "textarea" | "xmp" | "listing" => self.keeping = self.keeping.saturating_sub(1),
            _ => {}
        }
        self.layout_close(name);
        if let Some((hidden, open)) = &mut self.hidden
            && hidden == name
        {
            *open -= 1;
            if *open == 0 {
                self.unshown.line();
                self.hidden = None;
            }
        }
    }

    fn layout_open(&mut self, name: &str) {
        if self.hidden.is_some() || self.in_comment {
            if is_block(name) || name == "br" {
                self.unshown.line();
            }
            return;
        }
        match name {
            "br" => self.shown.new_line(),
            "table" => {
                if let Some(outer) = self.tables.last_mut() {
                    outer.nested |= outer.cell.is_some();
                }
                self.shown.line();
                if self.tables.len() < MOST_TABLES {
                    self.tables.push(Table::default());
                }
            }
            "tr" => {
                self.close_cell();
                self.shown.line();
                if let Some(table) = self.tables.last_mut() {
                    table.cells = 0;
                }
            }
            "td" | "th" => {
                self.close_cell();
                let Some(table) = self.tables.last_mut() else {
                    self.shown.cell();
                    return;
                };
                if table.cells > 0 {
                    self.shown.cell();
                }
                table.cells += 1;
                table.cell = Some(self.shown.draft.len());
                table.nested = false;
            }
            _ if is_block(name) => self.shown.line(),
            _ => {}
        }
    }

    fn layout_close(&mut self, name: &str) {
        if self.hidden.is_some() || self.in_comment {
            if is_block(name) {
                self.unshown.line();
            }
            return;
        }
        match name {
            "td" | "th" => self.close_cell(),
            "tr" => {
                self.close_cell();
                self.shown.line();
            }
            "table" => {
                self.close_cell();
                self.tables.pop();
                self.shown.line();
            }
            _ if is_block(name) => self.shown.line(),
            _ => {}
        }
    }

    /// Ends the open cell. What is short in it becomes one line, so that a row of the table is a line of the text;
    /// what is long was never a cell of a table, but a page laid out by one.
    fn close_cell(&mut self) {
        let Some(table) = self.tables.last_mut() else {
            return;
        };
        let (Some(start), nested) = (table.cell.take(), table.nested) else {
            return;
        };
        if !nested && self.shown.draft.len() - start <= LONGEST_CELL {
            self.shown.join_lines(start);
        }
    }

    /// Writes something unseen in a line of its own.
    fn aside(&mut self, section: &'static str, text: &str) {
        let unshown = &mut self.unshown;
        unshown.line();
        unshown.draft.mark(Locus::Section(section));
        unshown.text(text, false);
        unshown.line();
    }

    fn writer(&mut self, section: &'static str) -> &mut Writer {
        if self.hidden.is_some() || self.in_comment {
            self.unshown.draft.mark(Locus::Section(section));
            &mut self.unshown
        } else {
            &mut self.shown
        }
    }
}

/// Whether an element stands in lines of its own.
fn is_block(name: &str) -> bool {
    matches!(
        name,
        "p" | "div"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "ul"
            | "ol"
            | "li"
            | "dl"
            | "dt"
            | "dd"
            | "hr"
            | "section"
            | "article"
            | "header"
            | "footer"
            | "main"
            | "nav"
            | "aside"
            | "address"
            | "blockquote"
            | "center"
            | "pre"
            | "form"
            | "fieldset"
            | "legend"
            | "figure"
            | "figcaption"
            | "title"
            | "option"
            | "select"
            | "textarea"
            | "caption"
            | "thead"
            | "tbody"
            | "tfoot"
            | "tr"
            | "table"
            | "td"
            | "th"
            | "html"
            | "body"
            | "head"
            | "xmp"
            | "listing"
            | "details"
            | "summary"
            | "dir"
            | "menu"
    )
}

/// Elements that are never closed.
const VOID: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
];

/// How deep tables are told apart; deeper ones are read as parts of the last.
const MOST_TABLES: usize = 64;

/// The most octets of a cell that is one line.
const LONGEST_CELL: usize = 200;
