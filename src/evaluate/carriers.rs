//! The manifest of a folder of carriers, a JSON object a line.

use std::collections::BTreeMap;
use std::path::{Component, Path};

use crate::evaluate::fields::{Fields, lines, sensitive};
use crate::evaluate::texts::number;
use crate::evaluate::{BadLine, Carrier, Expect, Mail, Malformed, Planted, Sample, Thing, Truth};

/// Reads a manifest, whose files lie in `folder`:
/// `{"file","planted":[{"type":"cpr"|"category","value","where","technique","as_written"}],"expect","categories"}`.
///
/// `file`, `planted` and `expect` must be there, and `type`, `value` and `technique` in each thing planted; every other
/// field may be left out, and fields that are not known are passed over.
///
/// # Errors
///
/// The first line that is no such object, has the `file` of another, or names a file outside the folder.
pub fn carriers(manifest: &str, folder: &Path) -> Result<Vec<Sample>, BadLine> {
    let mut seen = BTreeMap::new();
    let mut samples = Vec::new();
    for (number, line) in lines(manifest) {
        let bad = |what| BadLine { line: number, what };
        let sample = carrier(line, folder).map_err(bad)?;
        if let Some(first) = seen.insert(sample.id.clone(), number) {
            return Err(bad(Malformed::Twice(first)));
        }
        samples.push(sample);
    }
    Ok(samples)
}

fn carrier(line: &str, folder: &Path) -> Result<Sample, Malformed> {
    let fields = Fields::of_line(line)?;
    let file = fields.text("file")?;
    let mut steps = Path::new(file).components();
    if file.is_empty() || !steps.all(|step| matches!(step, Component::Normal(_))) {
        return Err(Malformed::Wrong {
            field: "file",
            must: "a file in the folder of the manifest",
        });
    }
    let expect = fields.text("expect")?;
    let expect = Expect::ALL.into_iter().find(|it| it.as_str() == expect);
    let planted = fields.objects("planted")?;
    let categories = if fields.has("categories") {
        fields.categories("categories")?
    } else {
        Default::default()
    };
    Ok(Sample {
        id: file.into(),
        set: None,
        language: None,
        mail: Mail::File(folder.join(file)),
        truth: Truth::Carrier(Carrier {
            expect: expect.ok_or(Malformed::Wrong {
                field: "expect",
                must: "find, clean, uninspectable or protected",
            })?,
            planted: planted.iter().map(thing).collect::<Result<_, _>>()?,
            categories,
        }),
    })
}

fn thing(fields: &Fields) -> Result<Planted, Malformed> {
    let thing = match fields.text("type")? {
        "cpr" => Thing::Number(number(fields)?),
        "category" => Thing::Category(sensitive(fields.text("value")?, "value")?),
        _ => {
            return Err(Malformed::Wrong {
                field: "type",
                must: "cpr or category",
            });
        }
    };
    Ok(Planted {
        thing,
        technique: fields.text("technique")?.into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_reaches_no_file_outside_its_folder() {
        for (file, told) in [
            ("/etc/passwd", true),
            ("../x.eml", true),
            ("a/../../x.eml", true),
            ("", true),
            ("a/x.eml", false),
        ] {
            let line = format!(r#"{{"file":"{file}","planted":[],"expect":"clean"}}"#);
            assert_eq!(carriers(&line, Path::new("f")).is_err(), told, "{file}");
        }
    }

    #[test]
    fn what_is_planted_is_said_whole() {
        for (planted, told) in [
            (
                r#"{"type":"name","value":"x","technique":"x"}"#,
                "`type` must be cpr or category",
            ),
            (
                r#"{"type":"cpr","value":"1102701234"}"#,
                "`technique` is missing",
            ),
            (
                r#"{"type":"category","value":"x","technique":"x"}"#,
                "`value` names what is no category",
            ),
        ] {
            let line = format!(r#"{{"file":"x.eml","planted":[{planted}],"expect":"find"}}"#);
            let error = carriers(&line, Path::new("")).err().unwrap().to_string();
            assert!(error.starts_with(&format!("line 1: {told}")), "{error}");
        }
    }
}
