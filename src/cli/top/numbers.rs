//! The numbers of one look.

use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

/// Everything `/metrics` and `/readyz` told at one moment.
#[derive(Debug)]
pub(super) struct Numbers {
    at: Instant,
    samples: Vec<Sample>,
    /// Why no message should be sent there; none where it is ready.
    pub(super) reasons: Vec<String>,
}

#[derive(Debug)]
struct Sample {
    name: String,
    labels: BTreeMap<String, String>,
    value: f64,
}

impl Numbers {
    /// Asks whoever listens there.
    pub(super) fn of(address: SocketAddr) -> io::Result<Self> {
        let (found, told) = get(address, "/metrics")?;
        let (status, ready) = get(address, "/readyz")?;
        let reasons = match status {
            200 => Vec::new(),
            _ => ready.lines().map(plain).collect(),
        };
        let numbers = Self::told(&told, reasons);
        match found == 200 && !numbers.with("sluse_build_info", &[]).is_empty() {
            true => Ok(numbers),
            false => Err(no_answer()),
        }
    }

    /// As Prometheus reads them (its text format 0.0.4). A line that is none is passed over.
    pub(super) fn told(text: &str, reasons: Vec<String>) -> Self {
        Self {
            at: Instant::now(),
            samples: text.lines().filter_map(sample).collect(),
            reasons,
        }
    }

    /// The seconds since another look.
    pub(super) fn seconds_since(&self, before: &Self) -> f64 {
        self.at.duration_since(before.at).as_secs_f64()
    }

    /// The sum of what is counted by this name with these labels.
    pub(super) fn sum(&self, name: &str, labels: &[(&str, &str)]) -> f64 {
        let all = self.with(name, labels).into_iter();
        all.fold(0.0, |sum, it| sum + it.value)
    }

    /// The sum for each value of a label, in the order of those.
    pub(super) fn by(
        &self,
        name: &str,
        label: &str,
        labels: &[(&str, &str)],
    ) -> BTreeMap<&str, f64> {
        let mut sums = BTreeMap::new();
        for sample in self.with(name, labels) {
            if let Some(value) = sample.labels.get(label) {
                *sums.entry(value.as_str()).or_default() += sample.value;
            }
        }
        sums
    }

    fn with<'s>(&'s self, name: &str, labels: &[(&str, &str)]) -> Vec<&'s Sample> {
        let is_wanted = |it: &&Sample| {
            let has =
                |(label, value): &(&str, &str)| it.labels.get(*label).is_some_and(|it| it == value);
            it.name == name && labels.iter().all(has)
        };
        self.samples.iter().filter(is_wanted).collect()
    }
}

/// `name{label="value",…} 12`
fn sample(line: &str) -> Option<Sample> {
    if line.starts_with('#') {
        return None;
    }
    let (named, value) = line.rsplit_once(' ')?;
    let (name, labels) = match named.split_once('{') {
        Some((name, labels)) => (name, labels_of(labels.strip_suffix('}')?)?),
        None => (named, BTreeMap::new()),
    };
    Some(Sample {
        name: plain(name),
        labels,
        value: value.parse().ok()?,
    })
}

fn labels_of(mut text: &str) -> Option<BTreeMap<String, String>> {
    let mut labels = BTreeMap::new();
    while !text.is_empty() {
        let (label, rest) = text.split_once("=\"")?;
        let mut value = String::new();
        let mut letters = rest.char_indices();
        let end = loop {
            match letters.next()? {
                (at, '"') => break at,
                (_, '\\') => value.push(letters.next()?.1),
                (_, letter) => value.push(letter),
            }
        };
        labels.insert(plain(label), plain(&value));
        text = rest.get(end + 1..)?.trim_start_matches(',');
    }
    Some(labels)
}

/// Nothing that a terminal would obey: the answer may be anybody's.
fn plain(text: &str) -> String {
    text.chars()
        .map(|it| if it.is_control() { '?' } else { it })
        .collect()
}

/// The status of an answer, and what it says.
fn get(address: SocketAddr, path: &str) -> io::Result<(u16, String)> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
    )?;
    let mut answer = Vec::new();
    stream.take(LONGEST).read_to_end(&mut answer)?;
    let answer = String::from_utf8_lossy(&answer);
    let (head, said) = answer.split_once("\r\n\r\n").ok_or_else(no_answer)?;
    let status = head.split(' ').nth(1).and_then(|it| it.parse().ok());
    Ok((status.ok_or_else(no_answer)?, said.to_owned()))
}

fn no_answer() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "the answer is none of Sluse")
}

/// How long each step of an answer may take. Fixed: 5 s.
const PATIENCE: Duration = Duration::from_secs(5);

/// The octets of an answer that are read. Fixed: 4 MiB; what is longer is cut.
const LONGEST: u64 = 4 << 20;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_prometheus_reads_is_read() {
        let text = "# HELP a b\nplain 3\nroutes_total{route=\"n\\\"\\\\,o\",outcome=\"taken\"} 4\n\
            routes_total{route=\"s\",outcome=\"taken\"} 5.5\nroutes_total{route=\"s\",outcome=\"lost\"} 1\nbroken{\nbad x\n";
        let numbers = Numbers::told(text, vec![]);
        assert_eq!(numbers.sum("plain", &[]), 3.0);
        assert_eq!(numbers.sum("routes_total", &[("outcome", "taken")]), 9.5);
        let by = numbers.by("routes_total", "route", &[]);
        assert_eq!(by, BTreeMap::from([("n\"\\,o", 4.0), ("s", 6.5)]));
        assert_eq!(numbers.samples.len(), 4);
    }

    #[test]
    fn nothing_reaches_the_terminal_that_it_would_obey() {
        let numbers = Numbers::told("a{route=\"\x1b[2J\"} 1\n", vec![]);
        assert_eq!(
            numbers.by("a", "route", &[]),
            BTreeMap::from([("?[2J", 1.0)])
        );
    }
}
