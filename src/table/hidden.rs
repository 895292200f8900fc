//! What a sheet shows otherwise than by its values: hidden rows and columns, merged cells, and rows that are struck out.
//!
//! They are read like all others, and reported, whatever the format: `xlsx_marks`, `xls_marks`, `xlsb` and `ods` find them.

use std::ops::RangeInclusive;

use crate::base::diagnostic::{Code, Diagnostic, Place, column_letters, shortened};
use crate::base::messages::Message;
use crate::table::cell::Row;
use crate::table::cell_range::CellRange;
use crate::table::column_words::{About, is_about};
use crate::table::free_text::holds_day;
use crate::table::hiding_rule::{HidingRule, MOST_RULES};
use crate::table::layout::Layout;
use crate::table::limits::{MAX_COLUMNS, MAX_ROWS};

/// No sheet has more rows, so that more ranges are forged.
const MOST_RANGES: usize = MAX_ROWS as usize;

/// The hidden rows and columns of a sheet, its merged cells and the rows that are struck out.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Hidden {
    /// The rows, from 1, in the order of the sheet.
    pub rows: Vec<RangeInclusive<u32>>,
    /// The columns, from 0.
    pub columns: Vec<usize>,
    /// The merged cells: only the first one keeps the value.
    pub merged: Vec<CellRange>,
    /// The rows with a value that is struck out, from 1, in the order of the sheet.
    pub struck_out: Vec<RangeInclusive<u32>>,
    /// The rows with a value that cannot be seen: white letters, or a number format that shows nothing.
    pub invisible: Vec<RangeInclusive<u32>>,
    /// Cells with contents under a merge, which no program shows and which are not read: the row from 1, the column from 0.
    pub covered: Vec<(u32, u32)>,
    /// Cells with a note of their own, which is not read: the row from 1, the column from 0.
    pub notes: Vec<(u32, u32)>,
    /// How many text boxes and other shapes with a text lie on the sheet, which are not read.
    pub text_boxes: u32,
    /// Conditional formats that strike out or hide cells.
    pub rules: Vec<HidingRule>,
    /// The rows that they surely strike out or hide, from 1, in the order of the sheet.
    pub hidden_by_rules: Vec<RangeInclusive<u32>>,
    /// How often a cell was compared with the value of a condition.
    pub comparisons: u64,
    /// The texts of the headers and footers of its pages.
    pub page_texts: Vec<String>,
    /// Whether the sheet could not be searched, so that nothing is known of the above.
    pub is_unknown: bool,
}

impl Hidden {
    /// What of a sheet that could not be searched is known.
    #[must_use]
    pub fn unknown() -> Self {
        Self { is_unknown: true, ..Self::default() }
    }

    /// Adds hidden rows, from 1, after those before.
    pub fn hide_rows(&mut self, rows: RangeInclusive<u32>) {
        push_rows(&mut self.rows, rows);
    }

    /// Adds a row, from 1, with a value that cannot be seen, after those before.
    pub fn add_invisible_row(&mut self, row: u32) {
        push_rows(&mut self.invisible, row..=row);
    }

    /// Adds a row, from 1, that is struck out, after those before.
    pub fn strike_row(&mut self, row: u32) {
        push_rows(&mut self.struck_out, row..=row);
    }

    /// Adds hidden columns, from 0. Overlapping ranges count once, so that many of them take no more time than one.
    pub fn hide_columns(&mut self, columns: std::ops::Range<usize>) {
        let next = self.columns.last().map_or(0, |last| last + 1);
        self.columns.extend(columns.start.max(next)..columns.end.min(MAX_COLUMNS));
    }

    /// Adds a cell with contents under a merge, its row from 1 and its column from 0.
    pub fn cover(&mut self, row: u32, column: u32) {
        if self.covered.len() < MOST_RANGES {
            self.covered.push((row, column));
        }
    }

    /// Adds a cell with a note of its own, its row from 1 and its column from 0.
    pub fn note(&mut self, row: u32, column: u32) {
        if self.notes.len() < MOST_RANGES {
            self.notes.push((row, column));
        }
    }

