//! Workbooks in the binary forms: the cells of Excel 5 to 2003, and of xlsb.
#![expect(clippy::cast_possible_truncation, reason = "the documents are small")]

use sluse::extract::Reason;
use sluse::limits::ReadLimits;

use super::built::Document;
use super::built_compound::Storage;
use super::outlook::wide;
use super::{all_text, gaps, read, read_within, text_at};

/// A record: what it is and what it holds.
pub(super) type Record = (u16, Vec<u8>);

/// A stream of records.
pub(super) fn stream(records: &[Record]) -> Vec<u8> {
    let mut all = Vec::new();
    for (kind, octets) in records {
        all.extend(kind.to_le_bytes());
        all.extend((octets.len() as u16).to_le_bytes());
        all.extend(octets);
    }
    all
}

/// A workbook of Excel 97 with one sheet of these records.
pub(super) fn workbook(records: &[Record]) -> Vec<u8> {
    let begin = (0x0809, vec![0, 6, 16, 0, 0, 0, 0, 0]);
    let all: Vec<Record> = [begin].into_iter().chain(records.iter().cloned()).collect();
    Storage::new().stream("Workbook", stream(&all)).file()
}

/// A cell at a row and column, with a style.
pub(super) fn cell(kind: u16, row: u16, column: u16, style: u16, value: &[u8]) -> Record {
    let mut octets: Vec<u8> = [row, column, style]
        .iter()
        .flat_map(|n| n.to_le_bytes())
        .collect();
    octets.extend(value);
    (kind, octets)
}

/// A cell of text.
pub(super) fn label(row: u16, column: u16, text: &str) -> Record {
    cell(0x0204, row, column, 0, &string(text))
}

/// A string behind its length and width.
fn string(text: &str) -> Vec<u8> {
    let mut octets = (text.encode_utf16().count() as u16).to_le_bytes().to_vec();
    octets.push(1);
    octets.extend(wide(text));
    octets
}

#[test]
fn numbers_are_read_as_shown() {
    let format = (
        0x041E,
        [&164_u16.to_le_bytes()[..], &string("000000\\-0000")].concat(),
    );
    let styles = [0_u16, 164, 14].map(|id| (0x00E0, [[0; 2], id.to_le_bytes()].concat()));
    let mut records = vec![format];
    records.extend(styles);
    records.extend([
        label(0, 0, "CPR"),
        label(0, 2, "Dato"),
        cell(0x0203, 1, 0, 1, &101_501_234_f64.to_le_bytes()),
        cell(0x027E, 1, 1, 0, &(101_501_235_u32 << 2 | 2).to_le_bytes()),
        cell(0x027E, 1, 2, 2, &(45_000_u32 << 2 | 2).to_le_bytes()),
        // Two numbers in one record, and the last column behind them.
        (0x00BD, {
            let mut octets = vec![2, 0, 0, 0];
            for (style, number) in [(1_u16, 101_501_236_u32), (0, 7)] {
                octets.extend(style.to_le_bytes());
                octets.extend((number << 2 | 2).to_le_bytes());
            }
            octets.extend([1, 0]);
            octets
        }),
        // A formula that came to a string, which follows.
        cell(
            0x0006,
            3,
            1,
            0,
            &[&[0, 0, 0, 0, 0, 0, 0xFF, 0xFF][..], &[0; 8]].concat(),
        ),
        (0x0207, string("020150-1237")),
    ]);
    let extract = read(&workbook(&records));
    assert_eq!(gaps(&extract), []);
    assert!(
        all_text(&extract).starts_with(
            "CPR\t\tDato\n010150-1234\t101501235\t15-03-2023\n010150-1236\t7\n\t020150-1237"
        ),
        "{}",
        all_text(&extract)
    );
    assert_eq!(text_at(&extract, "010150-1236"), "fil !A3");
}

