//! Metafiles of Windows: the text in them, wherever they stand.
#![expect(clippy::cast_possible_truncation, reason = "the drawings are small")]

use std::fmt::Write as _;
use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use sluse::extract::Reason;
use sluse::limits::ReadLimits;

use super::binary_workbook::{label, stream, workbook};
use super::built::{Document, WORD, docx};
use super::built_compound::Storage;
use super::outlook::wide;
use super::{all_text, gaps, read, read_within, text_at};

const UNREAD: (Reason, &str) = (Reason::Media, "picture: not read");

fn words(numbers: &[i32]) -> Vec<u8> {
    numbers.iter().flat_map(|n| n.to_le_bytes()).collect()
}

/// A record of an enhanced metafile.
fn record(kind: i32, octets: &[u8]) -> Vec<u8> {
    let mut octets = octets.to_vec();
    octets.resize(octets.len().next_multiple_of(4), 0);
    [words(&[kind, octets.len() as i32 + 8]), octets].concat()
}

/// An enhanced metafile.
fn emf(records: &[Vec<u8>]) -> Vec<u8> {
    let head = [&[0; 32][..], b" EMF", &[0; 44]].concat();
    let end = record(14, &words(&[0, 0, 20]));
    [record(1, &head), records.concat(), end].concat()
}

/// A run of text at a place, each character `step` wide.
fn run(kind: i32, x: i32, y: i32, text: &str, step: i32) -> Vec<u8> {
    let characters = match kind {
        84 => wide(text),
        _ => text.bytes().collect(),
    };
    let count = text.chars().count() as i32;
    let padded = characters.len().next_multiple_of(4);
    let distances = if step == 0 { 0 } else { 76 + padded as i32 };
    let mut octets = words(&[0, 0, -1, -1, 1, 0, 0, x, y, count, 76, 0, 0, 0, -1, -1]);
    octets.extend(words(&[distances]));
    octets.extend(characters);
    octets.resize(68 + padded, 0);
    if step > 0 {
        octets.extend(words(&vec![step; count as usize]));
    }
    record(kind, &octets)
}

/// A number in two runs, the second drawn first.
fn drawn(first: &str, second: &str) -> Vec<u8> {
    let second = run(84, 100 + 10 * first.len() as i32, 50, second, 10);
    emf(&[second, run(84, 100, 50, first, 10)])
}

/// A record of an older metafile.
fn old_record(kind: u16, octets: &[u8]) -> Vec<u8> {
    let mut octets = octets.to_vec();
    octets.resize(octets.len().next_multiple_of(2), 0);
    let size = (octets.len() as u32 + 6) / 2;
    [&size.to_le_bytes()[..], &kind.to_le_bytes(), &octets].concat()
}

fn halves(numbers: &[i16]) -> Vec<u8> {
    numbers.iter().flat_map(|n| n.to_le_bytes()).collect()
}

/// An older metafile.
fn wmf(records: &[Vec<u8>]) -> Vec<u8> {
    let head = halves(&[1, 9, 0x300, 0, 0, 0, 0, 0, 0]);
    [head, records.concat(), old_record(0, &[])].concat()
}

fn old_text(x: i16, y: i16, text: &str) -> Vec<u8> {
    let mut octets = halves(&[text.len() as i16]);
    octets.extend(text.as_bytes());
    octets.resize(octets.len().next_multiple_of(2), 0);
    octets.extend(halves(&[y, x]));
    old_record(0x0521, &octets)
}

fn old_long_text(x: i16, y: i16, text: &str, step: i16) -> Vec<u8> {
    let mut octets = halves(&[y, x, text.len() as i16, 2, 0, 0, 9, 9]);
    octets.extend(text.as_bytes());
    octets.resize(octets.len().next_multiple_of(2), 0);
    octets.extend(halves(&vec![step; text.len()]));
    old_record(0x0A32, &octets)
}

/// A comment with newer records in it.
fn plus(kind: u16, data: &[u8]) -> Vec<u8> {
    flagged(kind, 0, data)
}

fn flagged(kind: u16, flags: u8, data: &[u8]) -> Vec<u8> {
    let size = data.len() as u32 + 12;
    let mut one = [&kind.to_le_bytes()[..], &[flags, 0], &size.to_le_bytes()].concat();
    one.extend((data.len() as u32).to_le_bytes());
    one.extend(data);
    let length = words(&[one.len() as i32 + 4]);
    record(70, &[&length[..], b"EMF+", &one].concat())
}

fn floats(numbers: &[f32]) -> Vec<u8> {
    numbers.iter().flat_map(|n| n.to_le_bytes()).collect()
}

