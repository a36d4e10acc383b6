//! xtext (RFC 3461 section 4): how ESMTP values carry octets that a command line cannot.

/// The octets that `raw` stands for; `None` where it is not xtext.
pub(super) fn decode(raw: &[u8]) -> Option<Vec<u8>> {
    let mut decoded = Vec::with_capacity(raw.len());
    let mut rest = raw.iter();
    while let Some(&octet) = rest.next() {
        match octet {
            b'+' => {
                let (high, low) = (digit(*rest.next()?)?, digit(*rest.next()?)?);
                decoded.push(high << 4 | low);
            }
            b'!'..=b'<' | b'>'..=b'~' => decoded.push(octet),
            _ => return None,
        }
    }
    Some(decoded)
}

/// Only upper case: RFC 3461 says so.
fn digit(octet: u8) -> Option<u8> {
    match octet {
        b'0'..=b'9' => Some(octet - b'0'),
        b'A'..=b'F' => Some(octet - b'A' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_xtext_is_decoded() {
        for (raw, octets) in [
            ("abc", Some("abc")),
            ("a+20b+2Bc+3D", Some("a b+c=")),
            ("", Some("")),
            ("+2", None),
            ("+2b", None),
            ("a=b", None),
            ("a b", None),
            ("æ", None),
        ] {
            assert_eq!(
                decode(raw.as_bytes()).as_deref(),
                octets.map(str::as_bytes),
                "{raw}"
            );
        }
    }

    proptest! {
        #[test]
        fn what_was_encoded_is_decoded(octets: Vec<u8>) {
            let raw: String = octets.iter().map(|octet| format!("+{octet:02X}")).collect();
            prop_assert_eq!(decode(raw.as_bytes()), Some(octets));
        }
    }
}
