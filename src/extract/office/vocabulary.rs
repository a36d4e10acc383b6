//! What the elements of OOXML and ODF mean for text, by local name.
//!
//! The names of the many vocabularies (WordprocessingML, DrawingML, VML, SpreadsheetML, ODF text and table) hardly
//! collide, so one table serves all parts, and a place nobody thought of is read by the same rules.

use crate::extract::office::xml::Tag;

/// What an element is to the flow of text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Meaning {
    /// Nothing of its own; its text stands by itself.
    Plain,
    /// A paragraph, or what reads like one.
    Block,
    /// Text as it stands, joined with its neighbors: runs of one paragraph.
    Verbatim,
    /// The instruction of a field, which shows its result instead.
    Instruction,
    /// Text that stands elsewhere on the page than where it is anchored: text boxes, notes, comments.
    Aside,
    /// The first of several forms of the same thing.
    Choice,
    /// Another form of the same thing.
    Fallback,
    /// A table.
    Table,
    /// A row of one.
    Row,
    /// A cell of one.
    Cell,
    /// Added under change tracking.
    Inserted,
    /// Deleted under change tracking, and still in the file.
    Deleted,
    /// A line break.
    Break,
    /// A tab.
    Tab,
    /// A single character.
    Character(char),
    /// A number of spaces.
    Spaces,
    /// The value of a cell, copied: in a chart, of another workbook.
    Value,
    /// Coordinates and encoded bytes: no text.
    Skipped,
}

/// The meaning of the element that `tag` begins.
pub(super) fn meaning(tag: &Tag<'_>) -> Meaning {
    match tag.name() {
        "p" | "h" | "text" | "si" | "comment" | "cm" => Meaning::Block,
        "t" | "delText" => Meaning::Verbatim,
        "instrText" | "delInstrText" => Meaning::Instruction,
        "txbxContent" | "textbox" | "text-box" | "annotation" | "note" | "rPh" | "ruby-text"
        | "frame" | "custom-shape" => Meaning::Aside,
        "Choice" => Meaning::Choice,
        "Fallback" => Meaning::Fallback,
        "tbl" | "table" => Meaning::Table,
        "tr" | "table-row" => Meaning::Row,
        "tc" | "table-cell" | "covered-table-cell" => Meaning::Cell,
        "ins" | "moveTo" => Meaning::Inserted,
        "del" | "moveFrom" => Meaning::Deleted,
        "br" | "cr" | "line-break" => Meaning::Break,
        // A tab stop has attributes, a tab none.
        "tab" | "ptab" if tag.attribute("val").is_none() && tag.attribute("pos").is_none() => {
            Meaning::Tab
        }
        "noBreakHyphen" => Meaning::Character('-'),
        "sym" => symbol(tag).map_or(Meaning::Plain, Meaning::Character),
        "s" if tag.attribute("v").is_none() => Meaning::Spaces,
        "v" => Meaning::Value,
        "config-item" if tag.attribute("type").is_none_or(|kind| kind != "string") => {
            Meaning::Skipped
        }
        "tableStyleId" | "colOff" | "rowOff" | "posOffset" | "pctWidth" | "pctHeight"
        | "Anchor" | "binData" | "fldData" | "binary-data" => Meaning::Skipped,
        _ => Meaning::Plain,
    }
}

/// Whether the value of this attribute of this element is words of a person.
pub(super) fn is_told(element: &str, attribute: &str, value: &str) -> bool {
    match attribute {
        // Every shape is called something by the program; a person may have called it otherwise.
        "name" if matches!(element, "docPr" | "cNvPr" | "frame" | "custom-shape") => {
            value.bytes().filter(u8::is_ascii_digit).count() >= 6
        }
        "href" => value.contains(':'),
        // Word numbers its own bookmarks, and hides them by this sign.
        "name" if element == "bookmarkStart" => !value.starts_with('_'),
        "descr" | "title" | "alt" | "tooltip" | "displayText" | "prompt" | "promptTitle"
        | "error" | "errorTitle" | "instr" | "author" | "displayName" | "caption" | "label"
        | "help-message" => true,
        "val" => matches!(
            element,
            "docVar"
                | "alias"
                | "tag"
                | "default"
                | "statusText"
                | "helpText"
                | "listEntry"
                | "filter"
                | "customFilter"
                | "query"
                | "connectString"
                | "udl"
        ),
        "name" => matches!(
            element,
            "docVar"
                | "definedName"
                | "sheet"
                | "tableColumn"
                | "cacheField"
                | "cmAuthor"
                | "table"
                | "property"
                | "user-defined"
                | "bookmark"
                | "bookmark-start"
                | "named-range"
                | "section"
        ),
        // Cached items of a pivot table.
        "v" => matches!(element, "s" | "n" | "d"),
        "stringValue1" | "stringValue2" => element == "filter",
        "string" => element == "textpath",
        "value" | "current-value" => matches!(
            element,
            "listItem"
                | "text"
                | "textarea"
                | "formatted-text"
                | "option"
                | "item"
                | "button"
                | "hidden"
        ),
        "location" | "display" => element == "hyperlink",
        "condition" => element == "content-validation",
        _ => false,
    }
}

/// The character of a symbol font that stands at a private code point: its digits are digits.
fn symbol(tag: &Tag<'_>) -> Option<char> {
    let code = u32::from_str_radix(&tag.attribute("char")?, 16).ok()?;
    let code = match code {
        0xF020..=0xF07E => code - 0xF000,
        code => code,
    };
    char::from_u32(code).filter(|character| !character.is_control())
}
