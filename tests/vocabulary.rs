//! The words that `docs/glossary.md` bans are in no identifier and in no doc comment.

use std::collections::BTreeSet;

use crate::program::project;
use crate::source_code::{Source, sources_in};

/// The folders with Rust sources.
const FOLDERS: [&str; 4] = ["src", "tests", "benches", "samples"];

/// Names of functions that state no object, by the glossary's section on names.
const EMPTY_NAMES: [&str; 5] = ["of", "shown", "begin", "put", "turn"];

#[test]
fn no_identifier_and_no_doc_comment_has_a_banned_word() {
    let banned = banned_words();
    assert!(banned.len() > 20, "{banned:?}");
    let mut found = Vec::new();
    for source in FOLDERS.iter().flat_map(|folder| sources_in(folder)) {
        for (line, text) in words_in_use(&source) {
            let words = words_of(&text).join("_");
            let uses = |word: &&String| format!("_{words}_").contains(&format!("_{word}_"));
            found.extend(banned.iter().filter(uses).map(|word| format!("{}:{line}: {word}", source.path.display())));
        }
    }
    assert!(found.is_empty(), "{} banned words, see docs/glossary.md:\n{}", found.len(), found.join("\n"));
}

#[test]
fn no_function_of_the_sources_has_a_name_that_states_nothing() {
    let mut found = Vec::new();
    for source in sources_in("src") {
        for pair in source.tokens.windows(2).filter(|pair| pair[0].is("fn")) {
            if pair[1].identifier().is_some_and(|name| EMPTY_NAMES.contains(&name)) {
                found.push(format!("{}:{}: fn {}", source.path.display(), pair[1].line, pair[1].text));
            }
        }
    }
    assert!(found.is_empty(), "name the object too, see docs/glossary.md:\n{}", found.join("\n"));
}

/// The words in code marks at the heads of the list in the last section of the glossary.
fn banned_words() -> BTreeSet<String> {
    let text = std::fs::read_to_string(project().join("docs/glossary.md")).unwrap();
    let section = text.split_once("\n## Banned words\n").expect("a section `## Banned words`").1;
    section.lines().filter_map(|line| line.strip_prefix("- `")?.split('`').next().map(str::to_owned)).collect()
}

/// Each identifier and each line of a doc comment, without the code in it, with the number of its line.
fn words_in_use(source: &Source) -> impl Iterator<Item = (usize, String)> {
    let identifiers = source
        .tokens
        .iter()
        .filter_map(|token| Some((token.line, token.identifier()?.trim_start_matches("r#").to_owned())));
    let without_code = |text: &str| text.split('`').step_by(2).collect::<Vec<_>>().join(" ");
    identifiers.chain(source.doc_lines.iter().map(move |doc| (doc.line, without_code(&doc.text))))
}

/// The words of a text in small letters; `WordHash` and `word_hash` are two.
fn words_of(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_small = false;
    for letter in text.chars() {
        if !letter.is_alphanumeric() || letter.is_uppercase() && was_small {
            words.push(String::new());
        }
        if letter.is_alphanumeric() {
            words.last_mut().unwrap().extend(letter.to_lowercase());
        }
        was_small = letter.is_lowercase() || letter.is_numeric();
    }
    words.retain(|word| !word.is_empty());
    words
}

#[test]
fn a_name_is_split_into_its_words() {
    assert_eq!(words_of("WordHash"), ["word", "hash"]);
    assert_eq!(words_of("read_toml2"), ["read", "toml2"]);
    assert_eq!(words_of("Reads it, then stops."), ["reads", "it", "then", "stops"]);
}
