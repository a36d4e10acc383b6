//! One XML part on its way to a text.

use crate::extract::office::flow::{Flow, Whitespace};
use crate::extract::office::xml::{self, Fault, Node};
use crate::extract::{Draft, Locus, Reading, Reason};

/// Feeds the nodes of a part to `each`; a fault becomes a gap.
pub(super) fn each_node(
    bytes: &[u8],
    reading: &mut Reading<'_>,
    mut each: impl FnMut(Node<'_>) -> Result<(), Fault>,
) {
    each_node_of(&xml::characters(bytes), reading, |node, _| each(node));
}

/// As [`each_node`], of characters, and for one that writes while it reads.
pub(super) fn each_node_of(
    xml: &str,
    reading: &mut Reading<'_>,
    mut each: impl FnMut(Node<'_>, &mut Reading<'_>) -> Result<(), Fault>,
) {
    let cancel = reading.budget.cancel().clone();
    let end = xml::each_node(xml, &cancel, |node| each(node, reading));
    note(end, reading);
}

/// Notes why the reading of a part ended, if it did before its end.
fn note(end: Result<(), Fault>, reading: &mut Reading<'_>) {
    match end {
        Ok(()) => {}
        Err(Fault::Damaged) => reading.gap(Reason::Damaged, "office: a part is not well-formed"),
        Err(Fault::Exhausted(exhausted)) => reading.exhausted(exhausted),
    }
}

/// Reads a part as running text that stood at `locus`. Returns how much there was.
pub(super) fn flowing(
    xml: &str,
    space: Whitespace,
    locus: Locus,
    reading: &mut Reading<'_>,
) -> usize {
    let mut flow = Flow::new(space);
    each_node_of(xml, reading, |node, _| {
        flow.node(&node);
        Ok(())
    });
    hand_over(&flow.take(), locus, reading)
}

/// Hands over a text that stood at `locus`. Returns how much it was.
pub(super) fn hand_over(text: &str, locus: Locus, reading: &mut Reading<'_>) -> usize {
    let mut draft = Draft::new();
    draft.mark(locus);
    draft.push(text);
    reading.text(draft);
    text.trim().len()
}
