//! Reads a row of a table into an insured, with a diagnostic for every fault.

mod beside;
mod census;
mod change;
mod change_days;
mod columns;
pub(super) mod date_order;
mod fields;
mod section;
mod stated_terms;
mod title;

use jiff::ToSpan;
use jiff::civil::Date;

use crate::base::diagnostic::{Code, Diagnostic, Place, Severity, masked};
use crate::base::messages::Message;
use crate::roster::contacts::TextReader;
use crate::roster::field::Field;
use crate::roster::insured::{Insured, InsuredRow};
use crate::roster::plan_words::{PlanReading, PlanWords};
use crate::roster::spec::{MAX_CENSUS, RosterSpec, RowKind};
use crate::roster::value;
use crate::roster::value::{Action, RelationLetters, StatedDays};
use crate::table::cell::{Cell, Epoch, Row};
use crate::table::cell_faults::mask_unless_known;
use crate::table::field::Privacy;
use crate::table::free_text::holds_day;
use crate::table::layout::Layout;
use crate::table::other_columns::OtherColumns;
use crate::table::phrase::names_part;
use crate::table::skip::{RowJudge, Skip};
use crate::table::spare_columns::{ListedWord, SpareColumns};
use crate::table::tables::SheetToRead;
use crate::table::value::{AmountUnit, amount_unit, is_day};
use columns::Columns;
use date_order::{DateEvidence, DateOrders};
use section::Section;

/// What was read of some rows of one sheet.
#[derive(Debug, Default)]
pub(super) struct RowsRead {
    /// The insured.
    pub insured: Insured,
    /// What is wrong with them.
    pub diagnostics: Vec<Diagnostic>,
    /// Rows that hold no insured, with the reason.
    pub skipped: Vec<(u32, Skip)>,
    /// The order of day and month that their days prove.
    pub date_evidence: DateEvidence,
    /// The cells of columns that hold no field.
    pub spare: SpareColumns,
    /// Sub-headings that name no part of an organisation and no family, with their texts.
    pub unusual_headings: Vec<(u32, String)>,
    /// A row above the headings that is about those who left.
    pub left_title: Option<u32>,
}

impl RowsRead {
    /// Appends the rows `below`, draining them so that their buffers can be reused; reserves for `expected` parts like them on the first call.
    pub fn append(&mut self, below: &mut Self, expected: usize) {
        self.insured.append(&mut below.insured, expected);
        self.diagnostics.append(&mut below.diagnostics);
        self.skipped.append(&mut below.skipped);
        self.date_evidence.merge(&std::mem::take(&mut below.date_evidence));
        self.spare.append(&mut below.spare);
        self.unusual_headings.append(&mut below.unusual_headings);
        self.left_title = self.left_title.or(below.left_title.take());
    }
}

/// Reads the rows of one sheet.
pub(super) struct RowReader<'s> {
    spec: &'s RosterSpec,
    plans: PlanWords,
    date_orders: DateOrders,
    columns: Columns,
    judge: RowJudge,
    /// The columns that hold no field.
    other_columns: OtherColumns,
    header_row: u32,
    sheet: u16,
    epoch: Epoch,
    /// How many insured a census may still count.
    census_left: usize,
    read: RowsRead,
    name: String,
    id: String,
    /// Whether the id has lost its last digits, so that it identifies no insured.
    id_is_damaged: bool,
    texts: TextReader,
    /// What the titles above state for the rows of a list of changes.
    section: Section,
    /// The action that the name of the sheet, and that of the file, names for the rows of a list of changes.
    named_by_sheet: Option<Action>,
    named_by_file: Option<Action>,
    /// The days in the name of the sheet, or of the file.
    named_days: StatedDays,
    /// The heading of the days of detachment.
    detach_heading: String,
    /// The letters for relations that the heading explains.
    letters_of_relations: RelationLetters,
    /// A later day may be that of a document and not of a birth.
    newborn_after: Date,
    /// The unit of the own sums insured, as the heading, a row of units or a title states it.
    sum_unit: Option<AmountUnit>,
}

/// The heading of the days of detachment; empty where there is none.
fn detach_heading(layout: &Layout) -> String {
    let column = layout.column(Field::DetachDay);
    column.and_then(|column| layout.headings.get(column)).cloned().unwrap_or_default()
}

