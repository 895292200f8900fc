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
    /// The numbers by their pieces, and the largest number of these.
    by_pieces: HashMap<Vec<String>, Vec<String>>,
    most_pieces: usize,
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
            let pieces: Vec<String> = pieces(&number).into_iter().map(|piece| piece.text).collect();
            index.most_pieces = index.most_pieces.max(pieces.len());
            index.by_pieces.entry(pieces).or_default().push(number.clone());
            index.by_words.entry(words.join(" ")).or_default().push(number);
        }
        index
    }

    /// The contract that a purpose of payment names.
    ///
    /// A number counts where its whole words occur, whatever their case, `ё` and look-alike letters of the other alphabet; one inside a longer
    /// one does not: `ДМС-1` is not in `ДМС-1/27`. Where none is found so, one with other marks between its letters and digits counts:
    /// `ДМС2026_0417от01.12.2026` names `ДМС-2026/0417`.
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
        if found.is_empty() {
            found = self.written_otherwise(purpose);
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

impl ContractNumbers {
    /// The numbers whose letters and digits follow each other in a text with other marks between them, or none. What stands beside them
    /// must not belong to the number: «от» may follow, and «N» or «№» precede.
    fn written_otherwise(&self, purpose: &str) -> BTreeSet<&String> {
        let pieces = pieces(purpose);
        let text: Vec<String> = pieces.iter().map(|piece| piece.text.clone()).collect();
        let mut found = BTreeSet::new();
        for first in (0..pieces.len()).filter(|first| pieces[*first].may_begin_a_number()) {
            let longest = self.most_pieces.min(pieces.len() - first);
            // a number of one piece has no other spelling
            for end in (2..=longest).map(|count| first + count) {
                let spellings = self.by_pieces.get(&text[first..end]);
                found.extend(
                    spellings.filter(|_| is_one_number(&pieces[first..end], pieces.get(end))).into_iter().flatten(),
                );
            }
        }
        found
    }
}

/// Whether pieces of a text are one number: nothing but a mark stands between them, and what follows does not belong to it.
fn is_one_number(pieces: &[Piece], next: Option<&Piece>) -> bool {
    // the pieces of a short number may be words of another meaning: «за ДМС - 1 квартал»
    const FEWEST_DIGITS: usize = 4;
    let digits = pieces.iter().flat_map(|piece| piece.text.bytes()).filter(u8::is_ascii_digit).count();
    let joins = |piece: &Piece| match piece.before {
        Before::Nothing | Before::Mark => true,
        Before::MarkAndSpaces => digits >= FEWEST_DIGITS,
        Before::Apart => false,
    };
    pieces[1..].iter().all(joins) && next.is_none_or(|next| next.is_apart() || next.text == "от")
}

/// Whether a purpose of payment names contracts in the plural: one of them may be none of the book.
#[must_use]
pub fn names_several(purpose: &str) -> bool {
    const PLURALS: [&str; 6] = ["договорам", "договоров", "договорами", "договорах", "контрактам", "contracts"];
    let is_plural = |word: &str| PLURALS.iter().any(|plural| folded(plural) == folded(word));
    purpose.split(|letter: char| !letter.is_alphanumeric()).any(is_plural)
}

/// Letters, or digits, that follow each other.
struct Piece {
    /// In the form for comparing.
    text: String,
    before: Before,
    /// Whether only the sign of a number stands right before it: `N15`, «№ДМС».
    follows_sign: bool,
}

/// What stands between a piece and the one before it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    Nothing,
    /// A hyphen, a stroke, a point or an underscore, without spaces.
    Mark,
    /// One of them but the point, with spaces.
    MarkAndSpaces,
    /// Anything else.
    Apart,
}

impl Piece {
    fn is_apart(&self) -> bool {
        matches!(self.before, Before::Apart | Before::MarkAndSpaces)
    }

