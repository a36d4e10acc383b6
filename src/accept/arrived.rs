//! A message that arrived whole, in the form in which it may be passed on.

use crate::mail::TransactionId;
use crate::metrics::catalogue::SPOOL_REFUSED;
use crate::smtp::{Reply, StrayLineEndings, is_signed, normalized, strays};
use crate::spool::{self, Draft, SpoolError, Spooled};

/// A message that arrived whole.
#[derive(Debug)]
pub struct Arrived {
    /// What may be passed on.
    pub message: Spooled,
    /// The octets that came, where they are not the same. Programs may read other things in them: what is in either is in the
    /// message.
    pub as_it_came: Option<Spooled>,
}

impl From<Spooled> for Arrived {
    fn from(message: Spooled) -> Self {
        let as_it_came = None;
        Self {
            message,
            as_it_came,
        }
    }
}

/// Does with stray line endings what the listener says. `Err`: what the client is told.
///
/// A normalized message may be twice as long as it came.
pub(super) fn arrived(
    id: TransactionId,
    came: Spooled,
    mode: StrayLineEndings,
    spool: &spool::Settings,
) -> Result<Arrived, Reply> {
    if mode == StrayLineEndings::Keep {
        return Ok(came.into());
    }
    let map = came.map().map_err(|error| refusal(error.into()))?;
    let count = strays(&map);
    if count == 0 {
        drop(map);
        return Ok(came.into());
    }
    let refuse = |reply: Reply, why: &str| {
        tracing::info!(transaction.id = %id, strays = count, reply = %reply.for_log(), "{why}");
        Err(reply)
    };
    if mode == StrayLineEndings::Reject {
        return refuse(Reply::STRAY_LINE_ENDINGS, "stray line endings are refused");
    }
    if is_signed(&map) {
        return refuse(
            Reply::STRAY_IN_SIGNED,
            "stray line endings in a signed message are refused",
        );
    }
    let mut draft = Draft::new(spool);
    for piece in normalized(&map) {
        draft.write(piece).map_err(refusal)?;
    }
    let message = draft.finish().map_err(refusal)?;
    drop(map);
    tracing::info!(transaction.id = %id, strays = count, "stray line endings were normalized");
    Ok(Arrived {
        message,
        as_it_came: Some(came),
    })
}

/// What the client is told when a message could not be kept.
pub(super) fn refusal(error: SpoolError) -> Reply {
    let (reason, reply) = match &error {
        SpoolError::Full(_) => ("full", Reply::SPOOL_FULL),
        SpoolError::Failed(_) => ("failed", Reply::SPOOL_FAILED),
    };
    SPOOL_REFUSED.count([reason]);
    tracing::warn!(%error, "the message could not be kept");
    reply
}
