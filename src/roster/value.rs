//! TODO room.

pub(crate) mod action;
pub(crate) mod relation;
pub(crate) mod risk;
