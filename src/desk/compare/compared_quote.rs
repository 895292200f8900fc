//! One of two quotes that are compared: priced just now, or read back from its folder.

use jiff::civil::Date;

use crate::base::money::{Kopecks, Rate};
use crate::output::csv_injection::defused;
use crate::pricing::choice::ChosenBy;
use crate::pricing::trace::Factor;
use crate::quote::exact::Exact;
use crate::quote::files::rates::FACTOR_COLUMNS;
use crate::quote::files::rates::factors;
use crate::quote::quote_json::Figure;
use crate::quote::saved_quote;
use crate::quote::saved_quote::SavedQuote;
use crate::quote::{Price, Quote, Status};
use crate::tariff::EditionId;
use crate::tariff::band::Band;
use crate::tariff::range::Range;

/// The values of a quote that a comparison uses.
#[derive(Debug)]
pub struct ComparedQuote {
    /// The number of the contract.
    pub number: String,
    /// The edition of the tariff that priced it.
    pub tariff: EditionId,
    /// Whether it is preliminary.
    pub status: Status,
    /// The first day of the contract.
    pub start: Date,
    /// The last day of the contract.
    pub end: Date,
    /// The days of the contract year.
    pub year_days: u32,
    /// The two ends of the range of the headcount coefficient (§2.1); none where the contract leaves it out (`I72`).
    pub headcount_range: Option<[Rate; 2]>,
    /// The codes of the plans, in the order of the contract.
    pub plans: Vec<String>,
    /// The cells that have lines.
    pub cells: Vec<ComparedCell>,
    /// The insured, in roster order.
    pub insured: Vec<ComparedInsured>,
    /// Their lines.
    pub lines: Vec<ComparedLine>,
}

/// An exact rate and its factors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComparedCell {
    /// The code of the programme.
    pub programme: String,
    /// The ages in completed years.
    pub ages: Band,
    /// Their band in the table of §2.2, as the tariff prints it.
    pub age_band: String,
    /// The number of the risk group.
    pub risk_group: u8,
    /// The factors, in the columns of `rates.csv`; 1 for a factor that does not apply.
    pub factors: [Rate; FACTOR_COLUMNS.len()],
    /// Whether the base rate depends on the child band (`I6`).
    pub base_by_age: bool,
    /// Whether the coefficient of an exclusion depends on the child band (`I8`).
    pub exclusions_by_age: bool,
}

/// An insured of a compared quote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComparedInsured {
    /// The file of the row.
    pub file: String,
    /// The sheet; empty in a file without sheets.
    pub sheet: String,
    /// The number of the row.
    pub row: u32,
    /// The id; empty if the roster has none.
    pub id: String,
    /// The name as written; empty in a census.
    pub name: String,
    /// The day of birth.
    pub birth_date: Option<Date>,
    /// Completed years on the first day of cover (`I4`).
    pub age_years: u16,
    /// The number of the risk group.
    pub risk_group: u8,
    /// Index of the plan in [`ComparedQuote::plans`].
    pub plan: usize,
    /// The lines, as a range of [`ComparedQuote::lines`].
    pub lines: std::ops::Range<usize>,
}

/// A line of a compared quote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ComparedLine {
    /// Index of the cell in [`ComparedQuote::cells`].
    pub cell: usize,
    /// The sum insured.
    pub sum_insured: Kopecks,
    /// The days of cover.
    pub days: u32,
    /// The premium.
    pub premium: Kopecks,
}

