//! The same person twice, almost the same person twice, and the same id on two persons, across every file and sheet of a
//! roster.

use rayon::prelude::*;

use super::insured::Insured;
use super::similar;
use super::text::folded;
use crate::diagnostic::{Code, Diagnostic, Place};
use crate::words::Message;

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
    let mut repeated = vec![false; insured.len()];
    let mut found = Vec::new();
    let persons = prints(insured, |at| if insured.birth_date[at].is_some() { insured.name_print[at] } else { 0 });
    for run in persons.chunk_by(|left, right| left.0 == right.0).filter(|run| run.len() > 1) {
        for (at, first) in repeats(run, same_person) {
            repeated[at] = true;
            found.push(diagnostic(insured, Code::DuplicateInsured, "duplicate-insured", at, first, name_column, shown));
        }
    }
    let ids = prints(insured, |at| insured.id_print[at]);
    for run in ids.chunk_by(|left, right| left.0 == right.0).filter(|run| run.len() > 1) {
        let same_id = |left: usize, right: usize| folded(insured.id.get(left)) == folded(insured.id.get(right));
        for (at, first) in repeats(run, same_id) {
            // the very same person with the very same id is one mistake and not two
            if !same_person(at, first) {
                repeated[at] = true;
                found.push(diagnostic(insured, Code::DuplicateId, "duplicate-id", at, first, id_column, shown));
            }
        }
    }
    for (at, first) in similar::find(insured, &repeated) {
        found.push(diagnostic(insured, Code::SimilarInsured, "similar-insured", at, first, name_column, shown));
    }
    for (at, repeated) in repeated.into_iter().enumerate() {
        insured.rejected[at] |= repeated;
    }
    found
}

/// The rows that have a fingerprint, those of equal fingerprint together and in roster order.
fn prints(insured: &Insured, print: impl Fn(usize) -> u64 + Sync) -> Vec<(u64, usize)> {
    let mut prints: Vec<(u64, usize)> =
        (0..insured.len()).map(|at| (print(at), at)).filter(|(print, _)| *print != 0).collect();
    prints.par_sort_unstable();
    prints
}

/// Among rows of one fingerprint, each that is the same as an earlier one, with the first such.
fn repeats(run: &[(u64, usize)], same: impl Fn(usize, usize) -> bool) -> Vec<(usize, usize)> {
    let mut firsts: Vec<usize> = Vec::new();
    let mut repeats = Vec::new();
    for (_, at) in run {
        match firsts.iter().find(|first| same(*at, **first)) {
            Some(first) => repeats.push((*at, *first)),
            None => firsts.push(*at),
        }
    }
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
    Diagnostic { code, place, value: crate::diagnostic::masked(value), message }
}
