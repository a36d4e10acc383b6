//! A line of a corpus: one JSON object, its fields taken by name.
//!
//! The messages of `serde` quote what they did not expect, which here may be a name or a number. These never do.

use serde_json::{Map, Value};

use crate::pattern::Category;

/// A line that is not what its format asks.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("line {line}: {what}")]
pub struct BadLine {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong with it.
    pub what: Malformed,
}

/// What is wrong with a line.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Malformed {
    /// It is no JSON object.
    #[error("no JSON object; it stops being one in column {0}")]
    NoObject(usize),
    /// A field is not there.
    #[error("`{0}` is missing")]
    Missing(&'static str),
    /// A field holds something else than it must.
    #[error("`{field}` must be {must}")]
    Wrong {
        /// The field.
        field: &'static str,
        /// What it must be.
        must: &'static str,
    },
    /// A word that is no category.
    #[error("`{field}` names what is no category; known are {}", known())]
    Category {
        /// The field.
        field: &'static str,
    },
    /// Two samples of one name.
    #[error("its name stands in line {0} already")]
    Twice(usize),
}

/// The fields of one line.
pub(super) struct Fields(Map<String, Value>);

impl Fields {
    /// The fields of a line of JSON.
    pub(super) fn of_line(line: &str) -> Result<Self, Malformed> {
        match serde_json::from_str(line) {
            Ok(Value::Object(fields)) => Ok(Self(fields)),
            Ok(_) => Err(Malformed::NoObject(1)),
            Err(error) => Err(Malformed::NoObject(error.column())),
        }
    }

    /// Whether there is such a field.
    pub(super) fn has(&self, field: &str) -> bool {
        self.0.contains_key(field)
    }

    /// A text.
    pub(super) fn text(&self, field: &'static str) -> Result<&str, Malformed> {
        let text = self.0.get(field).ok_or(Malformed::Missing(field))?;
        text.as_str().ok_or(Malformed::Wrong {
            field,
            must: "a text",
        })
    }

    /// A text that may be left out or `null`.
    pub(super) fn text_if_any(&self, field: &'static str) -> Result<Option<&str>, Malformed> {
        match self.0.get(field) {
            None | Some(Value::Null) => Ok(None),
            Some(_) => self.text(field).map(Some),
        }
    }

    /// The fields of an object in a field.
    pub(super) fn object(&self, field: &'static str) -> Result<Self, Malformed> {
        match self.0.get(field) {
            Some(Value::Object(fields)) => Ok(Self(fields.clone())),
            Some(_) => Err(Malformed::Wrong {
                field,
                must: "an object",
            }),
            None => Err(Malformed::Missing(field)),
        }
    }

    /// A list of objects, each as its fields.
    pub(super) fn objects(&self, field: &'static str) -> Result<Vec<Self>, Malformed> {
        let wrong = Malformed::Wrong {
            field,
            must: "a list of objects",
        };
        let objects = self.list(field)?.iter().map(|it| match it {
            Value::Object(fields) => Ok(Self(fields.clone())),
            _ => Err(wrong.clone()),
        });
        objects.collect()
    }

    /// A list of categories, none of them of numbers: those are labelled one by one.
    pub(super) fn categories<C: FromIterator<Category>>(
        &self,
        field: &'static str,
    ) -> Result<C, Malformed> {
        let categories = self.list(field)?.iter();
        categories
            .map(|word| sensitive(word.as_str().unwrap_or_default(), field))
            .collect()
    }

    fn list(&self, field: &'static str) -> Result<&[Value], Malformed> {
        match self.0.get(field) {
            Some(Value::Array(list)) => Ok(list),
            Some(_) => Err(Malformed::Wrong {
                field,
                must: "a list",
            }),
            None => Err(Malformed::Missing(field)),
        }
    }
}

/// The category that `word`, found in `field`, names.
pub(super) fn sensitive(word: &str, field: &'static str) -> Result<Category, Malformed> {
    let mut known = Category::ALL.into_iter();
    known
        .find(|category| *category != Category::NationalId && category.as_str() == word)
        .ok_or(Malformed::Category { field })
}

fn known() -> String {
    let known = Category::ALL
        .iter()
        .filter(|category| **category != Category::NationalId);
    known
        .map(|category| category.as_str())
        .collect::<Vec<_>>()
        .join(", ")
}

/// The lines of a file that are not empty, numbered from 1.
pub(super) fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let numbered = text.lines().enumerate().map(|(at, line)| (at + 1, line));
    numbered.filter(|(_, line)| !line.trim().is_empty())
}
