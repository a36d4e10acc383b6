//! How long a message takes to be read and searched, by what it carries: `cargo bench --bench inspect`.
#![expect(
    clippy::unwrap_used,
    reason = "a bench that cannot run says so by panicking"
)]

use std::time::Duration;

use divan::Bencher;
use divan::counter::BytesCount;

use sluse::inspect::{Door, DoorSettings, inspect};
use sluse::limits::ReadLimits;
use sluse::pattern::{FingerprintKey, Packs, Stock};
use sluse::spool::{self, Draft};
use tokio::runtime::Builder;
use tokio::time::Instant;

#[path = "inspect/documents.rs"]
mod documents;

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
    measure(bencher, &message(kilobytes));
}

/// The same by an inspector, which is what a message in `sluse serve` takes: the difference is what its process costs.
#[divan::bench(args = [4, 64, 1024])]
fn text_by_an_inspector(bencher: Bencher<'_, '_>, kilobytes: usize) {
    let bytes = message(kilobytes);
    let settings = DoorSettings {
        workers: 1,
        program: env!("CARGO_BIN_EXE_sluse").into(),
        ..DoorSettings::default()
    };
    let runtime = Builder::new_multi_thread().enable_all().build().unwrap();
    let packs = Packs::shipped(FingerprintKey::new([7; 32]));
    let door = Door::open(settings, Stock::of(&packs), packs.key().clone());
    let door = runtime.block_on(door).unwrap();
    let settings = spool::Settings {
        memory: u64::MAX,
        ..spool::Settings::default()
    };
    let mut draft = Draft::new(&settings);
    draft.write(&bytes).unwrap();
    let spooled = draft.finish().unwrap();
    bencher
        .counter(BytesCount::of_slice(&bytes))
        .bench_local(|| {
            let deadline = Instant::now() + Duration::from_secs(60);
            runtime.block_on(door.inspect(&spooled, deadline)).unwrap()
        });
}

/// From a process to one that is ready: what replacing an inspector takes, and what packs being compiled in it do.
#[divan::bench(sample_count = 20)]
fn start_of_an_inspector(bencher: Bencher<'_, '_>) {
    let runtime = Builder::new_multi_thread().enable_all().build().unwrap();
    let packs = Packs::shipped(FingerprintKey::new([7; 32]));
    bencher.bench_local(|| {
        let settings = DoorSettings {
            workers: 1,
            program: env!("CARGO_BIN_EXE_sluse").into(),
            ..DoorSettings::default()
        };
        let door = Door::open(settings, Stock::of(&packs), packs.key().clone());
        runtime.block_on(door).unwrap()
    });
}

/// What of that is compiling packs.
#[divan::bench(sample_count = 20)]
fn packs() -> Packs {
    Packs::shipped(FingerprintKey::new([7; 32]))
}

fn message(kilobytes: usize) -> Vec<u8> {
    let line = "Vi har modtaget din henvendelse og vender tilbage, når den er behandlet.\r\n";
    let header = "Subject: Svar\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n";
    let mut bytes = header.as_bytes().to_vec();
    while bytes.len() < kilobytes << 10 {
        bytes.extend_from_slice(line.as_bytes());
    }
    bytes
}

/// Documents of the size offices send, each of the words of the labelled mails.
#[divan::bench(args = ["docx of 30 KB", "xlsx of 100 KB", "pdf of 200 KB", "pdf of 5 MB"])]
fn document(bencher: Bencher<'_, '_>, which: &str) {
    let (name, bytes) = match which {
        "docx of 30 KB" => ("a.docx", documents::docx(30 << 10)),
        "xlsx of 100 KB" => ("a.xlsx", documents::xlsx(100 << 10)),
        "pdf of 200 KB" => ("a.pdf", documents::pdf(20, 150 << 10)),
        _ => ("a.pdf", documents::pdf(60, 5 << 20)),
    };
    measure(bencher, &documents::attached(name, &bytes));
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
