//! Documents of Word, Excel and PowerPoint 97 to 2003.
//!
//! The three fixtures were written by LibreOffice 7.4 from flat ODF with a number planted in each place; the numbers
//! run on, so that a place the converter drops is known. Of the presentation only the streams that are read were
//! kept. What LibreOffice does not write, is built here.
#![expect(clippy::cast_possible_truncation, reason = "the documents are small")]
#![expect(clippy::indexing_slicing, reason = "a failed test is a panic")]

use std::fs;
use std::io::Write as _;
use std::path::Path;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use sluse::extract::Reason;
use sluse::limits::ReadLimits;

use super::binary_workbook::{label, stream, workbook};
use super::built::{Document, WORD};
use super::built_compound::Storage;
use super::outlook::{native, wide};
use super::{all_text, gaps, read, read_within, text_at};

pub(super) fn fixture(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/office/fixtures");
    fs::read(folder.join(name)).unwrap()
}

/// What was planted, and where it is to be found.
const WORD_PLACES: &[(&str, &str)] = &[
    ("010150-1001", "fil document properties"),
    ("020150-1002", "fil document properties"),
    ("030150-1003", "fil document properties"),
    ("040150-1004", "fil document properties"),
    ("Journal CPR: 050150-1005", "fil document properties"),
    ("060150-1006", "fil page header"),
    ("070150-1007", "fil page header"),
    // Who made a change, and what was deleted, hidden and inserted.
    ("080150-1008", "fil settings"),
    ("090150-1009", "fil hidden or changed text"),
    ("100150-1010", "fil"),
    ("110150-1011", "fil"),
    ("1101XYZ50-1011", "fil hidden or changed text"),
    ("120150-1012", "fil"),
    ("130150-1013", "fil hidden or changed text"),
    ("140150-1014", "fil footnote"),
    ("150150-1015", "fil endnote"),
    // The author of a comment, and the comment.
    ("160150-1016", "fil settings"),
    ("170150-1017", "fil comment"),
    // A link.
    ("180150-1018", "fil field"),
    ("190150-1019", "fil text box"),
    ("220150-1022", "fil text box"),
    // A bookmark.
    ("230150-1023", "fil settings"),
    // A table, with an empty cell.
    (
        "Navn\tCPR\tOrdre\t\nIda\t2401501024\t1\t\nBo\t\t2501501025\t\n",
        "fil",
    ),
    ("260150-1026", "fil"),
];

const SHEET_PLACES: &[(&str, &str)] = &[
    ("010150-2001", "fil document properties"),
    ("Journal CPR: 020150-2002", "fil document properties"),
    ("030150-2003", "fil sheet settings"),
    ("040150-2004", "fil sheet settings"),
    // Values that are allowed, and the help for them.
    ("050150-2005", "fil sheet settings"),
    ("060150-2006", "fil sheet settings"),
    (
        "Navn\tCPR\tDato",
        "fil Ark \u{2022}\u{2022}\u{2022}\u{2022}\u{2022}\u{2022}-\u{2022}\u{2022}\u{2022}\u{2022}!A1",
    ),
    // A number whose format gives its zero back; the name of the sheet is masked.
    (
        "080150-2008",
        "fil Ark \u{2022}\u{2022}\u{2022}\u{2022}\u{2022}\u{2022}-\u{2022}\u{2022}\u{2022}\u{2022}!B2",
    ),
    (
        "15-03-2023",
        "fil Ark \u{2022}\u{2022}\u{2022}\u{2022}\u{2022}\u{2022}-\u{2022}\u{2022}\u{2022}\u{2022}!C2",
    ),
    (
        "090150-2009",
        "fil Ark \u{2022}\u{2022}\u{2022}\u{2022}\u{2022}\u{2022}-\u{2022}\u{2022}\u{2022}\u{2022}!A3",
    ),
    (
        "1001502010",
        "fil Ark \u{2022}\u{2022}\u{2022}\u{2022}\u{2022}\u{2022}-\u{2022}\u{2022}\u{2022}\u{2022}!B3",
    ),
    (
        "1101502011,5",
        "fil Ark \u{2022}\u{2022}\u{2022}\u{2022}\u{2022}\u{2022}-\u{2022}\u{2022}\u{2022}\u{2022}!C3",
    ),
    // The name of the sheet, and two strings a formula puts together.
    ("070150-2007", "fil sheet settings"),
    ("120150-2012", "fil sheet settings"),
    ("130150-2013", "fil comment or text box"),
    ("140150-2014", "fil sheet settings"),
    ("150150-2015", "fil sheet settings"),
    ("160150-2016", "fil sheet settings"),
    ("170150-2017", "fil comment or text box"),
    // A hidden sheet.
    ("190150-2019", "fil Skjult!A1"),
];

