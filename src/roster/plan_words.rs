//! The words by which rosters name the plans of a contract: codes, names and aliases.

use crate::roster::spec::PlanSpec;
use crate::table::text::{folded, lowered};

/// The words of a contract's plans, each with the place of its plan.
#[derive(Debug)]
pub(super) struct PlanWords {
    words: Vec<PlanWord>,
}

#[derive(Debug)]
struct PlanWord {
    /// As the contract has it.
    exact: String,
    /// In lower case and without spaces.
    lowered: String,
    /// As `lowered`, and with Latin letters as the Cyrillic ones that they look like.
    folded: String,
    plan: u16,
}

/// What a word of a roster means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PlanReading {
    /// A plan, by its place in the contract.
    Plan(u16),
    /// One plan by the looks of a letter and another one by its place in the alphabet or its sound: «B» for «В» and «Б».
    Either(u16, u16),
    /// No plan.
    Unknown,
}

impl PlanWords {
    pub fn new(plans: &[PlanSpec]) -> Self {
        let words = plans.iter().zip(0..).flat_map(|(plan, place)| {
            let words = [&plan.code].into_iter().chain(&plan.name).chain(&plan.aliases);
            words.map(move |word| PlanWord {
                exact: word.clone(),
                lowered: lowered(word),
                folded: folded(word),
                plan: place,
            })
        });
        Self { words: words.collect() }
    }

    /// The plan that a word means.
    ///
    /// A word as the contract has it comes first, then one that differs in case or spaces. Letters of the other alphabet count where no
    /// second reading leads to another plan. A word that is none is looked up once more without quotes and without a word for what it is:
    /// «Вариант А».
    pub fn find(&self, word: &str) -> PlanReading {
        match self.find_as_written(word) {
            PlanReading::Unknown => self.find_as_written(bare_word(word)),
            found => found,
        }
    }

    fn find_as_written(&self, word: &str) -> PlanReading {
        if let Some(same) = self.words.iter().find(|known| known.exact == word) {
            return PlanReading::Plan(same.plan);
        }
        let key = lowered(word);
        if let Some(same) = self.words.iter().find(|known| known.lowered == key) {
            return PlanReading::Plan(same.plan);
        }
        let looks = folded(word);
        let Some(alike) = self.words.iter().find(|known| known.folded == looks).map(|known| known.plan) else {
            return PlanReading::Unknown;
        };
        let others = [replaced(&key, by_sound), replaced(&key, by_place)];
        let other = self.words.iter().find(|known| known.plan != alike && others.contains(&known.lowered));
        other.map_or(PlanReading::Plan(alike), |other| PlanReading::Either(alike, other.plan))
    }
}

/// The word without quotes, and without a word for what it is before it.
fn bare_word(word: &str) -> &str {
    const KINDS: [&str; 12] = [
        "вариант",
        "программа",
        "план",
        "пакет",
        "вар.",
        "прогр.",
        "№",
        "пр.",
        "plan",
        "option",
        "package",
        "programme",
    ];
    let is_quote = |letter: char| matches!(letter, '"' | '\'' | '«' | '»' | '“' | '”' | '„');
    let unquoted = word.trim_matches(is_quote).trim();
    let lower = unquoted.to_lowercase();
    let of_kind = |kind: &&str| {
        // the letters of these words have one length in both cases
        let rest = lower.strip_prefix(*kind).and_then(|rest| unquoted.get(unquoted.len() - rest.len()..))?;
        let is_apart = rest.starts_with(|letter: char| !letter.is_alphanumeric());
        let is_between = |letter: char| letter.is_whitespace() || matches!(letter, '№' | ':' | '-');
        (is_apart || kind.ends_with(['.', '№'])).then(|| rest.trim_matches(is_between))
    };
    let bare = KINDS.iter().find_map(of_kind).unwrap_or(unquoted);
    bare.trim_matches(is_quote).trim()
}

/// The word with its letters in the other alphabet.
fn replaced(word: &str, in_other_alphabet: impl Fn(char) -> Option<char>) -> String {
    word.chars().map(|letter| in_other_alphabet(letter).unwrap_or(letter)).collect()
}

const LATIN: &str = "abcdefghijklmnopqrstuvwxyz";
/// The letters that number lists in Russian: without ё and й.
const CYRILLIC: &str = "абвгдежзиклмнопрстуфхцчшщэюя";
/// Letters of the same sound.
const SOUNDS: [(char, char); 21] = [
    ('a', 'а'),
    ('b', 'б'),
    ('c', 'ц'),
    ('d', 'д'),
    ('e', 'е'),
    ('f', 'ф'),
    ('g', 'г'),
    ('h', 'х'),
    ('i', 'и'),
    ('k', 'к'),
    ('l', 'л'),
    ('m', 'м'),
    ('n', 'н'),
    ('o', 'о'),
    ('p', 'п'),
    ('r', 'р'),
    ('s', 'с'),
    ('t', 'т'),
    ('u', 'у'),
    ('v', 'в'),
    ('z', 'з'),
];

