//! Almost the same person twice: one birth date, and names that differ by a letter or by the order of their words.

use jiff::civil::Date;
use rayon::prelude::*;

use super::insured::Insured;
use super::text::{folded, word_prints};

/// So many of those who share a birth date and all words of the name but one are compared with each other: a roster with
/// one made-up birth date for everybody is not to take all day.
const COMPARED: usize = 64;

/// Every insured with almost the name and the very birth date of an earlier one, with that one; whoever is `repeated` is
/// left out.
pub fn find(insured: &Insured, repeated: &[bool]) -> Vec<(usize, usize)> {
    let born = |at: usize| insured.birth_date[at].filter(|_| !repeated[at] && insured.name_print[at] != 0);
    let mut by_birth: Vec<(Date, usize)> = (0..insured.len()).filter_map(|at| Some((born(at)?, at))).collect();
    by_birth.par_sort_unstable();
    let groups: Vec<&[(Date, usize)]> = by_birth.chunk_by(|left, right| left.0 == right.0).collect();
    groups.par_iter().filter(|group| group.len() > 1).flat_map_iter(|group| alike(insured, group)).collect()
}

/// Among those born on one day, each who has almost the name of an earlier one, with that one.
///
/// Names that are almost the same have all words in common but one, so that only those are compared whose words but one have
/// one fingerprint.
fn alike(insured: &Insured, group: &[(Date, usize)]) -> Vec<(usize, usize)> {
    let (mut keys, mut words) = (Vec::new(), Vec::new());
    for (_, at) in group {
        word_prints(insured.name.get(*at), &mut words);
        if words.len() > 1 {
            let all = words.iter().fold(0_u64, |all, word| all.wrapping_add(*word));
            keys.extend(words.iter().map(|word| (all.wrapping_sub(*word), *at)));
        }
    }
    keys.sort_unstable();
    keys.dedup();
    let mut pairs = Vec::new();
    for run in keys.chunk_by(|left, right| left.0 == right.0).filter(|run| run.len() > 1) {
        let names: Vec<Name> = run.iter().map(|(_, at)| Name::new(insured.name.get(*at))).collect();
        for (place, name) in names.iter().enumerate() {
            let mut earlier = place.saturating_sub(COMPARED)..place;
            if let Some(first) = earlier.find(|earlier| name.is_almost(&names[*earlier])) {
                pairs.push((run[place].1, run[first].1));
            }
        }
    }
    // of several that are alike the first
    pairs.sort_unstable();
    pairs.dedup_by_key(|(at, _)| *at);
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
    use super::*;

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
