//! An input cut into pieces, so that the fuzzer can write each part of a document where its reader reads it.

/// Pieces begin with this and their name, up to a line feed. What stands before the first has no name.
pub const MARK: &[u8] = b"\xFF@@";

/// A piece and its name.
pub struct Piece<'x> {
    pub name: String,
    pub bytes: &'x [u8],
}

/// The pieces of an input, no more than a few dozen.
pub fn pieces(input: &[u8]) -> Vec<Piece<'_>> {
    let mut starts: Vec<usize> = memchr::memmem::find_iter(input, MARK).take(40).collect();
    starts.push(input.len());
    let mut pieces = Vec::new();
    for pair in starts.windows(2) {
        let [start, end] = *pair else { continue };
        let piece = input.get(start + MARK.len()..end).unwrap_or_default();
        let (name, bytes) = match memchr::memchr(b'\n', piece) {
            Some(at) => (&piece[..at], &piece[at + 1..]),
            None => (piece, &b""[..]),
        };
        let name = String::from_utf8_lossy(&name[..name.len().min(300)]).into_owned();
        pieces.push(Piece { name, bytes });
    }
    pieces
}
