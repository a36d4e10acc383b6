//! Messages made to exhaust: each is read in a moment, and says what it did not read.

use std::time::{Duration, Instant};

use super::property::encoded;
use super::{gaps, read, told};

#[test]
fn messages_in_messages_end_at_a_gap() {
    let nested = |levels: usize| {
        let mut message =
            "From: a@b.example\r\nContent-Type: message/rfc822\r\n\r\n".repeat(levels);
        message.push_str("From: a@b.example\r\n\r\n310290-1234\r\n");
        message
    };
    let extract = timely(|| read(nested(30).as_bytes()));
    assert!(
        told(&extract)
            .iter()
            .any(|text| text.contains("310290-1234"))
    );
    assert_eq!(gaps(&extract), [] as [&str; 0]);
    for levels in [31, 50_000] {
        let extract = timely(|| read(nested(levels).as_bytes()));
        assert_eq!(gaps(&extract), ["0 limit depth"]);
    }
}

#[test]
fn encoded_messages_in_messages_end_at_a_gap() {
    let mut message = "From: a@b.example\r\n\r\n310290-1234\r\n".to_owned();
    for _ in 0..30 {
        message = format!(
            "From: a@b.example\r\nContent-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n{}",
            encoded(message.as_bytes(), 76)
        );
        // Base64 grows by a third: at sixty levels it would be gigabytes.
        if message.len() > 20_000_000 {
            break;
        }
    }
    let extract = timely(|| read(message.as_bytes()));
    let found = told(&extract)
        .iter()
        .any(|text| text.contains("310290-1234"));
    assert!(found || !extract.gaps.is_empty());
    let mut message = "From: a@b.example\r\n\r\n310290-1234\r\n".to_owned();
    for _ in 0..60 {
        message = format!(
            "From: a@b.example\r\nContent-Type: message/rfc822\r\n\
             Content-Transfer-Encoding: quoted-printable\r\n\r\n{message}"
        );
    }
    assert_eq!(
        gaps(&timely(|| read(message.as_bytes()))),
        ["0 limit depth"]
    );
}

#[test]
fn multiparts_in_multiparts_end_at_a_gap() {
    let mut message = String::new();
    for level in 0..20_000 {
        message.push_str(&format!(
            "Content-Type: multipart/mixed; boundary=b{level}\r\n\r\n--b{level}\r\n"
        ));
    }
    let extract = timely(|| read(message.as_bytes()));
    assert!(
        gaps(&extract)
            .iter()
            .any(|gap| gap.ends_with("limit depth")),
        "{:?}",
        gaps(&extract)
    );
}

#[test]
fn many_parts_end_at_a_gap() {
    let head = "From: a@b.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n";
    let message = format!("{head}{}--b--\r\n", "--b\r\n\r\nx\r\n".repeat(200_000));
    let extract = timely(|| read(message.as_bytes()));
    assert_eq!(gaps(&extract), ["0 limit parts"]);
    // Parts of attached messages are counted with the rest.
    let inner = format!("{head}{}--b--\r\n", "--b\r\n\r\nx\r\n".repeat(1500));
    let message = format!(
        "From: a@b.example\r\nContent-Type: multipart/mixed; boundary=q\r\n\r\n\
         --q\r\nContent-Type: message/rfc822\r\n\r\n{inner}\r\n--q\r\nContent-Type: message/rfc822\r\n\r\n{inner}\r\n--q--\r\n"
    );
    let extract = timely(|| read(message.as_bytes()));
    assert!(
        gaps(&extract)
            .iter()
            .any(|gap| gap.ends_with("limit parts")),
        "{:?}",
        gaps(&extract)
    );
}

#[test]
fn many_fields_end_at_a_gap() {
    for field in [
        "X-A: b\r\n",
        "A: b\r\n",
        "Subject: b\r\n",
        " folded\r\n",
        "junk\r\n",
    ] {
        let message = format!(
            "From: a@b.example\r\n{}\r\n310290-1234\r\n",
            field.repeat(300_000)
        );
        let extract = timely(|| read(message.as_bytes()));
        assert!(
            told(&extract)
                .iter()
                .any(|text| text.contains("310290-1234")),
            "{field:?}: {:?}",
            gaps(&extract)
        );
        assert_eq!(
            gaps(&extract).contains(&"0 limit fields".to_owned()),
            field.contains(':'),
            "{field:?}"
        );
    }
}

