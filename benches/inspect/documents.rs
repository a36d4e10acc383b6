//! Documents of a certain size, made for a bench.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use flate2::Compression;
use flate2::write::ZlibEncoder;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// A message to which a file is attached.
pub(super) fn attached(name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut message = format!(
        "Subject: Bilag\r\nMIME-Version: 1.0\r\nContent-Type: application/octet-stream; name={name}\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n"
    );
    for line in bytes.chunks(57) {
        message.extend(line.chunks(3).flat_map(base64));
        message.push_str("\r\n");
    }
    message.into_bytes()
}

/// Four letters of base64 for three octets or fewer.
fn base64(octets: &[u8]) -> [char; 4] {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let bits = (0..3).fold(0_usize, |bits, at| {
        bits << 8 | usize::from(octets.get(at).copied().unwrap_or_default())
    });
    [0, 1, 2, 3].map(|at| match LETTERS.get(bits >> (18 - 6 * at) & 63) {
        Some(letter) if at <= octets.len() => char::from(*letter),
        _ => '=',
    })
}

/// Paragraphs until the file is as large as this.
pub(super) fn docx(size: usize) -> Vec<u8> {
    let head = r#"<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>"#;
    until(size, |share| {
        let mut body = head.to_owned();
        for text in words().cycle().take(share) {
            let _ = write!(body, "<w:p><w:r><w:t>{}</w:t></w:r></w:p>", escaped(text));
        }
        body.push_str("</w:body></w:document>");
        office("word/document.xml", "wordprocessingml.document", &body)
    })
}

/// Rows of a number, an amount and a text, until the file is as large as this.
pub(super) fn xlsx(size: usize) -> Vec<u8> {
    let head = r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>"#;
    until(size, |share| {
        let mut sheet = head.to_owned();
        for (row, text) in (1_u64..).zip(words().cycle()).take(share) {
            let text = escaped(&text.chars().take(60).collect::<String>());
            let (number, amount) = (row * 7_919 % 100_003, row * 104_729 % 1_000_003);
            let _ = write!(
                sheet,
                r#"<row r="{row}"><c r="A{row}"><v>{number}</v></c><c r="B{row}"><v>{amount}.5</v></c><c r="C{row}" t="inlineStr"><is><t>{text}</t></is></c></row>"#
            );
        }
        sheet.push_str("</sheetData></worksheet>");
        office("xl/worksheets/sheet1.xml", "spreadsheetml.sheet", &sheet)
    })
}

/// So many pages of text, and one photograph of so many octets, which nobody unpacks.
pub(super) fn pdf(pages: usize, photograph: usize) -> Vec<u8> {
    let mut objects = vec![b"<< /Type /Catalog /Pages 2 0 R >>".to_vec()];
    let kids: String = (0..pages)
        .map(|page| format!("{} 0 R ", 5 + 2 * page))
        .collect();
    objects.push(
        format!("<< /Type /Pages /Kids [{kids}] /Count {pages} /MediaBox [0 0 595 842] >>")
            .into_bytes(),
    );
    objects.push(
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
            .to_vec(),
    );
    let noise: Vec<u8> = (0_u32..)
        .map(|at| at.wrapping_mul(2_654_435_761).to_be_bytes()[0])
        .take(photograph)
        .collect();
    objects.push(stream("/Type /XObject /Subtype /Image /Width 2000 /Height 1500 /BitsPerComponent 8 /ColorSpace /DeviceRGB /Filter /DCTDecode", &noise));
    let mut texts = words().cycle();
    for page in 0..pages {
        objects.push(
            format!(
                "<< /Type /Page /Parent 2 0 R /Contents {} 0 R /Resources << /Font << /F1 3 0 R >> /XObject << /P 4 0 R >> >> >>",
                6 + 2 * page
            )
            .into_bytes(),
        );
        let mut shown = String::new();
        for (line, text) in (0..45).zip(&mut texts) {
            let text: String = text
                .chars()
                .filter(|c| c.is_ascii_alphanumeric() || *c == ' ')
                .take(80)
                .collect();
            let _ = writeln!(
                shown,
                "BT /F1 10 Tf 50 {} Td ({text}) Tj ET",
                800 - 16 * line
            );
        }
        objects.push(stream("/Filter /FlateDecode", &deflated(shown.as_bytes())));
    }
    let mut file = b"%PDF-1.7\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (number, object) in (1..).zip(&objects) {
        let _ = writeln!(table, "{:010} 00000 n ", file.len());
        file.extend_from_slice(format!("{number} 0 obj\n").as_bytes());
        file.extend_from_slice(object);
        file.extend_from_slice(b"\nendobj\n");
    }
    let end = format!(
        "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{}\n%%EOF\n",
        objects.len() + 1,
        file.len()
    );
    file.extend_from_slice(table.as_bytes());
    file.extend_from_slice(end.as_bytes());
    file
}

/// The texts of labelled mails.
fn words() -> impl Iterator<Item = &'static str> + Clone {
    let mails = include_str!("../../corpus/held/outside.jsonl");
    let text = mails
        .lines()
        .filter_map(|line| line.split_once("\"text\": \""));
    text.filter_map(|(_, text)| text.split_once('"').map(|(text, _)| text))
}

/// The first of what is made with more and more in it that is as large as this.
fn until(size: usize, make: impl Fn(usize) -> Vec<u8>) -> Vec<u8> {
    let mut share = 8;
    loop {
        let made = make(share);
        if made.len() >= size || share > 1 << 20 {
            return made;
        }
        share += share / 4;
    }
}

fn office(part: &str, kind: &str, content: &str) -> Vec<u8> {
    let types = format!(
        r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/{part}" ContentType="application/vnd.openxmlformats-officedocument.{kind}.main+xml"/></Types>"#
    );
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in [("[Content_Types].xml", types.as_str()), (part, content)] {
        archive
            .start_file(name, SimpleFileOptions::default())
            .unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

fn stream(entries: &str, data: &[u8]) -> Vec<u8> {
    let mut object = format!("<< {entries} /Length {} >>\nstream\n", data.len()).into_bytes();
    object.extend_from_slice(data);
    object.extend_from_slice(b"\nendstream");
    object
}

fn deflated(octets: &[u8]) -> Vec<u8> {
    let mut packer = ZlibEncoder::new(Vec::new(), Compression::default());
    packer.write_all(octets).unwrap();
    packer.finish().unwrap()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}
