//! What stands around a number, gathered from wherever a label of it may be.

mod cell;
mod list;

use std::collections::BTreeMap;
use std::ops::Range;

use crate::detect::context::cell::{is_name, strongest};
use crate::detect::context::list::List;
use crate::detect::layout::{Head, Layout, Row};
use crate::detect::look::{
    Before, Behind, Label, Lead, Stands, Topic, look_ahead, look_back, topic_before, topic_behind,
};
use crate::detect::shape::{Candidate, Form};
use crate::detect::window::{BEFORE, TOPIC, Token, Window, reach_ahead, reach_back};
use crate::pattern::{CprPattern, Role};

/// How many heads of columns are remembered as they were read.
const MOST_HEADS: usize = 1024;

/// Everything around a number that speaks for or against it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Context {
    /// The number's own label.
    pub(super) label: Option<Label>,
    /// What stands directly before it.
    pub(super) lead: Lead,
    /// Somebody is spoken of in its sentence, by this word.
    pub(super) person: Option<u16>,
    /// It is the subject of a sentence.
    pub(super) acts: bool,
    /// A name stands beside it.
    pub(super) name: bool,
    /// A matter of persons is named before it.
    pub(super) matter: Option<u16>,
    /// It is called a number.
    pub(super) numbered: bool,
    /// It is another one of something named before.
    pub(super) again: bool,
    /// The text says that it is none.
    pub(super) denied: bool,
    /// It is the end of a range: `010203-4455 til 010203-4466`.
    pub(super) range: bool,
    /// The number before it in its list has the right check digit.
    pub(super) beside_right: bool,
    /// What the sentences around it speak of.
    pub(super) topic: Topic,
    /// What the number before it was called.
    pub(super) previous: Option<Label>,
    /// It stands in an address of the web.
    pub(super) url: bool,
}

/// Reads what is around numbers, one after the other.
pub(super) struct Surroundings<'a> {
    pattern: &'a CprPattern,
    pub(super) text: &'a str,
    pub(super) window: Window,
    list: List,
    /// The number that was read last, and the label before it.
    last: Option<(usize, Option<Label>)>,
    /// The labels of heads that were read, by where their cells begin.
    heads: BTreeMap<usize, Option<Label>>,
    /// What [`Surroundings::last_four`] said of heads, by where they begin.
    last_four: BTreeMap<usize, Option<(usize, u16)>>,
}

impl<'a> Surroundings<'a> {
    pub(super) fn new(pattern: &'a CprPattern, text: &'a str) -> Self {
        Self {
            pattern,
            text,
            window: Window::default(),
            list: List::default(),
            last: None,
            heads: BTreeMap::new(),
            last_four: BTreeMap::new(),
        }
    }

    /// What is around `candidate`. The layout stands at its beginning.
    pub(super) fn of(&mut self, candidate: &Candidate, layout: &Layout<'_>) -> Context {
        let before = self.back(candidate.span.start, layout.row());
        let last = self.last.replace((candidate.span.start, before.label));
        // Nothing is nearer than a label that touches the number, but what parentheses say behind it.
        let behind = self.text.get(candidate.span.end..).unwrap_or_default();
        let touched = before.label.is_some_and(|label| {
            let names = label.role == Role::Number || !behind.trim_start().starts_with('(');
            label.words == 0 && settled(before.label) && names
        });
        let behind = if touched {
            Behind::default()
        } else {
            let reach = reach_ahead(self.text.as_bytes(), candidate.span.end);
            look_ahead(
                self.window.read(&self.pattern.words, self.text, reach),
                &self.pattern.others,
            )
        };
        let mut context = Context {
            label: nearer(before.label, behind.label),
            lead: before.lead,
            person: before.person,
            acts: behind.acts,
            name: before.lead == Lead::Name || behind.name,
            matter: before.matter,
            numbered: before.numbered,
            again: before.again,
            denied: before.denied || behind.denied,
            range: false,
            beside_right: self.list.beside_right,
            topic: Topic::default(),
            previous: None,
            url: candidate.form == Form::Plain && self.in_url(candidate.span.start),
        };
        if settled(context.label) {
            if self.is_weak(context.label) {
                context.topic = self.topic(&candidate.span);
            }
            return context;
        }
        context.name |= self.name_in_row(layout);
        if candidate.form == Form::Apart && context.label.is_none() {
            let tokens = self.cell_before(candidate.span.start);
            context.label = strongest(tokens, Stands::Row);
        }
        let column = self.column(layout);
        let table = match column {
            Some(column) if column.role == Role::Number => Some(column),
            column => self.row(layout, column),
        };
        context.label = match (context.label, table) {
            (Some(own), Some(table)) if table.role != Role::Number && is_person(own.role) => {
                Some(own)
            }
            (own, table) => table.or(own),
        };
        context.range = self.list.range;
        let listed = context.lead != Lead::Turn || context.range;
        if context.label.is_none() && context.lead != Lead::Name && listed {
            context.label = self.label_of_list();
            context.denied |= self.list.denied;
        }
        if context.label.is_none() && behind.beside {
            context.label = behind.person.map(|word| Label {
                role: Role::Person,
                word,
                words: 0,
                stands: Stands::Behind,
            });
        }
        if !settled(context.label) || self.is_weak(context.label) {
            context.topic = self.topic(&candidate.span);
            context.previous = self.previous(candidate.span.start, last);
        }
        context
    }

