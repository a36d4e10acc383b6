//! A message being received.

use std::fs::File;
use std::io::{Seek, Write};
use std::{fmt, io, mem};

use rustix::fs::SealFlags;

use crate::spool::room::Room;
use crate::spool::{Settings, SpoolError, Spooled, file};

/// A message being received. Dropping it forgets the message.
pub struct Draft {
    settings: Settings,
    /// What was written and is not in `store` yet; all of it while there is none.
    pending: Vec<u8>,
    store: Option<Store>,
    len: u64,
    room: Room,
}

/// Where the octets go when the heap is no longer the place for them.
enum Store {
    Memory(File),
    Disk(File),
}

impl Draft {
    /// An empty draft. It costs nothing until it is written to.
    pub fn new(settings: &Settings) -> Self {
        Self {
            settings: settings.clone(),
            pending: Vec::new(),
            store: None,
            len: 0,
            room: Room::default(),
        }
    }

    /// Adds octets to the message. After an error the draft is of no use.
    pub fn write(&mut self, octets: &[u8]) -> Result<(), SpoolError> {
        self.room.grow(octets.len() as u64, self.settings.total)?;
        self.len += octets.len() as u64;
        if self.pending.len() + octets.len() <= HEAP {
            self.pending.extend_from_slice(octets);
            return Ok(());
        }
        let len = self.len;
        let pending = mem::take(&mut self.pending);
        let store = self.store_for(len)?;
        store.write_all(&pending)?;
        // A long stretch goes straight from the buffer of the connection to the store.
        if octets.len() >= HEAP / 2 {
            store.write_all(octets)?;
        }
        if matches!(self.store, Some(Store::Disk(_))) {
            self.room.move_to_disk();
        }
        if octets.len() < HEAP / 2 {
            self.pending = pending;
            self.pending.clear();
            self.pending.extend_from_slice(octets);
        }
        Ok(())
    }

    /// Where it is kept.
    pub(super) fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Whether some of it is on the disk.
    pub(super) fn is_on_disk(&self) -> bool {
        matches!(self.store, Some(Store::Disk(_)))
    }

    /// Whether writing so many more octets may have to wait for a disk.
    pub(super) fn may_wait_for(&self, octets: usize) -> bool {
        let len = self.len.saturating_add(octets as u64);
        self.pending.len() + octets > HEAP && len > self.settings.memory
    }

    /// Ends the message: from here on it does not change.
    pub fn finish(mut self) -> Result<Spooled, SpoolError> {
        let pending = mem::take(&mut self.pending);
        let Some(mut store) = self.store else {
            return Ok(Spooled::heap(pending).in_room(self.room));
        };
        store.file().write_all(&pending)?;
        match store {
            Store::Memory(file) => {
                let seals =
                    SealFlags::SHRINK | SealFlags::GROW | SealFlags::WRITE | SealFlags::SEAL;
                rustix::fs::fcntl_add_seals(&file, seals)?;
                Ok(Spooled::memory(file, self.len).in_room(self.room))
            }
            Store::Disk(file) => {
                self.room.move_to_disk();
                Ok(Spooled::disk(file::read_only(&file)?, self.len).in_room(self.room))
            }
        }
    }

    /// The store for a message of `len` octets: memory while it may be, then disk.
    fn store_for(&mut self, len: u64) -> Result<&mut File, SpoolError> {
        let store = match self.store.take() {
            Some(Store::Disk(file)) => Store::Disk(file),
            Some(Store::Memory(file)) if len <= self.settings.memory => Store::Memory(file),
            Some(Store::Memory(mut memory)) => {
                let mut disk = file::unlinked(&self.settings.folder)?;
                memory.rewind()?;
                io::copy(&mut memory, &mut disk)?;
                Store::Disk(disk)
            }
            None if len <= self.settings.memory => Store::Memory(file::in_memory()?),
            None => Store::Disk(file::unlinked(&self.settings.folder)?),
        };
        Ok(self.store.insert(store).file())
    }
}

impl Store {
    fn file(&mut self) -> &mut File {
        match self {
            Self::Memory(file) | Self::Disk(file) => file,
        }
    }
}

impl fmt::Debug for Draft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Draft({} octets)", self.len)
    }
}

/// Octets of a message that stay on the heap: most messages are shorter, and a memfd costs them six system
/// calls more. Longer messages are written in stretches of this length.
const HEAP: usize = 64 << 10;

#[cfg(test)]
mod tests {
    use super::*;
    use std::ops::ControlFlow;

