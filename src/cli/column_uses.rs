//! What each column of the tables that were read is used for: a table on the screen, and rows of an answer.

use std::fmt::Write as _;

use crate::base::diagnostic::column_letters;
use crate::base::messages::Message;
use crate::cli::answer::answer;
use crate::cli::screen::Screen;
use crate::table::layout::{ColumnUse, Layout};
use crate::table::tables::{Sheet, Tables};

answer! {
    pub struct UsedColumn {
        /// File.
        file: String,
        /// Sheet; empty for a text.
        sheet: String,
        /// Letters of the column, such as `B`.
        column: String,
        /// Heading as it stands in the table.
        heading: String,
        /// `used`, `known` (not needed), `ignored` (by the contract) or `unclaimed` (not recognised).
        outcome: String,
        /// Field that the column holds, such as `birth_date`.
        field: Option<String>,
    }
}

/// Every column with a heading, in the order of the tables.
pub fn used_columns(tables: &Tables) -> Vec<UsedColumn> {
    let of_sheet = |sheet: &Sheet| -> Vec<UsedColumn> {
        let column = |(column, used, heading): (usize, ColumnUse, String)| UsedColumn {
            file: sheet.file.clone(),
            sheet: sheet.name.clone(),
            column: letters(column),
            heading,
            outcome: outcome(used).to_owned(),
            field: field(used).map(str::to_owned),
        };
        sheet.layout.iter().flat_map(columns).map(column).collect()
    };
    tables.sheets.iter().flat_map(of_sheet).collect()
}

/// A table for each sheet: column, heading, what it is used for.
pub fn column_tables(tables: &Tables, screen: &Screen) -> String {
    let mut text = String::new();
    for sheet in &tables.sheets {
        let Some(layout) = &sheet.layout else { continue };
        let title = Message::new("columns-of").with("sheet", sheet.display_name());
        let title = title.with("row", layout.header_row.to_string());
        let rows = columns(layout).map(|(column, used, heading)| {
            let outcome = screen.render(&Message::new(match used {
                ColumnUse::Field(_) => "column-used",
                ColumnUse::Known | ColumnUse::Remark | ColumnUse::Conditional(_) => "column-known",
                ColumnUse::Ignored => "column-ignored",
                ColumnUse::Unclaimed => "column-unclaimed",
            }));
            let outcome = field(used).map_or(outcome.clone(), |field| format!("{outcome}: {field}"));
            [letters(column), heading, outcome]
        });
        let table = screen.table(["column-letters", "column-heading", "column-outcome"], rows.collect(), 3);
        let _ = write!(text, "{}\n{table}", screen.render(&title));
    }
    text
}

/// The columns of a table that have a heading or hold a field.
fn columns(layout: &Layout) -> impl Iterator<Item = (usize, ColumnUse, String)> + '_ {
    layout.uses().iter().enumerate().filter_map(|(column, used)| {
        let heading = layout.headings.get(column).map_or("", String::as_str);
        Some((column, (*used)?, heading.split_whitespace().collect::<Vec<_>>().join(" ")))
    })
}

fn letters(column: usize) -> String {
    column_letters(u32::try_from(column).unwrap_or(u32::MAX))
}

const fn outcome(used: ColumnUse) -> &'static str {
    match used {
        ColumnUse::Field(_) => "used",
        ColumnUse::Known | ColumnUse::Remark | ColumnUse::Conditional(_) => "known",
        ColumnUse::Ignored => "ignored",
        ColumnUse::Unclaimed => "unclaimed",
    }
}

const fn field(used: ColumnUse) -> Option<&'static str> {
    if let ColumnUse::Field(field) = used { Some(field.name) } else { None }
}
