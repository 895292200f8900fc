//! Duplicate insured, similar insured and shared ids, across all files and sheets of a roster.

use std::collections::BTreeMap;

use crate::base::diagnostic::{Code, Diagnostic, Place, masked};
use crate::base::messages::Message;
use crate::roster::field::{Field, NUMBERS};
use crate::roster::identity::bloom::{Key, repeated_hashes, runs};
use crate::roster::identity::fingerprint::NameHasher;
use crate::roster::identity::name_keys::DuplicateKeys;
use crate::roster::identity::similar::find_similar;
use crate::roster::insured::Insured;
use crate::roster::value::Relation;
use crate::table::tables::Sheet;
use crate::table::text::{folded, folded_number};

/// The fields whose column a name may stand in.
const NAMES: &[Field] = &[Field::Name, Field::Surname];

/// Reports every insured with the name and birth date of an earlier one, every id of an earlier, other insured, and every insured whose name is
/// almost that of an earlier one. Rejects the later rows of duplicates and shared ids; the first one is kept.
pub fn find_duplicates(insured: &mut Insured, sheets: &[Sheet]) -> Vec<Diagnostic> {
    let are_same = |left: usize, right: usize| {
        insured.birth_date[left] == insured.birth_date[right]
            && folded(insured.name.get(left)) == folded(insured.name.get(right))
    };
    let mut is_repeated = vec![false; insured.len()];
    let mut found = Vec::new();
    let keys = DuplicateKeys::find(insured);
    for (at, first) in repeats(&keys.exact, are_same) {
        is_repeated[at] = true;
        let message = Message::new("duplicate-insured");
        found.push(diagnostic(insured, sheets, (Code::DuplicateInsured, NAMES), (at, first), message));
    }
    for (number, at, first) in shared_numbers(insured) {
        // the same insured with the same number is one mistake and not two
        if !are_same(at, first) {
            is_repeated[at] = true;
            let is_unclear = |at: usize| insured.relation(at) == Some(Relation::Unknown);
            let name = if is_unclear(at) || is_unclear(first) { "duplicate-id-relation" } else { "duplicate-id" };
            let message = Message::new(name);
            found.push(Diagnostic {
                value: masked(number.get(insured, at)),
                ..diagnostic(insured, sheets, (Code::DuplicateId, number.fields()), (at, first), message)
            });
        }
    }
    for (at, first) in find_similar(insured, keys.near, &is_repeated) {
        let message = Message::new("similar-insured");
        found.push(diagnostic(insured, sheets, (Code::SimilarInsured, NAMES), (at, first), message));
    }
    for (rejected, is_repeated) in insured.rejected.iter_mut().zip(is_repeated) {
        *rejected |= is_repeated;
    }
    found
}

/// A number of an insured that no other insured has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Number {
    /// The id; a personnel number may be that of a family.
    Id,
    /// The policy number beside another id.
    Policy,
}

impl Number {
    fn get(self, insured: &Insured, at: usize) -> &str {
        match self {
            Self::Id => insured.id.get(at),
            Self::Policy => insured.text(Field::PolicyNumber, at),
        }
    }

    /// The fields whose column the number may stand in.
    const fn fields(self) -> &'static [Field] {
        match self {
            Self::Id => &NUMBERS,
            Self::Policy => &[Field::PolicyNumber],
        }
    }

    fn are_same(self, insured: &Insured, left: usize, right: usize) -> bool {
        folded_number(self.get(insured, left)) == folded_number(self.get(insured, right))
    }
}

/// Each row that has the number of an earlier one, with the first such row; without families that share a personnel number.
fn shared_numbers(insured: &Insured) -> Vec<(Number, usize, usize)> {
    let ids = repeats(&repeated_numbers(insured, Number::Id), |left, right| Number::Id.are_same(insured, left, right));
    let mut families: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, first) in &ids {
        families.entry(*first).or_default().push(*at);
    }
    families.retain(|first, others| is_family(insured, *first, others));
    let mut shared: Vec<_> = ids
        .into_iter()
        .filter(|(_, first)| !families.contains_key(first))
        .map(|(at, first)| (Number::Id, at, first))
        .collect();
    if insured.has_texts(Field::PolicyNumber) {
        let policies = repeated_numbers(insured, Number::Policy);
        let policies = repeats(&policies, |left, right| Number::Policy.are_same(insured, left, right));
        let is_id = |at: usize| insured.id.get(at) == insured.text(Field::PolicyNumber, at);
        let beside =
            policies.into_iter().filter(|(at, first)| !(is_id(*at) && is_id(*first)) || families.contains_key(first));
        shared.extend(beside.map(|(at, first)| (Number::Policy, at, first)));
    }
    shared
}