/// Turns everything that follows by what a matrix says.
fn world(matrix: &[f32]) -> Vec<u8> {
    record(35, &floats(matrix))
}

/// A text in newer records, and one letter by letter, each `step` wide.
fn spoken(x: f32, y: f32, text: &str) -> Vec<u8> {
    let head = words(&[0, 0, text.len() as i32]);
    plus(
        0x401C,
        &[head, floats(&[x, y, 90.0, 9.0]), wide(text)].concat(),
    )
}

fn letters(x: f32, y: f32, text: &str, step: f32) -> Vec<u8> {
    let head = words(&[0, 1, 0, text.len() as i32]);
    let places = (0..text.len()).flat_map(|n| [x + step * n as f32, y]);
    let places: Vec<f32> = places.collect();
    plus(0x4036, &[head, wide(text), floats(&places)].concat())
}

/// One of each kind, for others to break.
pub(super) fn drawings() -> Vec<Vec<u8>> {
    let string = [&words(&[0, 0, 4])[..], &[0; 16], &wide("0101")].concat();
    let newer = emf(&[
        world(&[1.0; 6]),
        plus(0x402A, &floats(&[1.0; 6])),
        plus(0x401C, &string),
        plus(0x4036, &[words(&[0, 1, 0, 1]), vec![0; 12]].concat()),
        record(33, &[]),
        run(83, 0, 5, "010160-1234", 10),
        record(34, &[]),
    ]);
    let inner = [&halves(&[15, 0])[..], b"WMFC", &[0; 30], &newer].concat();
    let old = wmf(&[
        old_text(0, 5, "010160-1234"),
        old_long_text(0, 5, "0101", 10),
        old_record(0x0626, &inner),
    ]);
    let in_document = Storage::new()
        .stream("\u{2}OlePres000", &old)
        .stream("Pictures", blip(0x3D40, 0xF01A, 16, &newer))
        .file();
    vec![drawn("0101", "60-1234"), newer, old, in_document]
}

