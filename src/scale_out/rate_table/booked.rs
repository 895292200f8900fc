//! The cells of a book: every contract at the rates in force.

use std::collections::BTreeSet;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::money::{Kopecks, Rate};
use crate::base::rule::Rule;
use crate::portfolio::contract_state::ContractState;
use crate::portfolio::register;
use crate::portfolio::register::BoundContract;
use crate::portfolio::rows::CellRows;
use crate::portfolio::store::{Damage, FileKind};
use crate::portfolio::terms::TermsReader;
use crate::portfolio::{Files, Portfolio};
use crate::pricing::cube::Axes;
use crate::pricing::rating::Rating;
use crate::pricing::terms::Terms;
use crate::quote::Status;
use crate::quote::contract::{Contract, HeadcountBasis};
use crate::scale_out::rate_table::cells::{Cell, CellSource, ContractCells, Factor};
use crate::scale_out::rate_table::quoted::Priced;
use crate::tariff::Tariff;

/// The contracts of a book, by number.
pub struct Booked<'b> {
    book: &'b Portfolio,
}

impl<'b> Booked<'b> {
    /// The contracts of a book.
    #[must_use]
    pub const fn new(book: &'b Portfolio) -> Self {
        Self { book }
    }

    /// The cells of a contract; their factors are derived again from its terms.
    fn cells(&self, files: &Files, bound: BoundContract, terms: &mut TermsReader<'_>) -> Result<ContractCells, Error> {
        let (tariff, contract) = terms.parse(&bound)?;
        let tariff = tariff.as_ref();
        let state = self.book.register.read(|register| {
            let next = register::next_run(register)?;
            ContractState::known_before(register, bound, next)
        })?;
        let refused = |damage: Damage| damage.into_error(self.book.folder());
        let rows: CellRows = state.read_rows(&self.book.register, files, FileKind::Cells)?.map_err(refused)?;
        let variants = variants(&contract, tariff, &state);
        let ratings = variants.iter().filter_map(|(terms, headcount)| Rating::new(tariff, terms, *headcount).ok());
        let ratings: Vec<Rating<'_>> = ratings.collect();
        let axes = Axes::new(tariff, &contract.terms);
        let cell = |at: usize| {
            derive(&contract, tariff, &axes, &ratings, &rows, at).map(|(priced, sum_insured)| {
                let grown = state.prices.growth(&rows.programme[at]);
                let changes = state.prices.applied.iter().filter(|applied| applied.programme == rows.programme[at]);
                let changes = changes.filter_map(|applied| applied.factor.clone().map(|factor| (applied, factor)));
                let changes = changes.map(|(applied, factor)| Factor {
                    factor: "book_change",
                    services: String::new(),
                    coefficient: factor,
                    range: None,
                    chosen_by: "change",
                    clause: tariff.price_change.clause.clone(),
                    rule: Some(Rule::I19.as_str()),
                    effective: Some(applied.effective),
                });
                Cell {
                    cell: rows.cell[at],
                    plan: rows.plan[at].clone(),
                    programme: rows.programme[at].clone(),
                    age_from: rows.age_from[at],
                    age_to: rows.age_to[at],
                    risk_group: rows.risk_group[at],
                    sum_insured,
                    rates: priced.rates.map(|rate| rate * grown.clone()),
                    factors: priced.factors.into_iter().chain(changes).collect(),
                }
            })
        };
        let unexplained = || {
            let reason = Message::new("cube-unexplained").with("number", state.contract.number.as_str());
            Error::Damaged { folder: self.book.folder().to_owned(), reason }
        };
        let cells: Option<Vec<Cell>> = (0..rows.cell.len()).map(cell).collect();
        Ok(ContractCells {
            number: state.contract.number.clone(),
            tariff: tariff.id(),
            status: Status::Issued,
            first_day: state.contract.first_day,
            last_day: state.last_day(),
            year_days: state.prices.year_days,
            cells: cells.ok_or_else(unexplained)?,
        })
    }
}

impl CellSource for Booked<'_> {
    fn visit_contracts(&self, visit: &mut dyn FnMut(ContractCells) -> Result<(), Error>) -> Result<(), Error> {
        let contracts = self.book.register.read(|register| {
            let next = register::next_run(register)?;
            register::contracts(register, next)
        })?;
        let mut terms = self.book.terms();
        let mut files = self.book.files()?;
        for bound in contracts {
            files.close_if_many();
            visit(self.cells(&files, bound, &mut terms)?)?;
        }
        Ok(())
    }
}

/// The terms and the headcounts that may have made a contract's cells: those of inception, and those of endorsements (`I28`, `I38`).
fn variants(contract: &Contract, tariff: &Tariff, state: &ContractState) -> Vec<(Terms, u32)> {
    let bound = state.contract.headcount;
    let mut variants = vec![(contract.terms.clone(), bound)];
    if contract.headcount_basis == HeadcountBasis::Current && state.is_endorsed() {
        // no day of the contract has more insured than all its versions together
        let most = state.versions.iter().map(|version| version.insured).max().unwrap_or(bound).saturating_add(bound);
        let mut coefficients = BTreeSet::new();
        for headcount in 1..=most {
            let [here, there] = [bound, headcount].map(|headcount| tariff.headcount_band(headcount.max(1)).range);
            let terms = Terms { choices: contract.terms.choices.in_band(here, there), ..contract.terms.clone() };
            let coefficient = Rating::new(tariff, &terms, headcount).map(|rating| rating.headcount().coefficient);
            if coefficient.is_ok_and(|coefficient| coefficients.insert(coefficient)) {
                variants.push((terms, headcount));
            }
        }
    }
    variants
}

/// The derivation of a cell's rate, and its cover's sum insured; `None` where no rating gives the rate.
fn derive(
    contract: &Contract,
    tariff: &Tariff,
    axes: &Axes,
    ratings: &[Rating<'_>],
    rows: &CellRows,
    at: usize,
) -> Option<(Priced, Kopecks)> {
    let plan = contract.terms.plans.iter().find(|plan| plan.code == rows.plan[at])?;
    let programme = tariff.programme(&rows.programme[at])?;
    let step = rows.age_class(at, axes)?;
    let risk = axes.risk(u8::try_from(rows.risk_group[at]).ok()?)?;
    let rate = Rate::parse(&rows.rate[at])?;
    let of_step = &axes.ages[usize::from(step)];
    plan.covers.iter().filter(|cover| cover.programme == programme).find_map(|cover| {
        let priced =
            ratings.iter().filter_map(|rating| Priced::new(rating, tariff, cover, of_step, usize::from(risk)).ok());
        let mut priced = priced.filter(|priced| priced.rates[1] == rate);
        priced.next().map(|priced| (priced, cover.sum_insured))
    })
}
