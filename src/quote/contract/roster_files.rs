//! The reading of `roster`: a file or pattern, a list of them, or tables of files that are read each in its own way.

use crate::base::messages::Message;
use crate::base::source_file::{Faults, Spanned};
use crate::base::toml_file::{Table, as_filled_text, as_list, in_table};
use crate::quote::contract::census::{PlanNames, plan_named};
use crate::quote::contract::columns::{Columns, columns};
use crate::quote::contract::risk_group::risk_group;
use crate::roster::spec::RosterSpec;
use crate::table::spec::SheetChoice;
use crate::tariff::Tariff;

/// Files of the roster, and how they are read otherwise than the contract states for all of them.
#[derive(Debug, Clone)]
pub struct RosterFiles {
    /// The path or pattern as written, relative to the contract file.
    pub files: Spanned<String>,
    /// Which sheets are read.
    pub sheet: Option<SheetChoice>,
    /// The plan of rows that state none, by its place in the contract.
    pub plan: Option<u16>,
    /// The risk group of rows that state none.
    pub default_risk_group: Option<u8>,
    /// The files' own headings and the headings that are to be ignored.
    pub columns: Columns,
}

impl RosterFiles {
    fn new(files: Spanned<String>) -> Self {
        Self { files, sheet: None, plan: None, default_risk_group: None, columns: Columns::default() }
    }

    /// How these files are read, where `spec` is how those of the contract are.
    ///
    /// A heading of these files' own replaces that of the contract for the field.
    #[must_use]
    pub fn spec(&self, spec: RosterSpec) -> RosterSpec {
        let mut read = RosterSpec {
            sheet: self.sheet.clone().unwrap_or(spec.sheet),
            default_plan: self.plan.or(spec.default_plan),
            default_risk_group: self.default_risk_group.or(spec.default_risk_group),
            ..spec
        };
        let is_own = |field| self.columns.headings.iter().any(|(own, _)| *own == field);
        read.columns.retain(|(field, _)| !is_own(*field));
        read.columns.extend(self.columns.headings.iter().cloned());
        read.ignored.extend(self.columns.ignored.iter().cloned());
        read
    }
}

/// The value of `roster`; empty where the command line names the files.
pub(super) fn roster_files(root: &mut Table<'_>, plans: &PlanNames, tariff: &Tariff) -> Vec<RosterFiles> {
    let key = "roster";
    let faults = root.faults();
    let Some(value) = root.any(key) else { return Vec::new() };
    let path = |at: &Spanned<String>| check_path(at, faults);
    if value.get_ref().is_str() {
        return as_filled_text(value, key, faults).filter(path).map(RosterFiles::new).into_iter().collect();
    }
    let is_tables = value.get_ref().as_array().is_some_and(|list| list.iter().any(|item| item.get_ref().is_table()));
    if !is_tables {
        return as_list(value, faults, |value, faults| {
            Some(RosterFiles::new(as_filled_text(value, key, faults).filter(path)?))
        });
    }
    as_list(value, faults, |value, faults| in_table(value, faults, |table| files(table, plans, tariff, faults)))
}

/// Whether a path has no control characters, which TOML makes of `\n` and `\r` in `"C:\new\roster.csv"`.
fn check_path(at: &Spanned<String>, faults: &Faults) -> bool {
    let is_sound = !at.value.contains(char::is_control);
    if !is_sound {
        let letter = |letter: char| match letter {
            '\n' => "\\n".to_owned(),
            '\r' => "\\r".to_owned(),
            '\t' => "\\t".to_owned(),
            '\u{8}' => "\\b".to_owned(),
            '\u{c}' => "\\f".to_owned(),
            other if other.is_control() => String::new(),
            other => other.to_string(),
        };
        let example: String = at.value.chars().map(letter).collect();
        faults.add(at.span.clone(), Message::new("path-with-control").with("example", example));
    }
    is_sound
}

fn files(table: &mut Table<'_>, plans: &PlanNames, tariff: &Tariff, faults: &Faults) -> Option<RosterFiles> {
    let file = table.needed_text("file").filter(|at| check_path(at, faults));
    let sheet = table.filled_text("sheet").map(|at| SheetChoice::from_word(&at.value));
    let plan = table.filled_text("plan").and_then(|at| plan_named(at, plans, faults));
    let default_risk_group = table.whole::<u8>("default_risk_group").and_then(|at| risk_group(at, tariff, faults));
    let columns = table.table("columns", |table| Some(columns(table))).unwrap_or_default();
    Some(RosterFiles { files: file?, sheet, plan, default_risk_group, columns })
}
