//! The outcome of a command and its exit code.

use crate::cli::log::Level;

/// The exit code of a failed run: nothing is wrong with the input.
pub const FAILED: u8 = 1;
/// The exit code of a wrong command line.
pub const WRONG_ARGUMENTS: u8 = 2;

/// The outcome of a command that did not fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Done.
    Done,
    /// The input is refused, for printed reasons.
    Refused,
    /// Done, except for contracts, payments or letters that were set aside for printed reasons.
    SetAside,
}

impl Outcome {
    /// The exit code.
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Refused => 3,
            Self::SetAside => 4,
        }
    }

    /// The level of the last event of the log.
    pub const fn level(self) -> Level {
        match self {
            Self::Done => Level::Info,
            Self::Refused => Level::Error,
            Self::SetAside => Level::Warning,
        }
    }
}
