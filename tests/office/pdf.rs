//! PDF files.

use std::time::{Duration, Instant};

use sluse::extract::Reason;
use sluse::limits::ReadLimits;

use super::pdf_built::{Pdf, at, deflated, pages};
use super::places::Places;
use super::{all_text, gaps, read, read_within, text_at};

/// What every page without a picture needs so that it is no picture.
const ENOUGH: &str = "BT /F1 12 Tf 50 20 Td (almindelig tekst nok til en side) Tj ET\n";

#[test]
fn every_place_of_a_pdf_is_read() {
    let mut places = Places::default();
    let mut p = |place| places.plant(place);
    let page = format!(
        "{}{}/Span << /ActualText ({}) >> BDC {} EMC {}",
        at(50, 700, &p("page")),
        at(50, 680, "almindelig tekst"),
        p("replacement text"),
        at(50, 660, "X"),
        "BT /F1 12 Tf 3 Tr 50 640 Td (usynlig ".to_owned() + &p("invisible text") + ") Tj ET"
    );
    let utf16: String = "FEFF".to_owned()
        + &p("outline in UTF-16")
            .encode_utf16()
            .map(|unit| format!("{unit:04X}"))
            .collect::<String>();
    let catalog = "/Outlines 6 0 R /AcroForm << /Fields [7 0 R] /XFA [(datasets) 13 0 R (end) 14 0 R] >> /Metadata 9 0 R \
                   /Names << /EmbeddedFiles << /Names [(x) 10 0 R] >> /JavaScript << /Names [(y) 12 0 R] >> >>";
    let pdf = pages(&[&page], catalog)
        .object(&format!("<< /Type /Outlines /First << /Title <{utf16}> >> >>"))
        .object(&format!(
            "<< /FT /Tx /T (felt {}) /TU (navn {}) /V ({}) /DV ({}) /Opt [({})] >>",
            p("name of a field"), p("label of a field"), p("value of a field"), p("default of a field"), p("choice of a field")
        ))
        .object(&format!(
            "<< /Type /Annot /Subtype /Text /Contents ({}) /RC (<p>{}</p>) /A << /S /URI /URI (https://x.example/{}) >> >>",
            p("annotation"), p("rich annotation"), p("link")
        ))
        .stream(
            "/Type /Metadata /Subtype /XML",
            format!("<?xpacket?><x:xmpmeta><rdf:Description xmp:Note='{}'><dc:title><rdf:li>{}</rdf:li></dc:title></rdf:Description></x:xmpmeta>", p("attribute of the metadata"), p("metadata")).as_bytes(),
        )
        .object(&format!("<< /Type /Filespec /F (a.txt) /UF ({}.txt) /Desc ({}) /EF << /F 11 0 R >> >>", p("name of an embedded file"), p("description of a file")))
        .stream("/Type /EmbeddedFile", format!("tekst {}", p("embedded file")).as_bytes())
        .object(&format!("<< /S /JavaScript /JS (app.alert\\(\"{}\"\\)) >>", p("script")))
        .stream("", format!("<xfa:datasets><cpr>{}</cpr><a>", p("form in XML")).as_bytes())
        .stream("", format!("{}</a></xfa:datasets>", p("form in XML, second packet")).as_bytes())
        .object(&format!("<< /Type /StructElem /S /Figure /Alt ({}) /E ({}) >>", p("alternative text"), p("expansion")))
        .object(&format!("<< /Title ({}) /Keywords ({}) /Egen ({}) >>", p("title"), p("keywords"), p("property of its own")));
    places.assert_all_found(&pdf.file("/Info 16 0 R"));
}

#[test]
fn a_number_is_one_however_it_is_drawn() {
    for (how, content) in [
        ("two strings", at(50, 700, "010160") + &at(90, 700, "-1234")),
        ("backwards", at(90, 700, "-1234") + &at(50, 700, "010160")),
        ("kerned", "BT /F1 12 Tf 50 700 Td [(01)20(0160)-30(-12)10(34)] TJ ET".to_owned()),
        ("letter by letter", "BT /F1 12 Tf 50 700 Td (0) Tj (1) Tj (0) Tj (1) Tj (6) Tj (0) Tj (-) Tj (1) Tj (2) Tj (3) Tj (4) Tj ET".to_owned()),
        ("spaced letters", "BT /F1 12 Tf 1.5 Tc 50 700 Td (010160-1234) Tj ET".to_owned()),
        ("raised", "BT /F1 12 Tf 50 700 Td (010160) Tj 2 Ts (-1234) Tj ET".to_owned()),
        ("filled and stroked", "BT /F1 12 Tf 2 Tr 50 700 Td (010160-1234) Tj ET".to_owned()),
        ("twice for bold", at(50, 700, "010160-1234") + "BT /F1 12 Tf 50.4 700 Td (010160-1234) Tj ET"),
        ("turned", "BT /F1 12 Tf 0 1 -1 0 300 300 Tm (010160) Tj (-1234) Tj ET".to_owned()),
        ("upside down", "BT /F1 12 Tf -1 0 0 -1 300 300 Tm (010160-1234) Tj ET".to_owned()),
        ("tiny", "q 0.01 0 0 0.01 50 50 cm BT /F1 12 Tf (010160) Tj (-1234) Tj ET Q".to_owned()),
        ("outside the page", at(5000, 7000, "010160-1234")),
    ] {
        let text = all_text(&read(&pages(&[&content], "").file("")));
        assert!(text.contains("010160-1234"), "{how}: {text}");
        assert_eq!(text.matches("010160-1234").count(), 1, "{how}: {text}");
    }
}

