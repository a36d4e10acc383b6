//! What the header of a part that is no multipart says of it.

use crate::mime::charset::is_charset;
use crate::mime::header::Head;
use crate::mime::parameter::{self, Structured, without_comments};
use crate::mime::transfer;
use crate::mime::{Flowed, Part, PartPath, Role, Transfer};

/// A part, and what is odd about its header.
pub(super) struct Leaf<'x> {
    pub(super) part: Part<'x>,
    /// Its transfer encoding may be understood in more than one way.
    pub(super) odd: bool,
    /// It has more names than anybody gives; the last ones were passed over.
    pub(super) over: bool,
}

/// The part below `head`, which is of the type `otherwise` where it says none.
pub(super) fn read<'x>(
    head: &Head<'x>,
    content_type: Structured,
    otherwise: &str,
    path: PartPath,
    depth: u32,
) -> Leaf<'x> {
    let all = |name: &str| -> Vec<Structured> {
        let fields = head.fields.iter().filter(|field| field.is(name));
        fields.map(|field| parameter::parse(field.value)).collect()
    };
    let dispositions = all("content-disposition");
    let types = all("content-type");
    let declared = dispositions.iter().flat_map(|one| one.all("filename"));
    let declared = declared.chain(types.iter().flat_map(|one| one.all("name")));
    let mut over = dispositions.iter().any(|one| one.over);
    let mut names: Vec<Box<str>> = Vec::new();
    for name in declared {
        if names.len() == MOST_NAMES {
            over = true;
            break;
        }
        if !names.iter().any(|known| **known == *name) {
            names.push(name.into());
        }
    }
    let flowed = content_type
        .first("format")
        .is_some_and(|format| format.eq_ignore_ascii_case("flowed"));
    let delete_space = content_type
        .first("delsp")
        .is_some_and(|delete| delete.eq_ignore_ascii_case("yes"));
    let (transfers, mut odd) = transfers(head);
    let charsets = content_type.all("charset").filter(|name| is_charset(name));
    odd |= charsets.count() > 1;
    let part = Part {
        path,
        role: Role::Part,
        depth,
        charset: content_type.first("charset").map(Into::into),
        flowed: flowed.then_some(Flowed { delete_space }),
        names,
        is_attachment: dispositions.iter().any(|one| one.value == "attachment"),
        transfers,
        raw: head.rest,
        media: if content_type.value.is_empty() {
            otherwise.to_owned()
        } else {
            content_type.value
        },
    };
    Leaf { part, odd, over }
}

/// All transfer encodings the header can be understood to name, and whether that is odd: more than one, one that
/// is not known, or one not written as it should be.
fn transfers(head: &Head<'_>) -> (Vec<Transfer>, bool) {
    let mut transfers = Vec::new();
    let mut odd = head.mixed;
    for field in head
        .fields
        .iter()
        .filter(|field| field.is("content-transfer-encoding"))
    {
        let value: Vec<u8> = field
            .value
            .iter()
            .filter(|octet| **octet != 0)
            .copied()
            .collect();
        let plain = without_comments(&value);
        odd |= plain.len() != field.value.len();
        let mut named = false;
        for word in plain.split(|octet| {
            octet.is_ascii_whitespace() || matches!(octet, b',' | b';' | b'"' | b'\'')
        }) {
            let Some(transfer) = Transfer::of(word) else {
                odd |= !word.is_empty();
                continue;
            };
            named = true;
            if !transfers.contains(&transfer) {
                transfers.push(transfer);
            }
        }
        // `ba\r\n se64`: some join folded lines without a space.
        if !named {
            let joined: Vec<u8> = plain
                .iter()
                .filter(|octet| !octet.is_ascii_whitespace())
                .copied()
                .collect();
            transfers.extend(Transfer::of(&joined).or_else(|| transfer::named(&joined).next()));
            odd = true;
        }
        odd |= plain
            .iter()
            .any(|octet| matches!(octet, b',' | b';' | b'"' | b'\''));
    }
    odd |= transfers.len() > 1;
    if transfers.is_empty() {
        transfers.push(Transfer::Identity);
    } else if odd && !transfers.contains(&Transfer::Identity) {
        // A program that does not understand the field shows the octets as they are.
        transfers.push(Transfer::Identity);
    }
    (transfers, odd)
}

/// The most names of one part: every way to write one name, and some to spare.
const MOST_NAMES: usize = 64;
