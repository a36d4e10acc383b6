//! A mail of a corpus, and the truth about it.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::evaluate::NationalId;
use crate::pattern::Category;

/// One mail of a corpus.
pub struct Sample {
    /// Its name in what is told: the `id` of a text, the file name of a carrier or of a plain text.
    pub id: Box<str>,
    /// The set it belongs to: the letters before the first hyphen of a text's `id`. `None` where there are none.
    pub set: Option<Box<str>>,
    /// Its language, as the corpus says it.
    pub language: Option<Box<str>>,
    /// The mail itself.
    pub mail: Mail,
    /// What is true of it.
    pub truth: Truth,
}

/// A mail, or what one is made of.
pub enum Mail {
    /// A subject and a text, to be made a message of by [`message`](fn@crate::evaluate::message).
    Text {
        /// The subject.
        subject: Box<str>,
        /// The text.
        text: Box<str>,
    },
    /// A message in a file, octet by octet.
    File(PathBuf),
}

/// What is true of a mail.
pub enum Truth {
    /// It holds this, and nothing else.
    Labels(Labels),
    /// Something was planted in it by a certain technique.
    Carrier(Carrier),
    /// It holds nothing that may be found: a law, a manual, a menu.
    Negative,
}

/// The labels of a text.
#[derive(Default)]
pub struct Labels {
    /// The numbers in it; one that is written twice stands here twice.
    pub numbers: Vec<NationalId>,
    /// The categories of what it tells. Never [`Category::NationalId`]: numbers are labelled one by one.
    pub categories: BTreeSet<Category>,
}

/// What is known of a carrier: a mail that was made to show how one technique is read.
pub struct Carrier {
    /// What should come of it.
    pub expect: Expect,
    /// What was planted in it.
    pub planted: Vec<Planted>,
    /// Categories that it tells of beside what was planted: finding these is no false alarm.
    pub categories: BTreeSet<Category>,
}

/// One thing that was planted.
pub struct Planted {
    /// The thing.
    pub thing: Thing,
    /// How it was planted, in the words of the corpus: `number split over four runs`.
    pub technique: Box<str>,
}

/// What can be planted.
pub enum Thing {
    /// A number of a person.
    Number(NationalId),
    /// Something of a sensitive category.
    Category(Category),
}

/// What should come of a carrier.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Expect {
    /// Everything planted is found.
    Find,
    /// Nothing is found, and nothing is left unread but pictures, sound and film.
    Clean,
    /// Something could not be read, and it is said.
    Uninspectable,
    /// It is recognized as encrypted from end to end.
    Protected,
}

impl Expect {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::Find,
        Self::Clean,
        Self::Uninspectable,
        Self::Protected,
    ];

    /// The word for it in a manifest and in what is told.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Find => "find",
            Self::Clean => "clean",
            Self::Uninspectable => "uninspectable",
            Self::Protected => "protected",
        }
    }
}
