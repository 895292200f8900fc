//! The facts of a report: one pass over the contracts of a book and its claims, grouped batch by batch.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use polars::prelude::{DataFrame, PolarsResult};

use crate::base::calendar::days_since_1970;
use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::money::Kopecks;
use crate::base::progress::{Progress, Stage};
use crate::clinics::ledger::paid::paid_claims;
use crate::output::parquet::io_error::write_error;
use crate::portfolio::Portfolio;
use crate::portfolio::charges::ChargeReader;
use crate::portfolio::contract_state::ContractState;
use crate::portfolio::day_state::as_of;
use crate::portfolio::export::table::{Table, table};
use crate::portfolio::groups::RowGroups;
use crate::portfolio::premium::arrears::Arrears;
use crate::portfolio::premium::charge::Charge;
use crate::portfolio::register;
use crate::portfolio::register::EVERYTHING;
use crate::portfolio::register::files::Segment;
use crate::portfolio::register::payments::ListedPayment;
use crate::portfolio::rows::value::kopecks;
use crate::portfolio::rows::{CellRows, InsuredDayRows, LineRows, Rows};
use crate::portfolio::store::{Damage, FileKind};
use crate::report::contract_facts::{ProgrammePremium, programme_premiums};
use crate::report::frames::{Sums, typed_rows};
use crate::report::period::Period;
use crate::report::request::Request;
use crate::report::tables::{ContractMoney, Ending};

/// The number of contracts whose rows are read together.
const CONTRACTS_AT_ONCE: usize = 256;

table! {
    /// The premium of a contract by programme, age band and risk group.
    PremiumFacts "premium" {
        /// Number of the contract.
        number: String,
        /// Programme.
        programme: Option<String>,
        /// First age.
        age_from: Option<u32>,
        /// Last age.
        age_to: Option<u32>,
        /// Risk group.
        risk_group: Option<u32>,
        /// Lines.
        lines: u32,
        /// Written premium.
        written: i64,
        /// Earned premium.
        earned: i64,
        /// Unearned premium.
        unearned: i64,
    }
}

table! {
    /// The money of a month; each row has some of the amounts.
    MonthFacts "months" {
        /// Programme.
        programme: Option<String>,
        /// First day of the month.
        month: i32,
        /// Written in the month.
        written: i64,
        /// Due in the month.
        due: i64,
        /// Paid in the month.
        paid: i64,
        /// Earned in the month.
        earned: i64,
        /// Overdue at its end.
        overdue: i64,
        /// Claims of the month.
        claims: i64,
    }
}

/// The measures of [`MonthFacts`].
pub(super) const MONTH_MEASURES: &[&str] = &["written", "due", "paid", "earned", "overdue", "claims"];

/// Everything that the tables of a report are made of.
pub(super) struct Facts {
    pub period: Period,
    pub contracts: ContractMoney,
    pub ending: Ending,
    /// By contract, programme, age band and risk group.
    pub premium: PremiumFacts,
    /// By programme and month.
    pub months: MonthFacts,
}

impl Facts {
    /// Reads the facts of a book.
    pub fn collect(book: &Portfolio, request: &Request<'_>, progress: &dyn Progress) -> Result<Self, Error> {
        book.prove(EVERYTHING)?;
        let first = book.register.read(register::first_day)?;
        let since = request.since.or(first).unwrap_or(request.as_of).min(request.as_of);
        let mut collector = Collector {
            book,
            period: Period { since, as_of: request.as_of },
            ending_until: days_since_1970(request.as_of)
                .saturating_add(i32::try_from(request.ending_within_days).unwrap_or(i32::MAX)),
            contracts: ContractMoney::default(),
            ending: Ending::default(),
            premium: PremiumFacts::default(),
            batch: MonthFacts::default(),
            months: Sums::new(&["programme", "month"], MONTH_MEASURES),
        };
        collector.add_contracts(progress)?;
        collector.add_claims()?;
        let Collector { period, contracts, ending, premium, months, .. } = collector;
        let months = months.into_frame().map_or_else(|| Ok(MonthFacts::default()), |sums| typed_rows(&sums));
        let months = months.map_err(|fault| write_error(request.out, &fault))?;
        Ok(Self { period, contracts, ending, premium, months })
    }
}

