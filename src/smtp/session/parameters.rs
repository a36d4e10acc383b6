//! The parameters of MAIL and RCPT: whether they are ones we announced, and written as their RFCs say. What is
//! passed on are the octets that were typed.

use crate::smtp::{Offers, Reply, xtext};

/// What the parameters of MAIL mean to us.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct MailParameters {
    /// How long the client says the message is (RFC 1870). An estimate, nothing more.
    pub(super) size: u64,
    /// Whether addresses may be in UTF-8 (RFC 6531).
    pub(super) smtputf8: bool,
}

/// Reads the parameters of MAIL.
///
/// Where AUTH is announced, its parameter is taken (RFC 4954 section 5): who has submitted the message, in the words of the client. It
/// means nothing to us.
pub(super) fn mail(raw: &[u8], offers: &Offers, auth: bool) -> Result<MailParameters, Reply> {
    let mut given = MailParameters::default();
    each(raw, |keyword, value| {
        match (keyword, value) {
            ("SIZE", Some(digits)) => given.size = size(digits)?,
            ("BODY", Some(value)) if offers.eightbitmime => one_of(value, &["7BIT", "8BITMIME"])?,
            ("SMTPUTF8", None) if offers.smtputf8 => given.smtputf8 = true,
            ("RET", Some(value)) if offers.dsn => one_of(value, &["FULL", "HDRS"])?,
            ("ENVID", Some(value)) if offers.dsn => printable_xtext(value, 100)?,
            ("AUTH", Some(b"<>")) if auth => {}
            ("AUTH", Some(value)) if auth => printable_xtext(value, 500)?,
            ("AUTH", None) if auth => return Err(Reply::BAD_PARAMETER),
            ("SIZE", None) => return Err(Reply::BAD_PARAMETER),
            ("BODY", None) if offers.eightbitmime => return Err(Reply::BAD_PARAMETER),
            ("SMTPUTF8", Some(_)) if offers.smtputf8 => return Err(Reply::BAD_PARAMETER),
            ("RET" | "ENVID", None) if offers.dsn => return Err(Reply::BAD_PARAMETER),
            _ => return Err(Reply::UNKNOWN_PARAMETER),
        }
        Ok(())
    })?;
    Ok(given)
}

/// Reads the parameters of RCPT.
pub(super) fn rcpt(raw: &[u8], offers: &Offers) -> Result<(), Reply> {
    each(raw, |keyword, value| match (keyword, value) {
        ("NOTIFY", Some(value)) if offers.dsn => notify(value),
        ("ORCPT", Some(value)) if offers.dsn => original_recipient(value),
        ("NOTIFY" | "ORCPT", None) if offers.dsn => Err(Reply::BAD_PARAMETER),
        _ => Err(Reply::UNKNOWN_PARAMETER),
    })
}

/// Hands over each parameter (RFC 5321 section 4.1.2, `esmtp-param`), its keyword in upper case.
fn each(
    raw: &[u8],
    mut read: impl FnMut(&str, Option<&[u8]>) -> Result<(), Reply>,
) -> Result<(), Reply> {
    let mut seen = Vec::new();
    for parameter in raw.split(|&c| c == b' ').filter(|word| !word.is_empty()) {
        let (keyword, value) = match memchr::memchr(b'=', parameter) {
            Some(at) => (parameter.get(..at), parameter.get(at + 1..)),
            None => (Some(parameter), None),
        };
        let keyword = keyword
            .and_then(|keyword| str::from_utf8(keyword).ok())
            .filter(|keyword| is_keyword(keyword))
            .ok_or(Reply::UNKNOWN_PARAMETER)?
            .to_ascii_uppercase();
        if value.is_some_and(|value| value.is_empty() || value.contains(&b'=')) {
            return Err(Reply::BAD_PARAMETER);
        }
        read(&keyword, value)?;
        if seen.contains(&keyword) {
            return Err(Reply::BAD_PARAMETER);
        }
        seen.push(keyword);
    }
    Ok(())
}

fn is_keyword(keyword: &str) -> bool {
    !keyword.starts_with('-')
        && !keyword.is_empty()
        && keyword
            .bytes()
            .all(|c| c.is_ascii_alphanumeric() || c == b'-')
}

/// At most 20 digits (RFC 1870 section 3); what does not fit is more than anybody takes.
fn size(digits: &[u8]) -> Result<u64, Reply> {
    if digits.len() > 20 || !digits.iter().all(u8::is_ascii_digit) {
        return Err(Reply::BAD_PARAMETER);
    }
    let size = str::from_utf8(digits)
        .ok()
        .and_then(|digits| digits.parse().ok());
    Ok(size.unwrap_or(u64::MAX))
}

fn one_of(value: &[u8], words: &[&str]) -> Result<(), Reply> {
    let known = words
        .iter()
        .any(|word| value.eq_ignore_ascii_case(word.as_bytes()));
    known.then_some(()).ok_or(Reply::BAD_PARAMETER)
}

