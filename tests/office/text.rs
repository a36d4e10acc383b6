//! Text documents of Word.

use super::built::{Document, WORD, docx};
use super::places::Places;
use super::{all_text, gaps, read, text_at};

/// A run.
fn run(text: &str) -> String {
    format!("<w:r><w:t xml:space='preserve'>{text}</w:t></w:r>")
}

/// A paragraph of one run.
fn paragraph(text: &str) -> String {
    format!("<w:p>{}</w:p>", run(text))
}

#[test]
fn every_place_of_a_text_document_is_read() {
    let mut places = Places::default();
    let mut p = |place| places.plant(place);
    let boxed = |text: String| format!("<w:txbxContent>{}</w:txbxContent>", paragraph(&text));
    let body = [
        paragraph(&p("paragraph")),
        format!("<w:tbl><w:tr><w:tc>{}</w:tc></w:tr></w:tbl>", paragraph(&p("table cell"))),
        format!("<w:p><w:ins w:author='{}'>{}</w:ins></w:p>", p("author of a change"), run(&p("tracked insertion"))),
        format!("<w:p><w:del><w:r><w:delText>{}</w:delText></w:r></w:del></w:p>", p("tracked deletion")),
        format!("<w:p><w:moveFrom>{}</w:moveFrom></w:p>", run(&p("moved away"))),
        format!(
            "<w:p><w:r><mc:AlternateContent><mc:Choice><w:drawing><wp:docPr id='1' name='Text Box 1' descr='{}' title='{}'/>\
             <wps:txbx>{}</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape alt='{}'><v:textbox>{}</v:textbox>\
             </v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>",
            p("alternative text"), p("title of a picture"), boxed(p("text box")), p("alternative text of VML"), boxed(p("text box of VML")),
        ),
        format!("<w:p><w:r><w:pict><v:textpath string='{}'/></w:pict></w:r></w:p>", p("word art")),
        format!(
            "<w:p><w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>MERGEFIELD {}</w:instrText></w:r><w:r>\
             <w:fldChar w:fldCharType='separate'/></w:r>{}<w:r><w:fldChar w:fldCharType='end'/></w:r></w:p>",
            p("field instruction"), run(&p("field result")),
        ),
        format!("<w:p><w:fldSimple w:instr='DOCVARIABLE {}'>{}</w:fldSimple></w:p>", p("simple field"), run("x")),
        format!(
            "<w:sdt><w:sdtPr><w:alias w:val='{}'/><w:tag w:val='{}'/><w:dropDownList><w:listItem w:displayText='{}' w:value='{}'/>\
             </w:dropDownList></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>",
            p("title of a content control"), p("tag of a content control"), p("choice of a list"), p("value of a choice"), paragraph(&p("content control")),
        ),
        format!(
            "<w:p><w:r><w:ffData><w:statusText w:val='{}'/><w:textInput><w:default w:val='{}'/></w:textInput></w:ffData></w:r></w:p>",
            p("help of a form field"), p("default of a form field"),
        ),
        format!("<w:p><w:bookmarkStart w:name='{}'/><w:hyperlink w:tooltip='{}'>{}</w:hyperlink></w:p>", p("bookmark"), p("tip of a link"), run(&p("text of a link"))),
        format!("<w:p><m:oMath><m:r><m:t>{}</m:t></m:r></m:oMath></w:p>", p("formula")),
        format!("<w:p><w:ruby><w:rt>{}</w:rt></w:ruby></w:p>", run(&p("ruby"))),
        format!("<w:altChunk/><w:unknown>{}</w:unknown>", p("an element nobody knows")),
    ]
    .concat();
    let part = |root: &str, text: String| format!("<w:{root}>{}</w:{root}>", paragraph(&text));
    let notes = |root: &str, note: &str, text: String| {
        format!(
            "<w:{root}><w:{note} w:id='1'>{}</w:{note}></w:{root}>",
            paragraph(&text)
        )
    };
    let kind = |name: &str| format!("{WORD}{name}+xml");
    let bytes = Document::new()
        .typed("word/document.xml", &kind("document.main"), format!("<w:document><w:body>{body}</w:body></w:document>"))
        .typed("word/header1.xml", &kind("header"), part("hdr", p("page header")))
        .typed("word/footer1.xml", &kind("footer"), part("ftr", p("page footer")))
        .typed("word/footnotes.xml", &kind("footnotes"), notes("footnotes", "footnote", p("footnote")))
        .typed("word/endnotes.xml", &kind("endnotes"), notes("endnotes", "endnote", p("endnote")))
        .typed(
            "word/comments.xml",
            &kind("comments"),
            format!("<w:comments><w:comment w:author='{}' w:initials='x'>{}</w:comment></w:comments>", p("author of a comment"), paragraph(&p("comment"))),
        )
        .typed("word/glossary/document.xml", &kind("document.glossary"), part("glossaryDocument", p("building block")))
        .typed(
            "word/settings.xml",
            &kind("settings"),
            format!("<w:settings><w:docVars><w:docVar w:name='{}' w:val='{}'/></w:docVars><w:mailMerge><w:query w:val='{}'/></w:mailMerge></w:settings>",
                p("name of a variable"), p("variable"), p("query of a merge")),
        )
        .part(
            "word/charts/chart1.xml",
            format!("<c:chartSpace><c:title><a:p><a:r><a:t>{}</a:t></a:r></a:p></c:title><c:strCache><c:pt><c:v>{}</c:v></c:pt></c:strCache></c:chartSpace>",
                p("title of a chart"), p("category of a chart")),
        )
        .part("word/diagrams/data1.xml", format!("<dgm:dataModel><dgm:pt><dgm:t><a:p><a:r><a:t>{}</a:t></a:r></a:p></dgm:t></dgm:pt></dgm:dataModel>", p("SmartArt")))
        .part("customXml/item1.xml", format!("<sag><cpr>{}</cpr><note><![CDATA[{}]]></note></sag>", p("custom XML"), p("custom XML as it is")))
        .part("docProps/core.xml", format!("<cp:coreProperties><dc:title>{}</dc:title><cp:keywords>{}</cp:keywords></cp:coreProperties>", p("title"), p("keywords")))
        .part("docProps/app.xml", format!("<Properties><Company>{}</Company></Properties>", p("company")))
        .part("docProps/custom.xml", format!("<Properties><property name='{}'><vt:lpwstr>{}</vt:lpwstr></property></Properties>", p("name of a property"), p("property")))
        .part("word/embeddings/Microsoft_Excel_Sheet.xlsx", super::built::xlsx(&format!("<row><c t='inlineStr'><is><t>{}</t></is></c></row>", p("embedded workbook")), &[]))
        .part("word/embeddings/note.txt", format!("Vedhæftet: {}", p("embedded text file")))
        .part(&format!("word/embeddings/{}.txt", p("name of an embedded file")), "x")
        .part("word/utf16.xml", format!("\u{feff}<a>{}</a>", p("a part in UTF-16")).encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>())
        .linked("word/document.xml", &format!("https://x.example/?cpr={}", p("target of a link")))
        .linked("word/nowhere.xml", &format!("mailto:{}@x.example", p("target nothing refers to")))
        .ooxml();
    places.assert_all_found(&bytes);
}

