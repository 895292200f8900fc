//! A fast reader for sheets of an `.xlsx` that are written plainly, as nearly all programs write them: several times as fast as the library.
//!
//! It reads nothing but the plain form. The rest is left to the library, the whole sheet or the cells from there on, so that no meaning and
//! no fault is decided here: [`Xlsx`](calamine::Xlsx) opens every workbook first and reports what is wrong with it. Plain cells get the
//! library's values; tests compare them cell by cell.

#[cfg(test)]
mod agreement;
mod book;
mod cells;
mod parts;
mod styles;
mod texts;
mod window;

pub(super) use book::PlainBook;
pub(super) use cells::{Plain, PlainCells};