impl ComparedQuote {
    /// A quote priced in this run.
    ///
    /// # Panics
    ///
    /// Never: every rated cell has a trace.
    #[must_use]
    pub fn priced(quote: &Quote<'_>, price: &Price<'_>) -> Self {
        let Quote { contract, tariff, roster, .. } = quote;
        let mut cells = Vec::new();
        let mut place_of_cell = vec![None; price.axes.cells()];
        for (at, place) in place_of_cell.iter_mut().enumerate().filter(|(at, _)| price.lines.cell(*at).is_some()) {
            let at = price.axes.coordinates(at);
            let cover = &contract.terms.plans[at.plan].covers[at.cover];
            let ages = &price.axes.ages[at.age_class];
            let trace = price.rating.trace(cover, ages, at.risk).expect("every rated cell has a trace");
            let by_age = |is_wanted: fn(&Factor) -> bool| {
                trace.steps.iter().any(|step| is_wanted(&step.factor) && step.is_by_child_band())
            };
            *place = Some(cells.len());
            cells.push(ComparedCell {
                programme: tariff.programmes[cover.programme].code.clone(),
                ages: ages.years,
                age_band: tariff.age_band_name(ages.age_band),
                risk_group: tariff.risk.value[at.risk].group,
                factors: factors(&trace).map(|factor| factor_or_one(Some(&factor))),
                base_by_age: by_age(|factor| matches!(factor, Factor::Base)),
                exclusions_by_age: by_age(|factor| matches!(factor, Factor::Exclusion(_))),
            });
        }
        let insured = &roster.insured;
        let mut lines = Vec::with_capacity(price.lines.count);
        let compared = price.lines.admitted.iter().map(|admitted| {
            let at = admitted.at as usize;
            let first = lines.len();
            lines.extend(price.lines.of_insured(admitted, contract, &price.axes, insured).map(|line| ComparedLine {
                cell: place_of_cell[line.cell_at].expect("the cell of a line is rated"),
                sum_insured: line.sum_insured,
                days: line.days,
                premium: line.premium(),
            }));
            let sheet = &roster.tables.sheets[usize::from(insured.sheet[at])];
            ComparedInsured {
                // as the files of a saved quote have them
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
        let compared = compared.collect();
        let headcount = price.rating.headcount();
        let Range { low, high } = headcount.range;
        let is_applied = headcount.by != ChosenBy::NotApplied;
        Self {
            number: contract.number.clone(),
            tariff: tariff.id(),
            status: quote.status,
            start: contract.days().0,
            end: contract.days().1,
            year_days: contract.term().year_days(),
            headcount_range: is_applied.then(|| [low, high].map(|end| Rate::product([end]))),
            plans: contract.terms.plans.iter().map(|plan| plan.code.clone()).collect(),
            cells,
            insured: compared,
            lines,
        }
    }

    /// A quote read back from its folder.
    #[must_use]
    pub fn saved(saved: &SavedQuote) -> Self {
        let quote = &saved.quote;
        let cells = saved.rates.iter().map(|rate| {
            let cover = &quote.plans[rate.plan].covers[rate.cover];
            let by_age = |name: &str| {
                let named = cover.factors.iter().filter(|factor| factor.factor == name);
                { named }.any(|factor| matches!(factor.figure, Figure::ByAge(_)))
            };
            ComparedCell {
                programme: cover.programme.clone(),
                ages: rate.ages,
                age_band: rate.age_band.clone(),
                risk_group: rate.risk_group,
                factors: rate.factors.each_ref().map(|factor| factor_or_one(factor.as_ref().map(Exact::as_str))),
                base_by_age: by_age("base"),
                exclusions_by_age: by_age("exclusion"),
            }
        });
        let cells = cells.collect();
        let days = |insured: &saved_quote::Insured| insured.cover.days();
        let mut lines = Vec::with_capacity(saved.lines.lines.len());
        let compared = saved.lines.insured.iter().enumerate().map(|(at, insured)| {
            let first = lines.len();
            lines.extend(saved.lines.of_insured(insured).iter().map(|line| ComparedLine {
                cell: line.rate,
                sum_insured: line.sum_insured,
                days: days(insured),
                premium: line.premium,
            }));
            let (file, sheet) = &saved.lines.sheets[insured.sheet];
            ComparedInsured {
                file: file.clone(),
                sheet: sheet.clone(),
                row: insured.row,
                id: saved.lines.id(at).into_owned(),
                name: saved.lines.name(at).into_owned(),
                birth_date: insured.birth_date,
                age_years: insured.age_years,
                risk_group: insured.risk_group,
                plan: insured.plan,
                lines: first..lines.len(),
            }
        });
        let compared = compared.collect();
        let headcount = &quote.coefficients.headcount;
        Self {
            number: quote.number.clone(),
            tariff: EditionId { code: quote.tariff.code.clone(), sha256: quote.tariff.sha256.clone() },
            status: quote.status,
            start: quote.start,
            end: quote.end,
            year_days: quote.year_days,
            headcount_range: (!headcount.is_left_out()).then(|| [&headcount.low, &headcount.high].map(Exact::value)),
            plans: quote.plans.iter().map(|plan| plan.code.clone()).collect(),
            cells,
            insured: compared,
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
    pub fn lines_of(&self, insured: &ComparedInsured) -> &[ComparedLine] {
        &self.lines[insured.lines.clone()]
    }

    /// The premium of an insured.
    #[must_use]
    pub fn premium_of(&self, insured: &ComparedInsured) -> Kopecks {
        self.lines_of(insured).iter().map(|line| line.premium).sum()
    }

    /// The premium of a plan; zero if the quote has no plan of this code.
    #[must_use]
    pub fn premium_of_plan(&self, code: &str) -> Kopecks {
        let on_plan = self.insured.iter().filter(|insured| self.plans[insured.plan] == code);
        on_plan.map(|insured| self.premium_of(insured)).sum()
    }
}

/// A factor as `rates.csv` states it; 1 if it does not apply.
fn factor_or_one(factor: Option<&str>) -> Rate {
    factor.and_then(Rate::parse).unwrap_or_else(|| Rate::product([]))
}
