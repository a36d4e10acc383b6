//! How fast detection passes over text: clean, full of digits, full of numbers of persons, and made to be slow.
//!
//! `beside` runs two other programs over the same text: ripgrep with one expression for CPR numbers, and an Aho–Corasick automaton with
//! all words of the shipped packs. Neither does the work; they say how fast a machine is.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a bench that cannot run says so by ending"
)]

use std::fmt::Write;
use std::fs;
use std::path::Path;

use divan::Bencher;
use divan::counter::BytesCount;
use sluse::detect::{Detector, detect};
use sluse::extract::{Place, Text, View};
use sluse::limits::Cancel;
use sluse::mime::PartPath;
use sluse::pattern::{FingerprintKey, Packs};

fn main() {
    divan::main();
}

/// The labelled mails of `corpus/` in which nothing is to be found: made to be hard, with the words of all subjects and with names.
#[divan::bench]
fn clean_mails(bencher: Bencher<'_, '_>) {
    run(
        bencher,
        mails(|mail| mail["labels"]["categories"] == serde_json::json!([])),
    );
}

/// All labelled mails of `corpus/`.
#[divan::bench]
fn all_mails(bencher: Bencher<'_, '_>) {
    run(bencher, mails(|_| true));
}

/// The labelled mails one by one, as an inspector meets them that has read others: each second one, when the rest was read.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn mails_after_others(bencher: Bencher<'_, '_>) {
    let packs = Packs::shipped(FingerprintKey::new([7; 32]));
    let all: Vec<[Text; 1]> = each_mail(|_| true).map(|text| [body(text)]).collect();
    let (before, mails): (Vec<_>, Vec<_>) = all.iter().enumerate().partition(|(at, _)| at % 2 == 0);
    let octets: usize = mails.iter().map(|(_, texts)| texts[0].text.len()).sum();
    let read = |detector: &mut Detector<'_>, mails: &[(usize, &[Text; 1])]| {
        for (_, texts) in mails {
            let found = detector.detect(*texts, &Cancel::default());
            divan::black_box_drop(found);
        }
    };
    bencher
        .counter(BytesCount::new(octets))
        .with_inputs(|| {
            let mut detector = Detector::new(&packs);
            read(&mut detector, &before);
            detector
        })
        .bench_local_values(|mut detector| read(&mut detector, &mails));
}