    fn may_begin_a_number(&self) -> bool {
        self.is_apart() || self.follows_sign
    }
}

/// The letters and digits of a text, each kind for itself.
fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let (mut between, mut piece) = (String::from(" "), String::new());
    let is_mark = |letter: char| matches!(letter, '-' | '/' | '\\' | '_' | '.') || is_dash(letter);
    let finish = |pieces: &mut Vec<Piece>, between: &mut String, piece: &mut String| {
        if piece.is_empty() {
            return;
        }
        let marks = between.chars().filter(|letter| is_mark(*letter)).count();
        let has_others = between.chars().any(|letter| !is_mark(letter) && !letter.is_whitespace());
        let has_spaces = between.contains(char::is_whitespace);
        let is_digit = |text: &str| text.starts_with(|first: char| first.is_ascii_digit());
        let is_between_digits = is_digit(piece) && pieces.last().is_some_and(|last| is_digit(&last.text));
        let before = match (between.is_empty(), marks, has_others, has_spaces) {
            (true, ..) => Before::Nothing,
            // a point belongs to a number between digits alone: «дог.ДМС-1»
            (_, 1, false, false) if !between.contains('.') || is_between_digits => Before::Mark,
            (_, 1, false, true) if !between.contains('.') => Before::MarkAndSpaces,
            _ => Before::Apart,
        };
        // «N» before Cyrillic letters or digits is the sign of a number
        let is_sign = |last: &Piece| last.is_apart() && last.text == folded("N");
        let follows_sign = before == Before::Nothing && pieces.last().is_some_and(is_sign);
        pieces.push(Piece { text: folded(piece), before, follows_sign });
        between.clear();
        piece.clear();
    };
    let mut last: Option<char> = None;
    for letter in text.chars() {
        let goes_on = last.is_some_and(|last| is_same_kind(last, letter));
        if !goes_on {
            finish(&mut pieces, &mut between, &mut piece);
        }
        if letter.is_alphanumeric() {
            piece.push(letter);
            last = Some(letter);
        } else {
            between.push(letter);
            last = None;
        }
    }
    finish(&mut pieces, &mut between, &mut piece);
    pieces
}

/// Whether a letter or digit belongs to the piece of the one before it.
fn is_same_kind(last: char, next: char) -> bool {
    next.is_alphanumeric()
        && last.is_numeric() == next.is_numeric()
        // the sign N stands before a number
        && !(matches!(last, 'N' | 'n') && matches!(next, 'А'..='я' | 'Ё' | 'ё'))
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
    fn i51_a_number_is_found_with_other_marks() {
        let numbers = ["ДМС-2026/0417", "ДМС-1", "77.15"];
        for (purpose, expected) in [
            ("по дог.ДМС-2026/0417от01.12.2026", &["ДМС-2026/0417"][..]),
            ("по дог. NДМС-2026/0417 от 01.12.2026", &["ДМС-2026/0417"]),
            ("по дог. ДМС 2026/0417", &[]),
            ("по дог. ДМС-2026 / 0417", &["ДМС-2026/0417"]),
            ("по дог. ДМС_2026_0417", &["ДМС-2026/0417"]),
            ("по дог. ДМС2026-0417", &["ДМС-2026/0417"]),
            ("по дог. ДМС-2026/04171", &[]),
            ("по дог. ДМС-2026/0417/2", &[]),
            ("по дог. АДМС2026/0417", &[]),
            ("по дог. ДМС1", &["ДМС-1"]),
            ("за ДМС - 1 квартал", &[]),
            ("за ДМС 1 квартал", &[]),
            ("за ДМС. 1 взнос", &[]),
            ("ДМС1, ДМС2026/0417", &["ДМС-1", "ДМС-2026/0417"]),
        ] {
            assert_eq!(find(&numbers, purpose), expected, "{purpose}");
        }
        assert!(names_several("по договорам ДМС-1 и 2") && !names_several("по договору ДМС-1"));
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
