//! Places of a document, each with a number planted in it.

use super::{all_text, read};

/// The places of one document.
#[derive(Debug, Default)]
pub(super) struct Places {
    planted: Vec<(&'static str, String)>,
}

impl Places {
    /// Plants the next number in the place of that name.
    pub(super) fn plant(&mut self, place: &'static str) -> String {
        let number = format!("010160-{:04}", 1000 + self.planted.len());
        self.planted.push((place, number.clone()));
        number
    }

    #[expect(
        clippy::print_stdout,
        reason = "with `--no-capture`, it is what the table of `tests/README.md` is made from"
    )]
    /// Reads the document; fails with a table where a place was not read, or a number not in one piece.
    pub(super) fn assert_all_found(&self, bytes: &[u8]) {
        let extract = read(bytes);
        let text = all_text(&extract);
        let found = |number: &str| text.contains(number);
        let missing = self.planted.iter().filter(|(_, number)| !found(number));
        let missing = missing.count();
        let table: Vec<String> = self
            .planted
            .iter()
            .map(|(place, number)| {
                let found = if found(number) { "found " } else { "MISSED" };
                format!("{found} {place}")
            })
            .collect();
        println!("{}", table.join("\n"));
        assert!(
            missing == 0,
            "{} of {} found\n{}\n{:?}\n{text}",
            self.planted.len() - missing,
            self.planted.len(),
            table.join("\n"),
            extract.gaps,
        );
        assert!(extract.gaps.is_empty(), "{:?}", extract.gaps);
    }
}
