//! Cases of `smtp` and of `accept`: what a client sends, what it is answered, and what is kept.
#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a failed test is a panic"
)]

mod accepting;
mod client;
mod heard;
mod lmtp_tls;
mod patience;
mod proxy;
mod smuggling;
mod stopping;
mod tls;
mod transcripts;

/// `\r`, `\n`, `\0`, `\t`, `\\` and `\xNN`, so that a case can hold any octet and be read.
fn unescaped(text: &str) -> Vec<u8> {
    let mut octets = Vec::new();
    let mut rest = text.bytes();
    while let Some(octet) = rest.next() {
        if octet != b'\\' {
            octets.push(octet);
            continue;
        }
        octets.push(match rest.next().unwrap() {
            b'r' => b'\r',
            b'n' => b'\n',
            b't' => b'\t',
            b'0' => b'\0',
            b'x' => {
                let digits = [rest.next().unwrap(), rest.next().unwrap()];
                u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap()
            }
            other => other,
        });
    }
    octets
}

fn escaped(octets: &[u8]) -> String {
    octets.escape_ascii().to_string().replace("\\\"", "\"")
}
