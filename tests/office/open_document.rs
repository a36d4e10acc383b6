//! Open documents: text, spreadsheets and presentations.

use sluse::extract::Reason;

use super::built::Document;
use super::places::Places;
use super::{all_text, gaps, read, text_at};

fn content(body: &str) -> String {
    format!(
        "<?xml version='1.0'?><office:document-content><office:body>{body}</office:body></office:document-content>"
    )
}

fn spreadsheet(rows: &str) -> Vec<u8> {
    Document::new()
        .part("content.xml", content(&format!("<office:spreadsheet><table:table table:name='Ark1'>{rows}</table:table></office:spreadsheet>")))
        .odf("spreadsheet")
}

#[test]
fn every_place_of_an_open_text_is_read() {
    let mut places = Places::default();
    let mut p = |place| places.plant(place);
    let body = format!(
        "<office:text><office:forms><form:text form:current-value='{}' form:label='{}'/></office:forms>\
         <text:tracked-changes><text:changed-region><text:deletion><office:change-info><dc:creator>x</dc:creator></office:change-info>\
         <text:p>{}</text:p></text:deletion></text:changed-region></text:tracked-changes>\
         <text:h>{}</text:h><text:p>{}<office:annotation><dc:creator>{}</dc:creator><text:p>{}</text:p></office:annotation></text:p>\
         <text:p>0101<text:span>{}</text:span></text:p>\
         <text:p>x<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>{}</text:p></text:note-body></text:note></text:p>\
         <text:list><text:list-item><text:p>{}</text:p></text:list-item></text:list>\
         <table:table table:name='T'><table:table-row><table:table-cell><text:p>{}</text:p></table:table-cell></table:table-row></table:table>\
         <text:p><draw:frame draw:name='x'><draw:text-box><text:p>{}</text:p></draw:text-box><svg:title>{}</svg:title><svg:desc>{}</svg:desc></draw:frame></text:p>\
         <text:p><text:a xlink:href='https://x.example/{}'>{}</text:a></text:p><text:p><text:hidden-text text:string-value='x'>{}</text:hidden-text></text:p>\
         <text:section text:display='none' text:name='s'><text:p>{}</text:p></text:section><text:bookmark text:name='{}'/></office:text>",
        p("form value"),
        p("form label"),
        p("tracked deletion"),
        p("heading"),
        p("paragraph"),
        p("author of an annotation"),
        p("annotation"),
        &p("span")[4..],
        p("footnote"),
        p("list"),
        p("table cell"),
        p("text box"),
        p("title of a drawing"),
        p("description of a drawing"),
        p("target of a link"),
        p("text of a link"),
        p("hidden text"),
        p("hidden section"),
        p("bookmark"),
    );
    let bytes = Document::new()
        .part("content.xml", content(&body))
        .part("styles.xml", format!("<office:document-styles><style:header><text:p>{}</text:p></style:header><style:footer><text:p>{}</text:p></style:footer></office:document-styles>", p("page header"), p("page footer")))
        .part("meta.xml", format!("<office:document-meta><dc:title>{}</dc:title><meta:user-defined meta:name='{}'>{}</meta:user-defined></office:document-meta>", p("title"), p("name of a property"), p("property")))
        .part("Object 1/content.xml", content(&format!("<office:chart><chart:title><text:p>{}</text:p></chart:title></office:chart>", p("embedded chart"))))
        .part("Basic/Standard/Module1.xml", format!("<script:module>' {}</script:module>", p("macro")))
        .part("Object 2.txt", format!("tekst {}", p("embedded file")))
        .odf("text");
    places.assert_all_found(&bytes);
}

#[test]
fn every_place_of_an_open_spreadsheet_is_read() {
    let mut places = Places::default();
    let mut p = |place| places.plant(place);
    let body = format!(
        "<office:spreadsheet><table:content-validations><table:content-validation table:condition='cell-content-is-in-list(\"{}\")'><table:help-message table:title='{}'><text:p>{}</text:p></table:help-message></table:content-validation></table:content-validations>\
         <table:table table:name='{}'><table:shapes><draw:frame><draw:text-box><text:p>{}</text:p></draw:text-box></draw:frame></table:shapes><table:table-column/>\
         <table:table-row><table:table-cell><text:p>{}</text:p></table:table-cell><table:table-cell><text:p>0101<text:span>{}</text:span></text:p></table:table-cell>\
         <table:table-cell table:formula='of:=\"{}\"&amp;[.A1]'><office:annotation><text:p>{}</text:p></office:annotation><text:p>y</text:p></table:table-cell>\
         <table:covered-table-cell><text:p>{}</text:p></table:covered-table-cell><table:table-cell office:string-value='{}'/></table:table-row>\
         <table:table-row table:visibility='collapse'><table:table-cell><text:p>{}</text:p></table:table-cell></table:table-row></table:table>\
         <table:table table:name='Skjult' table:display='false'><table:table-header-rows><table:table-row><table:table-cell><text:p>{}</text:p></table:table-cell></table:table-row></table:table-header-rows></table:table>\
         <table:named-expressions><table:named-range table:name='{}'/></table:named-expressions></office:spreadsheet>",
        p("list of a validation"),
        p("title of a help"),
        p("help"),
        p("name of a sheet"),
        p("text box"),
        p("cell"),
        &p("span in a cell")[4..],
        p("formula"),
        p("annotation"),
        p("covered cell"),
        p("value that is not shown"),
        p("hidden row"),
        p("hidden sheet"),
        p("named range"),
    );
    let bytes = Document::new()
        .part("content.xml", content(&body))
        .odf("spreadsheet");
    places.assert_all_found(&bytes);
}

