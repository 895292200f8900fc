//! The words: whatever the sources say is there in both languages, and nothing is there that nobody says.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use kollektiv::base::messages::{Language, Message};
use kollektiv::base::money::Kopecks;

/// Functions that make a message of a name that they are given, each with its file.
const CARRIERS: [(&str, &str); 4] =
    [("error.rs", "named"), ("document.rs", "wrong_kind"), ("duplicate.rs", "diagnostic"), ("checked.rs", "words")];

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
fn every_message_of_the_sources_has_words() {
    let written = entries("ru");
    let written: BTreeSet<&str> = names(&written).into_iter().collect();
    let mut missing = BTreeSet::new();
    for source in sources() {
        let names = source.names();
        let unwritten = names.into_iter().filter(|name| !written.contains(name));
        missing.extend(unwritten.map(|name| format!("{}: {name}", source.path.display())));
    }
    assert!(missing.is_empty(), "no words for {missing:#?}");
}

#[test]
fn no_message_is_written_that_nobody_says() {
    let sources = sources();
    let mut known: BTreeSet<&str> = sources.iter().flat_map(Source::literals).collect();
    let written = entries("ru");
    known.extend(written.iter().flat_map(|entry| entry.references.iter().map(String::as_str)));
    for entry in &written {
        assert!(known.contains(&*entry.name), "nobody says `{}`", entry.name);
    }
}

#[test]
fn every_value_of_a_message_is_given_by_the_sources() {
    let sources = sources();
    let given: BTreeSet<&str> = sources.iter().flat_map(Source::values).collect();
    for entry in entries("ru") {
        for variable in &entry.variables {
            assert!(given.contains(&**variable), "nobody gives `${variable}` to `{}`", entry.name);
        }
    }
}

#[test]
fn every_message_can_be_said_of_any_count() {
    let written = entries("ru");
    let variables: BTreeSet<&'static str> =
        written.iter().flat_map(|entry| &entry.variables).map(|variable| &*variable.clone().leak()).collect();
    for entry in &written {
        let name: &'static str = entry.name.clone().leak();
        for count in [0_u64, 1, 2, 5, 21, 104] {
            let message = variables.iter().fold(Message::new(name), |message, variable| message.with(variable, count));
            for language in [Language::Ru, Language::En] {
                let text = language.say(&message);
                assert!(!text.trim().is_empty(), "{language}: {name} says nothing");
                assert!(!text.contains(['!', '{', '}']), "{language}: {name}: {text}");
            }
        }
    }
}

/// A message in a file of words.
struct Entry {
    name: String,
    /// The values that it shows or chooses by.
    variables: BTreeSet<String>,
    /// The messages that it holds.
    references: BTreeSet<String>,
}

