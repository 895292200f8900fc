//! The insured of a roster that a word of the command line selects.

use crate::roster::Roster;
use crate::roster::field::Field;
use crate::table::text::{folded, folded_number};

/// The rows of a roster that a word selects, as indices into the roster's columns, in roster order.
///
/// - `17`: row 17 of any sheet, and the insured with the id 17;
/// - `staff.xlsx:17`, `Список:17`: row 17 of one file or sheet;
/// - a personnel or policy number without regard to marks, or a full name, without regard to case, spaces and ё;
/// - if no id and no full name matches: the beginning of a name, such as a surname.
#[must_use]
pub fn find_insured(roster: &Roster, word: &str) -> Vec<usize> {
    let insured = &roster.insured;
    let all = |wanted: &dyn Fn(usize) -> bool| -> Vec<usize> { (0..insured.len()).filter(|at| wanted(*at)).collect() };
    if let Some((place, Ok(row))) = word.rsplit_once(':').map(|(place, row)| (folded(place), row.trim().parse::<u32>()))
    {
        let is_place: Vec<bool> = roster
            .tables
            .sheets
            .iter()
            .map(|sheet| folded(&sheet.name) == place || folded(&sheet.file) == place)
            .collect();
        return all(&|at| insured.row[at] == row && is_place[usize::from(insured.sheet[at])]);
    }
    let wanted = folded(word);
    if wanted.is_empty() {
        return Vec::new();
    }
    let number = folded_number(word);
    let row = word.trim().parse::<u32>().ok();
    let exact = all(&|at| {
        let numbers = [insured.id.get(at), insured.text(Field::Id, at), insured.text(Field::PolicyNumber, at)];
        let has_number = || numbers.into_iter().any(|known| !known.is_empty() && folded_number(known) == number);
        row == Some(insured.row[at]) || has_number() || folded(insured.name.get(at)) == wanted
    });
    if !exact.is_empty() {
        return exact;
    }
    all(&|at| folded(insured.name.get(at)).starts_with(&wanted))
}
