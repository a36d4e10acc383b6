//! PDF.

use crate::extract::Reading;

/// Reads a PDF file.
pub(in crate::extract) fn read(_bytes: &[u8], _reading: &mut Reading<'_>) {}
