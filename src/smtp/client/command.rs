//! The commands that carry an envelope to a next hop.

use crate::mail::{Parameters, Recipient, ReversePath};
use crate::smtp::client::{Capabilities, Extension};

/// Why an envelope cannot be told to this next hop.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Unsendable {
    /// The transaction uses an extension that the next hop did not announce, and cannot do without it.
    #[error("the next hop lacks {}", .0.keyword())]
    Lacking(Extension),
    /// A control character in an address or a parameter: sent on, it would be a command of the client's own making.
    #[error("a control character in an address or a parameter")]
    Control,
}

/// Writes `MAIL` after what `wire` holds; nothing, where the envelope is unsendable.
///
/// The parameters are the client's, octet for octet, but for what the next hop did not announce (see [`Unsendable`]) and for
/// `SIZE`, which is `size` where the size of the message is known. The number a client gives need not be exact (Postfix
/// leaves out the `Received:` field it adds), so without `size` it is passed on for what it is.
pub fn mail(
    wire: &mut Vec<u8>,
    path: &ReversePath,
    parameters: &Parameters,
    size: Option<u64>,
    offers: &Capabilities,
) -> Result<(), Unsendable> {
    let address = match path {
        ReversePath::Null => "",
        ReversePath::Mailbox(address) => address.raw(),
    };
    let size = size.filter(|_| offers.offers(Extension::Size));
    let kept = kept(address, parameters, offers)?;
    wire.extend_from_slice(b"MAIL FROM:<");
    wire.extend_from_slice(address.as_bytes());
    wire.push(b'>');
    for parameter in kept {
        if size.is_none() || !keyword_of(parameter).eq_ignore_ascii_case(b"SIZE") {
            wire.push(b' ');
            wire.extend_from_slice(parameter);
        }
    }
    if let Some(size) = size {
        wire.extend_from_slice(format!(" SIZE={size}").as_bytes());
    }
    wire.extend_from_slice(b"\r\n");
    Ok(())
}

/// Writes `RCPT` after what `wire` holds, as [`mail`] does.
pub fn rcpt(
    wire: &mut Vec<u8>,
    recipient: &Recipient,
    offers: &Capabilities,
) -> Result<(), Unsendable> {
    let address = recipient.address.raw();
    let kept = kept(address, &recipient.parameters, offers)?;
    wire.extend_from_slice(b"RCPT TO:<");
    wire.extend_from_slice(address.as_bytes());
    wire.push(b'>');
    for parameter in kept {
        wire.push(b' ');
        wire.extend_from_slice(parameter);
    }
    wire.extend_from_slice(b"\r\n");
    Ok(())
}

/// The parameters that are passed on.
fn kept<'a>(
    address: &str,
    parameters: &'a Parameters,
    offers: &Capabilities,
) -> Result<Vec<&'a [u8]>, Unsendable> {
    let raw = parameters.raw();
    if address.bytes().chain(raw.iter().copied()).any(is_control) {
        return Err(Unsendable::Control);
    }
    if !address.is_ascii() && !offers.offers(Extension::SmtpUtf8) {
        return Err(Unsendable::Lacking(Extension::SmtpUtf8));
    }
    let mut kept = Vec::new();
    for parameter in raw.split(|&c| c == b' ').filter(|word| !word.is_empty()) {
        match Use::of(parameter) {
            Use::Optional(extension) if !offers.offers(extension) => {}
            Use::Needed(extension) if !offers.offers(extension) => {
                return Err(Unsendable::Lacking(extension));
            }
            Use::Never(extension) => return Err(Unsendable::Lacking(extension)),
            Use::Optional(_) | Use::Needed(_) | Use::Unknown => kept.push(parameter),
        }
    }
    Ok(kept)
}

/// What a parameter uses, and whether the transaction can do without it.
enum Use {
    /// It can: the parameter is left out where the extension is not offered.
    Optional(Extension),
    /// It cannot.
    Needed(Extension),
    /// A message sent by DATA cannot use it at all.
    Never(Extension),
    /// The next hop may know.
    Unknown,
}

impl Use {
    fn of(parameter: &[u8]) -> Self {
        let keyword = keyword_of(parameter).to_ascii_uppercase();
        let value = parameter.get(keyword.len() + 1..).unwrap_or_default();
        match keyword.as_slice() {
            b"SIZE" => Self::Optional(Extension::Size),
            b"AUTH" => Self::Optional(Extension::Auth),
            b"BODY" if value.eq_ignore_ascii_case(b"7BIT") => {
                Self::Optional(Extension::EightBitMime)
            }
            // RFC 3030 section 3: only BDAT carries it.
            b"BODY" if value.eq_ignore_ascii_case(b"BINARYMIME") => {
                Self::Never(Extension::BinaryMime)
            }
            b"BODY" => Self::Needed(Extension::EightBitMime),
            b"SMTPUTF8" => Self::Needed(Extension::SmtpUtf8),
            b"REQUIRETLS" => Self::Needed(Extension::RequireTls),
            b"RET" | b"ENVID" | b"ORCPT" => Self::Optional(Extension::Dsn),
            // A relay whose next hop lacks DSN is the one to send the notice of success (RFC 3461 section 5.2.2), and we
            // send none. Told later that we do not offer DSN, the client sends it. A notice of failure comes unasked.
            b"NOTIFY" if asks_for_success(value) => Self::Needed(Extension::Dsn),
            b"NOTIFY" => Self::Optional(Extension::Dsn),
            _ => Self::Unknown,
        }
    }
}

