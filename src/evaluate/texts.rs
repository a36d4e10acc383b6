//! Labelled texts, a JSON object a line.

use std::collections::BTreeMap;

use crate::evaluate::fields::{Fields, lines};
use crate::evaluate::{BadLine, Labels, Mail, Malformed, NationalId, Sample, Truth};

/// Reads labelled texts:
/// `{"id","lang","subject","text","labels":{"cpr":[{"as_written","value"}],"categories":[]},"subjects","note"}`.
///
/// `id`, `text` and `labels` with both its lists must be there, and `value` in each number; every other field may be left
/// out, and fields that are not known are passed over.
///
/// # Errors
///
/// The first line that is no such object, or has the `id` of another.
pub fn texts(file: &str) -> Result<Vec<Sample>, BadLine> {
    let mut seen = BTreeMap::new();
    let mut samples = Vec::new();
    for (number, line) in lines(file) {
        let bad = |what| BadLine { line: number, what };
        let sample = text(line).map_err(bad)?;
        if let Some(first) = seen.insert(sample.id.clone(), number) {
            return Err(bad(Malformed::Twice(first)));
        }
        samples.push(sample);
    }
    Ok(samples)
}

fn text(line: &str) -> Result<Sample, Malformed> {
    let fields = Fields::of_line(line)?;
    let id = fields.text("id")?;
    let labels = fields.object("labels")?;
    let numbers = labels.objects("cpr")?;
    let numbers = numbers.iter().map(number).collect::<Result<_, _>>()?;
    Ok(Sample {
        id: id.into(),
        set: set_of(id),
        language: fields.text_if_any("lang")?.map(Into::into),
        mail: Mail::Text {
            subject: fields.text_if_any("subject")?.unwrap_or_default().into(),
            text: fields.text("text")?.into(),
        },
        truth: Truth::Labels(Labels {
            numbers,
            categories: labels.categories("categories")?,
        }),
    })
}

/// The number in the `value` of a label.
pub(super) fn number(label: &Fields) -> Result<NationalId, Malformed> {
    NationalId::parse(label.text("value")?).ok_or(Malformed::Wrong {
        field: "value",
        must: "a number of ten digits",
    })
}

/// The letters before the first hyphen.
fn set_of(id: &str) -> Option<Box<str>> {
    let (set, _) = id.split_once('-')?;
    let is_word = !set.is_empty() && set.chars().all(char::is_alphabetic);
    is_word.then(|| set.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"{"id":"cprt-1","text":"x","labels":{"cpr":[{"value":"110270-1234"}],"categories":["health"]}}"#;

    fn wrong(file: &str) -> String {
        texts(file)
            .err()
            .map(|it| it.to_string())
            .unwrap_or_default()
    }

    #[test]
    fn only_what_is_judged_by_must_be_there() {
        let samples = texts(&format!("\n{GOOD}\n\n")).ok().unwrap();
        assert_eq!(samples.len(), 1);
        assert_eq!(&*samples[0].id, "cprt-1");
        assert_eq!(samples[0].set.as_deref(), Some("cprt"));
        assert_eq!(samples[0].language, None);
        assert_eq!(set_of("2026-1"), None);
        assert_eq!(set_of("pos"), None);
    }

    #[test]
    fn a_line_that_is_wrong_is_named_and_never_quoted() {
        for (line, told) in [
            (
                "Anders And 110270-1234",
                "line 2: no JSON object; it stops being one in column 1",
            ),
            (
                "[]",
                "line 2: no JSON object; it stops being one in column 1",
            ),
            (GOOD, "line 2: its name stands in line 1 already"),
            (r#"{"id":"a"}"#, "line 2: `labels` is missing"),
            (
                r#"{"id":"a","text":["Anders And"],"labels":{"cpr":[],"categories":[]}}"#,
                "line 2: `text` must be a text",
            ),
            (
                r#"{"id":"a","text":"x","labels":{"cpr":["110270-1234"],"categories":[]}}"#,
                "line 2: `cpr` must be a list of objects",
            ),
            (
                r#"{"id":"a","text":"x","labels":{"cpr":[{"value":"110270"}],"categories":[]}}"#,
                "line 2: `value` must be a number of ten digits",
            ),
        ] {
            assert_eq!(wrong(&format!("{GOOD}\n{line}\n")), told);
        }
        let told =
            wrong(r#"{"id":"a","text":"x","labels":{"cpr":[],"categories":["national-id"]}}"#);
        assert!(
            told.starts_with("line 1: `categories` names what is no category; known are health,")
        );
    }
}
