//! Workbooks of Excel.

use sluse::extract::Reason;
use sluse::limits::ReadLimits;

use super::built::{Document, EXCEL, xlsx};
use super::places::Places;
use super::{all_text, gaps, read, read_within, text_at};

fn inline(at: &str, text: &str) -> String {
    format!("<c r='{at}' t='inlineStr'><is><t>{text}</t></is></c>")
}

#[test]
fn every_place_of_a_workbook_is_read() {
    let mut places = Places::default();
    let mut p = |place| places.plant(place);
    let kind = |name: &str| format!("{EXCEL}{name}+xml");
    let sheet = |rest: &str| format!("<worksheet><sheetData>{rest}</worksheet>");
    let bytes = Document::new()
        .typed(
            "xl/workbook.xml",
            &kind("sheet.main"),
            format!(
                "<workbook><sheets><sheet name='{}' r:id='rId1'/><sheet name='Skjult' state='hidden' r:id='rId2'/>\
                 <sheet name='Meget' state='veryHidden' r:id='rId3'/></sheets><definedNames><definedName name='n' comment='c'>\"{}\"</definedName>\
                 </definedNames></workbook>",
                p("name of a sheet"), p("defined name")
            ),
        )
        .related("xl/workbook.xml", "worksheet", "worksheets/sheet1.xml")
        .related("xl/workbook.xml", "worksheet", "worksheets/sheet2.xml")
        .related("xl/workbook.xml", "worksheet", "worksheets/sheet3.xml")
        .typed(
            "xl/sharedStrings.xml",
            &kind("sharedStrings"),
            format!(
                "<sst><si><t>{}</t></si><si><r><t>0101</t></r><r><t>{}</t></r><rPh sb='0' eb='1'><t>{}</t></rPh></si><si><t>{}</t></si></sst>",
                p("shared string"), &p("runs of a shared string")[4..], p("how it is spoken"), p("shared string of no cell")
            ),
        )
        .typed(
            "xl/worksheets/sheet1.xml",
            &kind("worksheet"),
            sheet(&format!(
                "<row r='1'><c r='A1' t='s'><v>0</v></c><c r='B1' t='s'><v>1</v></c>{}<c r='D1' t='str'><f>\"{}\"&amp;A1</f><v>{}</v></c></row>\
                 <row r='2' hidden='1'>{}</row></sheetData><dataValidations><dataValidation prompt='{}' errorTitle='{}'><formula1>\"a,{}\"</formula1>\
                 </dataValidation></dataValidations><conditionalFormatting><cfRule><formula>A1=\"{}\"</formula></cfRule></conditionalFormatting>\
                 <autoFilter><filterColumn><filters><filter val='{}'/></filters></filterColumn></autoFilter>\
                 <hyperlinks><hyperlink ref='A1' location='{}' tooltip='{}' display='{}'/></hyperlinks>\
                 <headerFooter><oddHeader>&amp;L&amp;\"Arial,Bold\"&amp;12 {}&amp;RSide &amp;P</oddHeader><oddFooter>&amp;C{}</oddFooter></headerFooter>",
                inline("C1", &p("inline string")), p("formula"), p("result of a formula"), inline("A2", &p("hidden row")),
                p("prompt of a validation"), p("title of an error"), p("list of a validation"), p("conditional format"), p("filter"),
                p("place of a link"), p("tip of a link"), p("display of a link"), p("printed header"), p("printed footer"),
            )),
        )
        .typed("xl/worksheets/sheet2.xml", &kind("worksheet"), sheet(&format!("<row>{}</row></sheetData>", inline("A1", &p("hidden sheet")))))
        .typed("xl/worksheets/sheet3.xml", &kind("worksheet"), sheet(&format!("<row>{}</row></sheetData>", inline("A1", &p("very hidden sheet")))))
        .typed("xl/worksheets/sheet9.xml", &kind("worksheet"), sheet(&format!("<row>{}</row></sheetData>", inline("A1", &p("sheet no workbook lists")))))
        .part("xl/comments1.xml", format!("<comments><authors><author>{}</author></authors><commentList><comment ref='A1'><text><r><t>{}</t></r></text></comment></commentList></comments>", p("author of a comment"), p("comment")))
        .part("xl/threadedComments/threadedComment1.xml", format!("<ThreadedComments><threadedComment><text>{}</text></threadedComment></ThreadedComments>", p("threaded comment")))
        .part("xl/persons/person.xml", format!("<personList><person displayName='{}'/></personList>", p("person")))
        .part("xl/drawings/drawing1.xml", format!("<xdr:wsDr><xdr:sp><xdr:cNvPr name='x' descr='{}'/><xdr:txBody><a:p><a:r><a:t>{}</a:t></a:r></a:p></xdr:txBody></xdr:sp></xdr:wsDr>", p("alternative text"), p("text box")))
        .part("xl/drawings/vmlDrawing1.vml", format!("<xml><v:shape><v:textbox><div>{}</div></v:textbox></v:shape></xml>", p("VML text box")))
        .part("xl/charts/chart1.xml", format!("<c:chartSpace><c:title><a:p><a:t>{}</a:t></a:p></c:title><c:v>{}</c:v></c:chartSpace>", p("title of a chart"), p("cache of a chart")))
        .part("xl/pivotCache/pivotCacheDefinition1.xml", format!("<pivotCacheDefinition><cacheField name='{}'><sharedItems><s v='{}'/></sharedItems></cacheField></pivotCacheDefinition>", p("field of a pivot table"), p("item of a pivot table")))
        .part("xl/pivotCache/pivotCacheRecords1.xml", format!("<pivotCacheRecords><r><s v='{}'/><n v='1'/></r></pivotCacheRecords>", p("record of a pivot table")))
        .part("xl/tables/table1.xml", format!("<table name='{}' displayName='T'><tableColumns><tableColumn name='{}'/></tableColumns></table>", p("name of a table"), p("column of a table")))
        .part("docProps/core.xml", format!("<cp:coreProperties><dc:subject>{}</dc:subject></cp:coreProperties>", p("subject")))
        .linked("xl/worksheets/sheet1.xml", &format!("mailto:{}@x.example", p("target of a link")))
        .ooxml();
    places.assert_all_found(&bytes);
}

