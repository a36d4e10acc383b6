//! Personal data found in text, with the reasons why it is, or is not, what it looks like.

mod finding;

pub use finding::{Confidence, Evidence, Finding, Fingerprint, PatternId};

use crate::extract::Text;
use crate::limits::Cancel;
use crate::pattern::Packs;

/// Finds personal data in the texts of one message.
///
/// When `cancel` is set meanwhile, `Err` says so: what was found is then not all there is.
pub fn detect(packs: &Packs, texts: &[Text], cancel: &Cancel) -> Result<Vec<Finding>, TimeUp> {
    let _ = (packs, texts);
    if cancel.is_cancelled() {
        Err(TimeUp)
    } else {
        Ok(Vec::new())
    }
}

/// Detection was ended before it had seen all texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("detection ran out of time")]
pub struct TimeUp;
