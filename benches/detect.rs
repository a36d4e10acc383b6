//! How fast detection passes over text: clean, full of digits, and full of numbers of persons.

use std::fmt::Write;

use divan::Bencher;
use divan::counter::BytesCount;
use sluse::detect::detect;
use sluse::extract::{Place, Text, View};
use sluse::limits::Cancel;
use sluse::mime::PartPath;
use sluse::pattern::{FingerprintKey, Packs};

fn main() {
    divan::main();
}

/// Danish prose with a time and a room in it now and then.
#[divan::bench]
fn clean_text(bencher: Bencher<'_, '_>) {
    let line = "Kære alle, mødet om den nye plan for skolerne er flyttet til torsdag kl. 14 i rum 203. Husk kaffe og kage.\n";
    run(bencher, line.repeat(80_000));
}

/// The same without a letter outside ASCII, and without a digit.
#[divan::bench]
fn ascii_text(bencher: Bencher<'_, '_>) {
    let line = "Hej alle, referatet fra sidste uge ligger nu i mappen, og alle kan se det. Husk at svare inden fredag.\n";
    run(bencher, line.repeat(80_000));
}

/// Prose in which every line has quotes and dashes that are folded.
#[divan::bench]
fn folded_text(bencher: Bencher<'_, '_>) {
    let line = "Hej alle – referatet fra “sidste uge” ligger nu i mappen, og alle kan se det. Husk at svare inden fredag.\n";
    run(bencher, line.repeat(80_000));
}

/// Rows of measurements, a third of them ten digits long.
#[divan::bench]
fn digits_in_rows(bencher: Bencher<'_, '_>) {
    let mut random = Random(1);
    let mut text = "Tid\tMåler\tVærdi\tSum\n".to_owned();
    while text.len() < 8 << 20 {
        let (a, b, c, d) = (
            random.below(86_400),
            random.below(9_999_999_999),
            random.below(99_999),
            random.below(9_999_999),
        );
        writeln!(text, "{a}\t{b:010}\t{c}.{}\t{d}", c % 97).unwrap_or_default();
    }
    run(bencher, text);
}

/// Numbers of ten digits and nothing else, by lines.
#[divan::bench]
fn ten_digits_in_lines(bencher: Bencher<'_, '_>) {
    let mut random = Random(2);
    let mut text = String::new();
    while text.len() < 8 << 20 {
        writeln!(text, "{:010}", random.below(9_999_999_999)).unwrap_or_default();
    }
    run(bencher, text);
}

/// A list of people: every row is a finding, until there are as many as one message may have.
#[divan::bench]
fn list_of_people(bencher: Bencher<'_, '_>) {
    let mut random = Random(3);
    let mut text = "Navn\tCPR-nr.\tBy\n".to_owned();
    for row in 0..9_000 {
        let (day, month, year) = (
            random.below(28) + 1,
            random.below(12) + 1,
            random.below(60) + 37,
        );
        let serial = random.below(3999);
        writeln!(
            text,
            "Person {row}\t{day:02}{month:02}{year:02}-{serial:04}\tSkovby"
        )
        .unwrap_or_default();
    }
    run(bencher, text);
}

/// Made to be slow: heads as long as they may be, over rows of numbers that no label settles.
#[divan::bench]
fn long_heads(bencher: Bencher<'_, '_>) {
    let head = "fødselsdato sidste\t".repeat(3_000);
    let rows = "120352\t1203521234\t12 03 52 1234\n".repeat(5_000);
    run(bencher, format!("{head}\n").repeat(6) + &rows);
}

/// Made to be slow: numbers that are refuted, so that no limit of findings ends it.
#[divan::bench]
fn refuted(bencher: Bencher<'_, '_>) {
    run(bencher, "ordre 120352-1234 ".repeat(20_000));
}

fn run(bencher: Bencher<'_, '_>, text: String) {
    let packs = Packs::shipped(FingerprintKey::new([7; 32]));
    let texts = [Text {
        place: Place::Body,
        view: View::Main,
        part: PartPath::root(),
        name: None,
        text,
        marks: Vec::new(),
    }];
    let octets = texts[0].text.len();
    bencher
        .counter(BytesCount::new(octets))
        .bench(|| detect(&packs, &texts, &Cancel::default()));
}

/// A small generator, so that every run has the same text (Marsaglia's xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, most: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % most
    }
}