#[test]
fn text_that_is_drawn_is_read_as_it_is_seen() {
    let small = |options: i32, text: &[u8], count: i32| {
        let rectangle = if options & 0x100 == 0 { 16 } else { 0 };
        let head = words(&[10, 20, count, options, 1, 0, 0]);
        record(108, &[&head[..], &vec![0; rectangle], text].concat())
    };
    let string = [
        &words(&[0, 0, 11])[..],
        &floats(&[9.0, 9.0, 90.0, 9.0]),
        &wide("010160-1234"),
    ]
    .concat();
    let glyphs = [
        &words(&[0, 1, 0, 2])[..],
        &wide("42"),
        &floats(&[5.0, 9.0, 12.0, 9.0]),
    ]
    .concat();
    for (what, file, text) in [
        ("in two runs", drawn("0101", "60-1234"), "010160-1234"),
        (
            "apart",
            emf(&[run(84, 0, 5, "CPR", 10), run(84, 45, 5, "010160-1234", 10)]),
            "CPR 010160-1234",
        ),
        (
            "of one octet a character",
            emf(&[run(83, 0, 5, "bl\u{E5}", 10)
                .into_iter()
                .map(|o| if o == 0xC3 { 0xE5 } else { o })
                .collect()]),
            "bl\u{E5}",
        ),
        (
            "without distances",
            emf(&[run(84, 0, 5, "0101", 0), run(84, 40, 5, "60-1234", 0)]),
            "010160-1234\n0101 60-1234",
        ),
        (
            "two numbers without distances",
            emf(&[
                record(82, &words(&[1, -16, 0, 0, 0])),
                record(37, &words(&[1])),
                run(84, 0, 5, "12345678", 0),
                run(84, 100, 5, "010160-1234", 0),
            ]),
            "12345678010160-1234\n12345678 010160-1234",
        ),
        (
            "two numbers in newer records",
            emf(&[
                spoken(10.0, 9.0, "12345678"),
                spoken(300.0, 9.0, "010160-1234"),
            ]),
            "12345678010160-1234\n12345678 010160-1234",
        ),
        (
            "in a window that nothing says the size of on paper",
            emf(&[
                record(9, &words(&[12_000, 8_000])),
                run(84, 500, 1_000, "0101", 100),
                run(84, 900, 1_000, "60-1234", 100),
                run(84, 600, 1_300, "0202", 100),
                run(84, 1_000, 1_300, "70-1235", 100),
            ]),
            "010160-1234\n020270-1235",
        ),
        (
            "stretched in newer records",
            emf(&[
                letters(0.0, 50.0, "0101", 10.0),
                plus(0x402E, &floats(&[2.0, 2.0])),
                letters(20.0, 25.0, "60-1234", 5.0),
            ]),
            "010160-1234",
        ),
        (
            "turned in newer records",
            emf(&[
                plus(0x402F, &floats(&[180.0])),
                letters(0.0, 10.0, "ned", -10.0),
                letters(0.0, 90.0, "op", -10.0),
            ]),
            "op\nned",
        ),
        (
            "on a page of inches",
            emf(&[
                letters(0.0, 96.0, "0101", 10.0),
                flagged(0x4030, 4, &floats(&[1.0])),
                letters(40.0 / 96.0, 1.0, "60-1234", 10.0 / 96.0),
                letters(0.0, 1.2, "020270-1235", 10.0 / 96.0),
            ]),
            "010160-1234\n020270-1235",
        ),
        (
            "short and wide",
            emf(&[small(0, &wide("010160-1234"), 11)]),
            "010160-1234",
        ),
        (
            "short and narrow",
            emf(&[small(0x300, b"010160-1234", 11)]),
            "010160-1234",
        ),
        (
            "from below",
            emf(&[
                world(&[1.0, 0.0, 0.0, -1.0, 0.0, 0.0]),
                run(84, 0, 5, "ned", 10),
                run(84, 0, 90, "op", 10),
            ]),
            "op\nned",
        ),
        (
            "moved in between",
            emf(&[
                run(84, 0, 50, "0101", 10),
                world(&[1.0, 0.0, 0.0, 1.0, 40.0, 50.0]),
                run(84, 0, 0, "60-1234", 10),
            ]),
            "010160-1234",
        ),
        (
            "from the pen on",
            emf(&[
                record(22, &words(&[1])),
                record(27, &words(&[7, 7])),
                run(84, 0, 0, "0101", 10),
                run(84, 0, 0, "60-1234", 10),
            ]),
            "010160-1234",
        ),
        (
            "with a shadow",
            emf(&[
                run(84, 0, 5, "010160-1234", 10),
                run(84, 1, 5, "010160-1234", 10),
            ]),
            "010160-1234",
        ),
        (
            "in newer records",
            emf(&[plus(0x401C, &string)]),
            "010160-1234",
        ),
        (
            "in both",
            emf(&[run(84, 9, 9, "010160-1234", 10), plus(0x401C, &string)]),
            "010160-1234",
        ),
        ("letter by letter", emf(&[plus(0x4036, &glyphs)]), "42"),
        (
            "older",
            wmf(&[old_text(0, 5, "010160-1234")]),
            "010160-1234",
        ),
        (
            "older, in two runs",
            wmf(&[
                old_long_text(40, 5, "60-1234", 10),
                old_long_text(0, 5, "0101", 10),
            ]),
            "010160-1234",
        ),
        (
            "older, in a window",
            wmf(&[
                old_record(0x020C, &halves(&[8_000, 12_000])),
                old_record(0x02FB, &halves(&[240, 0, 0, 0])),
                old_text(500, 1_000, "0101601234"),
                old_text(500, 1_250, "0202701235"),
                old_text(500, 1_500, "0303801236"),
            ]),
            "0101601234\n0202701235\n0303801236",
        ),
        (
            "older, in a window, in two runs among others",
            wmf(&[
                old_record(0x020C, &halves(&[8_000, 12_000])),
                old_long_text(500, 1_000, "0101", 100),
                old_long_text(900, 1_000, "60-1234", 100),
                old_long_text(700, 1_300, "CPR", 100),
            ]),
            "010160-1234\nCPR",
        ),
        (
            "older, as it stands on disk",
            [
                &b"\xD7\xCD\xC6\x9A"[..],
                &[0; 18],
                &wmf(&[old_text(0, 5, "010160-1234")]),
            ]
            .concat(),
            "010160-1234",
        ),
        (
            "newer in older",
            wmf(&[old_record(
                0x0626,
                &[
                    &halves(&[15, 0])[..],
                    b"WMFC",
                    &[0; 30],
                    &drawn("0101", "60-1234"),
                ]
                .concat(),
            )]),
            "010160-1234",
        ),
    ] {
        let extract = read(&file);
        let read = all_text(&extract);
        // What stands in it as it is, is swept as well.
        let swept = format!("{text}\n\n{text}");
        assert!([text, &swept].contains(&read.trim()), "{what}: {read:?}");
        assert_eq!(gaps(&extract), [], "{what}");
        assert!(text_at(&extract, text).ends_with("drawing"), "{what}");
    }
}