    fn spooled(len: usize, stretch: usize) -> (Vec<u8>, Spooled) {
        let settings = Settings {
            memory: 256 << 10,
            ..Settings::default()
        };
        let octets: Vec<u8> = (0..=u8::MAX).cycle().take(len).collect();
        let mut draft = Draft::new(&settings);
        for part in octets.chunks(stretch) {
            draft.write(part).unwrap();
        }
        let spooled = draft.finish().unwrap();
        (octets, spooled)
    }

    #[test]
    fn what_was_written_is_what_is_read_wherever_it_is_kept() {
        for len in [0, 1, HEAP, HEAP + 1, 256 << 10, (256 << 10) + 1, 3_000_003] {
            for stretch in [7, 4096, HEAP / 2, HEAP, 1 << 20] {
                let (octets, spooled) = spooled(len, stretch);
                assert_eq!(spooled.len(), len as u64);
                assert_eq!(&*spooled.map().unwrap(), octets, "{len} in {stretch}");
                let mut pieces = Vec::new();
                let whole = spooled.in_pieces(|piece| {
                    pieces.extend_from_slice(piece);
                    ControlFlow::<()>::Continue(())
                });
                assert_eq!(
                    (whole.unwrap(), &pieces),
                    (None, &octets),
                    "{len} in {stretch}"
                );
                let mut end = vec![0; 10];
                let at = len.saturating_sub(4);
                let read = spooled.read_at(&mut end, at as u64).unwrap();
                assert_eq!(end[..read], octets[at..]);
                assert_eq!(spooled.read_beside(&mut end, at as u64).unwrap(), read);
                assert_eq!(end[..read], octets[at..]);
                assert_eq!(spooled.read_beside(&mut end, len as u64 + 9).unwrap(), 0);
                assert_eq!(spooled.read_at(&mut end, len as u64 + 9).unwrap(), 0);
            }
        }
    }

    /// The same wherever it waits: a message of each place, by stretches that cross from one to the next.
    #[tokio::test]
    async fn what_is_taken_in_aside_is_the_same_message() {
        let settings = Settings {
            memory: 256 << 10,
            ..Settings::default()
        };
        for len in [1, HEAP + 1, 256 << 10, (256 << 10) + 1, 3_000_003] {
            for stretch in [7_000, HEAP, 1 << 20] {
                let octets: Vec<u8> = (0..=u8::MAX).cycle().take(len).collect();
                let mut draft = Draft::new(&settings);
                for part in octets.chunks(stretch) {
                    draft.take_in(part).await.unwrap();
                }
                let spooled = draft.end().await.unwrap();
                assert_eq!(&*spooled.map().unwrap(), octets, "{len} in {stretch}");
            }
        }
    }

    #[test]
    fn what_is_given_back_is_the_same_when_it_is_read_anew() {
        for len in [HEAP + 1, 3_000_003] {
            let (octets, spooled) = spooled(len, HEAP);
            let map = spooled.map().unwrap();
            let pages = map.pages().unwrap();
            for stretch in [0..len, 5_000..len - 1, len..len] {
                assert_eq!(map[stretch.clone()], octets[stretch.clone()]);
                pages.give_back(&map[stretch]);
                assert_eq!(&*map, octets);
            }
            // Nothing of the map: it is left alone.
            pages.give_back(&octets);
            assert_eq!(&*map, octets);
        }
    }

    #[test]
    fn a_message_in_memory_is_sealed() {
        let settings = Settings::default();
        let mut draft = Draft::new(&settings);
        draft.write(&[b'x'; HEAP + 1]).unwrap();
        let Some(Store::Memory(file)) = &draft.store else {
            panic!("not in memory");
        };
        let mut file = file.try_clone().unwrap();
        let spooled = draft.finish().unwrap();
        assert!(file.write_all(b"y").is_err() && file.set_len(1).is_err());
        assert_eq!(spooled.len(), HEAP as u64 + 1);
    }

    #[test]
    fn a_folder_that_cannot_be_written_is_told_apart_from_a_full_one() {
        let settings = Settings {
            memory: 0,
            folder: "/proc/nowhere".into(),
            ..Settings::default()
        };
        let mut draft = Draft::new(&settings);
        let error = draft.write(&[0; HEAP + 1]).unwrap_err();
        assert!(matches!(error, SpoolError::Failed(_)));
        let full = SpoolError::from(io::Error::from(io::ErrorKind::StorageFull));
        assert!(matches!(full, SpoolError::Full(_)));
    }
}
