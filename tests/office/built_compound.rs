//! Writes compound files (MS-CFB), as small as they can be.
#![expect(clippy::cast_possible_truncation, reason = "the documents are small")]
#![expect(clippy::indexing_slicing, reason = "a failed test is a panic")]

/// What is in a storage: streams and storages, by name.
#[derive(Clone, Debug, Default)]
pub(super) struct Storage(Vec<(String, Node)>);

#[derive(Clone, Debug)]
enum Node {
    Stream(Vec<u8>),
    Storage(Storage),
}

/// An entry of the directory on its way to octets.
struct Entry<'s> {
    name: &'s str,
    node: Option<&'s Node>,
    child: u32,
    sibling: u32,
}

const SECTOR: usize = 512;
const SMALL: usize = 64;
const NONE: u32 = u32::MAX;
const END: u32 = 0xFFFF_FFFE;

impl Storage {
    /// Nothing yet.
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// Adds a stream.
    pub(super) fn stream(mut self, name: &str, bytes: impl AsRef<[u8]>) -> Self {
        let stream = Node::Stream(bytes.as_ref().to_vec());
        self.0.push((name.to_owned(), stream));
        self
    }

    /// Adds a storage.
    pub(super) fn storage(mut self, name: &str, storage: Self) -> Self {
        self.0.push((name.to_owned(), Node::Storage(storage)));
        self
    }

    /// The file.
    pub(super) fn file(&self) -> Vec<u8> {
        let mut entries = vec![Entry {
            name: "Root Entry",
            node: None,
            child: NONE,
            sibling: NONE,
        }];
        entries[0].child = list(self, &mut entries);
        let mut sectors = Sectors::default();
        let mut small = Sectors::default();
        let starts: Vec<(u32, usize)> = entries
            .iter()
            .map(|entry| match entry.node {
                Some(Node::Stream(bytes)) if bytes.len() < 4096 => {
                    (small.put(bytes, SMALL), bytes.len())
                }
                Some(Node::Stream(bytes)) => (sectors.put(bytes, SECTOR), bytes.len()),
                _ => (0, 0),
            })
            .collect();
        let root = (sectors.put(&small.bytes, SECTOR), small.bytes.len());
        let small_table = sectors.put(&numbers(&small.next, SECTOR), SECTOR);
        let mut directory = Vec::new();
        for (number, (entry, start)) in entries.iter().zip(&starts).enumerate() {
            let start = if number == 0 { root } else { *start };
            directory.extend(entry.octets(number == 0, start));
        }
        let directory = sectors.put(&directory, SECTOR);
        let tables = (sectors.next.len() * 4).div_ceil(SECTOR - 4);
        let first_table = sectors.next.len() as u32;
        sectors.next.extend(vec![0xFFFF_FFFD; tables]);
        let table = numbers(&sectors.next, SECTOR);
        let mut file = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
        file.extend([0; 16]);
        for number in [0x3E_u16, 3, 0xFFFE, 9, 6, 0, 0, 0] {
            file.extend(number.to_le_bytes());
        }
        for number in [0, tables as u32, directory, 0, 4096, small_table, 1, END, 0] {
            file.extend(number.to_le_bytes());
        }
        let list = (0..109).map(|n| {
            if n < tables as u32 {
                first_table + n
            } else {
                NONE
            }
        });
        file.extend(list.flat_map(u32::to_le_bytes));
        file.extend(sectors.bytes);
        file.extend(table);
        file
    }
}

/// Lists what is in a storage; returns the number of the first.
fn list<'s>(storage: &'s Storage, entries: &mut Vec<Entry<'s>>) -> u32 {
    let mut first = NONE;
    let mut before: Option<usize> = None;
    for (name, node) in &storage.0 {
        let number = entries.len();
        entries.push(Entry {
            name,
            node: Some(node),
            child: NONE,
            sibling: NONE,
        });
        match before {
            Some(before) => entries[before].sibling = number as u32,
            None => first = number as u32,
        }
        if let Node::Storage(inner) = node {
            entries[number].child = list(inner, entries);
        }
        before = Some(number);
    }
    first
}

impl Entry<'_> {
    fn octets(&self, is_root: bool, (start, size): (u32, usize)) -> Vec<u8> {
        let mut octets: Vec<u8> = self
            .name
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let length = octets.len() as u16 + 2;
        octets.resize(64, 0);
        octets.extend(length.to_le_bytes());
        octets.push(match self.node {
            _ if is_root => 5,
            Some(Node::Stream(_)) => 2,
            _ => 1,
        });
        octets.push(1);
        for number in [NONE, self.sibling, self.child] {
            octets.extend(number.to_le_bytes());
        }
        octets.extend([0; 36]);
        octets.extend(start.to_le_bytes());
        octets.extend((size as u64).to_le_bytes());
        octets
    }
}

#[derive(Default)]
struct Sectors {
    bytes: Vec<u8>,
    next: Vec<u32>,
}

impl Sectors {
    /// Adds octets as a chain; returns its first sector.
    fn put(&mut self, bytes: &[u8], size: usize) -> u32 {
        if bytes.is_empty() {
            return END;
        }
        let first = self.next.len() as u32;
        let count = bytes.len().div_ceil(size) as u32;
        self.next.extend((1..count).map(|n| first + n));
        self.next.push(END);
        self.bytes.extend(bytes);
        self.bytes.resize(self.next.len() * size, 0);
        first
    }
}

fn numbers(numbers: &[u32], size: usize) -> Vec<u8> {
    let mut octets: Vec<u8> = numbers.iter().flat_map(|n| n.to_le_bytes()).collect();
    octets.resize(octets.len().next_multiple_of(size), 0xFF);
    octets
}
