//! The classes that no list can hold, by what is seen of them at a glance: whether something of them may be in a sentence.

use crate::detect::subject::persons::Computed;
use crate::pattern::{ClassId, Lexicon, Token};

/// All of them.
pub(super) struct Glances {
    /// What has a large letter, or is a name in small ones.
    pub(super) named: Glance,
    /// What speaks to the reader.
    pub(super) addressed: Glance,
    /// What has digits.
    pub(super) counted: Glance,
    /// What has as many digits as a CPR number.
    pub(super) cpr: Glance,
    /// What is left open to be filled in.
    pub(super) blank: Glance,
}

/// Classes that are seen by the same thing.
#[derive(Default)]
pub(super) struct Glance {
    /// These classes, and all that are made by them alone.
    pub(super) tokens: Vec<Token>,
    /// What they can at most weigh as what tells of somebody.
    pub(super) somebody: f32,
    /// The same for the whole text.
    pub(super) somebody_in_text: f32,
    /// Whether they can tell something that counts for the whole text.
    pub(super) is_wide: bool,
    /// Whether phrases of subjects may be looked for by them.
    pub(super) may_have_topic: bool,
}

impl Glances {
    /// How many there are.
    pub(super) const ALL: usize = 5;

    pub(super) fn new(lexicon: &Lexicon, computed: &Computed) -> Self {
        let glance = |classes: &[Option<ClassId>]| Glance::of(lexicon, classes);
        Self {
            named: glance(&[computed.name, computed.maybe_name, computed.english_i]),
            addressed: glance(&[computed.addressee]),
            counted: glance(&[computed.number, computed.amount, computed.percent]),
            cpr: glance(&[computed.cpr]),
            blank: glance(&[computed.blank]),
        }
    }

    /// All, in the order in which they are declared.
    pub(super) fn all(&self) -> [&Glance; Self::ALL] {
        [
            &self.named,
            &self.addressed,
            &self.counted,
            &self.cpr,
            &self.blank,
        ]
    }
}

impl Glance {
    fn of(lexicon: &Lexicon, classes: &[Option<ClassId>]) -> Self {
        let mut glance = Self::default();
        for class in classes.iter().flatten() {
            glance
                .tokens
                .extend(lexicon.is_all(lexicon.tokens().of_class(*class)));
        }
        for &token in &glance.tokens {
            glance.somebody = glance.somebody.max(lexicon.somebody(token));
            let in_text = lexicon.somebody_in_text(token);
            glance.somebody_in_text = glance.somebody_in_text.max(in_text);
            glance.is_wide |= lexicon.is_wide(token);
            glance.may_have_topic |= lexicon.leads_to_topic(token);
        }
        glance
    }
}