    /// Whether the cell before or behind is a name, as it is in a list of persons: two words with large letters, and no label.
    fn name_in_row(&mut self, layout: &Layout<'_>) -> bool {
        [layout.cell_left(), layout.cell_next()]
            .into_iter()
            .flatten()
            .any(|cell| self.is_name(cell))
    }

    fn is_name(&mut self, cell: Range<usize>) -> bool {
        is_name(self.window.read(&self.pattern.words, self.text, cell))
    }

    /// Whether a label of another kind of number says little.
    fn is_weak(&self, label: Option<Label>) -> bool {
        let Some(Role::Other(other)) = label.map(|label| label.role) else {
            return false;
        };
        let other = self.pattern.others.get(usize::from(other));
        other.is_some_and(|other| other.weak)
    }

    /// What the sentences around a number speak of.
    fn topic(&mut self, number: &Range<usize>) -> Topic {
        let before = number.start.saturating_sub(TOPIC.0)..number.start;
        let behind = number.end..(number.end + TOPIC.1).min(self.text.len());
        let pattern = self.pattern;
        let before = topic_before(self.words_of(before), pattern);
        before.or(topic_behind(self.words_of(behind), pattern))
    }

    /// The words of a stretch of text; nothing where it has none, as rows of numbers have none.
    fn words_of(&mut self, stretch: Range<usize>) -> &[Token] {
        let octets = self.text.as_bytes().get(stretch.clone());
        let letter = |octet: &u8| octet.is_ascii_alphabetic() || *octet >= 0x80;
        // Without a branch for each octet: rows of numbers are long.
        let any = |chunk: &[u8]| chunk.iter().fold(false, |any, octet| any | letter(octet));
        if octets.is_some_and(|octets| octets.chunks(32).any(any)) {
            self.window.read(&self.pattern.words, self.text, stretch)
        } else {
            &[]
        }
    }

    /// The label of the number before, if it is near.
    fn previous(&mut self, start: usize, last: Option<(usize, Option<Label>)>) -> Option<Label> {
        /// How far before it may be, in octets.
        const NEAR: usize = 160;
        let (first, end) = self.list.before?;
        if start.saturating_sub(end) > NEAR {
            return None;
        }
        match last.filter(|(start, _)| *start == first) {
            Some((_, label)) => label,
            None => self.back(first, Row::default()).label,
        }
    }

    /// Goes on to a number, in whatever shape, so that a list of them is known as one.
    /// `right` is one with a date and the right check digit.
    pub(super) fn pass(&mut self, start: usize, end: usize, right: bool) {
        let text = self.text;
        self.list.pass(text, start..end, right);
    }

    fn back(&mut self, start: usize, row: Row) -> Before {
        let reach = reach_back(self.text.as_bytes(), start, row.start, row.blanks);
        let others = &self.pattern.others;
        look_back(
            self.window.read(&self.pattern.words, self.text, reach),
            others,
        )
    }

    fn cell_before(&mut self, start: usize) -> &[Token] {
        self.window.read(
            &self.pattern.words,
            self.text,
            start.saturating_sub(BEFORE / 2)..start,
        )
    }

