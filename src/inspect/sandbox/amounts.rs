//! How much of anything an inspector may use.

use rustix::io;
use rustix::process::{Resource, Rlimit, setrlimit};

/// Sets every limit that the system has for it. None can be raised again, for the hard limits are set too.
///
/// `memory` is what may be written to (RLIMIT_DATA). What is only mapped to be read, the program and the message, is counted
/// beside it, so addresses are given [`MAPPED`] more.
pub(super) fn limit(memory: u64) -> io::Result<()> {
    for (resource, most) in [
        (Resource::Data, memory.saturating_add(COMPILING)),
        (Resource::As, memory.saturating_add(MAPPED)),
        (Resource::Nofile, DESCRIPTORS),
        (Resource::Nproc, 0),
        (Resource::Fsize, 0),
        (Resource::Core, 0),
    ] {
        let limit = Rlimit {
            current: Some(most),
            maximum: Some(most),
        };
        setrlimit(resource, limit)?;
    }
    Ok(())
}

/// What compiling packs has taken of the addresses that may be written to, and given back without their being counted less: the heap
/// of a thread. Fixed: 32 MiB, somewhat less than the shipped packs take so.
const COMPILING: u64 = 32 << 20;

/// Addresses beyond the memory that may be written to: the program, its stacks, what the allocator keeps free, and a message.
const MAPPED: u64 = 1 << 30;

/// The socket, its duplicate, two outputs and one message, with room for what we were started with unasked.
const DESCRIPTORS: u64 = 32;
