//! TODO room.

pub mod cube;
pub mod rating;
pub mod trace;