#[test]
fn shared_strings_go_on_over_records() {
    let mut first = vec![0; 4];
    first.extend(3_u32.to_le_bytes());
    first.extend([5, 0, 0]);
    first.extend(b"abcde");
    // A string with two runs of looks and a spoken form, cut off after four characters; the rest is wide.
    first.extend([11, 0, 0x0C, 2, 0, 6, 0, 0, 0]);
    first.extend(b"0101");
    let mut second = vec![1];
    second.extend(wide("50-1234"));
    second.extend([9; 8 + 3]);
    let mut third = vec![9; 3];
    third.extend([11, 0, 0]);
    third.extend(b"020150-1235");
    let shared = |row: u16, number: u32| cell(0x00FD, row, 0, 0, &number.to_le_bytes());
    let records = [
        (0x00FC, first),
        (0x003C, second),
        (0x003C, third),
        shared(0, 1),
        shared(1, 0),
    ];
    let extract = read(&workbook(&records));
    assert_eq!(gaps(&extract), []);
    assert_eq!(text_at(&extract, "010150-1234"), "fil !A1");
    assert_eq!(text_at(&extract, "abcde"), "fil !A2");
    assert_eq!(text_at(&extract, "020150-1235"), "fil shared strings");
}

#[test]
fn shared_strings_that_are_not_there_are_a_gap() {
    let claimed = [&[0; 4][..], &u32::MAX.to_le_bytes(), &[1, 0, 0, b'a']].concat();
    let extract = read(&workbook(&[(0x00FC, claimed)]));
    assert_eq!(gaps(&extract), [(Reason::Damaged, "xls: damaged")]);
}

#[test]
fn workbooks_of_excel_5_are_read() {
    let text = b"\x0E\0bl\xE5 010150-1234";
    let records = [
        (0x0809, vec![0, 5, 16, 0, 0, 0, 0, 0]),
        (0x0042, vec![0xE4, 4]),
        cell(0x0204, 0, 0, 0, &[&[15, 0][..], &text[2..]].concat()),
        (0x001C, [&[0; 4][..], b"\x0D\0note 020150-1235"].concat()),
    ];
    let extract = read(&Storage::new().stream("Book", stream(&records)).file());
    assert_eq!(text_at(&extract, "bl\u{E5} 010150-1234"), "fil !A1");
    assert_eq!(text_at(&extract, "020150-1235"), "fil sheet settings");
    assert_eq!(gaps(&extract), []);
}

#[test]
fn a_workbook_that_breaks_off_is_swept() {
    let mut records = stream(&[(0x0809, vec![0, 6, 16, 0]), label(0, 0, "010150-1234")]);
    records.extend([0x04, 0x02, 0xFF, 0x1F, 0, 0, 0, 0]);
    records.extend(b"020150-1235");
    let extract = read(&Storage::new().stream("Workbook", records).file());
    assert_eq!(text_at(&extract, "010150-1234"), "fil !A1");
    assert_eq!(text_at(&extract, "020150-1235"), "fil damaged file");
    assert_eq!(gaps(&extract), [(Reason::Damaged, "xls: damaged")]);
}

/// A part of an xlsb.
fn part(records: &[(u16, Vec<u8>)]) -> Vec<u8> {
    let mut all = Vec::new();
    for (kind, octets) in records {
        if *kind < 0x80 {
            all.push(*kind as u8);
        } else {
            all.extend([(*kind & 0x7F) as u8 | 0x80, (*kind >> 7) as u8]);
        }
        assert!(octets.len() < 0x4000);
        if octets.len() < 0x80 {
            all.push(octets.len() as u8);
        } else {
            all.extend([
                (octets.len() & 0x7F) as u8 | 0x80,
                (octets.len() >> 7) as u8,
            ]);
        }
        all.extend(octets);
    }
    all
}

fn long(text: &str) -> Vec<u8> {
    let mut octets = (text.encode_utf16().count() as u32).to_le_bytes().to_vec();
    octets.extend(wide(text));
    octets
}

/// The beginning of a cell.
fn at(column: u32, style: u32, value: &[u8]) -> Vec<u8> {
    [&column.to_le_bytes()[..], &style.to_le_bytes(), value].concat()
}

