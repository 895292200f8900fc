//! A row of cells → an insured, and everything that is wrong with it.

pub(crate) mod census;
pub(crate) mod change;
pub(crate) mod columns;
pub(crate) mod messages;

use std::borrow::Cow;

use jiff::civil::Date;

use crate::base::calendar::{Period, shown_day};
use crate::base::diagnostic::{Code, Diagnostic, Place, Severity, masked};
use crate::base::messages::{Message, listed};
use crate::base::money::{Kopecks, MAX_SUM_INSURED};
use crate::roster::contacts::ContactReader;
use crate::roster::insured::{FIRST_BIRTH_YEAR, Insured, Person};
use crate::roster::spec::{RosterSpec, RowKind};
use crate::table::cell::{Cell, Epoch, Row};
use crate::table::layout::Layout;
use crate::table::limits::MAX_CENSUS;
use crate::table::skip::{Skip, skip};
use crate::table::text::{folded, mixes_alphabets};
use crate::table::value;
use columns::{Columns, NameColumns};
use messages::{append_text, date_fault, formula_fault, is_rounded, shown_code};

/// What was read of some rows of one sheet.
#[derive(Debug, Default)]
pub struct RowsRead {
    /// The insured.
    pub insured: Insured,
    /// What is wrong with them.
    pub diagnostics: Vec<Diagnostic>,
    /// Rows that hold no insured.
    pub skipped: Vec<(u32, Skip)>,
}

impl RowsRead {
    /// Moves what was read of rows further below after this, and leaves its room to it; the first time room is made for so many
    /// insured like them.
    pub(crate) fn append(&mut self, below: &mut Self, expected: usize) {
        self.insured.append(&mut below.insured, expected);
        self.diagnostics.append(&mut below.diagnostics);
        self.skipped.append(&mut below.skipped);
    }
}

/// Reads the rows of one sheet.
pub struct RowReader<'w> {
    wanted: &'w RosterSpec,
    plans: Vec<(String, u16)>,
    columns: Columns,
    /// The columns of all fields.
    fields: Vec<usize>,
    header_row: u32,
    sheet: u16,
    epoch: Epoch,
    /// So many insured more a census may count.
    room: usize,
    read: RowsRead,
    name: String,
    id: String,
    /// Whether the id has lost its last digits, so that it says nothing of who is who.
    id_is_damaged: bool,
    contacts: ContactReader,
}

impl<'w> RowReader<'w> {
    /// A reader of the rows of a sheet whose columns are known.
    #[must_use]
    pub fn new(layout: &Layout, sheet: u16, epoch: Epoch, wanted: &'w RosterSpec) -> Self {
        let plans = wanted.plans.iter().zip(0..).flat_map(|(plan, place)| {
            plan.name.iter().chain([&plan.code]).map(move |word| (folded(word), place)).collect::<Vec<_>>()
        });
        Self {
            wanted,
            plans: plans.collect(),
            columns: Columns::new(layout),
            fields: layout.columns().map(|(_, column)| column).collect(),
            header_row: layout.header_row,
            sheet,
            epoch,
            room: MAX_CENSUS,
            read: RowsRead::default(),
            name: String::new(),
            id: String::new(),
            id_is_damaged: false,
            contacts: if wanted.contacts { ContactReader::new(layout) } else { ContactReader::default() },
        }
    }

    /// Takes into account that so many insured have been read already, which count for the limit of a census.
    #[must_use]
    pub fn after(self, insured: usize) -> Self {
        Self { room: MAX_CENSUS.saturating_sub(insured), ..self }
    }

    /// Puts what it reads after these rows.
    #[must_use]
    pub fn after_rows(self, read: RowsRead) -> Self {
        Self { read, ..self }
    }

    /// Everything that was read.
    #[must_use]
    pub fn finish(self) -> RowsRead {
        self.read
    }

