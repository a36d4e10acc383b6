//! Properties: a number, a kind and a value.

use std::borrow::Cow;

use crate::extract::octets::{f64_at, u32_at, u64_at, utf_16};
use crate::mime;

/// One property of a message, a recipient or an attachment.
#[derive(Debug)]
pub(super) struct Property<'b> {
    /// What it is (MS-OXPROPS).
    pub(super) id: u16,
    /// What its value is (MS-OXCDATA 2.11.1).
    pub(super) kind: u16,
    /// The name a person or program gave it, if it is none of the known ones.
    pub(super) name: Option<String>,
    /// Its value.
    pub(super) value: Cow<'b, [u8]>,
}

/// Properties numbered from here on have names.
pub(super) const NAMED: u16 = 0x8000;

/// Kinds of values.
pub(super) mod kind {
    pub(in crate::extract::outlook) const LONG: u16 = 0x03;
    pub(in crate::extract::outlook) const DOUBLE: u16 = 0x05;
    pub(in crate::extract::outlook) const OBJECT: u16 = 0x0D;
    pub(in crate::extract::outlook) const LONGLONG: u16 = 0x14;
    pub(in crate::extract::outlook) const NARROW: u16 = 0x1E;
    pub(in crate::extract::outlook) const WIDE: u16 = 0x1F;
    pub(in crate::extract::outlook) const BINARY: u16 = 0x102;
    pub(in crate::extract::outlook) const BINARIES: u16 = MANY | BINARY;
    /// A list of such values.
    pub(in crate::extract::outlook) const MANY: u16 = 0x1000;
}

impl Property<'_> {
    /// The text of it; `page` is the code page of the message. A number is text where a person may have typed it.
    pub(super) fn text(&self, page: Option<u32>) -> Option<String> {
        let text = match self.kind & !kind::MANY {
            kind::WIDE => utf_16(&self.value),
            kind::NARROW => decoded(&self.value, page),
            kind::LONG if self.id >= NAMED => long(f64::from(u32_at(&self.value, 0)?))?,
            kind::DOUBLE if self.id >= NAMED => long(f64_at(&self.value, 0)?)?,
            kind::LONGLONG if self.id >= NAMED => u64_at(&self.value, 0)?.to_string(),
            _ => return None,
        };
        let text = text.trim_matches(|c: char| c == '\0' || c.is_whitespace());
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// Its number, if it is one.
    pub(super) fn number(&self) -> Option<u32> {
        u32_at(&self.value, 0)
    }
}

/// Octets in a code page of Windows.
pub(super) fn decoded(octets: &[u8], page: Option<u32>) -> String {
    let label = page.and_then(|page| match page {
        65001 => Some("utf-8".to_owned()),
        20127 => None,
        28591..=28605 => Some(format!("iso-8859-{}", page - 28590)),
        874 | 1250..=1258 => Some(format!("windows-{page}")),
        932 => Some("shift_jis".to_owned()),
        936 => Some("gbk".to_owned()),
        949 => Some("euc-kr".to_owned()),
        950 => Some("big5".to_owned()),
        _ => None,
    });
    mime::decode(octets, label.as_deref()).text.into_owned()
}

/// A number with as many digits as a birth date.
fn long(number: f64) -> Option<String> {
    let is_long = number.fract() == 0.0 && (100_000.0..1e15).contains(&number);
    is_long.then(|| format!("{number:.0}"))
}
