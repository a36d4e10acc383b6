//! Text with a map back to where it stood.

use std::fmt;
use std::sync::Arc;

use crate::mail::{FileName, Masked};
use crate::mime::PartPath;

/// A piece of text on its way to detection.
///
/// `text` holds the cells of a table row apart by U+0009 and the rows by a line feed, whatever they were in the
/// file (a spreadsheet, a CSV file, an HTML table): so a label above a column is found the same way in all.
#[derive(Clone)]
pub struct Text {
    /// In what role it stands in the message.
    pub place: Place,
    /// How it was come by.
    pub view: View,
    /// The part it came from.
    pub part: PartPath,
    /// The name of the file it came from, through all containers.
    pub name: Option<FileName>,
    /// The text.
    pub text: String,
    /// Where in the file each stretch of the text stood, ascending by offset.
    pub marks: Vec<Mark>,
}

/// From octet `at` of the text on, until the next mark, the text stood at `locus`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mark {
    /// Offset into the text.
    pub at: usize,
    /// Where it stood.
    pub locus: Locus,
}

/// A place inside a file, as a person would look for it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Locus {
    /// Nothing nearer than the file itself.
    Whole,
    /// A cell; column and row from 0.
    Cell {
        /// The name of the sheet.
        sheet: Arc<str>,
        /// Column, A is 0.
        column: u32,
        /// Row, the first is 0.
        row: u32,
    },
    /// A page, from 1.
    Page(u32),
    /// A slide, from 1.
    Slide(u32),
    /// Read by OCR from a picture; from which page of a document, from 1, if from one.
    Ocr(Option<u32>),
    /// Something with a name, in fixed words: `comment`, `page header`, `notes`.
    Section(&'static str),
}

/// In what role a text stands in the message.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Place {
    /// The subject: no encryption of the message covers it.
    Subject,
    /// Another header field, a display name for example.
    Header,
    /// What the reader of the message sees.
    Body,
    /// The name of an attachment or of something inside one.
    AttachmentName,
    /// Inside an attachment.
    Attachment,
}

impl Place {
    /// The word for it in policies and reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Subject => "subject",
            Self::Header => "header",
            Self::Body => "body",
            Self::AttachmentName => "attachment-name",
            Self::Attachment => "attachment",
        }
    }
}

/// How a text was come by. What a part shows in two ways is one thing: a finding in [`View::Other`] that is in
/// [`View::Main`] too is told once.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum View {
    /// As the message says it is to be read.
    #[default]
    Main,
    /// As a program may read it that understands the message another way; how, in fixed words: `as written`.
    Other(&'static str),
}

impl Text {
    /// Where the text at `offset` stood, for a person: `body`, `subject`, `liste.xlsx Ark1!B7`. Numbers in names are
    /// masked.
    pub fn origin(&self, offset: usize) -> Masked {
        let before = self.marks.partition_point(|mark| mark.at <= offset);
        let locus = before
            .checked_sub(1)
            .and_then(|at| self.marks.get(at))
            .map(|mark| &mark.locus);
        let file = match &self.name {
            Some(name) => name.exposed(),
            None => self.place.as_str(),
        };
        Masked::new(&match locus {
            None | Some(Locus::Whole) => file.to_owned(),
            Some(locus) => format!("{file} {locus}"),
        })
    }
}

impl fmt::Display for Locus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole => Ok(()),
            Self::Cell { sheet, column, row } => {
                write!(f, "{sheet}!{}{}", column_letters(*column), row + 1)
            }
            Self::Page(page) => write!(f, "page {page}"),
            Self::Slide(slide) => write!(f, "slide {slide}"),
            Self::Ocr(None) => f.write_str("(OCR)"),
            Self::Ocr(Some(page)) => write!(f, "page {page} (OCR)"),
            Self::Section(section) => f.write_str(section),
        }
    }
}

/// The text is what must not leak: `Debug` tells only how much there is.
impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Text({} {}, {} octets)",
            self.part,
            self.place.as_str(),
            self.text.len()
        )
    }
}

/// A text being written by a reader.
#[derive(Default)]
pub struct Draft {
    pub(super) text: String,
    pub(super) marks: Vec<Mark>,
}

impl Draft {
    /// An empty draft.
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty draft with room for `octets`.
    pub fn with_capacity(octets: usize) -> Self {
        Self {
            text: String::with_capacity(octets),
            marks: Vec::new(),
        }
    }

    /// Says where what is written from here on stood.
    pub fn mark(&mut self, locus: Locus) {
        if self.marks.last().is_none_or(|last| last.locus != locus) {
            self.marks.push(Mark {
                at: self.text.len(),
                locus,
            });
        }
    }

    /// Adds text.
    pub fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Ends a cell.
    pub fn cell(&mut self) {
        self.text.push('\t');
    }

    /// Ends a line, if one was begun.
    pub fn line(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
    }

    /// How many octets were written.
    pub fn len(&self) -> usize {
        self.text.len()
    }

    /// Whether nothing was written.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }
}

impl From<String> for Draft {
    fn from(text: String) -> Self {
        Self {
            text,
            marks: Vec::new(),
        }
    }
}

impl fmt::Debug for Draft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Draft({} octets)", self.text.len())
    }
}

/// `0` is `A`, `26` is `AA`.
fn column_letters(column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = u64::from(column) + 1;
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'A' + u8::try_from(rest % 26).unwrap_or(0)));
        rest /= 26;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_lettered_as_spreadsheets_do() {
        for (column, letters) in [
            (0, "A"),
            (25, "Z"),
            (26, "AA"),
            (701, "ZZ"),
            (702, "AAA"),
            (16383, "XFD"),
        ] {
            assert_eq!(column_letters(column), letters);
        }
    }
}
