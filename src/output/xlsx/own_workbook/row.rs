//! A row of a copied sheet: its cells get the formats of their marks, and the reason stands in the margin.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::base::diagnostic::{Severity, column_letters};
use crate::output::xlsx::own_workbook::formula::Formulas;
use crate::output::xlsx::own_workbook::style_book::{Look, StyleBook};
use crate::output::xlsx::own_workbook::tag::{attributes, open_tag, tag_end, value};
use crate::output::xlsx::xml::push_text;
use crate::table::limits::{MAX_COLUMNS, MAX_ROWS};

/// The number of a row by its tag; `None` where it states none.
pub fn row_number(tag: &str) -> Option<u32> {
    let number = value(&attributes(tag)?, "r")?.parse().ok()?;
    (1..=MAX_ROWS).contains(&number).then_some(number)
}

/// What changes in a row.
pub struct RowEdit<'e> {
    /// The number of the row.
    pub number: u32,
    /// The marked cells by their columns, from 0.
    pub marks: BTreeMap<u32, Severity>,
    /// The column of the margin, where what stands there goes.
    pub margin: Option<u32>,
    /// The text in the margin.
    pub text: Option<&'e str>,
    /// The column whose format the text has, where it is a heading.
    pub heading_beside: Option<u32>,
}

/// A cell as it came.
struct Cell<'r> {
    column: u32,
    format: usize,
    attributes: Vec<(&'r str, &'r str)>,
    /// What stands between its tags; `None` where it is one tag.
    content: Option<&'r str>,
}

/// What changes in a column of a row.
#[derive(Debug, Clone, Copy)]
enum Change {
    Mark(Severity),
    Margin,
}

impl RowEdit<'_> {
    /// The row with its changes; `None` where it is not as nearly all programs write it.
    pub fn apply(&self, row: &str, formulas: &mut Formulas, styles: &mut StyleBook) -> Option<String> {
        let (end, is_empty) = tag_end(row.as_bytes())?;
        let content = if is_empty { "" } else { row[end + 1..].strip_suffix("</row>")? };
        let (cells, rest) = cells(content, self.number)?;
        let is_marked = !self.marks.is_empty() || self.text.is_some();
        // a row with a mistake is shown, and the columns that it spans may grow
        let without: &[&str] = if is_marked { &["spans", "hidden"] } else { &[] };
        let mut edited = open_tag("row", &attributes(&row[..=end])?, without);
        edited.push('>');
        let heading = self.heading_beside.and_then(|column| cells.iter().find(|cell| cell.column == column));
        let heading_format = heading.map(|cell| cell.format);
        // the margin takes the place of what stands in its column
        let mut changes: BTreeMap<u32, Change> =
            self.marks.iter().map(|(column, severity)| (*column, Change::Mark(*severity))).collect();
        changes.extend(self.margin.map(|column| (column, Change::Margin)));
        let mut changes = changes.into_iter().peekable();
        for cell in &cells {
            while let Some((column, change)) = changes.next_if(|(column, _)| *column < cell.column) {
                self.push_new(column, change, heading_format, &mut edited, styles)?;
            }
            let format = match changes.next_if(|(column, _)| *column == cell.column) {
                Some((column, Change::Margin)) => {
                    self.push_new(column, Change::Margin, heading_format, &mut edited, styles)?;
                    continue;
                }
                Some((_, Change::Mark(severity))) => styles.marked(cell.format, severity)?,
                None => cell.format,
            };
            edited.push_str(&open_tag("c", &cell.attributes, &["s"]));
            if format > 0 {
                let _ = write!(edited, " s=\"{format}\"");
            }
            match cell.content {
                None => edited.push_str("/>"),
                Some(content) => {
                    edited.push('>');
                    edited.push_str(&formulas.clean(content)?);
                    edited.push_str("</c>");
                }
            }
        }
        for (column, change) in changes {
            self.push_new(column, change, heading_format, &mut edited, styles)?;
        }
        edited.push_str(rest);
        edited.push_str("</row>");
        Some(edited)
    }

    /// Adds a cell that the row does not have.
    fn push_new(
        &self,
        column: u32,
        change: Change,
        heading_format: Option<usize>,
        row: &mut String,
        styles: &mut StyleBook,
    ) -> Option<()> {
        match change {
            Change::Mark(severity) => self.push_blank(column, severity, row, styles),
            Change::Margin => self.push_text(column, heading_format, row, styles),
        }
    }

    /// A marked cell that is empty.
    fn push_blank(&self, column: u32, severity: Severity, row: &mut String, styles: &mut StyleBook) -> Option<()> {
        let format = styles.marked(0, severity)?;
        let _ = write!(row, "<c r=\"{}{}\" s=\"{format}\"/>", column_letters(column), self.number);
        Some(())
    }

    /// The text in the margin, if there is one.
    fn push_text(
        &self,
        column: u32,
        heading_format: Option<usize>,
        row: &mut String,
        styles: &mut StyleBook,
    ) -> Option<()> {
        let Some(text) = self.text else { return Some(()) };
        let format = match (self.heading_beside, heading_format) {
            (Some(_), Some(format)) => format,
            (Some(_), None) => styles.look(Look::Heading)?,
            // not wrapped: a row keeps its height, and nothing stands to the right of the reasons
            (None, _) => 0,
        };
        let name = format!("{}{}", column_letters(column), self.number);
        let _ = write!(row, "<c r=\"{name}\" s=\"{format}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">");
        let mut escaped = Vec::new();
        push_text(text, &mut escaped);
        row.push_str(std::str::from_utf8(&escaped).ok()?);
        row.push_str("</t></is></c>");
        Some(())
    }
}

/// The cells of a row, and what follows them; `None` where they are not in order, or not as nearly all programs write them.
fn cells(content: &str, row: u32) -> Option<(Vec<Cell<'_>>, &str)> {
    let (mut cells, mut rest): (Vec<Cell<'_>>, _) = (Vec::new(), content);
    loop {
        rest = rest.trim_ascii_start();
        let is_cell = rest.starts_with("<c")
            && matches!(rest.as_bytes().get(2), Some(b' ' | b'\t' | b'\r' | b'\n' | b'/' | b'>'));
        if !is_cell {
            let is_known = rest.is_empty() || rest.starts_with("<extLst>");
            return is_known.then_some((cells, rest));
        }
        let (end, is_empty) = tag_end(rest.as_bytes())?;
        let attributes = attributes(&rest[..=end])?;
        let column = column_of(value(&attributes, "r")?, row)?;
        if cells.last().is_some_and(|before| before.column >= column) {
            return None;
        }
        let format = value(&attributes, "s").map_or(Some(0), |format| format.parse().ok())?;
        let content = if is_empty {
            rest = &rest[end + 1..];
            None
        } else {
            let (content, after) = rest[end + 1..].split_once("</c>")?;
            rest = after;
            Some(content)
        };
        cells.push(Cell { column, format, attributes, content });
    }
}

/// The column of a cell by its name, from 0; `None` where the name is that of another row.
fn column_of(name: &str, row: u32) -> Option<u32> {
    let digits = name.find(|letter: char| !letter.is_ascii_uppercase())?;
    let (letters, number) = name.split_at(digits);
    if letters.is_empty() || letters.len() > 3 || number.parse() != Ok(row) {
        return None;
    }
    let column = letters.bytes().fold(0, |column, letter| column * 26 + u32::from(letter - b'A') + 1) - 1;
    ((column as usize) < MAX_COLUMNS).then_some(column)
}