    /// Reads the next row of the sheet; rows above the table and rows without an insured are passed over.
    pub fn row(&mut self, row: &(impl Row + ?Sized)) {
        if row.number() <= self.header_row {
            return;
        }
        if self.wanted.rows == RowKind::Counts {
            return self.group(row);
        }
        let reason = skip(row, self.columns.name.first(), self.columns.birth_date, &self.fields);
        if let Some(reason) = reason.filter(|reason| !self.is_somebody(row, *reason)) {
            if reason != Skip::Blank {
                self.read.skipped.push((row.number(), reason));
            }
            return;
        }
        if self.wanted.rows == RowKind::Changes {
            return self.change(row);
        }
        let faults_before = self.read.diagnostics.len();
        self.take_name(row);
        let cover = self.cover(row);
        let birth_date = self.birth_date(row, cover);
        let risk_group = self.risk_group(row);
        let plan = self.plan(row);
        let sum_insured = self.sum_insured(row, plan);
        let sex = self.columns.sex.and_then(|column| value::sex(row.cell(column)));
        let relation = self.columns.relation.and_then(|column| value::relation(row.cell(column)));
        self.take_id(row);
        self.contacts.take(row);
        let rejected =
            self.read.diagnostics[faults_before..].iter().any(|found| found.code.severity() == Severity::Error);
        let person = Person {
            row: row.number(),
            id: &self.id,
            name: &self.name,
            birth_date,
            sex,
            risk_group,
            plan,
            sum_insured,
            cover,
            relation,
            ages: None,
            action: None,
            contacts: self.contacts.taken(),
            rejected,
            id_is_damaged: self.id_is_damaged,
        };
        self.read.insured.push(self.sheet, &person);
    }

    /// Whether a row that looks like a signature or the name of a department is somebody all the same: it has a risk group or a plan of
    /// this contract; both, where a department may have counts.
    fn is_somebody(&self, row: &(impl Row + ?Sized), reason: Skip) -> bool {
        let cell = |column: Option<usize>| column.map_or(Cell::Empty, |column| row.cell(column));
        let has_group = || {
            value::risk_group(cell(self.columns.risk_group))
                .is_some_and(|group| self.wanted.risk_groups.contains(&group))
        };
        let has_plan = || match cell(self.columns.plan) {
            Cell::Empty => false,
            written => self.plan_of(&written.shown()).is_some(),
        };
        match reason {
            Skip::Signature => has_group() || has_plan(),
            Skip::Heading => has_group() && has_plan(),
            _ => false,
        }
    }

    fn say(&mut self, code: Code, row: u32, column: Option<usize>, value: String, message: Message) {
        let column = column.and_then(|column| u32::try_from(column).ok());
        let place = Place { sheet: self.sheet, row, column };
        self.read.diagnostics.push(Diagnostic { code, place, value, message });
    }

    fn take_name(&mut self, row: &(impl Row + ?Sized)) {
        self.name.clear();
        let (column, complete) = match self.columns.name {
            NameColumns::Whole(Some(column)) => {
                append_text(&mut self.name, row.cell(column));
                (column, !self.name.is_empty())
            }
            NameColumns::Whole(None) => (0, false),
            NameColumns::Parts { surname, given_name, patronymic } => {
                let parts = [Some(surname), Some(given_name), patronymic];
                let mut missing = None;
                for column in parts.into_iter().flatten() {
                    if !self.name.is_empty() && !row.cell(column).is_empty() {
                        self.name.push(' ');
                    }
                    let before = self.name.len();
                    append_text(&mut self.name, row.cell(column));
                    // nobody needs a patronymic, but a formula that gives none has lost it
                    let may_miss = Some(column) == patronymic && row.cell(column).is_empty();
                    if before == self.name.len() && !may_miss {
                        missing = missing.or(Some(column));
                    }
                }
                (missing.unwrap_or(surname), missing.is_none())
            }
        };
        if !complete {
            let message = formula_fault(row.cell(column)).unwrap_or(Message::new("missing-name"));
            self.say(Code::MissingName, row.number(), Some(column), String::new(), message);
        }
        if mixes_alphabets(&self.name) {
            let shown = masked(&self.name);
            let message = Message::new("mixed-alphabet");
            self.say(Code::MixedAlphabet, row.number(), Some(column), shown, message);
        }
    }

