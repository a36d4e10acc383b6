//! One normal form of text, in which every digit, dash and space that looks alike is alike.
//!
//! Compatibility digits and letters become ASCII, dashes `-`, spaces U+0020; what cannot be seen is dropped. TAB and line feed
//! stay: they are the cells and rows of a table.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::compose;

/// Folds a text. One that is in normal form already, as nearly all text is, is not copied.
pub(super) fn fold(text: &str) -> Cow<'_, str> {
    let Some(first) = foldable(text.as_bytes(), 0) else {
        return Cow::Borrowed(text);
    };
    let mut folded = Folded::default();
    folded.text.reserve(text.len());
    let mut copied = 0;
    let mut next = Some(first);
    while let Some(at) = next {
        folded.push_plain(text.get(copied..at).unwrap_or_default());
        let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) else {
            break;
        };
        copied = at + c.len_utf8();
        folded.push(c, text.get(copied..).unwrap_or_default());
        next = foldable(text.as_bytes(), copied);
    }
    folded.push_plain(text.get(copied..).unwrap_or_default());
    Cow::Owned(folded.text)
}

/// The way back from a folded text to the one it was folded from, walked forward once: offsets are to be asked for in
/// ascending order. It holds nothing but where it is.
pub(super) struct Back<'t> {
    text: &'t str,
    same: bool,
    /// Offset into the text.
    at: usize,
    /// Offset into the folded text.
    folded_at: usize,
    /// The next character that changes, or the end.
    change: usize,
    /// The end of the folded text up to there: what the next character folds to depends on it.
    end: Folded,
}

impl<'t> Back<'t> {
    pub(super) fn new(text: &'t str, folded: &str) -> Self {
        Self {
            text,
            same: std::ptr::eq(text, folded),
            at: 0,
            folded_at: 0,
            change: 0,
            end: Folded::default(),
        }
    }

    /// Where the character that begins at `offset` of the folded text stood.
    pub(super) fn origin(&mut self, offset: usize) -> usize {
        if self.same {
            return offset;
        }
        loop {
            if self.change < self.at || self.change == 0 {
                self.change = foldable(self.text.as_bytes(), self.at).unwrap_or(self.text.len());
            }
            let plain = (self.change - self.at).min(offset.saturating_sub(self.folded_at));
            let skipped = self.text.get(self.at..self.at + plain);
            self.end.push_plain(skipped.unwrap_or_default());
            self.end = self.end.last();
            self.at += plain;
            self.folded_at += plain;
            let Some(c) = self
                .text
                .get(self.change..)
                .and_then(|rest| rest.chars().next())
            else {
                return self.at;
            };
            if self.at < self.change {
                return self.at;
            }
            let mut end = self.end.last();
            let before = end.text.len();
            let after = self.at + c.len_utf8();
            end.push(c, self.text.get(after..).unwrap_or_default());
            let folded_at = self.folded_at + end.text.len().saturating_sub(before);
            if folded_at > offset {
                return self.at;
            }
            self.folded_at = folded_at;
            self.at = after;
            self.end = end;
        }
    }
}

/// A text being folded.
#[derive(Default)]
struct Folded {
    text: String,
    raised: Raised,
}

/// What the last character was, as far as raised digits go.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
enum Raised {
    #[default]
    No,
    /// A raised digit of a number all of whose digits are raised.
    Number,
    /// A note or a power behind a full digit.
    Note,
}

/// The first octet from `from` on that begins a character which may change. ASCII and the letters from `À` to `ʿ` never do.
fn foldable(octets: &[u8], from: usize) -> Option<usize> {
    let may_change = |octet: u8| octet >= 0xC2 && !(0xC3..=0xCA).contains(&octet);
    let mut at = from;
    for chunk in octets.get(from..)?.chunks(32) {
        // Without a branch, so that it is done for the whole chunk at once.
        if chunk
            .iter()
            .fold(false, |any, &octet| any | may_change(octet))
        {
            let inside = chunk.iter().position(|&octet| may_change(octet))?;
            return Some(at + inside);
        }
        at += chunk.len();
    }
    None
}

impl Folded {
    /// Adds text that is in normal form.
    fn push_plain(&mut self, text: &str) {
        if !text.is_empty() {
            self.raised = Raised::No;
            self.text.push_str(text);
        }
    }

    /// Adds the normal form of `c`, which is followed by `after`.
    fn push(&mut self, c: char, after: &str) {
        let after_digit = self.text.ends_with(|c: char| c.is_ascii_digit());
        if is_invisible(c) {
            // A soft hyphen is seen where a line breaks, and only there.
            if c == '\u{AD}' && after_digit && after.starts_with(char::is_whitespace) {
                self.push_plain("-");
            }
            return;
        }
        self.raised = match (is_raised(c), self.raised) {
            (false, _) => Raised::No,
            (true, Raised::No) if after_digit => Raised::Note,
            (true, Raised::No) => Raised::Number,
            (true, as_before) => as_before,
        };
        match c {
            _ if self.raised == Raised::Note => self.text.push('^'),
            '\u{300}'..='\u{36F}' => {
                // A mark over the letter before it: `a` and a ring are `å`.
                match self.text.pop() {
                    Some(base) => match compose(base, c) {
                        Some(composed) => self.text.push(composed),
                        None => self.text.extend([base, c]),
                    },
                    None => self.text.push(c),
                }
            }
            '\u{85}' | '\u{2028}' | '\u{2029}' => self.text.push('\n'),
            _ if c.is_whitespace() => self.text.push(' '),
            _ if is_dash(c) => self.text.push('-'),
            '\u{B7}' | '\u{2024}' | '\u{2027}' | '\u{3002}' => self.text.push('.'),
            '\u{2044}' | '\u{2215}' => self.text.push('/'),
            _ => match digit(c) {
                Some(digit) => self.text.push(digit),
                None => self.push_compatible(c),
            },
        }
    }

