//! The admission of rows to pricing: each is priced, referred or rejected, and the three add up.

use std::collections::BTreeMap;

use rayon::prelude::*;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::base::calendar::format_day;
use crate::base::diagnostic::{Code, Diagnostic, Place, Severity, masked};
use crate::base::messages::Message;
use crate::base::sex::Sex;
use crate::pricing::cube::{AgeClass, Axes};
use crate::pricing::rating::{check_ages, depends_on_child_band};
use crate::pricing::terms::{Cover, Plan};
use crate::quote::contract::{Contract, no_rate_message};
use crate::roster::Roster;
use crate::roster::field::Field;
use crate::roster::value::Action;
use crate::table::value::Ages;
use crate::tariff::Tariff;
use crate::tariff::band::Band;

/// The outcome of the rows of a roster: `read = priced + referred + rejected`. A row of a census counts once.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowCounts {
    /// Rows of data.
    pub read: usize,
    /// Rows without an error or a referral.
    pub priced: usize,
    /// Rows outside the tariff, without an error.
    pub referred: usize,
    /// Rows with an error.
    pub rejected: usize,
}

impl RowCounts {
    fn add(&mut self, other: Self) {
        self.read += other.read;
        self.priced += other.priced;
        self.referred += other.referred;
        self.rejected += other.rejected;
    }
}

/// A priced insured: the row, and its coordinates in the cube.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Admitted {
    /// The place of the row in the roster's columns.
    pub at: u32,
    /// Completed years on the first day of the insured's cover (`I4`).
    pub age_years: u16,
    /// The plan, by its place in the contract.
    pub plan: u16,
    /// The age class, by its place in [`Axes::ages`].
    pub age_class: u8,
    /// The risk group, by its place in the tariff.
    pub risk: u8,
}

/// Admits the rows that can be priced, and adds the faults of the others to the roster's diagnostics; `accepted` are the coefficients
/// by age of rows whose insured the contract accepts outside of the tariff's ages (`I73`).
pub(crate) fn admit(
    roster: &mut Roster,
    contract: &Contract,
    tariff: &Tariff,
    axes: &Axes,
    accepted: &BTreeMap<usize, Decimal>,
) -> (Vec<Admitted>, RowCounts) {
    const ROWS_PER_TASK: usize = 16 * 1024;
    let plans: Vec<PlanLimits<'_>> =
        contract.terms.plans.iter().map(|plan| PlanLimits::new(plan, tariff, axes)).collect();
    let admission = Admission { roster, tariff, axes, plans: &plans, accepted };
    let rows = admission.roster.insured.len();
    let tasks: Vec<usize> = (0..rows).step_by(ROWS_PER_TASK).collect();
    let results: Vec<AdmissionResult> = tasks
        .into_par_iter()
        .map(|first| {
            let mut result = AdmissionResult::default();
            (first..rows.min(first + ROWS_PER_TASK)).for_each(|at| admission.add_row(at, &mut result));
            result
        })
        .collect();
    let mut admitted = Vec::with_capacity(rows);
    let mut counts = RowCounts::default();
    for result in results {
        admitted.extend(result.admitted);
        counts.add(result.rows);
        roster.tables.diagnostics.extend(result.diagnostics);
    }
    roster.tables.sort();
    (admitted, counts)
}

/// Who may be on a plan.
struct PlanLimits<'t> {
    /// The reason why the insured of an age class may not, by age class.
    ages: Vec<Option<Message>>,
    /// The only sex of a programme of the plan, and the code of the programme.
    sex: Option<(Sex, &'t str)>,
    /// Whether a rate of the plan depends on the child band.
    by_child_band: bool,
}

impl<'t> PlanLimits<'t> {
    fn new(plan: &Plan, tariff: &'t Tariff, axes: &Axes) -> Self {
        let refusal =
            |cover: &Cover, ages| Some(no_rate_message(check_ages(tariff, cover, ages).err()?, tariff, cover));
        let programmes = plan.covers.iter().map(|cover| &tariff.programmes[cover.programme]);
        Self {
            ages: axes.ages.iter().map(|ages| plan.covers.iter().find_map(|cover| refusal(cover, ages))).collect(),
            sex: { programmes }.find_map(|programme| Some((programme.sex?, programme.code.as_str()))),
            by_child_band: plan.covers.iter().any(|cover| depends_on_child_band(tariff, cover)),
        }
    }
}

/// The result of some rows.
#[derive(Default)]
struct AdmissionResult {
    admitted: Vec<Admitted>,
    rows: RowCounts,
    diagnostics: Vec<Diagnostic>,
}

/// What the admission of a row depends on.
struct Admission<'a> {
    roster: &'a Roster,
    tariff: &'a Tariff,
    axes: &'a Axes,
    plans: &'a [PlanLimits<'a>],
    accepted: &'a BTreeMap<usize, Decimal>,
}