#[test]
fn a_metafile_that_shows_more_than_its_text_is_a_gap_as_it_was() {
    let text = || run(84, 0, 5, "010160-1234", 10);
    let glyphs = words(&[0, 0, -1, -1, 1, 0, 0, 0, 0, 2, 76, 0x10, 0, 0, -1, -1, 0, 0]);
    for (what, file, found) in [
        ("lines only", emf(&[record(27, &words(&[0, 0]))]), false),
        ("a picture", emf(&[text(), record(81, &[0; 80])]), true),
        ("glyphs", emf(&[text(), record(84, &glyphs)]), true),
        ("an image", emf(&[text(), plus(0x401A, &[0; 40])]), true),
        (
            "a record without length",
            [emf(&[text()])[..88 + 144].to_vec(), vec![0; 40]].concat(),
            true,
        ),
        (
            "a record that is too long",
            [&emf(&[text()])[..88 + 144], &words(&[84, 9999])].concat(),
            true,
        ),
        ("cut off", emf(&[text()])[..88 + 144].to_vec(), true),
        (
            "older, lines only",
            wmf(&[old_record(0x0214, &[0; 4])]),
            false,
        ),
        (
            "older, with a picture",
            wmf(&[old_text(0, 0, "010160-1234"), old_record(0x0F43, &[0; 60])]),
            true,
        ),
        (
            "older, cut off",
            wmf(&[old_text(0, 0, "010160-1234")])[..42].to_vec(),
            true,
        ),
    ] {
        let extract = read(&file);
        assert_eq!(all_text(&extract).contains("010160-1234"), found, "{what}");
        assert_eq!(gaps(&extract), [UNREAD], "{what}");
    }
}

#[test]
fn metafiles_are_read_wherever_they_stand() {
    let file = drawn("0101", "60-1234");
    let old = wmf(&[old_text(0, 5, "010160-1234")]);
    let hex = |octets: &[u8]| {
        octets.iter().fold(String::new(), |mut all, octet| {
            let _ = write!(all, "{octet:02x}");
            all
        })
    };
    let in_word = |name: &str, file: &[u8]| {
        Document::new()
            .typed(
                "word/document.xml",
                &format!("{WORD}document.main+xml"),
                "<w:document><w:body><w:p><w:t>Et helt almindeligt brev.</w:t></w:p></w:body></w:document>",
            )
            .part(name, file)
            .ooxml()
    };
    let mut raw = b"{\\rtf1 Brev {\\pict\\emfblip\\picw9000\\pich9000\\bin".to_vec();
    raw.extend(file.len().to_string().bytes());
    raw.push(b' ');
    raw.extend(&file);
    raw.extend(b"}}");
    let presented = [
        words(&[-1, 14, 4, 1, -1, 0, 0, 9, 9, file.len() as i32]),
        file.clone(),
    ]
    .concat();
    let native = super::outlook::native("a.txt", b"Fil");
    let picture = blip(0x3D40, 0xF01A, 16, &file);
    let old_picture = blip(0x2170, 0xF01B, 32, &old);
    for (what, bytes) in [
        ("a text document", in_word("word/media/image1.emf", &file)),
        (
            "a text document, older",
            in_word("word/media/image1.wmf", &old),
        ),
        (
            "a small image of a document",
            in_word("docProps/thumbnail.emf", &file),
        ),
        (
            "rich text",
            format!(
                "{{\\rtf1 Brev {{\\pict\\emfblip\\picw9000\\pich9000 {}}}}}",
                hex(&file)
            )
            .into_bytes(),
        ),
        (
            "rich text, older",
            format!(
                "{{\\rtf1 Brev {{\\*\\shppict{{\\pict\\wmetafile8\\picw9000\\pich9000 {}}}}}}}",
                hex(&old)
            )
            .into_bytes(),
        ),
        ("rich text, as octets", raw),
        (
            "what stands for an object",
            Storage::new()
                .stream("\u{1}Ole10Native", &native)
                .stream("\u{2}OlePres000", &presented)
                .file(),
        ),
        (
            "what stands for an object, older",
            Storage::new()
                .stream("\u{1}Ole10Native", &native)
                .stream("\u{3}META", [&[0; 8][..], &old].concat())
                .file(),
        ),
        (
            "a workbook",
            workbook(&[
                label(0, 0, "En celle med mange bogstaver"),
                (0x00EB, picture.clone()),
            ]),
        ),
        (
            "pictures of a presentation",
            Storage::new()
                .stream("\u{1}Ole10Native", &native)
                .stream("Pictures", &picture)
                .file(),
        ),
        (
            "data of a text document",
            Storage::new()
                .stream("\u{1}Ole10Native", &native)
                .stream("Data", &old_picture)
                .file(),
        ),
    ] {
        let extract = read(&bytes);
        assert!(
            all_text(&extract).contains("010160-1234"),
            "{what}: {}",
            all_text(&extract)
        );
        assert_eq!(gaps(&extract), [], "{what}");
    }
    let logo = emf(&[record(81, &[0; 80])]);
    assert_eq!(gaps(&read(&in_word("word/media/image1.emf", &logo))), []);
    let rich = format!(
        "{{\\rtf1 Brev {{\\pict\\emfblip\\picw9000\\pich9000 {}}}}}",
        hex(&logo)
    );
    assert_eq!(gaps(&read(rich.as_bytes())), [UNREAD]);
    assert_eq!(gaps(&read(&docx(""))), []);
}

