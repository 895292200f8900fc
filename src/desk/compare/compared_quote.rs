//! One of two quotes that are compared: priced just now, or read back from its folder.

use jiff::civil::Date;

use crate::base::money::{Kopecks, Rate};
use crate::output::csv_injection::defused;
use crate::pricing::rating::PricePoint;
use crate::pricing::trace::Factor;
use crate::quote::files::rates::FACTOR_COLUMNS;
use crate::quote::files::rates::factors;
use crate::quote::saved_quote;
use crate::quote::saved_quote::{Exact, Figure, Written};
use crate::quote::{Price, Quote, Status};
use crate::tariff::band::Band;
use crate::tariff::range::Range;

/// A quote, as far as a comparison needs it.
#[derive(Debug)]
pub struct ComparedQuote {
    /// The number of the contract.
    pub number: String,
    /// Whether it is preliminary.
    pub status: Status,
    /// The first day of the contract.
    pub start: Date,
    /// The last day of the contract.
    pub end: Date,
    /// The days of the contract year.
    pub year_days: u32,
    /// The ends of the range of the headcount coefficient.
    pub headcount_range: [Rate; 2],
    /// The codes of the plans, in the order of the contract.
    pub plans: Vec<String>,
    /// The rates that lines have.
    pub cells: Vec<ComparedCell>,
    /// The insured, in roster order.
    pub people: Vec<Person>,
    /// Their lines.
    pub lines: Vec<ComparedLine>,
}

/// An exact rate and its factors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComparedCell {
    /// The code of the programme.
    pub programme: String,
    /// The ages, in completed years.
    pub ages: Band,
    /// Their band in the table of §2.2, as the tariff prints it.
    pub age_band: String,
    /// The number of the risk group.
    pub risk_group: u8,
    /// The factors in the columns of `rates.csv`; 1 where one does not apply.
    pub factors: [Rate; FACTOR_COLUMNS.len()],
    /// Whether the base rate is one of several by age (`I6`).
    pub base_by_age: bool,
    /// Whether an exclusion has a coefficient of several by age (`I8`).
    pub exclusions_by_age: bool,
}

/// An insured of a quote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The file where the row was read.
    pub file: String,
    /// The sheet; empty in a file without sheets.
    pub sheet: String,
    /// The number of the row.
    pub row: u32,
    /// The id; empty where there is none.
    pub id: String,
    /// The name as written; empty where nobody is named.
    pub name: String,
    /// The day of birth.
    pub birth_date: Option<Date>,
    /// Completed years on the first day of the own cover.
    pub age_years: u16,
    /// The number of the risk group.
    pub risk_group: u8,
    /// The plan, by its place in [`ComparedQuote::plans`].
    pub plan: usize,
    /// The lines, by their places in [`ComparedQuote::lines`].
    pub lines: std::ops::Range<usize>,
}

/// A line of a quote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ComparedLine {
    /// The rate, by its place in [`ComparedQuote::cells`].
    pub cell: usize,
    /// The sum insured.
    pub sum_insured: Kopecks,
    /// The days of cover.
    pub days: u32,
    /// The premium.
    pub premium: Kopecks,
}

impl ComparedQuote {
    /// A quote that was priced just now.
    ///
    /// # Panics
    ///
    /// Never: what is rated has a derivation.
    #[must_use]
    pub fn priced(quote: &Quote<'_>, price: &Price<'_>) -> Self {
        let Quote { contract, tariff, roster, .. } = quote;
        let mut cells = Vec::new();
        let mut place_of_cell = vec![None; price.axes.cells()];
        for (at, place) in place_of_cell.iter_mut().enumerate().filter(|(at, _)| price.lines.cell(*at).is_some()) {
            let at = price.axes.coordinates(at);
            let cover = &contract.plans[at.plan].covers[at.cover];
            let ages = &price.axes.ages[at.step];
            let trace =
                price.rating.trace(cover, ages, at.risk, PricePoint::Chosen).expect("what is rated has a derivation");
            let by_age = |is_meant: fn(&Factor) -> bool| {
                trace.steps.iter().any(|step| is_meant(&step.factor) && step.is_by_child_band())
            };
            *place = Some(cells.len());
            cells.push(ComparedCell {
                programme: tariff.programmes[cover.programme].code.clone(),
                ages: ages.years,
                age_band: tariff.age.value[ages.age_band].years.to_string(),
                risk_group: tariff.risk.value[at.risk].group,
                factors: factors(&trace).map(|factor| factor_as_written(Some(&factor))),
                base_by_age: by_age(|factor| matches!(factor, Factor::Base)),
                exclusions_by_age: by_age(|factor| matches!(factor, Factor::Exclusion(_))),
            });
        }
        let insured = &roster.insured;
        let mut lines = Vec::with_capacity(price.lines.count);
        let people = price.lines.admitted.iter().map(|admitted| {
            let at = admitted.at as usize;
            let first = lines.len();
            lines.extend(price.lines.of(admitted, contract, &price.axes, insured).map(|line| ComparedLine {
                cell: place_of_cell[line.cell_at].expect("the cell of a line is rated"),
                sum_insured: line.sum_insured,
                days: line.days,
                premium: line.premium(),
            }));
            let sheet = &roster.sheets[usize::from(insured.sheet[at])];
            Person {
                // as the files of a written quote have them
                file: defused(&sheet.file).into_owned(),
                sheet: defused(&sheet.name).into_owned(),
                row: insured.row[at],
                id: defused(insured.id.get(at)).into_owned(),
                name: defused(insured.name.get(at)).into_owned(),
                birth_date: insured.birth_date[at],
                age_years: admitted.age_years,
                risk_group: tariff.risk.value[usize::from(admitted.risk)].group,
                plan: usize::from(admitted.plan),
                lines: first..lines.len(),
            }
        });
        let people = people.collect();
        let Range { low, high } = price.rating.headcount().range;
        Self {
            number: contract.number.clone(),
            status: quote.status,
            start: contract.days().0,
            end: contract.days().1,
            year_days: contract.term.year_days(),
            headcount_range: [low, high].map(|end| Rate::product([end])),
            plans: contract.plans.iter().map(|plan| plan.code.clone()).collect(),
            cells,
            people,
            lines,
        }
    }