/// The letters for relations that the heading of their column explains.
fn letters_of_relations(layout: &Layout) -> RelationLetters {
    let heading = layout.column(Field::Relation).and_then(|column| layout.headings.get(column));
    heading.map_or_else(RelationLetters::default, |heading| RelationLetters::of_heading(heading))
}

/// The unit of the own sums insured: by the heading of their column, the row of units below it, or a title above the table.
fn sum_unit(layout: &Layout) -> Option<AmountUnit> {
    const UNITS: [&str; 7] = ["сумм", "руб", "тыс", "валют", "единиц", "amount", "currency"];
    let is_about_units = |title: &&String| {
        let title = title.to_lowercase();
        !title.bytes().any(|byte| byte.is_ascii_digit()) && UNITS.iter().any(|unit| title.contains(unit))
    };
    let column = layout.column(Field::SumInsured)?;
    let titles = || layout.titles().iter().filter(is_about_units).find_map(|title| amount_unit(title));
    let heading = layout.headings.get(column).and_then(|heading| amount_unit(heading));
    heading.or_else(|| amount_unit(layout.unit(column))).or_else(titles)
}

/// The days that the name of a sheet states, or else that of a file; a day without a word beside it may be that of the letter.
fn days_of_names(sheet: &str, file: &str) -> StatedDays {
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let days = [sheet, stem].map(|name| StatedDays { is_unclear: false, ..value::section_title(name).days });
    days.into_iter().find(|days| !days.is_empty()).unwrap_or_default()
}

/// Whether a cell of a title or a sub-heading is about those who left.
fn is_about_leavers(row: &(impl Row + ?Sized)) -> bool {
    (0..row.width()).any(|column| matches!(row.cell(column), Cell::Text(text) if value::is_about_leavers(text)))
}

/// Whether a cell of a title is about those who join.
fn names_joining(row: &(impl Row + ?Sized)) -> bool {
    let is_joining =
        |cell: Cell<'_>| matches!(cell, Cell::Text(text) if value::named_actions(text).contains(&Action::Join));
    (0..row.width()).any(|column| is_joining(row.cell(column)))
}

/// The only filled cell of a row, if it is a text.
fn lone_text(row: &(impl Row + ?Sized)) -> Option<String> {
    let mut filled = (0..row.width()).map(|column| row.cell(column)).filter(|cell| !cell.is_empty());
    match (filled.next(), filled.next()) {
        (Some(Cell::Text(text)), None) => Some(text.to_owned()),
        _ => None,
    }
}

impl<'s> RowReader<'s> {
    /// A reader for the rows of a sheet.
    pub fn new(
        sheet: SheetToRead<'_>,
        file: &str,
        epoch: Epoch,
        spec: &'s RosterSpec,
        date_orders: DateOrders,
    ) -> Self {
        let columns = Columns::new(sheet.layout);
        // only a list of changes asks what names state
        let is_list = spec.rows == RowKind::Changes;
        let named_action = |name: &str| if is_list { value::section_action(name) } else { None };
        Self {
            spec,
            plans: PlanWords::new(&spec.plans),
            date_orders,
            judge: RowJudge::new(sheet.layout, columns.name.first(), columns.get(Field::BirthDate)),
            columns,
            other_columns: OtherColumns::new(sheet.layout),
            header_row: sheet.layout.header_row,
            sheet: sheet.number,
            epoch,
            census_left: MAX_CENSUS,
            read: RowsRead::default(),
            name: String::new(),
            id: String::new(),
            id_is_damaged: false,
            texts: TextReader::new(sheet.layout, spec.contacts),
            section: Section::default(),
            named_by_sheet: named_action(sheet.name),
            named_by_file: named_action(file),
            named_days: if is_list { days_of_names(sheet.name, file) } else { StatedDays::default() },
            detach_heading: detach_heading(sheet.layout),
            letters_of_relations: letters_of_relations(sheet.layout),
            newborn_after: spec.period.first().saturating_sub(1.year()),
            sum_unit: sum_unit(sheet.layout),
        }
    }

