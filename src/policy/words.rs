//! The words of policy in the languages of its readers.

use std::str::FromStr;

use crate::detect::Confidence;
use crate::extract::{Place, Reason};
use crate::mail::Masked;
use crate::pattern::Category;
use crate::policy::Level;

/// A language in which Sluse explains itself to people. Logs and diagnostics are in English.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Language {
    /// Danish.
    #[default]
    Danish,
    /// English.
    English,
}

/// A text that names no language we write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a language Sluse writes; it writes `da` and `en`")]
pub struct LanguageError;

impl FromStr for Language {
    type Err = LanguageError;

    fn from_str(text: &str) -> Result<Self, LanguageError> {
        match text {
            "da" => Ok(Self::Danish),
            "en" => Ok(Self::English),
            _ => Err(LanguageError),
        }
    }
}

impl Language {
    /// The one of two wordings that is in this language.
    pub fn pick<'a>(self, danish: &'a str, english: &'a str) -> &'a str {
        match self {
            Self::Danish => danish,
            Self::English => english,
        }
    }
}

/// What a person calls a finding of this category.
pub fn category_name(category: Category, language: Language) -> &'static str {
    let (danish, english) = match category {
        Category::Health => ("helbredsoplysning", "health information"),
        Category::Ethnicity => ("oplysning om etnisk oprindelse", "ethnic origin"),
        Category::Political => ("oplysning om politisk holdning", "political opinion"),
        Category::Religion => ("oplysning om tro", "religious belief"),
        Category::Union => ("oplysning om fagforening", "trade union membership"),
        Category::Genetic => ("genetisk oplysning", "genetic information"),
        Category::Biometric => ("biometrisk oplysning", "biometric information"),
        Category::Sexuality => ("oplysning om seksualitet", "sexual life or orientation"),
        Category::Criminal => ("oplysning om strafbare forhold", "criminal offence"),
        Category::Economy => ("oplysning om økonomi", "personal finances"),
        Category::Family => ("oplysning om familieforhold", "family matters"),
        Category::Employment => ("oplysning om ansættelse", "employment matters"),
        Category::Exam => ("eksamensoplysning", "exam result"),
        Category::NationalId => ("CPR-nummer", "CPR number"),
    };
    language.pick(danish, english)
}

/// What a person calls a level of protection.
pub fn level_name(level: Level, language: Language) -> &'static str {
    let (danish, english) = match level {
        Level::None => ("ingen kendt beskyttelse", "no known protection"),
        Level::Transport => ("bekræftet TLS", "verified TLS"),
        Level::Sealed => (
            "kryptering hele vejen eller en sikker gateway",
            "end-to-end encryption or a secure gateway",
        ),
        Level::Inside => (
            "at blive i organisationen",
            "staying inside the organization",
        ),
    };
    language.pick(danish, english)
}

/// What a person says of why something could not be read.
pub fn reason_name(reason: Reason, language: Language) -> &'static str {
    let (danish, english) = match reason {
        Reason::Encrypted => ("krypteret", "encrypted"),
        Reason::Damaged => ("beskadiget", "damaged"),
        Reason::Limit => ("over en grænse", "over a limit"),
        Reason::Unknown => ("ukendt format", "unknown format"),
        Reason::Timeout => ("tiden løb ud", "time ran out"),
        Reason::Unsupported => ("et format, der ikke læses", "a format that is not read"),
        Reason::Media => ("billede, lyd eller film", "picture, sound or film"),
    };
    language.pick(danish, english)
}

/// What a person calls a confidence.
pub fn confidence_name(confidence: Confidence, language: Language) -> &'static str {
    let (danish, english) = match confidence {
        Confidence::Low => ("måske", "perhaps"),
        Confidence::Medium => ("sandsynligt", "likely"),
        Confidence::High => ("sikkert", "certain"),
    };
    language.pick(danish, english)
}

/// Where a person would look for something in this place.
pub fn place_name(place: Place, language: Language) -> &'static str {
    let (danish, english) = match place {
        Place::Subject => ("emnefeltet", "the subject"),
        Place::Header => ("brevhovedet", "the header"),
        Place::Body => ("beskedens tekst", "the text of the message"),
        Place::AttachmentName => ("navnet på en vedhæftet fil", "the name of an attachment"),
        Place::Attachment => ("en vedhæftet fil", "an attachment"),
    };
    language.pick(danish, english)
}

/// Where a finding stands: the name of its place where that is all there is to say, otherwise its origin.
pub fn origin_name(place: Place, origin: &Masked, language: Language) -> &str {
    if origin.as_str() == place.as_str() {
        place_name(place, language)
    } else {
        origin.as_str()
    }
}