#[test]
fn numbers_kept_as_numbers_are_shown_as_their_format_says() {
    let number = |style: usize, value: &str| {
        let rows = format!("<row><c s='{style}'><v>{value}</v></c></row>");
        let styles = [
            "General",
            "0000000000",
            "000000\\-0000",
            "dd-mm-yyyy",
            "ddmmyy",
            "#,##0.00",
        ];
        let text = all_text(&read(&xlsx(&rows, &styles)));
        text.lines().next().unwrap_or_default().to_owned()
    };
    for (style, value, shown) in [
        (0, "1004591751", "1004591751"),
        (0, "401632883", "401632883"),
        (0, "4.01632883E8", "401632883"),
        (0, "1.0E9", "1000000000"),
        (0, "12.50", "12,5"),
        (1, "401632883", "0401632883"),
        (2, "401632883", "040163-2883"),
        (3, "20251", "11-06-1955"),
        (4, "20251", "110655"),
        (5, "1004591751", "1004591751"),
        (99, "401632883", "401632883"),
    ] {
        assert_eq!(number(style, value), shown, "style {style} of {value}");
    }
}

#[test]
fn numbers_of_a_pivot_cache_are_shown_as_those_of_cells() {
    let definition = "<pivotCacheDefinition><cacheFields>\
        <cacheField name='CPR' numFmtId='164'><sharedItems minValue='4.01632885E8' maxValue='1210751234'>\
        <n v='4.01632883E8'/><n v='1.210751234E9'/></sharedItems></cacheField>\
        <cacheField name='Nummer' numFmtId='0'><sharedItems/></cacheField>\
        <cacheField name='Journal' numFmtId='165'><sharedItems/>\
        <fieldGroup><rangePr startNum='4.01632886E8' endNum='4.01632887E8'/></fieldGroup></cacheField>\
        </cacheFields></pivotCacheDefinition>";
    let records = "<pivotCacheRecords><r><x v='0'/><n v='1.210751235E9'/><n v='4.01632884E8'/></r>\
        <r><x v='1'/><s v='010160-1234'/><m/></r></pivotCacheRecords>";
    let book = Document::new()
        .typed(
            "xl/workbook.xml",
            &format!("{EXCEL}sheet.main+xml"),
            "<workbook/>",
        )
        .typed(
            "xl/styles.xml",
            &format!("{EXCEL}styles+xml"),
            "<styleSheet><numFmts><numFmt numFmtId='164' formatCode='000000\\-0000'/>\
             <numFmt numFmtId='165' formatCode='0000000000'/></numFmts></styleSheet>",
        )
        // The records stand before what tells of their columns.
        .part("xl/pivotCache/a.xml", records)
        .part("xl/pivotCache/b.xml", definition)
        .related("xl/pivotCache/b.xml", "pivotCacheRecords", "a.xml");
    let extract = read(&book.ooxml());
    let text = all_text(&extract);
    for shown in [
        "CPR\n040163-2885\n121075-1234\n040163-2883\n",
        "1210751235",
        "0401632884",
        "010160-1234",
        "0401632886",
        "0401632887",
    ] {
        assert!(text.contains(shown), "{shown:?} in {text}");
    }
    assert_eq!(gaps(&extract), []);
}

