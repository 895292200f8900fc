//! What stands before the rows of a sheet: the widths of its columns.

use crate::output::xlsx::own_workbook::tag::{attributes, open_tag, tag_end, value};

/// The head of a sheet with the width of the column of the margin, counted from 0, in letters; `None` where it is not as nearly all programs
/// write it.
pub fn with_margin(head: &str, margin: Option<(u32, u32)>) -> Option<String> {
    // the margin is beside what the sheet states as its size, which readers can do without
    let head = without_dimension(head)?;
    let Some((column, width)) = margin else { return Some(head) };
    let number = column + 1;
    let own = format!("<col min=\"{number}\" max=\"{number}\" width=\"{width}\" customWidth=\"1\"/>");
    let Some((before, rest)) = head.split_once("<cols>") else {
        return Some(format!("{head}<cols>{own}</cols>"));
    };
    let (inside, after) = rest.split_once("</cols>")?;
    let mut ranges: Vec<(u32, String)> = vec![(number, own)];
    let mut inside = inside.trim_ascii_start();
    while !inside.is_empty() {
        let (end, is_empty) = tag_end(inside.as_bytes())?;
        let tag = &inside[..=end];
        let attributes = attributes(tag).filter(|_| is_empty && tag.starts_with("<col "))?;
        let bound = |name| value(&attributes, name).and_then(|bound| bound.parse::<u32>().ok());
        let (first, last) = (bound("min")?, bound("max")?);
        for (first, last) in [(first, last.min(number - 1)), (first.max(number + 1), last)] {
            if first <= last {
                let start = open_tag("col", &attributes, &["min", "max"]);
                ranges.push((first, format!("{start} min=\"{first}\" max=\"{last}\"/>")));
            }
        }
        inside = inside[end + 1..].trim_ascii_start();
    }
    ranges.sort_by_key(|(first, _)| *first);
    let ranges: String = ranges.into_iter().map(|(_, range)| range).collect();
    Some(format!("{before}<cols>{ranges}</cols>{after}"))
}

fn without_dimension(head: &str) -> Option<String> {
    let Some(start) = head.find("<dimension ") else { return Some(head.to_owned()) };
    let (end, is_empty) = tag_end(&head.as_bytes()[start..])?;
    let rest = &head[start + end + 1..];
    let rest = if is_empty { rest } else { rest.strip_prefix("</dimension>")? };
    Some(format!("{}{rest}", &head[..start]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_of_columns_is_split_around_the_margin() {
        let head = "<worksheet><dimension ref=\"A1:K9\"/><cols><col min=\"1\" max=\"2\" width=\"9\"/><col min=\"3\" max=\"16384\" hidden=\"1\"/></cols>";
        assert_eq!(
            with_margin(head, Some((4, 80))).unwrap(),
            "<worksheet><cols><col width=\"9\" min=\"1\" max=\"2\"/><col hidden=\"1\" min=\"3\" max=\"4\"/>\
             <col min=\"5\" max=\"5\" width=\"80\" customWidth=\"1\"/><col hidden=\"1\" min=\"6\" max=\"16384\"/></cols>"
        );
        assert_eq!(with_margin("<worksheet>", None).as_deref(), Some("<worksheet>"));
        assert!(with_margin("<worksheet>", Some((0, 80))).unwrap().ends_with("customWidth=\"1\"/></cols>"));
        for broken in [
            "<cols><col min=\"1\"/></cols>",
            "<cols><col min=\"1\" max=\"1\"></col></cols>",
            "<cols>x</cols>",
            "<cols>",
        ] {
            assert_eq!(with_margin(broken, Some((1, 80))), None, "{broken}");
        }
    }
}
