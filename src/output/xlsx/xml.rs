//! Texts, numbers and names of columns in the XML of a sheet.

/// Appends a text so that readers of workbooks give back the same letters.
///
/// `&`, `<` and `>` become entities. A character that XML has no place for becomes `_xHHHH_`, as Excel writes it; a text
/// that looks like such an escape has its first underscore escaped.
pub fn push_text(text: &str, xml: &mut Vec<u8>) {
    let bytes = text.as_bytes();
    let mut copied = 0;
    for (at, byte) in bytes.iter().enumerate().filter(|(_, byte)| may_need_escape(**byte)) {
        let rest = &bytes[at..];
        let (replaced, replacement): (usize, &[u8]) = match *byte {
            b'&' => (1, b"&amp;"),
            b'<' => (1, b"&lt;"),
            b'>' => (1, b"&gt;"),
            b'_' if is_escape(rest) => (1, b"_x005F_"),
            control @ ..0x20 => (1, &control_escape(control)),
            _ if rest.starts_with("\u{FFFE}".as_bytes()) => (3, b"_xFFFE_"),
            _ if rest.starts_with("\u{FFFF}".as_bytes()) => (3, b"_xFFFF_"),
            _ => continue,
        };
        xml.extend_from_slice(&bytes[copied..at]);
        xml.extend_from_slice(replacement);
        copied = at + replaced;
    }
    xml.extend_from_slice(&bytes[copied..]);
}

/// Tab and line feed stand in XML as they are; `0xEF` begins U+FFFE and U+FFFF.
const fn may_need_escape(byte: u8) -> bool {
    matches!(byte, 0..=8 | 11..=31 | b'&' | b'<' | b'>' | b'_' | 0xEF)
}

/// Whether a text begins as an escape does: `_x0041_`.
fn is_escape(text: &[u8]) -> bool {
    matches!(text, [b'_', b'x', a, b, c, d, b'_', ..] if [a, b, c, d].into_iter().all(u8::is_ascii_hexdigit))
}

fn control_escape(control: u8) -> [u8; 7] {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let [high, low] = [control >> 4, control & 0xF].map(|digit| DIGITS[usize::from(digit)]);
    [b'_', b'x', b'0', b'0', high, low, b'_']
}

/// Whether a text begins or ends with white space, which readers cut off unless the XML asks them to keep it.
pub fn has_outer_space(text: &str) -> bool {
    text.trim().len() < text.len()
}

/// Whether a text is a decimal number in digits: `12`, `-0.5`.
pub fn is_decimal(text: &str) -> bool {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    is_digits(whole) && is_digits(fraction)
}

/// Appends Excel's letters of a column of a sheet: 0 is `A`, 16,383 is `XFD`.
pub fn push_column(column: u16, xml: &mut Vec<u8>) {
    let letter = |place: u16| b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"[usize::from(place % 26)];
    if let Some(beyond) = column.checked_sub(26) {
        if let Some(beyond) = beyond.checked_sub(26 * 26) {
            xml.push(letter(beyond / (26 * 26)));
        }
        xml.push(letter(beyond / 26));
    }
    xml.push(letter(column));
}

/// The decimal digits of a whole number.
#[derive(Debug, Clone, Copy)]
pub struct Digits {
    digits: [u8; 20],
    start: usize,
}

impl Digits {
    /// Those of a number.
    pub fn new(number: impl Into<u64>) -> Self {
        let (mut number, mut digits) = (number.into(), [b'0'; 20]);
        let mut start = digits.len();
        loop {
            start -= 1;
            digits[start] += u8::try_from(number % 10).unwrap_or(0);
            number /= 10;
            if number == 0 {
                return Self { digits, start };
            }
        }
    }

    /// The digits without leading zeros.
    pub fn as_bytes(&self) -> &[u8] {
        &self.digits[self.start..]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> String {
        let mut xml = Vec::new();
        push_text(text, &mut xml);
        String::from_utf8(xml).unwrap()
    }

    #[test]
    fn markup_and_characters_that_xml_lacks_are_escaped() {
        assert_eq!(text("Иванов & <сын>\t\n"), "Иванов &amp; &lt;сын&gt;\t\n");
        assert_eq!(text("\0 \r \u{1F}"), "_x0000_ _x000D_ _x001F_");
        assert_eq!(text("\u{FFFE}\u{FFFF}\u{FFFD}"), "_xFFFE__xFFFF_\u{FFFD}");
    }

    #[test]
    fn a_text_that_looks_like_an_escape_stays_itself() {
        assert_eq!(text("_x0041_x0042_"), "_x005F_x0041_x005F_x0042_");
        for harmless in ["_x004_", "_x00G1_", "_x0041", "_X0041_", "x0041_", "_xжж_"] {
            assert_eq!(text(harmless), harmless);
        }
    }

    #[test]
    fn only_digits_are_a_decimal() {
        for decimal in ["0", "-12", "12.50", "-0.0"] {
            assert!(is_decimal(decimal), "{decimal}");
        }
        for other in ["", "-", ".5", "5.", "1e3", "+1", "1.2.3", "--1", "NaN", "١"] {
            assert!(!is_decimal(other), "{other}");
        }
    }

    #[test]
    fn columns_have_excels_letters() {
        let letters = |column| {
            let mut xml = Vec::new();
            push_column(column, &mut xml);
            String::from_utf8(xml).unwrap()
        };
        let columns = [0, 25, 26, 51, 52, 701, 702, 1377, 1378, 16_383];
        let expected = ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA", "AZZ", "BAA", "XFD"];
        assert_eq!(columns.map(letters), expected);
    }

    #[test]
    fn numbers_have_all_their_digits() {
        for number in [0, 7, 10, 1_048_576, u64::MAX] {
            assert_eq!(Digits::new(number).as_bytes(), number.to_string().as_bytes());
        }
    }
}
