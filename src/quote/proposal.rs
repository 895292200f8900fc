//! A contract file made from a roster: what is recognised of the roster is filled in, and what is not is a question.

mod text;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::civil::Date;

use crate::base::calendar::Period;
use crate::roster::field::{FULL_NAME, Field};
use crate::roster::spec::{ChangeRules, RosterSpec, RowKind};
use crate::roster::value::{Relation, relation};
use crate::table::cell::{Cell, Row};
use crate::table::file_fault::FileFault;
use crate::table::layout::Layout;
use crate::table::other_columns::OtherColumns;
use crate::table::sheets::open_tables;
use crate::table::skip::RowJudge;
use crate::table::source::{FileBytes, Source};
use crate::table::spare_columns::SpareColumns;
use crate::table::spec::{SheetChoice, TableSpec};
use crate::table::value::day;

pub use text::{Heading, contract_text};

/// The most words of plans that are listed; a column with more holds no plans.
const MOST_PLANS: usize = 100;

/// What a file holds.
#[derive(Debug)]
pub struct FoundFile {
    /// The path.
    pub path: PathBuf,
    /// The tables of insured.
    pub tables: Vec<FoundTable>,
    /// The sheets that may hold people without headings that are recognised.
    pub unread: Vec<String>,
}

/// A table of insured.
#[derive(Debug)]
pub struct FoundTable {
    /// The sheet; empty for a text.
    pub sheet: String,
    /// Where it is.
    pub layout: Layout,
    /// The rows of data.
    pub rows: u32,
    /// The words in the column of plans, with the number of their rows.
    pub plans: BTreeMap<String, u32>,
    /// The rows without a risk group.
    pub without_risk_group: u32,
    /// The rows of relatives.
    pub relatives: u32,
    /// The first and the last of the insured's own days.
    pub days: Option<(Date, Date)>,
    /// The cells of columns that hold no field.
    pub spare: SpareColumns,
}

/// Searches a file for tables of insured.
///
/// # Errors
///
/// [`FileFault`] where it cannot be read.
pub fn search_file(path: &Path, days: Period) -> Result<FoundFile, FileFault> {
    let spec = spec(days);
    let (mut source, sheets) = open_tables(FileBytes::read(path)?, &spec)?;
    let mut found = FoundFile { path: path.to_owned(), tables: Vec::new(), unread: Vec::new() };
    for sheet in sheets {
        match sheet.layout {
            Some(layout) => found.tables.push(search_table(&mut source, &sheet.name, &layout)?),
            None if sheet.may_hold_people && !sheet.name.is_empty() => found.unread.push(sheet.name),
            None => {}
        }
    }
    Ok(found)
}

/// Tables of insured, whatever columns they lack.
fn spec(period: Period) -> TableSpec {
    let spec = RosterSpec {
        period,
        rows: RowKind::Insured,
        plans: Vec::new(),
        risk_groups: Vec::new(),
        date_order: None,
        default_risk_group: Some(1),
        default_plan: None,
        columns: Vec::new(),
        ignored: Vec::new(),
        ignored_sheets: Vec::new(),
        sheet: SheetChoice::Every,
        contacts: false,
        changes: ChangeRules::default(),
        terms_optional: false,
        by_options: false,
    };
    spec.table()
}

fn search_table(source: &mut Source, sheet: &str, layout: &Layout) -> Result<FoundTable, FileFault> {
    let name = layout.split_columns(&FULL_NAME).first();
    let judge = RowJudge::new(layout, name, layout.column(Field::BirthDate));
    let column = |field: Field| layout.column(field);
    let (plan, risk_group, relative) = (column(Field::Plan), column(Field::RiskGroup), column(Field::Relation));
    let own_days = [column(Field::Start), column(Field::End)];
    let (epoch, other_columns) = (source.epoch(), OtherColumns::new(layout));
    let mut found = FoundTable {
        sheet: sheet.to_owned(),
        rows: 0,
        plans: BTreeMap::new(),
        without_risk_group: 0,
        relatives: 0,
        days: None,
        spare: SpareColumns::default(),
        layout: layout.clone(),
    };
    source.rows(sheet, &mut |row: &dyn Row| {
        if row.number() <= layout.header_row || judge.skip_reason(row).is_some() {
            return true;
        }
        let cell = |column: Option<usize>| column.map_or(Cell::Empty, |column| row.cell(column));
        found.rows += 1;
        found.without_risk_group += u32::from(cell(risk_group).is_empty());
        found.relatives += u32::from(relation(cell(relative)).is_some_and(Relation::is_relative));
        if !cell(plan).is_empty() && found.plans.len() <= MOST_PLANS {
            *found.plans.entry(cell(plan).display()).or_default() += 1;
        }
        for date in own_days.iter().filter_map(|column| Some(day(cell(*column), epoch).ok()??.date)) {
            let (first, last) = found.days.unwrap_or((date, date));
            found.days = Some((first.min(date), last.max(date)));
        }
        found.spare.read(row, &other_columns, &|_| None);
        true
    })?;
    Ok(found)
}
