//! The blocks of a RAR archive, followed only to see how many of them are whole.

use crate::extract::octets::{slice, u8_at, u16_at, u32_at};

/// Where the last block ends that is there with all its data. What follows is what is left of one that was cut off, or damage.
pub(super) fn whole(bytes: &[u8]) -> usize {
    let is_4 = bytes.get(6) == Some(&0);
    let next = if is_4 { next_4 } else { next_5 };
    let mut at = if is_4 { 7 } else { 8 };
    while let Some(end) = next(bytes, at).filter(|end| (at + 1..=bytes.len()).contains(end)) {
        at = end;
    }
    at
}

/// Where a block of versions 1.5 to 4 ends: a sum, a kind, flags and a size, and by a flag the size of what follows it.
fn next_4(bytes: &[u8], at: usize) -> Option<usize> {
    let size = usize::from(u16_at(bytes, at + 5)?);
    let data = match u16_at(bytes, at + 3)? & 0x8000 {
        0 => 0,
        _ => usize::try_from(u32_at(bytes, at + 7)?).ok()?,
    };
    at.checked_add(size)?.checked_add(data)
}

/// Where a block of version 5 ends: a sum, a size, and within it a kind, flags and the size of what follows.
fn next_5(bytes: &[u8], at: usize) -> Option<usize> {
    let mut place = at.checked_add(4)?;
    let size = number(bytes, &mut place)?;
    let end = place.checked_add(size)?;
    let _kind = number(bytes, &mut place)?;
    let flags = number(bytes, &mut place)?;
    if flags & 1 != 0 {
        number(bytes, &mut place)?;
    }
    let data = match flags & 2 {
        0 => 0,
        _ => number(bytes, &mut place)?,
    };
    end.checked_add(data)
}

/// A number of seven bits an octet, the lowest first, all but the last marked.
fn number(bytes: &[u8], place: &mut usize) -> Option<usize> {
    let octets = slice(bytes, *place, 10);
    let length = octets.iter().position(|octet| octet & 0x80 == 0)? + 1;
    let mut value = 0_u64;
    for at in (0..length).rev() {
        value = value.checked_mul(128)? | u64::from(u8_at(octets, at)? & 0x7F);
    }
    *place = place.checked_add(length)?;
    usize::try_from(value).ok()
}
