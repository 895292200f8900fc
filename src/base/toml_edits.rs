//! Edits of a TOML text by the places of its values: everything else, comments included, stays.

use std::ops::Range;

/// The new texts of some places.
pub type Edits = Vec<(Range<usize>, String)>;

/// The text with new texts in these places, which do not overlap; `None` where a place is none of the text.
#[must_use]
pub fn edited(text: &str, mut edits: Edits) -> Option<String> {
    edits.sort_by_key(|(range, _)| range.start);
    let (mut edited, mut at) = (String::with_capacity(text.len()), 0);
    for (range, new) in edits {
        edited.push_str(text.get(at..range.start)?);
        edited.push_str(&new);
        at = range.end;
    }
    edited.push_str(text.get(at..)?);
    Some(edited)
}

/// A text as a TOML value.
#[must_use]
pub fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edit_leaves_everything_else() {
        let edits = vec![(12..13, "2".to_owned()), (4..7, quoted("a 'b'"))];
        assert_eq!(edited("x = 'y' # z 1!", edits).as_deref(), Some("x = \"a 'b'\" # z 2!"));
        assert_eq!(edited("x", vec![(3..4, String::new())]), None);
    }
}
