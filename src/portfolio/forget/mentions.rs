//! The name of a person in free texts: notes, warnings, terms, names of files.

use crate::base::diagnostic::masked;
use crate::table::text::folded;

/// The forms in which texts name a person: the full name, and the surname with initials before or after it.
#[derive(Debug, Clone, Default)]
pub(super) struct Mentions {
    /// The words of each form, folded.
    forms: Vec<Vec<String>>,
    /// The full names as messages show them.
    masked: Vec<String>,
}

/// A word of a text: where it stands, and the word folded.
struct Word {
    start: usize,
    end: usize,
    folded: String,
}

impl Mentions {
    /// The forms of these names; a name of one word has none, because in texts it may mean other people.
    pub fn new<'n>(names: impl IntoIterator<Item = &'n str>) -> Self {
        let mut mentions = Self::default();
        for name in names {
            let words: Vec<String> = words(name).into_iter().map(|word| word.folded).collect();
            let Some((surname, given)) = words.split_first().filter(|(_, given)| !given.is_empty()) else { continue };
            let initials: Vec<String> = given.iter().map(|word| word.chars().take(1).collect()).collect();
            let surname = std::slice::from_ref(surname);
            mentions.forms.extend([words.clone(), [surname, &initials].concat(), [&initials, surname].concat()]);
            mentions.masked.push(masked(name));
        }
        // the longest form first, so that nothing of a name is left
        mentions.forms.sort_by_key(|form| std::cmp::Reverse(form.len()));
        mentions
    }

    /// Whether a text names the person.
    pub fn are_in(&self, text: &str) -> bool {
        self.replaced(text, "") != text
    }

    /// The text with another name in the place of every mention.
    pub fn replaced(&self, text: &str, name: &str) -> String {
        let words = words(text);
        let (mut replaced, mut copied, mut at) = (String::with_capacity(text.len()), 0, 0);
        while at < words.len() {
            let found = self.forms.iter().find(|form| begins_with(&words[at..], form, text));
            let Some(form) = found else {
                at += 1;
                continue;
            };
            let last = &words[at + form.len() - 1];
            replaced.push_str(&text[copied..words[at].start]);
            replaced.push_str(name);
            copied = last.end;
            if last.folded.chars().count() == 1 && text[copied..].starts_with('.') {
                copied += 1;
            }
            at += form.len();
        }
        replaced.push_str(&text[copied..]);
        self.masked.iter().fold(replaced, |text, shown| text.replace(shown, name))
    }
}

/// Whether words begin with those of a form, close together.
fn begins_with(words: &[Word], form: &[String], text: &str) -> bool {
    const BETWEEN: usize = 3;
    let are_close = |pair: &[Word]| {
        let between = &text[pair[0].end..pair[1].start];
        between.chars().count() <= BETWEEN && !between.contains(['\n', ',', ';'])
    };
    words.len() >= form.len()
        && words.iter().zip(form).all(|(word, wanted)| word.folded == *wanted)
        && words[..form.len()].windows(2).all(are_close)
}

/// The words of a text: letters and digits, and hyphens inside them.
fn words(text: &str) -> Vec<Word> {
    let is_inside = |letter: char| letter.is_alphanumeric() || letter == '-' || matches!(letter, '\u{300}'..='\u{36f}');
    let mut words = Vec::new();
    let mut start = None;
    for (at, letter) in text.char_indices().chain([(text.len(), ' ')]) {
        match (start, is_inside(letter)) {
            (None, true) => start = Some(at),
            (Some(first), false) => {
                words.push(Word { start: first, end: at, folded: folded(&text[first..at]) });
                start = None;
            }
            _ => {}
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_of_a_name_are_found_and_other_words_stay() {
        let mentions = Mentions::new(["Соколова-Мирная Алёна Игоревна"]);
        for (text, expected) in [
            ("исключить Соколову, см. СОКОЛОВА-МИРНАЯ  АЛЕНА ИГОРЕВНА.", "исключить Соколову, см. №."),
            ("Соколова-Мирная А.И., с 1 мая", "№, с 1 мая"),
            ("А. И. Соколова-Мирная", "№"),
            ("соколова-мирная_алена_игоревна.xlsx", "№.xlsx"),
            ("строка 7: С*******-М***** А**** И*******", "строка 7: №"),
            ("Соколова-Мирная Анна Игоревна", "Соколова-Мирная Анна Игоревна"),
            ("Соколова-Мирная\nАлёна Игоревна", "Соколова-Мирная\nАлёна Игоревна"),
        ] {
            assert_eq!(mentions.replaced(text, "№"), expected);
            assert_eq!(mentions.are_in(text), text != expected);
        }
    }

    #[test]
    fn a_name_of_one_word_is_found_nowhere() {
        assert!(!Mentions::new(["Мир"]).are_in("Мир вам"));
    }
}
