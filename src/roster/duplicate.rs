//! The same person twice, almost the same person twice, and the same id on two persons, across every file and sheet of a
//! roster.

use crate::base::diagnostic::{Code, Diagnostic, Place};
use crate::base::messages::Message;
use crate::roster::bloom::{Key, repeated, runs};
use crate::roster::fingerprint::NameHasher;
use crate::roster::insured::Insured;
use crate::roster::name_keys::DuplicateKeys;
use crate::roster::similar;
use crate::table::text::folded;

/// Where a sheet stands, for a message: the name of its file and, in a workbook, its own.
pub type ShownSheet<'s> = &'s dyn Fn(u16) -> String;

/// Reports every insured whose name and birth date stood before, and every id that stood on somebody else; the first of
/// each stands. Marks their rows as rejected.
pub fn find(
    insured: &mut Insured,
    name_column: &[Option<u32>],
    id_column: &[Option<u32>],
    shown: ShownSheet<'_>,
) -> Vec<Diagnostic> {
    let same_person = |left: usize, right: usize| {
        insured.birth_date[left] == insured.birth_date[right]
            && folded(insured.name.get(left)) == folded(insured.name.get(right))
    };
    let mut again = vec![false; insured.len()];
    let mut found = Vec::new();
    let namesakes = DuplicateKeys::find(insured);
    for (at, first) in repeats(&namesakes.same, same_person) {
        again[at] = true;
        found.push(diagnostic(insured, Code::DuplicateInsured, "duplicate-insured", at, first, name_column, shown));
    }
    let same_id = |left: usize, right: usize| folded(insured.id.get(left)) == folded(insured.id.get(right));
    for (at, first) in repeats(&repeated_ids(insured), same_id) {
        // the very same person with the very same id is one mistake and not two
        if !same_person(at, first) {
            again[at] = true;
            found.push(diagnostic(insured, Code::DuplicateId, "duplicate-id", at, first, id_column, shown));
        }
    }
    for (at, first) in similar::find(insured, namesakes.almost, &again) {
        found.push(diagnostic(insured, Code::SimilarInsured, "similar-insured", at, first, name_column, shown));
    }
    for (at, again) in again.into_iter().enumerate() {
        insured.rejected[at] |= again;
    }
    found
}

/// The ids that come more than once, and a few others; those that have lost digits are nobody's.
fn repeated_ids(insured: &Insured) -> Vec<(u64, usize)> {
    repeated(insured.len(), 1, |rows, keys| {
        let mut printer = NameHasher::default();
        for at in rows.filter(|at| !insured.id_is_damaged[*at]) {
            printer.fold(insured.id.get(at));
            if let Some(print) = printer.text() {
                keys.put((print, at));
            }
        }
    })
}

/// Each row that is the same as an earlier one, with the first such, in the order of the roster.
fn repeats(keys: &[impl Key], same: impl Fn(usize, usize) -> bool) -> Vec<(usize, usize)> {
    let mut repeats = Vec::new();
    for run in runs(keys) {
        let mut firsts: Vec<usize> = Vec::new();
        for at in run.iter().map(Key::at) {
            match firsts.iter().find(|first| same(at, **first)) {
                Some(first) => repeats.push((at, *first)),
                None => firsts.push(at),
            }
        }
    }
    repeats.sort_unstable();
    repeats
}

