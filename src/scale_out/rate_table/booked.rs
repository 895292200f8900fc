//! The cells of a book: every contract as it stands, at the rates in force.

use std::collections::BTreeSet;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::money::{Kopecks, Rate};
use crate::portfolio::contract_state::Standing;
use crate::portfolio::register;
use crate::portfolio::register::{BoundContract, VersionKind};
use crate::portfolio::rows::CellRows;
use crate::portfolio::store::{Damage, Part};
use crate::portfolio::terms::Terms;
use crate::portfolio::{Files, Portfolio};
use crate::pricing::cube::Axes;
use crate::pricing::rating::Rating;
use crate::quote::Status;
use crate::quote::contract::Contract;
use crate::scale_out::rate_table::quoted::Priced;
use crate::scale_out::rate_table::{Cell, ContractCells, Factor, Source};
use crate::tariff::Tariff;

/// The contracts of a book, by number.
pub struct Booked<'b> {
    book: &'b Portfolio,
}

impl<'b> Booked<'b> {
    /// The contracts of a book as it is at this moment.
    #[must_use]
    pub const fn new(book: &'b Portfolio) -> Self {
        Self { book }
    }

    /// The cells of a contract; what they are made of is found again from the text of its terms.
    fn cells(&self, files: &Files, bound: BoundContract, terms: &mut Terms<'_>) -> Result<ContractCells, Error> {
        let (tariff, contract) = terms.of(&bound)?;
        let tariff = tariff.as_ref();
        let standing = self.book.register.read(|register| {
            let next = register::next_run(register)?;
            Standing::before(register, bound, next)
        })?;
        let refused = |Damage(reason)| Error::Damaged { folder: self.book.folder().to_owned(), reason };
        let rows: CellRows = standing.rows(&self.book.register, files, Part::Cells)?.map_err(refused)?;
        let ratings = ratings(&contract, tariff, &standing)?;
        let axes = Axes::new(tariff, &contract);
        let cell = |at: usize| {
            derived(&contract, tariff, &axes, &ratings, &rows, at).map(|(priced, sum_insured)| {
                let grown = standing.growth(&rows.programme[at]);
                let changes = standing.applied.iter().filter(|applied| applied.programme == rows.programme[at]);
                let changes = changes.map(|applied| Factor {
                    factor: "book_change",
                    services: String::new(),
                    coefficient: Rate::from(applied.coefficient),
                    range: None,
                    chosen_by: "change",
                    clause: tariff.price_change.clause.clone(),
                    rule: Some("I19"),
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
            let reason = Message::new("cube-unexplained").with("number", standing.contract.number.as_str());
            Error::Damaged { folder: self.book.folder().to_owned(), reason }
        };
        let cells: Option<Vec<Cell>> = (0..rows.cell.len()).map(cell).collect();
        Ok(ContractCells {
            number: standing.contract.number.clone(),
            status: Status::Issued,
            first_day: standing.contract.first_day,
            last_day: standing.last_day(),
            year_days: standing.year_days(),
            cells: cells.ok_or_else(unexplained)?,
        })
    }
}

impl Source for Booked<'_> {
    fn each(&self, take: &mut dyn FnMut(ContractCells) -> Result<(), Error>) -> Result<(), Error> {
        let contracts = self.book.register.read(|register| {
            let next = register::next_run(register)?;
            register::contracts(register, next)
        })?;
        let mut terms = self.book.terms();
        let mut files = self.book.files()?;
        for bound in contracts {
            files.close_many();
            take(self.cells(&files, bound, &mut terms)?)?;
        }
        Ok(())
    }
}

/// The ratings that cells of a contract may have come from: by the headcount of its first day, and by those of endorsements
/// (`I28`).
fn ratings<'c>(contract: &'c Contract, tariff: &'c Tariff, standing: &Standing) -> Result<Vec<Rating<'c>>, Error> {
    let endorsed = standing.versions.iter().filter(|version| version.kind == VersionKind::Endorsed);
    let later: BTreeSet<u32> = endorsed.map(|version| version.insured.max(1)).collect();
    let mut ratings = vec![Rating::new(tariff, contract, standing.contract.headcount)?];
    // a headcount that the choices do not allow has rated nothing
    ratings.extend(later.into_iter().filter_map(|headcount| Rating::new(tariff, contract, headcount).ok()));
    Ok(ratings)
}

/// How the rate of a cell came about when it was written, and its cover's sum insured; none where no rating leads to it.
fn derived(
    contract: &Contract,
    tariff: &Tariff,
    axes: &Axes,
    ratings: &[Rating<'_>],
    rows: &CellRows,
    at: usize,
) -> Option<(Priced, Kopecks)> {
    let plan = contract.plans.iter().find(|plan| plan.code == rows.plan[at])?;
    let programme = tariff.programme(&rows.programme[at])?;
    let step = axes.step(u16::try_from(rows.age_from[at]).ok()?)?;
    let risk = axes.risk(u8::try_from(rows.risk_group[at]).ok()?)?;
    let rate = Rate::as_written(&rows.rate[at])?;
    let of_step = &axes.ages[usize::from(step)];
    plan.covers.iter().filter(|cover| cover.programme == programme).find_map(|cover| {
        let priced =
            ratings.iter().filter_map(|rating| Priced::new(rating, tariff, cover, of_step, usize::from(risk)).ok());
        let mut priced = priced.filter(|priced| priced.rates[1] == rate);
        priced.next().map(|priced| (priced, cover.sum_insured))
    })
}
