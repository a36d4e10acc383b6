//! Text in the order a person reads it: paragraphs a line each, table cells apart by tabs, what stands aside after
//! the paragraph it is anchored in.

use crate::extract::office::format;
use crate::extract::office::frame::{Frame, Kind};
use crate::extract::office::told::Told;
use crate::extract::office::vocabulary::{Meaning, is_told, meaning};
use crate::extract::office::xml::{Node, Tag};

/// Collects the text of a part, node by node.
#[derive(Debug)]
pub(in crate::extract) struct Flow {
    frames: Vec<Frame>,
    open: Vec<Open>,
    inserted: u32,
    deleted: u32,
    space: Whitespace,
    told: Told,
}

/// Where a cell of the caller's own began.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Mark(usize);

/// How white space in text is meant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::extract) enum Whitespace {
    /// Text stands in elements made for it, where white space counts; elsewhere it is layout of the file. OOXML.
    Marked,
    /// Any run of white space is one space. ODF.
    Collapsed,
}

/// What must be undone when an element ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Open {
    Plain,
    Verbatim,
    Instruction,
    Value,
    Skipped,
    Frame,
    Inserted,
    Deleted,
}

impl Flow {
    /// Nothing collected yet.
    pub(in crate::extract) fn new(space: Whitespace) -> Self {
        Self {
            frames: vec![Frame::new(Kind::Aside)],
            open: Vec::new(),
            inserted: 0,
            deleted: 0,
            space,
            told: Told::default(),
        }
    }

    /// Takes the next node.
    pub(in crate::extract) fn node(&mut self, node: &Node<'_>) {
        match node {
            Node::Open(tag) => {
                let opened = self.begin(tag);
                self.open.push(opened);
                self.attributes(tag);
            }
            Node::Close(_) => match self.open.pop() {
                Some(Open::Frame) => self.close(),
                Some(Open::Inserted) => self.inserted = self.inserted.saturating_sub(1),
                Some(Open::Deleted) => self.deleted = self.deleted.saturating_sub(1),
                _ => {}
            },
            Node::Text(text) => self.text(text),
        }
    }

    /// Everything collected, and the collection empty again.
    pub(in crate::extract) fn take(&mut self) -> String {
        while self.frames.len() > 1 {
            self.close();
        }
        self.open.clear();
        let frame = self
            .frames
            .first_mut()
            .map(std::mem::take)
            .unwrap_or_default();
        frame.into_text()
    }

    /// Takes the lines that are whole, and leaves what is open.
    pub(super) fn drain(&mut self) -> String {
        match self.frames.as_mut_slice() {
            [only] => std::mem::take(only).into_text(),
            _ => String::new(),
        }
    }

    /// Begins a cell of the caller's own, to be taken out by [`Flow::take_cell`].
    pub(super) fn begin_cell(&mut self) -> Mark {
        let mark = Mark(self.frames.len());
        self.frames.push(Frame::new(Kind::Cell));
        mark
    }

    /// Takes what was collected since [`Flow::begin_cell`]: the text of the cell, and what is anchored in it.
    pub(super) fn take_cell(&mut self, mark: Mark) -> (String, String) {
        while self.frames.len() > mark.0 + 1 {
            self.close();
        }
        self.frames.pop().map(Frame::into_parts).unwrap_or_default()
    }

    /// Adds a line of its own, once however often it is told.
    pub(in crate::extract) fn tell(&mut self, line: &str) {
        let line = line.trim();
        if !line.is_empty() && self.told.is_new(line) {
            self.top().aside(line);
        }
    }

