//! TODO room.

pub mod calendar;
pub mod diagnostic;
pub mod digest;
pub mod error;
pub mod messages;
pub mod money;
pub mod progress;
pub mod sex;
pub mod source_file;
