//! Which rows can be priced: every one is priced, referred or rejected, and the three add up.

use rayon::prelude::*;

use crate::base::calendar::shown_day;
use crate::base::diagnostic::{Code, Diagnostic, Place, Severity, masked};
use crate::base::messages::Message;
use crate::base::sex::Sex;
use crate::pricing::cube::{AgeClass, Axes};
use crate::pricing::rating::Rating;
use crate::quote::contract::{Contract, Cover, Plan};
use crate::roster::Roster;
use crate::roster::field::Field;
use crate::table::value::{Action, Ages};
use crate::tariff::Tariff;
use crate::tariff::band::Band;

/// What became of the rows of a roster: `read = priced + referred + rejected`. A row of a census is one, however many it counts.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
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

/// An insured who is priced: the row, and its coordinates in the cube.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Admitted {
    /// The place of the row in the roster's columns.
    pub at: u32,
    /// Completed years on the first day of the own cover (`I4`).
    pub age_years: u16,
    /// The plan, by its place in the contract.
    pub plan: u16,
    /// The ages, by their place in [`Axes::ages`].
    pub step: u8,
    /// The risk group, by its place in the tariff.
    pub risk: u8,
}

/// Judges every row, adds what is wrong to the roster's diagnostics, and returns those that can be priced.
pub(crate) fn admit(
    roster: &mut Roster,
    contract: &Contract,
    tariff: &Tariff,
    axes: &Axes,
) -> (Vec<Admitted>, RowCounts) {
    const ROWS_AT_ONCE: usize = 16 * 1024;
    let ageing = ageing(contract, tariff, axes);
    let for_one_sex: Vec<Option<(Sex, &str)>> = contract
        .plans
        .iter()
        .map(|plan| {
            let programmes = plan.covers.iter().map(|cover| &tariff.programmes[cover.programme]);
            { programmes }.find_map(|programme| Some((programme.sex?, programme.code.as_str())))
        })
        .collect();
    let tells_apart = |plan: &Plan| plan.covers.iter().any(|cover| Rating::tells_children_apart(tariff, cover));
    let by_child_band: Vec<bool> = contract.plans.iter().map(tells_apart).collect();
    let judge =
        Judge { roster, tariff, axes, ageing: &ageing, for_one_sex: &for_one_sex, by_child_band: &by_child_band };
    let places: Vec<usize> = (0..roster.insured.len()).step_by(ROWS_AT_ONCE).collect();
    let judged: Vec<Judged> = places
        .into_par_iter()
        .map(|first| {
            let mut judged = Judged::default();
            (first..judge.roster.insured.len().min(first + ROWS_AT_ONCE)).for_each(|at| judge.row(at, &mut judged));
            judged
        })
        .collect();
    let mut admitted = Vec::with_capacity(roster.insured.len());
    let mut rows = RowCounts::default();
    for part in judged {
        admitted.extend(part.admitted);
        rows.add(part.rows);
        roster.diagnostics.extend(part.diagnostics);
    }
    roster.sort();
    (admitted, rows)
}

/// Why the insured of a step of ages cannot be on a plan, by plan and step; none where they can.
fn ageing(contract: &Contract, tariff: &Tariff, axes: &Axes) -> Vec<Vec<Option<Message>>> {
    let on_cover =
        |cover: &Cover, ages: &AgeClass| Some(Rating::fits(tariff, cover, ages).err()?.message(tariff, cover));
    let on_plan = |plan: &Plan, ages: &AgeClass| plan.covers.iter().find_map(|cover| on_cover(cover, ages));
    contract.plans.iter().map(|plan| axes.ages.iter().map(|ages| on_plan(plan, ages)).collect()).collect()
}

#[derive(Default)]
struct Judged {
    admitted: Vec<Admitted>,
    rows: RowCounts,
    diagnostics: Vec<Diagnostic>,
}

struct Judge<'j> {
    roster: &'j Roster,
    tariff: &'j Tariff,
    axes: &'j Axes,
    ageing: &'j [Vec<Option<Message>>],
    for_one_sex: &'j [Option<(Sex, &'j str)>],
    /// Whether a plan tells children of different bands apart.
    by_child_band: &'j [bool],
}

