//! Tags of XML as nearly all programs write workbooks: what is written otherwise is not taken apart.

use quick_xml::Reader;
use quick_xml::events::Event;

/// The place of the `>` that ends the tag at the start of a text, and whether the tag ends its element; `None` where it is cut off.
pub fn tag_end(text: &[u8]) -> Option<(usize, bool)> {
    let mut quote = None;
    for (at, byte) in text.iter().enumerate() {
        match (quote, byte) {
            (None, b'"' | b'\'') => quote = Some(*byte),
            (Some(open), byte) if open == *byte => quote = None,
            (None, b'>') => return Some((at, at > 0 && text[at - 1] == b'/')),
            _ => {}
        }
    }
    None
}

/// The attributes of a tag such as `<row r="1" s='2'>`, with their values still escaped; `None` where it is malformed.
pub fn attributes(tag: &str) -> Option<Vec<(&str, &str)>> {
    let inner = tag.strip_prefix('<')?.strip_suffix('>')?;
    let inner = inner.strip_suffix('/').unwrap_or(inner);
    let mut rest = inner.find(|letter: char| letter.is_ascii_whitespace()).map_or("", |end| &inner[end..]);
    let mut found: Vec<(&str, &str)> = Vec::new();
    loop {
        rest = rest.trim_ascii_start();
        if rest.is_empty() {
            return Some(found);
        }
        let (name, after) = rest.split_once('=')?;
        let name = name.trim_ascii_end();
        let after = after.trim_ascii_start();
        let quote = after.chars().next().filter(|letter| matches!(letter, '"' | '\''))?;
        let (value, after) = after[1..].split_once(quote)?;
        let is_new = !name.is_empty() && !found.iter().any(|(other, _)| *other == name);
        if !is_new || value.contains('<') {
            return None;
        }
        found.push((name, value));
        rest = after;
    }
}

/// The value of an attribute.
pub fn value<'t>(attributes: &[(&'t str, &'t str)], name: &str) -> Option<&'t str> {
    attributes.iter().find(|(found, _)| *found == name).map(|(_, value)| *value)
}

/// The start of a tag with all attributes but these: `<row r="1"`, without its end.
pub fn open_tag(name: &str, attributes: &[(&str, &str)], without: &[&str]) -> String {
    let mut tag = format!("<{name}");
    for (name, value) in attributes.iter().filter(|(name, _)| !without.contains(name)) {
        // a value is written as it was escaped, and only a single quote may stand in it
        let quote = if value.contains('"') { '\'' } else { '"' };
        tag.push(' ');
        tag.push_str(name);
        tag.push('=');
        tag.push(quote);
        tag.push_str(value);
        tag.push(quote);
    }
    tag
}

/// Calls `visit` with each element of a part, by its name without a prefix and its attributes; `None` where the part is no XML, or where
/// `visit` returns it.
pub fn each_tag(xml: &str, mut visit: impl FnMut(&str, &[(&str, &str)]) -> Option<()>) -> Option<()> {
    let mut reader = Reader::from_str(xml);
    let mut depth = 0_usize;
    loop {
        let before = usize::try_from(reader.buffer_position()).ok()?;
        let event = reader.read_event().ok()?;
        match &event {
            Event::Start(found) | Event::Empty(found) => {
                depth += usize::from(matches!(event, Event::Start(_)));
                let tag = xml.get(before..)?;
                let (end, _) = tag_end(tag.as_bytes())?;
                visit(found.local_name().as_ref(), &attributes(&tag[..=end])?)?;
            }
            Event::End(_) => depth = depth.checked_sub(1)?,
            Event::Eof => return (depth == 0).then_some(()),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_taken_apart_and_put_together() {
        let tag = r#"<row r="12" ht = '1"5' spans="1:3"/>"#;
        assert_eq!(tag_end(tag.as_bytes()), Some((tag.len() - 1, true)));
        let found = attributes(tag).unwrap();
        assert_eq!(found, [("r", "12"), ("ht", "1\"5"), ("spans", "1:3")]);
        assert_eq!(open_tag("row", &found, &["spans"]), r#"<row r="12" ht='1"5'"#);
        assert_eq!(attributes("<c>"), Some(Vec::new()));
    }

    #[test]
    fn what_is_no_plain_tag_is_not_taken_apart() {
        assert_eq!(tag_end(b"<row r=\">"), None);
        assert_eq!(tag_end(b"<row r=\">\">").unwrap(), (10, false));
        for tag in ["<row r=1>", "<row r>", "<row r=\"1\" r=\"2\">", "<row r=\"<\">", "<row =\"1\">", "row>"] {
            assert_eq!(attributes(tag), None, "{tag}");
        }
    }
}
