//! Opening: a walk over the multiparts of one message, with a stack of its own and every limit in hand.

use crate::limits::ReadLimits;
use crate::mime::boundary::{self, Piece};
use crate::mime::field;
use crate::mime::header::{self, Head};
use crate::mime::leaf;
use crate::mime::parameter::{self, Structured};
use crate::mime::{Defect, DefectKind, Message, Overrun, Part, PartPath, Role, Transfer};

/// What opening one message may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// How deep multiparts may nest.
    pub depth: u32,
    /// The most parts.
    pub parts: u32,
    /// The most header fields of the message, and of each part; and the most that are read of all of them.
    pub fields: u32,
}

impl From<&ReadLimits> for Bounds {
    fn from(limits: &ReadLimits) -> Self {
        Self {
            depth: limits.depth,
            parts: limits.parts,
            fields: limits.fields,
        }
    }
}

/// Opens the message that stands at `root`, which is [`PartPath::root`] unless it is attached to another.
///
/// An attached message is not opened but handed on as a part. Nothing is decoded and nothing but the fields is
/// copied; the time is linear in the octets and the depth. Never fails, and passes nothing over in silence: what
/// no part holds is in [`Message::overruns`].
pub fn open<'x>(bytes: &'x [u8], root: &PartPath, bounds: &Bounds) -> Message<'x> {
    let mut walk = Walk {
        message: Message::default(),
        parts_left: bounds.parts,
        bounds: *bounds,
        waiting: vec![Waiting {
            bytes,
            path: root.clone(),
            depth: 0,
            standing: Standing::Root,
        }],
    };
    while let Some(next) = walk.waiting.pop() {
        walk.visit(next);
    }
    walk.message
}

/// Something not yet looked at.
struct Waiting<'x> {
    bytes: &'x [u8],
    path: PartPath,
    depth: u32,
    standing: Standing,
}

/// What it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// The message itself.
    Root,
    /// A part.
    Part,
    /// A part of a digest: a message unless it says otherwise (RFC 2046 section 5.1.5).
    Digested,
    /// No part: text around them.
    Residue(Role),
}

struct Walk<'x> {
    message: Message<'x>,
    bounds: Bounds,
    parts_left: u32,
    waiting: Vec<Waiting<'x>>,
}

impl<'x> Walk<'x> {
    fn visit(&mut self, next: Waiting<'x>) {
        let Waiting {
            bytes,
            path,
            depth,
            standing,
        } = next;
        if let Standing::Residue(role) = standing {
            self.residue(bytes, path, depth, role);
            return;
        }
        if self.parts_left == 0 {
            self.overrun(&path, "parts");
            return;
        }
        self.parts_left -= 1;
        let most = usize::try_from(self.bounds.fields).unwrap_or(usize::MAX);
        let head = header::split(bytes, most);
        self.note(&head, &path, standing);
        let content_type = content_type(&head);
        if content_type.over {
            self.overrun(&path, "fields");
        }
        if standing == Standing::Root {
            self.message.media.clone_from(&content_type.value);
        }
        if content_type.value.starts_with("multipart")
            || content_type.value.is_empty() && content_type.first("boundary").is_some()
        {
            let boundaries: Vec<&str> = content_type.all("boundary").collect();
            let most = usize::try_from(self.parts_left).unwrap_or(usize::MAX);
            if let Some(cut) = boundary::cut(head.rest, &boundaries, most) {
                let digest = content_type.value == "multipart/digest";
                self.multipart(cut, &path, depth, digest);
                return;
            }
            self.defect(DefectKind::Structure, &path);
        }
        let kind = if standing == Standing::Digested && content_type.value.is_empty() {
            "message/rfc822"
        } else {
            "text/plain"
        };
        let leaf = leaf::read(&head, content_type, kind, path, depth);
        if leaf.odd {
            self.defect(DefectKind::Encoding, &leaf.part.path);
        }
        if leaf.over {
            self.overrun(&leaf.part.path, "fields");
        }
        self.message.parts.push(leaf.part);
    }

