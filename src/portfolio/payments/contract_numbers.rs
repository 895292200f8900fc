//! The contract numbers of a book, found in the purposes of payments.

use std::collections::{BTreeSet, HashMap};

use crate::table::text::folded;

/// Every contract number of a book, by its words.
#[derive(Debug, Default)]
pub struct ContractNumbers {
    /// The numbers by their words in the form for comparing, joined by a space; several where they differ only in spelling.
    by_words: HashMap<String, Vec<String>>,
    /// The largest number of words of a number.
    most_words: usize,
}

/// What a purpose of payment names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NamedContract {
    /// One contract.
    One(String),
    /// No contract of the book.
    None,
    /// Several, in the order of their numbers.
    Several(Vec<String>),
}

impl ContractNumbers {
    /// The numbers of a book.
    #[must_use]
    pub fn new(numbers: impl IntoIterator<Item = String>) -> Self {
        let mut index = Self::default();
        for number in numbers {
            let words = words(&number);
            index.most_words = index.most_words.max(words.len());
            index.by_words.entry(words.join(" ")).or_default().push(number);
        }
        index
    }

    /// The contract that a purpose of payment names.
    ///
    /// A number counts where its whole words occur, whatever their case, `ё` and look-alike letters of the other alphabet; one inside a longer
    /// one does not: `ДМС-1` is not in `ДМС-1/27`.
    ///
    /// # Example
    ///
    /// ```
    /// use kollektiv::portfolio::payments::contract_numbers::{ContractNumbers, NamedContract};
    ///
    /// let numbers = ContractNumbers::new(["ДМС-1".to_owned(), "ДМС-1/27".to_owned()]);
    /// let named = numbers.find("Взнос по дог. № дмс-1/27 от 01.12.2026, без НДС");
    /// assert_eq!(named, NamedContract::One("ДМС-1/27".to_owned()));
    /// assert_eq!(numbers.find("ДМС-10"), NamedContract::None);
    /// ```
    #[must_use]
    pub fn find(&self, purpose: &str) -> NamedContract {
        let words = words(purpose);
        let mut found: BTreeSet<&String> = BTreeSet::new();
        let mut first = 0;
        while first < words.len() {
            let longest = self.most_words.min(words.len() - first);
            let at_first = (1..=longest).rev().find_map(|count| {
                let numbers = self.by_words.get(&words[first..first + count].join(" "))?;
                Some((count, numbers))
            });
            first += match at_first {
                Some((count, numbers)) => {
                    found.extend(numbers);
                    count
                }
                None => 1,
            };
        }
        let mut found: Vec<String> = found.into_iter().cloned().collect();
        match (found.pop(), found.is_empty()) {
            (None, _) => NamedContract::None,
            (Some(only), true) => NamedContract::One(only),
            (Some(last), false) => {
                found.push(last);
                NamedContract::Several(found)
            }
        }
    }
}

/// The words of a text in the form for comparing: letters and digits with the hyphens, strokes and underscores between them, and with the
/// points between digits.
fn words(text: &str) -> Vec<String> {
    let letters: Vec<char> = text.chars().map(|letter| if is_dash(letter) { '-' } else { letter }).collect();
    let joins = |at: usize| {
        let near = |at: Option<usize>, fits: fn(char) -> bool| {
            at.and_then(|at| letters.get(at)).is_some_and(|letter| fits(*letter))
        };
        let between = |fits: fn(char) -> bool| near(at.checked_sub(1), fits) && near(Some(at + 1), fits);
        match letters[at] {
            '-' | '/' | '\\' | '_' => between(char::is_alphanumeric),
            '.' => between(|letter| letter.is_ascii_digit()),
            letter => letter.is_alphanumeric(),
        }
    };
    let marked: String = (0..letters.len()).map(|at| if joins(at) { letters[at] } else { ' ' }).collect();
    marked.split_whitespace().map(folded).collect()
}

fn is_dash(letter: char) -> bool {
    matches!(letter, '\u{2010}'..='\u{2015}' | '\u{2212}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(numbers: &[&str], purpose: &str) -> Vec<String> {
        match ContractNumbers::new(numbers.iter().map(|number| (*number).to_owned())).find(purpose) {
            NamedContract::None => Vec::new(),
            NamedContract::One(number) => vec![number],
            NamedContract::Several(numbers) => numbers,
        }
    }

    #[test]
    fn i51_a_number_is_found_by_its_whole_words() {
        let numbers = ["ДМС-1", "ДМС-2", "ДМС 3/27", "77.15", "A-100"];
        for (purpose, expected) in [
            ("Оплата по договору ДМС-1 от 01.12.2026", &["ДМС-1"][..]),
            ("оплата по дог.№дмс–1. Без НДС", &["ДМС-1"]),
            ("договор -ДМС−1", &["ДМС-1"]),
            ("ДМС-11", &[]),
            ("ДМС-1-2", &[]),
            ("ДМС-1/1", &[]),
            ("сч.ДМС-1", &["ДМС-1"]),
            ("договор ДМС 3/27, взнос 2", &["ДМС 3/27"]),
            ("договор 3/27", &[]),
            ("по договору 77.15", &["77.15"]),
            ("от 77.15.2027", &[]),
            // Cyrillic А in the purpose, Latin in the book
            ("договор А-100", &["A-100"]),
            ("ДМС-1, ДМС-2", &["ДМС-1", "ДМС-2"]),
            ("ДМС-1; ещё раз ДМС-1", &["ДМС-1"]),
            ("", &[]),
        ] {
            assert_eq!(find(&numbers, purpose), expected, "{purpose}");
        }
    }

    #[test]
    fn i51_the_longest_number_wins() {
        let numbers = ["ДМС", "ДМС 12", "ДМС 12 А"];
        assert_eq!(find(&numbers, "договор ДМС 12 А"), ["ДМС 12 А"]);
        assert_eq!(find(&numbers, "договор ДМС 12 Б"), ["ДМС 12"]);
        assert_eq!(find(&["dmc-1", "ДМС-1"], "ДМС-1"), ["ДМС-1"]);
        assert_eq!(find(&["АВ-1", "AB-1"], "договор АВ-1"), ["AB-1", "АВ-1"], "two spellings in one book");
    }
}
