//! However a text is split over parts, and however those are wrapped for transfer, no number is lost.

use std::collections::BTreeSet;
use std::fmt::Write;

use proptest::prelude::*;
use sluse::detect::Confidence;
use sluse::inspect::inspect;
use sluse::limits::ReadLimits;

use super::packs;

/// How a part is wrapped.
#[derive(Clone, Copy, Debug)]
enum Wrapped {
    AsItIs,
    /// base64, in lines of so many letters.
    Base64(usize),
    /// quoted-printable, with a soft line break after so many octets, wherever that is.
    QuotedPrintable(usize),
}

fn wrapped() -> impl Strategy<Value = Wrapped> {
    prop_oneof![
        Just(Wrapped::AsItIs),
        (1..76_usize).prop_map(Wrapped::Base64),
        (2..70_usize).prop_map(Wrapped::QuotedPrintable),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn splitting_loses_no_number(
        lines in prop::collection::vec(
            prop_oneof![
                "([a-zæøå]{1,9} ){1,12}".prop_map(|prose| (prose, None)),
                (1..=28_u8, 1..=12_u8, 37..=99_u8, 1000..3999_u16, 0..3_u8).prop_map(|(day, month, year, serial, form)| {
                    let date = format!("{day:02}{month:02}{year:02}");
                    let written = match form {
                        0 => format!("CPR-nr. {date}-{serial}"),
                        1 => format!("cpr: {date}{serial}"),
                        _ => format!("Personnummer {date} {serial}"),
                    };
                    (written, Some(format!("{date}{serial}")))
                }),
            ],
            1..30,
        ),
        cuts in prop::collection::vec((any::<prop::sample::Index>(), wrapped()), 1..5),
        as_files in any::<bool>(),
    ) {
        let planted: BTreeSet<&str> =
            lines.iter().filter_map(|(_, number)| number.as_deref()).collect();
        let mut parts: Vec<(String, Wrapped)> =
            cuts.iter().map(|(_, wrapped)| (String::new(), *wrapped)).collect();
        // Each line goes to some part, those after it to the same or a later one.
        let mut ends: Vec<usize> = cuts.iter().map(|(cut, _)| cut.index(lines.len() + 1)).collect();
        ends.sort_unstable();
        for (at, (line, _)) in lines.iter().enumerate() {
            let part = ends.iter().position(|end| at < *end).unwrap_or(parts.len() - 1);
            if let Some((text, _)) = parts.get_mut(part) {
                writeln!(text, "{line}\r").unwrap();
            }
        }
        let message = mail(&parts, as_files);
        let inspection = inspect(packs(), &ReadLimits::default(), message.as_bytes());
        let sure = inspection.findings.iter().filter(|it| {
            it.pattern.as_str() == "dk.cpr" && it.confidence >= Confidence::Medium
        });
        let persons: BTreeSet<_> = sure.filter_map(|it| it.person).collect();
        prop_assert_eq!(persons.len(), planted.len(), "{}", message);
    }
}

fn mail(parts: &[(String, Wrapped)], as_files: bool) -> String {
    let mut mail =
        "Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=q\r\n\r\n"
            .to_owned();
    for (at, (text, wrapped)) in parts.iter().enumerate() {
        let encoding = match wrapped {
            Wrapped::AsItIs => "8bit",
            Wrapped::Base64(_) => "base64",
            Wrapped::QuotedPrintable(_) => "quoted-printable",
        };
        let file = if as_files {
            format!("Content-Disposition: attachment; filename=del{at}.txt\r\n")
        } else {
            String::new()
        };
        let wrapped = match wrapped {
            Wrapped::AsItIs => text.clone(),
            Wrapped::Base64(width) => base64(text.as_bytes(), *width),
            Wrapped::QuotedPrintable(width) => quoted_printable(text.as_bytes(), *width),
        };
        write!(
            mail,
            "--q\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: {encoding}\r\n{file}\r\n{wrapped}\r\n"
        )
        .unwrap();
    }
    mail + "--q--\r\n"
}

fn base64(octets: &[u8], width: usize) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut letters = String::new();
    for three in octets.chunks(3) {
        let bits = three
            .iter()
            .fold(0_u32, |bits, octet| bits << 8 | u32::from(*octet));
        let bits = bits << (8 * (3 - three.len()));
        for letter in 0..4 {
            let index = usize::try_from(bits >> (18 - 6 * letter) & 63).unwrap();
            letters.push(if letter <= three.len() {
                LETTERS.get(index).copied().map_or('?', char::from)
            } else {
                '='
            });
        }
    }
    let lines = letters.as_bytes().chunks(width);
    lines
        .map(|line| format!("{}\r\n", String::from_utf8_lossy(line)))
        .collect()
}

fn quoted_printable(octets: &[u8], width: usize) -> String {
    let mut out = String::new();
    let mut column = 0;
    for (at, &octet) in octets.iter().enumerate() {
        if octet == b'\n' {
            out.push_str("\r\n");
            column = 0;
            continue;
        }
        if octet == b'\r' {
            continue;
        }
        if column >= width {
            out.push_str("=\r\n");
            column = 0;
        }
        let ends_line = octets.get(at + 1) == Some(&b'\r');
        if octet == b'=' || octet >= 0x80 || octet == b' ' && ends_line {
            write!(out, "={octet:02X}").unwrap();
            column += 3;
        } else {
            out.push(char::from(octet));
            column += 1;
        }
    }
    out
}
