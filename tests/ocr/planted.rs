//! Numbers planted in pictures and scans, and what has none.

use super::{findings, gaps, message, picture, scan};

/// Each file with a number planted in it, and where it must be found.
const PLANTED: [(&str, &str); 13] = [
    ("brev.png", "brev.png (OCR): 1405XX-XXXX"),
    ("brev.jpg", "brev.jpg (OCR): 0310XX-XXXX"),
    ("brev.gif", "brev.gif (OCR): 2507XX-XXXX"),
    ("brev.bmp", "brev.bmp (OCR): 1903XX-XXXX"),
    ("brev.webp", "brev.webp (OCR): 0708XX-XXXX"),
    ("brev.tif", "brev.tif page 2 (OCR): 2204XX-XXXX"),
    ("paa_siden.png", "paa_siden.png (OCR): 1609XX-XXXX"),
    ("skaermbillede.png", "skaermbillede.png (OCR): 0512XX-XXXX"),
    ("scan.pdf", "scan.pdf page 1 (OCR): 2810XX-XXXX"),
    ("fax.pdf", "fax.pdf page 2 (OCR): 1102XX-XXXX"),
    ("vendt.pdf", "vendt.pdf page 1 (OCR): 0901XX-XXXX"),
    ("strimler.pdf", "strimler.pdf page 1 (OCR): 3006XX-XXXX"),
    ("indsat.pdf", "indsat.pdf page 1 (OCR): 2404XX-XXXX"),
];

#[test]
fn planted_numbers_are_found_where_they_stand() {
    let messages = PLANTED.map(|(name, _)| (name, message(&[(name, picture(name))])));
    let mut wrong = Vec::new();
    for (report, (name, expected)) in scan("", &messages).iter().zip(PLANTED) {
        if (findings(report), gaps(report)) != (vec![expected.to_owned()], vec![]) {
            wrong.push(format!("{name}: {:?} {:?}", findings(report), gaps(report)));
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn what_shows_no_text_is_read_and_nothing_is_in_it() {
    let files = ["logo.png", "foto.jpg"].map(|name| (name, picture(name)));
    let [report] = scan("", &[("both", message(&files))]).try_into().unwrap();
    assert_eq!((findings(&report), gaps(&report)), (vec![], vec![]));
    assert_eq!(report["disposition"], "relay");
}

#[test]
fn the_subject_counts_for_what_is_in_a_picture() {
    let named = |subject: &str| {
        let message = message(&[("brev.png", picture("brev.png"))]);
        let text = String::from_utf8(message).unwrap();
        text.replacen("Bilag", subject, 1).into_bytes()
    };
    let subject = "CPR 031090-1235";
    let [report] = scan("", &[("x", named(subject))]).try_into().unwrap();
    // What is found in the subject is found once, though it goes to the search of pictures too.
    assert_eq!(
        findings(&report),
        ["subject: 0310XX-XXXX", "brev.png (OCR): 1405XX-XXXX"]
    );
}

#[test]
fn the_same_picture_is_read_once() {
    let files = ["a.png", "b.png"].map(|name| (name, picture("brev.png")));
    let [report] = scan("", &[("x", message(&files))]).try_into().unwrap();
    assert_eq!(findings(&report), ["a.png (OCR): 1405XX-XXXX"]);
    assert!(gaps(&report).is_empty());
}

#[test]
fn where_nobody_reads_pictures_each_is_a_gap() {
    let files = ["brev.png", "scan.pdf", "indsat.pdf", "logo.png"];
    let files = files.map(|name| (name, picture(name)));
    let absent = "ocr.program = \"no/such/program\"";
    for keys in ["ocr.program = \"\"", absent] {
        let [report] = scan(keys, &[("x", message(&files))]).try_into().unwrap();
        assert!(findings(&report).is_empty());
        let expected = ["brev.png", "scan.pdf", "indsat.pdf", "logo.png"];
        assert_eq!(
            gaps(&report),
            expected.map(|it| format!("{it} unsupported"))
        );
    }
}

/// A number in a later frame must not leave as if it had been looked for. Leptonica opens no WebP that moves.
#[test]
fn of_a_film_the_first_frame_is_read_at_most_and_the_others_are_a_gap() {
    let films = [
        (
            "film.gif",
            &["film.gif (OCR): 1703XX-XXXX"][..],
            &["film.gif unsupported"][..],
        ),
        (
            "film.png",
            &["film.png (OCR): 0802XX-XXXX"],
            &["film.png unsupported"],
        ),
        (
            "film.webp",
            &[],
            &["film.webp unsupported", "film.webp damaged"],
        ),
    ];
    let messages = films.map(|(name, ..)| (name, message(&[(name, picture(name))])));
    for (report, (_, found, unread)) in scan("", &messages).iter().zip(films) {
        assert_eq!(findings(report), found);
        assert_eq!(gaps(report), unread);
    }
}
