//! Messages saved by Outlook, and `winmail.dat`: a number in each place.
#![expect(clippy::cast_possible_truncation, reason = "the documents are small")]

use sluse::extract::Reason;
use sluse::limits::ReadLimits;
use sluse::mime::DefectKind;

use super::built_compound::Storage;
use super::{all_text, gaps, read, read_within, text_at};

const TEXT: u16 = 0x1F;
const NARROW: u16 = 0x1E;
const BINARY: u16 = 0x102;

pub(super) fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// Adds a property that is a stream.
fn property(storage: Storage, id: u16, kind: u16, value: impl AsRef<[u8]>) -> Storage {
    storage.stream(&format!("__substg1.0_{id:04X}{kind:04X}"), value)
}

/// Adds the stream of the properties that are numbers.
fn numbers(storage: Storage, header: usize, numbers: &[(u16, u32)]) -> Storage {
    let mut octets = vec![0; header];
    for (id, number) in numbers {
        octets.extend(3_u16.to_le_bytes());
        octets.extend(id.to_le_bytes());
        octets.extend(6_u32.to_le_bytes());
        octets.extend(number.to_le_bytes());
        octets.extend([0; 4]);
    }
    storage.stream("__properties_version1.0", octets)
}

/// Rich text packed without copies.
fn packed(rich: &[u8]) -> Vec<u8> {
    let mut octets = Vec::new();
    for eight in rich.chunks(8) {
        octets.push(0);
        octets.extend(eight);
    }
    // A copy from where it is written ends the text.
    let end = (207 + rich.len()) % 4096;
    let token = (end as u16) << 4;
    if rich.len().is_multiple_of(8) {
        octets.push(1);
        octets.extend(token.to_be_bytes());
    }
    let mut all = Vec::new();
    all.extend((octets.len() as u32 + 12).to_le_bytes());
    all.extend((rich.len() as u32).to_le_bytes());
    all.extend(b"LZFu\0\0\0\0");
    all.extend(octets);
    all
}

const RICH: &[u8] = b"{\\rtf1\\ansi\\ansicpg1252\\fromhtml1 {\\*\\htmltag64 <p>}br\\'f8d 0901\\htmlrtf {\\b\\htmlrtf0\
{\\*\\htmltag84 <b>}50\\htmlrtf }\\htmlrtf0{\\*\\htmltag92 </b>}-4009\\htmlrtf 160150-4016\\htmlrtf0{\\*\\htmltag84 <a \
href=\"https://x.example/?c=170150-4017\">}link{\\*\\htmltag92 </a>}\\par}";

/// A message with a number in each place, from 4001 to 4018.
pub(super) fn message() -> Vec<u8> {
    let name = wide("Journal CPR");
    let mut names = (name.len() as u32).to_le_bytes().to_vec();
    names.extend(&name);
    names.extend([0; 2]);
    let named = Storage::new()
        .stream("__substg1.0_00020102", [0; 16])
        .stream("__substg1.0_00030102", [0, 0, 0, 0, 7, 0, 0, 0])
        .stream("__substg1.0_00040102", names);
    let recipient = property(Storage::new(), 0x3001, TEXT, wide("Modtager 080150-4008"));
    let file = property(Storage::new(), 0x3707, TEXT, wide("liste 110150-4011.csv"));
    let file = property(file, 0x3704, TEXT, wide("LISTE1~1.CSV"));
    let file = property(file, 0x3701, BINARY, "Navn;CPR\r\nIda;120150-4012\r\n");
    let innermost = property(Storage::new(), 0x3701, BINARY, "Inderst 150150-4015");
    let inner = property(Storage::new(), 0x0037, TEXT, wide("Indre 130150-4013"));
    let inner = property(inner, 0x1000, TEXT, wide("Indre tekst 140150-4014"));
    let inner = numbers(inner, 24, &[]).storage("__attach_version1.0_#00000000", innermost);
    let attached = property(Storage::new(), 0x3001, TEXT, wide("Videresendt"));
    let attached = attached.storage("__substg1.0_3701000D", inner);
    let object = Storage::new().stream(
        "\u{1}Ole10Native",
        native("note.txt", b"Objekt 180150-4018"),
    );
    let object = Storage::new().storage("__substg1.0_3701000D", object);
    let root = property(Storage::new(), 0x0037, TEXT, wide("Emne 010150-4001"));
    let root = property(root, 0x0070, TEXT, wide("Emne 010150-4001"));
    let root = property(root, 0x0C1A, TEXT, wide("Afsender 020150-4002"));
    let root = property(root, 0x0E04, NARROW, b"Til bl\xE5b\xE6r 030150-4003");
    let root = property(root, 0x1000, TEXT, wide("K\u{E6}re\r\nTekst 040150-4004"));
    let root = property(root, 0x1013, BINARY, "<p>HTML <b>0501</b>50-4005 bl\u{E5}");
    let root = property(root, 0x1009, BINARY, packed(RICH));
    let root = property(root, 0x8000, TEXT, wide("060150-4006"));
    let root = property(root, 0x007D, TEXT, wide("X-Sag: 070150-4007\r\n"));
    let root = root.stream("__substg1.0_8001101F-00000000", wide("100150-4010"));
    numbers(root, 32, &[(0x3FDE, 65001), (0x3FFD, 1252)])
        .storage("__nameid_version1.0", named)
        .storage("__recip_version1.0_#00000000", recipient)
        .storage("__attach_version1.0_#00000000", file)
        .storage("__attach_version1.0_#00000001", attached)
        .storage("__attach_version1.0_#00000002", object)
        .file()
}