    fn take_id(&mut self, row: &(impl Row + ?Sized)) {
        self.id.clear();
        self.id_is_damaged = false;
        let Some(column) = self.columns.id else { return };
        let cell = row.cell(column);
        append_text(&mut self.id, cell);
        self.id_is_damaged = is_rounded(cell);
        let rounded = self.id_is_damaged.then(|| Message::new("id-rounded"));
        if let Some(message) = rounded.or_else(|| formula_fault(cell)) {
            self.say(Code::BadId, row.number(), Some(column), masked(&cell.shown()), message);
        }
    }

    /// The days of cover: the contract's, but for the ends that the row has of its own (`I16`).
    ///
    /// Where the first day is right and the last is not, to the end of the contract: the row is rejected, but has an age.
    fn cover(&mut self, row: &(impl Row + ?Sized)) -> Option<Period> {
        let whole = self.wanted.period;
        let first = self.own_day(row, self.columns.start, whole.first());
        let last = self.own_day(row, self.columns.end, whole.last());
        match (first, last) {
            (Some(first), Some(last)) if first > last => {
                let column = self.columns.start.filter(|column| !row.cell(*column).is_empty()).or(self.columns.end);
                self.say_cover(row, column, Message::new("cover-dates-order"));
                None
            }
            (Some(first), last) => Period::new(first, last.unwrap_or(whole.last())),
            (None, _) => None,
        }
    }

    /// A first or last day of cover, which lies inside the contract's days.
    fn own_day(&mut self, row: &(impl Row + ?Sized), column: Option<usize>, otherwise: Date) -> Option<Date> {
        let Some(column) = column else { return Some(otherwise) };
        let whole = self.wanted.period;
        let message = match value::day(row.cell(column), self.epoch) {
            Ok(None) => return Some(otherwise),
            Ok(Some(day)) => {
                if day.from_serial {
                    self.say_serial(row, column, &masked(&row.cell(column).shown()));
                }
                if whole.contains(day.date) {
                    return Some(day.date);
                }
                let message = Message::new("cover-dates-outside").with("start", shown_day(whole.first()));
                message.with("end", shown_day(whole.last()))
            }
            Err(fault) => formula_fault(row.cell(column)).unwrap_or_else(|| date_fault(fault)),
        };
        self.say_cover(row, Some(column), message);
        None
    }

    fn say_cover(&mut self, row: &(impl Row + ?Sized), column: Option<usize>, message: Message) {
        let value = column.map(|column| row.cell(column).shown()).unwrap_or_default();
        self.say(Code::BadCoverDates, row.number(), column, masked(&value), message);
    }

    fn say_serial(&mut self, row: &(impl Row + ?Sized), column: usize, value: &str) {
        let message = Message::new("excel-serial-date");
        self.say(Code::ExcelSerialDate, row.number(), Some(column), value.to_owned(), message);
    }

    fn birth_date(&mut self, row: &(impl Row + ?Sized), cover: Option<Period>) -> Option<Date> {
        let column = self.columns.birth_date?;
        let cell = row.cell(column);
        match value::day(cell, self.epoch) {
            Ok(None) => {
                let message = Message::new("missing-birth-date");
                self.say(Code::MissingBirthDate, row.number(), Some(column), String::new(), message);
                None
            }
            Ok(Some(day)) => {
                let first_day = cover.map_or(self.wanted.period.last(), Period::first);
                let message = if day.date.year() < FIRST_BIRTH_YEAR {
                    Message::new("birth-date-too-early").with("year", FIRST_BIRTH_YEAR.to_string())
                } else if day.date > first_day {
                    Message::new("birth-date-after-cover").with("day", shown_day(first_day))
                } else {
                    if day.from_serial {
                        self.say_serial(row, column, &masked(&cell.shown()));
                    }
                    return Some(day.date);
                };
                self.say(Code::BadBirthDate, row.number(), Some(column), masked(&cell.shown()), message);
                // by a day that cannot be right, somebody is told from another all the same
                Some(day.date)
            }
            Err(fault) => {
                let message = formula_fault(cell).unwrap_or_else(|| date_fault(fault));
                self.say(Code::BadBirthDate, row.number(), Some(column), masked(&cell.shown()), message);
                None
            }
        }
    }

