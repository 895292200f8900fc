//! TODO room.

pub(crate) mod column;
pub(crate) mod io_error;