/// Words in no order, by how often Danish has them, with names, telephone numbers and dates in every third sentence.
#[divan::bench]
fn random_words(bencher: Bencher<'_, '_>) {
    run(bencher, random_text(8 << 20));
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

/// A bank's export: dates, accounts, amounts and a word, parted by semicolons.
#[divan::bench]
fn digits_in_csv(bencher: Bencher<'_, '_>) {
    let mut random = Random(4);
    let mut text = "Dato;Konto;Beløb;Tekst;Saldo\n".to_owned();
    while text.len() < 8 << 20 {
        let kinds = ["Husleje", "Indkøb", "Overførsel", "Gebyr", "El", "Vand"];
        let (day, month, account) = (
            random.below(28) + 1,
            random.below(12) + 1,
            random.below(9_999_999_999),
        );
        let (amount, balance) = (random.below(99_999), random.below(9_999_999));
        let kind = kinds[usize::try_from(random.below(6)).unwrap_or(0)];
        writeln!(
            text,
            "{day:02}-{month:02}-2026;4{account:010};{amount},{:02};{kind};{balance},{:02}",
            amount % 97,
            balance % 89
        )
        .unwrap_or_default();
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

/// Made to be slow: every word is a new one.
#[divan::bench]
fn no_word_twice(bencher: Bencher<'_, '_>) {
    let mut random = Random(5);
    let mut text = String::new();
    while text.len() < 1 << 20 {
        write!(text, "{:x} ", random.below(u64::MAX)).unwrap_or_default();
    }
    run(bencher, text);
}

/// Made to be slow: one sentence without an end, of words that many phrases have, about somebody.
#[divan::bench]
fn dense_with_phrases(bencher: Bencher<'_, '_>) {
    let words = "hun er ikke i behandling for sin sygdom og har fået advarsel om gæld til sin mor på hans skole af en ny læge ";
    run(bencher, words.repeat((1 << 20) / words.len()));
}

/// Made to be slow: all phrases of all packs, one after the other, about somebody.
#[divan::bench]
fn all_phrases(bencher: Bencher<'_, '_>) {
    let mut text = String::new();
    while text.len() < 1 << 20 {
        for file in packs_as_written() {
            let words = file.replace(['"', '|', '<', '>', '*', '=', '#', '[', ']', ','], " ");
            text.push_str(&words.replace("...", " hun "));
        }
    }
    run(bencher, text);
}

/// Octets of all kinds, as far as they are text.
#[divan::bench]
fn any_octets(bencher: Bencher<'_, '_>) {
    let mut random = Random(6);
    let octets: Vec<u8> = (0..1 << 20)
        .map(|_| u8::try_from(random.below(256)).unwrap_or(0))
        .collect();
    run(bencher, String::from_utf8_lossy(&octets).into_owned());
}

/// What others do with the same text.
mod beside {
    use super::{Bencher, BytesCount, packs_as_written, random_text};
    use std::process::{Command, Stdio};

    /// `rg -c` with one expression. Fails where ripgrep is not installed.
    #[divan::bench]
    fn ripgrep(bencher: Bencher<'_, '_>) {
        let text = random_text(64 << 20);
        let file = tempfile::NamedTempFile::new().expect("no temporary file");
        std::fs::write(file.path(), &text).expect("the temporary file cannot be written");
        bencher.counter(BytesCount::new(text.len())).bench(|| {
            let mut rg = Command::new("rg");
            rg.args(["-j1", "-c", r"\b[0-3]\d[01]\d\d\d[- ]?\d{4}\b"])
                .arg(file.path());
            rg.stdout(Stdio::null())
                .status()
                .expect("ripgrep (rg) is not installed")
        });
    }

    /// Aho–Corasick with all words of the packs, whatever their case in ASCII.
    #[divan::bench]
    fn aho_corasick(bencher: Bencher<'_, '_>) {
        let text = random_text(8 << 20);
        let mut words: Vec<String> = packs_as_written()
            .iter()
            .flat_map(|file| file.split(|c: char| !c.is_alphanumeric()))
            .filter(|word| word.len() > 2)
            .map(str::to_lowercase)
            .collect();
        words.sort_unstable();
        words.dedup();
        let automaton = aho_corasick::AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .kind(Some(aho_corasick::AhoCorasickKind::DFA))
            .build(&words)
            .expect("the automaton is too large");
        bencher
            .counter(BytesCount::new(text.len()))
            .bench(|| automaton.find_overlapping_iter(&text).count());
    }
}

/// The shipped packs, as files.
fn packs_as_written() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("patterns/dk");
    let files = fs::read_dir(folder).into_iter().flatten().flatten();
    files
        .filter_map(|file| fs::read_to_string(file.path()).ok())
        .collect()
}

/// Subjects and texts of the labelled mails that are wanted.
fn mails(wanted: impl Fn(&serde_json::Value) -> bool) -> String {
    each_mail(wanted).collect()
}

/// The same, each by itself.
fn each_mail(wanted: impl Fn(&serde_json::Value) -> bool) -> impl Iterator<Item = String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/tuned");
    let files = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut mails: Vec<serde_json::Value> = Vec::new();
    for file in files.filter_map(|file| fs::read_to_string(file.path()).ok()) {
        let lines = file.lines();
        mails.extend(lines.filter_map(|line| serde_json::from_str(line).ok()));
    }
    mails.into_iter().filter(wanted).map(|mail| {
        let field = |name: &str| mail[name].as_str().unwrap_or_default().to_owned();
        format!("{}\n\n{}\n\n\n", field("subject"), field("text"))
    })
}

/// Words of a municipality in no order, by Zipf's law.
fn random_text(octets: usize) -> String {
    let words: Vec<&str> = "og i at det er en til af på for der med som den de ikke har et vi kan jeg fra om ved men skal også \
        blev hvor når efter mere eller have være over kun så op ud man under år nu mange ind før mellem kunne uden dag andre alle \
        selv igen sted gør få tid kommune sagen møde aftale ordre levering kunde afdeling projekt rapport budget regnskab kontrakt \
        tilbud pris konto betaling frist bilag vedhæftet spørgsmål svar telefon mail adresse by vej nummer dato uge måned plan opgave \
        ansvar leder bestyrelse udvalg borger ansøgning afgørelse høring notat referat dagsorden punkt beslutning journal system \
        adgang server netværk sikkerhed fejl løsning test drift leverandør byggeri bolig husleje forsikring skade patient læge klinik \
        hospital prøve medicin behandling forløb skole elev lærer forældre institution børn unge kursus oplæg transport vare antal \
        bestilling garanti frokost kantine parkering nøgle ferie fravær vikar løn overenskomst ulykke række større mindre første"
        .split_whitespace()
        .collect();
    let mut random = Random(7);
    let mut text = String::new();
    while text.len() < octets {
        let mut sentence: Vec<String> = (0..6 + random.below(12))
            .map(|_| {
                // The rank of a word is spread evenly over its logarithm.
                let ranks = u32::try_from(words.len()).map_or(1.0, f64::from);
                let share = f64::from(u32::try_from(random.below(1 << 20)).unwrap_or(0))
                    / f64::from(1 << 20);
                let rank = format!("{:.0}", ranks.powf(share) - 1.0)
                    .parse()
                    .unwrap_or(0_usize);
                words.get(rank).copied().unwrap_or("og").to_owned()
            })
            .collect();
        match random.below(9) {
            0 => sentence.push("Mette Sørensen".to_owned()),
            1 => sentence.push(format!(
                "tlf. {} {} {} {}",
                random.below(90) + 10,
                random.below(90) + 10,
                random.below(90) + 10,
                random.below(90) + 10
            )),
            2 => sentence.push(format!(
                "den {}. maj 20{}",
                random.below(28) + 1,
                random.below(17) + 10
            )),
            _ => {}
        }
        let mut sentence = sentence.join(" ");
        if let Some(first) = sentence.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        text += &sentence;
        text += match random.below(5) {
            0 => ".\n\n",
            _ => ". ",
        };
    }
    text
}

fn run(bencher: Bencher<'_, '_>, text: String) {
    let packs = Packs::shipped(FingerprintKey::new([7; 32]));
    let texts = [body(text)];
    let octets = texts[0].text.len();
    bencher
        .counter(BytesCount::new(octets))
        .bench(|| detect(&packs, &texts, &Cancel::default()));
}

fn body(text: String) -> Text {
    Text {
        place: Place::Body,
        view: View::Main,
        part: PartPath::root(),
        name: None,
        text,
        marks: Vec::new(),
    }
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