    fn begin(&mut self, tag: &Tag<'_>) -> Open {
        match meaning(tag) {
            // The body of an open document has the name of a comment's text.
            Meaning::Block if self.space == Whitespace::Collapsed && tag.name() == "text" => {
                Open::Plain
            }
            Meaning::Plain => Open::Plain,
            Meaning::Verbatim => Open::Verbatim,
            Meaning::Instruction => Open::Instruction,
            Meaning::Value => Open::Value,
            Meaning::Skipped => Open::Skipped,
            Meaning::Inserted => {
                self.inserted += 1;
                Open::Inserted
            }
            Meaning::Deleted => {
                self.deleted += 1;
                Open::Deleted
            }
            Meaning::Break => self.inline("\n"),
            Meaning::Tab => self.inline("\t"),
            Meaning::Character(character) => self.inline(character.encode_utf8(&mut [0; 4])),
            Meaning::Spaces => self.inline(spaces(tag)),
            Meaning::Block => self.frame(Kind::Block),
            Meaning::Aside => self.frame(Kind::Aside),
            Meaning::Choice => self.frame(Kind::Choice),
            Meaning::Fallback => self.frame(Kind::Fallback),
            Meaning::Table => self.frame(Kind::Table),
            Meaning::Row => self.frame(Kind::Row),
            Meaning::Cell => {
                let opened = self.frame(Kind::Cell);
                if opened == Open::Frame {
                    self.top().span = number(tag, "number-columns-repeated");
                }
                opened
            }
        }
    }

    fn frame(&mut self, kind: Kind) -> Open {
        if self.frames.len() >= NESTED {
            return Open::Plain;
        }
        self.frames.push(Frame::new(kind));
        Open::Frame
    }

    fn close(&mut self) {
        if self.frames.len() > 1
            && let Some(frame) = self.frames.pop()
        {
            frame.close_into(self.top());
        }
    }

    fn inline(&mut self, text: &str) -> Open {
        let (inserted, deleted) = (self.inserted > 0, self.deleted > 0);
        self.top().inline(text, inserted, deleted);
        Open::Plain
    }

    fn text(&mut self, text: &str) {
        match self.open.last().copied() {
            Some(Open::Skipped) => {}
            Some(Open::Verbatim) => {
                self.inline(text);
            }
            Some(Open::Instruction) => self.top().instruction.push_str(text),
            Some(Open::Value) => {
                let shown = format::copied(text.trim());
                if !shown.is_empty() {
                    self.top().aside(&shown);
                }
            }
            _ if self.space == Whitespace::Collapsed && self.top().kind == Kind::Block => {
                self.collapsed(text);
            }
            _ => {
                let text = text.trim();
                if !text.is_empty() {
                    self.top().aside(text);
                }
            }
        }
    }

    fn collapsed(&mut self, text: &str) {
        if text.starts_with(char::is_whitespace) {
            self.inline(" ");
        }
        let mut words = text.split_whitespace();
        if let Some(word) = words.next() {
            self.inline(word);
            for word in words {
                self.inline(" ");
                self.inline(word);
            }
            if text.ends_with(char::is_whitespace) {
                self.inline(" ");
            }
        }
    }

    fn attributes(&mut self, tag: &Tag<'_>) {
        match tag.name() {
            "gridSpan" => {
                // A property inside its cell: the cell is as many columns wide.
                let span = number(tag, "val");
                if let Some(cell) = self.frames.iter_mut().rev().find(|f| f.kind == Kind::Cell) {
                    cell.span = span;
                }
                return;
            }
            "gridBefore" => {
                let before = number(tag, "val");
                if let Some(row) = self.frames.iter_mut().rev().find(|f| f.kind == Kind::Row) {
                    row.skip_cells(before);
                }
                return;
            }
            // Their texts stand in every cell that points to them.
            "style" | "lvl" | "font" | "latin" => return,
            _ => {}
        }
        let element = tag.name();
        for value in tag.attributes_that(|name, value| is_told(element, name, value)) {
            self.tell(&value);
        }
    }

    fn top(&mut self) -> &mut Frame {
        if self.frames.is_empty() {
            self.frames.push(Frame::new(Kind::Aside));
        }
        let last = self.frames.len() - 1;
        #[expect(clippy::indexing_slicing, reason = "one was pushed if there was none")]
        &mut self.frames[last]
    }
}

/// How deep frames nest; what lies deeper is read as part of the innermost, so that closing them is not quadratic.
const NESTED: usize = 64;

