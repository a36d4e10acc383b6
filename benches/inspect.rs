//! How long a message takes to be read and searched, by what it carries: `cargo bench --bench inspect`.
#![expect(
    clippy::unwrap_used,
    reason = "a bench that cannot run says so by panicking"
)]

use divan::Bencher;
use divan::counter::BytesCount;

use sluse::inspect::inspect;
use sluse::limits::ReadLimits;
use sluse::pattern::{FingerprintKey, Packs};

fn main() {
    divan::main();
}

/// The messages of the demonstration, by name.
const MESSAGES: [&str; 6] = [
    "01-clean",
    "02-clean-document",
    "06-html",
    "08-xlsx-hidden-sheet",
    "09-pdf",
    "10-zip-in-zip",
];

#[divan::bench(args = MESSAGES)]
fn demonstration(bencher: Bencher<'_, '_>, name: &str) {
    let file = format!("{}/demo/{name}.eml", env!("CARGO_MANIFEST_DIR"));
    let bytes = std::fs::read(file).unwrap();
    measure(bencher, &bytes);
}

/// A text of so many kilobytes.
#[divan::bench(args = [4, 64, 1024])]
fn text(bencher: Bencher<'_, '_>, kilobytes: usize) {
    let line = "Vi har modtaget din henvendelse og vender tilbage, når den er behandlet.\r\n";
    let header = "Subject: Svar\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n";
    let mut bytes = header.as_bytes().to_vec();
    while bytes.len() < kilobytes << 10 {
        bytes.extend_from_slice(line.as_bytes());
    }
    measure(bencher, &bytes);
}

/// A picture of so many megabytes in base64, which is not read: what opening alone costs.
#[divan::bench(args = [1, 10])]
fn attachment(bencher: Bencher<'_, '_>, megabytes: usize) {
    let mut bytes = b"Subject: Billede\r\nContent-Type: image/jpeg; name=a.jpg\r\nContent-Transfer-Encoding: base64\r\n\r\n/9j/4AAQSkZJRgABAQ\r\n".to_vec();
    while bytes.len() < megabytes << 20 {
        bytes.extend_from_slice(
            b"q83vASNFZ4mrze8BI0VniavN7wEjRWeJq83vASNFZ4mrze8BI0VniavN7wEjRWeJq83vASNFZ4mr\r\n",
        );
    }
    measure(bencher, &bytes);
}

fn measure(bencher: Bencher<'_, '_>, bytes: &[u8]) {
    let packs = Packs::shipped(FingerprintKey::new([7; 32]));
    let limits = ReadLimits::default();
    bencher
        .counter(BytesCount::of_slice(bytes))
        .bench_local(|| inspect(&packs, &limits, divan::black_box(bytes)));
}
