//! Conditional formats that strike out or hide cells, and the rows for which their conditions hold.
//!
//! A condition that compares a cell with a text or a number is evaluated; of any other only the cells are known, and reported.

use crate::table::cell::{Cell, Row, number_as_text};
use crate::table::cell_range::{CellRange, parse_cell};
use crate::table::text::folded;

/// No person writes more of them on a sheet.
pub const MOST_RULES: usize = 1000;

/// A conditional format that strikes out or hides cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HidingRule {
    /// The cells.
    pub cells: CellRange,
    /// When it does; `None` where that cannot be evaluated.
    pub condition: Option<Condition>,
}

/// A condition that compares a cell of a row with a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// The compared column.
    compared: Compared,
    comparison: Comparison,
    /// The value, folded.
    value: String,
}

/// Which column a condition compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Compared {
    /// This one, from 0.
    Column(u32),
    /// The one so many columns after the formatted cell.
    After(i64),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comparison {
    Equal,
    Unequal,
    Contains,
    Begins,
    Ends,
}

/// What a file states of a condition.
#[derive(Debug, Default, Clone, Copy)]
pub struct Stated<'f> {
    /// The kind, as `.xlsx` names it.
    pub kind: &'f str,
    /// The operator, as `.xlsx` names it.
    pub operator: &'f str,
    /// The text that is looked for.
    pub text: &'f str,
    /// The first formula.
    pub formula: &'f str,
}

impl HidingRule {
    /// How many cells of a row are compared at most.
    #[must_use]
    pub fn comparisons(&self, row: &(impl Row + ?Sized)) -> u64 {
        match self.condition.as_ref().map(|condition| condition.compared) {
            Some(Compared::After(_)) => u64::from(self.last_column(row)) + 1,
            _ => 1,
        }
    }

    /// The last of its columns in a row, after whose cells nothing is filled.
    fn last_column(&self, row: &(impl Row + ?Sized)) -> u32 {
        let width = u32::try_from(row.width()).unwrap_or(u32::MAX).saturating_add(1);
        (*self.cells.columns.end()).min(width)
    }

    /// Whether it counts for a row: `None` where that cannot be known.
    #[must_use]
    pub fn holds(&self, row: &(impl Row + ?Sized)) -> Option<bool> {
        if !self.cells.rows.contains(&row.number()) {
            return Some(false);
        }
        let condition = self.condition.as_ref()?;
        match condition.compared {
            Compared::Column(column) => condition.holds_for(row, column.into()),
            Compared::After(columns) => {
                let last = self.last_column(row);
                let mut cells = (*self.cells.columns.start()..=last).map(|column| i64::from(column) + columns);
                let mut is_unknown = false;
                let holds = cells.any(|column| {
                    let holds = condition.holds_for(row, column);
                    is_unknown |= holds.is_none();
                    holds == Some(true)
                });
                if holds || !is_unknown { Some(holds) } else { None }
            }
        }
    }
}

impl Condition {
    /// The condition that a file states for cells of which this one, its row from 1 and its column from 0, is the first; `None` where it is no
    /// comparison of a cell of the row with a value.
    #[must_use]
    pub fn parse(stated: Stated<'_>, first: (u32, u32)) -> Option<Self> {
        let of_text = |comparison| {
            let value = folded(stated.text);
            (!value.is_empty()).then_some(Self { compared: Compared::After(0), comparison, value })
        };
        match (stated.kind, stated.operator) {
            ("containsText", _) => of_text(Comparison::Contains),
            ("beginsWith", _) => of_text(Comparison::Begins),
            ("endsWith", _) => of_text(Comparison::Ends),
            ("cellIs", "equal" | "notEqual") => {
                let comparison = if stated.operator == "equal" { Comparison::Equal } else { Comparison::Unequal };
                Some(Self { compared: Compared::After(0), comparison, value: literal(stated.formula)? })
            }
            ("expression", _) => Self::of_formula(stated.formula, first),
            _ => None,
        }
    }