const SLIDE_PLACES: &[(&str, &str)] = &[
    ("030150-3003", "fil page header"),
    ("040150-3004", "fil slide 1"),
    ("050150-3005", "fil slide 1"),
    ("060150-3006", "fil slide 1"),
    ("080150-3008", "fil slide 1"),
    ("090150-3009", "fil comment"),
    ("100150-3010", "fil comment"),
    ("110150-3011", "fil"),
    ("120150-3012", "fil notes"),
    ("1301503013", "fil slide 2"),
];

#[test]
fn every_place_of_a_document_is_read() {
    let mut wrong = Vec::new();
    for (name, places) in [
        ("places.doc", WORD_PLACES),
        ("places.xls", SHEET_PLACES),
        ("places.ppt", SLIDE_PLACES),
    ] {
        let extract = read(&fixture(name));
        assert_eq!(gaps(&extract), [], "{name}");
        for (number, place) in places {
            let found = text_at(&extract, number);
            if found != *place {
                wrong.push(format!("{name}: {number} at {found:?}, not {place:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_document_cut_off_is_a_gap_and_read_as_far_as_it_goes() {
    for (name, number) in [
        ("places.doc", "140150-1014"),
        ("places.xls", "090150-2009"),
        ("places.ppt", "040150-3004"),
    ] {
        let whole = fixture(name);
        // Neither the directory nor the tables are left.
        let extract = read(&whole[..whole.len() * 3 / 5]);
        let text = all_text(&extract);
        assert!(text.contains(number), "{name}: {text}");
        assert!(!gaps(&extract).is_empty(), "{name}");
    }
}

/// A main stream of Word with those flags, and the text at octet 2048.
fn word(magic: u16, flags: u16, text: &[u8]) -> Vec<u8> {
    let mut main = vec![0; 2048];
    main[..2].copy_from_slice(&magic.to_le_bytes());
    main[2..4].copy_from_slice(&0xC1_u16.to_le_bytes());
    main[10..12].copy_from_slice(&flags.to_le_bytes());
    main[0x4C..0x50].copy_from_slice(&(text.len() as u32).to_le_bytes());
    main.extend(text);
    main
}

/// A document whose text is in these pieces: from where in the text, and how long.
fn pieced(text: &[u8], pieces: &[(usize, usize)]) -> Storage {
    let mut main = word(0xA5EC, 4, text);
    let length: usize = pieces.iter().map(|(_, length)| length).sum();
    main[0x4C..0x50].copy_from_slice(&(length as u32).to_le_bytes());
    let mut list = vec![2];
    list.extend((pieces.len() as u32 * 12 + 4).to_le_bytes());
    let mut place = 0_u32;
    for (_, length) in pieces {
        list.extend(place.to_le_bytes());
        place += *length as u32;
    }
    list.extend(place.to_le_bytes());
    for (start, _) in pieces {
        list.extend([0; 2]);
        list.extend(((1 << 30) | ((2048 + start) as u32 * 2)).to_le_bytes());
        list.extend([0; 2]);
    }
    main[0x1A6..0x1AA].copy_from_slice(&(list.len() as u32).to_le_bytes());
    Storage::new()
        .stream("WordDocument", main)
        .stream("0Table", list)
}

#[test]
fn pieces_are_put_together_and_what_a_fast_save_left_is_read() {
    let text = b"50-1234 slut.\rgammelt 020150-1235 tal\rKaldt 0101";
    let extract = read(&pieced(text, &[(38, 10), (0, 14)]).file());
    assert_eq!(gaps(&extract), []);
    assert_eq!(text_at(&extract, "Kaldt 010150-1234 slut."), "fil");
    assert_eq!(text_at(&extract, "020150-1235"), "fil earlier text");
}

#[test]
fn text_that_is_missing_is_a_gap() {
    let extract = read(&pieced(b"kort\r", &[(0, 900)]).file());
    assert_eq!(gaps(&extract), [(Reason::Damaged, "doc: text is missing")]);
}

#[test]
fn pieces_that_overlap_meet_the_limit() {
    let text = [b'a'; 100_000];
    let limits = ReadLimits {
        text: 1 << 20,
        ..ReadLimits::default()
    };
    let file = pieced(&text, &[(0, 100_000); 200]).file();
    let extract = read_within(&file, &limits);
    assert!(gaps(&extract).contains(&(Reason::Limit, "text")));
}

#[test]
fn encrypted_documents_are_gaps_of_their_own() {
    let encrypted = [(Reason::Encrypted, "office: encrypted")];
    let word = Storage::new().stream("WordDocument", word(0xA5EC, 0x0100, b"010150-1234"));
    assert_eq!(gaps(&read(&word.file())), encrypted);
    let book = workbook(&[(0x2F, vec![0; 6])]);
    assert_eq!(gaps(&read(&book)), encrypted);
    let mut user = vec![0; 20];
    user[12..16].copy_from_slice(&0xF3D1_C4DF_u32.to_le_bytes());
    let show = Storage::new()
        .stream("Current User", user)
        .stream("PowerPoint Document", record(0x0FA0, false, &[1; 20]));
    assert_eq!(gaps(&read(&show.file())), encrypted);
    let packed = Storage::new().stream("EncryptedPackage", [7; 100]);
    assert_eq!(gaps(&read(&packed.file())), encrypted);
}

#[test]
fn older_documents_are_swept() {
    let old = Storage::new().stream("WordDocument", word(0xA5DC, 0, b"Word 6: 010150-1234"));
    let extract = read(&old.file());
    assert!(all_text(&extract).contains("010150-1234"));
    assert_eq!(
        gaps(&extract),
        [(Reason::Unsupported, "doc: older than Word 97")]
    );
}

#[test]
fn embedded_objects_are_files_of_their_own() {
    let records = stream(&[
        (0x0809, vec![0, 6, 16, 0]),
        label(0, 0, "Regneark 010150-1234"),
    ]);
    let book = Storage::new().stream("Workbook", records);
    let file = Storage::new().stream("\u{1}Ole10Native", native("fil.txt", b"Fil 020150-1235"));
    let package = Storage::new().stream(
        "Package",
        Document::new()
            .typed(
                "word/document.xml",
                &format!("{WORD}document.main+xml"),
                "<w:document><w:p><w:r><w:t>Pakke 030150-1236</w:t></w:r></w:p></w:document>",
            )
            .ooxml(),
    );
    let pool = Storage::new()
        .storage("_1203501111", book)
        .storage("_1203501112", file)
        .storage("_1203501113", package);
    let document = pieced(b"Et dokument med objekter.\r", &[(0, 26)]).storage("ObjectPool", pool);
    let extract = read(&document.file());
    let text = all_text(&extract);
    for number in ["010150-1234", "020150-1235", "030150-1236"] {
        assert!(text.contains(number), "{number} in {text}");
    }
    assert!(
        !text.contains("1203501111"),
        "the name of a storage is nobody's number"
    );
    assert_eq!(gaps(&extract), []);
}

#[test]
fn objects_in_rich_text_are_files_of_their_own() {
    let mut object = b"\x01\x05\0\0\x02\0\0\0\x08\0\0\0Package\0\0\0\0\0\0\0\0\0".to_vec();
    object.extend(native("fil.txt", b"Fil 010150-1234"));
    let digits: String = object.iter().map(|octet| format!("{octet:02x}")).collect();
    let (half, rest) = digits.split_at(40);
    let rich =
        |digits: &str| format!("{{\\rtf1 tekst{{\\object\\objemb{{\\*\\objdata {digits}}}}}}}");
    let extract = read(rich(&format!("{half}\r\n{rest}")).as_bytes());
    assert_eq!(text_at(&extract, "010150-1234"), "fil!fil.txt");
    assert_eq!(gaps(&extract), []);
    let extract = read(rich("01050000").as_bytes());
    assert_eq!(
        gaps(&extract),
        [(Reason::Unsupported, "rtf: embedded object")]
    );
}

#[test]
fn a_document_whose_stream_is_empty_is_a_gap() {
    for (name, detail) in [
        ("WordDocument", "doc: damaged"),
        ("Workbook", "xls: damaged"),
        ("PowerPoint Document", "ppt: damaged"),
    ] {
        let extract = read(&Storage::new().stream(name, []).file());
        assert_eq!(gaps(&extract), [(Reason::Damaged, detail)]);
    }
}

#[test]
fn objects_of_unknown_programs_are_gaps_and_swept() {
    let file = Storage::new().stream(
        "CONTENTS",
        b"\0\x01\x02\x03\xFF\xFE\x01\x02 010150-1234 \0\x01\x02\x03\x04",
    );
    let extract = read(&file.file());
    assert!(all_text(&extract).contains("010150-1234"));
    assert_eq!(gaps(&extract), [(Reason::Unsupported, "ole: not read")]);
}

/// A record of a presentation.
fn record(kind: u16, container: bool, octets: &[u8]) -> Vec<u8> {
    instance(kind, 0, container, octets)
}

fn instance(kind: u16, instance: u16, container: bool, octets: &[u8]) -> Vec<u8> {
    let head = (instance << 4) | if container { 15 } else { 0 };
    let mut all = head.to_le_bytes().to_vec();
    all.extend(kind.to_le_bytes());
    all.extend((octets.len() as u32).to_le_bytes());
    all.extend(octets);
    all
}

#[test]
fn slides_are_numbered_as_shown_and_earlier_ones_are_read() {
    let slide = |text: &str| record(0x03EE, true, &record(0x0FA0, false, &wide(text)));
    let announced = |number: u32| {
        record(
            0x03F3,
            false,
            &[&number.to_le_bytes()[..], &[0; 16]].concat(),
        )
    };
    let list = instance(0x0FF0, 0, true, &[announced(5), announced(4)].concat());
    let mut stream = record(0x03E8, true, &list);
    let mut places = Vec::new();
    for text in [
        "Tidligere 010150-1234",
        "Anden 020150-1235",
        "F\u{F8}rste 030150-1236",
    ] {
        places.push(stream.len() as u32);
        stream.extend(slide(text));
    }
    let mut directory = ((2 << 20) | 4_u32).to_le_bytes().to_vec();
    directory.extend(places[1].to_le_bytes());
    directory.extend(places[2].to_le_bytes());
    stream.extend(record(0x1772, false, &directory));
    let object = Storage::new().stream("\u{1}Ole10Native", native("x.txt", b"Objekt 040150-1237"));
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::default());
    let object = object.file();
    packed.write_all(&object).unwrap();
    let mut octets = (object.len() as u32).to_le_bytes().to_vec();
    octets.extend(packed.finish().unwrap());
    stream.extend(instance(0x1011, 1, false, &octets));
    let extract = read(&Storage::new().stream("PowerPoint Document", stream).file());
    assert_eq!(gaps(&extract), []);
    assert_eq!(text_at(&extract, "010150-1234"), "fil earlier slide");
    assert_eq!(text_at(&extract, "020150-1235"), "fil slide 2");
    assert_eq!(text_at(&extract, "030150-1236"), "fil slide 1");
    assert_eq!(text_at(&extract, "040150-1237"), "fil!x.txt");
}

/// A stream of macros, kept as it is.
fn module(source: &str) -> Vec<u8> {
    let mut all = b"what was compiled".to_vec();
    all.push(1);
    let mut chunk = Vec::new();
    for eight in source.as_bytes().chunks(8) {
        chunk.push(0);
        chunk.extend(eight);
    }
    all.extend((0xB000 | (chunk.len() as u16 - 1)).to_le_bytes());
    all.extend(chunk);
    all
}

#[test]
fn macros_are_read_as_they_were_written() {
    let source = "Attribute VB_Name = \"Modul1\"\r\nSub Send()\r\n ' CPR 010150-1234 skal med\r\nEnd Sub\r\n";
    let project = Storage::new()
        .storage(
            "VBA",
            Storage::new()
                .stream("dir", [&[1, 3, 0xB0][..], &[0; 4]].concat())
                .stream("_VBA_PROJECT", [0xCC, 0x61])
                .stream("Modul1", module(source)),
        )
        .stream("PROJECT", "ID=\"{0}\"\r\nModule=Modul1\r\n")
        .file();
    let document = Document::new()
        .typed(
            "word/document.xml",
            &format!("{WORD}document.main+xml"),
            "<w:document><w:p><w:r><w:t>Et dokument med makroer</w:t></w:r></w:p></w:document>",
        )
        .part("word/vbaProject.bin", project)
        .ooxml();
    let extract = read(&document);
    assert_eq!(text_at(&extract, "010150-1234"), "fil!vbaProject.bin macro");
    assert_eq!(gaps(&extract), []);
}

#[test]
fn macros_without_their_source_are_a_gap() {
    let project = Storage::new().storage(
        "VBA",
        Storage::new()
            .stream("dir", [&[1, 3, 0xB0][..], &[0; 4]].concat())
            .stream("_VBA_PROJECT", [0xCC, 0x61])
            .stream("Modul1", b"\x01\x16\x03 only what was compiled"),
    );
    assert_eq!(
        gaps(&read(&project.file())),
        [(Reason::Unsupported, "macro: source not found")]
    );
}

#[test]
fn chains_and_directories_in_a_circle_end() {
    let mut file = pieced(b"Et dokument.\r", &[(0, 13)]).file();
    // The table of sectors is the last sector: let each sector follow itself.
    let table = file.len() - 512;
    for (number, entry) in file[table..].chunks_exact_mut(4).enumerate() {
        entry.copy_from_slice(&(number as u32).to_le_bytes());
    }
    let _ = read(&file);
    let mut file = fixture("places.doc");
    let directory = (u32::from_le_bytes(file[48..52].try_into().unwrap()) as usize + 1) << 9;
    for entry in 0..4 {
        for link in [68, 72, 76] {
            let at = directory + entry * 128 + link;
            file[at..at + 4].copy_from_slice(&(entry as u32 / 2).to_le_bytes());
        }
    }
    let extract = read(&file);
    // The directory has lost its streams; they are found all the same.
    assert_eq!(text_at(&extract, "100150-1010"), "fil");
    // Without a root there is no telling what is what.
    file[directory + 66] = 0;
    let extract = read(&file);
    assert_eq!(text_at(&extract, "140150-1014"), "fil damaged file");
    assert_eq!(gaps(&extract), [(Reason::Damaged, "ole: damaged")]);
}

#[test]
fn a_picture_alone_is_a_gap() {
    let show = Storage::new()
        .stream("PowerPoint Document", record(0x0FA0, false, &wide("x")))
        .stream("Pictures", [9; 5000]);
    assert_eq!(
        gaps(&read(&show.file())),
        [(Reason::Unsupported, "office: no text, only pictures")]
    );
}

#[test]
fn a_stream_of_a_message_hides_no_document() {
    for name in ["__properties_version1.0", "__nameid_version1.0"] {
        let file = Storage::new()
            .stream("Data", wide("Cpr 110290-1234"))
            .stream("odd", wide("Cpr 120290-1234"))
            .stream(name, [0; 32])
            .file();
        let text = all_text(&read(&file));
        for number in ["110290-1234", "120290-1234"] {
            assert!(text.contains(number), "{name}: {text}");
        }
    }
}

#[test]
fn properties_that_share_a_blank_value_end_at_a_gap() {
    const MANY: u32 = 1000;
    let place = 8 + MANY * 8;
    let mut set = Vec::new();
    set.extend([0, MANY].map(u32::to_le_bytes).concat());
    for id in 2..MANY + 2 {
        set.extend([id, place].map(u32::to_le_bytes).concat());
    }
    set.extend([0x1E, 4096].map(u32::to_le_bytes).concat());
    set.extend([b' '; 4096]);
    let mut stream = vec![0; 24];
    stream.extend(1_u32.to_le_bytes());
    stream.extend([0; 16]);
    stream.extend(48_u32.to_le_bytes());
    stream.extend(set);
    let file = Storage::new()
        .stream("\u{5}SummaryInformation", stream)
        .file();
    let extract = read(&file);
    let found = gaps(&extract);
    assert!(
        found.contains(&(Reason::Damaged, "properties: damaged")),
        "{found:?}"
    );
}
