//! How many mail servers a message has passed, while it is being received.

/// Counts the `Received:` fields of a header (RFC 5321 section 6.3), whichever way its lines end.
#[derive(Clone, Debug)]
pub(super) struct Hops {
    at: At,
    count: usize,
}

#[derive(Clone, Copy, Debug)]
enum At {
    /// So many octets into a line, all of which were those of the name.
    Name(usize),
    /// A CR at the start of a line.
    Cr,
    /// Somewhere in a line that is no longer of interest.
    Line,
    /// After the header.
    Text,
}

impl Hops {
    /// At the first octet of a message.
    pub(super) fn new() -> Self {
        Self {
            at: At::Name(0),
            count: 0,
        }
    }

    /// Goes over the next octets, and tells how many fields there were so far.
    pub(super) fn count(&mut self, mut octets: &[u8]) -> usize {
        while let Some((&first, after)) = octets.split_first() {
            octets = after;
            self.at = match (self.at, first) {
                (At::Text, _) => break,
                (At::Name(0) | At::Cr, b'\n') => At::Text,
                (At::Name(_), b'\n') => At::Name(0),
                (At::Name(0), b'\r') => At::Cr,
                (At::Name(len), _) if NAME.get(len) != Some(&first.to_ascii_lowercase()) => {
                    At::Line
                }
                (At::Name(len), _) if len + 1 == NAME.len() => {
                    self.count += 1;
                    At::Line
                }
                (At::Name(len), _) => At::Name(len + 1),
                (At::Line, b'\n') => At::Name(0),
                (At::Cr | At::Line, _) => match memchr::memchr(b'\n', octets) {
                    Some(end) => {
                        octets = octets.get(end + 1..).unwrap_or_default();
                        At::Name(0)
                    }
                    None => {
                        octets = &[];
                        At::Line
                    }
                },
            };
        }
        self.count
    }
}

const NAME: &[u8] = b"received:";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_fields_of_the_header_count_however_it_arrives() {
        for (message, count) in [
            ("Received: a\r\nreceived:b\r\n\r\nReceived: c\r\n", 2),
            ("Received: a\nRECEIVED: b\n\nReceived: c\n", 2),
            (
                "X: Received: a\r\n Received: folded\r\nReceived-SPF: b\r\n",
                0,
            ),
            ("\r\nReceived: a\r\n", 0),
            ("Rec\r\nReceived:\r\n\rReceived: b\r\nReceived: c", 2),
            ("", 0),
        ] {
            for cut in 0..=message.len() {
                let (before, after) = message.as_bytes().split_at(cut);
                let mut hops = Hops::new();
                hops.count(before);
                assert_eq!(hops.count(after), count, "{message:?} cut at {cut}");
            }
        }
    }
}