/// A workbook in the binary form of today, with a number in each kind of cell.
pub(super) fn xlsb() -> Vec<u8> {
    let book = part(&[
        (131, vec![]),
        (153, vec![0; 8]),
        (
            156,
            [&[0, 0, 0, 0, 1, 0, 0, 0][..], &long("rId1"), &long("Ark1")].concat(),
        ),
        (39, [&[0; 9][..], &long("Navn_030150-1236")].concat()),
        (132, vec![]),
    ]);
    let styles = part(&[
        (278, vec![]),
        (
            44,
            [&164_u16.to_le_bytes()[..], &long("000000\\-0000")].concat(),
        ),
        (617, vec![2, 0, 0, 0]),
        (47, vec![0; 16]),
        (47, [&[0, 0, 164, 0][..], &[0; 12]].concat()),
        (618, vec![]),
        (279, vec![]),
    ]);
    let strings = part(&[
        (159, vec![2, 0, 0, 0, 2, 0, 0, 0]),
        (19, [&[0][..], &long("CPR")].concat()),
        (19, [&[1][..], &long("Delt 040150-1237"), &[0; 12]].concat()),
        (19, [&[0][..], &long("Ubrugt 050150-1238")].concat()),
        (160, vec![]),
    ]);
    let comments = part(&[
        (628, vec![]),
        (637, [&[0][..], &long("Kommentar 130150-1246")].concat()),
    ]);
    let excel = "application/vnd.ms-excel.";
    Document::new()
        .typed(
            "xl/workbook.bin",
            &format!("{excel}sheet.binary.macroEnabled.main"),
            book,
        )
        .typed(
            "xl/worksheets/sheet1.bin",
            &format!("{excel}worksheet"),
            binary_sheet(),
        )
        .typed("xl/styles.bin", &format!("{excel}styles"), styles)
        .typed(
            "xl/sharedStrings.bin",
            &format!("{excel}sharedStrings"),
            strings,
        )
        .typed("xl/comments1.bin", &format!("{excel}comments"), comments)
        .related("xl/workbook.bin", "worksheet", "worksheets/sheet1.bin")
        .ooxml()
}

/// Its sheet.
pub(super) fn binary_sheet() -> Vec<u8> {
    let row = |row: u32| (0, [&row.to_le_bytes()[..], &[0; 13]].concat());
    part(&[
        (129, vec![]),
        (145, vec![]),
        row(0),
        (7, at(0, 0, &0_u32.to_le_bytes())),
        (7, at(1, 0, &1_u32.to_le_bytes())),
        row(1),
        (5, at(0, 1, &101_501_234_f64.to_le_bytes())),
        (2, at(1, 1, &(201_501_235_u32 << 2 | 2).to_le_bytes())),
        (6, at(2, 0, &long("060150-1239"))),
        // The short form of a cell beside it.
        (17, [&[0; 4][..], &long("070150-1240")].concat()),
        row(2),
        (
            8,
            at(
                0,
                0,
                &[&long("080150-1241")[..], &[0; 2], &wide("090150-1242")].concat(),
            ),
        ),
        (
            9,
            at(
                1,
                1,
                &[&1_001_501_243_f64.to_le_bytes()[..], &[0; 2]].concat(),
            ),
        ),
        (
            62,
            at(2, 0, &[&[1][..], &long("110150-1244"), &[0; 8]].concat()),
        ),
        (146, vec![]),
        (479, [&[0; 2][..], &long("Sidehoved 120150-1245")].concat()),
        (130, vec![]),
    ])
}

#[test]
fn every_kind_of_binary_cell_is_read() {
    let extract = read(&xlsb());
    assert_eq!(gaps(&extract), []);
    for (number, place) in [
        (
            "CPR\tDelt 040150-1237\n010150-1234\t020150-1235\t060150-1239\t070150-1240\n",
            "fil Ark1!A1",
        ),
        ("070150-1240", "fil Ark1!D2"),
        ("080150-1241\t100150-1243\t110150-1244", "fil Ark1!A3"),
        ("030150-1236", "fil workbook"),
        ("050150-1238", "fil shared strings"),
        ("090150-1242", "fil sheet settings"),
        ("120150-1245", "fil sheet settings"),
        ("130150-1246", "fil data"),
    ] {
        assert_eq!(
            text_at(&extract, number),
            place,
            "{number:?} in {}",
            all_text(&extract)
        );
    }
}