    /// Counts insured that were read before against the limit of a census.
    pub fn after_insured(self, count: usize) -> Self {
        Self { census_left: MAX_CENSUS.saturating_sub(count), ..self }
    }

    /// Appends what is read to these rows.
    pub fn after_rows(self, read: RowsRead) -> Self {
        Self { read, ..self }
    }

    /// What was read.
    pub fn finish(mut self) -> RowsRead {
        if let Some(row) = self.section.unused_day {
            let message = Message::new("ordering-line");
            let place = Place::row(self.sheet, row);
            self.read.diagnostics.push(Diagnostic {
                code: Code::OrderingLine,
                place,
                value: masked(&self.section.text),
                message,
            });
        }
        self.read
    }

    /// Reads the next row of the sheet; rows above the table and rows without an insured are passed over.
    pub fn read(&mut self, row: &(impl Row + ?Sized)) {
        if self.spec.rows == RowKind::Changes && self.read_title(row) {
            return;
        }
        if row.number() <= self.header_row {
            let is_title = self.spec.rows == RowKind::Insured && row.number() < self.header_row;
            if is_title && self.read.left_title.is_none() && is_about_leavers(row) && !names_joining(row) {
                self.read.left_title = Some(row.number());
            }
            if is_title {
                self.check_row_above(row);
                self.check_terms(row, None);
            }
            return;
        }
        let reason = match self.spec.rows {
            RowKind::Counts => self.census_skip_reason(row),
            RowKind::Insured | RowKind::Changes => {
                self.judge.skip_reason(row).filter(|reason| !self.is_insured(row, *reason))
            }
        };
        let reason = self.with_leavers(row, reason);
        if reason.is_none() && self.other_columns.are_in(row) {
            self.read_spare(row);
        }
        match (reason, self.spec.rows) {
            (Some(Skip::Blank), _) => {}
            (Some(reason), _) => self.read.skipped.push((row.number(), reason)),
            (None, RowKind::Counts) => self.read_census_row(row),
            (None, RowKind::Changes) => self.read_change(row),
            (None, RowKind::Insured) => self.read_insured(row),
        }
    }

    /// The reason why a row is passed over, after sub-headings have been judged by their words: a row that is about those who left is one,
    /// also where it has a figure or stands in the column of names.
    fn with_leavers(&mut self, row: &(impl Row + ?Sized), reason: Option<Skip>) -> Option<Skip> {
        if reason.is_some() && !self.check_line(row) {
            self.check_terms(row, reason);
        }
        match reason {
            Some(Skip::Heading | Skip::Remark) if is_about_leavers(row) => Some(Skip::Left),
            Some(Skip::Heading | Skip::Remark) => {
                let text = lone_text(row).filter(|text| !names_part(text));
                self.read.unusual_headings.extend(text.map(|text| (row.number(), text)));
                reason
            }
            Some(Skip::Unfilled) => {
                lone_text(row).filter(|text| value::is_about_leavers(text)).map_or(reason, |_| Some(Skip::Left))
            }
            None if self.repeats_headings(row) || self.begins_table(row) => Some(Skip::RepeatedHeadings),
            None if self.spec.rows == RowKind::Insured && self.columns.cell(row, Field::BirthDate).is_empty() => {
                lone_text(row).filter(|text| value::is_leavers_heading(text)).map(|_| Skip::Left)
            }
            other => other,
        }
    }

    /// Counts the cells of a row that hold no field.
    fn read_spare(&mut self, row: &(impl Row + ?Sized)) {
        let decides = |word: &str| self.spec.rows == RowKind::Insured && value::decides_cover(word);
        let listed = |word: &str| match self.plans.find(word) {
            PlanReading::Unknown => decides(word).then_some(ListedWord::Decision),
            _ => Some(ListedWord::Plan),
        };
        self.read.spare.read(row, &self.other_columns, &listed);
    }

    fn read_insured(&mut self, row: &(impl Row + ?Sized)) {
        let diagnostics_before = self.read.diagnostics.len();
        self.read_name(row);
        let cover = self.cover(row);
        let birth_date = self.birth_date(row, cover);
        self.check_newborn(row, birth_date);
        let risk_group = self.risk_group(row);
        let plan = self.plan(row);
        let sum_insured = self.sum_insured(row, plan);
        self.read_id(row);
        self.check_age(row, birth_date, cover);
        let insured = InsuredRow { birth_date, risk_group, plan, sum_insured, cover, ..InsuredRow::default() };
        self.push(row, insured, diagnostics_before);
    }