    /// The label in the cell before, or else at the head of the column.
    fn row(&mut self, layout: &Layout<'_>, column: Option<Label>) -> Option<Label> {
        let row = layout.cell_left().and_then(|cell| {
            let tokens = self.window.read(&self.pattern.words, self.text, cell);
            strongest(tokens, Stands::Row)
        });
        match (row, column) {
            (Some(row), _) if row.role == Role::Number => Some(row),
            // A head that names the column is the label of the cells below, whatever the cell beside says.
            (_, Some(column)) if matches!(column.role, Role::Other(_) | Role::Shared) => {
                Some(column)
            }
            (row, column) => row.or(column),
        }
    }

    /// The label at the head of the column.
    fn column(&mut self, layout: &Layout<'_>) -> Option<Label> {
        /// The longest head of a column that is read, in octets.
        const LONGEST: usize = 80;
        for (_, cell) in layout.over() {
            let label = match self.heads.get(&cell.start) {
                Some(known) => *known,
                None => {
                    let end = cell.end.min(cell.start + LONGEST);
                    let tokens = self
                        .window
                        .read(&self.pattern.words, self.text, cell.start..end);
                    let label = strongest(tokens, Stands::Column);
                    if self.heads.len() == MOST_HEADS {
                        self.heads.clear();
                    }
                    self.heads.insert(cell.start, label);
                    label
                }
            };
            if label.is_some() {
                return label;
            }
        }
        None
    }

    /// The column of a table that is headed as the last four digits, and the word that says so.
    pub(super) fn last_four(&mut self, head: &Head) -> Option<(usize, u16)> {
        if let Some(known) = self.last_four.get(&head.start()) {
            return *known;
        }
        let found = head.cells().enumerate().find_map(|(column, cell)| {
            let tokens = self.window.read(&self.pattern.words, self.text, cell);
            let label = strongest(tokens, Stands::Column)?;
            (label.role == Role::LastFour).then_some((column, label.word))
        });
        if self.last_four.len() == MOST_HEADS {
            self.last_four.clear();
        }
        self.last_four.insert(head.start(), found);
        found
    }

    /// The label of the first number of the list the place is in.
    fn label_of_list(&mut self) -> Option<Label> {
        let first = self.list.first?;
        if let Some(known) = self.list.label {
            return known;
        }
        let before = self.back(first, Row::default());
        self.list.denied = before.denied;
        let label = before
            .label
            .filter(|label| !is_person(label.role) && label.stands != Stands::EarlierSentence);
        let label = label.map(|label| Label {
            stands: Stands::List,
            ..label
        });
        self.list.label = Some(label);
        label
    }

    fn in_url(&self, start: usize) -> bool {
        /// How far back an address of the web may begin, in octets.
        const FAR: usize = 120;
        let octets = self
            .text
            .as_bytes()
            .get(start.saturating_sub(FAR)..start)
            .unwrap_or_default();
        let address = octets
            .iter()
            .rposition(u8::is_ascii_whitespace)
            .map_or(octets, |at| octets.get(at..).unwrap_or_default());
        address
            .windows(3)
            .any(|three| three == b"://" || three == b"www")
    }
}

/// Of a label before and one behind, the number's own. One that names a CPR number wins where it is as near.
fn nearer(before: Option<Label>, behind: Option<Label>) -> Option<Label> {
    match (before, behind) {
        (Some(before), Some(behind)) => {
            let behind_wins = match (before.role, behind.role) {
                (role, _) if is_person(role) => true,
                (Role::Number, _) => false,
                (_, Role::Number) => behind.words <= before.words,
                _ => behind.words < before.words,
            };
            Some(if behind_wins { behind } else { before })
        }
        (before, behind) => before.or(behind),
    }
}

/// Whether a label needs no other beside it.
fn settled(label: Option<Label>) -> bool {
    let open = |role| is_person(role) || role == Role::Numeral;
    label.is_some_and(|label| !open(label.role) && label.stands != Stands::EarlierSentence)
}

pub(super) fn is_person(role: Role) -> bool {
    matches!(role, Role::Person | Role::Pronoun | Role::Birth)
}