/// RFC 3461 section 4.1: `NEVER` alone, or some of the others.
fn notify(value: &[u8]) -> Result<(), Reply> {
    if value.eq_ignore_ascii_case(b"NEVER") {
        return Ok(());
    }
    value
        .split(|&c| c == b',')
        .try_for_each(|word| one_of(word, &["SUCCESS", "FAILURE", "DELAY"]))
}

/// RFC 3461 section 4.2, and RFC 6533 section 3 for the type `utf-8`, whose addresses may be in UTF-8.
fn original_recipient(value: &[u8]) -> Result<(), Reply> {
    let at = memchr::memchr(b';', value).ok_or(Reply::BAD_PARAMETER)?;
    let (kind, address) = (value.get(..at), value.get(at + 1..));
    let (kind, address) = (kind.unwrap_or_default(), address.unwrap_or_default());
    if !str::from_utf8(kind).is_ok_and(is_keyword) {
        return Err(Reply::BAD_PARAMETER);
    }
    if kind.eq_ignore_ascii_case(b"utf-8") {
        let text = str::from_utf8(address).map_err(|_| Reply::BAD_PARAMETER)?;
        let visible =
            text.len() <= 500 && !text.chars().any(|c| c.is_control() || c.is_whitespace());
        return visible.then_some(()).ok_or(Reply::BAD_PARAMETER);
    }
    printable_xtext(address, 500)
}

fn printable_xtext(value: &[u8], most: usize) -> Result<(), Reply> {
    let decoded = xtext::decode(value).ok_or(Reply::BAD_PARAMETER)?;
    let printable = value.len() <= most && !decoded.iter().any(u8::is_ascii_control);
    printable.then_some(()).ok_or(Reply::BAD_PARAMETER)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: Offers = Offers {
        size: None,
        eightbitmime: true,
        smtputf8: true,
        dsn: true,
        chunking: false,
    };

    #[test]
    fn announced_parameters_are_taken() {
        let given = mail(
            b"SIZE=1000 body=8BITMIME SMTPUTF8 RET=hdrs ENVID=QQ+2B1",
            &ALL,
            false,
        );
        let expected = MailParameters {
            size: 1000,
            smtputf8: true,
        };
        assert_eq!(given, Ok(expected));
        assert_eq!(
            mail(b"SIZE=99999999999999999999", &ALL, false)
                .unwrap()
                .size,
            u64::MAX
        );
        for raw in [
            "NOTIFY=NEVER",
            "NOTIFY=success,DELAY ORCPT=rfc822;a+2Bb@c.dk",
            "ORCPT=utf-8;søren@c.dk",
            "",
        ] {
            assert_eq!(rcpt(raw.as_bytes(), &ALL), Ok(()), "{raw}");
        }
    }

    #[test]
    fn what_was_not_announced_is_told_apart_from_what_is_wrong() {
        let none = Offers::default();
        for (raw, offers, reply) in [
            ("RET=FULL", &none, Reply::UNKNOWN_PARAMETER),
            ("BODY=8BITMIME", &none, Reply::UNKNOWN_PARAMETER),
            ("SMTPUTF8", &none, Reply::UNKNOWN_PARAMETER),
            ("AUTH=<>", &ALL, Reply::UNKNOWN_PARAMETER),
            ("=x", &ALL, Reply::UNKNOWN_PARAMETER),
            ("SIZE", &ALL, Reply::BAD_PARAMETER),
            ("SIZE=", &ALL, Reply::BAD_PARAMETER),
            ("SIZE=-1", &ALL, Reply::BAD_PARAMETER),
            ("SIZE=1 SIZE=1", &ALL, Reply::BAD_PARAMETER),
            ("SIZE=1=2", &ALL, Reply::BAD_PARAMETER),
            ("BODY=BINARYMIME", &ALL, Reply::BAD_PARAMETER),
            ("SMTPUTF8=1", &ALL, Reply::BAD_PARAMETER),
            ("RET=ALL", &ALL, Reply::BAD_PARAMETER),
            ("ENVID=a+0D+0Ab", &ALL, Reply::BAD_PARAMETER),
            ("ENVID=a+0", &ALL, Reply::BAD_PARAMETER),
        ] {
            assert_eq!(mail(raw.as_bytes(), offers, false), Err(reply), "{raw}");
        }
        for (raw, reply) in [
            ("AUTH=<>", Ok(MailParameters::default())),
            ("AUTH=a+3Db@c.dk", Ok(MailParameters::default())),
            ("AUTH", Err(Reply::BAD_PARAMETER)),
            ("AUTH=", Err(Reply::BAD_PARAMETER)),
            ("AUTH=a+0Db", Err(Reply::BAD_PARAMETER)),
        ] {
            assert_eq!(mail(raw.as_bytes(), &ALL, true), reply, "{raw}");
        }
        for raw in [
            "NOTIFY=NEVER,SUCCESS",
            "NOTIFY=SUCCESS,,DELAY",
            "ORCPT=a@c.dk",
            "ORCPT=rfc822;a b",
            "ORCPT=rfc822;a+0Ab",
            "ORCPT=rf c;a",
            "ORCPT=utf-8;a\u{2028}b",
        ] {
            assert!(rcpt(raw.as_bytes(), &ALL).is_err(), "{raw}");
        }
    }
}
