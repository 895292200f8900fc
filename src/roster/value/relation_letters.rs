//! Letters for relations that a heading explains: «Степень родства (С – сотрудник, Ж – жена, Д – дети)».

use crate::roster::value::relation::{Relation, relation};
use crate::table::cell::Cell;
use crate::table::text::folded_heading;

/// The letters of a column with their relations.
#[derive(Debug, Default, Clone)]
pub struct RelationLetters(Vec<(String, Relation)>);

impl RelationLetters {
    /// The letters that a heading explains; none where it explains none.
    #[must_use]
    pub fn of_heading(heading: &str) -> Self {
        const LONGEST: usize = 3;
        let parts = heading.split(['(', ')', ',', ';', '/', '\n']);
        let explained = parts.filter_map(|part| {
            let (letters, word) = part.split_once(['-', '–', '—', '='])?;
            let (letters, relation) = (folded_heading(letters), relation(Cell::Text(word.trim()))?);
            let is_short = (1..=LONGEST).contains(&letters.chars().count());
            (is_short && relation != Relation::Unknown).then_some((letters, relation))
        });
        Self(explained.collect())
    }

    /// The relation of a cell with such letters; `None` for any other cell.
    #[must_use]
    pub fn read(&self, cell: Cell<'_>) -> Option<Relation> {
        let Cell::Text(text) = cell else { return None };
        if self.0.is_empty() {
            return None;
        }
        let written = folded_heading(text);
        self.0.iter().find(|(letters, _)| *letters == written).map(|(_, relation)| *relation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_explains_its_letters() {
        let letters = RelationLetters::of_heading("Степень родства (С - сотрудник, Ж – жена; М – муж, Д = дети)");
        for (text, expected) in [
            ("С", Some(Relation::Employee)),
            ("ж", Some(Relation::Spouse)),
            ("M", Some(Relation::Spouse)),
            ("Д.", Some(Relation::Child)),
            ("Т", None),
        ] {
            assert_eq!(letters.read(Cell::Text(text)), expected, "{text}");
        }
        assert_eq!(RelationLetters::of_heading("Родство (- жена)").read(Cell::Text("—")), None);
        assert_eq!(RelationLetters::of_heading("Степень родства").read(Cell::Text("С")), None);
        assert_eq!(RelationLetters::of_heading("Категория (М-Ж)").read(Cell::Text("М")), None);
    }
}