impl Judge<'_> {
    fn row(&self, at: usize, judged: &mut Judged) {
        let insured = &self.roster.insured;
        // who leaves costs nothing
        if insured.action(at) == Some(Action::Leave) {
            let rejected = usize::from(insured.rejected[at]);
            judged.rows.add(RowCounts { read: 1, priced: 1 - rejected, rejected, ..RowCounts::default() });
            return;
        }
        let before = judged.diagnostics.len();
        let mut age = insured.age_years(at);
        let plan = insured.plan[at];
        if let Some(ages) = insured.ages(at) {
            age = Some(ages.from);
            judged.diagnostics.extend(self.apart(at, ages, plan));
        }
        let step = age.and_then(|age| self.axes.step(age));
        if let (Some(_), None) = (age, step) {
            let message = Message::new("age-outside-tariff")
                .with("last", self.tariff.last_age().to_string())
                .with("clause", self.tariff.age.clause.as_str());
            judged.diagnostics.push(self.say(at, Code::AgeOutsideTariff, self.age_field(), message));
            // whoever is past the table is past the children's programmes too
            let oldest = self.axes.step(self.tariff.last_age());
            judged.diagnostics.extend(plan.zip(oldest).and_then(|(plan, oldest)| self.ageing(at, plan, oldest)));
        }
        if let (Some(plan), Some(step)) = (plan, step) {
            judged.diagnostics.extend(self.ageing(at, plan, step));
        }
        if let (Some(plan), Some(sex)) = (plan, insured.sex[at])
            && let Some((only, programme)) = self.for_one_sex[usize::from(plan)]
            && only != sex
        {
            let message = Message::new("sex-and-programme").with("programme", programme);
            judged.diagnostics.push(self.say(at, Code::SexAndProgramme, Field::Sex, message));
        }
        let worst = judged.diagnostics[before..].iter().map(|found| found.code.severity()).min();
        // what is wrong with a row of a census is said once, and not of everybody whom it counts
        let is_same_row =
            |other: usize| (insured.sheet[other], insured.row[other]) == (insured.sheet[at], insured.row[at]);
        let is_again = self.roster.census && at.checked_sub(1).is_some_and(is_same_row);
        if is_again {
            judged.diagnostics.truncate(before);
        }
        let mut row = RowCounts { read: 1, ..RowCounts::default() };
        match worst {
            _ if insured.rejected[at] => row.rejected = 1,
            Some(Severity::Error) => row.rejected = 1,
            Some(Severity::Referral) => row.referred = 1,
            Some(Severity::Warning) | None => {
                row.priced = 1;
                let risk = insured.risk_group[at].and_then(|group| self.axes.risk(group));
                let (Some(age_years), Some(plan), Some(step), Some(risk)) = (age, plan, step, risk) else {
                    unreachable!("a row without an error has all that pricing needs");
                };
                let at = u32::try_from(at).expect("a roster has fewer than 2^32 rows");
                judged.admitted.push(Admitted { at, age_years, plan, step, risk });
            }
        }
        if !is_again {
            judged.rows.add(row);
        }
    }

    /// Where ages stand, or come from.
    fn age_field(&self) -> Field {
        if self.roster.census { Field::Age } else { Field::BirthDate }
    }

    /// Says of a census's range of ages that the tariff tells some of them apart on the plan, and which.
    fn apart(&self, at: usize, ages: Ages, plan: Option<u16>) -> Option<Diagnostic> {
        let by_child_band = plan.is_none_or(|plan| self.by_child_band[usize::from(plan)]);
        let told = |step: &AgeClass| (step.age_band, step.child_band.filter(|_| by_child_band));
        let inside = self.axes.ages.iter().filter(|step| step.years.to >= ages.from && step.years.from <= ages.to);
        let inside: Vec<&AgeClass> = inside.collect();
        let alike = inside.chunk_by(|step, next| told(step) == told(next));
        let bands = alike.filter_map(|steps| Some((steps.first()?.years.from, steps.last()?.years.to)));
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
        Some(self.say(at, Code::BadAge, Field::Age, message))
    }

    fn ageing(&self, at: usize, plan: u16, step: u8) -> Option<Diagnostic> {
        let message = self.ageing[usize::from(plan)][usize::from(step)].clone()?;
        Some(self.say(at, Code::AgeOutsideProgramme, self.age_field(), message))
    }

    fn say(&self, at: usize, code: Code, field: Field, message: Message) -> Diagnostic {
        let insured = &self.roster.insured;
        let sheet = insured.sheet[at];
        let layout = self.roster.sheets[usize::from(sheet)].layout.as_ref();
        let column = layout.and_then(|layout| layout.column(field)).and_then(|column| u32::try_from(column).ok());
        let value = match field {
            Field::BirthDate => insured.birth_date[at].map(|date| masked(&shown_day(date))),
            _ => None,
        };
        let place = Place { sheet, row: insured.row[at], column };
        Diagnostic { code, place, value: value.unwrap_or_default(), message }
    }
}