    /// Adds an insured with the name and the id that were read, and the fields that cannot be wrong.
    #[expect(clippy::needless_pass_by_value, reason = "the caller's part of the row is completed here")]
    fn push(&mut self, row: &(impl Row + ?Sized), insured: InsuredRow<'_>, diagnostics_before: usize) {
        self.texts.read(row);
        let (relation, sex) = (self.relation(row), self.sex(row));
        let insured = InsuredRow {
            row: row.number(),
            id: &self.id,
            id_is_damaged: self.id_is_damaged,
            name: &self.name,
            sex,
            relation,
            texts: self.texts.texts(),
            rejected: self.has_error_since(diagnostics_before),
            ..insured
        };
        self.read.insured.push(self.sheet, &insured);
    }

    /// Whether an error was reported after the first `before` diagnostics.
    fn has_error_since(&self, before: usize) -> bool {
        self.read.diagnostics[before..].iter().any(|found| found.code.severity() == Severity::Error)
    }

    /// Whether a row that looks like a signature or a sub-heading is an insured all the same: it has a risk group or a plan of this contract;
    /// both, where a sub-heading may have counts.
    fn is_insured(&self, row: &(impl Row + ?Sized), reason: Skip) -> bool {
        let has_group = || {
            value::risk_group(self.columns.cell(row, Field::RiskGroup))
                .is_some_and(|group| self.spec.risk_groups.contains(&group))
        };
        let has_plan = || match self.columns.cell(row, Field::Plan) {
            Cell::Empty => false,
            plan => self.plans.find(&plan.display()) != PlanReading::Unknown,
        };
        match reason {
            Skip::Signature | Skip::Footer => has_group() || has_plan() || self.has_lone_term(row),
            Skip::Heading => {
                has_group() && has_plan() || self.is_plan_after_name() && has_plan() || self.has_lone_term(row)
            }
            _ => false,
        }
    }

    /// Whether nothing is filled but a day of cover or a relation, in a column of its own right of the names.
    fn has_lone_term(&self, row: &(impl Row + ?Sized)) -> bool {
        let mut filled = (0..row.width()).filter(|column| !row.cell(*column).is_empty());
        let (Some(column), None) = (filled.next(), filled.next()) else { return false };
        let is_in = |field: Field| self.columns.get(field) == Some(column);
        let cell = row.cell(column);
        let is_day = [Field::Start, Field::End, Field::CoverPeriod].into_iter().any(is_in)
            && (is_day(cell) || matches!(cell, Cell::Text(text) if holds_day(text)));
        let is_relation = is_in(Field::Relation)
            && value::relation(cell).is_some_and(|relation| relation != value::Relation::Unknown);
        self.columns.name.first().is_some_and(|name| column > name) && (is_day || is_relation)
    }

    /// Whether the plans stand right of the names, where no sub-heading stands.
    fn is_plan_after_name(&self) -> bool {
        self.columns.get(Field::Plan).zip(self.columns.name.first()).is_some_and(|(plan, name)| plan > name)
    }

    /// Reports that a cell is wrong, with its content masked where it is or may be personal.
    fn report(&mut self, code: Code, row: &(impl Row + ?Sized), field: Field, message: Message) {
        let content = self.columns.cell(row, field).display();
        let value = match field.spec().privacy {
            Privacy::Personal => masked(&content),
            Privacy::Open => mask_unless_known(&content, []),
        };
        self.report_value(code, row, self.columns.get(field), value, message);
    }

    fn report_value(
        &mut self,
        code: Code,
        row: &(impl Row + ?Sized),
        column: Option<usize>,
        value: String,
        message: Message,
    ) {
        let column = column.and_then(|column| u32::try_from(column).ok());
        let place = Place { sheet: self.sheet, row: row.number(), column };
        self.read.diagnostics.push(Diagnostic { code, place, value, message });
    }
}
