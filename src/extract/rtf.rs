//! Rich text (RTF 1.9.1), by a state machine of our own: the crates that read it refuse much and show style names.
//!
//! Control words inside a number do not part it (`3012{\b 74}` is `301274`). Hidden and deleted text, notes, page
//! headers and field instructions are a text of their own behind the visible one.
//! Where Outlook made it from a web page (MS-OXRTFEX), that page is read too.

mod destination;
mod document;
mod drawing;
mod object;
mod token;

use document::Document;
use token::{Token, Tokens};

use crate::extract::{Reading, Reason, html};

/// Reads a document.
pub(super) fn read(bytes: &[u8], reading: &mut Reading<'_>) {
    let mut document = Document::default();
    let mut tokens = Tokens::new(bytes);
    let mut seen = 0_u32;
    while let Some(token) = tokens.next() {
        seen = seen.wrapping_add(1);
        if seen.is_multiple_of(4096)
            && let Err(exhausted) = reading.budget.time()
        {
            reading.exhausted(exhausted);
            break;
        }
        if let Token::Word {
            name: b"bin",
            number: Some(count),
        } = token
        {
            document.binary(tokens.pass_over(usize::try_from(count).unwrap_or(0)));
        }
        document.token(&token);
    }
    let finished = document.finish();
    reading.text(finished.shown);
    reading.text(finished.unshown);
    if let Some(page) = finished.page {
        html::read(&page, reading);
    }
    for digits in finished.objects {
        object::read(&digits, reading);
    }
    for drawing in finished.drawings {
        drawing::read(&drawing, reading);
    }
    for (reason, detail) in finished.gaps {
        reading.gap(reason, detail);
    }
    if finished.open {
        reading.gap(Reason::Damaged, "rtf: breaks off");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(rtf: &str) -> (String, String) {
        let mut document = Document::default();
        let mut tokens = Tokens::new(rtf.as_bytes());
        while let Some(token) = tokens.next() {
            if let Token::Word {
                name: b"bin",
                number: Some(count),
            } = token
            {
                document.binary(tokens.pass_over(usize::try_from(count).unwrap_or(0)));
            }
            document.token(&token);
        }
        let finished = document.finish();
        (
            finished.shown.text.trim().to_owned(),
            finished.unshown.text.trim().to_owned(),
        )
    }

    #[test]
    fn text_is_read_across_control_words() {
        for (rtf, shown, unshown) in [
            (
                r"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial 0101901234;}}\f0 K\'e6re 3012{\b 74}\b0-3938\par}",
                "Kære 301274-3938",
                "",
            ),
            (r"{\rtf1 a\u248?b\uc2\u229??c\uc0\u230d}", "aøbåcæd", ""),
            (r"{\rtf1 \u-10179?\u-8704?}", "😀", ""),
            (
                r"{\rtf1 a\par b\line c\tab d\cell e\cell\row f}",
                "a\nb\nc\td\te\t\nf",
                "",
            ),
            (
                r"{\rtf1 a\~b\_c\-d\{e\}\\}",
                "a\u{A0}b\u{2011}c\u{AD}d{e}\\",
                "",
            ),
            (
                r"{\rtf1 0101{\v x}90{\deleted y}-1{\footnote z}2}",
                "010190-12",
                "x\ny\nz",
            ),
            (r"{\rtf1{\header top}{\info{\title t}}a}", "a", "top\nt"),
            (
                r#"{\rtf1{\field{\*\fldinst HYPERLINK "x?cpr=1"}{\fldrslt link}}}"#,
                "link",
                "HYPERLINK \"x?cpr=1\"",
            ),
            (
                r"{\rtf1{\*\generator Word 16;}{\*\themedata 0101901234}{\*\other kept}a}",
                "a",
                "kept",
            ),
            (r"{\rtf1{\pict\pngblip 0101901234}a}", "a", ""),
            ("{\\rtf1 a\\bin3 }}}b}", "ab", ""),
            ("{\\rtf1 01\r\n01}after", "0101", "after"),
            (r"{\rtf1\mac \'8c}", "å", ""),
        ] {
            assert_eq!(told(rtf), (shown.to_owned(), unshown.to_owned()), "{rtf}");
        }
    }

    #[test]
    fn the_page_a_text_was_made_from_is_told() {
        let rtf = br"{\rtf1\ansi\ansicpg1252\fromhtml1 \deff0{\fonttbl{\f0 Arial;}}{\*\htmltag64 <p>}K\'e6re \htmlrtf {\b \htmlrtf0
            {\*\htmltag84 <b>}1203\htmlrtf }\htmlrtf0 {\*\htmltag92 </b>}52-1234{\*\htmltag84 &nbsp;}\htmlrtf \'b7\htmlrtf0\par {\*\mhtmltag1 x}}";
        let mut document = Document::default();
        Tokens::new(rtf).for_each(|token| document.token(&token));
        assert_eq!(
            document.finish().page.as_deref(),
            Some("<p>Kære             <b>1203</b>52-1234&nbsp;\n")
        );
    }

    #[test]
    fn broken_documents_are_read_as_far_as_they_go() {
        for rtf in [
            "{\\rtf1 a",
            "{\\rtf1 a}}}}",
            "{\\rtf1 \\'",
            "{\\rtf1 a\\",
            "{\\rtf1 a\\u",
            "{\\rtf1 a\\bin99999999999 ",
        ] {
            assert!(told(rtf).0.starts_with('a') || rtf.contains('\''), "{rtf}");
        }
        let deep = "{".repeat(1_000_000);
        let _ = told(&format!("{{\\rtf1 a{deep}b"));
    }
}