/// The messages of a language's file, in order.
fn entries(language: &str) -> Vec<Entry> {
    let path = folder().join("words").join(language).with_extension("ftl");
    let mut entries: Vec<Entry> = Vec::new();
    for line in read(&path).lines().filter(|line| !line.starts_with('#')) {
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

/// The name at the head of a text; empty where there is none.
fn identifier(text: &str) -> &str {
    let end = text.find(|letter: char| !letter.is_ascii_alphanumeric() && !matches!(letter, '-' | '_'));
    &text[..end.unwrap_or(text.len())]
}

/// A file of the library or the program, in tokens.
struct Source {
    path: PathBuf,
    tokens: Vec<Token>,
}

/// A piece of a source; comments, blanks and letters in single quotes are none.
#[derive(Debug, PartialEq)]
enum Token {
    /// What stands between double quotes, as written.
    Literal(String),
    /// A word, or one mark.
    Other(String),
}

impl Token {
    fn is(&self, text: &str) -> bool {
        matches!(self, Self::Other(other) if other == text)
    }

    fn literal(&self) -> Option<&str> {
        match self {
            Self::Literal(text) => Some(text),
            Self::Other(_) => None,
        }
    }
}

impl Source {
    /// Every text in double quotes.
    fn literals(&self) -> impl Iterator<Item = &str> {
        self.tokens.iter().filter_map(Token::literal)
    }

    /// The names of messages that are surely meant as such.
    fn names(&self) -> Vec<&str> {
        let mut found = self.arguments(&["Message", ":", ":", "new", "("]);
        for (_, carrier) in CARRIERS.iter().filter(|(file, _)| self.path.ends_with(file)) {
            found.extend(self.arguments(&[carrier, "("]));
        }
        found
    }

    /// The names of values that are given to messages.
    fn values(&self) -> impl Iterator<Item = &str> {
        self.tokens.windows(3).filter(|run| run[0].is("with") && run[1].is("(")).filter_map(|run| run[2].literal())
    }

    /// The texts among the arguments of a call, but for those that something is compared with.
    fn arguments(&self, call: &[&str]) -> Vec<&str> {
        let mut found = Vec::new();
        for (place, run) in self.tokens.windows(call.len()).enumerate() {
            if !run.iter().zip(call).all(|(token, wanted)| token.is(wanted)) {
                continue;
            }
            let mut depth = 1;
            for pair in self.tokens[place + call.len() - 1..].windows(2) {
                match &pair[1] {
                    Token::Literal(text) if !pair[0].is("=") => found.push(text.as_str()),
                    token if token.is("(") => depth += 1,
                    token if token.is(")") => depth -= 1,
                    _ => {}
                }
                if depth == 0 {
                    break;
                }
            }
        }
        found
    }
}

/// Every file of `src`.
fn sources() -> Vec<Source> {
    let pattern = folder().join("**/*.rs");
    let paths = glob::glob(&pattern.to_string_lossy()).expect("a pattern");
    let read_in = |path: PathBuf| Source { tokens: tokens(&read(&path)), path };
    paths.map(|path| read_in(path.expect("a readable folder"))).collect()
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|fault| panic!("{}: {fault}", path.display()))
}

fn tokens(source: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = source;
    while !rest.is_empty() {
        let (length, token) = first_token(rest);
        tokens.extend(token);
        rest = &rest[length..];
    }
    tokens
}

/// The bytes of what stands at the head of a text that is not empty, and what it is.
fn first_token(text: &str) -> (usize, Option<Token>) {
    let until = |from: usize, end: &str| text[from..].find(end).map_or(text.len(), |at| from + at + end.len());
    let first = text.chars().next().map_or(0, char::len_utf8);
    if text.starts_with("//") {
        return (until(0, "\n"), None);
    }
    if text.starts_with("/*") {
        return (until(2, "*/"), None);
    }
    if let Some(inside) = text.strip_prefix('"') {
        let mut escaped = false;
        let closes = |letter: char| {
            let ends = letter == '"' && !escaped;
            escaped = letter == '\\' && !escaped;
            ends
        };
        let end = inside.find(closes).unwrap_or(inside.len());
        return (text.len().min(end + 2), Some(Token::Literal(inside[..end].to_owned())));
    }
    if let Some(raw) = text.strip_prefix("br").or_else(|| text.strip_prefix('r')) {
        let marks = raw.len() - raw.trim_start_matches('#').len();
        if raw[marks..].starts_with('"') {
            let begin = text.len() - raw.len() + marks + 1;
            let end = until(begin, &format!("\"{}", "#".repeat(marks)));
            return (end, Some(Token::Literal(text[begin..end - marks - 1].to_owned())));
        }
    }
    if let Some(quoted) = text.strip_prefix('\'') {
        // a backslash and what it escapes, then whatever else belongs to the letter; or one letter; or a lifetime
        if quoted.starts_with('\\') {
            return (until(3, "'"), None);
        }
        let letter = quoted.chars().next().map_or(0, char::len_utf8);
        return (if quoted[letter..].starts_with('\'') { letter + 2 } else { 1 }, None);
    }
    let word = text.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(text.len());
    let length = word.max(first);
    let shown = text[..length].trim();
    (length, (!shown.is_empty()).then(|| Token::Other(shown.to_owned())))
}

#[test]
fn sources_are_taken_apart_as_rust_is() {
    let literal = |text: &str| Token::Literal(text.to_owned());
    let other = |text: &str| Token::Other(text.to_owned());
    let source = r##"f("a\"b", r#"c"d"#); // "e"
/* "f" */ b'"' '\'' '"' 'g: "ж""##;
    let expected = [
        other("f"),
        other("("),
        literal(r#"a\"b"#),
        other(","),
        literal(r#"c"d"#),
        other(")"),
        other(";"),
        other("b"),
        other("g"),
        other(":"),
        literal("ж"),
    ];
    assert_eq!(tokens(source), expected);
}

#[test]
fn the_outlook_speaks_of_any_number_alike() {
    let said = |name, count: usize| {
        let message = Message::new(name).with("count", count).with("premium", Kopecks::new(100));
        Language::Ru.say(&message.with("last", "79"))
    };
    for name in ["outlook-past-programme", "outlook-past-tariff"] {
        for (count, insured) in [(1, "1 застрахованный "), (21, "21 застрахованный "), (5, "5 застрахованных ")]
        {
            let said = said(name, count);
            assert!(said.starts_with(insured) && said.contains("; премия сейчас"), "{said}");
        }
    }
}
