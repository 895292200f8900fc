//! Cells of names that hold several people.

use crate::table::free_text::is_patronymic;

/// Whether a text holds several people: names on both sides of a mark or of «и», or two patronymics.
#[must_use]
pub fn holds_several(text: &str) -> bool {
    const MARKS: [char; 6] = [',', ';', '+', '&', '/', '\n'];
    const AND: [&str; 3] = [" и ", " and ", " с "];
    let words = |part: &str| part.split_whitespace().filter(|word| word.starts_with(char::is_uppercase)).count();
    let both = |(left, right): (&str, &str), fewest_right: usize| words(left) >= 2 && words(right) >= fewest_right;
    let at_mark = || {
        text.char_indices().filter(|(_, letter)| MARKS.contains(letter)).any(|(at, mark)| {
            let sides = (&text[..at], &text[at + mark.len_utf8()..]);
            let is_suffix = sides.1.trim().ends_with('.');
            // a name may be wrapped, and a double surname may have a slash
            let fewest = if matches!(mark, '/' | '\n') { 2 } else { 1 };
            !is_suffix && both(sides, fewest) || mark == '+' && words(sides.0) >= 2
        })
    };
    let at_word = || AND.iter().any(|and| text.split_once(and).is_some_and(|sides| both(sides, 1)));
    let has_two_patronymics = || text.split_whitespace().skip(1).filter(|word| is_patronymic(word)).count() > 1;
    at_mark() || at_word() || has_two_patronymics()
}