fn diagnostic(
    insured: &Insured,
    code: Code,
    said: &'static str,
    at: usize,
    first: usize,
    columns: &[Option<u32>],
    shown: ShownSheet<'_>,
) -> Diagnostic {
    let sheet = insured.sheet[at];
    let place = Place { sheet, row: insured.row[at], column: columns[usize::from(sheet)] };
    let value = if code == Code::DuplicateId { insured.id.get(at) } else { insured.name.get(at) };
    let elsewhere = insured.sheet[first] != sheet;
    let message = if elsewhere {
        Message::new(said).with("sheet", Message::new("in-sheet").with("sheet", shown(insured.sheet[first])))
    } else {
        Message::new(said).with("sheet", "")
    };
    let message = message.with("row", insured.row[first].to_string());
    Diagnostic { code, place, value: crate::base::diagnostic::masked(value), message }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Date, date};

    use super::*;
    use crate::base::messages::Value;
    use crate::roster::insured::Person;

    const BORN: Date = date(1980, 12, 31);

    /// A row of the sheet: name, birth date and id.
    fn add(insured: &mut Insured, sheet: u16, name: &str, birth_date: Option<Date>, id: &str) {
        let person =
            Person { row: u32::try_from(insured.len()).unwrap() + 2, id, name, birth_date, ..Person::default() };
        insured.push(sheet, &person);
    }

    fn roster(persons: &[(&str, Option<Date>, &str)]) -> Insured {
        let mut insured = Insured::default();
        for (name, birth_date, id) in persons {
            add(&mut insured, 0, name, *birth_date, id);
        }
        insured
    }

    /// What is found, as the code, the row and the row that it names.
    fn found(insured: &mut Insured) -> Vec<(Code, u32, Option<Value>)> {
        let found = find(insured, &[Some(1), Some(2)], &[Some(0), None], &|sheet| format!("sheet {sheet}"));
        found.iter().map(|found| (found.code, found.place.row, found.message.value("row").cloned())).collect()
    }

    fn of(code: Code, row: u32, first: &str) -> (Code, u32, Option<Value>) {
        (code, row, Some(Value::from(first)))
    }

    #[test]
    fn the_first_of_the_same_stands() {
        let mut insured = roster(&[
            ("Иванов Пётр", Some(BORN), ""),
            ("Ким Анна", Some(BORN), ""),
            ("ИВАНОВ ПЕТР", Some(BORN), ""),
            ("Ким Анна", Some(BORN), ""),
            ("Иванов Петр", Some(BORN), ""),
        ]);
        insured.rejected[1] = true;
        let again = |row, first| of(Code::DuplicateInsured, row, first);
        assert_eq!(found(&mut insured), [again(4, "2"), again(5, "3"), again(6, "2")]);
        assert_eq!(insured.rejected, [false, true, true, true, true]);
    }

    #[test]
    fn namesakes_of_another_birth_date_are_others() {
        let born_later = date(1981, 1, 1);
        let mut insured = roster(&[
            ("Иванов Пётр", Some(BORN), ""),
            ("Сидоров Олег", Some(BORN), ""),
            ("Иванов Пётр", Some(born_later), ""),
            ("Иванов Пётр", None, ""),
            ("Иванов Пётр", None, ""),
            ("", Some(BORN), ""),
            ("", Some(BORN), ""),
        ]);
        assert_eq!(found(&mut insured), []);
        assert_eq!(insured.rejected, [false; 7]);
    }

    #[test]
    fn one_fingerprint_does_not_make_one_person() {
        let names = ["Иванов", "Сидоров", "Иванов", "Ким", "Сидоров", "Иванов"];
        let keys: Vec<(u64, usize)> = (0..names.len()).map(|at| (7, at)).collect();
        let found = repeats(&keys, |left, right| names[left] == names[right]);
        assert_eq!(found, [(2, 0), (4, 1), (5, 0)]);
    }

    #[test]
    fn ids_that_have_lost_digits_are_nobodys() {
        let mut insured = roster(&[("Иванов Пётр", Some(BORN), "17"), ("Сидоров Олег", Some(BORN), "17")]);
        insured.id_is_damaged[1] = true;
        assert_eq!(found(&mut insured), []);
    }

    #[test]
    fn one_id_on_two_persons_is_told_once() {
        let mut insured = roster(&[
            ("Иванов Пётр", Some(BORN), "17"),
            ("Сидоров Олег", Some(BORN), "17"),
            ("Ким Анна", Some(BORN), "18"),
            ("Иванов Пётр", Some(BORN), "17"),
            ("Ли Ольга", Some(BORN), ""),
            ("Пак Вера", Some(BORN), ""),
        ]);
        let expected = [of(Code::DuplicateInsured, 5, "2"), of(Code::DuplicateId, 3, "2")];
        assert_eq!(found(&mut insured), expected, "who stands twice with one id is one mistake");
        assert_eq!(insured.rejected, [false, true, false, true, false, false]);
    }

    #[test]
    fn the_place_of_the_first_is_named_where_it_is_another_sheet() {
        let mut insured = roster(&[("Иванов Пётр", Some(BORN), "17"), ("Иванов Пётр", Some(BORN), "")]);
        add(&mut insured, 1, "Иванов Пётр", Some(BORN), "");
        add(&mut insured, 0, "Сидоров Олег", Some(BORN), "17");
        let found = find(&mut insured, &[Some(1), Some(2)], &[Some(0), None], &|sheet| format!("sheet {sheet}"));
        let named: Vec<_> = found
            .iter()
            .map(|found| (found.place.column, found.value.as_str(), found.message.value("sheet").unwrap().clone()))
            .collect();
        let elsewhere = Message::new("in-sheet").with("sheet", "sheet 0");
        let expected = [
            (Some(1), "И***** П***", Value::from("")),
            (Some(2), "И***** П***", Value::from(elsewhere)),
            (Some(0), "##", Value::from("")),
        ];
        assert_eq!(named, expected);
    }
}
