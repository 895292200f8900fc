//! Almost the same person twice: one birth date, and names that differ by a letter or by the order of their words.

use std::cell::LazyCell;
use std::ops::Range;

use rayon::prelude::*;

use super::insured::Insured;
use super::prints::may_be_almost;
use super::text::folded;
use crate::calendar::days_since_1970;

/// So many of those who share a birth date and a number of letters are looked at for each, and so many of their names compared: a
/// roster with one made-up birth date for everybody is not to take all day.
const LOOKED_AT: usize = 4096;
const COMPARED: usize = 64;

/// Nobody's name has more words, and a lone surname is too little to tell.
const WORDS: Range<usize> = 2..13;

/// So many rows, about, are compared in one go.
const ROWS_AT_ONCE: usize = 4096;

/// A row by what brings those together that may be almost the same: birth date, number of letters, and its own place.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place(u64);

impl Place {
    /// The place of a row that has a birth date and a name.
    fn of(insured: &Insured, at: usize) -> Option<Self> {
        const FIRST_DAY: i32 = -(1 << 23);
        let day = u64::try_from(days_since_1970(insured.birth_date[at]?) - FIRST_DAY).ok()?;
        let letters = insured.letters[at].count;
        (letters > 0).then_some(Self(day << 40 | u64::from(letters) << 32 | u64::from(u32::try_from(at).ok()?)))
    }

    /// The birth date and the number of letters: of names that have one letter more, the number that follows.
    const fn group(self) -> u64 {
        self.0 >> 32
    }

    const fn row(self) -> usize {
        (self.0 & 0xffff_ffff) as usize
    }
}

/// Every insured with almost the name and the very birth date of an earlier one, with the first such; whoever is `repeated` is
/// left out.
///
/// Names that are almost the same have all letters in common but one, so that only those are compared of whose letters as
/// many come an odd number of times but two.
pub fn find(insured: &Insured, repeated: &[bool]) -> Vec<(usize, usize)> {
    let rows = (0..insured.len()).into_par_iter().filter(|at| !repeated[*at]);
    let mut places: Vec<Place> = rows.filter_map(|at| Place::of(insured, at)).collect();
    places.par_sort_unstable();
    let odd = places.par_iter().map(|place| insured.letters[place.row()].odd).collect();
    let near = Near { insured, places, odd };
    let mut pairs: Vec<(usize, usize)> =
        near.works().into_par_iter().flat_map_iter(|(rows, groups)| near.alike(rows, groups)).collect();
    pairs.sort_unstable();
    pairs
}

/// The rows in an order in which those that may be almost the same are near each other.
struct Near<'i> {
    insured: &'i Insured,
    places: Vec<Place>,
    /// Of each place, which letters of the name come an odd number of times.
    odd: Vec<u32>,
}