    /// Adds conditional formats that strike out or hide cells, up to the limit of them.
    pub fn add_rules(&mut self, rules: impl IntoIterator<Item = HidingRule>) {
        let mut rules = rules.into_iter();
        self.rules.extend(rules.by_ref().take(MOST_RULES.saturating_sub(self.rules.len())));
        self.is_unknown |= rules.next().is_some();
    }

    /// Adds the text of a header or a footer of its pages; one that stands there twice counts once.
    pub fn add_page_text(&mut self, text: &str) {
        /// A sheet has at most six.
        const MOST: usize = 100;
        let is_new = || self.page_texts.len() < MOST && !self.page_texts.iter().any(|known| known == text);
        if text.contains(char::is_alphanumeric) && is_new() {
            self.page_texts.push(text.to_owned());
        }
    }

    /// Whether a conditional format has to be evaluated for the rows.
    #[must_use]
    pub fn has_conditions(&self) -> bool {
        self.rules.iter().any(|rule| rule.condition.is_some())
    }

    /// Evaluates the conditional formats for a row, after the rows above it. One whose condition is unknown for a row is known no longer, and
    /// so are all after more comparisons than any person's workbook needs.
    pub fn judge_row(&mut self, row: &(impl Row + ?Sized)) {
        const MOST_COMPARISONS: u64 = 5_000_000;
        let (mut is_hidden, is_spent) = (false, self.comparisons > MOST_COMPARISONS);
        for rule in self.rules.iter_mut().filter(|rule| rule.condition.is_some()) {
            self.comparisons = self.comparisons.saturating_add(rule.comparisons(row));
            match rule.holds(row).filter(|_| !is_spent) {
                Some(holds) => is_hidden |= holds,
                None => rule.condition = None,
            }
        }
        if is_hidden {
            push_rows(&mut self.hidden_by_rules, row.number()..=row.number());
        }
    }

    /// Adds cells, rows from 1 and columns from 0, that are merged.
    pub fn merge(&mut self, merged: CellRange) {
        if self.merged.len() < MOST_RANGES {
            self.merged.push(merged);
        }
    }

