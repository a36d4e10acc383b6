//! What attributes say.

use std::borrow::Cow;

use super::token::Attribute;
use crate::mime::{decode, percent_decoded};

/// What an attribute says.
pub(super) enum Said {
    /// Words.
    Words(String),
    /// A `data:` link.
    Data(String),
}

/// The words in an attribute, if it is not one that only lays out.
pub(super) fn read(attribute: &Attribute<'_>) -> Option<Said> {
    let name = &*attribute.name;
    let value = attribute.value.trim();
    if value.is_empty()
        || LAYOUT.contains(&name)
        || name.starts_with("xmlns")
        || name.starts_with("on")
    {
        return None;
    }
    let is_data = value
        .get(..5)
        .is_some_and(|scheme| scheme.eq_ignore_ascii_case("data:"));
    if is_data {
        return Some(Said::Data(value.to_owned()));
    }
    let readable: Cow<'_, str> = if value.contains('%') {
        let octets = percent_decoded(value.as_bytes());
        decode(&octets, None).text.into_owned().into()
    } else {
        value.into()
    };
    let words = without_tokens(&readable);
    (!words.trim().is_empty()).then_some(Said::Words(words))
}

/// Whether an attribute hides its element.
pub(super) fn hides(attribute: &Attribute<'_>) -> bool {
    match &*attribute.name {
        "hidden" => true,
        "style" => attribute.value.split(';').any(is_hiding),
        _ => false,
    }
}

/// Whether a declaration of a style hides: by a word, or by a size of nothing.
fn is_hiding(declaration: &str) -> bool {
    let Some((property, value)) = declaration.split_once(':') else {
        return false;
    };
    let (property, value) = (property.trim(), value.trim());
    HIDING.iter().any(|(name, word)| {
        let value = value
            .get(..word.len())
            .filter(|_| property.eq_ignore_ascii_case(name));
        value.is_some_and(|value| value.eq_ignore_ascii_case(word))
    }) || SIZES.iter().any(|name| property.eq_ignore_ascii_case(name)) && is_nothing(value)
}

/// `0`, `0px`, `0.0`: a number all of zeros.
fn is_nothing(value: &str) -> bool {
    let number = value.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '%');
    let number = number.split_whitespace().next().unwrap_or_default();
    !number.is_empty() && number.bytes().all(|octet| matches!(octet, b'0' | b'.'))
}

/// `[if mso]>...<![endif]` without its condition.
pub(super) fn without_condition(comment: &str) -> &str {
    match comment
        .trim_start()
        .strip_prefix("[if")
        .and_then(|rest| rest.split_once("]>"))
    {
        Some((_, markup)) => markup
            .trim_end()
            .strip_suffix("<![endif]")
            .unwrap_or(markup),
        None => comment,
    }
}

/// A style sheet without its colors, which are digits behind `#`.
pub(super) fn without_colors(style: &str) -> Cow<'_, str> {
    if !style.contains('#') {
        return style.into();
    }
    let mut pieces = style.split('#');
    let mut shorter = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let digits = piece.bytes().take_while(u8::is_ascii_hexdigit).count();
        match digits {
            3 | 4 | 6 | 8 => shorter.push_str(piece.get(digits..).unwrap_or_default()),
            _ => {
                shorter.push('#');
                shorter.push_str(piece);
            }
        }
    }
    shorter.into()
}

/// Leaves out what no person writes: long runs of letters and digits, as in links that programs make.
fn without_tokens(value: &str) -> String {
    let mut kept = String::with_capacity(value.len());
    let mut rest = value;
    while !rest.is_empty() {
        let length = rest
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-')
            .unwrap_or(rest.len());
        let (run, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        if run.len() <= LONGEST_RUN {
            kept.push_str(run);
        }
        let separator = after.chars().next().map_or(0, char::len_utf8);
        let (separator, after) = after.split_at_checked(separator).unwrap_or((after, ""));
        kept.push_str(separator);
        rest = after;
    }
    kept
}

/// Attributes that lay a page out, or name things for programs.
const LAYOUT: &[&str] = &[
    "style",
    "class",
    "id",
    "width",
    "height",
    "bgcolor",
    "color",
    "face",
    "size",
    "align",
    "valign",
    "border",
    "cellpadding",
    "cellspacing",
    "rel",
    "type",
    "lang",
    "dir",
    "colspan",
    "rowspan",
    "target",
    "charset",
    "http-equiv",
    "media",
    "method",
    "role",
    "srcset",
    "sizes",
    "tabindex",
    "background",
    "link",
    "vlink",
    "alink",
    "coords",
    "shape",
    "start",
    "nowrap",
    "hspace",
    "vspace",
    "leftmargin",
    "topmargin",
    "marginwidth",
    "marginheight",
    "integrity",
    "nonce",
    "crossorigin",
    "d",
    "points",
    "viewbox",
    "transform",
    "fill",
    "stroke",
];

/// Declarations that hide by a word.
const HIDING: &[(&str, &str)] = &[
    ("display", "none"),
    ("visibility", "hidden"),
    ("visibility", "collapse"),
    ("mso-hide", "all"),
];

/// Properties that hide by a size of nothing.
const SIZES: &[&str] = &["font-size", "opacity", "max-height"];

/// The longest run of letters and digits that a person may have written.
const LONGEST_RUN: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles_that_hide_are_known() {
        for (style, hides) in [
            ("display: none", true),
            ("color:red;DISPLAY :NONE !important", true),
            ("font-size:0", true),
            ("font-size: 0px", true),
            ("opacity:0.0", true),
            ("font-size:0.8em", false),
            ("font-size:10pt;display:block", false),
            ("max-height:100%", false),
            ("", false),
        ] {
            assert_eq!(style.split(';').any(is_hiding), hides, "{style}");
        }
    }
}