impl Near<'_> {
    /// Some rows of one group at a time, with the groups of names that may be almost theirs: with one letter less, as many, and one
    /// more.
    fn works(&self) -> Vec<(Range<usize>, [Range<usize>; 3])> {
        let mut groups: Vec<(u64, Range<usize>)> = Vec::new();
        for group in self.places.chunk_by(|one, other| one.group() == other.group()) {
            let start = groups.last().map_or(0, |(_, before)| before.end);
            groups.push((group[0].group(), start..start + group.len()));
        }
        let of = |neighbour: Option<&(u64, Range<usize>)>, group: u64| {
            neighbour.filter(|(found, _)| *found == group).map_or(0..0, |(_, range)| range.clone())
        };
        let mut works = Vec::with_capacity(groups.len());
        for (at, (group, range)) in groups.iter().enumerate() {
            let shorter = of(at.checked_sub(1).and_then(|before| groups.get(before)), group - 1);
            let longer = of(groups.get(at + 1), group + 1);
            // who is alone has nobody to be compared with
            if range.len() == 1 && shorter.is_empty() && longer.is_empty() {
                continue;
            }
            for start in range.clone().step_by(ROWS_AT_ONCE) {
                let rows = start..range.end.min(start + ROWS_AT_ONCE);
                works.push((rows, [shorter.clone(), range.clone(), longer.clone()]));
            }
        }
        works
    }

    /// Those of some rows that are almost the same as an earlier one in these groups, each with the first such.
    fn alike(&self, rows: Range<usize>, groups: [Range<usize>; 3]) -> impl Iterator<Item = (usize, usize)> {
        rows.filter_map(move |place| {
            let row = self.places[place].row();
            let name = LazyCell::new(|| self.name(row));
            let first = groups.iter().filter_map(|group| self.first_alike(place, &name, group.clone())).min()?;
            Some((row, first))
        })
    }

    /// The first row of a group before the row of a place that is almost the same.
    fn first_alike(
        &self,
        place: usize,
        name: &LazyCell<Name, impl FnOnce() -> Name>,
        group: Range<usize>,
    ) -> Option<usize> {
        let row = self.places[place].row();
        let earlier = group.start + self.places[group.clone()].partition_point(|other| other.row() < row);
        let looked_at = group.start.max(earlier.saturating_sub(LOOKED_AT))..earlier;
        let may_be = looked_at.filter(|other| may_be_almost(self.odd[place], self.odd[*other]));
        let mut rows = may_be.take(COMPARED).map(|other| self.places[other].row());
        rows.find(|other| name.is_almost(&self.name(*other)))
    }

    fn name(&self, row: usize) -> Name {
        Name::new(self.insured.name.get(row))
    }
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
        if self.words.len() != other.words.len() || !WORDS.contains(&self.words.len()) {
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
    use crate::roster::prints::Prints;

    fn roster(persons: &[(&str, Date)]) -> Insured {
        let mut insured = Insured::default();
        for ((name, birth_date), row) in persons.iter().zip(2..) {
            let person = Person { row, name, birth_date: Some(*birth_date), ..Person::default() };
            insured.push(0, &person, Prints::of(name, "", &mut Vec::new()));
        }
        insured
    }

    const BORN: Date = date(1981, 12, 31);

    /// Who is alike whom of these, all born on one day.
    fn alike_of(names: &[&str]) -> Vec<(usize, usize)> {
        let persons: Vec<(&str, Date)> = names.iter().map(|name| (*name, BORN)).collect();
        find(&roster(&persons), &vec![false; names.len()])
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
        assert_eq!(find(&insured, &[false; 6]), [(4, 0), (5, 0)]);
        assert_eq!(find(&insured, &[false, false, false, false, true, false]), [(5, 0)]);
    }

    #[test]
    fn names_of_three_words_are_compared_and_lone_surnames_are_not() {
        assert_eq!(alike_of(&["Иванова Анна Петровна", "Иванова Анна Петровано"]), []);
        assert_eq!(alike_of(&["Иванова Анна Петровна", "Иванова Анна Петровнв"]), [(1, 0)]);
        assert_eq!(alike_of(&["Иванова", "Ивановв"]), []);
        assert_eq!(alike_of(&["Иванова Анна", "Иванова Аннна"]), [(1, 0)], "one letter more");
        assert_eq!(alike_of(&["Иванова Аннна", "Иванова Анна"]), [(1, 0)], "one letter less");
    }

    #[test]
    fn a_text_of_many_words_is_no_name() {
        let words = |count: usize| (0..count).map(|word| format!("Имя{word}")).collect::<Vec<_>>();
        let alike = |count: usize| {
            let (there, back) = (words(count).join(" "), words(count).into_iter().rev().collect::<Vec<_>>().join(" "));
            alike_of(&[&there, &back])
        };
        assert_eq!(alike(WORDS.end - 1), [(1, 0)]);
        assert_eq!(alike(WORDS.end), []);
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
        assert_eq!(find(&insured, &vec![false; insured.len()]), [(persons.len() - 1, 0)]);
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
