//! What the tokens of rich text add up to.

use super::destination::{Destination, destination};
use super::drawing::Drawing;
use super::token::Token;
use crate::extract::picture::Size;
use crate::extract::{Draft, Locus, Reason};
use crate::mime;

/// A document being read.
pub(super) struct Document {
    shown: Draft,
    unshown: Draft,
    gaps: Vec<(Reason, &'static str)>,
    group: Group,
    outer: Vec<Group>,
    /// Groups open beyond those that are kept apart.
    too_deep: usize,
    /// A `\*` was seen: a program may pass over the destination that follows.
    starred: bool,
    /// Characters still to be passed over, which stand for a character that was read.
    fallback: usize,
    charset: &'static str,
    octets: Vec<u8>,
    /// The first half of a character of two UTF-16 units.
    half: Option<u16>,
    picture: Size,
    /// The metafile that is open, if the picture is one.
    drawing: Option<Drawing>,
    drawings: Vec<Drawing>,
    /// The digits of the embedded object that is open.
    object: Vec<u8>,
    objects: Vec<Vec<u8>>,
    /// The web page this text was made from (MS-OXRTFEX), as far as it is told.
    page: Option<String>,
}

/// What holds until the end of a group.
#[derive(Clone, Copy)]
struct Group {
    destination: Destination,
    hidden: bool,
    /// It stands for something in the web page, and is no part of it.
    stand_in: bool,
    /// How many characters follow each `\u` for programs that do not know it.
    fallback: usize,
}

/// A document that was read.
pub(super) struct Finished {
    pub(super) shown: Draft,
    pub(super) unshown: Draft,
    /// The embedded objects, in digits.
    pub(super) objects: Vec<Vec<u8>>,
    /// The pictures that are metafiles.
    pub(super) drawings: Vec<Drawing>,
    /// The web page it was made from.
    pub(super) page: Option<String>,
    pub(super) gaps: Vec<(Reason, &'static str)>,
    /// It breaks off.
    pub(super) open: bool,
}

impl Default for Document {
    fn default() -> Self {
        Self {
            shown: Draft::new(),
            unshown: Draft::new(),
            gaps: Vec::new(),
            group: Group {
                destination: Destination::Unshown("after the end"),
                hidden: false,
                stand_in: false,
                fallback: 1,
            },
            outer: Vec::new(),
            too_deep: 0,
            starred: false,
            fallback: 0,
            charset: "windows-1252",
            octets: Vec::new(),
            half: None,
            picture: Size {
                width: 0,
                height: 0,
            },
            drawing: None,
            drawings: Vec::new(),
            object: Vec::new(),
            objects: Vec::new(),
            page: None,
        }
    }
}

impl Document {
    pub(super) fn token(&mut self, token: &Token<'_>) {
        match *token {
            Token::Open => self.open(),
            Token::Close => self.close(),
            Token::Text(text) => {
                let skipped = self.fallback.min(text.len());
                self.fallback -= skipped;
                self.octets
                    .extend_from_slice(text.get(skipped..).unwrap_or_default());
            }
            Token::Octet(octet) => {
                if !self.is_fallback() {
                    self.octets.push(octet);
                }
            }
            Token::Symbol(symbol) => self.symbol(symbol),
            Token::Word { name, number } => self.word(name, number),
        }
        if !matches!(token, Token::Symbol(b'*') | Token::Word { .. }) {
            self.starred = false;
        }
    }

    /// Takes octets that stand as they are.
    pub(super) fn binary(&mut self, octets: &[u8]) {
        if let Some(drawing) = &mut self.drawing
            && self.group.destination == Destination::Picture
        {
            drawing.raw.extend_from_slice(octets);
        }
    }

    pub(super) fn finish(mut self) -> Finished {
        self.flush();
        if !self.object.is_empty() {
            self.objects.push(std::mem::take(&mut self.object));
        }
        self.drawings.extend(self.drawing.take());
        Finished {
            shown: self.shown,
            unshown: self.unshown,
            objects: self.objects,
            drawings: self.drawings,
            page: self.page,
            gaps: self.gaps,
            open: !self.outer.is_empty(),
        }
    }