#[test]
fn every_place_of_an_open_presentation_is_read() {
    let mut places = Places::default();
    let mut p = |place| places.plant(place);
    let body = format!(
        "<office:presentation><draw:page draw:name='a'><draw:frame><draw:text-box><text:p>{}</text:p></draw:text-box></draw:frame>\
         <draw:custom-shape draw:name='boks {}'><text:p>{}</text:p></draw:custom-shape><draw:frame><table:table><table:table-row><table:table-cell><text:p>{}</text:p></table:table-cell></table:table-row></table:table></draw:frame>\
         <presentation:notes><draw:frame><draw:text-box><text:p>{}</text:p></draw:text-box></draw:frame></presentation:notes><office:annotation><text:p>{}</text:p></office:annotation></draw:page>\
         <draw:page presentation:visibility='hidden'><draw:frame><draw:text-box><text:p>{}</text:p></draw:text-box></draw:frame></draw:page></office:presentation>",
        p("slide"),
        p("name of a shape"),
        p("shape"),
        p("table"),
        p("notes"),
        p("annotation"),
        p("hidden slide")
    );
    let bytes = Document::new()
        .part("content.xml", content(&body))
        .part("styles.xml", format!("<office:document-styles><style:master-page><draw:frame><draw:text-box><text:p>{}</text:p></draw:text-box></draw:frame></style:master-page></office:document-styles>", p("master")))
        .odf("presentation");
    places.assert_all_found(&bytes);
    let extract = read(&bytes);
    assert_eq!(text_at(&extract, "010160-1000"), "fil slide 1");
    assert_eq!(text_at(&extract, "010160-1006"), "fil slide 2");
}

#[test]
fn repeated_cells_are_counted_and_not_written() {
    let text = all_text(&read(&spreadsheet(
        "<table:table-row><table:table-cell><text:p>Navn</text:p></table:table-cell><table:table-cell table:number-columns-repeated='2'/><table:table-cell><text:p>CPR</text:p></table:table-cell></table:table-row>\
         <table:table-row table:number-rows-repeated='1000000'><table:table-cell table:number-columns-repeated='16384'/></table:table-row>\
         <table:table-row><table:table-cell table:number-columns-repeated='3'><text:p>a</text:p></table:table-cell><table:table-cell office:value='401632883'><text:p>4,02E+08</text:p></table:table-cell></table:table-row>",
    )));
    assert!(
        text.starts_with("Navn\t\t\tCPR\n\na\t\t\t4,02E+08 401632883"),
        "{text:?}"
    );
}

#[test]
fn white_space_is_what_a_reader_sees() {
    let body = "<office:text><text:p>010160\n   <text:span>1234</text:span><text:s text:c='2'/>a<text:tab/>b<text:line-break/>c</text:p></office:text>";
    let text = all_text(&read(
        &Document::new()
            .part("content.xml", content(body))
            .odf("text"),
    ));
    assert_eq!(text, "010160 1234   a\tb\nc\n");
}

#[test]
fn what_every_program_leaves_in_a_document_is_no_gap() {
    let bytes = Document::new()
        .part("content.xml", content("<office:text><text:p>En helt almindelig tekst.</text:p></office:text>"))
        .part("layout-cache", b"\x01\x01\x03\0\0\0\x8F\x91")
        .part("Thumbnails/thumbnail.png", b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\x01\x02\0\0\x01\x03")
        .part("Configurations2/accelerator/current.xml", "")
        .part("manifest.rdf", "<rdf:RDF><rdf:Description rdf:about=''/></rdf:RDF>")
        .part("settings.xml", "<office:document-settings><config:config-item config:type='int'>1234567</config:config-item></office:document-settings>")
        .odf("text");
    let extract = read(&bytes);
    assert_eq!(all_text(&extract), "En helt almindelig tekst.\n");
    assert!(extract.gaps.is_empty(), "{:?}", extract.gaps);
}

#[test]
fn what_the_manifest_calls_encrypted_is_a_gap() {
    let bytes = Document::new()
        .part("content.xml", b"\x93\x12\x44garbage")
        .part("meta.xml", "<office:document-meta><dc:title>010160-1234</dc:title></office:document-meta>")
        .part("META-INF/manifest.xml", "<manifest:manifest><manifest:file-entry manifest:full-path='content.xml'><manifest:encryption-data/></manifest:file-entry></manifest:manifest>")
        .odf("text");
    let extract = read(&bytes);
    assert_eq!(gaps(&extract), [(Reason::Encrypted, "odf: encrypted")]);
    assert!(all_text(&extract).contains("010160-1234"));
}
