//! Messages of Outlook: files saved by it (MS-OXMSG), and the `winmail.dat` it sends to others (MS-OXTNEF).
//!
//! Both are lists of the same properties (MS-OXPROPS). All that are text are read, whatever they are for; what a
//! person would look at is named, the rest is `property`.

mod compressed;
mod item;
mod property;
mod store;
mod tnef;

pub(super) use store::{is_property, message};
pub(super) use tnef::read as tnef;
