//! Every result on a narrow terminal: no line is wider, and no number is broken.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;

use crate::json_schemas::SESSIONS;
use crate::program::{PROGRAM, project};
use crate::terminal::Terminal;

/// Wide enough for every table.
const WIDE: u32 = 160;

/// What each session shows on a terminal of this width; none without a terminal.
fn lines_on_screen(columns: u32, language: &str) -> Option<Vec<String>> {
    let folder = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(project().join("samples"), folder.path().join("samples")).unwrap();
    let mut script = String::new();
    // the free room of a disk changes while others write
    let sessions: Vec<&str> = SESSIONS.iter().map(|(_, line, _)| *line).filter(|line| *line != "doctor").collect();
    for line in &sessions {
        writeln!(script, "{PROGRAM} {line} --lang {language} 2>/dev/null; echo; echo END").unwrap();
    }
    fs::write(folder.path().join("sessions"), script).unwrap();
    let terminal = Terminal::start("sh sessions", columns, folder.path(), [("NO_COLOR", "1")])?;
    let text = terminal.finish().replace('\r', "");
    let shown: Vec<String> = text.split("\nEND\n").map(str::to_owned).collect();
    assert_eq!(shown.len(), sessions.len() + 1, "{text}");
    Some(shown)
}

/// The different numbers, amounts, days and periods of a text: a broken one would be two others.
fn numbers(text: &str) -> BTreeSet<&str> {
    let is_part = |letter: char| letter.is_ascii_digit() || "\u{a0}\u{202f},.:–-".contains(letter);
    let found = text.split(|letter| !is_part(letter));
    let numbers = found.map(|part| part.trim_matches(|letter: char| !letter.is_ascii_digit()));
    numbers.filter(|part| !part.is_empty()).collect()
}

fn fits(language: &str) {
    let Some(wide) = lines_on_screen(WIDE, language) else { return };
    for columns in [80, 60] {
        let narrow = lines_on_screen(columns, language).expect("a terminal, as before");
        for (narrow, wide) in narrow.iter().zip(&wide) {
            assert_eq!(numbers(narrow), numbers(wide), "on {columns} columns\n{narrow}");
            for line in narrow.lines() {
                let is_one_word = !line.trim().contains(' ');
                assert!(line.chars().count() <= columns as usize || is_one_word, "{columns} columns: {line}\n{narrow}");
            }
        }
    }
}

#[test]
fn no_number_is_broken_and_no_line_wider_than_80_or_60_columns_in_russian() {
    fits("ru");
}

#[test]
fn no_number_is_broken_and_no_line_wider_than_80_or_60_columns_in_english() {
    fits("en");
}