#[test]
fn binary_cells_that_break_off_are_a_gap_and_swept() {
    let mut sheet = part(&[
        (129, vec![]),
        (0, vec![0; 17]),
        (6, at(0, 0, &long("010150-1234"))),
    ]);
    sheet.extend([6, 0xFF, 0x7F]);
    sheet.extend(wide("020150-1235"));
    let bytes = Document::new()
        .typed(
            "xl/worksheets/sheet1.bin",
            "application/vnd.ms-excel.worksheet",
            sheet,
        )
        .ooxml();
    let extract = read(&bytes);
    assert_eq!(text_at(&extract, "010150-1234"), "fil !A1");
    assert!(all_text(&extract).contains("020150-1235"));
    assert_eq!(gaps(&extract), [(Reason::Damaged, "xlsb: damaged")]);
}

#[test]
fn numbers_of_a_binary_pivot_cache_are_read() {
    let numbers = [201_501_236_f64, 1_201_501_237.0, 1234.0, 0.5];
    let numbers: Vec<u8> = numbers.iter().flat_map(|n| n.to_le_bytes()).collect();
    let definition = part(&[
        (179, vec![0; 12]),
        (
            183,
            [
                &[0, 0][..],
                &164_u32.to_le_bytes(),
                &[0; 14],
                &long("CPR-nummer"),
            ]
            .concat(),
        ),
        (189, vec![0; 6]),
        (21, 101_501_234_f64.to_le_bytes().to_vec()),
        (24, long("020150-1235")),
        (190, vec![]),
        (184, vec![]),
        (180, vec![]),
    ]);
    let records = part(&[
        (193, vec![1, 0, 0, 0]),
        // An index, and then values side by side.
        (
            33,
            [&[7, 0, 0, 0][..], &numbers, &long("050150-1238")].concat(),
        ),
        (34, vec![]),
        (21, 301_501_239_f64.to_le_bytes().to_vec()),
        (194, vec![]),
    ]);
    let excel = "application/vnd.ms-excel.";
    let styles = part(&[
        (278, vec![]),
        (
            44,
            [&164_u16.to_le_bytes()[..], &long("000000\\-0000")].concat(),
        ),
        (279, vec![]),
    ]);
    let bytes = Document::new()
        .typed("xl/styles.bin", &format!("{excel}styles"), styles)
        .typed(
            "xl/pivotCache/pivotCacheDefinition1.bin",
            &format!("{excel}pivotCacheDefinition"),
            definition,
        )
        .typed(
            "xl/pivotCache/pivotCacheRecords1.bin",
            &format!("{excel}pivotCacheRecords"),
            records,
        )
        .ooxml();
    let extract = read(&bytes);
    let text = all_text(&extract);
    for number in [
        "CPR-nummer\n010150-1234\n020150-1235\n",
        "201501236\n",
        "1201501237\n",
        "050150-1238\n",
        "301501239\n",
    ] {
        assert!(text.contains(number), "{number:?} in {text:?}");
    }
    assert_eq!(gaps(&extract), []);
}

#[test]
fn numbers_of_a_pivot_cache_of_excel_97_are_read() {
    let cache = stream(&[
        (0x00C6, vec![0; 20]),
        (0x00C7, [&[0; 14][..], &string("CPR-nummer")].concat()),
        (0x00C9, 1_201_501_237_f64.to_le_bytes().to_vec()),
        (0x00CD, string("020150-1235")),
        (0x00C8, vec![0, 1]),
        (0x000A, vec![]),
    ]);
    let begin = (0x0809, vec![0, 6, 16, 0, 0, 0, 0, 0]);
    let bytes = Storage::new()
        .stream("Workbook", stream(&[begin, label(0, 0, "CPR")]))
        .storage("_SX_DB_CUR", Storage::new().stream("0001", cache))
        .file();
    let extract = read(&bytes);
    assert!(all_text(&extract).contains("1201501237\n020150-1235\n"));
    assert_eq!(text_at(&extract, "1201501237"), "fil pivot table");
    assert_eq!(gaps(&extract), []);
}

