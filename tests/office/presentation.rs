//! Presentations of PowerPoint.

use super::built::{Document, POWERPOINT};
use super::places::Places;
use super::{read, text_at};

fn shape(text: &str) -> String {
    format!(
        "<p:sp><p:nvSpPr><p:cNvPr id='2' name='Title 1'/></p:nvSpPr><p:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:txBody></p:sp>"
    )
}

#[test]
fn every_place_of_a_presentation_is_read() {
    let mut places = Places::default();
    let mut p = |place| places.plant(place);
    let slide =
        |rest: String| format!("<p:sld><p:cSld><p:spTree>{rest}</p:spTree></p:cSld></p:sld>");
    let bytes = Document::new()
        .typed("ppt/presentation.xml", &format!("{POWERPOINT}presentation.main+xml"), "<p:presentation><p:sldIdLst><p:sldId id='256' r:id='rId1'/><p:sldId id='257' r:id='rId2'/></p:sldIdLst></p:presentation>")
        .related("ppt/presentation.xml", "slide", "slides/slide1.xml")
        .related("ppt/presentation.xml", "slide", "slides/slide2.xml")
        .part(
            "ppt/slides/slide1.xml",
            slide(format!(
                "{}<p:graphicFrame><a:tbl><a:tr><a:tc><a:txBody><a:p><a:r><a:t>{}</a:t></a:r></a:p></a:txBody></a:tc></a:tr></a:tbl></p:graphicFrame>\
                 <p:pic><p:nvPicPr><p:cNvPr name='Picture 3' descr='{}'/></p:nvPicPr></p:pic>\
                 <p:sp><p:cNvPr name='boks {}'/><p:txBody><a:p><a:r><a:t>0101</a:t></a:r><a:r><a:t>{}</a:t></a:r></a:p></p:txBody></p:sp>\
                 <p:sp><p:txBody><a:p><a:fld><a:t>{}</a:t></a:fld></a:p></p:txBody></p:sp>",
                shape(&p("slide")), p("table"), p("alternative text"), p("name of a shape"), &p("runs")[4..], p("field"),
            )),
        )
        .part("ppt/slides/slide2.xml", format!("<p:sld show='0'><p:cSld>{}</p:cSld></p:sld>", shape(&p("hidden slide"))))
        .part("ppt/slides/slide7.xml", slide(shape(&p("slide no list has"))))
        .part("ppt/notesSlides/notesSlide1.xml", format!("<p:notes>{}</p:notes>", shape(&p("notes"))))
        .part("ppt/comments/comment1.xml", format!("<p:cmLst><p:cm><p:text>{}</p:text></p:cm></p:cmLst>", p("comment")))
        .part("ppt/comments/modernComment1.xml", format!("<p188:cmLst><p188:cm><p188:txBody><a:p><a:r><a:t>{}</a:t></a:r></a:p></p188:txBody></p188:cm></p188:cmLst>", p("modern comment")))
        .part("ppt/commentAuthors.xml", format!("<p:cmAuthorLst><p:cmAuthor name='{}' initials='x'/></p:cmAuthorLst>", p("author of a comment")))
        .part("ppt/slideMasters/slideMaster1.xml", format!("<p:sldMaster>{}</p:sldMaster>", shape(&p("master"))))
        .part("ppt/slideLayouts/slideLayout1.xml", format!("<p:sldLayout>{}</p:sldLayout>", shape(&p("layout"))))
        .part("ppt/charts/chart1.xml", format!("<c:chartSpace><c:cat><c:v>{}</c:v></c:cat></c:chartSpace>", p("chart")))
        .part("ppt/diagrams/data1.xml", format!("<dgm:dataModel><dgm:pt><dgm:t><a:p><a:r><a:t>{}</a:t></a:r></a:p></dgm:t></dgm:pt></dgm:dataModel>", p("SmartArt")))
        .part("ppt/tags/tag1.xml", format!("<p:tagLst><p:tag name='X' val='{}'/></p:tagLst>", p("tag")))
        .part("docProps/core.xml", format!("<cp:coreProperties><dc:description>{}</dc:description></cp:coreProperties>", p("description")))
        .linked("ppt/slides/slide1.xml", &format!("https://x.example/{}", p("target of a link")))
        .ooxml();
    places.assert_all_found(&bytes);
}

#[test]
fn slides_are_numbered_in_the_order_they_are_shown() {
    let slide = |text: &str| format!("<p:sld>{}</p:sld>", shape(text));
    let bytes = Document::new()
        .typed("ppt/presentation.xml", &format!("{POWERPOINT}presentation.main+xml"), "<p:presentation><p:sldIdLst><p:sldId id='256' r:id='rId2'/><p:sldId id='257' r:id='rId1'/></p:sldIdLst></p:presentation>")
        .related("ppt/presentation.xml", "slide", "slides/slide1.xml")
        .related("ppt/presentation.xml", "slide", "slides/slide2.xml")
        .part("ppt/slides/slide1.xml", slide("anden"))
        .part("ppt/slides/slide2.xml", slide("første"))
        .part("ppt/notesSlides/notesSlide1.xml", format!("<p:notes>{}</p:notes>", shape("husk")))
        .related("ppt/slides/slide1.xml", "notesSlide", "../notesSlides/notesSlide1.xml")
        .ooxml();
    let extract = read(&bytes);
    assert_eq!(text_at(&extract, "første"), "fil slide 1");
    assert_eq!(text_at(&extract, "anden"), "fil slide 2");
    assert_eq!(text_at(&extract, "husk"), "fil slide 2");
}