/// Whether the rows of one personnel number are a family: one employee, whose own relation may be blank, and others with a relation, also
/// in words that are not understood. Where no row is the employee's, one such word among relatives is the employee's: «директор».
fn is_family(insured: &Insured, first: usize, others: &[usize]) -> bool {
    let rows = || std::iter::once(&first).chain(others);
    let count = |is_meant: fn(Option<Relation>) -> bool| rows().filter(|at| is_meant(insured.relation(**at))).count();
    let employees = count(|relation| matches!(relation, None | Some(Relation::Employee)));
    employees == 1 || employees == 0 && count(|relation| relation == Some(Relation::Unknown)) == 1
}

/// The numbers that several rows have, and perhaps a few others, by their hashes; without those that have lost digits.
fn repeated_numbers(insured: &Insured, number: Number) -> Vec<(u64, usize)> {
    repeated_hashes(insured.len(), 1, |rows, keys| {
        let mut hasher = NameHasher::default();
        let mut bare = String::new();
        for at in rows.filter(|at| number == Number::Policy || !insured.id_is_damaged[*at]) {
            let written = number.get(insured, at);
            // programs write 0 where there is no number
            if written == "0" {
                continue;
            }
            if written.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
                hasher.fold(written);
            } else {
                bare.clear();
                bare.extend(written.chars().filter(|letter| letter.is_alphanumeric()));
                hasher.fold(if bare.is_empty() { written } else { &bare });
            }
            if let Some(hash) = hasher.hash() {
                keys.push(hash, at);
            }
        }
    })
}

/// Each row that is the same as an earlier one, with the first such row, in the order of the roster.
fn repeats(keys: &[impl Key], are_same: impl Fn(usize, usize) -> bool) -> Vec<(usize, usize)> {
    let mut repeats = Vec::new();
    for run in runs(keys) {
        let mut firsts: Vec<usize> = Vec::new();
        for at in run.iter().map(Key::row) {
            match firsts.iter().find(|first| are_same(at, **first)) {
                Some(first) => repeats.push((at, *first)),
                None => firsts.push(at),
            }
        }
    }
    repeats.sort_unstable();
    repeats
}