fn number(tag: &Tag<'_>, attribute: &str) -> u32 {
    tag.attribute(attribute)
        .and_then(|value| value.trim().parse().ok())
        .unwrap_or(1)
}

fn spaces(tag: &Tag<'_>) -> &'static str {
    match number(tag, "c") {
        0 => "",
        1 => " ",
        2..=3 => "   ",
        _ => "        ",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::office::xml::each_node;
    use crate::limits::Cancel;

    fn flow(xml: &str, space: Whitespace) -> String {
        let mut flow = Flow::new(space);
        let _ = each_node(xml, &Cancel::default(), |node| {
            flow.node(&node);
            Ok(())
        });
        flow.take()
    }

    fn word(xml: &str) -> String {
        flow(xml, Whitespace::Marked)
    }

    #[test]
    fn runs_are_joined_and_paragraphs_are_lines() {
        assert_eq!(
            word(
                "<d>\n <p><r><t>0101</t></r>\n<r><t>60-1234</t></r></p><p><t>b </t><tab/><t>c</t></p></d>"
            ),
            "010160-1234\nb \tc\n"
        );
    }

    #[test]
    fn cells_are_apart_and_keep_their_columns() {
        assert_eq!(
            word(
                "<tbl><tr><tc><p><t>a</t></p><p><t>b</t></p></tc><tc><tcPr><gridSpan val='2'/></tcPr><p/></tc>\
                 <tc><p><t>c</t></p></tc></tr><tr><tc><p><t>d</t></p></tc></tr></tbl>"
            ),
            "a b\t\t\tc\nd\n"
        );
    }

    #[test]
    fn both_sides_of_a_tracked_change_are_read_whole() {
        assert_eq!(
            word(
                "<p><t>0101</t><del><r><delText>60</delText></r></del><ins><t>61</t></ins><t>1234</t></p>"
            ),
            "0101611234\n0101601234\n"
        );
        assert_eq!(
            word("<p><t>a</t><del><delText>b</delText></del></p>"),
            "a\nab\n"
        );
    }

    #[test]
    fn what_is_anchored_in_a_number_does_not_split_it() {
        assert_eq!(
            word(
                "<p><t>0101</t><pict><textbox><txbxContent><p><t>box</t></p></txbxContent></textbox></pict><t>60</t></p>"
            ),
            "010160\nbox\n"
        );
        assert_eq!(
            word("<p><t>a</t><instrText>HYPERLINK x</instrText><t>b</t></p>"),
            "ab\nHYPERLINK x\n"
        );
    }

    #[test]
    fn two_forms_of_one_thing_are_told_once_unless_they_differ() {
        let both = |choice: &str, fallback: &str| {
            word(&format!(
                "<p><t>1</t><AlternateContent><Choice>{choice}</Choice><Fallback>{fallback}</Fallback>\
                 </AlternateContent><t>2</t></p>"
            ))
        };
        assert_eq!(both("<t>x</t>", "<t>x</t>"), "1x2\n");
        assert_eq!(both("<t>x</t>", "<t>y</t>"), "1x2\ny\n");
        let boxed = "<txbxContent><p><t>x</t></p></txbxContent>";
        assert_eq!(both(boxed, boxed), "12\nx\n");
    }

    #[test]
    fn text_nobody_expected_is_a_line() {
        assert_eq!(
            word("<a><b> 010160-1234 </b>\n<c d='x' descr='y'>z</c></a>"),
            "010160-1234\ny\nz\n"
        );
    }

    #[test]
    fn white_space_of_open_documents_collapses() {
        assert_eq!(
            flow(
                "<text><p>a\n  <span>b</span><s c='2'/>c<line-break/>d<annotation><creator>E</creator><p>f</p></annotation>g</p></text>",
                Whitespace::Collapsed
            ),
            "a b   c\ndg\nE\nf\n"
        );
    }

    #[test]
    fn frames_without_end_cost_no_more_than_their_text() {
        let deep = format!(
            "{}<t>{}</t>",
            "<tbl><tr><tc><p>".repeat(100_000),
            "x".repeat(100_000)
        );
        assert!(word(&deep).contains("xxx"));
    }
}