/// The facts while they are collected.
struct Collector<'b> {
    book: &'b Portfolio,
    period: Period,
    /// The last day, in days since 1970, of contracts that end soon.
    ending_until: i32,
    contracts: ContractMoney,
    ending: Ending,
    premium: PremiumFacts,
    /// The months of a batch of contracts.
    batch: MonthFacts,
    months: Sums,
}

/// A contract with what is read of it.
struct ContractSource {
    /// As it is known now.
    known: ContractState,
    /// As it stands on the day.
    state: ContractState,
    payments: Vec<ListedPayment>,
    /// Its insured, cells and lines as they were last written; none where the state of the day was folded.
    rows: [Option<Segment>; 3],
}

impl Collector<'_> {
    fn add_contracts(&mut self, progress: &dyn Progress) -> Result<(), Error> {
        let book = self.book;
        let next = book.register.read(register::next_run)?;
        progress.begin_stage(Stage::Verifying, Some(book.register.read(register::count)?));
        let mut files = book.files()?;
        let mut charge_reader = ChargeReader::new(book, next);
        let mut terms = book.terms();
        let contracts = book.register.read(|register| register::contracts(register, next))?;
        for contracts in contracts.chunks(CONTRACTS_AT_ONCE) {
            let read = |contract: &register::BoundContract| self.source(contract, next).transpose();
            let sources = contracts.iter().filter_map(read).collect::<Result<Vec<ContractSource>, Error>>()?;
            let used = sources.iter().flat_map(|source| source.rows.iter().flatten().map(|segment| segment.file));
            files.close_others(&used.collect::<BTreeSet<i64>>());
            let charges =
                charge_reader.read(&files, &sources.iter().map(|source| &source.known).collect::<Vec<_>>())?;
            let segments = |kind: usize| sources.iter().filter_map(move |source| source.rows[kind]);
            let insured: RowGroups<'_, InsuredDayRows> = RowGroups::read(&files, segments(0));
            let cells: RowGroups<'_, CellRows> = RowGroups::read(&files, segments(1));
            let lines: RowGroups<'_, LineRows> = RowGroups::read(&files, segments(2));
            for (source, charges) in sources.iter().zip(charges) {
                let damaged = |damage: Damage| damage.into_error(book.folder());
                let (insured, cells, lines) = match &source.state.folded {
                    Some(folded) => {
                        (InsuredDayRows::from_insured(&folded.insured), folded.cells.clone(), folded.lines.clone())
                    }
                    None => (
                        rows_of(&insured, source.rows[0]).map_err(damaged)?,
                        rows_of(&cells, source.rows[1]).map_err(damaged)?,
                        rows_of(&lines, source.rows[2]).map_err(damaged)?,
                    ),
                };
                let tariff = terms.read(&source.state.contract)?.tariff;
                let day = days_since_1970(self.period.as_of);
                let programmes = programme_premiums(&source.state, &cells, &lines, &tariff, day);
                let programmes = programmes.ok_or_else(|| contradiction(book, &source.state))?;
                self.add(source, &insured, &programmes, &charges)?;
            }
            let batch = std::mem::take(&mut self.batch);
            let added = batch.frame().and_then(|rows| self.months.add(&rows));
            added.map_err(|fault| write_error(book.folder(), &fault))?;
            progress.advance(contracts.len() as u64);
        }
        Ok(())
    }

    /// Reads a contract; `None` where it has not begun on the day.
    fn source(&self, contract: &register::BoundContract, next: i64) -> Result<Option<ContractSource>, Error> {
        let book = self.book;
        let payments = book.register.read(|register| register::payments(register, contract.id, next))?;
        let known = book.register.read(|register| ContractState::known_before(register, contract.clone(), next))?;
        let Some(state) = as_of(book, known.clone(), next, self.period.as_of, &payments)? else { return Ok(None) };
        let segment = |kind| match state.folded {
            Some(_) => Ok(None),
            None => book.register.read(|register| register::segment(register, contract.id, state.rows_run(), kind)),
        };
        let rows = [segment(FileKind::Insured)?, segment(FileKind::Cells)?, segment(FileKind::Lines)?];
        Ok(Some(ContractSource { known, state, payments, rows }))
    }

    fn add(
        &mut self,
        source: &ContractSource,
        insured: &InsuredDayRows,
        programmes: &[ProgrammePremium],
        charges: &[Charge],
    ) -> Result<(), Error> {
        let ContractSource { state, payments, .. } = source;
        let (contract, as_of) = (&state.contract, self.period.as_of);
        let written: Kopecks = programmes.iter().flat_map(|of| &of.groups).map(|group| group.written).sum();
        if written != state.version().written {
            return Err(contradiction(self.book, state));
        }
        for of in programmes {
            for group in &of.groups {
                let rows = &mut self.premium;
                rows.number.push(contract.number.clone());
                rows.programme.push(of.programme.clone());
                rows.age_from.push(group.age_from);
                rows.age_to.push(group.age_to);
                rows.risk_group.push(group.risk_group);
                rows.lines.push(group.lines);
                rows.written.push(kopecks(group.written));
                rows.earned.push(kopecks(group.earned));
                rows.unearned.push(kopecks(group.written - group.earned));
            }
        }
        let earned: Kopecks = programmes.iter().flat_map(|of| &of.groups).map(|group| group.earned).sum();
        let arrears = Arrears::settle(charges, state.paid, as_of);
        let [to_30, to_60, to_90, over_90] = arrears.ages(as_of).map(kopecks);
        let rows = &mut self.contracts;
        rows.number.push(contract.number.clone());
        rows.policyholder.push(contract.policyholder.clone());
        rows.start.push(days_since_1970(contract.first_day));
        rows.end.push(days_since_1970(state.last_day()));
        rows.written.push(kopecks(written));
        rows.earned.push(kopecks(earned));
        rows.unearned.push(kopecks(written - earned));
        rows.due.push(kopecks(arrears.due));
        rows.paid.push(kopecks(state.paid));
        rows.outstanding.push(kopecks(arrears.outstanding()));
        rows.overdue_1_30.push(to_30);
        rows.overdue_31_60.push(to_60);
        rows.overdue_61_90.push(to_90);
        rows.overdue_over_90.push(over_90);
        rows.credit.push(kopecks(arrears.credit));
        let (day, last) = (days_since_1970(as_of), days_since_1970(state.last_day()));
        if day <= last && last <= self.ending_until {
            let covers = |at: &usize| insured.start[*at] <= day && day <= insured.end[*at];
            let covered = (0..insured.len()).filter(covers).count();
            let rows = &mut self.ending;
            rows.number.push(contract.number.clone());
            rows.policyholder.push(contract.policyholder.clone());
            rows.end.push(last);
            rows.days_left.push((last - day).unsigned_abs());
            rows.insured.push(u32::try_from(covered).unwrap_or(u32::MAX));
            rows.written.push(kopecks(written));
            rows.paid.push(kopecks(state.paid));
            rows.overdue.push(to_30 + to_60 + to_90 + over_90);
        }
        self.add_months(state, payments, programmes, charges);
        Ok(())
    }

    /// Adds the months of a contract: what is written, due, paid, earned in each, and overdue at its end.
    fn add_months(
        &mut self,
        state: &ContractState,
        payments: &[ListedPayment],
        programmes: &[ProgrammePremium],
        charges: &[Charge],
    ) {
        let period = self.period;
        let before = |day: Date| days_since_1970(day) - 1;
        for of in programmes {
            let first = state.contract.first_day;
            let mut earned = of.earned_on(before(first.max(period.since)));
            for (month, last) in period.months(first, state.contract.last_day) {
                let until = of.earned_on(days_since_1970(last));
                let amounts = MonthAmounts { earned: until - earned, ..MonthAmounts::default() };
                self.batch.add(of.programme.as_deref(), month, amounts);
                earned = until;
            }
        }
        let mut written = Kopecks::ZERO;
        for version in &state.versions {
            let amounts = MonthAmounts { written: version.written - written, ..MonthAmounts::default() };
            written = version.written;
            if period.contains(version.from_day) {
                self.batch.add(None, version.from_day.first_of_month(), amounts);
            }
        }
        for charge in charges.iter().filter(|charge| period.contains(charge.due)) {
            let amounts = MonthAmounts { due: charge.amount, ..MonthAmounts::default() };
            self.batch.add(None, charge.due.first_of_month(), amounts);
        }
        for payment in payments.iter().filter(|payment| period.contains(payment.day)) {
            let amounts = MonthAmounts { paid: payment.amount, ..MonthAmounts::default() };
            self.batch.add(None, payment.day.first_of_month(), amounts);
        }
        let Some(first) = charges.iter().map(|charge| charge.due).min() else { return };
        for (month, last) in period.months(first, period.as_of) {
            let paid = payments.iter().filter(|payment| payment.day <= last).map(|payment| payment.amount).sum();
            let overdue = Arrears::settle(charges, paid, last).ages(last).into_iter().sum();
            self.batch.add(None, month, MonthAmounts { overdue, ..MonthAmounts::default() });
        }
    }

    /// Adds the claims of the registers that are settled, by programme and month.
    fn add_claims(&mut self) -> Result<(), Error> {
        let period = self.period;
        let mut sums: BTreeMap<(String, Date), Kopecks> = BTreeMap::new();
        for (key, sum) in paid_claims(self.book)? {
            if period.since.first_of_month() <= key.month && key.month <= period.as_of {
                *sums.entry((key.programme.to_string(), key.month)).or_default() += sum.insurer + sum.advance;
            }
        }
        let mut rows = MonthFacts::default();
        for ((programme, month), claims) in sums {
            rows.add(Some(&programme), month, MonthAmounts { claims, ..MonthAmounts::default() });
        }
        let added: PolarsResult<()> = rows.frame().and_then(|rows: DataFrame| self.months.add(&rows));
        added.map_err(|fault| write_error(self.book.folder(), &fault))
    }
}

