//! What stands around a number, gathered from wherever a label of it may be.

use std::collections::BTreeMap;

use crate::detect::layout::{Head, Layout};
use crate::detect::look::{Before, Behind, Label, Lead, Stands, look_ahead, look_back};
use crate::detect::shape::{Candidate, Form};
use crate::detect::window::{BEFORE, Labelled, Token, TokenKind, Window, reach_ahead, reach_back};
use crate::pattern::{Role, Words};

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
    /// It stands in an address of the web.
    pub(super) url: bool,
}

/// Reads what is around numbers, one after the other.
pub(super) struct Surroundings<'a> {
    pub(super) words: &'a Words,
    pub(super) text: &'a str,
    pub(super) window: Window,
    list: List,
    /// The labels of heads that were read, by where their cells begin.
    heads: BTreeMap<usize, Option<Label>>,
    /// What [`Surroundings::last_four`] said of heads, by where they begin.
    last_four: BTreeMap<usize, Option<(usize, u16)>>,
}

impl<'a> Surroundings<'a> {
    pub(super) fn new(words: &'a Words, text: &'a str) -> Self {
        Self {
            words,
            text,
            window: Window::default(),
            list: List::default(),
            heads: BTreeMap::new(),
            last_four: BTreeMap::new(),
        }
    }

    /// What is around `candidate`. The layout stands at its beginning.
    pub(super) fn of(&mut self, candidate: &Candidate, layout: &Layout<'_>) -> Context {
        let before = self.back(candidate.span.start);
        // Nothing is nearer than a label that touches the number.
        let touched = settled(before.label) && before.label.is_some_and(|label| label.words == 0);
        let behind = if touched {
            Behind::default()
        } else {
            let reach = reach_ahead(self.text.as_bytes(), candidate.span.end);
            look_ahead(self.window.read(self.words, self.text, reach))
        };
        let mut context = Context {
            label: nearer(before.label, behind.label),
            lead: before.lead,
            person: before.person.or(behind.person),
            acts: behind.acts,
            name: before.lead == Lead::Name || behind.name,
            url: candidate.form == Form::Plain && self.in_url(candidate.span.start),
        };
        if settled(context.label) {
            return context;
        }
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
        if context.label.is_none() && !matches!(context.lead, Lead::Name | Lead::Turn) {
            context.label = self.label_of_list();
        }
        context
    }

    /// Goes on to a number, in whatever shape, so that a list of them is known as one.
    pub(super) fn pass(&mut self, start: usize, end: usize) {
        let text = self.text;
        self.list.pass(text, start, end);
    }

    fn back(&mut self, start: usize) -> Before {
        let reach = reach_back(self.text.as_bytes(), start);
        look_back(self.window.read(self.words, self.text, reach))
    }

    fn cell_before(&mut self, start: usize) -> &[Token] {
        self.window.read(
            self.words,
            self.text,
            start.saturating_sub(BEFORE / 2)..start,
        )
    }

    /// The label in the cell before, or else at the head of the column.
    fn row(&mut self, layout: &Layout<'_>, column: Option<Label>) -> Option<Label> {
        let row = layout.cell_left().and_then(|cell| {
            let tokens = self.window.read(self.words, self.text, cell);
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
                    let tokens = self.window.read(self.words, self.text, cell.start..end);
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
            let tokens = self.window.read(self.words, self.text, cell);
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
        let label = self
            .back(first)
            .label
            .filter(|label| !is_person(label.role));
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

/// Numbers that follow each other with hardly anything between: what labels the first labels all.
#[derive(Default)]
pub(super) struct List {
    /// Where the first begins, once there are two.
    first: Option<usize>,
    start: usize,
    end: usize,
    /// The label of the first, once it was asked for.
    label: Option<Option<Label>>,
}

impl List {
    fn pass(&mut self, text: &str, start: usize, end: usize) {
        let between = text.as_bytes().get(self.end..start).unwrap_or_default();
        if self.end > 0 && goes_on(between) {
            self.first.get_or_insert(self.start);
        } else {
            self.first = None;
            self.label = None;
        }
        self.start = start;
        self.end = end;
    }
}

/// Whether what is between two numbers makes one list of them: a comma, the end of a line or a joining word, and behind it
/// hardly anything.
fn goes_on(between: &[u8]) -> bool {
    /// The most octets between two numbers of a list.
    const FAR: usize = 64;
    /// The most words between what parts two items and the number of the second.
    const WORDS: usize = 2;
    if between.len() > FAR || between.windows(2).any(|two| two == b". " || two == b"\n\n") {
        return false;
    }
    let blank = |octet: &u8| octet.is_ascii_whitespace();
    if between.iter().all(blank) {
        return !between.is_empty();
    }
    let words = || between.split(blank).filter(|word| !word.is_empty());
    let joins = |word: &[u8]| matches!(word, b"og" | b"samt" | b"and" | b"eller" | b"or" | b"&");
    if words().next_back().is_some_and(joins) {
        return true;
    }
    let parted = between
        .iter()
        .rposition(|octet| matches!(octet, b',' | b';' | b'/' | b'\n'));
    parted.is_some_and(|at| {
        let item = between.get(at + 1..).unwrap_or_default();
        item.split(blank).filter(|word| !word.is_empty()).count() <= WORDS
    })
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
    label.is_some_and(|label| !is_person(label.role) && label.stands != Stands::EarlierSentence)
}

fn is_person(role: Role) -> bool {
    matches!(role, Role::Person | Role::Pronoun | Role::Birth)
}

/// The label of a cell that holds words: what names the number comes before what speaks of a person.
fn strongest(tokens: &[Token], stands: Stands) -> Option<Label> {
    let labels = tokens.iter().filter_map(|token| match token.kind {
        TokenKind::Word(said) => said.label,
        _ => None,
    });
    let rank = |label: &Labelled| match label.role {
        Role::Number => Some(0),
        Role::LastFour => Some(1),
        Role::Other(_) => Some(2),
        Role::Shared => Some(3),
        Role::Birth => Some(4),
        Role::Person | Role::Pronoun => Some(5),
        _ => None,
    };
    let best = labels
        .filter(|label| rank(label).is_some())
        .min_by_key(rank)?;
    Some(Label {
        role: best.role,
        word: best.word,
        words: 0,
        stands,
    })
}