/// A workbook of Excel 97 with such a cache in a storage of that name.
fn with_cache(storage: &str, cache: &[Record]) -> Vec<u8> {
    let begin = (0x0809, vec![0, 6, 16, 0, 0, 0, 0, 0]);
    let head = (0x00C6, vec![0; 20]);
    let cache: Vec<Record> = [head].into_iter().chain(cache.iter().cloned()).collect();
    Storage::new()
        .stream("Workbook", stream(&[begin, label(0, 0, "CPR")]))
        .storage(storage, Storage::new().stream("0001", stream(&cache)))
        .file()
}

#[test]
fn what_stands_behind_the_values_of_a_cache_is_read() {
    let number = 1_201_501_237_f64.to_le_bytes();
    let bytes = with_cache(
        "_SX_DB_CUR",
        &[
            (0x00C9, [&number[..], b"030150-1238"].concat()),
            (0x003C, b"\x00040150-1239".to_vec()),
            (0x00C9, b"0501501".to_vec()),
            (
                0x00CD,
                [&string("020150-1235")[..], b"\x00060150-1240"].concat(),
            ),
            (0x003C, b"\x00070150-1241".to_vec()),
            // It goes on in the next one.
            (0x00CD, [&[11, 0, 0][..], b"080150"].concat()),
            (0x003C, b"\0-1242".to_vec()),
        ],
    );
    let extract = read(&bytes);
    let text = all_text(&extract);
    for number in [
        "1201501237\n030150-1238\n040150-1239\n0501501\n",
        "020150-1235\n060150-1240\n070150-1241\n",
        "080150-1242\n",
    ] {
        assert!(text.contains(number), "{number:?} in {text:?}");
    }
    let caption = [&101_501_234_f64.to_le_bytes()[..], &long("090150-1243")].concat();
    let text = all_text(&read(&binary_cache(&[(28, caption)])));
    assert!(text.contains("101501234\n090150-1243\n"), "{text:?}");
}

/// A workbook in the binary form of today with the definition of a cache.
fn binary_cache(records: &[Record]) -> Vec<u8> {
    let begin = (179, vec![0; 12]);
    let all: Vec<Record> = [begin].into_iter().chain(records.iter().cloned()).collect();
    Document::new()
        .typed(
            "xl/pivotCache/pivotCacheDefinition1.bin",
            "application/vnd.ms-excel.pivotCacheDefinition",
            part(&all),
        )
        .ooxml()
}

#[test]
fn caches_whose_numbers_are_longer_than_they_are_written_are_read_until_the_limit() {
    let limits = ReadLimits {
        text: 10 << 20,
        ..ReadLimits::default()
    };
    let first = 1_201_501_237_f64.to_le_bytes().to_vec();
    let long = 1e308_f64.to_le_bytes().to_vec();
    let numbers = |kind: u16| {
        let mut records = vec![(kind, first.clone())];
        records.resize(60_000, (kind, long.clone()));
        records
    };
    for bytes in [
        with_cache("_SX_DB_CUR", &numbers(0x00C9)),
        binary_cache(&numbers(21)),
    ] {
        let extract = read_within(&bytes, &limits);
        assert!(all_text(&extract).contains("1201501237\n"));
        assert_eq!(gaps(&extract), [(Reason::Limit, "text")]);
    }
}

#[test]
fn a_file_of_no_known_program_is_not_known_for_what_looks_like_a_cache() {
    let cache = stream(&[(0x00C6, vec![0; 20]), (0x00CD, string("020150-1235"))]);
    for bytes in [
        Storage::new().stream("Noget", &cache).file(),
        Storage::new()
            .storage("_SX_DB_CUR", Storage::new().stream("0001", &cache))
            .file(),
    ] {
        let extract = read(&bytes);
        assert!(all_text(&extract).contains("020150-1235"));
        assert_eq!(gaps(&extract), [(Reason::Unsupported, "ole: not read")]);
    }
}