#[test]
fn digits_in_the_boxes_of_a_form_are_a_number() {
    let boxes: String = "0101601234"
        .chars()
        .zip(0..)
        .map(|(digit, at_box)| at(50 + 18 * at_box, 700, &digit.to_string()))
        .collect();
    let text = all_text(&read(
        &pages(&[&format!("{}{boxes}{ENOUGH}", at(10, 700, "CPR"))], "").file(""),
    ));
    assert!(text.contains("CPR\t0101601234\n"), "{text}");
}

#[test]
fn a_label_stands_above_its_column() {
    let content = [
        at(50, 700, "Navn"),
        at(300, 700, "CPR"),
        at(50, 680, "Per Olsen"),
        at(300, 680, "010160-1234"),
    ]
    .concat();
    let text = all_text(&read(&pages(&[&content], "").file("")));
    assert!(
        text.starts_with("Navn\tCPR\nPer Olsen\t010160-1234\n"),
        "{text}"
    );
}

#[test]
fn pages_are_numbered() {
    let extract = read(
        &pages(
            &[
                &at(50, 700, "forside og mere"),
                &at(50, 700, "bagside og mere"),
            ],
            "",
        )
        .file(""),
    );
    assert_eq!(text_at(&extract, "forside"), "fil page 1");
    assert_eq!(text_at(&extract, "bagside"), "fil page 2");
}

#[test]
fn a_page_behind_very_long_ones_is_read() {
    let blank = deflated(&vec![b' '; 17 << 20]);
    let picture = "q 500 0 0 700 50 50 cm BI /W 1 /H 1 /BPC 8 /CS /G ID x EI Q ";
    let file = pages(
        &["", ENOUGH, "", picture, &at(50, 700, "bagside og mere")],
        "",
    );
    let file = file.with_stream(5, "/Filter /FlateDecode", &blank);
    let file = file.with_stream(9, "/Filter /FlateDecode", &blank);
    let extract = read(&file.file(""));
    assert_eq!(text_at(&extract, "almindelig"), "fil page 2");
    assert_eq!(text_at(&extract, "bagside"), "fil page 5");
    let scan = "pdf: a page is only a picture, and there is no OCR";
    assert_eq!(gaps(&extract), [(Reason::Unsupported, scan)]);
}

#[test]
fn letters_are_read_by_their_encoding() {
    let content = "BT /F1 12 Tf 50 700 Td (s\\370ren \\305ge 010160\\2261234) Tj ET";
    assert!(all_text(&read(&pages(&[content], "").file(""))).starts_with("søren Åge 010160–1234"));
}

