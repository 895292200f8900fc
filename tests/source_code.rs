//! Rust sources in tokens, for the tests that check the project's own code.

use std::path::{Path, PathBuf};

use crate::program::project;

/// A `.rs` file of the project.
pub struct Source {
    /// Its path, from the folder of the project on.
    pub path: PathBuf,
    /// Words, marks and text literals, in order; comments, blanks and character literals are left out.
    pub tokens: Vec<Token>,
    /// The lines of doc comments, in order.
    pub doc_lines: Vec<DocLine>,
}

/// A word, a mark or a text literal of a source.
#[derive(Debug, PartialEq)]
pub struct Token {
    /// The number of its line, from 1.
    pub line: usize,
    /// The word or mark, or the text between the double quotes as written.
    pub text: String,
    /// Whether it is a text literal.
    pub is_literal: bool,
}

/// A line of a doc comment.
#[derive(Debug, PartialEq)]
pub struct DocLine {
    /// The number of the line, from 1.
    pub line: usize,
    /// The text after the marks of the comment.
    pub text: String,
}

impl Token {
    /// Whether it is this word or mark.
    pub fn is(&self, text: &str) -> bool {
        !self.is_literal && self.text == text
    }

    /// The text of a literal.
    pub fn literal(&self) -> Option<&str> {
        self.is_literal.then_some(&*self.text)
    }

    /// The name, where it is an identifier or a keyword.
    pub fn identifier(&self) -> Option<&str> {
        let is_name = self.text.starts_with(|first: char| first.is_alphabetic() || first == '_');
        (is_name && !self.is_literal).then_some(&*self.text)
    }
}

/// Every source in a folder of the project and below, in the order of paths.
pub fn sources_in(folder: &str) -> Vec<Source> {
    let mut paths = Vec::new();
    collect_rust_files(&project().join(folder), &mut paths);
    assert!(!paths.is_empty(), "no sources in {folder}");
    paths.sort();
    paths.iter().map(|path| Source::open(path)).collect()
}

fn collect_rust_files(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect_rust_files(&path, paths);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            paths.push(path);
        }
    }
}

impl Source {
    fn open(path: &Path) -> Self {
        let text = std::fs::read_to_string(path).unwrap_or_else(|fault| panic!("{}: {fault}", path.display()));
        Self::parse(path.strip_prefix(project()).unwrap(), &text)
    }

    /// Splits the text of a source into tokens.
    pub fn parse(path: &Path, text: &str) -> Self {
        let mut source = Self { path: path.to_owned(), tokens: Vec::new(), doc_lines: Vec::new() };
        let (mut rest, mut line) = (text, 1);
        while !rest.is_empty() {
            let (length, piece) = first_piece(rest);
            match piece {
                Piece::Nothing => {}
                Piece::Word(text) => source.tokens.push(Token { line, text: text.to_owned(), is_literal: false }),
                Piece::Literal(text) => source.tokens.push(Token { line, text: text.to_owned(), is_literal: true }),
                Piece::Doc(text) => {
                    let lines = text.lines().zip(line..);
                    source.doc_lines.extend(lines.map(|(text, line)| DocLine { line, text: text.to_owned() }));
                }
            }
            line += rest[..length].matches('\n').count();
            rest = &rest[length..];
        }
        source
    }

    /// Every text literal.
    pub fn literals(&self) -> impl Iterator<Item = &str> {
        self.tokens.iter().filter_map(Token::literal)
    }
}

/// What the head of a text is.
enum Piece<'t> {
    /// Blanks, a plain comment, or a character literal.
    Nothing,
    Word(&'t str),
    Literal(&'t str),
    Doc(&'t str),
}

/// The first piece of a text that is not empty, and its length in bytes.
fn first_piece(text: &str) -> (usize, Piece<'_>) {
    let until = |from: usize, end: &str| text[from..].find(end).map_or(text.len(), |at| from + at + end.len());
    if text.starts_with("//") {
        let end = until(0, "\n");
        let doc = text[..end].strip_prefix("///").or_else(|| text[..end].strip_prefix("//!"));
        return (end, doc.map_or(Piece::Nothing, Piece::Doc));
    }
    if text.starts_with("/*") {
        let end = until(2, "*/");
        let doc = text[..end].strip_prefix("/**").or_else(|| text[..end].strip_prefix("/*!"));
        return (end, doc.map_or(Piece::Nothing, Piece::Doc));
    }
    if let Some(inside) = text.strip_prefix('"') {
        let mut is_escaped = false;
        let closes = |letter: char| {
            let ends = letter == '"' && !is_escaped;
            is_escaped = letter == '\\' && !is_escaped;
            ends
        };
        let end = inside.find(closes).unwrap_or(inside.len());
        return (text.len().min(end + 2), Piece::Literal(&inside[..end]));
    }
    if let Some(raw) = text.strip_prefix("br").or_else(|| text.strip_prefix('r')) {
        let marks = raw.len() - raw.trim_start_matches('#').len();
        if raw[marks..].starts_with('"') {
            let begin = text.len() - raw.len() + marks + 1;
            let end = until(begin, &format!("\"{}", "#".repeat(marks)));
            return (end, Piece::Literal(&text[begin..end - marks - 1]));
        }
    }
    if let Some(quoted) = text.strip_prefix('\'') {
        // an escaped character with the rest of its escape, one character, or a lifetime
        if quoted.starts_with('\\') {
            return (until(3, "'"), Piece::Nothing);
        }
        let letter = quoted.chars().next().map_or(0, char::len_utf8);
        return (if quoted[letter..].starts_with('\'') { letter + 2 } else { 1 }, Piece::Nothing);
    }
    let first = text.chars().next().map_or(0, char::len_utf8);
    let word = text.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(text.len());
    let length = word.max(first);
    (length, if text[..length].trim().is_empty() { Piece::Nothing } else { Piece::Word(&text[..length]) })
}

#[test]
fn a_source_is_split_as_rust_splits_it() {
    let text = r##"f("a\"b", r#"c"d"#); // "e"
/* "f" */ b'"' '\'' '"' 'g: "ж"
/// h "i"
j"##;
    let source = Source::parse(Path::new("a.rs"), text);
    let word = |line, text: &str| Token { line, text: text.to_owned(), is_literal: false };
    let literal = |line, text: &str| Token { line, text: text.to_owned(), is_literal: true };
    let tokens = [
        word(1, "f"),
        word(1, "("),
        literal(1, r#"a\"b"#),
        word(1, ","),
        literal(1, r#"c"d"#),
        word(1, ")"),
        word(1, ";"),
        word(2, "b"),
        word(2, "g"),
        word(2, ":"),
        literal(2, "ж"),
        word(4, "j"),
    ];
    assert_eq!(source.tokens, tokens);
    assert_eq!(source.doc_lines, [DocLine { line: 3, text: " h \"i\"".to_owned() }]);
}
