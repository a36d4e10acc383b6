//! What may be in a sentence, so that thousands of phrases can be passed over by the words they lack.

use crate::pattern::lexicon::{Anchor, Lexicon, Sense, Token};

/// The literals of a sentence, and the classes something in it may be of. A class may seem to be there that is not, for the order of
/// words is not looked at; never the other way round.
#[derive(Debug)]
pub struct Present {
    /// By token.
    bits: Vec<u64>,
    /// What is set.
    tokens: Vec<Token>,
    /// Those by which phrases are looked for that make something of a class out of several words.
    makers: Vec<Token>,
    /// Those by which phrases of subjects are looked for.
    topics: Vec<Token>,
}

impl Present {
    /// Nothing yet of what `lexicon` knows.
    pub fn new(lexicon: &Lexicon) -> Self {
        Self {
            bits: vec![0; lexicon.tokens.len().div_ceil(BITS)],
            tokens: Vec::new(),
            makers: Vec::new(),
            topics: Vec::new(),
        }
    }

    /// Takes out everything.
    pub fn clear(&mut self) {
        for token in self.tokens.drain(..) {
            if let Some(word) = self.bits.get_mut(token.index() / BITS) {
                *word = 0;
            }
        }
        self.makers.clear();
        self.topics.clear();
    }

    /// Puts in a literal or class, with all that it [is](Lexicon::is_all).
    pub fn insert_all(&mut self, lexicon: &Lexicon, all: &[Token]) {
        for &token in all {
            let bit = 1 << (token.index() % BITS);
            match self.bits.get_mut(token.index() / BITS) {
                Some(word) if *word & bit == 0 => *word |= bit,
                _ => continue,
            }
            self.tokens.push(token);
            let leads = lexicon.leads(token);
            if leads.to_classes {
                self.makers.push(token);
            }
            if leads.to_topics {
                self.topics.push(token);
            }
        }
    }

    /// Puts in the classes that phrases of several words may make of what is there, however deep.
    pub fn spread(&mut self, lexicon: &Lexicon) {
        let mut before = usize::MAX;
        while before != self.tokens.len() {
            before = self.tokens.len();
            let mut at = 0;
            while let Some(&token) = self.makers.get(at) {
                at += 1;
                for anchor in lexicon.known(token).makers {
                    if let Sense::Class(class) = anchor.sense
                        && let class = lexicon.tokens().of_class(class)
                        && !self.has(class)
                        && self.may_have(lexicon, anchor)
                    {
                        self.insert_all(lexicon, lexicon.is_all(class));
                    }
                }
            }
        }
    }

    /// What phrases of subjects are looked for by.
    pub fn topics(&self) -> &[Token] {
        &self.topics
    }

    /// Whether a phrase may be there of which the anchor is. If not, it is not.
    #[inline]
    pub fn may_have(&self, lexicon: &Lexicon, anchor: &Anchor) -> bool {
        (anchor.need == Token::END || self.has(anchor.need)) && self.has_all(lexicon.needs(anchor))
    }

    /// Whether one of each list is there.
    fn has_all(&self, needs: &[Token]) -> bool {
        let mut is_there = false;
        for &token in needs {
            if token == Token::END {
                if !is_there {
                    return false;
                }
                is_there = false;
            } else {
                is_there |= self.has(token);
            }
        }
        true
    }

    fn has(&self, token: Token) -> bool {
        let word = self.bits.get(token.index() / BITS);
        word.is_some_and(|word| word & (1 << (token.index() % BITS)) != 0)
    }
}

/// How many bits a word has.
const BITS: usize = 64;