    /// The condition of a formula such as `$E2="уволен"`.
    fn of_formula(formula: &str, (row, column): (u32, u32)) -> Option<Self> {
        let formula = formula.trim().trim_start_matches('=');
        let (reference, comparison, value) = match (formula.split_once("<>"), formula.split_once('=')) {
            (Some((reference, value)), _) => (reference, Comparison::Unequal, value),
            (None, Some((reference, value))) => (reference, Comparison::Equal, value),
            (None, None) => return None,
        };
        let reference = reference.trim();
        let (is_fixed, reference) = reference.strip_prefix('$').map_or((false, reference), |rest| (true, rest));
        // with a fixed row, `$E$2`, this is no reference
        let (_, of_column) = parse_cell(reference).filter(|(of_row, _)| *of_row == row)?;
        let compared = if is_fixed {
            Compared::Column(of_column)
        } else {
            Compared::After(i64::from(of_column) - i64::from(column))
        };
        Some(Self { compared, comparison, value: literal(value)? })
    }

    /// Whether it holds for the cell of a column; `None` where its value is unknown or may be written otherwise.
    fn holds_for(&self, row: &(impl Row + ?Sized), column: i64) -> Option<bool> {
        let column = usize::try_from(column).ok()?;
        let is_number = self.value.parse::<f64>().is_ok();
        let text = match row.cell(column) {
            Cell::Empty => String::new(),
            Cell::Text(text) => folded(text),
            Cell::Number(number) => number_as_text(number),
            Cell::Date(_) | Cell::Moment(_) if !is_number => return Some(self.comparison == Comparison::Unequal),
            _ => return None,
        };
        Some(match self.comparison {
            Comparison::Equal => text == self.value,
            Comparison::Unequal => text != self.value,
            Comparison::Contains => text.contains(&self.value),
            Comparison::Begins => text.starts_with(&self.value),
            Comparison::Ends => text.ends_with(&self.value),
        })
    }
}

/// The text or the number that a formula consists of, folded.
fn literal(formula: &str) -> Option<String> {
    let formula = formula.trim();
    if let Some(text) = formula.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        // a quote within a text is written twice
        let is_whole = !text.replace("\"\"", "").contains('"');
        return is_whole.then(|| folded(&text.replace("\"\"", "\"")));
    }
    let number: f64 = formula.parse().ok().filter(|number: &f64| number.is_finite())?;
    Some(number_as_text(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Cells(u32, &'static [Cell<'static>]);

    impl Row for Cells {
        fn number(&self) -> u32 {
            self.0
        }

        fn width(&self) -> usize {
            self.1.len()
        }

        fn cell(&self, column: usize) -> Cell<'_> {
            self.1.get(column).copied().unwrap_or(Cell::Empty)
        }
    }

    fn holds(kind: &str, operator: &str, value: &str) -> Option<bool> {
        let stated = Stated { kind, operator, text: value, formula: value };
        let condition = Condition::parse(stated, (2, 0));
        let rule = HidingRule { cells: CellRange::parse("A2:C9").unwrap(), condition };
        rule.holds(&Cells(5, &[Cell::Text("Орлов"), Cell::Text("Уволен"), Cell::Number(3.0), Cell::Uncalculated]))
    }

    #[test]
    fn conditions_that_compare_a_cell_with_a_value_are_evaluated() {
        for (kind, operator, value, expected) in [
            ("expression", "", "$B2=\"уволен\"", Some(true)),
            ("expression", "", "$B2 <> \"уволен\"", Some(false)),
            ("expression", "", "$C2=3", Some(true)),
            ("expression", "", "$E2=\"\"", Some(true)),
            ("expression", "", "B2=\"уволен\"", Some(true)),
            ("expression", "", "$B2=\"работает\"", Some(false)),
            ("expression", "", "$D2=\"уволен\"", None),
            ("expression", "", "$B$2=\"уволен\"", None),
            ("expression", "", "$B3=\"уволен\"", None),
            ("expression", "", "AND($B2=\"уволен\",$C2=3)", None),
            ("expression", "", "$C2<TODAY()", None),
            ("cellIs", "equal", "\"Уволен\"", Some(true)),
            ("cellIs", "equal", "4", Some(false)),
            ("cellIs", "greaterThan", "2", None),
            ("containsText", "containsText", "увол", Some(true)),
            ("beginsWith", "beginsWith", "вол", Some(false)),
            ("endsWith", "endsWith", "лен", Some(true)),
            ("duplicateValues", "", "", None),
        ] {
            assert_eq!(holds(kind, operator, value), expected, "{kind} {operator} {value}");
        }
    }

    #[test]
    fn a_row_beside_the_cells_is_not_hidden() {
        let rule = HidingRule { cells: CellRange::parse("A2:C9").unwrap(), condition: None };
        assert_eq!([1, 2, 10].map(|row| rule.holds(&Cells(row, &[]))), [Some(false), None, Some(false)]);
    }
}