    fn risk_group(&mut self, row: &(impl Row + ?Sized)) -> Option<u8> {
        let cell = self.columns.risk_group.map_or(Cell::Empty, |column| row.cell(column));
        if cell.is_empty() {
            if self.wanted.default_risk_group.is_none() {
                let message = Message::new("missing-risk-group");
                self.say(Code::MissingRiskGroup, row.number(), self.columns.risk_group, String::new(), message);
            }
            return self.wanted.default_risk_group;
        }
        let group = value::risk_group(cell).filter(|group| self.wanted.risk_groups.contains(group));
        if group.is_none() {
            let unknown = || Message::new("bad-risk-group").with("known", listed(&self.wanted.risk_groups));
            let message = formula_fault(cell).unwrap_or_else(unknown);
            self.say(Code::BadRiskGroup, row.number(), self.columns.risk_group, shown_code(&cell.shown(), []), message);
        }
        group
    }

    fn plan(&mut self, row: &(impl Row + ?Sized)) -> Option<u16> {
        let cell = self.columns.plan.map_or(Cell::Empty, |column| row.cell(column));
        if cell.is_empty() {
            if let [_] = self.wanted.plans.as_slice() {
                return Some(0);
            }
            let message = Message::new("missing-plan").with("known", self.plans_listed());
            self.say(Code::MissingPlan, row.number(), self.columns.plan, String::new(), message);
            return None;
        }
        let written = match cell {
            Cell::Text(text) => Cow::Borrowed(text),
            other => Cow::Owned(other.shown()),
        };
        let plan = self.plan_of(&written);
        if plan.is_none() {
            let unknown = || Message::new("unknown-plan").with("known", self.plans_listed());
            let message = formula_fault(cell).unwrap_or_else(unknown);
            let words = self.wanted.plans.iter().flat_map(|plan| [Some(plan.code.as_str()), plan.name.as_deref()]);
            let shown = shown_code(&written, words.flatten());
            self.say(Code::UnknownPlan, row.number(), self.columns.plan, shown, message);
        }
        plan
    }

    /// The plan of this code or name.
    fn plan_of(&self, written: &str) -> Option<u16> {
        let exactly = self.wanted.plans.iter().position(|plan| plan.code == written);
        exactly.and_then(|at| u16::try_from(at).ok()).or_else(|| {
            let folded = folded(written);
            self.plans.iter().find(|(word, _)| *word == folded).map(|(_, place)| *place)
        })
    }

    fn plans_listed(&self) -> String {
        listed(self.wanted.plans.iter().map(|plan| &plan.code))
    }

    fn sum_insured(&mut self, row: &(impl Row + ?Sized), plan: Option<u16>) -> Option<Kopecks> {
        let column = self.columns.sum_insured?;
        let cell = row.cell(column);
        if cell.is_empty() {
            return None;
        }
        let read = value::sum_insured(cell);
        let several = plan.map(|plan| &self.wanted.plans[usize::from(plan)]).filter(|plan| !plan.own_sum_insured);
        let message = match (read, several) {
            (Ok(sum), None) => return Some(sum),
            (Ok(_), Some(plan)) => Message::new("sum-insured-several-covers").with("plan", plan.code.as_str()),
            (Err(()), _) => Message::new("bad-sum-insured").with("limit", MAX_SUM_INSURED),
        };
        self.say(Code::BadSumInsured, row.number(), Some(column), shown_code(&cell.shown(), []), message);
        None
    }
}
