//! The request for an endorsement, and its result.

use std::path::PathBuf;

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::base::messages::Language;
use crate::base::money::Kopecks;
use crate::output::pdf::Template;
use crate::portfolio::contract_state::ContractState;
use crate::portfolio::endorse::changed_lines::{ChangedLine, Moves};
use crate::portfolio::endorse::changed_values::ChangedValue;
use crate::portfolio::register::versions::{Version, VersionKind};
use crate::portfolio::rows::{CellRows, InsuredRows};
use crate::quote::contract::ReadingTerms;
use crate::roster::Roster;
use crate::roster::value::Action;
use crate::tariff::EditionId;

/// A request to endorse a contract.
#[derive(Debug, Clone)]
pub struct Request {
    /// The number of the contract.
    pub number: String,
    /// The list of changes, in one file or several.
    pub changes: Vec<PathBuf>,
    /// The day of rows that state none.
    pub on: Option<Date>,
    /// The action of rows that state none.
    pub action: Option<Action>,
    /// Whether relatives leave with the employee (`I39`).
    pub with_family: bool,
    /// The share of expenses for insured who leave, where the contract names none.
    pub expense_load: Option<Decimal>,
    /// Whether the book stays unchanged.
    pub dry_run: bool,
    /// How the columns and the days of the list are read, beside the terms of the contract.
    pub reading: ReadingTerms,
    /// The folder of the result.
    pub out: PathBuf,
    /// Whether the number of the run is added to the name of that folder, so that no result replaces another.
    pub out_by_run: bool,
    /// The folder of the diagnostics where the list is refused.
    pub refused: PathBuf,
    /// The template of the supplementary agreement; none is made without it.
    pub agreement: Option<Template>,
    /// The language of diagnostics and of the agreement.
    pub language: Language,
}

impl Request {
    /// The folder of the result of a run.
    #[must_use]
    pub fn result_folder(&self, run: i64) -> PathBuf {
        if !self.out_by_run {
            return self.out.clone();
        }
        let name = self.out.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        self.out.with_file_name(format!("{name}-run-{run}"))
    }
}

/// A contract before and after its endorsement.
#[derive(Debug)]
pub struct Endorsement {
    /// The state before.
    pub state: ContractState,
    /// The edition of the tariff that the contract was bound with, and that prices the changes.
    pub tariff: EditionId,
    /// The first day from which a change counts.
    pub on: Date,
    /// The last day from which a change counts.
    pub last_day: Date,
    /// The insured, including those who have left.
    pub insured: InsuredRows,
    /// The values that change without a change of a line, or with one: the insured, the field, before and after.
    pub changed_values: Vec<ChangedValue>,
    /// The cells.
    pub cells: CellRows,
    /// The lines that are closed or opened.
    pub changed_lines: Vec<ChangedLine>,
    /// How many insured are covered on the last day from which any change of the contract counts, or later: before and after.
    pub counted: [u32; 2],
    /// The numbers of insured who join, leave and change plans.
    pub moves: Moves,
    /// The version after.
    pub version: Version,
    /// The coefficient of the headcount for new lines (§2.1).
    pub headcount: Decimal,
    /// The places of relatives who stay insured after the employee has left (`I39`).
    pub staying: Vec<usize>,
    /// The number of earlier events that have no effect any more.
    pub void: usize,
    /// The list of changes with its diagnostics.
    pub roster: Roster,
    /// Whether the book had it already.
    pub known: bool,
    /// What is due from the first of the days on, before and after; empty where no agreement is made.
    pub instalments: Vec<NextInstalment>,
    /// The letters without a glyph for which the agreement is not made.
    pub without_agreement: Option<String>,
    /// The folder of the result.
    pub out: PathBuf,
}

/// What is due on a day before and after the endorsement; below 0 where it is a credit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NextInstalment {
    /// The due day.
    pub due: Date,
    /// The charges before.
    pub before: Kopecks,
    /// The charges after.
    pub after: Kopecks,
}

impl Endorsement {
    /// The number of the supplementary agreement: its place among those of the contract, from 1.
    #[must_use]
    pub fn agreement_number(&self) -> usize {
        1 + self.state.versions.iter().filter(|version| version.kind == VersionKind::Endorsed).count()
    }

    /// The premium of the opened lines.
    #[must_use]
    pub fn charged(&self) -> Kopecks {
        self.changed_lines.iter().filter(|line| line.end_before.is_none()).map(|line| line.premium_after).sum()
    }

    /// The returned premium of the closed lines, before expenses.
    #[must_use]
    pub fn returned(&self) -> Kopecks {
        self.changed_lines.iter().map(|line| line.returned).sum()
    }

    /// The part of the returned premium that is kept for expenses.
    #[must_use]
    pub fn expenses(&self) -> Kopecks {
        self.changed_lines.iter().map(|line| line.expenses).sum()
    }
}