/// A font of glyph numbers, with or without a word on what they read.
fn composite(to_unicode: Option<&str>) -> Vec<u8> {
    let content = format!(
        "BT /F2 12 Tf 50 700 Td <{}> Tj ET {ENOUGH}",
        "000100020001000200030002"
    );
    let map = if to_unicode.is_some() {
        "/ToUnicode 9 0 R"
    } else {
        ""
    };
    Pdf::new()
        .object("<< /Type /Catalog /Pages 2 0 R >>")
        .object("<< /Type /Pages /Kids [4 0 R] /Count 1 /MediaBox [0 0 595 842] >>")
        .object("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
        .object("<< /Type /Page /Parent 2 0 R /Contents 5 0 R /Resources << /Font << /F1 3 0 R /F2 6 0 R >> >> >>")
        .stream("", content.as_bytes())
        .object(&format!("<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /DescendantFonts [7 0 R] {map} >>"))
        .object("<< /Type /Font /Subtype /CIDFontType2 /BaseFont /X /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor 8 0 R /DW 500 >>")
        .object("<< /Type /FontDescriptor /FontName /X /Flags 4 /FontBBox [0 0 1000 1000] /ItalicAngle 0 /Ascent 800 /Descent 0 /StemV 80 >>")
        .stream("", to_unicode.unwrap_or_default().as_bytes())
        .file("")
}

#[test]
fn a_font_that_says_what_its_glyphs_read_is_read() {
    let map = "/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <0000> <FFFF> endcodespacerange \
               3 beginbfchar <0001> <0030> <0002> <0031> <0003> <0036> endbfchar endcmap end";
    let extract = read(&composite(Some(map)));
    assert!(
        all_text(&extract).contains("010161"),
        "{}",
        all_text(&extract)
    );
    assert!(extract.gaps.is_empty(), "{:?}", extract.gaps);
}

#[test]
fn a_font_nobody_can_read_is_a_gap() {
    let extract = read(&composite(None));
    assert_eq!(
        gaps(&extract),
        [(Reason::Unsupported, "pdf: a font cannot be read")]
    );
    assert!(all_text(&extract).contains("almindelig tekst"));
}

#[test]
fn a_page_that_is_a_picture_is_a_gap() {
    let picture = "q 500 0 0 700 50 50 cm BI /W 1 /H 1 /BPC 8 /CS /G ID x EI Q ";
    let dot = "q 2 0 0 2 50 50 cm BI /W 1 /H 1 /BPC 8 /CS /G ID x EI Q ";
    let gap = [(
        Reason::Unsupported,
        "pdf: a page is only a picture, and there is no OCR",
    )];
    for (contents, expected) in [
        (vec![picture], gap.as_slice()),
        (vec![ENOUGH, picture], &gap),
        (vec![ENOUGH, dot], &[]),
        (vec![ENOUGH, ""], &[]),
    ] {
        assert_eq!(
            gaps(&read(&pages(&contents, "").file(""))),
            expected,
            "{contents:?}"
        );
    }
    let both = format!("{picture}{ENOUGH}");
    assert!(gaps(&read(&pages(&[&both], "").file(""))).is_empty());
}

#[test]
fn a_hidden_layer_is_read() {
    let content = format!("/OC /L BDC {} EMC {ENOUGH}", at(50, 700, "010160-1234"));
    let file = pages(
        &[&content],
        "/OCProperties << /OCGs [6 0 R] /D << /OFF [6 0 R] >> >>",
    )
    .object("<< /Type /OCG /Name (skjult) >>")
    .file("");
    let file = String::from_utf8_lossy(&file)
        .replace("/Font << /F1", "/Properties << /L 6 0 R >> /Font << /F1");
    let text = all_text(&read(file.as_bytes()));
    assert!(text.contains("010160-1234"), "{text}");
}

#[test]
fn a_file_that_needs_a_password_is_encrypted() {
    for file in [
        include_bytes!("fixtures/password-aes256.pdf").as_slice(),
        include_bytes!("fixtures/password-rc4.pdf"),
    ] {
        assert_eq!(
            gaps(&read(file)),
            [(Reason::Encrypted, "pdf: it needs a password")]
        );
    }
}

#[test]
fn a_file_locked_only_against_changes_is_read() {
    for file in [
        include_bytes!("fixtures/owner-aes256.pdf").as_slice(),
        include_bytes!("fixtures/owner-aes256-object-streams.pdf"),
    ] {
        let extract = read(file);
        assert!(all_text(&extract).contains("010160-1234"), "{extract:?}");
        assert!(
            all_text(&extract).contains("titel 010160-1235"),
            "{}",
            all_text(&extract)
        );
        assert!(extract.gaps.is_empty(), "{:?}", extract.gaps);
    }
}

#[test]
fn objects_in_streams_are_read() {
    let extract = read(include_bytes!("fixtures/object-streams.pdf"));
    assert!(
        all_text(&extract).contains("010160-1234") && all_text(&extract).contains("010160-1235")
    );
    assert!(extract.gaps.is_empty(), "{:?}", extract.gaps);
}

#[test]
fn a_file_cut_short_is_damaged() {
    let file = pages(&[&format!("{}{ENOUGH}", at(50, 700, "010160-1234"))], "").file("");
    for left in [file.len() - 20, file.len() / 2, 40] {
        let extract = read(&file[..left]);
        assert!(
            extract.gaps.iter().any(|gap| gap.reason == Reason::Damaged),
            "{left}: {:?}",
            extract.gaps
        );
    }
    // Without its table of objects, what they hold is still read.
    let table = file.windows(5).position(|word| word == b"xref\n").unwrap();
    let extract = read(&file[..table]);
    assert!(all_text(&extract).contains("010160-1234"));
}

#[test]
fn a_file_without_pages_is_damaged() {
    let file = Pdf::new()
        .object("<< /Type /Catalog /Pages 2 0 R >>")
        .object("<< /Type /Pages /Kids [] /Count 0 >>")
        .file("");
    assert_eq!(gaps(&read(&file)).first().unwrap().0, Reason::Damaged);
    assert_eq!(
        gaps(&read(b"%PDF-1.7\n\x00\x01%%EOF")).first().unwrap().0,
        Reason::Damaged
    );
}

/// A page whose instructions are packed as `entries` says.
fn packed(entries: &str, data: &[u8]) -> Vec<u8> {
    Pdf::new()
        .object("<< /Type /Catalog /Pages 2 0 R >>")
        .object("<< /Type /Pages /Kids [3 0 R] /Count 1 >>")
        .object("<< /Type /Page /Parent 2 0 R /Contents 4 0 R >>")
        .stream(entries, data)
        .file("")
}

#[test]
fn bombs_are_weighed_before_they_are_unpacked() {
    let zeros = vec![b' '; 64 << 20];
    let once = deflated(&zeros);
    let twice = deflated(&once);
    let hex: String = twice.iter().map(|octet| format!("{octet:02x}")).collect();
    let runs = [0x81, b' '].repeat(1 << 19);
    let limits = ReadLimits {
        entry: 16 << 20,
        ..ReadLimits::default()
    };
    for (how, entries, data) in [
        ("packed once", "/Filter /FlateDecode", once.as_slice()),
        ("as a list", "/Filter [/FlateDecode]", &once),
        (
            "packed twice",
            "/Filter [/FlateDecode /FlateDecode]",
            &twice,
        ),
        (
            "in digits",
            "/Filter [/ASCIIHexDecode /FlateDecode /FlateDecode]",
            hex.as_bytes(),
        ),
        ("an escaped name", "/F#69lter /Fl#61teDecode", &once),
        (
            "called a picture",
            "/Subtype /Image /Filter /FlateDecode",
            &once,
        ),
        ("in runs", "/Filter /RunLengthDecode", &runs),
        ("behind a comment", "/Filter /FlateDecode % >> \n", &once),
    ] {
        let start = Instant::now();
        let extract = read_within(&packed(entries, data), &limits);
        assert_eq!(gaps(&extract), [(Reason::Limit, "entry")], "{how}");
        assert!(start.elapsed() < Duration::from_secs(20), "{how}");
    }
    let file = packed(
        &format!("/Pad ({}) /Filter /FlateDecode", "x".repeat(100_000)),
        &once,
    );
    assert_eq!(
        gaps(&read_within(&file, &limits)),
        [(
            Reason::Unsupported,
            "pdf: a stream is packed in an unusual way"
        )]
    );
}

#[test]
fn a_page_that_draws_itself_a_billion_times_ends_with_the_time() {
    let mut pdf = Pdf::new()
        .object("<< /Type /Catalog /Pages 2 0 R >>")
        .object("<< /Type /Pages /Kids [3 0 R] /Count 1 >>")
        .object("<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /XObject << /X 5 0 R >> >> >>")
        .stream("", b"/X Do");
    for form in 5..30 {
        pdf = pdf.stream(
            &format!("/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X {} 0 R >> >>", form + 1),
            b"/X Do /X Do /X Do /X Do /X Do /X Do /X Do /X Do",
        );
    }
    let file = pdf
        .stream(
            "/Type /XObject /Subtype /Form /BBox [0 0 9 9]",
            b"0 0 1 1 re f",
        )
        .file("");
    let cancel = sluse::limits::Cancel::default();
    let timer = cancel.clone();
    std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(300));
        timer.cancel();
    });
    let mut budget = sluse::extract::Budget::new(&ReadLimits::default(), cancel);
    let mut extract = sluse::extract::Extract::default();
    let part = sluse::mime::PartPath::root();
    let mut reading = sluse::extract::Reading::new(
        &mut budget,
        &mut extract,
        part,
        None,
        sluse::extract::Place::Attachment,
    );
    sluse::extract::open(&file, &mut reading);
    assert_eq!(extract.gaps.last().unwrap().reason, Reason::Timeout);
}

#[test]
fn many_words_for_streams_cost_no_more_than_one_pass() {
    let start = Instant::now();
    for junk in [
        "stream\n",
        "1 0 obj <<>> stream\n",
        "1 0 obj <</Filter/FlateDecode>> stream\nx",
        "1 0 obj<</A(",
    ] {
        let mut file = b"%PDF-1.7\n".to_vec();
        file.extend_from_slice(junk.repeat(20_000).as_bytes());
        let extract = read(&file);
        assert!(!extract.gaps.is_empty(), "{junk}");
    }
    assert!(
        start.elapsed() < Duration::from_secs(30),
        "{:?}",
        start.elapsed()
    );
}
