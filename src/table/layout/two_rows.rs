//! Headings in two rows, as one row.

use crate::table::dictionary::Meaning;
use crate::table::field::ColumnRule;
use crate::table::head::HeadRow;
use crate::table::spec::TableSpec;

/// A lower heading of so few letters means nothing without the upper one.
const LONGEST_PREPOSITION: usize = 3;

/// Two rows of headings as one: the lower heading where there is one, alone or after the upper one that spans it.
///
/// `None` where the lower row is not one of headings.
pub fn join_rows(upper: &[String], lower: &[String], spec: &TableSpec) -> Option<Vec<String>> {
    if lower.iter().all(String::is_empty) {
        return None;
    }
    let mut spanning = "";
    let mut joined = Vec::new();
    let (mut known, mut unknown) = (0, 0);
    let mut left = lower.iter().filter(|below| !below.is_empty()).count();
    for column in 0..upper.len().max(lower.len()) {
        let above = upper.get(column).map_or("", String::as_str);
        let below = lower.get(column).map_or("", String::as_str);
        if !above.is_empty() {
            spanning = above;
        }
        if below.is_empty() {
            joined.push(above.to_owned());
            continue;
        }
        let both = format!("{spanning} {below}");
        if spec.meaning(&both).is_some() {
            known += 1;
            joined.push(both);
        } else {
            let is_known = spec.meaning(below).is_some();
            *(if is_known { &mut known } else { &mut unknown }) += 1;
            // «с» alone names no column
            joined.push(if !is_known && below.chars().count() <= LONGEST_PREPOSITION {
                both
            } else {
                below.to_owned()
            });
        }
        left -= 1;
        if known + left <= unknown {
            return None;
        }
    }
    // a row of data has hardly a word that is a heading
    (known > unknown).then_some(joined)
}

/// Two rows of headings as one, whatever the words of the lower one: each of its texts stands under a heading that spans several columns,
/// and every other column is left to the upper row. `None` where the lower row may hold data.
pub fn join_below_spans(upper: &HeadRow, lower: &HeadRow, spec: &TableSpec) -> Option<Vec<String>> {
    let heading = |row: &HeadRow, column: usize| row.headings.get(column).cloned().unwrap_or_default();
    let width = upper.headings.len().max(lower.headings.len());
    let is_empty = |column: usize| column >= width || heading(upper, column).is_empty();
    let (mut spanning, mut joined, mut filled) = (String::new(), Vec::new(), 0);
    for column in 0..width {
        let (above, below) = (heading(upper, column), heading(lower, column));
        let spans = above.is_empty() || is_empty(column + 1) && column + 1 < width;
        if !above.is_empty() {
            spanning.clone_from(&above);
        }
        if below.is_empty() {
            if lower.is_filled(column) {
                return None;
            }
            joined.push(above);
            continue;
        }
        let is_telling =
            matches!(spec.meaning(&spanning), Some(Meaning::Field(field)) if spec.telling.contains(&field));
        let is_value = below.bytes().any(|byte| byte.is_ascii_digit());
        if spanning.is_empty() || !spans || is_telling || is_value {
            return None;
        }
        filled += 1;
        let both = format!("{spanning} {below}");
        // the parts of one field are joined, and those of a column of no interest are of none
        let is_one = spec.meaning(&both).is_none() && spec.meaning(&spanning).is_some_and(holds_parts);
        joined.push(if is_one { spanning.clone() } else { both });
    }
    (filled > 1).then_some(joined)
}

/// Whether columns with one heading of this meaning belong together.
fn holds_parts(meaning: Meaning) -> bool {
    match meaning {
        Meaning::Field(field) | Meaning::Perhaps(field) => field.columns == ColumnRule::Joined,
        Meaning::Known | Meaning::Remark | Meaning::Conditional(_) | Meaning::Ignored => true,
    }
}