/// The amounts of a row of [`MonthFacts`].
#[derive(Default, Clone, Copy)]
struct MonthAmounts {
    written: Kopecks,
    due: Kopecks,
    paid: Kopecks,
    earned: Kopecks,
    overdue: Kopecks,
    claims: Kopecks,
}

impl MonthFacts {
    /// Adds a row, unless all its amounts are 0.
    fn add(&mut self, programme: Option<&str>, month: Date, amounts: MonthAmounts) {
        let MonthAmounts { written, due, paid, earned, overdue, claims } = amounts;
        let amounts = [written, due, paid, earned, overdue, claims];
        if amounts.iter().all(|amount| *amount == Kopecks::ZERO) {
            return;
        }
        let [written, due, paid, earned, overdue, claims] = amounts.map(kopecks);
        self.programme.push(programme.map(str::to_owned));
        self.month.push(days_since_1970(month));
        self.written.push(written);
        self.due.push(due);
        self.paid.push(paid);
        self.earned.push(earned);
        self.overdue.push(overdue);
        self.claims.push(claims);
    }
}

/// The rows of a segment.
fn rows_of<R: Rows + Sync>(groups: &RowGroups<'_, R>, segment: Option<Segment>) -> Result<R, Damage> {
    segment.map_or_else(|| Ok(R::default()), |segment| groups.rows(segment))
}

fn contradiction(book: &Portfolio, state: &ContractState) -> Error {
    let reason = Message::new("book-contradiction").with("number", state.contract.number.as_str());
    Error::Damaged { folder: book.folder().to_owned(), reason }
}
