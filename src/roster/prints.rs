//! Fingerprints of a row's name and id: those that are the same, or almost, are found by them among a million rows.

use std::hash::{DefaultHasher, Hash, Hasher};

use super::text::{pack, packed_letters};

/// What is known of a row's name and id without comparing them.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Prints {
    /// A fingerprint of the folded name; 0 where there is none.
    pub name: u64,
    /// The letters of the name.
    pub letters: Letters,
    /// A fingerprint of the folded id; 0 where there is none.
    pub id: u64,
}

impl Prints {
    /// The prints of a name and an id, either of which may be empty. `room` is used again and again.
    pub fn of(name: &str, id: &str, room: &mut Vec<u8>) -> Self {
        pack(id, room);
        let id = print(room);
        pack(name, room);
        Self { name: print(room), letters: Letters::of(room), id }
    }
}

/// A fingerprint of a packed text, never 0; 0 of an empty one.
///
/// Equal ones may be of different texts, but nobody can make many such texts: whoever finds equal ones compares the texts.
fn print(packed: &[u8]) -> u64 {
    if packed.is_empty() {
        return 0;
    }
    let mut hasher = DefaultHasher::new();
    packed.hash(&mut hasher);
    hasher.finish().max(1)
}

/// Which letters a folded name has, in whatever order.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Letters {
    /// Which of them come an odd number of times, a bit for several each.
    pub odd: u32,
    /// Their number, 255 of all that are longer.
    pub count: u8,
}

impl Letters {
    fn of(packed: &[u8]) -> Self {
        let mut letters = Self::default();
        for letter in packed_letters(packed) {
            letters.odd ^= 1 << (letter % u32::BITS);
            letters.count = letters.count.saturating_add(1);
        }
        letters
    }
}

/// Whether two names with these odd letters may have all letters in common but one, which the other has not or has another for.
pub const fn may_be_almost(one: u32, other: u32) -> bool {
    let differ = one ^ other;
    let but_one = differ & differ.wrapping_sub(1);
    but_one & but_one.wrapping_sub(1) == 0
}

#[cfg(test)]
mod tests {
    use super::super::text::folded;
    use super::*;

    fn prints(name: &str) -> Prints {
        Prints::of(name, "", &mut Vec::new())
    }

    #[test]
    fn prints_are_equal_where_folded_texts_are() {
        let texts = [
            "Иванов Пётр",
            "ИВАНОВ ПЕТР",
            "Иванов-Петр",
            "Ivanov",
            "Ивановпетр",
            "Ceмёнов",
            "Семенов",
            "Сем\u{a0}енов",
            "\u{80}",
            "\u{430}",
        ];
        for (one, other) in texts.iter().flat_map(|one| texts.iter().map(move |other| (one, other))) {
            assert_eq!(prints(one) == prints(other), folded(one) == folded(other), "{one} {other}");
            let by_id = |text: &str| Prints::of("", text, &mut Vec::new()).id;
            assert_eq!(by_id(one), prints(one).name);
        }
        assert_eq!(prints(""), Prints::default());
        assert_eq!(prints(" ").name, 0, "nothing is shown");
    }

    #[test]
    fn letters_of_names_that_differ_by_one_are_near() {
        for name in ["Иванова Наталья", "Ким О’Нил", "Әлия Ғани-Aa"] {
            let letters = prints(name).letters;
            let text: Vec<char> = name.chars().collect();
            assert_eq!(usize::from(letters.count), text.len() - 1);
            for at in 0..text.len() {
                let (head, rest) = (&text[..at], &text[at + 1..]);
                let with = |middle: &[char]| prints(&[head, middle, rest].concat().iter().collect::<String>()).letters;
                for other in [with(&[]), with(&['щ']), with(&['ә']), with(&[text[at], 'ж'])] {
                    assert!(may_be_almost(letters.odd, other.odd) && letters.count.abs_diff(other.count) <= 1);
                }
                let backwards: String = rest.iter().chain(head).chain([&text[at]]).collect();
                assert_eq!(prints(&backwards).letters, letters);
            }
        }
        assert!(!may_be_almost(prints("Иванова Наталья").letters.odd, prints("Петрова Ольга").letters.odd));
    }
}
