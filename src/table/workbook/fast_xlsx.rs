//! A fast reader for sheets of an `.xlsx` that are written plainly, as nearly all programs write them: several times as fast as the library.
//!
//! It reads nothing but the plain form. The rest is left to the library, the whole sheet or the cells from there on, so that no meaning and
//! no fault is decided here: [`Xlsx`](calamine::Xlsx) reads the small parts of every workbook ([`skeleton`]) and opens it whole where
//! anything is not plain. Plain cells get the library's values; tests compare them cell by cell.

#[cfg(test)]
mod agreement;
mod book;
mod cells;
mod parts;
mod pieces;
mod skeleton;
mod texts;
mod window;

pub(super) use book::PlainBook;
pub(super) use cells::{Plain, PlainCells};
pub(super) use parts::{TEXTS, begins_soon};
pub(super) use pieces::Piece;
