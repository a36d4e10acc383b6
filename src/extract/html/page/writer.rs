//! Text as a browser writes it: white space collapsed, lines and cells where elements begin and end.

use crate::extract::Draft;

/// Text with its white space collapsed as a browser does.
pub(super) struct Writer {
    pub(super) draft: Draft,
    /// White space was seen, and nothing written since.
    space: bool,
}

impl Writer {
    pub(super) fn with_capacity(octets: usize) -> Self {
        Self {
            draft: Draft::with_capacity(octets),
            space: false,
        }
    }

    pub(super) fn text(&mut self, text: &str, keeping: bool) {
        if keeping {
            self.draft.push(text);
            return;
        }
        for (at, word) in text.split([' ', '\n', '\t', '\r', '\x0C']).enumerate() {
            self.space |= at > 0;
            if word.is_empty() {
                continue;
            }
            if self.space && !self.draft.is_empty() && !self.draft.text.ends_with(['\n', '\t', ' '])
            {
                self.draft.push(" ");
            }
            self.space = false;
            self.draft.push(word);
        }
    }

    pub(super) fn line(&mut self) {
        self.space = false;
        self.draft.line();
    }

    pub(super) fn new_line(&mut self) {
        self.space = false;
        self.draft.push("\n");
    }

    pub(super) fn cell(&mut self) {
        self.space = false;
        self.draft.cell();
    }

    /// Makes one line of what was written from `start` on.
    pub(super) fn join_lines(&mut self, start: usize) {
        let Some(cell) = self.draft.text.get(start..) else {
            return;
        };
        if cell.contains('\n') {
            let joined = cell.trim_end_matches('\n').replace('\n', " ");
            self.draft.text.truncate(start);
            self.draft.push(&joined);
        }
    }
}
