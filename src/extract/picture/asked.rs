//! A picture that is asked to be read.

use std::fmt;

use crate::extract::{Gap, Locus, Mark, Place, Reason, Text, View};
use crate::mail::FileName;
use crate::mime::PartPath;

/// A picture in which text may stand, on its way to OCR. Until it was read it is a gap.
pub struct Picture {
    /// Where it stands.
    pub spot: Spot,
    /// The picture: PNG, JPEG, GIF, BMP, TIFF, WebP or PNM.
    pub octets: Vec<u8>,
}

/// Where a picture stands in the message.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Spot {
    /// In what role it stands in the message.
    pub place: Place,
    /// The part it is, or is in.
    pub part: PartPath,
    /// The name of the file it is, or is in, through all containers.
    pub name: Option<FileName>,
    /// Which page of a document it is, from 1; `None` where it is a file of its own.
    pub page: Option<u32>,
    /// The reason of the gap it is if nobody reads it: a file that is a picture is `media`, a page that is one `unsupported`.
    pub unread: Reason,
}

impl Spot {
    /// The gap the picture is, for this reason.
    pub fn gap(&self, reason: Reason, detail: &'static str) -> Gap {
        Gap {
            part: self.part.clone(),
            name: self.name.clone(),
            reason,
            detail: detail.into(),
        }
    }

    /// What was read in it, as a text of the message. A form feed ends a page, where it has several.
    pub fn text(&self, seen: &str) -> Text {
        let seen = seen.trim_end_matches('\u{C}');
        let pages = seen.contains('\u{C}');
        let mut text = String::with_capacity(seen.len());
        let mut marks = Vec::new();
        for (page, number) in seen.split('\u{C}').zip(1..) {
            let page_of_it = pages.then_some(number);
            marks.push(Mark {
                at: text.len(),
                locus: Locus::Ocr(self.page.or(page_of_it)),
            });
            text.push_str(page);
            text.push('\n');
        }
        Text {
            place: self.place,
            view: View::Main,
            part: self.part.clone(),
            name: self.name.clone(),
            text,
            marks,
        }
    }
}

/// What a picture shows is what must not leak: `Debug` tells only how much there is.
impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Picture({}, {} octets)",
            self.spot.part,
            self.octets.len()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_is_told_by_its_page() {
        let mut spot = Spot {
            place: Place::Attachment,
            part: PartPath::root(),
            name: Some(FileName::new("scan.tif")),
            page: None,
            unread: Reason::Media,
        };
        let origins = |spot: &Spot, seen: &str| {
            let text = spot.text(seen);
            let ends = [0, text.text.len()];
            ends.map(|at| text.origin(at).as_str().to_owned())
        };
        let whole = ["scan.tif (OCR)", "scan.tif (OCR)"].map(str::to_owned);
        assert_eq!(origins(&spot, "a\n\u{C}"), whole);
        let pages = ["scan.tif page 1 (OCR)", "scan.tif page 2 (OCR)"].map(str::to_owned);
        assert_eq!(origins(&spot, "a\n\u{C}b\n\u{C}"), pages);
        spot.page = Some(3);
        let third = ["scan.tif page 3 (OCR)", "scan.tif page 3 (OCR)"].map(str::to_owned);
        assert_eq!(origins(&spot, "a\n\u{C}"), third);
    }
}
