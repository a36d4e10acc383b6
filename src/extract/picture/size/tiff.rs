//! The size of a TIFF file (TIFF 6.0 section 2): of its largest page.

use crate::extract::picture::Size;

/// The longest side any page has each way; `None` where a page cannot be followed.
pub(super) fn size(bytes: &[u8]) -> Option<Size> {
    let file = File {
        bytes,
        is_big: bytes.starts_with(b"MM"),
    };
    let mut size = Size {
        width: 0,
        height: 0,
    };
    let mut at = file.number(4, 4)?;
    let mut pages = 0;
    // Pages that stand in a circle are left after so many.
    while at != 0 && pages < MOST_PAGES {
        pages += 1;
        let entries = file.number(at, 2)?;
        let first = at.checked_add(2)?;
        for entry in 0..entries {
            let entry = first.checked_add(entry * ENTRY)?;
            let longest = match file.number(entry, 2)? {
                WIDTH => &mut size.width,
                LENGTH => &mut size.height,
                _ => continue,
            };
            let octets = match file.number(entry + 2, 2)? {
                SHORT => 2,
                _ => 4,
            };
            *longest = (*longest).max(u32::try_from(file.number(entry + 8, octets)?).ok()?);
        }
        at = file.number(first.checked_add(entries * ENTRY)?, 4)?;
    }
    Some(size)
}

struct File<'b> {
    bytes: &'b [u8],
    is_big: bool,
}

impl File<'_> {
    fn number(&self, at: usize, octets: usize) -> Option<usize> {
        let field = self.bytes.get(at..at.checked_add(octets)?)?;
        let fold = |sum: usize, octet: &u8| sum << 8 | usize::from(*octet);
        Some(if self.is_big {
            field.iter().fold(0, fold)
        } else {
            field.iter().rev().fold(0, fold)
        })
    }
}

/// The octets of an entry, the tags of the two sides, and the type of two octets.
const ENTRY: usize = 12;
const WIDTH: usize = 256;
const LENGTH: usize = 257;
const SHORT: usize = 3;

/// The most pages that are looked at.
const MOST_PAGES: usize = 1000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_page_counts() {
        let page = |width: u16, height: u16, next: u32| {
            let mut page = vec![0, 2];
            for (tag, side) in [(256_u16, width), (257, height)] {
                page.extend(tag.to_be_bytes());
                page.extend([0, 3, 0, 0, 0, 1]);
                page.extend(side.to_be_bytes());
                page.extend([0, 0]);
            }
            page.extend(next.to_be_bytes());
            page
        };
        let head = b"MM\0\x2A\0\0\0\x08".to_vec();
        let two = [head.clone(), page(10, 700, 38), page(500, 20, 0)].concat();
        let (width, height) = (500, 700);
        assert_eq!(size(&two), Some(Size { width, height }));
        let circle = [head, page(10, 700, 8)].concat();
        assert!(size(&circle).is_some());
        assert_eq!(size(&two[..30]), None);
    }
}