/// A metafile among the pictures of an old document: behind sums and sizes, packed.
fn blip(instance: u16, kind: u16, sums: usize, file: &[u8]) -> Vec<u8> {
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::default());
    packed.write_all(file).unwrap();
    let packed = packed.finish().unwrap();
    let mut all = [instance.to_le_bytes(), kind.to_le_bytes()].concat();
    all.extend((sums as u32 + 34 + packed.len() as u32).to_le_bytes());
    all.extend(vec![7; sums]);
    all.extend(words(&[
        file.len() as i32,
        0,
        0,
        9,
        9,
        9,
        9,
        packed.len() as i32,
    ]));
    all.extend([0, 0xFE]);
    all.extend(packed);
    all
}

#[test]
fn texts_that_lie_over_one_another_are_not_all_read() {
    let count = 2_000;
    let one = words(&[0, 5, 4_000, 40, 0, 0, 0, 0, 0, 0]);
    let head = words(&[0, 0, -1, -1, 1, 0, 0, count]);
    let many = record(97, &[head, one.repeat(count as usize)].concat());
    let extract = read(&emf(&[run(84, 0, 5, "010160-1234", 10), many]));
    let text: usize = extract.texts.iter().map(|text| text.text.len()).sum();
    assert!(text < 1 << 20, "{text}");
    assert!(all_text(&extract).contains("010160-1234"));
    assert_eq!(gaps(&extract), [UNREAD]);
}

#[test]
fn a_drawing_of_more_text_than_lines_are_made_of_at_once_is_a_gap() {
    let filler: Vec<u8> = (0..40)
        .flat_map(|n| run(83, 50, 500 + n, &"x".repeat(30_000), 1))
        .collect();
    let file = emf(&[
        run(84, 0, 5, "0101", 10),
        filler,
        run(84, 40, 5, "60-1234", 10),
    ]);
    assert_eq!(
        gaps(&read(&file)),
        [(Reason::Limit, "drawing: too much text")]
    );
}

#[test]
fn a_picture_of_a_workbook_goes_on_over_records() {
    let mut state = 1_u32;
    let noise = std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    });
    let noise: Vec<u8> = noise.take(20_000).collect();
    let file = emf(&[record(9_999, &noise), run(84, 0, 5, "010160-1234", 10)]);
    let whole = blip(0x3D40, 0xF01A, 16, &file);
    let read = |picture: &[u8]| {
        let mut records = vec![label(0, 0, "En celle med mange bogstaver")];
        let kinds = [0x00EB, 0x00EB, 0x003C];
        let pieces = picture.chunks(8_224).map(<[u8]>::to_vec);
        records.extend(kinds.into_iter().zip(pieces));
        assert!(stream(&records).len() > picture.len());
        read(&workbook(&records))
    };
    let extract = read(&whole);
    assert_eq!(text_at(&extract, "010160-1234"), "fil drawing");
    assert_eq!(gaps(&extract), []);
    let mut broken = whole.clone();
    broken[10_000..10_400].fill(0xFF);
    for picture in [&broken[..], &whole[..10_000]] {
        assert_eq!(
            gaps(&read(picture)),
            [(Reason::Damaged, "drawing: damaged")]
        );
    }
}

#[test]
fn a_packed_metafile_that_is_a_bomb_meets_the_limit() {
    let mut file = drawn("0101", "60-1234");
    file.truncate(file.len() - 20);
    file.resize(32 << 20, 0);
    let bytes = Storage::new()
        .stream("\u{1}Ole10Native", super::outlook::native("a.txt", b"Fil"))
        .stream("Pictures", blip(0x3D40, 0xF01A, 16, &file))
        .file();
    let limits = ReadLimits {
        entry: 1 << 20,
        ..ReadLimits::default()
    };
    let extract = read_within(&bytes, &limits);
    assert!(all_text(&extract).contains("010160-1234"));
    assert_eq!(gaps(&extract), [(Reason::Limit, "entry")]);
}