    /// Notes what a header says to people, and what is odd about it.
    fn note(&mut self, head: &Head<'x>, path: &PartPath, standing: Standing) {
        if head.odd {
            self.defect(DefectKind::Structure, path);
        }
        if head.over {
            self.overrun(path, "fields");
        }
        if field::stands_twice(&head.fields) {
            self.defect(DefectKind::DuplicateField, path);
        }
        for &stray in &head.stray {
            self.residue(stray, path.clone(), 0, Role::StrayLines);
        }
        let most = usize::try_from(self.bounds.fields).unwrap_or(usize::MAX);
        for raw in &head.fields {
            let Some(read) = field::read(raw, path, standing == Standing::Root) else {
                continue;
            };
            if read.doubtful {
                self.defect(DefectKind::Encoding, path);
            }
            if self.message.fields.len() == most {
                self.overrun(path, "fields");
                return;
            }
            self.message.fields.push(read.field);
        }
    }

    fn multipart(&mut self, cut: boundary::Cut<'x>, path: &PartPath, depth: u32, digest: bool) {
        if cut.odd {
            self.defect(DefectKind::Structure, path);
        }
        if cut.over {
            self.overrun(path, "parts");
        }
        if depth >= self.bounds.depth {
            self.overrun(path, "depth");
            return;
        }
        let first = self.waiting.len();
        let mut number = 0;
        for piece in cut.pieces {
            let (bytes, standing) = match piece {
                Piece::Preamble(bytes) => (bytes, Standing::Residue(Role::Preamble)),
                Piece::Epilogue(bytes) => (bytes, Standing::Residue(Role::Epilogue)),
                Piece::Part(bytes) if digest => (bytes, Standing::Digested),
                Piece::Part(bytes) => (bytes, Standing::Part),
            };
            let path = match standing {
                Standing::Residue(_) => path.clone(),
                _ => {
                    number += 1;
                    path.child(number)
                }
            };
            self.waiting.push(Waiting {
                bytes,
                path,
                depth: depth + 1,
                standing,
            });
        }
        // A stack hands out the last one first.
        if let Some(added) = self.waiting.get_mut(first..) {
            added.reverse();
        }
    }

    fn residue(&mut self, bytes: &'x [u8], path: PartPath, depth: u32, role: Role) {
        if bytes.trim_ascii().is_empty() {
            return;
        }
        self.message.parts.push(Part {
            path,
            role,
            depth,
            media: "text/plain".to_owned(),
            charset: None,
            flowed: None,
            names: Vec::new(),
            is_attachment: false,
            transfers: vec![Transfer::Identity],
            raw: bytes,
        });
    }

    fn defect(&mut self, kind: DefectKind, part: &PartPath) {
        let defect = Defect {
            kind,
            part: part.clone(),
        };
        if self.message.defects.last() != Some(&defect) {
            self.message.defects.push(defect);
        }
    }

    fn overrun(&mut self, part: &PartPath, limit: &'static str) {
        // Once told, a limit on number is met by everything that follows.
        if !self.message.overruns.iter().any(|met| met.limit == limit) {
            self.message.overruns.push(Overrun {
                part: part.clone(),
                limit,
            });
        }
    }
}

/// What the header says of the type. Of two that differ, one that says multipart wins: where a program believes
/// the other, it shows the parts as text, and they are read as that too.
fn content_type(head: &Head<'_>) -> Structured {
    let mut all = head
        .fields
        .iter()
        .filter(|field| field.is("content-type"))
        .map(|field| parameter::parse(field.value));
    let Some(first) = all.next() else {
        return Structured::default();
    };
    if first.value.starts_with("multipart") {
        return first;
    }
    all.find(|other| other.value.starts_with("multipart"))
        .unwrap_or(first)
}