#[test]
fn a_cache_whose_format_makes_its_numbers_long_is_read_until_the_limit() {
    let numbers: String = (0..2_000).map(|n| format!("<n v='{n}'/>")).collect();
    let definition = format!(
        "<pivotCacheDefinition><cacheField name='CPR' numFmtId='165'><sharedItems>\
        <n v='1.210751234E9'/></sharedItems></cacheField><cacheField name='Lang' numFmtId='164'>\
        <sharedItems>{numbers}</sharedItems></cacheField></pivotCacheDefinition>"
    );
    let styles = format!(
        "<styleSheet><numFmts><numFmt numFmtId='164' formatCode='\"{}\"00'/>\
        <numFmt numFmtId='165' formatCode='000000\\-0000'/></numFmts></styleSheet>",
        "x".repeat(10_000)
    );
    let book = Document::new()
        .typed(
            "xl/workbook.xml",
            &format!("{EXCEL}sheet.main+xml"),
            "<workbook/>",
        )
        .typed("xl/styles.xml", &format!("{EXCEL}styles+xml"), styles)
        .part("xl/pivotCache/b.xml", definition);
    let limits = ReadLimits {
        text: 10 << 20,
        ..ReadLimits::default()
    };
    let extract = read_within(&book.ooxml(), &limits);
    assert!(all_text(&extract).contains("121075-1234\n"));
    assert_eq!(gaps(&extract), [(Reason::Limit, "text")]);
}

#[test]
fn numbers_with_an_exponent_in_caches_are_shown_plainly() {
    let book = Document::new()
        .typed(
            "xl/workbook.xml",
            &format!("{EXCEL}sheet.main+xml"),
            "<workbook/>",
        )
        .part(
            "xl/charts/chart1.xml",
            "<c:chartSpace><c:numCache><c:pt><c:v>1.210751234E9</c:v></c:pt></c:numCache>\
            <c:strCache><c:pt><c:v>010160.1234</c:v></c:pt></c:strCache></c:chartSpace>",
        )
        .part(
            "xl/externalLinks/externalLink1.xml",
            "<externalLink><cell r='A1'><v>1.210751235E9</v></cell></externalLink>",
        );
    let text = all_text(&read(&book.ooxml()));
    for shown in ["1210751234", "1210751235", "010160.1234"] {
        assert!(text.contains(shown), "{shown} in {text}");
    }
}

