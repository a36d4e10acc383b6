//! Builds PDF files out of hand-written objects.

/// A PDF file on its way: objects, numbered from 1 in the order they are added.
#[derive(Debug, Default)]
pub(super) struct Pdf {
    objects: Vec<Vec<u8>>,
}

impl Pdf {
    /// Nothing yet. Object 1 is to be the catalog, object 2 the tree of pages.
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// Adds an object.
    pub(super) fn object(mut self, text: &str) -> Self {
        self.objects.push(text.as_bytes().to_vec());
        self
    }

    /// Adds a stream with these entries in its dictionary.
    pub(super) fn stream(mut self, entries: &str, data: &[u8]) -> Self {
        self.objects.push(stream(entries, data));
        self
    }

    /// Puts such a stream in the place of an object.
    pub(super) fn with_stream(mut self, object: usize, entries: &str, data: &[u8]) -> Self {
        *self.objects.get_mut(object - 1).unwrap() = stream(entries, data);
        self
    }

    /// The file, with `more` in its trailer.
    pub(super) fn file(&self, more: &str) -> Vec<u8> {
        let mut file = b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec();
        let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", self.objects.len() + 1);
        for (at, object) in self.objects.iter().enumerate() {
            table.push_str(&format!("{:010} 00000 n \n", file.len()));
            file.extend_from_slice(format!("{} 0 obj\n", at + 1).as_bytes());
            file.extend_from_slice(object);
            file.extend_from_slice(b"\nendobj\n");
        }
        let start = file.len();
        file.extend_from_slice(table.as_bytes());
        file.extend_from_slice(
            format!(
                "trailer\n<< /Size {} /Root 1 0 R {more} >>\nstartxref\n{start}\n%%EOF\n",
                self.objects.len() + 1
            )
            .as_bytes(),
        );
        file
    }
}

fn stream(entries: &str, data: &[u8]) -> Vec<u8> {
    let mut object = format!("<< {entries} /Length {} >>\nstream\n", data.len()).into_bytes();
    object.extend_from_slice(data);
    object.extend_from_slice(b"\nendstream");
    object
}

/// A file of pages with these instructions, drawn with Helvetica as `/F1`; `catalog` goes into the catalog.
///
/// Objects from 4 + twice the number of pages on are free for more.
pub(super) fn pages(contents: &[&str], catalog: &str) -> Pdf {
    let kids: String = (0..contents.len())
        .map(|page| format!("{} 0 R ", 4 + 2 * page))
        .collect();
    let mut pdf = Pdf::new()
        .object(&format!("<< /Type /Catalog /Pages 2 0 R {catalog} >>"))
        .object(&format!(
            "<< /Type /Pages /Kids [{kids}] /Count {} /MediaBox [0 0 595 842] >>",
            contents.len()
        ))
        .object(
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        );
    for (page, content) in contents.iter().enumerate() {
        pdf = pdf
            .object(&format!(
                "<< /Type /Page /Parent 2 0 R /Contents {} 0 R /Resources << /Font << /F1 3 0 R >> >> >>",
                5 + 2 * page
            ))
            .stream("", content.as_bytes());
    }
    pdf
}

/// The instructions that write `text` at a place.
pub(super) fn at(x: u32, y: u32, text: &str) -> String {
    format!("BT /F1 12 Tf {x} {y} Td ({text}) Tj ET\n")
}

/// Packed with zlib.
pub(super) fn deflated(octets: &[u8]) -> Vec<u8> {
    use std::io::Write as _;
    let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    packer.write_all(octets).unwrap();
    packer.finish().unwrap()
}
