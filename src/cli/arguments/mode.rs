//! Permissions of new files, as an option or a setting writes them.

use crate::base::messages::Message;
use crate::cli::usage::InvalidValue;

/// Parses permissions of a file that its owner may read and write.
pub fn parse_mode(text: &str) -> Result<u32, InvalidValue> {
    let mode = u32::from_str_radix(text, 8).ok().filter(|mode| *mode & !0o066 == 0o600);
    mode.ok_or_else(|| InvalidValue(Message::new("argument-mode")))
}
