//! Character references (WHATWG HTML section 13.2.5.72).

use std::borrow::Cow;

use html5ever::data::{C1_REPLACEMENTS, NAMED_ENTITIES};
use memchr::memchr;

/// `text` with its references decoded.
pub(super) fn decoded(text: &str) -> Cow<'_, str> {
    decode(text, false)
}

/// The same for the value of an attribute, where a reference without `;` before a letter, digit or `=` is none: it is
/// the next field of a link.
pub(super) fn decoded_in_attribute(value: &str) -> Cow<'_, str> {
    decode(value, true)
}

fn decode(text: &str, in_attribute: bool) -> Cow<'_, str> {
    if memchr(b'&', text.as_bytes()).is_none() {
        return text.into();
    }
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        decoded.push_str(before);
        let found = match after.strip_prefix('#') {
            Some(number) => numeric(number, &mut decoded),
            None => named(after, in_attribute, &mut decoded),
        };
        rest = found.unwrap_or_else(|| {
            decoded.push('&');
            after
        });
    }
    decoded.push_str(rest);
    decoded.into()
}

/// Decodes `49;` or `x31;` and tells what follows.
fn numeric<'t>(number: &'t str, into: &mut String) -> Option<&'t str> {
    let (digits, radix) = match number.strip_prefix(['x', 'X']) {
        Some(digits) => (digits, 16),
        None => (number, 10),
    };
    let length = digits
        .bytes()
        .take_while(|octet| char::from(*octet).is_digit(radix))
        .count();
    let (digits, rest) = digits
        .split_at_checked(length)
        .filter(|(digits, _)| !digits.is_empty())?;
    // More digits than any character has.
    let code = u32::from_str_radix(digits, radix).unwrap_or(u32::MAX);
    let replaced = code.checked_sub(0x80).and_then(|at| {
        C1_REPLACEMENTS
            .get(usize::try_from(at).ok()?)
            .copied()
            .flatten()
    });
    let character = replaced.or_else(|| char::from_u32(code).filter(|c| *c != '\0'));
    into.push(character.unwrap_or(char::REPLACEMENT_CHARACTER));
    Some(rest.strip_prefix(';').unwrap_or(rest))
}

/// Decodes the longest name that stands here, and tells what follows.
fn named<'t>(text: &'t str, in_attribute: bool, into: &mut String) -> Option<&'t str> {
    let letters = text
        .bytes()
        .take(LONGEST)
        .take_while(u8::is_ascii_alphanumeric)
        .count();
    let ended = text.as_bytes().get(letters) == Some(&b';');
    let whole = ended.then_some(letters + 1).into_iter();
    // Only short names of old may lack the `;`.
    let old = (2..=letters.min(LONGEST_OLD)).rev();
    for length in whole.chain(old) {
        let (name, rest) = text.split_at_checked(length)?;
        let Some(&(first, second)) = NAMED_ENTITIES.get(name).filter(|(first, _)| *first != 0)
        else {
            continue;
        };
        let goes_on = rest.starts_with(|c: char| c == '=' || c.is_ascii_alphanumeric());
        if in_attribute && !name.ends_with(';') && goes_on {
            return None;
        }
        into.extend(char::from_u32(first));
        into.extend(char::from_u32(second).filter(|c| *c != '\0'));
        return Some(rest);
    }
    None
}

/// The longest name.
const LONGEST: usize = 32;

/// The longest name that may stand without `;`.
const LONGEST_OLD: usize = 6;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_decoded_as_browsers_do() {
        for (text, expected) in [
            ("&aring;&Aring&#x31;&#50&#128;", "åÅ12€"),
            ("a & b &; &# &#x; &nosuch;", "a & b &; &# &#x; &nosuch;"),
            ("&notit;&amp;amp;", "¬it;&amp;"),
            ("&#0;&#xD800;&#99999999999;", "\u{FFFD}\u{FFFD}\u{FFFD}"),
            ("&nbsp;&shy;", "\u{A0}\u{AD}"),
        ] {
            assert_eq!(decoded(text), expected);
        }
        assert_eq!(
            decoded_in_attribute("?a=1&copy=2&lt;&ampx"),
            "?a=1&copy=2<&ampx"
        );
    }
}
