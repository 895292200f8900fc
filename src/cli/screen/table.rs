//! A table for people, in which a number is never broken.

use std::fmt::Write as _;

use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, LineStyle, Table, TableStyle, Width};
use textwrap::core::display_width;

use crate::cli::screen::{WIDTH, harmless};

/// A column is narrowed until a longer word than this would have to be broken.
const LONGEST_WORD: usize = 20;
/// So many spaces are between two columns: the first number, or the next where there is no room for it.
const GAPS: [u16; 2] = [3, 2];

/// A table for people: a heading, rows, the columns from `numbers_from` on set to the right.
///
/// Where it is too wide for the screen, what is no number is wrapped between words, the widest column first, and the columns move
/// together; where that is not enough, the table is wider than the screen.
pub fn table<const N: usize>(heading: [String; N], rows: Vec<[String; N]>, numbers_from: usize) -> String {
    // a letter that is not shown would be counted in the width
    let rows: Vec<[String; N]> = rows.into_iter().map(|row| row.map(|cell| harmless(&cell).into_owned())).collect();
    let (widths, gap) = widths(&heading, &rows, numbers_from);
    let mut table = Table::new();
    let line = LineStyle::none().fill('─').junction('─');
    table.load_style(TableStyle::new().header_separator(line)).set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(heading);
    table.add_rows(rows);
    for (column, width) in table.column_iter_mut().zip(widths) {
        // of a gap, one space is before a column, and one between the two
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

/// How wide the text of each column is, and how many spaces are between two.
fn widths<const N: usize>(heading: &[String; N], rows: &[[String; N]], numbers_from: usize) -> ([usize; N], u16) {
    let widest = |column: usize| rows.iter().map(|row| display_width(&row[column])).max().unwrap_or_default();
    let least: [usize; N] = std::array::from_fn(|column| {
        let of_heading = longest_word(&heading[column]);
        let of_rows = if column < numbers_from {
            rows.iter().map(|row| longest_word(&row[column])).max().unwrap_or_default()
        } else {
            widest(column)
        };
        of_heading.max(of_rows)
    });
    // after the last column there is a space less than between two
    let room = |gap: u16| usize::from(WIDTH + 1).saturating_sub(N * usize::from(gap));
    let fits = |gap: &u16| least.iter().sum::<usize>() <= room(*gap);
    let gap = GAPS.into_iter().find(fits).unwrap_or(GAPS[1]);
    let room = room(gap);
    let mut widths: [usize; N] = std::array::from_fn(|column| widest(column).max(display_width(&heading[column])));
    while widths.iter().sum::<usize>() > room {
        let narrowed = (0..N).filter(|column| widths[*column] > least[*column]).max_by_key(|column| widths[*column]);
        let Some(column) = narrowed else { break };
        widths[column] -= 1;
    }
    // lines that end before a long word may need less
    let needed = std::array::from_fn(|column| {
        let texts = rows.iter().map(|row| &row[column]).chain([&heading[column]]);
        texts.map(|text| longest_line(text, widths[column])).max().unwrap_or_default().max(least[column])
    });
    (needed, gap)
}

/// The width of the longest line of a text that is wrapped between words.
fn longest_line(text: &str, width: usize) -> usize {
    let (mut longest, mut line) = (0, 0);
    for word in text.split(' ').map(display_width) {
        let longer = if line == 0 { word } else { line + 1 + word };
        line = if longer <= width { longer } else { word.min(width) };
        longest = longest.max(line);
    }
    longest
}

/// The width of the longest word that is not broken.
fn longest_word(text: &str) -> usize {
    text.split(' ').map(display_width).max().unwrap_or_default().min(LONGEST_WORD)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_whole_however_little_room_there_is() {
        let amount = "100 000 000 000 000,00";
        let label = "Исключение «Госпитализация по плановым показаниям»: вариант Руководители";
        let shown = table(
            ["Диапазон", "По нижней, ₽", "По верхней, ₽", "Разница, ₽"].map(str::to_owned),
            vec![[label, amount, amount, amount].map(str::to_owned)],
            1,
        );
        assert_eq!(shown.matches(amount).count(), 3, "{shown}");
        assert!(shown.lines().all(|line| display_width(line) <= usize::from(WIDTH)), "{shown}");
        assert!(label.split(' ').all(|word| shown.contains(word)), "{shown}");
    }

    #[test]
    fn columns_move_together_before_a_table_is_wider_than_the_screen() {
        // the longest word has 17 letters: 17 + 4 × 16 = 81 of 101 − 5 × 3; 17 + 4 × 18 = 89 are too many, but not of 101 − 5 × 2
        let row = |amount: &str| ["«Госпитализация», программа 2", amount, amount, amount, amount].map(str::to_owned);
        let heading = ["Диапазон", "a", "b", "c", "d"].map(str::to_owned);
        let first = |amount: &str| table(heading.clone(), vec![row(amount)], 1).lines().nth(2).unwrap().to_owned();
        let wide = first("1 496 905 200,00");
        assert!(wide.contains("1 496 905 200,00   1 496 905 200,00"), "{wide}");
        let wider = first("149 690 520 000,00");
        assert!(wider.contains("149 690 520 000,00  149 690 520 000,00"), "{wider}");
        assert!(wider.chars().count() <= usize::from(WIDTH), "{wider}");
    }

    #[test]
    fn what_has_no_room_is_wider_than_the_screen_and_not_broken() {
        let amount = "100 000 000 000 000,00";
        let heading = ["Полоса", "a", "b", "c", "d", "e"].map(str::to_owned);
        let shown = table(heading, vec![["1000-4000", amount, amount, amount, amount, amount].map(str::to_owned)], 1);
        assert_eq!(shown.matches(amount).count(), 5, "{shown}");
        assert!(shown.contains("1000-4000"), "{shown}");
    }

    #[test]
    fn the_widest_of_several_columns_of_words_is_narrowed_first() {
        let (long, short) = ("слово ".repeat(20), "слово ".repeat(5));
        let shown = table(
            ["Номер", "Страхователь", "Премия, ₽"].map(str::to_owned),
            vec![[short.trim(), long.trim(), "1,00"].map(str::to_owned)],
            2,
        );
        assert!(shown.contains(short.trim()), "{shown}");
        // of 92 the first has 29 and the premium 9: nine words stand in the other 54
        assert!(shown.lines().any(|line| line.contains(&"слово ".repeat(9))), "{shown}");
        assert!(shown.lines().all(|line| display_width(line) <= usize::from(WIDTH)), "{shown}");
    }
}