    fn open(&mut self) {
        self.flush();
        self.fallback = 0;
        if self.outer.len() >= MOST_GROUPS {
            if self.too_deep == 0 {
                self.gaps.push((Reason::Limit, "depth"));
            }
            self.too_deep += 1;
            return;
        }
        if self.outer.is_empty() {
            self.group.destination = Destination::Shown;
        }
        self.outer.push(self.group);
    }

    fn close(&mut self) {
        self.flush();
        self.fallback = 0;
        if let Some(left) = self.too_deep.checked_sub(1) {
            self.too_deep = left;
            return;
        }
        let Some(outer) = self.outer.pop() else {
            return;
        };
        let (was, now) = (self.group.destination, outer.destination);
        if was == Destination::Picture && now != was {
            let matters = self.picture_matters();
            match self.drawing.take() {
                Some(drawing) => self.drawings.push(Drawing { matters, ..drawing }),
                None if matters => self.gaps.push((Reason::Media, "picture: not read")),
                None => {}
            }
        }
        if was == Destination::Object && now != was {
            self.objects.push(std::mem::take(&mut self.object));
        }
        if was != now || self.group.hidden && !outer.hidden {
            self.unshown.line();
        }
        self.group = outer;
        if self.outer.is_empty() {
            self.group.destination = Destination::Unshown("after the end");
        }
    }

    fn symbol(&mut self, symbol: u8) {
        if symbol == b'*' {
            self.starred = true;
            return;
        }
        if self.is_fallback() {
            return;
        }
        match symbol {
            b'\\' | b'{' | b'}' => self.octets.push(symbol),
            b'~' => self.push("\u{A0}"),
            b'-' => self.push("\u{AD}"),
            b'_' => self.push("\u{2011}"),
            b'\r' | b'\n' => self.push("\n"),
            b'\t' => self.push("\t"),
            _ => {}
        }
    }

    fn word(&mut self, name: &[u8], number: Option<i64>) {
        let starred = std::mem::take(&mut self.starred);
        if name != b"u" && self.is_fallback() {
            return;
        }
        if let Some(destination) = destination(name, starred) {
            self.flush();
            if destination == Destination::Picture {
                self.picture = Size {
                    width: 0,
                    height: 0,
                };
                self.drawings.extend(self.drawing.take());
            }
            // Nothing inside what is passed over is read again.
            if self.group.destination != Destination::Nowhere {
                self.group.destination = destination;
                self.unshown.line();
            }
            return;
        }
        let on = number != Some(0);
        match name {
            b"u" => self.unicode(number.unwrap_or(0)),
            b"uc" => self.group.fallback = usize::try_from(number.unwrap_or(1)).unwrap_or(0),
            b"par" | b"line" | b"sect" | b"page" | b"row" | b"nestrow" | b"softline" => {
                self.push("\n")
            }
            b"tab" | b"cell" | b"nestcell" => self.push("\t"),
            b"emdash" => self.push("\u{2014}"),
            b"endash" => self.push("\u{2013}"),
            b"emspace" | b"enspace" | b"qmspace" => self.push(" "),
            b"lquote" => self.push("\u{2018}"),
            b"rquote" => self.push("\u{2019}"),
            b"ldblquote" => self.push("\u{201C}"),
            b"rdblquote" => self.push("\u{201D}"),
            b"bullet" => self.push("\u{2022}"),
            b"v" | b"deleted" => {
                self.flush();
                self.group.hidden = on;
                self.unshown.line();
            }
            b"plain" => {
                self.flush();
                self.group.hidden = false;
            }
            b"fromhtml" if on && self.page.is_none() => self.page = Some(String::new()),
            b"htmlrtf" => {
                self.flush();
                self.group.stand_in = on;
            }
            b"ansicpg" => self.charset(number),
            b"mac" => self.charset(Some(10_000)),
            b"pc" => self.charset(Some(437)),
            b"pca" => self.charset(Some(850)),
            b"emfblip" | b"wmetafile" if self.group.destination == Destination::Picture => {
                self.drawing.get_or_insert_with(|| Drawing {
                    digits: Vec::new(),
                    raw: Vec::new(),
                    matters: true,
                });
            }
            b"picw" => self.picture.width = pixels(number, 1),
            b"pich" => self.picture.height = pixels(number, 1),
            b"picwgoal" => self.picture.width = pixels(number, TWIPS_IN_A_PIXEL),
            b"pichgoal" => self.picture.height = pixels(number, TWIPS_IN_A_PIXEL),
            _ => {}
        }
    }

