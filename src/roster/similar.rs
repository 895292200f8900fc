//! Almost the same person twice: one birth date, and names that differ by a letter or by the order of their words.

use rayon::prelude::*;

use crate::roster::bloom::{Key as _, runs};
use crate::roster::insured::Insured;
use crate::roster::name_keys::Key;
use crate::table::text::folded;

/// So many of those who share a birth date and all words of the name but one are compared with each other: a roster with
/// one made-up birth date for everybody is not to take all day.
const COMPARED: usize = 64;

/// Every insured with almost the name and the very birth date of an earlier one, with that one; whoever is `repeated` is
/// left out.
///
/// Names that are almost the same have all words in common but one, so that only those are compared whose birth date and
/// words but one have one fingerprint, and whose last word could be the other's.
pub fn find(insured: &Insured, mut almost: Vec<Key>, repeated: &[bool]) -> Vec<(usize, usize)> {
    almost.retain(|key| !repeated[key.at()]);
    let runs: Vec<&[Key]> = runs(&almost).collect();
    let mut pairs: Vec<(usize, usize)> = runs.into_par_iter().flat_map_iter(|run| alike(insured, run)).collect();
    // of several that are alike the first
    pairs.par_sort_unstable();
    pairs.dedup_by_key(|(at, _)| *at);
    pairs
}

/// Among rows of one key, in roster order, each that is almost the same as an earlier one, with that one.
fn alike(insured: &Insured, run: &[Key]) -> Vec<(usize, usize)> {
    /// Two words that differ by one letter have at most so many bits of [`Key::letters`] that the other has not.
    const MOST_BITS: u32 = 2;
    let name = |key: &Key| Name::new(insured.name.get(key.at()));
    let mut pairs = Vec::new();
    for (place, key) in run.iter().enumerate() {
        let is_other = |earlier: &&Key| {
            (earlier.letters ^ key.letters).count_ones() <= MOST_BITS
                && earlier.at() != key.at()
                && insured.birth_date[earlier.at()] == insured.birth_date[key.at()]
        };
        let mut earlier = run[place.saturating_sub(COMPARED)..place].iter().filter(is_other);
        if let Some(first) = earlier.find(|earlier| name(key).is_almost(&name(earlier))) {
            pairs.push((key.at(), first.at()));
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
    fn is_almost(&self, other: &Self) -> bool {
        if self.words.len() != other.words.len() {
            return false;
        }
        let mut mine = self.words.iter().filter(|word| !other.words.contains(word));
        match (mine.next(), mine.next()) {
            (None, _) => true,
            (Some(word), None) => {
                let theirs = other.words.iter().find(|theirs| !self.words.contains(theirs));
                theirs.is_some_and(|theirs| differ_by_one(word, theirs))
            }
            _ => false,
        }
    }
}

/// Whether one letter is another, is left out, or two neighbours are swapped; the words of initials are too short to tell.
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
    use crate::roster::insured::Person;
    use crate::roster::name_keys::{DuplicateKeys, MOST_WORDS};

    fn roster(persons: &[(&str, Date)]) -> Insured {
        let mut insured = Insured::default();
        for ((name, birth_date), row) in persons.iter().zip(2..) {
            let person = Person { row, name, birth_date: Some(*birth_date), ..Person::default() };
            insured.push(0, &person);
        }
        insured
    }

    const BORN: Date = date(1981, 12, 31);

    fn found(insured: &Insured, repeated: &[bool]) -> Vec<(usize, usize)> {
        find(insured, DuplicateKeys::find(insured).almost, repeated)
    }

    /// Who is alike whom of these, all born on one day.
    fn alike_of(names: &[&str]) -> Vec<(usize, usize)> {
        let persons: Vec<(&str, Date)> = names.iter().map(|name| (*name, BORN)).collect();
        found(&roster(&persons), &vec![false; names.len()])
    }

    #[test]
    fn the_first_of_those_that_are_alike_is_named() {
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
        assert_eq!(alike_of(&["Иванова Анна Петровна", "Иванова Анна Петровано"]), []);
        assert_eq!(alike_of(&["Иванова Анна Петровна", "Иванова Анна Петровнв"]), [(1, 0)]);
        assert_eq!(alike_of(&["Иванова", "Ивановв"]), []);
    }

    #[test]
    fn a_text_of_many_words_is_no_name() {
        let words = |count: usize| (0..count).map(|word| format!("Имя{word}")).collect::<Vec<_>>();
        let alike = |count: usize| {
            let (there, back) = (words(count).join(" "), words(count).into_iter().rev().collect::<Vec<_>>().join(" "));
            alike_of(&[&there, &back])
        };
        assert_eq!(alike(MOST_WORDS), [(1, 0)]);
        assert_eq!(alike(MOST_WORDS + 1), []);
    }

    #[test]
    fn nobody_is_alike_themselves() {
        assert_eq!(alike_of(&["Анна Анна", "Петрова Ольга"]), []);
    }

    #[test]
    fn namesakes_of_other_birth_dates_hide_nobody() {
        let years = (1801..).filter(|year| year % 4 != 0).take(2 * COMPARED);
        let namesakes = years.map(|year| ("Иванова Наталья", date(year, 12, 31)));
        let mut persons: Vec<(&str, Date)> = vec![("Иванова Наталья", BORN)];
        persons.extend(namesakes.filter(|(_, born)| *born != BORN));
        persons.push(("Иванова Наталия", BORN));
        let insured = roster(&persons);
        assert_eq!(found(&insured, &vec![false; insured.len()]), [(persons.len() - 1, 0)]);
    }

    fn almost(left: &str, right: &str) -> bool {
        let (left, right) = (Name::new(left), Name::new(right));
        assert_eq!(left.is_almost(&right), right.is_almost(&left));
        left.is_almost(&right)
    }

    #[test]
    fn names_that_are_almost_the_same() {
        for other in [
            "Иванова Наталья Петровна",
            "Иванова Наталия Петровна",
            "Иванова Ннаталья Петровна",
            "Иванова Петровна Наталья",
            "Ивнаова Наталья Петровна",
            "Иваноа Наталья Петровна",
        ] {
            assert!(almost("ИВАНОВА НАТАЛЬЯ ПЕТРОВНА", other), "{other}");
        }
        assert!(almost("Петров Яков", "Петров Якоб"), "four letters are enough");
    }

    #[test]
    fn names_that_are_not() {
        for other in ["Иванова Наталья", "Иванов Наталий Петрович", "Петрова Наталья Ивановна", "Иванова Н. П."]
        {
            assert!(!almost("Иванова Наталья Петровна", other), "{other}");
        }
        assert!(!almost("Ким А. Б.", "Ким А. В."), "initials of two persons");
        assert!(!almost("Ли Ян", "Ли Ин"));
    }
}
