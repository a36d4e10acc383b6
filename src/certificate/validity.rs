//! Until when a certificate is good: the one thing about our own that nobody asks before it is too late.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use rustls::pki_types::CertificateDer;

/// When a certificate runs out, in seconds since 1970; `None` where it is not written as RFC 5280 section 4.1 has it.
pub(super) fn not_after(certificate: &CertificateDer<'_>) -> Option<i64> {
    let (whole, _) = element(certificate, SEQUENCE)?;
    let (mut signed, _) = element(whole, SEQUENCE)?;
    if let Some((_version, rest)) = element(signed, VERSION) {
        signed = rest;
    }
    // Its number, how it is signed, and by whom.
    for tag in [INTEGER, SEQUENCE, SEQUENCE] {
        (_, signed) = element(signed, tag)?;
    }
    let (validity, _) = element(signed, SEQUENCE)?;
    let (_, not_after) = time(validity)?;
    let (not_after, _) = time(not_after)?;
    let time = not_after.to_zoned(TimeZone::UTC).ok()?;
    Some(time.timestamp().as_second())
}

const INTEGER: u8 = 0x02;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
const SEQUENCE: u8 = 0x30;
/// `[0]`, which stands before the version.
const VERSION: u8 = 0xa0;

/// What is in the element at the beginning, if it has this tag, and what follows it (DER, X.690 section 8.1).
fn element(octets: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (&first, rest) = octets.split_first()?;
    let (&length, rest) = rest.split_first()?;
    let (length, rest) = match length {
        ..0x80 => (usize::from(length), rest),
        0x80.. => {
            let (length, rest) = rest.split_at_checked(usize::from(length & 0x7f))?;
            if length.len() > 4 {
                return None;
            }
            let value = |all, octet: &u8| all << 8 | usize::from(*octet);
            (length.iter().fold(0, value), rest)
        }
    };
    (first == tag).then_some(())?;
    rest.split_at_checked(length)
}

/// A time as certificates have it: `YYMMDDhhmmssZ`, whose years begin with 1950, or `YYYYMMDDhhmmssZ`.
fn time(octets: &[u8]) -> Option<(DateTime, &[u8])> {
    let (text, rest, century) = match element(octets, UTC_TIME) {
        Some((text, rest)) if text.first()? >= &b'5' => (text, rest, "19"),
        Some((text, rest)) => (text, rest, "20"),
        None => {
            let (text, rest) = element(octets, GENERALIZED_TIME)?;
            (text, rest, "")
        }
    };
    let text = format!("{century}{}", str::from_utf8(text).ok()?);
    let time = DateTime::strptime("%Y%m%d%H%M%SZ", text).ok()?;
    Some((time, rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rcgen::{CertificateParams, KeyPair, date_time_ymd};

    #[test]
    fn the_end_is_read_in_either_form_of_time() {
        // The second is written with four digits of the year, for it lies beyond 2049.
        for (year, seconds) in [(2031, 1_935_792_000), (2055, 2_693_174_400)] {
            let mut params = CertificateParams::new(vec!["mail.example".to_owned()]).unwrap();
            params.not_after = date_time_ymd(year, 5, 6);
            let key = KeyPair::generate().unwrap();
            let certificate = params.self_signed(&key).unwrap();
            assert_eq!(not_after(certificate.der()), Some(seconds), "{year}");
            for end in 0..certificate.der().len() {
                let cut = certificate.der().get(..end).unwrap().to_vec();
                assert_eq!(not_after(&cut.into()), None);
            }
        }
    }
}
