//! What is counted, and what it is counted in.

use std::collections::BTreeMap;

use crate::detect::PatternId;
use crate::evaluate::Share;
use crate::pattern::Category;

/// What a row of figures is about. They stand in the order in which they are told.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Of {
    /// One category.
    Category(Category),
    /// All categories together but the national identification number.
    Sensitive,
    /// One pattern.
    Pattern(PatternId, Measure),
    /// One set of texts.
    Set(Box<str>, Measure),
    /// The texts in one language.
    Language(Box<str>, Measure),
}

impl Of {
    /// What is counted in the row.
    pub fn measure(&self) -> Measure {
        match self {
            Self::Category(category) => Measure::of(*category),
            Self::Sensitive => Measure::Mails,
            Self::Pattern(_, measure) | Self::Set(_, measure) | Self::Language(_, measure) => {
                *measure
            }
        }
    }

    /// The word for the kind of row: `category`, `sensitive`, `pattern`, `set` or `language`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Category(_) => "category",
            Self::Sensitive => "sensitive",
            Self::Pattern(..) => "pattern",
            Self::Set(..) => "set",
            Self::Language(..) => "language",
        }
    }

    /// The name of what it is about: `health`, `dk.cpr`, `cprt`, `da`.
    pub fn name(&self) -> &str {
        match self {
            Self::Category(category) => category.as_str(),
            Self::Sensitive => "sensitive",
            Self::Pattern(pattern, _) => pattern.as_str(),
            Self::Set(name, _) | Self::Language(name, _) => name,
        }
    }
}

/// What is counted.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Measure {
    /// Numbers, one by one: the national identification number.
    Numbers,
    /// Mails that tell something of a category, each once for each category: whatever is sensitive.
    Mails,
}

impl Measure {
    /// What is counted of a category.
    pub fn of(category: Category) -> Self {
        match category {
            Category::NationalId => Self::Numbers,
            _ => Self::Mails,
        }
    }

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Numbers => "numbers",
            Self::Mails => "mails",
        }
    }
}

/// The figures of a row.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Count {
    /// How many are labelled.
    pub labelled: u32,
    /// How many of these were found.
    pub found: u32,
    /// How many were found and are not labelled.
    pub false_alarms: u32,
}

impl Count {
    /// How many are labelled and were not found.
    pub fn missed(self) -> u32 {
        self.labelled.saturating_sub(self.found)
    }

    /// The share of what is labelled that was found; `None` where nothing is labelled.
    pub fn recall(self) -> Option<Share> {
        Share::new(self.found, self.labelled)
    }

    /// The share of what was found that is labelled; `None` where nothing was found.
    pub fn precision(self) -> Option<Share> {
        Share::new(self.found, self.found.saturating_add(self.false_alarms))
    }

    /// Whether there is anything to tell.
    pub fn is_empty(self) -> bool {
        self == Self::default()
    }

    pub(super) fn label(&mut self, found: bool) {
        self.labelled += 1;
        self.found += u32::from(found);
    }
}

/// How many of some came to what was expected.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Held {
    /// How many did.
    pub held: u32,
    /// Of how many.
    pub of: u32,
}

impl Held {
    /// The share that did; `None` of nothing.
    pub fn share(self) -> Option<Share> {
        Share::new(self.held, self.of)
    }

    pub(super) fn add(&mut self, held: bool) {
        self.of += 1;
        self.held += u32::from(held);
    }
}

/// What was found in texts that hold nothing.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Negatives {
    /// How many texts there are.
    pub texts: u32,
    /// How many words all of them have.
    pub words: u64,
    /// How many findings there were, of each category that had any.
    pub false_alarms: BTreeMap<Category, u32>,
}

impl Negatives {
    /// How many findings that is in 100,000 words. `None` where there are no words.
    pub fn per_100_000_words(&self, false_alarms: u32) -> Option<f64> {
        // Beyond 2³² words nobody asks for the last digit.
        let words = u32::try_from(self.words).unwrap_or(u32::MAX);
        (words > 0).then(|| f64::from(false_alarms) * 100_000.0 / f64::from(words))
    }
}
