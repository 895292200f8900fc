//! The sheet that is added to a copy: a table of texts and counts.

use std::fmt::Write as _;

use crate::base::diagnostic::column_letters;
use crate::output::xlsx::cell_text;
use crate::output::xlsx::layout::row_height;
use crate::output::xlsx::own_workbook::style_book::{Look, StyleBook};
use crate::output::xlsx::xml::push_text;

/// A cell of the sheet.
#[derive(Debug, Clone)]
pub(crate) enum SummaryCell {
    /// Nothing.
    Blank,
    /// A text in a look; `None` is that of a cell without a format.
    Text(String, Option<Look>),
    /// A count.
    Count(usize),
}

/// The sheet: its columns' widths in letters, and its rows.
#[derive(Debug, Default)]
pub(crate) struct SummarySheet {
    pub name: String,
    pub widths: Vec<u32>,
    pub rows: Vec<Vec<SummaryCell>>,
}

impl SummarySheet {
    /// The texts of a row that are broken into lines, each with the width of its column.
    pub fn wrapped<'t>(&self, row: &'t [SummaryCell]) -> Vec<(&'t str, usize)> {
        let cells = row.iter().zip(&self.widths);
        let wrapped = cells.filter_map(|(cell, width)| match cell {
            SummaryCell::Text(text, Some(Look::Heading | Look::Wrapped)) => Some((text.as_str(), *width as usize)),
            _ => None,
        });
        wrapped.collect()
    }

    /// The part of the sheet; `None` where the workbook has no room for its looks.
    pub fn part(&self, styles: &mut StyleBook) -> Option<String> {
        let mut xml = String::from(
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
             <worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetPr><pageSetUpPr fitToPage=\"1\"/></sheetPr>\
             <sheetFormatPr defaultRowHeight=\"15\"/><cols>",
        );
        for (number, width) in (1..).zip(&self.widths) {
            let _ = write!(xml, "<col min=\"{number}\" max=\"{number}\" width=\"{width}\" customWidth=\"1\"/>");
        }
        xml.push_str("</cols><sheetData>");
        for (number, row) in (1..).zip(&self.rows) {
            let height = row_height(&self.wrapped(row));
            let height = height.map(|points| format!(" ht=\"{points}\" customHeight=\"1\"")).unwrap_or_default();
            let _ = write!(xml, "<row r=\"{number}\"{height}>");
            for (column, cell) in (0..).zip(row) {
                let name = format!("{}{number}", column_letters(column));
                match cell {
                    SummaryCell::Blank => {}
                    SummaryCell::Count(count) => {
                        let format = styles.look(Look::Wrapped)?;
                        let _ = write!(xml, "<c r=\"{name}\" s=\"{format}\"><v>{count}</v></c>");
                    }
                    SummaryCell::Text(text, look) => {
                        let format = look.map_or(Some(0), |look| styles.look(look))?;
                        let mut escaped = Vec::new();
                        push_text(&cell_text(text), &mut escaped);
                        let escaped = String::from_utf8(escaped).ok()?;
                        let _ = write!(
                            xml,
                            "<c r=\"{name}\" s=\"{format}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{escaped}</t></is></c>"
                        );
                    }
                }
            }
            xml.push_str("</row>");
        }
        xml.push_str(
            "</sheetData><pageMargins left=\"0.4\" right=\"0.4\" top=\"0.6\" bottom=\"0.6\" header=\"0.3\" footer=\"0.3\"/>\
             <pageSetup paperSize=\"9\" orientation=\"landscape\" fitToHeight=\"0\"/></worksheet>",
        );
        Some(xml)
    }
}
