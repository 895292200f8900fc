//! The messages: every name in the sources has a text in both languages, and no text is unused.

use std::collections::BTreeSet;

use kollektiv::base::messages::{Language, Message};
use kollektiv::base::money::Kopecks;

use crate::program::project;
use crate::source_code::{Source, Token, sources_in};

/// Functions that make a message of a name in their arguments, each with its file.
const NAME_TAKERS: [(&str, &str); 3] =
    [("error.rs", "named"), ("toml_file.rs", "wrong_kind"), ("annotated_roster.rs", "words")];

#[test]
fn both_languages_have_the_same_messages_about_the_same_values() {
    let (russian, english) = (entries("ru"), entries("en"));
    assert_eq!(names(&russian), names(&english), "the same names in the same order");
    assert_eq!(names(&russian).len(), names(&russian).iter().collect::<BTreeSet<_>>().len(), "each name once");
    for (russian, english) in russian.iter().zip(&english) {
        assert_eq!(russian.variables, english.variables, "{}", russian.name);
        assert_eq!(russian.references, english.references, "{}", russian.name);
    }
}

#[test]
fn every_message_of_the_sources_has_a_text() {
    let entries = entries("ru");
    let known: BTreeSet<&str> = names(&entries).into_iter().collect();
    let mut missing = BTreeSet::new();
    for source in sources_in("src") {
        let names = message_names(&source);
        let unknown = names.into_iter().filter(|name| !known.contains(name.as_str()));
        missing.extend(unknown.map(|name| format!("{}: {name}", source.path.display())));
    }
    assert!(missing.is_empty(), "no text for {missing:#?}");
}

#[test]
fn every_message_is_used_by_the_sources() {
    let sources = sources_in("src");
    let of_enums: Vec<String> = sources.iter().flat_map(enum_messages).collect();
    let mut known: BTreeSet<&str> = sources.iter().flat_map(Source::literals).collect();
    let written = entries("ru");
    known.extend(of_enums.iter().map(String::as_str));
    known.extend(written.iter().flat_map(|entry| entry.references.iter().map(String::as_str)));
    for entry in &written {
        assert!(known.contains(&*entry.name), "`{}` is unused", entry.name);
    }
}

#[test]
fn every_value_of_a_message_is_given_by_the_sources() {
    let sources = sources_in("src");
    let given: BTreeSet<&str> = sources.iter().flat_map(value_names).collect();
    for entry in entries("ru") {
        for variable in &entry.variables {
            assert!(given.contains(&**variable), "no source gives `${variable}` to `{}`", entry.name);
        }
    }
}

#[test]
fn every_message_can_be_rendered_with_any_count() {
    let written = entries("ru");
    let variables: BTreeSet<&'static str> =
        written.iter().flat_map(|entry| &entry.variables).map(|variable| &*variable.clone().leak()).collect();
    for entry in &written {
        let name: &'static str = entry.name.clone().leak();
        for count in [0_u64, 1, 2, 5, 21, 104] {
            let message = variables.iter().fold(Message::new(name), |message, variable| message.with(variable, count));
            for language in [Language::Ru, Language::En] {
                let text = language.render(&message);
                assert!(!text.trim().is_empty(), "{language}: {name} is empty");
                assert!(!text.contains(['!', '{', '}']), "{language}: {name}: {text}");
            }
        }
    }
}

/// A message in a file of texts.
struct Entry {
    name: String,
    /// The values that it uses.
    variables: BTreeSet<String>,
    /// The messages that it includes.
    references: BTreeSet<String>,
}

