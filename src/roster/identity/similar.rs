//! Similar insured: one birth date, and names that differ by a letter or by the order of their words.

use rayon::prelude::*;

use crate::roster::identity::bloom::{Key as _, runs};
use crate::roster::identity::name_keys::NameKey;
use crate::roster::insured::Insured;
use crate::table::text::folded;

/// The most earlier rows of its key with which a row is compared: a roster with one made-up birth date must not run for hours.
const MOST_COMPARED: usize = 64;

/// Every insured with the birth date and almost the name of an earlier one, with that one; without those that `is_repeated`.
///
/// Similar names share all words but one. So only rows are compared whose birth date and all words but one have the same hash, and whose
/// remaining words have almost the same letters.
pub(super) fn find_similar(insured: &Insured, mut near: Vec<NameKey>, is_repeated: &[bool]) -> Vec<(usize, usize)> {
    near.retain(|key| !is_repeated[key.row()]);
    let runs: Vec<&[NameKey]> = runs(&near).collect();
    let mut pairs: Vec<(usize, usize)> =
        runs.into_par_iter().flat_map_iter(|run| similar_in_run(insured, run)).collect();
    // of several similar ones the first
    pairs.par_sort_unstable();
    pairs.dedup_by_key(|(at, _)| *at);
    pairs
}

/// Of the rows of one key, in roster order, each that is similar to an earlier one, with that one.
fn similar_in_run(insured: &Insured, run: &[NameKey]) -> Vec<(usize, usize)> {
    /// The most bits in which words that differ by one letter differ, in [`NameKey::letter_bits`].
    const MOST_BITS: u32 = 2;
    let name = |key: &NameKey| Name::new(insured.name.get(key.row()));
    let mut pairs = Vec::new();
    for (place, key) in run.iter().enumerate() {
        let may_be_similar = |earlier: &&NameKey| {
            (earlier.letter_bits ^ key.letter_bits).count_ones() <= MOST_BITS
                && earlier.row() != key.row()
                && insured.birth_date[earlier.row()] == insured.birth_date[key.row()]
        };
        let mut earlier = run[place.saturating_sub(MOST_COMPARED)..place].iter().filter(may_be_similar);
        if let Some(first) = earlier.find(|earlier| name(key).is_similar(&name(earlier))) {
            pairs.push((key.row(), first.row()));
        }
    }
    pairs
}

/// A name for comparing with others of the same birth date.
struct Name {
    /// Its words, folded.
    words: Vec<Vec<char>>,
}

impl Name {
    fn new(name: &str) -> Self {
        Self { words: name.split_whitespace().map(|word| folded(word).chars().collect()).collect() }
    }

    /// Whether the words are the same in another order, or one of them differs by one letter.
    fn is_similar(&self, other: &Self) -> bool {
        if self.words.len() != other.words.len() {
            return false;
        }
        let mut own = self.words.iter().filter(|word| !other.words.contains(word));
        match (own.next(), own.next()) {
            (None, _) => true,
            (Some(word), None) => {
                let others = other.words.iter().find(|others| !self.words.contains(others));
                others.is_some_and(|others| differ_by_one(word, others))
            }
            _ => false,
        }
    }
}