#[test]
fn long_fields_and_parameters_take_linear_time() {
    for value in [
        "=?utf-8?Q?".repeat(200_000),
        "=?utf-8?B?MDEw?= ".repeat(100_000),
        "(".repeat(2_000_000),
        "\"\\".repeat(1_000_000),
        "a@b.example, ".repeat(150_000),
    ] {
        for name in [
            "Subject",
            "To",
            "Content-Type",
            "Content-Disposition",
            "Content-Transfer-Encoding",
        ] {
            let message = format!("From: a@b.example\r\n{name}: {value}\r\n\r\nx\r\n");
            let _ = timely(|| read(message.as_bytes()));
        }
    }
    for parameter in ["; a=b", ";filename*0=b", " a=b", "; filename=b"] {
        let message = format!(
            "From: a@b.example\r\nContent-Type: text/plain{}\r\n\r\nx\r\n",
            parameter.repeat(300_000)
        );
        let extract = timely(|| read(message.as_bytes()));
        assert_eq!(gaps(&extract), ["0 limit fields"], "{parameter}");
    }
}

#[test]
fn lines_that_are_almost_delimiters_take_linear_time() {
    let head = "From: a@b.example\r\nContent-Type: multipart/mixed; boundary=bbbbbbbb\r\n\r\n";
    for line in [
        "--\r\n",
        "--bbbbbbb\r\n",
        "----------",
        "\r\n--",
        " --bbbbbbbb--x\r\n",
    ] {
        let message = format!(
            "{head}{}--bbbbbbbb\r\n\r\nx\r\n--bbbbbbbb--\r\n",
            line.repeat(1_000_000)
        );
        let _ = timely(|| read(message.as_bytes()));
    }
}

#[test]
fn text_full_of_what_may_be_decoded_takes_linear_time_and_memory() {
    let number = "Q3ByIDEyMDM1Mi0xMjM0";
    for (what, times, gap) in [
        (
            "--x\nContent-Type: text/plain\n\n".to_owned(),
            300_000,
            "limit parts",
        ),
        (
            format!("Content-Transfer-Encoding: base64\n\n{number}\n"),
            200_000,
            "limit parts",
        ),
        (
            "Content-Transfer-Encoding: quoted-printable\n\n=41=42\n".to_owned(),
            200_000,
            "limit parts",
        ),
        (
            format!("{}content-type: x\n", "X-A: b\n".repeat(40)),
            30_000,
            "limit fields",
        ),
        ("begin 644 x\n#86%A\n".to_owned(), 300_000, "limit entries"),
        ("=ybegin x\nkkkk\n".to_owned(), 300_000, "limit entries"),
        (format!("{number}\n\n"), 300_000, "limit entries"),
        ("begin 644 x\n".to_owned(), 500_000, ""),
        ("=41=42=\n".to_owned(), 1_000_000, ""),
        ("=41=42 x\n\n".to_owned(), 500_000, "limit entries"),
        ("=?utf-8?Q?a?=\n".to_owned(), 300_000, ""),
        ("=?utf-8?Q?a".to_owned(), 500_000, ""),
        ("QUJD".to_owned(), 5_000_000, ""),
        ("QQ\n".to_owned(), 2_000_000, ""),
        ("--\n".to_owned(), 1_000_000, ""),
        ("1\r2".to_owned(), 1_000_000, ""),
        ("\r".to_owned(), 2_000_000, ""),
        ("a= ".to_owned(), 3_000_000, ""),
    ] {
        let message = format!("From: a@b.example\n\n{}\n", what.repeat(times));
        let extract = timely(|| read(message.as_bytes()));
        let gaps = gaps(&extract);
        let told = gap.is_empty() && gaps.is_empty() || gaps.iter().any(|it| it.ends_with(gap));
        assert!(told, "{what:?}: {gaps:?}");
        let octets: usize = extract.texts.iter().map(|text| text.text.len()).sum();
        assert!(octets < 4 * message.len(), "{what:?}: {octets}");
        assert!(extract.texts.len() < 50_000, "{what:?}");
    }
}

#[test]
fn base64_of_base64_ends_at_a_gap() {
    let mut text = "Hej Ole, cpr 310290-1234, med venlig hilsen Jytte\n".to_owned();
    for _ in 0..12 {
        text = encoded(text.as_bytes(), 76);
    }
    let extract = timely(|| read(format!("From: a@b.example\n\n{text}\n").as_bytes()));
    let texts = told(&extract);
    assert!(texts.iter().any(|text| text.contains("310290-1234")));
    for _ in 0..20 {
        text = encoded(text.as_bytes(), 76);
    }
    let extract = timely(|| read(format!("From: a@b.example\n\n{text}\n").as_bytes()));
    assert_eq!(gaps(&extract), ["0 limit depth"]);
}

/// Runs `work`, which may take a few seconds in an unoptimized build on a busy machine, and no longer.
fn timely<T>(work: impl FnOnce() -> T) -> T {
    let began = Instant::now();
    let result = work();
    let took = began.elapsed();
    assert!(took < Duration::from_secs(20), "took {took:?}");
    result
}