    fn unicode(&mut self, number: i64) {
        self.flush_octets();
        self.fallback = self.group.fallback;
        // Written as a signed number of 16 bits.
        let Ok(unit) = u16::try_from(number.rem_euclid(1 << 16)) else {
            return;
        };
        let units = [self.half.take().unwrap_or(unit), unit];
        let units = if units[0] == unit {
            units.get(1..)
        } else {
            units.get(..)
        };
        for character in char::decode_utf16(units.unwrap_or_default().iter().copied()) {
            match character {
                Ok(character) => self.push(character.encode_utf8(&mut [0; 4])),
                Err(_) => self.half = (0xD800..0xDC00).contains(&unit).then_some(unit),
            }
        }
    }

    /// Whether the character at hand only stands for one that was read.
    fn is_fallback(&mut self) -> bool {
        let is = self.fallback > 0;
        self.fallback = self.fallback.saturating_sub(1);
        is
    }

    fn charset(&mut self, page: Option<i64>) {
        self.flush();
        self.charset = match page {
            Some(1250) => "windows-1250",
            Some(1251) => "windows-1251",
            Some(1253) => "windows-1253",
            Some(1254) => "windows-1254",
            Some(1257) => "windows-1257",
            Some(437 | 850 | 865) => "ibm850",
            Some(932) => "shift_jis",
            Some(936) => "gbk",
            Some(949) => "euc-kr",
            Some(950) => "big5",
            Some(10_000) => "macintosh",
            Some(65001) => "utf-8",
            _ => "windows-1252",
        };
    }

    fn push(&mut self, text: &str) {
        self.flush_octets();
        if let Some(page) = &mut self.page
            && (self.group.destination == Destination::Markup
                || self.group.destination == Destination::Shown && !self.group.stand_in)
        {
            page.push_str(text);
        }
        match self.group.destination {
            Destination::Shown if self.group.hidden => {
                self.unshown.mark(Locus::Section("hidden text"));
                self.unshown.push(text);
            }
            Destination::Shown => self.shown.push(text),
            Destination::Unshown(section) => {
                self.unshown.mark(Locus::Section(section));
                self.unshown.push(text);
            }
            Destination::Markup
            | Destination::Object
            | Destination::Nowhere
            | Destination::Picture => {}
        }
    }

    fn flush(&mut self) {
        self.flush_octets();
        self.half = None;
    }

    fn flush_octets(&mut self) {
        if self.octets.is_empty() {
            return;
        }
        let octets = std::mem::take(&mut self.octets);
        match self.group.destination {
            Destination::Nowhere => {}
            Destination::Picture => {
                if let Some(drawing) = &mut self.drawing {
                    drawing.digits.extend_from_slice(&octets);
                }
            }
            Destination::Object => self.object.extend_from_slice(&octets),
            _ => self.push(&mime::decode(&octets, Some(self.charset)).text),
        }
        // The room is kept for the next ones.
        self.octets = octets;
        self.octets.clear();
    }

    fn picture_matters(&self) -> bool {
        let unknown = self.picture.width == 0 || self.picture.height == 0;
        unknown || self.picture.can_show_a_number()
    }
}

fn pixels(number: Option<i64>, unit: i64) -> u32 {
    u32::try_from(number.unwrap_or(0) / unit).unwrap_or(0)
}

/// Twentieths of a point in a pixel of 96 to the inch.
const TWIPS_IN_A_PIXEL: i64 = 15;

/// How deep groups are told apart; real documents stay under a hundred.
const MOST_GROUPS: usize = 1000;
