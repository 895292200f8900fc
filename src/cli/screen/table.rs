//! A text table whose numbers are never broken over lines.

use std::fmt::Write as _;

use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, LineStyle, Table, TableStyle, Width};
use textwrap::core::display_width;

use crate::cli::screen::terminal_text::{WIDTH, terminal_width, without_controls};

/// A column is never narrower than its longest word, or this many characters if the word is longer and has letters.
const LONGEST_WORD: usize = 20;
/// The spaces between two columns: the first number if the table fits, else the second.
const GAPS: [u16; 2] = [3, 2];

/// Formats a heading and rows for standard output, by the rules of [`format_table`]. On a terminal a table that does not fit becomes one line
/// a value, with an empty line between rows: the terminal would break the numbers of a wider table.
///
/// Every row has as many cells as the heading.
pub fn format_for_screen(heading: &[String], rows: &[Vec<String>], numbers_from: usize) -> String {
    match terminal_width() {
        Some(terminal) => format_for_terminal(heading, rows, numbers_from, terminal),
        None => format_table(heading, rows, numbers_from, WIDTH),
    }
}

fn format_for_terminal(heading: &[String], rows: &[Vec<String>], numbers_from: usize, terminal: u16) -> String {
    let table = format_table(heading, rows, numbers_from, terminal);
    if rows.is_empty() || table.lines().all(|line| display_width(line) <= usize::from(terminal)) {
        return table;
    }
    let label = heading.iter().map(|label| display_width(label)).max().unwrap_or_default();
    let mut text = String::new();
    for row in rows {
        if !text.is_empty() {
            text.push('\n');
        }
        for (name, value) in heading.iter().zip(row).filter(|(_, value)| !value.is_empty()) {
            let pad = " ".repeat(label - display_width(name));
            let _ = writeln!(text, " {name}{pad}  {}", without_controls(value).replace('\n', " "));
        }
    }
    text
}

