//! Lines that people write and TOML does not read: what is wrong, and the line to write instead.

use crate::base::messages::Message;

/// Opening and closing quotes that are no quotes in TOML.
const QUOTES: [char; 8] = ['“', '”', '„', '«', '»', '‘', '’', '‟'];

/// The message for a line with a usual slip, with the line to write instead; `None` for any other line.
pub(super) fn slip(line: &str) -> Option<Message> {
    let Some((key, value)) = line.split_once('=') else { return colon_slip(line) };
    let (key, value) = (key.trim(), without_comment(value).trim());
    if let Some((whole, _)) = value.split_once(',').filter(|number| is_two_way(*number)) {
        let message = Message::new("slip-thousands").with("thousands", format!("{key} = {whole}000"));
        return Some(message.with("decimals", format!("{key} = {whole}")));
    }
    let (name, written) = correction(value)?;
    Some(Message::new(name).with("line", format!("{key} = {written}")))
}

/// Whether a comma may separate thousands or decimals: `100,000`.
fn is_two_way((whole, after): (&str, &str)) -> bool {
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    are_digits(whole) && (1..=3).contains(&whole.len()) && after == "000"
}

/// The message for a key with a colon after it instead of an equals sign.
fn colon_slip(line: &str) -> Option<Message> {
    let (key, value) = line.split_once(':')?;
    let (key, value) = (key.trim(), without_comment(value).trim());
    let is_key = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    if !is_key || value.is_empty() {
        return None;
    }
    let written = correction(value).map_or_else(|| value.to_owned(), |(_, written)| written);
    Some(Message::new("slip-colon").with("line", format!("{key} = {written}")))
}

/// The name of the message for a value, and the value to write instead.
fn correction(value: &str) -> Option<(&'static str, String)> {
    let first = value.chars().next()?;
    if let Some(day) = iso_day(value) {
        return Some(("slip-day", day));
    }
    let are_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if let Some((whole, fraction)) = value.split_once(',')
        && are_digits(whole)
        && are_digits(fraction)
    {
        return Some(("slip-comma", format!("\"{whole}.{fraction}\"")));
    }
    if first.is_ascii_digit() && value.contains([' ', '\u{a0}']) {
        let joined: String = value.chars().filter(|letter| !letter.is_whitespace()).collect();
        return are_digits(&joined).then_some(("slip-spaces", joined));
    }
    if first == '"' && value.ends_with('"') && value.contains('\\') && !value.contains('\'') {
        return Some(("slip-backslash", format!("'{}'", value.trim_matches('"'))));
    }
    if first == '"' && value.len() > 1 && value.ends_with('"') && value[1..value.len() - 1].contains('"') {
        return Some(("slip-inner-quotes", quoted(&value[1..value.len() - 1])));
    }
    if QUOTES.contains(&first) {
        return Some(("slip-quotes", quoted(value.trim_matches(QUOTES))));
    }
    // `3а` and `20%` are texts, `1e3` and `0x1f` are numbers of TOML that the reader judges
    let is_word = first.is_ascii_digit() && value.contains(|letter: char| !letter.is_ascii() || letter == '%');
    if is_word {
        return Some(("slip-unquoted", quoted(value)));
    }
    let is_bare = !first.is_ascii_digit() && !"\"'[{+-".contains(first) && !["true", "false"].contains(&value);
    is_bare.then(|| ("slip-unquoted", quoted(value)))
}

/// A day as TOML writes it, of one such as 01.01.2027.
pub(super) fn iso_day(value: &str) -> Option<String> {
    let mut parts = value.trim_matches('"').split(['.', '/', '-']);
    let (first, month, last) = (parts.next()?, parts.next()?, parts.next()?);
    let (day, year) = if first.len() == 4 { (last, first) } else { (first, last) };
    // contracts are of this century
    let year = if year.len() == 2 { format!("20{year}") } else { year.to_owned() };
    // nothing is wrong with a day that TOML reads
    if first.len() == 4 && value.contains('-') && month.len() == 2 && day.len() == 2 {
        return None;
    }
    let is_number = |text: &str, most: usize| {
        !text.is_empty() && text.len() <= most && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    let is_day = parts.next().is_none() && is_number(day, 2) && is_number(month, 2) && is_number(&year, 4);
    (is_day && year.len() == 4).then(|| format!("{year}-{month:0>2}-{day:0>2}"))
}

fn quoted(text: &str) -> String {
    toml::Value::from(text.trim()).to_string()
}

/// The value without a comment after it.
fn without_comment(value: &str) -> &str {
    let is_quoted = value.trim_start().starts_with(['"', '\'']);
    if is_quoted { value } else { value.split(" #").next().unwrap_or(value) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::messages::Language;

    #[test]
    fn a_slip_gets_the_line_to_write_instead() {
        for (line, name, written) in [
            ("start = 01.01.2027", "slip-day", "start = 2027-01-01"),
            ("start = 1/2/2027 # начало", "slip-day", "start = 2027-02-01"),
            ("headcount = 0,83", "slip-comma", "headcount = \"0.83\""),
            ("sum_insured = 120 000", "slip-spaces", "sum_insured = 120000"),
            (r#"roster = "C:\Users\list.xlsx""#, "slip-backslash", r"roster = 'C:\Users\list.xlsx'"),
            ("start = 2026.12.01", "slip-day", "start = 2026-12-01"),
            ("start = 2026/12/01", "slip-day", "start = 2026-12-01"),
            ("start = 2026-12-1", "slip-day", "start = 2026-12-01"),
            ("start = 01.12.26", "slip-day", "start = 2026-12-01"),
            ("start: 2026-12-01", "slip-colon", "start = 2026-12-01"),
            ("start: 01.12.2026", "slip-colon", "start = 2026-12-01"),
            ("sum_insured = 100,000", "slip-thousands", "sum_insured = 100000"),
            ("programme = 3а", "slip-unquoted", "programme = \"3а\""),
            ("policyholder = \"ООО \"Ромашка\"\"", "slip-inner-quotes", "policyholder = 'ООО \"Ромашка\"'"),
            ("number = “N-1”", "slip-quotes", "number = \"N-1\""),
            ("number = «N-1»", "slip-quotes", "number = \"N-1\""),
            ("policyholder = ООО «Ромашка»", "slip-unquoted", "policyholder = \"ООО «Ромашка»\""),
            ("roster = roster.xlsx", "slip-unquoted", "roster = \"roster.xlsx\""),
        ] {
            let message = slip(line).unwrap_or_else(|| panic!("{line}"));
            assert_eq!(message.name(), name, "{line}");
            for language in [Language::Ru, Language::En] {
                assert!(language.render(&message).contains(written), "{}", language.render(&message));
            }
        }
        for line in ["start = 2027-01-01", "[plan", "roster = [\"a.csv\"", "number = \"N", "x = 12"] {
            assert!(slip(line).is_none(), "{line}");
        }
    }
}
