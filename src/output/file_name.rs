//! Names of files and folders made from texts that people have written, such as the number of a contract.

use crate::base::digest::{hexadecimal, sha256};

/// A number as the name of a folder: a character that a file system or a shell treats specially is written as `%2F`.
///
/// Different numbers have different names. A name has at most 217 bytes.
///
/// # Example
///
/// ```
/// use kollektiv::output::folder_name;
///
/// assert_eq!(folder_name("77/2026 ДМС"), "77%2F2026 ДМС");
/// assert_eq!(folder_name("../etc"), "%2E.%2Fetc");
/// ```
#[must_use]
pub fn folder_name(number: &str) -> String {
    let mut name = String::new();
    for (place, letter) in number.chars().enumerate() {
        let safe = match letter {
            '.' => place > 0,
            ' ' | '-' | '_' | '(' | ')' | '№' | '+' | ',' => true,
            _ => letter.is_alphanumeric(),
        };
        if safe {
            name.push(letter);
        } else {
            let mut bytes = [0; 4];
            for byte in letter.encode_utf8(&mut bytes).bytes() {
                name.push('%');
                name.push_str(&hexadecimal(&[byte]).to_uppercase());
            }
        }
    }
    shortened(name, number)
}

/// The file name; if too long, a prefix plus a hash of the whole number.
fn shortened(mut name: String, number: &str) -> String {
    const LONGEST_BYTES: usize = 200;
    const HASH_DIGITS: usize = 16;
    if name.len() > LONGEST_BYTES {
        let end = (0..=LONGEST_BYTES).rev().find(|end| name.is_char_boundary(*end)).unwrap_or(0);
        name.truncate(end);
        name.push('~');
        name.push_str(&sha256(number.as_bytes())[..HASH_DIGITS]);
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_with_slashes_stays_in_its_folder() {
        assert_eq!(folder_name("DMS-2026-0417"), "DMS-2026-0417");
        assert_eq!(folder_name("77/2026 ДМС"), "77%2F2026 ДМС");
        assert_eq!(folder_name("../../etc"), "%2E.%2F..%2Fetc");
        let (long, other) = (folder_name(&"/".repeat(80)), folder_name(&"/".repeat(79)));
        assert!(long.len() <= 217 && long != other, "{long}");
    }
}
