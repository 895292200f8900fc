//! The fields of a row, each with everything that can be wrong with it.

use std::borrow::Cow;

use jiff::civil::Date;

use crate::base::calendar::{Period, age_years, format_day};
use crate::base::diagnostic::{Code, masked};
use crate::base::messages::{Message, listed};
use crate::base::money::{Kopecks, MAX_SUM_INSURED};
use crate::base::sex::Sex;
use crate::roster::field::{Field, NUMBERS};
use crate::roster::insured::FIRST_BIRTH_YEAR;
use crate::roster::plan_words::PlanReading;
use crate::roster::row::RowReader;
use crate::roster::value::{
    NameFault, NamePart, Relation, cover_period, decides_cover, is_no_number, is_no_patronymic, leaves_day_open,
    name_fault, relation, risk_group, sex, sex_of_patronymic, sum_insured_in, sum_insured_thousands,
};
use crate::table::cell::{Cell, Row};
use crate::table::cell_faults::{date_fault, formula_fault, mask_unless_known};
use crate::table::free_text::{is_name, is_person};
use crate::table::layout::SplitColumns;
use crate::table::text::{has_control, mixes_alphabets};
use crate::table::value::{AmountUnit, DateFault, Day, ages, amount_unit, day_in_order};

impl RowReader<'_> {
    /// Reads the name from its column, or from the columns of its parts.
    pub(super) fn read_name(&mut self, row: &(impl Row + ?Sized)) {
        self.name.clear();
        let columns = self.columns.name;
        let (optional, part) = match columns {
            SplitColumns::Parts(_, _, patronymic) => (patronymic, NamePart::Part),
            SplitColumns::Whole(_) => (None, NamePart::Whole),
        };
        let (mut missing, mut bad) = (None, None);
        for column in columns.iter() {
            let cell = row.cell(column);
            if Some(column) == optional && is_no_patronymic(cell) {
                continue;
            }
            bad = bad.or_else(|| name_fault(cell, part).map(|fault| (column, fault)));
            if !self.name.is_empty() && !cell.is_empty() {
                self.name.push(' ');
            }
            let before = self.name.len();
            cell.append_to(&mut self.name);
            // a patronymic may be missing, but not a formula that gives none
            let may_miss = Some(column) == optional && cell.is_empty();
            if before == self.name.len() && !may_miss {
                missing = missing.or(Some(column));
            }
        }
        if memchr::memchr2(b'\n', b'\r', self.name.as_bytes()).is_some() {
            self.name = self.name.split_whitespace().collect::<Vec<_>>().join(" ");
        }
        let column = missing.or(columns.first()).unwrap_or(0);
        if missing.is_some() || columns.first().is_none() {
            let message = formula_fault(row.cell(column)).unwrap_or(Message::new("missing-name"));
            self.report_value(Code::MissingName, row, Some(column), String::new(), message);
        }
        if let Some((column, fault)) = bad {
            let (code, name) = match fault {
                NameFault::Control => (Code::ControlCharacter, "control-character"),
                NameFault::Letters => (Code::BadName, "bad-name-letters"),
                NameFault::NotAName => (Code::BadName, "bad-name"),
                NameFault::Several => (Code::BadName, "bad-name-several"),
            };
            let value = masked(&row.cell(column).display());
            self.report_value(code, row, Some(column), value, Message::new(name));
        }
        if mixes_alphabets(&self.name) {
            let value = masked(&self.name);
            self.report_value(Code::MixedAlphabet, row, Some(column), value, Message::new("mixed-alphabet"));
        }
    }

    /// Reads the id: the first number that the row has.
    pub(super) fn read_id(&mut self, row: &(impl Row + ?Sized)) {
        self.id.clear();
        self.id_is_damaged = false;
        for field in NUMBERS {
            let cell = self.columns.cell(row, field);
            if is_no_number(cell) {
                continue;
            }
            let is_no_number = || matches!(cell, Cell::Bool(_) | Cell::Date(_) | Cell::Moment(_));
            let rounded = cell.is_rounded().then(|| Message::new("id-rounded"));
            let rounded = rounded.or_else(|| is_no_number().then(|| Message::new("id-of-another-kind")));
            if self.id.is_empty() {
                cell.append_to(&mut self.id);
                self.id_is_damaged = rounded.is_some();
            }
            if matches!(cell, Cell::Text(text) if has_control(text)) {
                self.report(Code::ControlCharacter, row, field, Message::new("control-character"));
            }
            if let Some(message) = rounded.or_else(|| formula_fault(cell)) {
                self.report(Code::BadId, row, field, message);
            }
        }
    }

    /// The days of cover: the contract's, except for the row's own first or last day (`I16`).
    ///
    /// Where only the last day is wrong, to the end of the contract: the row is rejected, but has an age.
    pub(super) fn cover(&mut self, row: &(impl Row + ?Sized)) -> Option<Period> {
        let whole = self.spec.period;
        // nearly every row
        if [Field::CoverPeriod, Field::Start, Field::End].iter().all(|field| self.columns.cell(row, *field).is_empty())
        {
            return Some(whole);
        }
        let stated = self.cover_in_one_cell(row)?;
        let first = self.cover_day(row, Field::Start, stated.0.unwrap_or(whole.first()));
        let last = self.cover_day(row, Field::End, stated.1.unwrap_or(whole.last()));
        if [(stated.0, first), (stated.1, last)].iter().any(|(stated, found)| stated.is_some() && stated != found) {
            self.report(Code::BadCoverDates, row, Field::CoverPeriod, Message::new("cover-period-differs"));
            return None;
        }
        match (first, last) {
            (Some(first), Some(last)) if first > last => {
                let has_start = !self.columns.cell(row, Field::Start).is_empty();
                let field = if has_start { Field::Start } else { Field::End };
                self.report(Code::BadCoverDates, row, field, Message::new("cover-dates-order"));
                None
            }
            (Some(first), last) => Period::new(first, last.unwrap_or(whole.last())),
            (None, _) => None,
        }
    }

    /// The first and the last day in one cell of a row, in the order of day and month of its column.
    pub(super) fn days_in_one_cell(
        &mut self,
        row: &(impl Row + ?Sized),
    ) -> Result<(Option<Date>, Option<Date>), DateFault> {
        let (order, epoch, evidence) =
            (self.date_orders.order(Field::CoverPeriod), self.epoch, &mut self.read.date_evidence);
        cover_period(self.columns.cell(row, Field::CoverPeriod), |text| {
            let read = day_in_order(Cell::Text(text), epoch, order);
            evidence.record(row.number(), Field::CoverPeriod, Cell::Text(text), order, read);
            read
        })
    }

    /// The first and the last day of cover that a row has in one cell, inside the contract's days; `None` where the cell is faulty.
    fn cover_in_one_cell(&mut self, row: &(impl Row + ?Sized)) -> Option<(Option<Date>, Option<Date>)> {
        let whole = self.spec.period;
        let cell = self.columns.cell(row, Field::CoverPeriod);
        if cell.is_empty() || leaves_day_open(cell) {
            return Some((None, None));
        }
        let (code, message) = match self.days_in_one_cell(row) {
            Ok((first, last)) => {
                if [first, last].into_iter().flatten().all(|day| whole.contains(day)) {
                    return Some((first, last));
                }
                let message = Message::new("cover-dates-outside").with("start", format_day(whole.first()));
                (Code::BadCoverDates, message.with("end", format_day(whole.last())))
            }
            Err(DateFault::NotADate) => {
                (Code::BadCoverDates, formula_fault(cell).unwrap_or(Message::new("bad-cover-period")))
            }
            Err(fault) => (date_code(fault, Code::BadCoverDates), date_fault(fault)),
        };
        self.report(code, row, Field::CoverPeriod, message);
        None
    }

    /// The row's own first or last day of cover, which lies inside the contract's days; `by_default` where there is none.
    fn cover_day(&mut self, row: &(impl Row + ?Sized), field: Field, by_default: Date) -> Option<Date> {
        let cell = self.columns.cell(row, field);
        let whole = self.spec.period;
        if leaves_day_open(cell) {
            return Some(by_default);
        }
        let (code, message) = match self.day(row, field) {
            Ok(None) => return Some(by_default),
            Ok(Some(day)) => {
                if day.from_serial {
                    self.report(Code::ExcelSerialDate, row, field, Message::new("excel-serial-date"));
                }
                if whole.contains(day.date) {
                    return Some(day.date);
                }
                let message = Message::new("cover-dates-outside").with("start", format_day(whole.first()));
                (Code::BadCoverDates, message.with("end", format_day(whole.last())))
            }
            Err(fault) => {
                (date_code(fault, Code::BadCoverDates), formula_fault(cell).unwrap_or_else(|| date_fault(fault)))
            }
        };
        self.report(code, row, field, message);
        None
    }

    /// The day in the cell of a field, in the order of day and month of its column.
    pub(super) fn day(&mut self, row: &(impl Row + ?Sized), field: Field) -> Result<Option<Day>, DateFault> {
        let (cell, order) = (self.columns.cell(row, field), self.date_orders.order(field));
        let read = day_in_order(cell, self.epoch, order);
        self.read.date_evidence.record(row.number(), field, cell, order, read);
        read
    }

    /// The relation of the insured to the employee; a word that is not recognised gives no right to a family discount. A name there is a
    /// relative who may be meant to be insured: an error.
    pub(super) fn relation(&mut self, row: &(impl Row + ?Sized)) -> Option<Relation> {
        if self.states_action_as_relation(row) {
            return None;
        }
        let cell = self.columns.cell(row, Field::Relation);
        let relation = relation(cell).map(|relation| self.letters_of_relations.read(cell).unwrap_or(relation));
        if relation == Some(Relation::Unknown) {
            let text = if let Cell::Text(text) = cell { text } else { "" };
            let (code, message) = if is_name(text) || is_person(text) {
                (Code::UnclaimedColumn, Message::new("relation-is-a-name"))
            } else if decides_cover(text) {
                (Code::UnknownRelation, Message::new("left-row"))
            } else {
                (Code::UnknownRelation, formula_fault(cell).unwrap_or(Message::new("unknown-relation")))
            };
            self.report(code, row, Field::Relation, message);
        }
        relation
    }

    /// The sex; a word that is not understood has no effect.
    pub(super) fn sex(&mut self, row: &(impl Row + ?Sized)) -> Option<Sex> {
        let cell = self.columns.cell(row, Field::Sex);
        if cell.is_empty() {
            return None;
        }
        let sex = sex(cell);
        if sex.is_none() {
            let message = formula_fault(cell).unwrap_or(Message::new("unknown-sex"));
            self.report(Code::UnknownSex, row, Field::Sex, message);
        } else if sex_of_patronymic(&self.name).is_some_and(|by_name| Some(by_name) != sex) {
            self.report(Code::SexAndName, row, Field::Sex, Message::new("sex-and-name"));
        }
        sex
    }

    /// Compares the age that the row states with that by the birth date; the age may be that of another day than the first one of cover.
    pub(super) fn check_age(&mut self, row: &(impl Row + ?Sized), birth_date: Option<Date>, cover: Option<Period>) {
        const MOST_YEARS_APART: u16 = 1;
        let (Some(birth_date), Some(cover)) = (birth_date, cover) else { return };
        let Ok(Some(stated)) = ages(self.columns.cell(row, Field::StatedAge)) else { return };
        let Some(age) = age_years(birth_date, cover.first()).filter(|_| stated.from == stated.to) else { return };
        if stated.from.abs_diff(age) > MOST_YEARS_APART {
            let message =
                Message::new("age-and-birth-date").with("stated", stated.from.to_string()).with("age", age.to_string());
            self.report(Code::AgeAndBirthDate, row, Field::StatedAge, message);
        }
    }

    /// The day of birth; also an impossible one, by which duplicates are found all the same.
    pub(super) fn birth_date(&mut self, row: &(impl Row + ?Sized), cover: Option<Period>) -> Option<Date> {
        self.columns.get(Field::BirthDate)?;
        let cell = self.columns.cell(row, Field::BirthDate);
        let (date, code, message) = match self.day(row, Field::BirthDate) {
            Ok(None) => (None, Code::MissingBirthDate, Message::new("missing-birth-date")),
            Ok(Some(day)) => {
                let first_day = cover.map_or(self.spec.period.last(), Period::first);
                let (code, message) = if day.date.year() < FIRST_BIRTH_YEAR {
                    let message = Message::new("birth-date-too-early").with("year", FIRST_BIRTH_YEAR.to_string());
                    (Code::BadBirthDate, message)
                } else if day.date > first_day {
                    let message = Message::new("birth-date-after-cover").with("day", format_day(first_day));
                    (Code::BadBirthDate, message)
                } else if day.from_serial {
                    (Code::ExcelSerialDate, Message::new("excel-serial-date"))
                } else {
                    return Some(day.date);
                };
                (Some(day.date), code, message)
            }
            Err(fault) => {
                let message = formula_fault(cell).unwrap_or_else(|| date_fault(fault));
                (None, date_code(fault, Code::BadBirthDate), message)
            }
        };
        self.report(code, row, Field::BirthDate, message);
        date
    }

    pub(super) fn risk_group(&mut self, row: &(impl Row + ?Sized)) -> Option<u8> {
        let cell = self.columns.cell(row, Field::RiskGroup);
        if cell.is_empty() {
            if self.spec.default_risk_group.is_none() && !self.spec.terms_optional {
                self.report(Code::MissingRiskGroup, row, Field::RiskGroup, Message::new("missing-risk-group"));
            }
            return self.spec.default_risk_group;
        }
        let group = risk_group(cell).filter(|group| self.spec.risk_groups.contains(group));
        if group.is_none() {
            let unknown = || Message::new("bad-risk-group").with("known", listed(&self.spec.risk_groups));
            let message = formula_fault(cell).unwrap_or_else(unknown);
            self.report(Code::BadRiskGroup, row, Field::RiskGroup, message);
        }
        group
    }

    /// The place of the plan in the contract.
    pub(super) fn plan(&mut self, row: &(impl Row + ?Sized)) -> Option<u16> {
        let cell = self.columns.cell(row, Field::Plan);
        let codes = || listed(self.spec.plans.iter().map(|plan| &plan.code));
        if cell.is_empty() {
            if let [_] = self.spec.plans.as_slice() {
                return Some(0);
            }
            if self.spec.default_plan.is_some() {
                return self.spec.default_plan;
            }
            if self.spec.terms_optional {
                return None;
            }
            let message = Message::new("missing-plan").with("known", codes());
            self.report(Code::MissingPlan, row, Field::Plan, message);
            return None;
        }
        let word = match cell {
            Cell::Text(text) => Cow::Borrowed(text),
            other => Cow::Owned(other.display()),
        };
        let message = match self.plans.find(&word) {
            PlanReading::Plan(plan) => return Some(plan),
            PlanReading::Either(first, second) => {
                let code = |plan: u16| self.spec.plans[usize::from(plan)].code.as_str();
                Message::new("plan-two-readings").with("first", code(first)).with("second", code(second))
            }
            PlanReading::Unknown => {
                formula_fault(cell).unwrap_or_else(|| Message::new("unknown-plan").with("known", codes()))
            }
        };
        let words = self.spec.plans.iter().flat_map(|plan| [Some(plan.code.as_str()), plan.name.as_deref()]);
        let value = mask_unless_known(&word, words.flatten());
        self.report_value(Code::UnknownPlan, row, self.columns.get(Field::Plan), value, message);
        None
    }

    /// The insured's own sum insured, which only a plan of one cover allows.
    pub(super) fn sum_insured(&mut self, row: &(impl Row + ?Sized), plan: Option<u16>) -> Option<Kopecks> {
        let thousands = self.columns.cell(row, Field::SumInsuredThousands);
        let cell = self.columns.cell(row, Field::SumInsured);
        let (field, sum) = match (cell.is_empty(), thousands.is_empty()) {
            (true, true) => return None,
            (true, false) => (Field::SumInsuredThousands, sum_insured_thousands(thousands)),
            (false, true) => (Field::SumInsured, sum_insured_in(cell, self.sum_unit)),
            // two sums that differ are none
            (false, false) => (
                Field::SumInsured,
                sum_insured_in(cell, self.sum_unit).filter(|sum| sum_insured_thousands(thousands) == Some(*sum)),
            ),
        };
        let (stated, unit) = match field {
            Field::SumInsuredThousands => (thousands, Some(AmountUnit::Thousands)),
            _ => (cell, self.unit_of(cell)),
        };
        let several_covers = plan.map(|plan| &self.spec.plans[usize::from(plan)]).filter(|plan| !plan.own_sum_insured);
        let message = match (sum, several_covers) {
            (Some(sum), None) => return Some(sum),
            (Some(_), Some(plan)) => Message::new("sum-insured-several-covers").with("plan", plan.code.as_str()),
            (None, _)
                if sum_insured_in(cell, self.sum_unit).is_some() && sum_insured_thousands(thousands).is_some() =>
            {
                Message::new("sums-insured-differ")
            }
            (None, _) if unit == Some(AmountUnit::Foreign) => Message::new("sum-insured-foreign"),
            (None, _) if unit == Some(AmountUnit::Thousands) && sum_insured_in(stated, None).is_some() => {
                Message::new("sum-insured-not-thousands")
            }
            (None, _) => Message::new("bad-sum-insured").with("limit", MAX_SUM_INSURED),
        };
        self.report(Code::BadSumInsured, row, field, message);
        None
    }
}

impl RowReader<'_> {
    /// The unit of an own sum insured: that of the cell, or that of its column.
    fn unit_of(&self, cell: Cell<'_>) -> Option<AmountUnit> {
        let own = if let Cell::Text(text) = cell { amount_unit(text) } else { None };
        own.or(self.sum_unit)
    }
}

/// The code of a day that cannot be read: `usual`, unless the fault has a code of its own.
pub(super) const fn date_code(fault: DateFault, usual: Code) -> Code {
    match fault {
        DateFault::TimeOfDay => Code::TimeOfDay,
        DateFault::OrderUnknown => Code::DateOrder,
        _ => usual,
    }
}
