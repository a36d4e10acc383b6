//! The pictures an inspector asks to be read, and what was read in them.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::extract::{Picture, Place, Reason, Spot, Text, View};
use crate::inspect::told::{Nonsense, PlaceTold, ReasonTold, part};
use crate::limits::PictureLimits;
use crate::mail::FileName;
use crate::mime::PartPath;

/// What an inspection asks to be read.
#[derive(Debug, Default)]
pub(in crate::inspect) struct Asked {
    /// The subject of the message.
    heading: String,
    /// Where each picture stands, and how many octets it has.
    pub(in crate::inspect) pictures: Vec<(Spot, u64)>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct PictureTold<'a> {
    #[serde(borrow)]
    spot: SpotTold<'a>,
    len: u64,
}

#[derive(Serialize, Deserialize)]
struct SpotTold<'a> {
    #[serde(with = "PlaceTold")]
    place: Place,
    #[serde(borrow)]
    part: Cow<'a, str>,
    #[serde(borrow)]
    name: Option<Cow<'a, str>>,
    page: Option<u32>,
    #[serde(with = "ReasonTold")]
    unread: Reason,
}

/// What OCR read, on its way to an inspector.
#[derive(Serialize, Deserialize)]
struct SeenTold<'a> {
    #[serde(borrow)]
    heading: Cow<'a, str>,
    #[serde(borrow)]
    texts: Vec<(SpotTold<'a>, Cow<'a, str>)>,
}

impl<'a> PictureTold<'a> {
    pub(super) fn of(picture: &'a Picture) -> Self {
        Self {
            spot: SpotTold::of(&picture.spot),
            len: picture.octets.len() as u64,
        }
    }
}

impl<'a> SpotTold<'a> {
    fn of(spot: &'a Spot) -> Self {
        Self {
            place: spot.place,
            part: spot.part.as_str().into(),
            name: spot.name.as_ref().map(|name| name.exposed().into()),
            page: spot.page,
            unread: spot.unread,
        }
    }

    fn believed(self) -> Result<Spot, Nonsense> {
        Ok(Spot {
            place: self.place,
            part: part(&self.part)?,
            name: self.name.as_deref().map(FileName::new),
            page: self.page,
            unread: self.unread,
        })
    }
}

/// What is asked, if that is no more than these limits allow.
pub(super) fn believed(
    heading: Cow<'_, str>,
    pictures: Vec<PictureTold<'_>>,
    limits: Option<&PictureLimits>,
) -> Result<Asked, Nonsense> {
    let (count, octets) = limits.map_or((0, 0), |limits| (limits.count, limits.octets));
    let sum = pictures.iter().map(|it| it.len);
    let sum = sum.fold(0, u64::saturating_add);
    if sum > octets || pictures.len() as u64 > u64::from(count) {
        return Err(Nonsense::Pictures);
    }
    let pictures = pictures.into_iter();
    let pictures = pictures.map(|it| Ok((it.spot.believed()?, it.len)));
    Ok(Asked {
        heading: heading.into_owned(),
        pictures: pictures.collect::<Result<_, _>>()?,
    })
}

/// Writes what was read, picture by picture as they were asked for; a picture in which nothing was is left out. `None` where
/// nothing was read at all.
pub(in crate::inspect) fn encode_seen<'a>(
    asked: &'a Asked,
    seen: impl Iterator<Item = &'a str>,
) -> serde_json::Result<Option<Vec<u8>>> {
    let texts = asked.pictures.iter().zip(seen);
    let texts = texts.filter(|(_, text)| !text.trim().is_empty());
    let texts: Vec<_> = texts
        .map(|((spot, _), text)| (SpotTold::of(spot), Cow::from(text)))
        .collect();
    if texts.is_empty() {
        return Ok(None);
    }
    let heading = asked.heading.as_str().into();
    serde_json::to_vec(&SeenTold { heading, texts }).map(Some)
}

/// Reads what was read: the subject of the message, and a text for each picture.
pub(in crate::inspect) fn decode_seen(octets: &[u8]) -> Result<Vec<Text>, Nonsense> {
    let told: SeenTold<'_> = serde_json::from_slice(octets).map_err(|_| Nonsense::Shape)?;
    let heading = Text {
        place: Place::Subject,
        view: View::Main,
        part: PartPath::root(),
        name: None,
        text: told.heading.into_owned(),
        marks: Vec::new(),
    };
    let texts = told.texts.into_iter();
    let texts = texts.map(|(spot, text)| Ok(spot.believed()?.text(&text)));
    std::iter::once(Ok(heading)).chain(texts).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_is_asked_than_is_allowed() {
        let pictures = |lens: &[u64]| {
            let told = |len: &u64| PictureTold {
                spot: SpotTold {
                    place: Place::Attachment,
                    part: "2".into(),
                    name: Some("scan.png".into()),
                    page: None,
                    unread: Reason::Media,
                },
                len: *len,
            };
            lens.iter().map(told).collect::<Vec<_>>()
        };
        let limits = PictureLimits {
            count: 2,
            octets: 10,
            ..PictureLimits::default()
        };
        let asked = |lens: &[u64], limits| believed("".into(), pictures(lens), limits);
        assert_eq!(asked(&[4, 6], Some(&limits)).unwrap().pictures.len(), 2);
        for (lens, limits) in [
            (&[4, 7][..], Some(&limits)),
            (&[1, 1, 1], Some(&limits)),
            (&[u64::MAX, 2], Some(&limits)),
            (&[1], None),
        ] {
            assert_eq!(asked(lens, limits).unwrap_err(), Nonsense::Pictures);
        }
        assert!(asked(&[], None).is_ok());
    }

    #[test]
    fn what_was_read_arrives_with_where_it_stood() {
        let spot = Spot {
            place: Place::Attachment,
            part: PartPath::parse("2").unwrap(),
            name: Some(FileName::new("bilag.pdf")),
            page: Some(3),
            unread: Reason::Unsupported,
        };
        let asked = Asked {
            heading: "Ansøgning".to_owned(),
            pictures: vec![(spot.clone(), 1), (spot, 1)],
        };
        let octets = encode_seen(&asked, [" \n\u{C}", "\"Kære\"\n"].into_iter());
        let texts = decode_seen(&octets.unwrap().unwrap()).unwrap();
        let told: Vec<_> = texts
            .iter()
            .map(|it| (it.place, it.origin(0).as_str().to_owned(), &*it.text))
            .collect();
        assert_eq!(
            told,
            [
                (Place::Subject, "subject".to_owned(), "Ansøgning"),
                (
                    Place::Attachment,
                    "bilag.pdf page 3 (OCR)".to_owned(),
                    "\"Kære\"\n\n"
                ),
            ]
        );
        let nothing = encode_seen(&asked, ["", "\n"].into_iter());
        assert!(nothing.unwrap().is_none());
    }
}