    /// A quote that was read back from its folder.
    #[must_use]
    pub fn written(written: &Written) -> Self {
        let quote = &written.quote;
        let cells = written.rates.iter().map(|rate| {
            let cover = &quote.plans[rate.plan].covers[rate.cover];
            let by_age = |name: &str| {
                let of_name = cover.factors.iter().filter(|factor| factor.factor == name);
                { of_name }.any(|factor| matches!(factor.figure, Figure::ByAge(_)))
            };
            ComparedCell {
                programme: cover.programme.clone(),
                ages: rate.ages,
                age_band: rate.age_band.clone(),
                risk_group: rate.risk_group,
                factors: rate.factors.each_ref().map(|factor| factor_as_written(factor.as_ref().map(Exact::as_str))),
                base_by_age: by_age("base"),
                exclusions_by_age: by_age("exclusion"),
            }
        });
        let cells = cells.collect();
        let days = |person: &saved_quote::Insured| person.cover.days();
        let mut lines = Vec::with_capacity(written.lines.lines.len());
        let people = written.lines.insured.iter().enumerate().map(|(at, person)| {
            let first = lines.len();
            lines.extend(written.lines.of(person).iter().map(|line| ComparedLine {
                cell: line.rate,
                sum_insured: line.sum_insured,
                days: days(person),
                premium: line.premium,
            }));
            let (file, sheet) = &written.lines.sheets[person.sheet];
            Person {
                file: file.clone(),
                sheet: sheet.clone(),
                row: person.row,
                id: written.lines.id(at).to_owned(),
                name: written.lines.name(at).to_owned(),
                birth_date: person.birth_date,
                age_years: person.age_years,
                risk_group: person.risk_group,
                plan: person.plan,
                lines: first..lines.len(),
            }
        });
        let people = people.collect();
        let headcount = &quote.coefficients.headcount.choice;
        Self {
            number: quote.number.clone(),
            status: if quote.is_preliminary() { Status::Preliminary } else { Status::Issued },
            start: quote.start,
            end: quote.end,
            year_days: quote.year_days,
            headcount_range: [&headcount.low, &headcount.high].map(Exact::value),
            plans: quote.plans.iter().map(|plan| plan.code.clone()).collect(),
            cells,
            people,
            lines,
        }
    }

    /// The premium of the contract.
    #[must_use]
    pub fn premium(&self) -> Kopecks {
        self.lines.iter().map(|line| line.premium).sum()
    }

    /// The lines of an insured, in the plan's order of covers.
    #[must_use]
    pub fn lines_of(&self, person: &Person) -> &[ComparedLine] {
        &self.lines[person.lines.clone()]
    }

    /// The premium of an insured.
    #[must_use]
    pub fn premium_of(&self, person: &Person) -> Kopecks {
        self.lines_of(person).iter().map(|line| line.premium).sum()
    }

    /// The premium of a plan; zero where there is none of this code.
    #[must_use]
    pub fn premium_of_plan(&self, code: &str) -> Kopecks {
        let on_plan = self.people.iter().filter(|person| self.plans[person.plan] == code);
        on_plan.map(|person| self.premium_of(person)).sum()
    }
}

/// A factor as `rates.csv` has it; 1 where there is none.
fn factor_as_written(factor: Option<&str>) -> Rate {
    factor.and_then(Rate::as_written).unwrap_or_else(|| Rate::product([]))
}
