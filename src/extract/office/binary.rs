//! Documents of Word, Excel and PowerPoint in the binary formats: those of 97 to 2003, and the workbooks that still
//! are (xlsb).

mod number;
mod presentation;
mod word;
mod workbook;
pub(in crate::extract::office) mod xlsb;

pub(in crate::extract) use presentation::read as presentation;
pub(in crate::extract) use word::read as word;
pub(in crate::extract) use workbook::{
    is_cache as is_pivot_cache, read as workbook, read_cache as pivot_cache,
};
