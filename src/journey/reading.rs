//! The first step: what stands in a message, and whether it may be passed on at all.

use std::io;
use std::ops::ControlFlow;

use crate::inspect::{Closed, Inspection};
use crate::journey::lot::Load;
use crate::mail::{Sameness, SamenessReader};
use crate::smtp::Reply;
use crate::smtp::client::{Hazard, HazardSeeker};
use crate::spool::{SpoolError, Spooled};

/// Reads a message. `Err`: nothing is done with it, why, and what the client is told.
///
/// One that was changed is read both ways.
pub(super) async fn read(load: Load<'_>) -> Result<Inspection, (String, Reply)> {
    match load.spooled.beside(|| false_end(load.spooled)) {
        Ok(None) => {}
        Ok(Some(hazard)) => return Err((hazard.to_string(), Reply::HAZARD)),
        Err(error) => return Err((error.to_string(), Reply::SPOOL_FAILED)),
    }
    let door = &load.gate.door;
    let inspected = door.inspect(load.spooled, load.latest).await;
    let inspection = inspected.map_err(unread)?;
    let Some(as_it_came) = load.as_it_came else {
        return Ok(inspection);
    };
    let inspected = door.inspect_besides(as_it_came, load.latest).await;
    let other = inspected.map_err(unread)?;
    if inspection.packs != other.packs {
        let exchanged = "the packs were exchanged between two readings of the message";
        return Err((exchanged.to_owned(), Reply::NOT_INSPECTED));
    }
    Ok(inspection.united(other))
}

/// Where a sloppy next hop may take the message to end.
fn false_end(message: &Spooled) -> io::Result<Option<Hazard>> {
    let mut seeker = HazardSeeker::default();
    let found = message.in_pieces(|piece| match seeker.look(piece) {
        Some(hazard) => ControlFlow::Break(hazard),
        None => ControlFlow::Continue(()),
    })?;
    Ok(found.or_else(|| seeker.end()))
}

/// What another attempt to send the message would have in common with this one. May wait for a disk.
pub(super) fn sameness(message: &Spooled) -> io::Result<Sameness> {
    let mut reader = SamenessReader::default();
    let read = |piece: &[u8]| {
        reader.read(piece);
        ControlFlow::<()>::Continue(())
    };
    message.in_pieces(read)?;
    Ok(reader.finish())
}

fn unread(closed: Closed) -> (String, Reply) {
    let reply = match &closed {
        Closed::Spool(SpoolError::Full(_)) => Reply::SPOOL_FULL,
        Closed::Spool(SpoolError::Failed(_)) => Reply::SPOOL_FAILED,
        Closed::Overloaded => Reply::OVERLOADED,
        _ => Reply::NOT_INSPECTED,
    };
    (closed.to_string(), reply)
}