    fn push_compatible(&mut self, c: char) {
        let mut forms = [c].into_iter().nfkc();
        match (forms.next(), forms.next(), forms.next()) {
            (Some(form), None, None) if form.is_ascii_graphic() => self.text.push(form),
            (Some('N'), Some('o'), None) => self.text.push_str("No"),
            _ => self.text.push(c),
        }
    }

    /// The last character, from which folding can go on.
    fn last(&self) -> Self {
        Self {
            text: self.text.chars().next_back().into_iter().collect(),
            raised: self.raised,
        }
    }
}

fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
        | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{20E3}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
        | '\u{FFA0}' | '\u{FFF9}'..='\u{FFFB}' | '\u{1D173}'..='\u{1D17A}'
        | '\u{E0000}'..='\u{E0FFF}')
}

fn is_dash(c: char) -> bool {
    matches!(
        c,
        '\u{2D7}' | '\u{58A}' | '\u{5BE}' | '\u{1806}' | '\u{2010}'
            ..='\u{2015}'
                | '\u{2043}'
                | '\u{207B}'
                | '\u{208B}'
                | '\u{2212}'
                | '\u{2500}'
                | '\u{2E3A}'
                | '\u{2E3B}'
                | '\u{FE31}'
                | '\u{FE32}'
                | '\u{FE58}'
                | '\u{FE63}'
                | '\u{FF0D}'
    )
}

fn is_raised(c: char) -> bool {
    matches!(c, '\u{B2}' | '\u{B3}' | '\u{B9}' | '\u{2070}' | '\u{2074}'..='\u{2079}' | '\u{2080}'..='\u{2089}')
}

/// A decimal digit of any script, or in a circle.
fn digit(c: char) -> Option<char> {
    /// The zeros of the decimal digits (Unicode category Nd) that text may hold and compatibility does not fold.
    const ZEROS: [u32; 20] = [
        0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xE50,
        0xED0, 0xF20, 0x1040, 0x17E0, 0x1810, 0x1FBF0, 0xFF10,
    ];
    /// Digits in circles, from 1.
    const ONES: [u32; 4] = [0x2460, 0x24F5, 0x2776, 0x278A];
    let code = u32::from(c);
    let from = |first: u32, least: u32, most: u32| {
        code.checked_sub(first)
            .map(|value| value + least)
            .filter(|value| *value <= most)
    };
    match code {
        0x1D7CE..=0x1D7FF => char::from_digit((code - 0x1D7CE) % 10, 10),
        0x24EA | 0x24FF => Some('0'),
        _ => ZEROS
            .into_iter()
            .find_map(|zero| from(zero, 0, 9))
            .or_else(|| ONES.into_iter().find_map(|one| from(one, 1, 9)))
            .and_then(|value| char::from_digit(value, 10)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_looks_alike_becomes_alike() {
        for (text, folded) in [
            ("０１０１９０－１２３４", "010190-1234"),
            ("𝟎𝟏𝟎𝟏𝟗𝟎‑𝟭𝟮𝟯𝟰", "010190-1234"),
            ("٠١٠١٩٠–۱۲۳۴", "010190-1234"),
            ("⁰¹⁰¹⁹⁰⁻¹²³⁴", "010190-1234"),
            ("①②③④⑤⑥", "123456"),
            ("0\u{200B}1\u{2060}0\u{FEFF}1", "0101"),
            ("1\u{FE0F}\u{20E3}2\u{FE0F}\u{20E3}", "12"),
            (
                "01\u{AD}0190\u{AD}1234 010190\u{AD}\n1234 person\u{AD}nummer",
                "0101901234 010190-\n1234 personnummer",
            ),
            ("010190−1234 010190﹣1234", "010190-1234 010190-1234"),
            (
                "010190\u{A0}1234\u{2009}\u{202F}\u{3000}x",
                "010190 1234   x",
            ),
            ("ma\u{30A}ler ＣＰＲ№", "måler CPRNo"),
            ("010190-1234² m³", "010190-1234^ m3"),
            ("a\tb\nc\u{2028}d", "a\tb\nc\nd"),
            ("æøå € “x”", "æøå € “x”"),
        ] {
            assert_eq!(fold(text), folded);
        }
    }

    #[test]
    fn danish_text_is_not_copied() {
        assert!(matches!(
            fold("Kære Åse, øl på bæver: 010190-1234\t\r\n"),
            Cow::Borrowed(_)
        ));
    }

    proptest! {
        #[test]
        fn the_way_back_finds_every_digit(
            pieces in prop::collection::vec(
                ("[a0-9 \u{AD}\u{200B}\u{2011}\u{B2}\u{30A}\u{FF11}\u{1D7CE}€å-]{0,6}", "X"), 0..20)
        ) {
            let text: String = pieces.iter().map(|(noise, mark)| format!("{noise}{mark}")).collect();
            let folded = fold(&text);
            let mut back = Back::new(&text, &folded);
            let marks: Vec<usize> = folded.match_indices('X').map(|(at, _)| back.origin(at)).collect();
            let truth: Vec<usize> = text.match_indices('X').map(|(at, _)| at).collect();
            prop_assert_eq!(marks, truth);
        }

        #[test]
        fn folding_twice_is_folding_once(text in "\\PC*") {
            let once = fold(&text).into_owned();
            prop_assert_eq!(fold(&once).into_owned(), once);
        }
    }
}