/// Whether one letter is replaced or left out, or two neighbours are swapped; short words such as initials never match.
fn differ_by_one(left: &[char], right: &[char]) -> bool {
    const SHORTEST: usize = 4;
    let (short, long) = if left.len() <= right.len() { (left, right) } else { (right, left) };
    if short.len() < SHORTEST || long.len() - short.len() > 1 {
        return false;
    }
    let same_head = short.iter().zip(long).take_while(|(left, right)| left == right).count();
    let (short, long) = (&short[same_head..], &long[same_head..]);
    if short.len() < long.len() {
        return *short == long[1..];
    }
    short[1..] == long[1..] || short.len() > 1 && short[..2] == [long[1], long[0]] && short[2..] == long[2..]
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Date, date};

    use super::*;
    use crate::roster::identity::name_keys::{DuplicateKeys, MOST_WORDS};
    use crate::roster::insured::InsuredRow;

    fn roster(rows: &[(&str, Date)]) -> Insured {
        let mut insured = Insured::default();
        for ((name, birth_date), row) in rows.iter().zip(2..) {
            insured.push(0, &InsuredRow { row, name, birth_date: Some(*birth_date), ..InsuredRow::default() });
        }
        insured
    }

    const BORN: Date = date(1981, 12, 31);

    fn found(insured: &Insured, is_repeated: &[bool]) -> Vec<(usize, usize)> {
        find_similar(insured, DuplicateKeys::find(insured).near, is_repeated)
    }

    /// The similar pairs of these names, all with one birth date.
    fn similar_of(names: &[&str]) -> Vec<(usize, usize)> {
        let rows: Vec<(&str, Date)> = names.iter().map(|name| (*name, BORN)).collect();
        found(&roster(&rows), &vec![false; names.len()])
    }

    #[test]
    fn the_first_of_several_similar_ones_is_named() {
        let insured = roster(&[
            ("Иванова Анна", BORN),
            ("Петрова Анна", BORN),
            ("Иванова Алла", BORN),
            ("Иванова Анна", date(1981, 12, 30)),
            ("Анна Иванова", BORN),
            ("Ивнова Анна", BORN),
        ]);
        assert_eq!(found(&insured, &[false; 6]), [(4, 0), (5, 0)]);
        assert_eq!(found(&insured, &[false, false, false, false, true, false]), [(5, 0)]);
    }

    #[test]
    fn names_of_three_words_are_compared_and_lone_surnames_are_not() {
        assert_eq!(similar_of(&["Иванова Анна Петровна", "Иванова Анна Петровано"]), []);
        assert_eq!(similar_of(&["Иванова Анна Петровна", "Иванова Анна Петровнв"]), [(1, 0)]);
        assert_eq!(similar_of(&["Иванова", "Ивановв"]), []);
    }

    #[test]
    fn a_text_of_many_words_is_no_name() {
        let words = |count: usize| (0..count).map(|word| format!("Имя{word}")).collect::<Vec<_>>();
        let similar = |count: usize| {
            let (forward, backward) =
                (words(count).join(" "), words(count).into_iter().rev().collect::<Vec<_>>().join(" "));
            similar_of(&[&forward, &backward])
        };
        assert_eq!(similar(MOST_WORDS), [(1, 0)]);
        assert_eq!(similar(MOST_WORDS + 1), []);
    }

    #[test]
    fn no_insured_is_similar_to_itself() {
        assert_eq!(similar_of(&["Анна Анна", "Петрова Ольга"]), []);
    }

    #[test]
    fn equal_names_of_other_birth_dates_hide_no_insured() {
        let years = (1801..).filter(|year| year % 4 != 0).take(2 * MOST_COMPARED);
        let others = years.map(|year| ("Иванова Наталья", date(year, 12, 31)));
        let mut rows: Vec<(&str, Date)> = vec![("Иванова Наталья", BORN)];
        rows.extend(others.filter(|(_, born)| *born != BORN));
        rows.push(("Иванова Наталия", BORN));
        let insured = roster(&rows);
        assert_eq!(found(&insured, &vec![false; insured.len()]), [(rows.len() - 1, 0)]);
    }

    fn are_similar(left: &str, right: &str) -> bool {
        let (left, right) = (Name::new(left), Name::new(right));
        assert_eq!(left.is_similar(&right), right.is_similar(&left));
        left.is_similar(&right)
    }

    #[test]
    fn similar_names() {
        for other in [
            "Иванова Наталья Петровна",
            "Иванова Наталия Петровна",
            "Иванова Ннаталья Петровна",
            "Иванова Петровна Наталья",
            "Ивнаова Наталья Петровна",
            "Иваноа Наталья Петровна",
        ] {
            assert!(are_similar("ИВАНОВА НАТАЛЬЯ ПЕТРОВНА", other), "{other}");
        }
        assert!(are_similar("Петров Яков", "Петров Якоб"), "four letters are enough");
    }

    #[test]
    fn different_names() {
        for other in ["Иванова Наталья", "Иванов Наталий Петрович", "Петрова Наталья Ивановна", "Иванова Н. П."]
        {
            assert!(!are_similar("Иванова Наталья Петровна", other), "{other}");
        }
        assert!(!are_similar("Ким А. Б.", "Ким А. В."), "initials differ");
        assert!(!are_similar("Ли Ян", "Ли Ин"));
    }
}