/// A file as the Packager embeds it.
pub(super) fn native(name: &str, file: &[u8]) -> Vec<u8> {
    let mut packed = vec![2, 0];
    for _ in 0..2 {
        packed.extend(name.as_bytes());
        packed.push(0);
    }
    packed.extend([0, 0, 3, 0]);
    packed.extend((name.len() as u32 + 1).to_le_bytes());
    packed.extend(name.as_bytes());
    packed.push(0);
    packed.extend((file.len() as u32).to_le_bytes());
    packed.extend(file);
    let mut all = (packed.len() as u32).to_le_bytes().to_vec();
    all.extend(packed);
    all
}

#[test]
fn every_place_of_a_message_is_read() {
    let extract = read(&message());
    let text = all_text(&extract);
    for number in 4001..=4018 {
        let told = text.matches(&format!("50-{number}")).count();
        assert!(told > 0, "{number} in {text}");
    }
    assert_eq!(gaps(&extract), []);
    assert!(text.contains("Journal CPR: 060150-4006"), "{text}");
    assert!(text.contains("bl\u{E5}b\u{E6}r 030150-4003"), "{text}");
    assert!(text.contains("br\u{F8}d 090150-4009"), "{text}");
    for (number, place) in [
        ("010150-4001", "fil subject"),
        ("020150-4002", "fil from"),
        ("080150-4008", "fil to"),
        (
            "120150-4012",
            "fil!liste \u{2022}\u{2022}\u{2022}\u{2022}\u{2022}\u{2022}-\u{2022}\u{2022}\u{2022}\u{2022}.csv",
        ),
        ("140150-4014", "fil!Videresendt"),
        ("180150-4018", "fil!note.txt"),
    ] {
        assert_eq!(text_at(&extract, number), place);
    }
}

#[test]
fn a_subject_is_told_once() {
    let text = all_text(&read(&message()));
    assert_eq!(text.matches("010150-4001").count(), 1, "{text}");
}

#[test]
fn messages_in_messages_meet_the_limit_of_depth() {
    let mut inner = property(Storage::new(), 0x1000, TEXT, wide("inderst"));
    for _ in 0..40 {
        let attached = Storage::new().storage("__substg1.0_3701000D", numbers(inner, 24, &[]));
        inner = Storage::new().storage("__attach_version1.0_#00000000", attached);
    }
    let extract = read(&numbers(inner, 32, &[]).file());
    assert_eq!(gaps(&extract), [(Reason::Limit, "depth")]);
}

/// Adds an attribute to a `winmail.dat`.
fn attribute(file: &mut Vec<u8>, level: u8, tag: u32, value: &[u8]) {
    file.push(level);
    file.extend(tag.to_le_bytes());
    file.extend((value.len() as u32).to_le_bytes());
    file.extend(value);
    let sum = value
        .iter()
        .fold(0_u16, |sum, octet| sum.wrapping_add(u16::from(*octet)));
    file.extend(sum.to_le_bytes());
}

/// A list of properties.
fn list(properties: &[(u16, u16, Option<&str>, &[u8])]) -> Vec<u8> {
    let mut octets = (properties.len() as u32).to_le_bytes().to_vec();
    for (id, kind, name, value) in properties {
        octets.extend(kind.to_le_bytes());
        octets.extend(id.to_le_bytes());
        if let Some(name) = name {
            let name = wide(&format!("{name}\0"));
            octets.extend([0; 16]);
            octets.extend(1_u32.to_le_bytes());
            octets.extend((name.len() as u32).to_le_bytes());
            octets.extend(&name);
            octets.resize(octets.len().next_multiple_of(4), 0);
        }
        octets.extend(1_u32.to_le_bytes());
        octets.extend((value.len() as u32).to_le_bytes());
        octets.extend(*value);
        octets.resize(octets.len().next_multiple_of(4), 0);
    }
    octets
}