impl Admission<'_> {
    fn add_row(&self, at: usize, result: &mut AdmissionResult) {
        let insured = &self.roster.insured;
        // a leaver costs nothing
        if insured.action(at) == Some(Action::Leave) {
            let rejected = usize::from(insured.rejected[at]);
            result.rows.add(RowCounts { read: 1, priced: 1 - rejected, rejected, ..RowCounts::default() });
            return;
        }
        let plan = insured.plan[at];
        let age = insured.ages(at).map(|ages| ages.from).or_else(|| insured.age_years(at));
        let diagnostics = self.diagnostics(at, age, plan);
        let worst = diagnostics.iter().map(|found| found.code.severity()).min();
        let mut row = RowCounts { read: 1, ..RowCounts::default() };
        match worst {
            _ if insured.rejected[at] => row.rejected = 1,
            Some(Severity::Error) => row.rejected = 1,
            Some(Severity::Referral) => row.referred = 1,
            Some(Severity::Warning) | None => {
                row.priced = 1;
                let age_class = age.and_then(|age| self.age_class(at, age));
                let risk = insured.risk_group[at].and_then(|group| self.axes.risk(group));
                let (Some(age_years), Some(plan), Some(age_class), Some(risk)) = (age, plan, age_class, risk) else {
                    unreachable!("a row without an error has all that pricing needs");
                };
                let at = u32::try_from(at).expect("a roster has fewer than 2^32 rows");
                result.admitted.push(Admitted { at, age_years, plan, age_class, risk });
            }
        }
        // a row of a census becomes several insured, and is counted and reported once
        let is_same_row =
            |other: usize| (insured.sheet[other], insured.row[other]) == (insured.sheet[at], insured.row[at]);
        if !(self.roster.census && at.checked_sub(1).is_some_and(is_same_row)) {
            result.rows.add(row);
            result.diagnostics.extend(diagnostics);
        }
    }

    /// The class of a row's age: that of the tariff, or one that the contract accepts (`I73`).
    fn age_class(&self, at: usize, age: u16) -> Option<u8> {
        let accepted = || self.axes.accepted_class(*self.accepted.get(&at)?);
        self.axes.age_class(age).or_else(accepted)
    }

    /// What keeps a row from being priced.
    fn diagnostics(&self, at: usize, age: Option<u16>, plan: Option<u16>) -> Vec<Diagnostic> {
        let insured = &self.roster.insured;
        let mut diagnostics = Vec::new();
        diagnostics.extend(insured.ages(at).and_then(|ages| self.mixed_ages(at, ages, plan)));
        let mut age_class = age.and_then(|age| self.age_class(at, age));
        if age.is_some() && age_class.is_none() {
            let message = Message::new("age-outside-tariff")
                .with("last", self.tariff.last_age().to_string())
                .with("clause", self.tariff.age.clause.as_str());
            diagnostics.push(self.diagnostic(at, Code::AgeOutsideTariff, self.age_field(), message));
            // an age past the table is past the children's programmes too
            age_class = self.axes.age_class(self.tariff.last_age());
        }
        let Some(plan) = plan.map(|plan| &self.plans[usize::from(plan)]) else { return diagnostics };
        if let Some(message) = age_class.and_then(|age_class| plan.ages[usize::from(age_class)].clone()) {
            diagnostics.push(self.diagnostic(at, Code::AgeOutsideProgramme, self.age_field(), message));
        }
        if let (Some(sex), Some((only, programme))) = (insured.sex[at], plan.sex)
            && only != sex
        {
            let message = Message::new("sex-and-programme").with("programme", programme);
            diagnostics.push(self.diagnostic(at, Code::SexAndProgramme, Field::Sex, message));
        }
        diagnostics
    }

    /// The field that has the age, or gives it.
    fn age_field(&self) -> Field {
        if self.roster.census { Field::Age } else { Field::BirthDate }
    }

    /// A range of ages in a census with more than one price on the plan, and the ranges that have one.
    fn mixed_ages(&self, at: usize, ages: Ages, plan: Option<u16>) -> Option<Diagnostic> {
        let by_child_band = plan.is_none_or(|plan| self.plans[usize::from(plan)].by_child_band);
        let bands_of = |class: &AgeClass| (class.age_band, class.child_band.filter(|_| by_child_band));
        let inside = self.axes.tariff_ages().filter(|class| class.years.to >= ages.from && class.years.from <= ages.to);
        let inside: Vec<&AgeClass> = inside.collect();
        let equal = inside.chunk_by(|class, next| bands_of(class) == bands_of(next));
        let bands = equal.filter_map(|classes| Some((classes.first()?.years.from, classes.last()?.years.to)));
        let mut bands: Vec<String> =
            bands.map(|(from, to)| Band { from: from.max(ages.from), to: to.min(ages.to) }.to_string()).collect();
        let last = self.tariff.last_age();
        if ages.to > last && ages.from <= last {
            bands.push(format!("{}+", last + 1));
        }
        if bands.len() < 2 {
            return None;
        }
        let message = Message::new("age-range-apart").with("bands", bands.join(", "));
        Some(self.diagnostic(at, Code::BadAge, Field::Age, message))
    }

    fn diagnostic(&self, at: usize, code: Code, field: Field, message: Message) -> Diagnostic {
        let insured = &self.roster.insured;
        let sheet = insured.sheet[at];
        let layout = self.roster.tables.sheets[usize::from(sheet)].layout.as_ref();
        let column = layout.and_then(|layout| layout.column(field)).and_then(|column| u32::try_from(column).ok());
        let value = match field {
            Field::BirthDate => insured.birth_date[at].map(|date| masked(&format_day(date))),
            _ => None,
        };
        let place = Place { sheet, row: insured.row[at], column };
        Diagnostic { code, place, value: value.unwrap_or_default(), message }
    }
}
