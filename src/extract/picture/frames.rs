//! Whether a picture has more frames than the first, which is the one that OCR reads.

/// Whether it is an animation of several frames: GIF, PNG or WebP. A TIFF has pages, which are all read.
pub(super) fn has_more_frames(bytes: &[u8]) -> bool {
    match bytes {
        [b'G', b'I', b'F', b'8', _, _, rest @ ..] => frames_of_gif(rest) > 1,
        [0x89, b'P', b'N', b'G', _, _, _, _, chunks @ ..] => is_animated_png(chunks),
        // The animation flag of an extended file (RFC 9649 section 2.7).
        [b'R', b'I', b'F', b'F', ..] if bytes.get(12..16) == Some(b"VP8X") => {
            bytes.get(20).is_some_and(|flags| flags & 0x02 != 0)
        }
        _ => false,
    }
}

/// Counts image descriptors, up to two (GIF89a section 20). Behind a block that is none nothing is counted.
fn frames_of_gif(bytes: &[u8]) -> usize {
    let mut frames = 0;
    let Some((screen, mut rest)) = bytes.split_at_checked(7) else {
        return frames;
    };
    rest = behind_colours(rest, screen.get(4)).unwrap_or_default();
    while frames < 2 {
        let next = match rest {
            [0x21, _, blocks @ ..] => behind_blocks(blocks),
            [0x2C, image @ ..] => {
                frames += 1;
                image.split_at_checked(9).and_then(|(place, behind)| {
                    let behind = behind_colours(behind, place.get(8))?;
                    behind_blocks(behind.get(1..)?)
                })
            }
            _ => None,
        };
        match next {
            Some(next) => rest = next,
            None => break,
        }
    }
    frames
}

/// What is behind a table of colours, if the flags say that there is one.
fn behind_colours<'a>(bytes: &'a [u8], flags: Option<&u8>) -> Option<&'a [u8]> {
    let flags = flags?;
    let octets = if flags & 0x80 != 0 {
        3 * (2 << (flags & 0x07))
    } else {
        0
    };
    bytes.get(octets..)
}

/// What is behind a run of blocks, each led by its length, the last by zero.
fn behind_blocks(mut bytes: &[u8]) -> Option<&[u8]> {
    loop {
        let (length, rest) = bytes.split_first()?;
        bytes = rest.get(usize::from(*length)..)?;
        if *length == 0 {
            return Some(bytes);
        }
    }
}

/// Whether there is an `acTL` chunk with more than one frame before the first image data (PNG third edition, section 11.3.6.1).
fn is_animated_png(mut chunks: &[u8]) -> bool {
    while let Some((head, rest)) = chunks.split_first_chunk::<8>() {
        let [a, b, c, d, kind @ ..] = *head;
        match &kind {
            b"acTL" => return rest.first_chunk() > Some(&1_u32.to_be_bytes()),
            b"IDAT" => return false,
            _ => {}
        }
        let length = usize::try_from(u32::from_be_bytes([a, b, c, d])).unwrap_or(usize::MAX);
        // Four octets of a checksum are behind the data.
        chunks = rest.get(length.saturating_add(4)..).unwrap_or_default();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gif(frames: usize) -> Vec<u8> {
        let mut gif = b"GIF89a\x40\0\x40\0\x80\0\0".to_vec();
        gif.extend([0; 6]);
        gif.extend(b"\x21\xF9\x04\0\0\0\0\0");
        for _ in 0..frames {
            gif.extend(b"\x2C\0\0\0\0\x40\0\x40\0\0\x02\x02\x4C\x01\0");
        }
        gif.push(0x3B);
        gif
    }

    fn png(frames: Option<u8>) -> Vec<u8> {
        let mut png = b"\x89PNG\r\n\x1A\n\0\0\0\x02IHDRxxcccc".to_vec();
        if let Some(frames) = frames {
            png.extend(b"\0\0\0\x08acTL\0\0\0");
            png.extend([frames, 0, 0, 0, 0]);
            png.extend(b"cccc");
        }
        png.extend(b"\0\0\0\0IDATcccc");
        png
    }

    #[test]
    fn frames_are_counted() {
        for (file, more) in [
            (gif(0), false),
            (gif(1), false),
            (gif(2), true),
            (gif(500), true),
            (png(None), false),
            (png(Some(1)), false),
            (png(Some(2)), true),
            (b"RIFF....WEBPVP8X....\x02".to_vec(), true),
            (b"RIFF....WEBPVP8X....\x10".to_vec(), false),
            (b"RIFF....WEBPVP8 ....\x02".to_vec(), false),
        ] {
            assert_eq!(has_more_frames(&file), more, "{}", file.escape_ascii());
            // Cut off anywhere, it is no animation or the same one, and nothing worse.
            let cut = (0..file.len()).map(|end| has_more_frames(file.get(..end).unwrap()));
            assert!(cut.fold(false, |any, it| any | it) <= more);
        }
    }
}