    /// Reports the hidden and the struck-out rows of data, the hidden columns with a heading, and the cells of fields merged over several of
    /// the `rows` of data.
    #[must_use]
    pub fn diagnostics(&self, sheet: u16, layout: &Layout, rows: &[u32]) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        let mut report = |code, message: Message| {
            found.push(Diagnostic { code, place: Place::sheet(sheet), value: String::new(), message });
        };
        if self.is_unknown {
            report(Code::NotChecked, Message::new("not-checked"));
        }
        if let Some((rows, count)) = self.rows_among(rows) {
            report(Code::HiddenRow, Message::new("hidden-row").with("rows", rows).with("count", count));
        }
        if let Some((rows, count)) = self.struck_among(rows) {
            report(Code::StruckOut, Message::new("struck-out").with("rows", rows).with("count", count));
        }
        if let Some((rows, count)) = among(&self.invisible, rows) {
            report(Code::HiddenRow, Message::new("invisible-row").with("rows", rows).with("count", count));
        }
        if let Some((rows, count)) = self.hidden_by_rules_among(rows) {
            report(Code::StruckOut, Message::new("hidden-by-format").with("rows", rows).with("count", count));
        }
        if let Some(cells) = self.cells_of_rules(rows) {
            report(Code::NotChecked, Message::new("format-not-checked").with("cells", cells));
        }
        for text in self.page_texts.iter().filter(|text| states_terms(text)) {
            report(Code::CellNote, Message::new("page-text").with("text", shortened(text)));
        }
        let fields: Vec<usize> = layout.columns().map(|(_, column)| column).collect();
        if let Some((cells, count)) = self.cells_over(rows, &fields) {
            report(Code::MergedCells, Message::new("merged-cells").with("cells", cells).with("count", count));
        }
        if !self.covered.is_empty() {
            let cells = self.covered.iter().map(|(row, column)| format!("{}{row}", column_letters(*column)));
            let message = Message::new("covered-cells").with("cells", join_first(cells));
            report(Code::MergedCells, message.with("count", self.covered.len()));
        }
        if let Some((cells, count)) = self.notes_among(rows) {
            report(Code::CellNote, Message::new("cell-notes").with("cells", cells).with("count", count));
        }
        if self.text_boxes > 0 {
            report(Code::CellNote, Message::new("text-boxes").with("count", u64::from(self.text_boxes)));
        }
        let has_heading = |column: usize| layout.headings.get(column).is_some_and(|heading| !heading.is_empty());
        if let Some((columns, count)) = self.columns_where(has_heading) {
            report(Code::HiddenColumn, Message::new("hidden-column").with("columns", columns).with("count", count));
        }
        found
    }

    /// The hidden rows among these, the first of them as text, and their number; `None` where none is hidden.
    #[must_use]
    pub fn rows_among(&self, rows: &[u32]) -> Option<(String, usize)> {
        among(&self.rows, rows)
    }

    /// The struck-out rows among these, the first of them as text, and their number; `None` where none is struck out.
    #[must_use]
    pub fn struck_among(&self, rows: &[u32]) -> Option<(String, usize)> {
        among(&self.struck_out, rows)
    }

    /// The rows among these that conditional formats surely strike out or hide, the first of them as text, and their number.
    #[must_use]
    pub fn hidden_by_rules_among(&self, rows: &[u32]) -> Option<(String, usize)> {
        among(&self.hidden_by_rules, rows)
    }

    /// The cells over these rows that a conditional format strikes out or hides under a condition that is not evaluated.
    #[must_use]
    pub fn cells_of_rules(&self, rows: &[u32]) -> Option<String> {
        let is_over = |cells: &CellRange| rows.iter().any(|row| cells.rows.contains(row));
        let unknown = self.rules.iter().filter(|rule| rule.condition.is_none() && is_over(&rule.cells));
        let mut cells: Vec<String> = unknown.map(|rule| rule.cells.reference()).collect();
        cells.dedup();
        (!cells.is_empty()).then(|| join_first(cells.into_iter()))
    }

    /// The cells with a note in these rows, the first of them as text, and their number; `None` where there is none.
    #[must_use]
    pub fn notes_among(&self, rows: &[u32]) -> Option<(String, usize)> {
        if self.notes.is_empty() {
            return None;
        }
        let mut in_order = rows.to_vec();
        in_order.sort_unstable();
        let is_meant = |(row, _): &&(u32, u32)| in_order.binary_search(row).is_ok();
        let cells: Vec<String> = self
            .notes
            .iter()
            .filter(is_meant)
            .map(|(row, column)| format!("{}{row}", column_letters(*column)))
            .collect();
        let count = cells.len();
        (count > 0).then(|| (join_first(cells.into_iter()), count))
    }

    /// The cells merged over several of these rows in one of these columns (from 0), the first of them as text, and their number.
    #[must_use]
    pub fn cells_over(&self, rows: &[u32], columns: &[usize]) -> Option<(String, usize)> {
        if self.merged.is_empty() {
            return None;
        }
        let mut in_order = rows.to_vec();
        in_order.sort_unstable();
        let of_column =
            |merged: &CellRange, column: usize| u32::try_from(column).is_ok_and(|at| merged.columns.contains(&at));
        let of_field = |merged: &&CellRange| columns.iter().any(|column| of_column(merged, *column));
        let over_several = |merged: &&CellRange| count_inside(&in_order, &merged.rows) > 1;
        let merged: Vec<String> =
            self.merged.iter().filter(over_several).filter(of_field).map(CellRange::reference).collect();
        let count = merged.len();
        (count > 0).then(|| (join_first(merged.into_iter()), count))
    }

    /// The hidden columns that meet a condition, the first of them as text, and their number.
    #[must_use]
    pub fn columns_where(&self, is_meant: impl Fn(usize) -> bool) -> Option<(String, usize)> {
        let meant = self.columns.iter().filter(|column| is_meant(**column));
        let columns: Vec<u32> = meant.filter_map(|column| u32::try_from(*column).ok()).collect();
        (!columns.is_empty()).then(|| (join_first(columns.iter().map(|column| column_letters(*column))), columns.len()))
    }
}

