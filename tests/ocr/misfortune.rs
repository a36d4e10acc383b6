//! Pictures that bring Tesseract down, or that nobody should try: each is a gap, and what comes after it is read.

use super::{fake, findings, gaps, message, picture, scan, sluse, told};

/// What a picture says, and the gap it is.
const MISFORTUNES: [(&str, &str); 6] = [
    ("HANG", "timeout"),
    ("SPIN", "timeout"),
    ("CRASH", "damaged"),
    ("REFUSE", "damaged"),
    ("MEMORY", "limit"),
    ("LONG", "limit"),
];

#[test]
fn each_is_a_gap_and_the_others_go_on() {
    let (_folder, program) = fake();
    let keys =
        format!("ocr.program = {program:?}\nocr.picture_time = \"1s\"\nocr.memory = \"256MiB\"");
    let files = MISFORTUNES.map(|(words, _)| (words, told(800, 600, words)));
    let last = ("last.png", told(800, 600, "SAY"));
    let files = [files.as_slice(), &[last]].concat();
    let [report] = scan(&keys, &[("x", message(&files))]).try_into().unwrap();
    assert_eq!(findings(&report), ["last.png (OCR): 1405XX-XXXX"]);
    let expected = MISFORTUNES.map(|(words, reason)| format!("{words} {reason}"));
    assert_eq!(gaps(&report), expected);
}

#[test]
fn what_was_read_until_then_is_searched() {
    let (_folder, program) = fake();
    let keys = format!("ocr.program = {program:?}\nocr.picture_time = \"1s\"");
    let half = told(800, 600, "SAY HANG");
    let [report] = scan(&keys, &[("x", message(&[("a.png", half)]))])
        .try_into()
        .unwrap();
    assert_eq!(findings(&report), ["a.png (OCR): 1405XX-XXXX"]);
    assert_eq!(gaps(&report), ["a.png timeout"]);
}

#[test]
fn the_time_of_a_message_is_one_for_all_its_pictures() {
    let (_folder, program) = fake();
    let keys = format!("ocr.program = {program:?}\nocr.time = \"1s\"");
    let hang = |at: u32| told(800 + at, 600, "HANG");
    let files = [("a.png", hang(1)), ("b.png", hang(2)), ("c.png", hang(3))];
    let [report] = scan(&keys, &[("x", message(&files))]).try_into().unwrap();
    assert_eq!(
        gaps(&report),
        ["a.png timeout", "b.png timeout", "c.png timeout"]
    );
}

#[test]
fn pictures_beyond_a_limit_are_not_tried() {
    let (_folder, program) = fake();
    let say = |size: u32| told(size, 600, "SAY");
    for (keys, files, found, expected) in [
        (
            "",
            vec![("huge.png", say(100_000))],
            vec![],
            vec!["huge.png limit"],
        ),
        (
            "ocr.pictures = 1",
            vec![("a.png", say(800)), ("b.png", say(801))],
            vec!["a.png (OCR): 1405XX-XXXX"],
            vec!["b.png limit"],
        ),
        (
            "ocr.octets = \"40B\"",
            vec![("a.png", say(800)), ("b.png", say(801))],
            vec!["a.png (OCR): 1405XX-XXXX"],
            vec!["b.png limit"],
        ),
        (
            "ocr.pixels = 1_000_000",
            vec![("scan.pdf", picture("scan.pdf"))],
            vec![],
            vec![],
        ),
        (
            "ocr.pixels = 100_000",
            vec![("scan.pdf", picture("scan.pdf"))],
            vec![],
            vec!["scan.pdf limit"],
        ),
    ] {
        let keys = format!("ocr.program = {program:?}\n{keys}");
        let [report] = scan(&keys, &[("x", message(&files))]).try_into().unwrap();
        assert_eq!(
            (findings(&report), gaps(&report)),
            (
                found.iter().map(ToString::to_string).collect(),
                expected.iter().map(ToString::to_string).collect()
            ),
            "{keys}"
        );
    }
}

#[test]
fn what_is_there_and_what_is_missing_is_told_by_check() {
    let (folder, program) = fake();
    let config = folder.path().join("sluse.toml");
    let route = "[route.secure]\nnext_hop = \"127.0.0.1:10027\"\ntls = \"off\"\n[incident]\ndatabase = \"x.db\"\n";
    let fake = format!("ocr.program = {program:?}\n");
    for (keys, expected) in [
        (
            String::new(),
            &["pictures are read by tesseract ", "languages dan+eng\n"][..],
        ),
        (
            fake.clone(),
            &[
                "pictures are read by fake 1.0, languages dan\n",
                "no data for `eng`",
                "apt install tesseract-ocr-eng",
            ],
        ),
        (
            format!("{fake}ocr.languages = \"deu\"\n"),
            &["pictures are not read", "apt install tesseract-ocr-deu"],
        ),
        (
            "ocr.program = \"/bin/true\"\n".to_owned(),
            &["pictures are not read: /bin/true does not work within its walls"],
        ),
    ] {
        std::fs::write(&config, format!("{keys}{route}")).unwrap();
        let ran = sluse(&["check", "-c", config.to_str().unwrap()]);
        let said = String::from_utf8(ran.stdout).unwrap();
        for words in expected {
            assert!(said.contains(words), "{keys}: {said}");
        }
    }
}
