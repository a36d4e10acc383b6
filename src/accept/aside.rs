//! Work that may wait for a disk.

use tokio::runtime::{Handle, RuntimeFlavor};

/// Does what may wait for a disk where no other connection waits with it.
pub(super) fn aside<T>(may_wait: bool, work: impl FnOnce() -> T) -> T {
    let many = Handle::try_current()
        .is_ok_and(|handle| handle.runtime_flavor() == RuntimeFlavor::MultiThread);
    if may_wait && many {
        tokio::task::block_in_place(work)
    } else {
        work()
    }
}