#[test]
fn a_number_in_pieces_is_one_number() {
    for pieces in [
        format!("{}{}{}", run("0101"), run("60-"), run("1234")),
        format!(
            "{}<w:proofErr/>{}",
            run("010160"),
            "<w:r><w:noBreakHyphen/></w:r><w:r><w:t>1234</w:t></w:r>"
        ),
        format!(
            "{}<w:r><w:softHyphen/></w:r>{}",
            run("010160-"),
            run("1234")
        ),
        format!(
            "{}<w:bookmarkStart w:name='x'/><w:r><w:drawing><w:txbxContent>{}</w:txbxContent></w:drawing></w:r>{}",
            run("010160"),
            paragraph("i boksen"),
            run("-1234")
        ),
        format!(
            "{}<w:hyperlink>{}</w:hyperlink>",
            run("010160"),
            run("-1234")
        ),
        format!(
            "{}<mc:AlternateContent><mc:Choice>{}</mc:Choice><mc:Fallback>{}</mc:Fallback></mc:AlternateContent>{}",
            run("010160"),
            run("-"),
            run("-"),
            run("1234")
        ),
        run("0&#49;0160-12&#x33;4"),
        "<w:r><w:t>010160-<![CDATA[12]]>34</w:t></w:r>".to_owned(),
        format!(
            "{}<w:r><w:sym w:font='Symbol' w:char='F034'/></w:r>",
            run("010160-123")
        ),
    ] {
        let text = all_text(&read(&docx(&format!("<w:p>{pieces}</w:p>"))));
        assert!(text.contains("010160-1234"), "{pieces}\n{text}");
    }
}