/// Whether a text beside the table may state something about its rows: a day, an action, the insurance or the contract.
fn states_terms(text: &str) -> bool {
    const CONTRACTS: [&str; 4] = ["договор", "контракт", "contract", "agreement"];
    let lower = text.to_lowercase();
    holds_day(text)
        || [About::Leaving, About::Joining, About::Insurance].iter().any(|about| is_about(text, *about))
        || CONTRACTS.iter().any(|word| lower.contains(word))
}

/// The rows of these runs among some rows, the first of them as text, and their number; `None` where there is none.
fn among(runs: &[RangeInclusive<u32>], rows: &[u32]) -> Option<(String, usize)> {
    if runs.is_empty() {
        return None;
    }
    let mut in_order = rows.to_vec();
    in_order.sort_unstable();
    let counted = runs.iter().map(|run| (run, count_inside(&in_order, run))).filter(|(_, count)| *count > 0);
    let counted: Vec<_> = counted.collect();
    let count: usize = counted.iter().map(|(_, count)| count).sum();
    let shown = counted.iter().map(|(rows, _)| match (rows.start(), rows.end()) {
        (first, last) if first == last => first.to_string(),
        (first, last) => format!("{first}–{last}"),
    });
    (count > 0).then(|| (join_first(shown), count))
}

/// Adds rows to runs of rows, to the last run where they continue it.
fn push_rows(runs: &mut Vec<RangeInclusive<u32>>, rows: RangeInclusive<u32>) {
    if let Some(last) = runs.last_mut()
        && (last.contains(rows.start()) || last.end().checked_add(1) == Some(*rows.start()))
    {
        *last = *last.start()..=*last.end().max(rows.end());
    } else if runs.len() < MOST_RANGES {
        runs.push(rows);
    }
}

/// How many of these rows, which are in order, lie in a run.
fn count_inside(rows: &[u32], run: &RangeInclusive<u32>) -> usize {
    rows.partition_point(|row| row <= run.end()).saturating_sub(rows.partition_point(|row| row < run.start()))
}

/// The first of some words, separated by commas, and `…` where there are more.
#[must_use]
pub fn join_first(words: impl Iterator<Item = String>) -> String {
    const SHOWN: usize = 20;
    let mut shown: Vec<String> = words.take(SHOWN + 1).collect();
    if let Some(more) = shown.get_mut(SHOWN) {
        "…".clone_into(more);
    }
    shown.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_ranges_of_columns_count_once() {
        let mut hidden = Hidden::default();
        for _ in 0..60_000 {
            hidden.hide_columns(0..MAX_COLUMNS);
        }
        assert_eq!(hidden.columns.len(), MAX_COLUMNS);
        let mut hidden = Hidden::default();
        for columns in [1..3, 2..5, 9..10] {
            hidden.hide_columns(columns);
        }
        assert_eq!(hidden.columns, [1, 2, 3, 4, 9]);
    }

    #[test]
    fn rows_that_follow_each_other_are_one_range() {
        let mut hidden = Hidden::default();
        for row in [2, 3, 3, 7] {
            hidden.strike_row(row);
        }
        hidden.hide_rows(5..=9);
        assert_eq!(hidden.struck_among(&[1, 2, 3, 4, 7]), Some(("2–3, 7".to_owned(), 3)));
        assert_eq!(hidden.rows_among(&[1, 2, 3, 4, 7]), Some(("5–9".to_owned(), 1)));
        assert_eq!(hidden.struck_among(&[1]), None);
        hidden.note(4, 1);
        assert_eq!(hidden.notes_among(&[3, 4]), Some(("B4".to_owned(), 1)));
        assert_eq!(hidden.notes_among(&[3]), None);
    }
}