fn asks_for_success(notify: &[u8]) -> bool {
    notify
        .split(|&c| c == b',')
        .any(|word| word.eq_ignore_ascii_case(b"SUCCESS"))
}

fn keyword_of(parameter: &[u8]) -> &[u8] {
    parameter.split(|&c| c == b'=').next().unwrap_or_default()
}

fn is_control(octet: u8) -> bool {
    octet.is_ascii_control()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::Address;
    use crate::smtp::Reply;

    fn offers(lines: &[&str]) -> Capabilities {
        let lines = std::iter::once("mx").chain(lines.iter().copied());
        let lines = lines.map(|line| line.as_bytes().into()).collect();
        Capabilities::read(&Reply::from_lines(250, lines))
    }

    fn mail_told(
        parameters: &str,
        size: Option<u64>,
        lines: &[&str],
    ) -> Result<String, Unsendable> {
        let path = ReversePath::Mailbox(Address::parse("a@b.example").unwrap());
        let mut wire = Vec::new();
        let parameters = Parameters::new(parameters.as_bytes());
        mail(&mut wire, &path, &parameters, size, &offers(lines))?;
        Ok(String::from_utf8(wire).unwrap())
    }

    fn rcpt_told(address: &str, parameters: &str, lines: &[&str]) -> Result<String, Unsendable> {
        let recipient = Recipient {
            address: Address::parse(address).unwrap(),
            parameters: Parameters::new(parameters.as_bytes()),
        };
        let mut wire = Vec::new();
        rcpt(&mut wire, &recipient, &offers(lines))?;
        Ok(String::from_utf8(wire).unwrap())
    }

    #[test]
    fn parameters_pass_unchanged_where_they_may() {
        for (parameters, size, lines, told) in [
            ("", None, &[][..], ""),
            (
                "SIZE=10 body=8bitmime ret=HDRS Envid=q+2Bx X-ODD=1",
                None,
                &["SIZE", "8BITMIME", "DSN"],
                " SIZE=10 body=8bitmime ret=HDRS Envid=q+2Bx X-ODD=1",
            ),
            ("SIZE=10", Some(12), &["SIZE"], " SIZE=12"),
            ("", Some(12), &["SIZE"], " SIZE=12"),
            ("SIZE=10", Some(12), &[], ""),
            ("BODY=7BIT RET=FULL AUTH=<>", None, &[], ""),
        ] {
            let line = format!("MAIL FROM:<a@b.example>{told}\r\n");
            assert_eq!(mail_told(parameters, size, lines), Ok(line));
        }
        assert_eq!(
            rcpt_told(
                "c@d.example",
                "NOTIFY=SUCCESS,DELAY ORCPT=rfc822;c",
                &["DSN"]
            ),
            Ok("RCPT TO:<c@d.example> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;c\r\n".into())
        );
        assert_eq!(
            rcpt_told("c@d.example", "NOTIFY=FAILURE ORCPT=rfc822;c", &[]),
            Ok("RCPT TO:<c@d.example>\r\n".into())
        );
    }

    #[test]
    fn what_a_next_hop_lacks_is_not_left_out_in_silence() {
        for (parameters, lacking) in [
            ("BODY=8BITMIME", Extension::EightBitMime),
            ("BODY=BINARYMIME", Extension::BinaryMime),
            ("smtputf8", Extension::SmtpUtf8),
            ("REQUIRETLS", Extension::RequireTls),
        ] {
            let told = mail_told(parameters, None, &["BINARYMIME"]);
            assert_eq!(told, Err(Unsendable::Lacking(lacking)));
        }
        assert_eq!(
            rcpt_told("c@d.example", "NOTIFY=success", &[]),
            Err(Unsendable::Lacking(Extension::Dsn))
        );
        assert_eq!(
            rcpt_told("\u{e6}@d.example", "", &[]),
            Err(Unsendable::Lacking(Extension::SmtpUtf8))
        );
    }

    #[test]
    fn no_client_writes_a_command_of_its_own() {
        for (address, parameters) in [("c@d.example", "X=1\r\nRSET"), ("c@d.example", "X=\0")] {
            assert_eq!(
                rcpt_told(address, parameters, &[]),
                Err(Unsendable::Control)
            );
        }
    }
}