#[test]
fn a_cell_stands_under_its_label_and_knows_its_place() {
    let rows = format!(
        "<row r='1'>{}{}{}</row><row r='2'>{}<c r='B2'/>{}</row><row r='3'/><row r='9000'>{}{}</row>",
        inline("A1", "Navn"),
        inline("B1", "By"),
        inline("C1", "CPR"),
        inline("A2", "Per"),
        inline("C2", "010160-1234"),
        inline("C9000", "010160-1235"),
        inline("XFD9000", "fjern")
    );
    let extract = read(&xlsx(&rows, &[]));
    let sheet = &extract
        .texts
        .iter()
        .find(|text| text.text.contains("Navn"))
        .unwrap()
        .text;
    let far = "\t".repeat(64);
    assert_eq!(
        *sheet,
        format!("Navn\tBy\tCPR\nPer\t\t010160-1234\n\n\t\t010160-1235{far}fjern")
    );
    for (text, origin) in [
        ("Navn", "fil Ark1!A1"),
        ("By", "fil Ark1!B1"),
        ("010160-1234", "fil Ark1!C2"),
        ("fjern", "fil Ark1!XFD9000"),
    ] {
        assert_eq!(text_at(&extract, text), origin);
    }
}

#[test]
fn a_cell_of_many_lines_is_one_cell() {
    let rows = format!(
        "<row>{}{}</row>",
        inline("A1", "010160\n-1234\t"),
        inline("B1", "x")
    );
    assert!(all_text(&read(&xlsx(&rows, &[]))).starts_with("010160 -1234\tx"));
}

#[test]
fn parts_are_known_by_how_they_are_related_too() {
    let bytes = Document::new()
        .related("", "officeDocument", "a.xml")
        .part("a.xml", "<workbook><sheets><sheet name='Ark1' r:id='rId1'/></sheets></workbook>")
        .related("a.xml", "worksheet", "b.xml")
        .related("a.xml", "sharedStrings", "c.xml")
        .part("b.xml", "<worksheet><sheetData><row><c t='s'><v>1</v></c><c t='s'><v>0</v></c></row></sheetData></worksheet>")
        .part("c.xml", "<sst><si><t>CPR</t></si><si><t>Navn</t></si></sst>")
        .ooxml();
    let extract = read(&bytes);
    assert!(
        all_text(&extract).starts_with("Navn\tCPR"),
        "{}",
        all_text(&extract)
    );
    assert_eq!(text_at(&extract, "CPR"), "fil Ark1!B1");
}

#[test]
fn one_long_string_in_many_cells_meets_the_limit() {
    let bytes = Document::new()
        .typed(
            "xl/workbook.xml",
            &format!("{EXCEL}sheet.main+xml"),
            "<workbook/>",
        )
        .typed(
            "xl/sharedStrings.xml",
            &format!("{EXCEL}sharedStrings+xml"),
            format!("<sst><si><t>{}</t></si></sst>", "x".repeat(1 << 20)),
        )
        .typed(
            "xl/worksheets/sheet1.xml",
            &format!("{EXCEL}worksheet+xml"),
            format!(
                "<worksheet><sheetData><row>{}</row></sheetData></worksheet>",
                "<c t='s'><v>0</v></c>".repeat(10_000)
            ),
        )
        .ooxml();
    let limits = ReadLimits {
        text: 32 << 20,
        ..Default::default()
    };
    let extract = read_within(&bytes, &limits);
    assert!(gaps(&extract).contains(&(Reason::Limit, "text")));
    assert!(
        extract
            .texts
            .iter()
            .map(|text| text.text.len())
            .sum::<usize>()
            <= 32 << 20
    );
}