/// A `winmail.dat` with a number in each place, from 5001 to 5010.
pub(super) fn winmail() -> Vec<u8> {
    let mut file = b"\x78\x9F\x3E\x22\x01\x00".to_vec();
    attribute(&mut file, 1, 0x0006_9007, &[0xE4, 4, 0, 0, 0, 0, 0, 0]);
    attribute(
        &mut file,
        1,
        0x0001_8004,
        b"Emne bl\xE5b\xE6r 010150-5001\0",
    );
    attribute(&mut file, 1, 0x0002_800C, b"Tekst 020150-5002\0");
    let recipient = list(&[(0x3001, NARROW, None, b"Modtager 030150-5003\0")]);
    let mut recipients = 1_u32.to_le_bytes().to_vec();
    recipients.extend(recipient);
    attribute(&mut file, 1, 0x0006_9004, &recipients);
    let properties = list(&[
        (
            0x1009,
            BINARY,
            None,
            &packed(b"{\\rtf1 Rig tekst 0401{\\b 50}-5004}"),
        ),
        (0x8000, TEXT, Some("CPR-nummer"), &wide("050150-5005\0")),
    ]);
    attribute(&mut file, 1, 0x0006_9003, &properties);
    attribute(&mut file, 2, 0x0006_9002, &[0; 14]);
    attribute(&mut file, 2, 0x0001_8010, b"LISTE~1.TXT\0");
    attribute(&mut file, 2, 0x0006_800F, b"Liste 060150-5006");
    let named = list(&[(0x3707, TEXT, None, &wide("liste 070150-5007.txt\0"))]);
    attribute(&mut file, 2, 0x0006_9005, &named);
    attribute(&mut file, 2, 0x0006_9002, &[0; 14]);
    let mut inner = b"0123456789ABCDEF\x78\x9F\x3E\x22\x01\x00".to_vec();
    attribute(&mut inner, 1, 0x0002_800C, b"Indre 080150-5008\0");
    let object = list(&[(0x3701, 0x0D, None, &inner)]);
    attribute(&mut file, 2, 0x0006_9005, &object);
    attribute(&mut file, 2, 0x0006_9002, &[0; 14]);
    attribute(&mut file, 2, 0x0006_800F, &message());
    file
}

#[test]
fn every_place_of_a_winmail_dat_is_read() {
    let extract = read(&winmail());
    let text = all_text(&extract);
    for number in (5001..=5008).chain(4001..=4018) {
        assert!(text.contains(&format!("50-{number}")), "{number} in {text}");
    }
    assert_eq!(gaps(&extract), []);
    assert!(text.contains("CPR-nummer: 050150-5005"), "{text}");
    assert!(text.contains("bl\u{E5}b\u{E6}r 010150-5001"), "{text}");
}

#[test]
fn a_broken_winmail_dat_is_a_gap_and_swept() {
    let mut file = b"\x78\x9F\x3E\x22\x01\x00".to_vec();
    attribute(&mut file, 1, 0x0002_800C, b"Tekst 020150-5002\0");
    file.extend(b"\x07\0\x01 skjult 090150-5009");
    let extract = read(&file);
    assert!(all_text(&extract).contains("090150-5009"));
    assert_eq!(gaps(&extract), [(Reason::Damaged, "tnef: damaged")]);
    for length in [6, 9, 14, 40] {
        let extract = read(&winmail()[..length]);
        assert_eq!(
            gaps(&extract),
            [(Reason::Damaged, "tnef: damaged")],
            "{length}"
        );
    }
}