/// The messages of a language's file, in order.
fn entries(language: &str) -> Vec<Entry> {
    let path = project().join("src/base/messages").join(language).with_extension("ftl");
    let mut entries: Vec<Entry> = Vec::new();
    for line in std::fs::read_to_string(path).unwrap().lines().filter(|line| !line.starts_with('#')) {
        let begins = line.starts_with(|letter: char| letter.is_ascii_alphabetic());
        let (name, body) = if begins { line.split_once('=').unwrap_or((line, "")) } else { ("", line) };
        if begins {
            let name = name.trim().to_owned();
            entries.push(Entry { name, variables: BTreeSet::new(), references: BTreeSet::new() });
        }
        let Some(entry) = entries.last_mut() else { continue };
        entry.variables.extend(body.split('$').skip(1).map(|rest| identifier(rest).to_owned()));
        let inside = body.split('{').skip(1).map(|rest| identifier(rest.trim_start()));
        entry.references.extend(
            inside.filter(|name| name.starts_with(|letter: char| letter.is_ascii_lowercase())).map(str::to_owned),
        );
    }
    entries
}

fn names(entries: &[Entry]) -> Vec<&str> {
    entries.iter().map(|entry| entry.name.as_str()).collect()
}

/// The name at the head of a text; empty if there is none.
fn identifier(text: &str) -> &str {
    let end = text.find(|letter: char| !letter.is_ascii_alphanumeric() && !matches!(letter, '-' | '_'));
    &text[..end.unwrap_or(text.len())]
}

/// The names in the calls that make messages: of `Message::new`, of the functions that take a name, and of enums with messages.
fn message_names(source: &Source) -> Vec<String> {
    let mut names = arguments(source, &["Message", ":", ":", "new", "("]);
    for (_, function) in NAME_TAKERS.iter().filter(|(file, _)| source.path.ends_with(file)) {
        names.extend(arguments(source, &[function, "("]));
    }
    names.into_iter().map(str::to_owned).chain(enum_messages(source)).collect()
}

/// The names of the messages of enums: the prefix after `messages`, and the word of each variant.
fn enum_messages(source: &Source) -> Vec<String> {
    let mut names = Vec::new();
    for (place, run) in source.tokens.windows(2).enumerate() {
        let Some(prefix) = run[1].literal().filter(|_| run[0].is("messages")) else { continue };
        let variants = source.tokens[place..].split(|token| token.is("}")).next().unwrap_or_default();
        let words = variants.windows(2).filter(|pair| pair[0].is("=")).filter_map(|pair| pair[1].literal());
        names.extend(words.map(|word| format!("{prefix}{word}")));
    }
    names
}

/// The names of the values that messages get.
fn value_names(source: &Source) -> impl Iterator<Item = &str> {
    let is_call = |run: &&[Token]| run[0].is("with") && run[1].is("(");
    source.tokens.windows(3).filter(is_call).filter_map(|run| run[2].literal())
}

/// The text literals among the arguments of a call, except those that follow `=`.
fn arguments<'s>(source: &'s Source, call: &[&str]) -> Vec<&'s str> {
    let mut found = Vec::new();
    for (place, run) in source.tokens.windows(call.len()).enumerate() {
        if !run.iter().zip(call).all(|(token, expected)| token.is(expected)) {
            continue;
        }
        let mut depth = 1;
        for pair in source.tokens[place + call.len() - 1..].windows(2) {
            match pair[1].literal() {
                Some(text) if !pair[0].is("=") => found.push(text),
                _ if pair[1].is("(") => depth += 1,
                _ if pair[1].is(")") => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                break;
            }
        }
    }
    found
}

#[test]
fn the_messages_of_the_outlook_agree_with_any_number() {
    let rendered = |name, count: usize| {
        let message = Message::new(name).with("count", count).with("premium", Kopecks::new(100));
        Language::Ru.render(&message.with("last", "79"))
    };
    for name in ["outlook-past-programme", "outlook-past-tariff"] {
        for (count, insured) in [(1, "1 застрахованный "), (21, "21 застрахованный "), (5, "5 застрахованных ")]
        {
            let rendered = rendered(name, count);
            assert!(rendered.starts_with(insured) && rendered.contains("; премия сейчас"), "{rendered}");
        }
    }
}