/// Formats a heading and rows as a table; the columns from `numbers_from` on are aligned to the right.
///
/// A table wider than `screen` characters is narrowed by wrapping texts between words, the widest column first, and by smaller gaps. If that is not
/// enough the table stays wider than the screen.
fn format_table(heading: &[String], rows: &[Vec<String>], numbers_from: usize, screen: u16) -> String {
    // control characters would count in the width
    let without_controls = |row: &Vec<String>| row.iter().map(|cell| without_controls(cell).into_owned()).collect();
    let rows: Vec<Vec<String>> = rows.iter().map(without_controls).collect();
    let (widths, gap) = widths(heading, &rows, numbers_from, screen);
    let mut table = Table::new();
    let line = LineStyle::none().fill('─').junction('─');
    table.load_style(TableStyle::new().header_separator(line)).set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(heading);
    table.add_rows(rows);
    for (column, width) in table.column_iter_mut().zip(widths) {
        // one space of the gap is the left padding, one the separator
        column.set_padding((1, gap - 2));
        let width = u16::try_from(width).unwrap_or(u16::MAX).saturating_add(column.padding_width());
        column.set_constraint(ColumnConstraint::Absolute(Width::Fixed(width)));
    }
    for column in table.column_iter_mut().skip(numbers_from) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    let mut text = String::new();
    for line in table.lines() {
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text
}

/// The width of each column, and the gap between two.
fn widths(heading: &[String], rows: &[Vec<String>], numbers_from: usize, screen: u16) -> (Vec<usize>, u16) {
    let count = heading.len();
    let widest = |column: usize| rows.iter().map(|row| display_width(&row[column])).max().unwrap_or_default();
    let least = |column: usize| {
        let of_heading = longest_word(&heading[column]);
        let of_rows = if column < numbers_from {
            rows.iter().map(|row| longest_word(&row[column])).max().unwrap_or_default()
        } else {
            widest(column)
        };
        of_heading.max(of_rows)
    };
    let least: Vec<usize> = (0..count).map(least).collect();
    // the last column has one space less
    let room = |gap: u16| usize::from(screen + 1).saturating_sub(count * usize::from(gap));
    let fits = |gap: &u16| least.iter().sum::<usize>() <= room(*gap);
    let gap = GAPS.into_iter().find(fits).unwrap_or(GAPS[1]);
    let room = room(gap);
    let full = |column: usize| widest(column).max(display_width(&heading[column]));
    let mut widths: Vec<usize> = (0..count).map(full).collect();
    while widths.iter().sum::<usize>() > room {
        let narrowed =
            (0..count).filter(|column| widths[*column] > least[*column]).max_by_key(|column| widths[*column]);
        let Some(column) = narrowed else { break };
        widths[column] -= 1;
    }
    // wrapped lines may be shorter than the column
    let needed = |column: usize| {
        let texts = rows.iter().map(|row| &row[column]).chain([&heading[column]]);
        texts.map(|text| longest_line(text, widths[column])).max().unwrap_or_default().max(least[column])
    };
    ((0..count).map(needed).collect(), gap)
}

/// The width of the longest line of a text wrapped between words.
fn longest_line(text: &str, width: usize) -> usize {
    let (mut longest, mut line) = (0, 0);
    for word in text.split(' ').map(display_width) {
        let longer = if line == 0 { word } else { line + 1 + word };
        line = if longer <= width { longer } else { word.min(width) };
        longest = longest.max(line);
    }
    longest
}

/// The width of the longest word; of a word with letters at most [`LONGEST_WORD`].
fn longest_word(text: &str) -> usize {
    let width = |word: &str| {
        let is_number = !word.contains(char::is_alphabetic);
        if is_number { display_width(word) } else { display_width(word).min(LONGEST_WORD) }
    };
    text.split(' ').map(width).max().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A table of rows of one length.
    fn table<const N: usize>(heading: [&str; N], rows: &[[&str; N]], numbers_from: usize, screen: u16) -> String {
        let owned = |row: &[&str; N]| row.map(str::to_owned).to_vec();
        format_table(&owned(&heading), &rows.iter().map(owned).collect::<Vec<_>>(), numbers_from, screen)
    }

    #[test]
    fn numbers_are_never_broken() {
        let amount = "100 000 000 000 000,00";
        let label = "Исключение «Госпитализация по плановым показаниям»: вариант Руководители";
        let heading = ["Диапазон", "По нижней, ₽", "По верхней, ₽", "Разница, ₽"];
        let shown = table(heading, &[[label, amount, amount, amount]], 1, WIDTH);
        assert_eq!(shown.matches(amount).count(), 3, "{shown}");
        assert!(shown.lines().all(|line| display_width(line) <= usize::from(WIDTH)), "{shown}");
        assert!(label.split(' ').all(|word| shown.contains(word)), "{shown}");
    }

    #[test]
    fn gaps_shrink_before_a_table_is_wider_than_the_screen() {
        // the longest word has 17 letters: 17 + 4 × 16 = 81 fit into 101 − 5 × 3; 17 + 4 × 18 = 89 fit only into 101 − 5 × 2
        let heading = ["Диапазон", "a", "b", "c", "d"];
        let first = |amount: &str| {
            let row = ["«Госпитализация», программа 2", amount, amount, amount, amount];
            table(heading, &[row], 1, WIDTH).lines().nth(2).unwrap().to_owned()
        };
        let wide = first("1 496 905 200,00");
        assert!(wide.contains("1 496 905 200,00   1 496 905 200,00"), "{wide}");
        let wider = first("149 690 520 000,00");
        assert!(wider.contains("149 690 520 000,00  149 690 520 000,00"), "{wider}");
        assert!(wider.chars().count() <= usize::from(WIDTH), "{wider}");
    }

    #[test]
    fn a_table_of_wide_numbers_is_wider_than_the_screen() {
        let amount = "100 000 000 000 000,00";
        let heading = ["Полоса", "a", "b", "c", "d", "e"];
        let shown = table(heading, &[["1000-4000", amount, amount, amount, amount, amount]], 1, WIDTH);
        assert_eq!(shown.matches(amount).count(), 5, "{shown}");
        assert!(shown.contains("1000-4000"), "{shown}");
    }

    #[test]
    fn a_terminal_shows_a_table_that_does_not_fit_value_by_value() {
        let owned = |row: [&str; 3]| row.map(str::to_owned).to_vec();
        let heading = owned(["Договор", "Срок", "Премия, ₽"]);
        let rows = ["DMS-1", "DMS-2"].map(|number| owned([number, "01.12.2026–30.11.2027", "1 496 905 200,00"]));
        let wide = format_for_terminal(&heading, &rows, 2, 60);
        assert_eq!(wide, format_table(&heading, &rows, 2, 60));
        let shown = format_for_terminal(&heading, &rows, 2, 40);
        let first = " Договор    DMS-1\n Срок       01.12.2026–30.11.2027\n Премия, ₽  1 496 905 200,00\n";
        assert_eq!(shown, format!("{first}\n{}", first.replace("DMS-1", "DMS-2")));
    }

    #[test]
    fn the_widest_text_column_is_narrowed_first() {
        let (long, short) = ("слово ".repeat(20), "слово ".repeat(5));
        let heading = ["Номер", "Страхователь", "Премия, ₽"];
        let shown = table(heading, &[[short.trim(), long.trim(), "1,00"]], 2, WIDTH);
        assert!(shown.contains(short.trim()), "{shown}");
        // of 92 the first has 29 and the premium 9: nine words fit into the other 54
        assert!(shown.lines().any(|line| line.contains(&"слово ".repeat(9))), "{shown}");
        assert!(shown.lines().all(|line| display_width(line) <= usize::from(WIDTH)), "{shown}");
    }

    #[test]
    fn no_number_is_broken_on_a_screen_of_80_characters() {
        let rows = ["1 496 905 200,00", "100 000 000 000 000,00", "1,00"]
            .map(|amount| ["Исключение «Госпитализация по плановым показаниям»", "0.80–0.85", amount, amount]);
        let heading = ["Диапазон", "Границы", "Премия, ₽", "Разница, ₽"];
        let shown = table(heading, &rows, 1, 80);
        for number in rows.iter().flat_map(|row| &row[1..]) {
            assert!(shown.lines().any(|line| line.contains(number)), "{number} in\n{shown}");
        }
        assert!(shown.lines().all(|line| display_width(line) <= 80), "{shown}");
    }
}