#[test]
fn what_a_winmail_dat_says_twice_is_read_twice_and_told() {
    let names = |name: &str| list(&[(0x3707, TEXT, None, &wide(name))]);
    let file = |text: &str| list(&[(0x3701, BINARY, None, text.as_bytes())]);
    for (tag, first, second) in [
        (
            0x0006_800F,
            b"Fil 010150-6001".to_vec(),
            b"Fil 020150-6002".to_vec(),
        ),
        (
            0x0001_8010,
            b"010150-6001.txt\0".to_vec(),
            b"020150-6002.txt\0".to_vec(),
        ),
        (
            0x0006_9005,
            names("010150-6001.txt"),
            names("020150-6002.txt"),
        ),
        (
            0x0006_9005,
            file("Fil 010150-6001"),
            file("Fil 020150-6002"),
        ),
        (
            0x0002_800C,
            b"Tekst 010150-6001\0".to_vec(),
            b"Tekst 020150-6002\0".to_vec(),
        ),
        (
            0x0006_9003,
            list(&[(0x1000, TEXT, None, &wide("010150-6001"))]),
            list(&[(0x1000, TEXT, None, &wide("020150-6002"))]),
        ),
        (
            0x0001_8004,
            b"Emne 010150-6001\0".to_vec(),
            b"Emne 020150-6002\0".to_vec(),
        ),
    ] {
        let is_attached = matches!(tag, 0x0006_800F | 0x0001_8010 | 0x0006_9005);
        let mut file = b"\x78\x9F\x3E\x22\x01\x00".to_vec();
        let level = if is_attached { 2 } else { 1 };
        if is_attached {
            attribute(&mut file, 2, 0x0006_9002, &[0; 14]);
        }
        attribute(&mut file, level, tag, &first);
        attribute(&mut file, level, tag, &second);
        let extract = read(&file);
        let text = all_text(&extract);
        for number in ["010150-6001", "020150-6002"] {
            assert!(text.contains(number), "{tag:x}: {number} in {text}");
        }
        let defects: Vec<_> = extract.defects.iter().map(|defect| defect.kind).collect();
        assert_eq!(defects, [DefectKind::DuplicateField], "{tag:x}");
        assert_eq!(gaps(&extract), [], "{tag:x}");
    }
    assert!(read(&winmail()).defects.is_empty());
}

#[test]
fn all_names_of_an_attachment_are_read_whatever_kind_they_are_of() {
    let properties = list(&[
        (0x3707, TEXT, None, &wide("010150-6001.txt")),
        (0x3707, NARROW, None, b"020150-6002.txt\0"),
        (0x3001, TEXT, None, &wide("030150-6003.txt")),
        (0x3704, TEXT, None, &wide("040150-6004.txt")),
        (0x3701, NARROW, None, b"Fil 050150-6005"),
        (0x3701, BINARY | 0x1000, None, b"Fil 060150-6006"),
    ]);
    let text = list(&[
        (0x1000, BINARY, None, b"Tekst 070150-6007"),
        (0x1009, NARROW, None, b"{\\rtf1 Rig 080150-6008}"),
    ]);
    let mut file = b"\x78\x9F\x3E\x22\x01\x00".to_vec();
    attribute(&mut file, 1, 0x0006_9003, &text);
    attribute(&mut file, 2, 0x0006_9001, b"Transport 090150-6009.txt\0");
    attribute(&mut file, 2, 0x0006_9002, &[0; 14]);
    attribute(&mut file, 2, 0x0006_9005, &properties);
    let found = all_text(&read(&file));
    for number in 6001..=6009 {
        assert!(
            found.contains(&format!("50-{number}")),
            "{number} in {found}"
        );
    }
}

#[test]
fn a_short_name_is_read_unless_it_only_shortens_another() {
    let is_read = |short: &str, long: &str| {
        let properties = list(&[
            (0x3707, TEXT, None, &wide(long)),
            (0x3701, NARROW, None, b"Fil"),
        ]);
        let mut file = b"\x78\x9F\x3E\x22\x01\x00".to_vec();
        attribute(&mut file, 2, 0x0006_9002, &[0; 14]);
        attribute(
            &mut file,
            2,
            0x0001_8010,
            &[short.as_bytes(), b"\0"].concat(),
        );
        attribute(&mut file, 2, 0x0006_9005, &properties);
        let text = all_text(&read(&file));
        assert!(text.contains(long), "{text}");
        text.lines().any(|line| line == short)
    };
    for (short, long) in [
        ("HIV Jens H.", "dok.pdf"),
        ("010160.txt", "dok.txt"),
        ("HIV~1.PDF", "dok.pdf"),
        ("DOK~0101.PDF", "dokument.pdf"),
        ("DOK.HIV", "dok.pdf"),
    ] {
        assert!(is_read(short, long), "{short}");
    }
    for (short, long) in [
        ("LANGRA~1.DOC", "Lang rapport.docx"),
        ("DOKU~12.PDF", "dokument.pdf"),
        ("DOK.PDF", "dok.pdf"),
    ] {
        assert!(!is_read(short, long), "{short}");
    }
}

#[test]
fn a_list_that_claims_many_values_meets_the_limit() {
    let mut values = 1_u32.to_le_bytes().to_vec();
    values.extend([0x03, 0x10, 0x37, 0x00]);
    values.extend(4000_u32.to_le_bytes());
    values.extend(vec![0; 16000]);
    let mut file = b"\x78\x9F\x3E\x22\x01\x00".to_vec();
    for _ in 0..8 {
        attribute(&mut file, 1, 0x0006_9003, &values);
    }
    let limits = ReadLimits {
        entries: 10_000,
        ..ReadLimits::default()
    };
    let extract = read_within(&file, &limits);
    assert_eq!(gaps(&extract), [(Reason::Limit, "entries")]);
}
