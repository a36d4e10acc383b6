//! A message that was received whole.

use std::fs::File;
use std::io::IoSliceMut;
use std::ops::{ControlFlow, Deref};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::fs::FileExt;
use std::rc::Rc;
use std::sync::Arc;
use std::{fmt, io};

use rustix::io::ReadWriteFlags;
use vmap::Advise;

use crate::spool::room::Room;

/// A message that was received whole: its octets without dot-stuffing, the final line ending included.
///
/// A clone is the same message, not a copy of it; the last one dropped forgets it.
#[derive(Clone)]
pub struct Spooled {
    kept: Arc<Kept>,
    /// Free again when the last clone is dropped.
    _room: Arc<Room>,
}

/// A message on its way to another process: short ones as they are, longer ones as the file they are in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handed<O, F> {
    /// The octets themselves.
    Octets(O),
    /// A sealed file in memory.
    Memory(F),
    /// A file without a name, which cannot be written by this descriptor.
    Disk(F),
}

enum Kept {
    Heap(Vec<u8>),
    Memory(File, u64),
    Disk(File, u64),
}

impl From<Kept> for Spooled {
    fn from(kept: Kept) -> Self {
        Self {
            kept: Arc::new(kept),
            _room: Arc::default(),
        }
    }
}

impl Spooled {
    pub(super) fn heap(octets: Vec<u8>) -> Self {
        Kept::Heap(octets).into()
    }

    pub(super) fn memory(file: File, len: u64) -> Self {
        Kept::Memory(file, len).into()
    }

    pub(super) fn disk(file: File, len: u64) -> Self {
        Kept::Disk(file, len).into()
    }

    /// The same, which takes this room for as long as it is kept.
    pub(super) fn in_room(self, room: Room) -> Self {
        Self {
            kept: self.kept,
            _room: Arc::new(room),
        }
    }

    /// A message as another process handed it over.
    ///
    /// # Safety of the map
    ///
    /// A file is only what [`Spooled::handed`] gave: in memory and sealed, or without a name and not to be written.
    pub fn received(handed: Handed<Vec<u8>, OwnedFd>, len: u64) -> Self {
        match handed {
            Handed::Octets(octets) => Self::heap(octets),
            Handed::Memory(file) => Self::memory(file.into(), len),
            Handed::Disk(file) => Self::disk(file.into(), len),
        }
    }

    /// What another process must be handed to read the message. Whoever has it cannot change the message.
    pub fn handed(&self) -> Handed<&[u8], BorrowedFd<'_>> {
        match &*self.kept {
            Kept::Heap(octets) => Handed::Octets(octets),
            Kept::Memory(file, _) => Handed::Memory(file.as_fd()),
            Kept::Disk(file, _) => Handed::Disk(file.as_fd()),
        }
    }

    /// How many octets the message has.
    pub fn len(&self) -> u64 {
        match &*self.kept {
            Kept::Heap(octets) => octets.len() as u64,
            Kept::Memory(_, len) | Kept::Disk(_, len) => *len,
        }
    }

    /// Whether the message has no octets.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether reading it may have to wait for a disk.
    pub(super) fn is_on_disk(&self) -> bool {
        matches!(*self.kept, Kept::Disk(..))
    }

    /// Reads octets from `offset` on into `buffer`, and tells how many: 0 only at the end.
    pub fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        match &*self.kept {
            Kept::Heap(octets) => {
                let rest = usize::try_from(offset).ok().and_then(|at| octets.get(at..));
                let mut rest = rest.unwrap_or_default();
                io::Read::read(&mut rest, buffer)
            }
            Kept::Memory(file, _) | Kept::Disk(file, _) => file.read_at(buffer, offset),
        }
    }

    /// [`read_at`](Self::read_at), of what is in memory already; `None`, where a disk may have to be waited for.
    pub(super) fn read_at_once(&self, buffer: &mut [u8], offset: u64) -> Option<usize> {
        match &*self.kept {
            Kept::Heap(_) | Kept::Memory(..) => self.read_at(buffer, offset).ok(),
            Kept::Disk(file, _) => {
                let buffers = &mut [IoSliceMut::new(buffer)];
                rustix::io::preadv2(file, buffers, offset, ReadWriteFlags::NOWAIT).ok()
            }
        }
    }

    /// Hands over all octets in pieces that follow each other, until one is answered with a break. Unlike a
    /// [map](Self::map) it needs the same little memory whatever the length. Reading may wait for a disk.
    pub fn in_pieces<T>(
        &self,
        mut hand: impl FnMut(&[u8]) -> ControlFlow<T>,
    ) -> io::Result<Option<T>> {
        let file = match &*self.kept {
            Kept::Heap(octets) => return Ok(hand(octets).break_value()),
            Kept::Memory(file, _) | Kept::Disk(file, _) => file,
        };
        let mut buffer = vec![0; PIECE];
        let mut at = 0;
        loop {
            let octets = match file.read_at(&mut buffer, at) {
                Ok(0) if at < self.len() => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(0) => return Ok(None),
                Ok(octets) => octets,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            at += octets as u64;
            if let ControlFlow::Break(done) = hand(buffer.get(..octets).unwrap_or_default()) {
                return Ok(Some(done));
            }
        }
    }

    /// All octets at once. Reading them may wait for a disk, so it is done where waiting is allowed; the
    /// mapping stays in the thread that made it.
    pub fn map(&self) -> io::Result<Mapped<'_>> {
        let mut options = vmap::Map::with_options();
        let file = match &*self.kept {
            Kept::Heap(octets) => return Ok(Mapped(Octets::Heap(octets))),
            Kept::Memory(file, _) => {
                // Before Linux 6.7 a sealed memfd cannot be mapped shared, not even to be read.
                options.copy();
                file
            }
            Kept::Disk(file, _) => file,
        };
        let map = options.map(file);
        Ok(Mapped(Octets::Map(map.map_err(io::Error::other)?.into())))
    }
}

/// Octets of a file that are read at once.
const PIECE: usize = 64 << 10;

/// The octets of a message, in memory or mapped.
pub struct Mapped<'a>(Octets<'a>);

enum Octets<'a> {
    Heap(&'a [u8]),
    Map(Rc<vmap::Map>),
}

impl Mapped<'_> {
    /// The pages of the map, where it is one.
    pub fn pages(&self) -> Option<Pages> {
        match &self.0 {
            Octets::Heap(_) => None,
            Octets::Map(map) => Some(Pages(Rc::clone(map))),
        }
    }
}

/// The pages of a map, which the kernel fills when they are looked at.
#[derive(Clone)]
pub struct Pages(Rc<vmap::Map>);

impl Pages {
    /// Gives back the memory of a stretch of the map. Whoever looks there again finds the same octets, read anew.
    pub fn give_back(&self, stretch: &[u8]) {
        let start = stretch.as_ptr().addr().checked_sub(self.0.as_ptr().addr());
        let end = start.and_then(|start| start.checked_add(stretch.len()));
        if let (Some(start), Some(end)) = (start, end)
            && end <= self.0.len()
        {
            // It only saves memory.
            let _ = self
                .0
                .advise_range(start, stretch.len(), Advise::WillNotNeed);
        }
    }
}

impl Deref for Mapped<'_> {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match &self.0 {
            Octets::Heap(octets) => octets,
            Octets::Map(map) => map,
        }
    }
}

impl fmt::Debug for Spooled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Spooled({} octets)", self.len())
    }
}

impl fmt::Debug for Pages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pages({} octets)", self.0.len())
    }
}

impl fmt::Debug for Mapped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Mapped({} octets)", self.len())
    }
}
