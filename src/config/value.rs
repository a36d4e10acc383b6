//! Sizes, times and addresses, as people write them.

use std::time::Duration;

use crate::act::NextHop;
use crate::config::problem::Code;

/// What is wrong with a value, and how to write it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wrong {
    /// Its kind.
    pub(super) code: Code,
    /// What is wrong: `is no size`.
    pub(super) what: String,
    /// How it is written.
    pub(super) remedy: String,
}

impl Wrong {
    pub(super) fn new(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            code: Code::WrongValue,
            what: what.into(),
            remedy: remedy.into(),
        }
    }
}

/// One of some words.
pub(super) fn word<T: Copy>(
    text: &str,
    kind: &str,
    known: impl IntoIterator<Item = T>,
    spelled: impl Fn(T) -> &'static str,
) -> Result<T, Wrong> {
    let known: Vec<T> = known.into_iter().collect();
    let found = known.iter().find(|one| spelled(**one) == text);
    found.copied().ok_or_else(|| {
        let spellings: Vec<&str> = known.iter().map(|one| spelled(*one)).collect();
        Wrong {
            code: Code::UnknownWord,
            what: format!("is no {kind}"),
            remedy: suggestion(text, &spellings),
        }
    })
}

/// `did you mean ..?`, or all there are.
pub(super) fn suggestion(written: &str, known: &[&str]) -> String {
    let nearest = known
        .iter()
        .map(|known| (strsim::damerau_levenshtein(written, known), known))
        .filter(|(distance, known)| *distance <= known.len().max(3) / 3)
        .min();
    match nearest {
        Some((_, known)) => format!("did you mean `{known}`?"),
        None => format!("known are: {}", known.join(", ")),
    }
}

/// `50MiB`. Powers of 1024 are written with an `i`, powers of 1000 without.
pub(super) fn size(text: &str) -> Result<u64, Wrong> {
    let remedy = "write a whole number and a unit: `B`, `KiB`, `MiB`, `GiB`, `kB`, `MB` or `GB`; for example `50MiB`";
    let (number, unit) = number_and_unit(text).ok_or_else(|| Wrong::new("is no size", remedy))?;
    let factor: u64 = match unit {
        "B" => 1,
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        "GiB" => 1 << 30,
        "kB" => 1_000,
        "MB" => 1_000_000,
        "GB" => 1_000_000_000,
        "" => return Err(Wrong::new("is a number without a unit", remedy)),
        _ => {
            return Err(Wrong::new(
                format!("has a unit, `{unit}`, that is none of size"),
                remedy,
            ));
        }
    };
    match number.checked_mul(factor) {
        Some(0) => Err(Wrong::new("is nothing", "give a size of at least `1B`")),
        Some(octets) if octets <= MOST_OCTETS => Ok(octets),
        _ => Err(Wrong::new(
            "is too large",
            "give a size of at most `1024GiB`",
        )),
    }
}

/// `80s`.
pub(super) fn duration(text: &str) -> Result<Duration, Wrong> {
    let remedy = "write a whole number and a unit: `ms`, `s`, `min`, `h` or `d`; for example `80s`";
    let (number, unit) = number_and_unit(text).ok_or_else(|| Wrong::new("is no time", remedy))?;
    let factor: u64 = match unit {
        "ms" => 1,
        "s" => 1_000,
        "min" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        "" => return Err(Wrong::new("is a number without a unit", remedy)),
        _ => {
            return Err(Wrong::new(
                format!("has a unit, `{unit}`, that is none of time"),
                remedy,
            ));
        }
    };
    match number.checked_mul(factor) {
        Some(0) => Err(Wrong::new(
            "is no time at all",
            "give a time of at least `1ms`",
        )),
        Some(ms) if ms <= MOST_MS => Ok(Duration::from_millis(ms)),
        _ => Err(Wrong::new("is too long", "give a time of at most `366d`")),
    }
}

/// `mail.example:25`, `192.0.2.1:25`, `[2001:db8::1]:25`.
pub(super) fn next_hop(text: &str) -> Result<NextHop, Wrong> {
    let remedy = "write a host and a port, for example `127.0.0.1:10026`, `mail.kommune.example:25` or \
                  `[2001:db8::1]:25`";
    let (host, port) = text
        .rsplit_once(':')
        .ok_or_else(|| Wrong::new("has no port", remedy))?;
    let port: u16 = port
        .parse()
        .ok()
        .filter(|port| *port != 0)
        .ok_or_else(|| Wrong::new("has a port that is no number from 1 to 65535", remedy))?;
    let host = match host
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
    {
        Some(literal) if literal.parse::<std::net::Ipv6Addr>().is_ok() => literal,
        None if host_name(host).is_ok() => host,
        _ => {
            return Err(Wrong::new(
                "has a host that is no name and no address",
                remedy,
            ));
        }
    };
    Ok(NextHop {
        host: host.into(),
        port,
    })
}

/// A host name or an IPv4 address.
pub(super) fn host_name(text: &str) -> Result<Box<str>, Wrong> {
    let good = !text.is_empty()
        && text.len() <= 253
        && text.split('.').all(|label| {
            !label.is_empty()
                && !label.starts_with('-')
                && label
                    .bytes()
                    .all(|octet| octet.is_ascii_alphanumeric() || octet == b'-' || octet == b'_')
        });
    if good {
        Ok(text.into())
    } else {
        Err(Wrong::new(
            "is no host name",
            "write a name in ASCII, for example `sluse.kommune.example`",
        ))
    }
}

/// A value as a message quotes it: on one line, and not at any length.
pub(super) fn shown(text: &str) -> String {
    let mut shown: String = text.chars().take(60).flat_map(char::escape_debug).collect();
    if text.chars().nth(60).is_some() {
        shown.push('…');
    }
    shown
}

const MOST_OCTETS: u64 = 1 << 40;
const MOST_MS: u64 = 366 * 86_400_000;

/// `50 MiB` is the number 50 and the unit `MiB`.
fn number_and_unit(text: &str) -> Option<(u64, &str)> {
    let text = text.trim();
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (number, unit) = text.split_at_checked(end)?;
    Some((number.parse().ok()?, unit.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_times_are_read_as_people_write_them() {
        assert_eq!(size("50MiB"), Ok(50 << 20));
        assert_eq!(size("1 MB"), Ok(1_000_000));
        assert_eq!(duration("80s"), Ok(Duration::from_secs(80)));
        assert_eq!(duration("5 min"), Ok(Duration::from_secs(300)));
        for text in [
            "",
            "MiB",
            "50",
            "50mib",
            "0B",
            "-1B",
            "1.5MiB",
            "99999999999GiB",
        ] {
            assert!(size(text).is_err(), "{text}");
        }
        for text in ["", "80", "80S", "0s", "1000d", "18446744073709551615d"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_next_hop_is_a_host_and_a_port() {
        for (text, host, port) in [
            ("127.0.0.1:25", "127.0.0.1", 25),
            ("mail.example:10026", "mail.example", 10026),
            ("[::1]:25", "::1", 25),
        ] {
            let hop = next_hop(text).unwrap();
            assert_eq!((&*hop.host, hop.port), (host, port));
        }
        for text in [
            "mail.example",
            "mail.example:0",
            "::1:25",
            ":25",
            "a b:25",
            "[mail]:25",
            "x:99999",
        ] {
            assert!(next_hop(text).is_err(), "{text}");
        }
    }
}