#[test]
fn a_change_inside_a_number_leaves_both_numbers() {
    let text = all_text(&read(&docx(&format!(
        "<w:p>{}<w:del><w:r><w:delText>60-1</w:delText></w:r></w:del><w:ins>{}</w:ins>{}</w:p>",
        run("0101"),
        run("61-2"),
        run("234")
    ))));
    assert_eq!(text, "010161-2234\n010160-1234\n");
}

#[test]
fn a_label_stands_above_its_column() {
    let cell = |text: &str| format!("<w:tc>{}</w:tc>", paragraph(text));
    let empty = "<w:tc><w:tcPr><w:gridSpan w:val='2'/></w:tcPr><w:p/></w:tc>";
    let text = all_text(&read(&docx(&format!(
        "<w:tbl><w:tr>{}{}{}{}</w:tr><w:tr>{empty}{}{}</w:tr><w:tr><w:trPr><w:gridBefore w:val='3'/></w:trPr>{}</w:tr></w:tbl>",
        cell("Navn"),
        cell("By"),
        cell("CPR"),
        cell("Bem"),
        cell("010160-1234"),
        cell("x"),
        cell("y")
    ))));
    assert_eq!(text, "Navn\tBy\tCPR\tBem\n\t\t010160-1234\tx\n\t\t\ty\n");
}

#[test]
fn a_place_is_called_what_people_call_it() {
    let bytes = Document::new()
        .typed(
            "word/document.xml",
            &format!("{WORD}document.main+xml"),
            format!("<w:document>{}</w:document>", paragraph("krop")),
        )
        .part(
            "word/header1.xml",
            format!("<w:hdr>{}</w:hdr>", paragraph("hoved")),
        )
        .part(
            "word/comments.xml",
            format!(
                "<w:comments><w:comment>{}</w:comment></w:comments>",
                paragraph("note")
            ),
        )
        .ooxml();
    let extract = read(&bytes);
    assert_eq!(text_at(&extract, "krop"), "fil");
    assert_eq!(text_at(&extract, "hoved"), "fil page header");
    assert_eq!(text_at(&extract, "note"), "fil comment");
}

#[test]
fn what_is_no_part_of_the_document_is_opened_or_passed_over() {
    let bytes = Document::new()
        .typed(
            "word/document.xml",
            &format!("{WORD}document.main+xml"),
            format!("<w:document>{}</w:document>", paragraph("krop")),
        )
        .part(
            "word/afchunk.htm",
            "<!DOCTYPE html><html><body><p>0101<b>60-1234</b><br></body></html>",
        )
        .typed(
            "word/font1.odttf",
            "application/vnd.openxmlformats-officedocument.obfuscatedFont",
            b"\x91\x02\x03\x04",
        )
        .typed(
            "word/printerSettings1.bin",
            &format!("{WORD}printerSettings"),
            b"\x91\x02\x03\x04",
        )
        .part(
            "docProps/thumbnail.jpeg",
            b"\xFF\xD8\xFF\xE0\0\x04ab\xFF\xC0\0\x11\x08\x02\x03\x02\x02",
        )
        .ooxml();
    let extract = read(&bytes);
    assert!(
        all_text(&extract).contains("010160-1234"),
        "{}",
        all_text(&extract)
    );
    assert!(extract.gaps.is_empty(), "{:?}", extract.gaps);
}

#[test]
fn numbers_of_the_program_are_not_told() {
    let text = all_text(&read(&docx(
        "<w:p w:rsidR='0101601234'><w:bookmarkStart w:id='1' w:name='_Toc0101601234'/><w:sdt><w:sdtPr><w:id w:val='0101601234'/></w:sdtPr></w:sdt>\
         <w:drawing><wp:positionH><wp:posOffset>0101601234</wp:posOffset></wp:positionH><wp:docPr id='0101601234' name='Picture 4'/></w:drawing></w:p>",
    )));
    assert_eq!(text, "");
}

#[test]
fn a_document_of_pictures_alone_says_so() {
    let picture = b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\x04\0\0\0\x04\0";
    let document = |text: &str| {
        Document::new()
            .typed(
                "word/document.xml",
                &format!("{WORD}document.main+xml"),
                format!("<w:document>{}</w:document>", paragraph(text)),
            )
            .part("word/media/image1.png", picture)
            .ooxml()
    };
    let extract = read(&document(""));
    assert_eq!(
        gaps(&extract),
        [(
            sluse::extract::Reason::Unsupported,
            "office: no text, only pictures"
        )]
    );
    assert!(gaps(&read(&document("Kære borger, her er vores nye logo."))).is_empty());
}
