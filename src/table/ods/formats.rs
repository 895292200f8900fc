//! The conditional formats of an `.ods` workbook and the texts of its pages.

use crate::table::cell_range::parse_cells;
use crate::table::hiding_rule::{Condition, HidingRule, Stated};

/// A conditional format for the cells of a list such as `Лист1.A2:Лист1.C9`, with a condition such as `formula-is([.$D2]="x")`.
pub fn conditional_formats(addresses: &str, condition: &str) -> Vec<HidingRule> {
    // what stands in quotes is the name of a sheet, perhaps with blanks
    let without_quoted: String = addresses.split('\'').step_by(2).collect();
    let references: Vec<String> = without_quoted.split_whitespace().map(without_sheets).collect();
    let cells = parse_cells(&references.join(" "));
    let Some(first) = cells.first().map(|cells| (*cells.rows.start(), *cells.columns.start())) else {
        return Vec::new();
    };
    let condition = if cells.len() == 1 { parse_condition(condition, first) } else { None };
    cells.into_iter().map(|cells| HidingRule { cells, condition: condition.clone() }).collect()
}

/// A reference without the names of sheets: `Лист1.A2` is `A2`.
fn without_sheets(reference: &str) -> String {
    let cells = reference.split(':').map(|cell| cell.rsplit('.').next().unwrap_or_default());
    cells.collect::<Vec<_>>().join(":")
}

/// The condition as LibreOffice writes it.
fn parse_condition(condition: &str, first: (u32, u32)) -> Option<Condition> {
    let inside = |name: &str| condition.strip_prefix(name)?.strip_prefix('(')?.strip_suffix(')');
    let bare = |text: &str| text.trim_matches('"').to_owned();
    if let Some(formula) = inside("formula-is") {
        let formula = formula.replace("[.", "").replace(']', "");
        return Condition::parse(Stated { kind: "expression", formula: &formula, ..Stated::default() }, first);
    }
    for (name, kind) in [("contains-text", "containsText"), ("begins-with", "beginsWith"), ("ends-with", "endsWith")] {
        if let Some(text) = inside(name) {
            return Condition::parse(Stated { kind, text: &bare(text), ..Stated::default() }, first);
        }
    }
    let (operator, formula) = match (condition.strip_prefix("!="), condition.strip_prefix('=')) {
        (Some(formula), _) => ("notEqual", formula),
        (None, Some(formula)) => ("equal", formula),
        (None, None) => return None,
    };
    Condition::parse(Stated { kind: "cellIs", operator, formula, ..Stated::default() }, first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_of_libreoffice_are_read() {
        for (condition, is_evaluated) in [
            ("formula-is([.$D2]=\"уволен\")", true),
            ("formula-is($D2=\"уволен\")", true),
            ("=\"уволен\"", true),
            ("!=3", true),
            ("contains-text(\"увол\")", true),
            ("formula-is(AND([.$D2]=1;1))", false),
            (">3", false),
            ("duplicate", false),
        ] {
            let found = conditional_formats("'Лист 1'.A2:'Лист 1'.C9", condition);
            assert_eq!(found.len(), 1, "{condition}");
            assert_eq!(found[0].condition.is_some(), is_evaluated, "{condition}");
        }
        assert_eq!(conditional_formats("Лист1.A2:Лист1.C9 Лист1.E2", "=1").len(), 2);
    }
}