/// The letter at the same place of the other alphabet.
fn by_place(letter: char) -> Option<char> {
    let other = |from: &str, to: &str| to.chars().nth(from.chars().position(|known| known == letter)?);
    other(LATIN, CYRILLIC).or_else(|| other(CYRILLIC, LATIN))
}

/// The letter of the other alphabet with the same sound.
fn by_sound(letter: char) -> Option<char> {
    let pair = SOUNDS.iter().find(|(latin, cyrillic)| *latin == letter || *cyrillic == letter)?;
    Some(if pair.0 == letter { pair.1 } else { pair.0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(codes: &[&str]) -> PlanWords {
        let plan = |code: &&str| PlanSpec {
            code: (*code).to_owned(),
            name: None,
            aliases: Vec::new(),
            own_sum_insured: false,
        };
        PlanWords::new(&codes.iter().map(plan).collect::<Vec<_>>())
    }

    #[test]
    fn a_letter_of_the_other_alphabet_has_one_reading_or_two() {
        use PlanReading::{Either, Plan, Unknown};
        let table: &[(&[&str], &str, PlanReading)] = &[
            // Cyrillic codes, Latin words
            (&["А", "Б", "В"], "A", Plan(0)),
            (&["А", "Б", "В"], "B", Either(2, 1)),
            (&["А", "Б", "В"], "b", Either(2, 1)),
            (&["А", "Б", "В"], "C", Unknown),
            (&["А", "Б", "В"], "В", Plan(2)),
            (&["А", "Б", "В"], "в", Plan(2)),
            (&["А", "Е"], "E", Plan(1)),
            (&["Д", "Е"], "E", Either(1, 0)),
            (&["А", "В"], "B", Plan(1)),
            (&["А", "Б"], "B", Unknown),
            (&["П", "Р"], "P", Either(1, 0)),
            (&["Н", "Х"], "H", Either(0, 1)),
            (&["С", "Ц"], "C", Either(0, 1)),
            (&["В", "С"], "C", Either(1, 0)),
            (&["Б-1", "В-1"], "B-1", Either(1, 0)),
            // Latin codes, Cyrillic words
            (&["A", "B", "C"], "А", Plan(0)),
            (&["A", "B", "C"], "В", Either(1, 2)),
            (&["A", "B", "C"], "С", Plan(2)),
            (&["A", "B", "C"], "Б", Unknown),
            (&["B", "V"], "В", Either(0, 1)),
            (&["A", "B", "C"], "b", Plan(1)),
            // words of letters that both alphabets have
            (&["VIP", "Эконом"], "эконом", Plan(1)),
            (&["VIP", "Эконом"], "Экoнoм", Plan(1)),
            (&["А 1", "А 2"], "A1", Plan(0)),
        ];
        for (codes, word, expected) in table {
            assert_eq!(words(codes).find(word), *expected, "{word} of {codes:?}");
        }
    }

    #[test]
    fn quotes_and_a_word_for_what_it_is_change_nothing() {
        let words = words(&["А", "Б", "Вариант В", "Планета"]);
        for (word, plan) in [
            ("«А»", 0),
            ("\"Б\"", 1),
            ("Вариант А", 0),
            ("вариант «Б»", 1),
            ("Программа: А", 0),
            ("Пр.Б", 1),
            ("План № А", 0),
            ("Вариант - А", 0),
            ("План: «Б»", 1),
            ("'А'", 0),
            ("“А”", 0),
            ("„Б“", 1),
            ("Вариант В", 2),
            ("Планета", 3),
        ] {
            assert_eq!(words.find(word), PlanReading::Plan(plan), "{word}");
        }
        for word in ["", "План", "Варианта", "Планёрка", "«»", "Пакет Г"] {
            assert_eq!(words.find(word), PlanReading::Unknown, "{word}");
        }
    }

    #[test]
    fn names_and_aliases_are_other_words_for_a_plan() {
        let plan = |code: &str, name: Option<&str>, aliases: &[&str]| PlanSpec {
            code: code.to_owned(),
            name: name.map(str::to_owned),
            aliases: aliases.iter().map(|alias| (*alias).to_owned()).collect(),
            own_sum_insured: false,
        };
        let words = PlanWords::new(&[plan("А", Some("Сотрудники"), &["Офис", "VIP"]), plan("Б", None, &["Цех"])]);
        for (word, plan) in [("сотрудники", 0), ("ОФИС", 0), ("vip", 0), ("цех ", 1), ("Б", 1)] {
            assert_eq!(words.find(word), PlanReading::Plan(plan), "{word}");
        }
        assert_eq!(words.find("Склад"), PlanReading::Unknown);
    }
}
