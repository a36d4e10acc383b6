//! PDF files whose instructions cannot be followed to their end.

use sluse::extract::Reason;

use super::pdf_built::{Pdf, at, pages};
use super::{all_text, gaps, read};

const STOPS: (Reason, &str) = (Reason::Damaged, "pdf: a page stops being readable");
const DEEP: (Reason, &str) = (Reason::Limit, "pdf: a page holds lists too deep to read");

/// What stands before the text, and the gap it makes where it makes one.
fn oddities() -> Vec<(String, Option<(Reason, &'static str)>)> {
    let mut oddities: Vec<_> = [
        ")",
        "]",
        ">>",
        "} {",
        "{",
        "[ 1 2",
        "<</A 1",
        "<41",
        "(",
        "(\u{e6}(",
        "[ (a) q",
        "(a) (b) m",
    ]
    .map(|stopping| (stopping.to_owned(), Some(STOPS)))
    .into();
    oddities.extend([
        ("1 ".repeat(100), Some(STOPS)),
        ("1 ".repeat(40_000) + "w", Some(STOPS)),
        ("[".repeat(3000) + &"]".repeat(3000) + " TJ", Some(DEEP)),
        ("<</A".repeat(3000) + &">>".repeat(3000) + " TJ", Some(DEEP)),
        ("<</A".repeat(1_000_000), Some(DEEP)),
        ("[".repeat(20) + "(a)" + &"]".repeat(20) + " pop", None),
        ("% ) ] >>\n".to_owned(), None),
        ("(\\)\\() pop (()) pop".to_owned(), None),
        ("BI /W 1 /H 1 /BPC 8 ID x EI".to_owned(), None),
        ("\0\0 unknown 1.2.3 --4".to_owned(), None),
        ("/F9 999999999999999999999999 Tf".to_owned(), None),
    ]);
    oddities
}

const WORDS: &str = "BT /F1 12 Tf 50 700 Td (CPR-nummer 010160-1234) Tj ET\n";

fn assert_told(how: &str, file: &[u8], gap: Option<(Reason, &'static str)>) {
    let how: String = how.chars().take(20).collect();
    let extract = read(file);
    let text = all_text(&extract);
    assert!(text.contains("010160-1234"), "{how}: {text}");
    assert_eq!(gaps(&extract), Vec::from_iter(gap), "{how}");
}

#[test]
fn a_page_that_stops_being_readable_is_swept_and_is_a_gap() {
    for (oddity, gap) in oddities() {
        let content = format!("{oddity}\n{WORDS}");
        assert_told(&oddity, &pages(&[&content], "").file(""), gap);
    }
}

#[test]
fn a_page_behind_a_broken_one_is_read() {
    for (oddity, gap) in oddities() {
        let file = pages(&[&oddity, WORDS], "").file("");
        // At the end of a page an oddity may be harmless; it is never the end of the file.
        let extract = read(&file);
        assert!(all_text(&extract).contains("010160-1234"));
        assert!(gaps(&extract).iter().all(|found| Some(*found) == gap));
    }
}

#[test]
fn numbers_in_parts_are_found_behind_an_oddity() {
    for (how, shown) in [
        ("kerned", "[(0101) -20 (60-12) 3 (34)] TJ"),
        ("in two", "(010160) Tj (-1234) Tj"),
        ("in hexadecimal", "<3031 30313630 2D31323334> Tj"),
        ("escaped", "(\\060101\\\n60\\0551234) Tj"),
    ] {
        let content = format!(") BT /F1 12 Tf 50 700 Td {shown} ET");
        assert_told(how, &pages(&[&content], "").file(""), Some(STOPS));
    }
}

/// A file whose one page draws by other instructions, in one of the ways there are.
fn by_way_of(way: &str, instructions: &str) -> Pdf {
    let page = at(50, 20, "almindelig tekst nok til en side");
    let form = "/BBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >>";
    let (drawing, entries, stream, more) = match way {
        "form" => (
            "/X Do",
            "/XObject << /X 6 0 R >>",
            format!("/Subtype /Form {form}"),
            "",
        ),
        "note" => (
            "",
            "",
            form.to_owned(),
            "/Annots [ << /Subtype /Stamp /Rect [0 0 595 842] /AP << /N 6 0 R >> >> ]",
        ),
        "pattern" => (
            "/Pattern cs /P scn 0 0 595 842 re f",
            "/Pattern << /P 6 0 R >>",
            format!("/PatternType 1 /PaintType 1 /TilingType 1 /XStep 595 /YStep 842 {form}"),
            "",
        ),
        _ => (
            "BT /T3 12 Tf 50 700 Td (a) Tj ET",
            "",
            "/Length1 1".to_owned(),
            "",
        ),
    };
    let glyphs = "<< /Type /Font /Subtype /Type3 /FontBBox [0 0 1 1] /FontMatrix [1 0 0 1 0 0] /FirstChar 97 /LastChar 97 \
                  /Widths [1] /Encoding << /Differences [97 /a] >> /CharProcs << /a 6 0 R >> \
                  /Resources << /Font << /F1 3 0 R >> >> >>";
    Pdf::new()
        .object("<< /Type /Catalog /Pages 2 0 R >>")
        .object("<< /Type /Pages /Kids [4 0 R] /Count 1 /MediaBox [0 0 595 842] >>")
        .object("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
        .object(&format!(
            "<< /Type /Page /Parent 2 0 R /Contents 5 0 R {more} \
             /Resources << /Font << /F1 3 0 R /T3 {glyphs} >> {entries} >> >>"
        ))
        .stream("", format!("{page}{drawing}").as_bytes())
        .stream(&stream, instructions.as_bytes())
}

#[test]
fn what_pages_share_is_followed_too() {
    for way in ["form", "note", "pattern", "glyph"] {
        for (oddity, gap) in oddities() {
            let Some(gap) = gap else { continue };
            let file = by_way_of(way, &format!("{oddity}\n{WORDS}")).file("");
            assert_told(way, &file, Some(gap));
        }
        let extract = read(&by_way_of(way, "1 0 d0 0 0 1 1 re f").file(""));
        assert_eq!(gaps(&extract), [], "{way}");
    }
}

#[test]
fn a_page_whose_instructions_cannot_all_be_unpacked_is_a_gap() {
    let file = |second: &str, data: &[u8]| {
        Pdf::new()
            .object("<< /Type /Catalog /Pages 2 0 R >>")
            .object("<< /Type /Pages /Kids [4 0 R] /Count 1 /MediaBox [0 0 595 842] >>")
            .object("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
            .object("<< /Type /Page /Parent 2 0 R /Resources << /Font << /F1 3 0 R >> >> /Contents [5 0 R 6 0 R] >>")
            .stream("", WORDS.as_bytes())
            .stream(second, data)
            .file("")
    };
    let more = at(50, 600, "mere");
    let whole = read(&file("", more.as_bytes()));
    assert!(all_text(&whole).contains("mere"));
    assert_eq!(gaps(&whole), []);

    for filter in [
        "FlateDecode",
        "LZWDecode",
        "DCTDecode",
        "JBIG2Decode",
        "Unheard",
    ] {
        let cut = read(&file(&format!("/Filter /{filter}"), more.as_bytes()));
        assert!(all_text(&cut).contains("010160-1234"), "{filter}");
        let is_told = all_text(&cut).contains("mere");
        assert!(
            is_told || !gaps(&cut).is_empty(),
            "{filter}: passed over in silence"
        );
    }
}