/// The diagnostic of a row that names the first such row.
fn diagnostic(
    insured: &Insured,
    sheets: &[Sheet],
    (code, fields): (Code, &[Field]),
    (at, first): (usize, usize),
    message: Message,
) -> Diagnostic {
    let value = insured.name.get(at);
    let (sheet, first_sheet) = (insured.sheet[at], insured.sheet[first]);
    let layout = sheets[usize::from(sheet)].layout.as_ref();
    let column = layout.and_then(|layout| fields.iter().find_map(|field| layout.column(*field)));
    let place = Place { sheet, row: insured.row[at], column: column.and_then(|column| u32::try_from(column).ok()) };
    let message = if first_sheet == sheet {
        message.with("sheet", "")
    } else {
        let name = sheets[usize::from(first_sheet)].display_name();
        message.with("sheet", Message::new("in-sheet").with("sheet", name))
    };
    Diagnostic { code, place, value: masked(value), message: message.with("row", insured.row[first].to_string()) }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Date, date};

    use super::*;
    use crate::base::messages::Value;
    use crate::roster::insured::InsuredRow;
    use crate::roster::spec::tests::spec;
    use crate::table::layout::Layout;

    const BORN: Date = date(1980, 12, 31);

    /// A row of the sheet: name, birth date and id.
    fn add(insured: &mut Insured, sheet: u16, name: &str, birth_date: Option<Date>, id: &str) {
        let row = u32::try_from(insured.len()).unwrap() + 2;
        insured.push(sheet, &InsuredRow { row, id, name, birth_date, ..InsuredRow::default() });
    }

    fn roster(rows: &[(&str, Option<Date>, &str)]) -> Insured {
        let mut insured = Insured::default();
        for (name, birth_date, id) in rows {
            add(&mut insured, 0, name, *birth_date, id);
        }
        insured
    }

    /// A sheet with the id and the name in its first columns, and one without an id.
    fn sheets() -> [Sheet; 2] {
        [["ID", "ФИО", "ДР"], ["№", "ДР", "ФИО"]].map(|headings| Sheet {
            file: format!("{}.csv", headings[0]),
            layout: Some(Layout::of_headings(&headings, &spec().table())),
            ..Sheet::default()
        })
    }

    /// What is found, as the code, the row and the row that it names.
    fn found(insured: &mut Insured) -> Vec<(Code, u32, Option<Value>)> {
        let found = find_duplicates(insured, &sheets());
        found.iter().map(|found| (found.code, found.place.row, found.message.value("row").cloned())).collect()
    }

    fn expected(code: Code, row: u32, first: &str) -> (Code, u32, Option<Value>) {
        (code, row, Some(Value::from(first)))
    }

    #[test]
    fn the_first_of_several_is_kept() {
        let mut insured = roster(&[
            ("Иванов Пётр", Some(BORN), ""),
            ("Ким Анна", Some(BORN), ""),
            ("ИВАНОВ ПЕТР", Some(BORN), ""),
            ("Ким Анна", Some(BORN), ""),
            ("Иванов Петр", Some(BORN), ""),
        ]);
        insured.rejected[1] = true;
        let again = |row, first| expected(Code::DuplicateInsured, row, first);
        assert_eq!(found(&mut insured), [again(4, "2"), again(5, "3"), again(6, "2")]);
        assert_eq!(insured.rejected, [false, true, true, true, true]);
    }

    #[test]
    fn the_same_name_with_another_birth_date_is_no_duplicate() {
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
    fn one_hash_does_not_make_one_insured() {
        let names = ["Иванов", "Сидоров", "Иванов", "Ким", "Сидоров", "Иванов"];
        let keys: Vec<(u64, usize)> = (0..names.len()).map(|at| (7, at)).collect();
        let found = repeats(&keys, |left, right| names[left] == names[right]);
        assert_eq!(found, [(2, 0), (4, 1), (5, 0)]);
    }

    #[test]
    fn ids_that_have_lost_digits_identify_no_insured() {
        let mut insured = roster(&[("Иванов Пётр", Some(BORN), "17"), ("Сидоров Олег", Some(BORN), "17")]);
        insured.id_is_damaged[1] = true;
        assert_eq!(found(&mut insured), []);
    }

    /// Adds a row with a personnel number and a relation.
    fn add_relative(insured: &mut Insured, name: &str, id: &str, relation: Option<Relation>) {
        let row = u32::try_from(insured.len()).unwrap() + 2;
        insured.push(0, &InsuredRow { row, id, name, birth_date: Some(BORN), relation, ..InsuredRow::default() });
    }

    #[test]
    fn a_family_may_share_a_personnel_number() {
        let (spouse, child) = (Some(Relation::Spouse), Some(Relation::Child));
        for (relations, expected) in [
            ([Some(Relation::Employee), spouse, child], &[][..]),
            ([spouse, None, child], &[]),
            ([spouse, child, child], &[3, 4]),
            ([None, None, child], &[3, 4]),
            ([Some(Relation::Employee), Some(Relation::Unknown), child], &[]),
            ([Some(Relation::Unknown), Some(Relation::Unknown), child], &[3, 4]),
            ([Some(Relation::Unknown), spouse, child], &[]),
            ([Some(Relation::Employee), Some(Relation::Employee), child], &[3, 4]),
        ] {
            let mut insured = Insured::default();
            for ((name, id), relation) in
                [("Ли Пётр", "П-18"), ("Ли Анна", "П18"), ("Ли Илья", "п 18")].iter().zip(relations)
            {
                add_relative(&mut insured, name, id, relation);
            }
            let rows: Vec<u32> = found(&mut insured).into_iter().map(|found| found.1).collect();
            assert_eq!(rows, expected, "{relations:?}");
        }
    }

    #[test]
    fn one_id_on_two_insured_is_reported_once() {
        let mut insured = roster(&[
            ("Иванов Пётр", Some(BORN), "17"),
            ("Сидоров Олег", Some(BORN), "17"),
            ("Ким Анна", Some(BORN), "18"),
            ("Иванов Пётр", Some(BORN), "17"),
            ("Ли Ольга", Some(BORN), ""),
            ("Пак Вера", Some(BORN), ""),
        ]);
        let both = [expected(Code::DuplicateInsured, 5, "2"), expected(Code::DuplicateId, 3, "2")];
        assert_eq!(found(&mut insured), both, "one insured twice with one id is one mistake");
        assert_eq!(insured.rejected, [false, true, false, true, false, false]);
    }

    #[test]
    fn another_sheet_of_the_first_is_named() {
        let mut insured = roster(&[("Иванов Пётр", Some(BORN), "17"), ("Иванов Пётр", Some(BORN), "")]);
        add(&mut insured, 1, "Иванов Пётр", Some(BORN), "");
        add(&mut insured, 0, "Сидоров Олег", Some(BORN), "17");
        let found = find_duplicates(&mut insured, &sheets());
        let named: Vec<_> = found
            .iter()
            .map(|found| (found.place.column, found.value.as_str(), found.message.value("sheet").unwrap().clone()))
            .collect();
        let elsewhere = Message::new("in-sheet").with("sheet", "ID.csv");
        let expected = [
            (Some(1), "И***** П***", Value::from("")),
            (Some(2), "И***** П***", Value::from(elsewhere)),
            (Some(0), "##", Value::from("")),
        ];
        assert_eq!(named, expected);
    }
}
