//! Whom an underwriter means: a row, an id or a name → insured of a roster.

use crate::roster::Roster;
use crate::table::text::folded;

/// The rows of a roster that a word may mean, by their places in its columns, in roster order.
///
/// - `17`: the row of this number in any sheet, and whoever has this id;
/// - `staff.xlsx:17`, `Список:17`: the row of one file or sheet;
/// - an id, or a name in full: without regard to case, spaces and ё, as everywhere;
/// - else the beginning of a name, a surname alone for one.
#[must_use]
pub fn seek(roster: &Roster, word: &str) -> Vec<usize> {
    let insured = &roster.insured;
    let all = |wanted: &dyn Fn(usize) -> bool| -> Vec<usize> { (0..insured.len()).filter(|at| wanted(*at)).collect() };
    if let Some((place, Ok(row))) = word.rsplit_once(':').map(|(place, row)| (folded(place), row.trim().parse::<u32>()))
    {
        let sheet_is_meant: Vec<bool> =
            roster.sheets.iter().map(|sheet| folded(&sheet.name) == place || folded(&sheet.file) == place).collect();
        return all(&|at| insured.row[at] == row && sheet_is_meant[usize::from(insured.sheet[at])]);
    }
    let wanted = folded(word);
    if wanted.is_empty() {
        return Vec::new();
    }
    let row = word.trim().parse::<u32>().ok();
    let exact = all(&|at| {
        row == Some(insured.row[at]) || folded(insured.id.get(at)) == wanted || folded(insured.name.get(at)) == wanted
    });
    if !exact.is_empty() {
        return exact;
    }
    all(&|at| folded(insured.name.get(at)).starts_with(&wanted))
}
