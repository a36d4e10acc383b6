//! Whether a message as a whole is encrypted from end to end.

use crate::extract::{cms, pgp};
use crate::mime::{Message, Part, Protection, Role};

/// A message that is encrypted as a whole.
pub(super) struct Protected<'x> {
    /// By what.
    pub(super) by: Protection,
    /// What stands in it in the clear.
    pub(super) clear: std::borrow::Cow<'x, str>,
}

/// Decides by the octets, not by what is declared: a type is only a word. Anything beside the encrypted part, and
/// the message counts as not encrypted; its encrypted part is then a gap.
pub(super) fn of<'x>(message: &Message<'x>) -> Option<Protected<'x>> {
    match message.parts.as_slice() {
        [only] if only.role == Role::Part && only.depth == 0 => {
            let is_smime =
                only.media.ends_with("pkcs7-mime") || only.media == "application/octet-stream";
            if is_smime && let [transfer] = only.transfers.as_slice() {
                let undone = transfer.undo(only.raw);
                return (undone.clean && cms::is_enveloped(&undone.bytes)).then(|| Protected {
                    by: Protection::Smime,
                    clear: "".into(),
                });
            }
            let clear = (only.media == "text/plain").then(|| armored(only))??;
            Some(Protected {
                by: Protection::Pgp,
                clear,
            })
        }
        [control, encrypted]
            if message.media == "multipart/encrypted"
                && control.media == "application/pgp-encrypted"
                && control.role == Role::Part
                && encrypted.role == Role::Part
                // Words in the control part would be in the clear.
                && control.raw.trim_ascii().eq_ignore_ascii_case(b"version: 1") =>
        {
            armored(encrypted).map(|clear| Protected {
                by: Protection::Pgp,
                clear,
            })
        }
        _ => None,
    }
}

/// What is in the clear in a part that is one encrypted PGP message and nothing else.
fn armored<'x>(part: &Part<'x>) -> Option<std::borrow::Cow<'x, str>> {
    let [transfer] = part.transfers.as_slice() else {
        return None;
    };
    let undone = transfer.undo(part.raw);
    let text = str::from_utf8(&undone.bytes).ok()?;
    let armor = pgp::armor(text)?;
    let alone = armor.before.trim().is_empty() && armor.after.trim().is_empty();
    (alone && armor.is_encrypted()).then(|| armor.headers.to_owned().into())
}
