//! `kollektiv portfolio debts`: what policyholders owe on a day.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use jiff::civil::Date;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::money::Kopecks;
use crate::cli::answer::{Money, answer};
use crate::cli::arguments::BookFolder;
use crate::cli::outcome::Outcome;
use crate::cli::progress::Bar;
use crate::cli::screen::Screen;
use crate::portfolio::debts::{ContractDebt, DebtSums, Debts, PolicyholderDebt, UnpaidAdditional, debts, write};

#[derive(Debug, Args)]
pub struct Arguments {
    /// Work out the debts on this day, such as 2027-03-31; payments of later days do not count
    #[arg(long, value_name = "DAY", value_parser = crate::cli::arguments::parse_day)]
    as_of: Date,
    /// Folder for debts.csv, policyholders.csv and additional-premiums.csv; none by default
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[command(flatten)]
    book: BookFolder,
}

answer! {
    /// The answer of `kollektiv portfolio debts`.
    pub struct Answer {
        /// Day of the debts.
        as_of: String,
        /// Every contract, by number.
        contracts: Vec<ContractAnswer>,
        /// Every policyholder, by name.
        policyholders: Vec<PolicyholderAnswer>,
        /// Unpaid additional premiums after their deadline: the insurer may terminate the contract (§2.3).
        additional_premiums: Vec<AdditionalAnswer>,
        /// Written premium, whenever it is due.
        written: Money,
        /// Charges due on the day or before, credits subtracted.
        due: Money,
        /// Payments until the day.
        paid: Money,
        /// Unpaid part of what is due, on its due day or overdue.
        outstanding: Money,
        /// Overdue by 1 to 30 days.
        overdue_1_30: Money,
        /// Overdue by 31 to 60 days.
        overdue_31_60: Money,
        /// Overdue by 61 to 90 days.
        overdue_61_90: Money,
        /// Overdue by more than 90 days.
        overdue_over_90: Money,
        /// Paid or credited beyond all that is due.
        credit: Money,
    }
}

answer! {
    struct ContractAnswer {
        /// Number of the contract.
        number: String,
        /// Name of the policyholder.
        policyholder: String,
        /// Due day of the oldest charge that is not paid in full, or null.
        oldest_due: Option<String>,
        /// Written premium.
        written: Money,
        /// Charges due on the day or before, credits subtracted.
        due: Money,
        /// Payments until the day.
        paid: Money,
        /// Unpaid part of what is due.
        outstanding: Money,
        /// Overdue by 1 to 30 days.
        overdue_1_30: Money,
        /// Overdue by 31 to 60 days.
        overdue_31_60: Money,
        /// Overdue by 61 to 90 days.
        overdue_61_90: Money,
        /// Overdue by more than 90 days.
        overdue_over_90: Money,
        /// Paid or credited beyond all that is due.
        credit: Money,
    }
}

answer! {
    struct PolicyholderAnswer {
        /// Name of the policyholder.
        policyholder: String,
        /// Contracts of that name.
        contracts: usize,
        /// Charges due on the day or before, credits subtracted.
        due: Money,
        /// Payments until the day.
        paid: Money,
        /// Unpaid part of what is due.
        outstanding: Money,
        /// Overdue, whatever the number of days.
        overdue: Money,
        /// Paid or credited beyond all that is due.
        credit: Money,
    }
}

answer! {
    struct AdditionalAnswer {
        /// Number of the contract.
        number: String,
        /// Name of the policyholder.
        policyholder: String,
        /// Id of the price change.
        change: String,
        /// Last day on which it could be paid in time.
        deadline: String,
        /// Additional premium.
        amount: Money,
        /// Unpaid part of it.
        unpaid: Money,
    }
}

/// Prints the contracts and policyholders with debts, and writes all of them to files.
pub fn run(arguments: &Arguments, screen: &Screen) -> Result<Outcome, Error> {
    let Arguments { as_of, out, book } = arguments;
    let found = {
        let bar = Bar::new(screen);
        debts(&book.open()?, *as_of, &bar)?
    };
    if let Some(out) = out {
        write(&found, *as_of, out)?;
    }
    let Debts { contracts, policyholders, totals, additional } = &found;
    screen.record_total("due", totals.due.to_string());
    screen.record_total("paid", totals.paid.to_string());
    screen.record_total("overdue", totals.all_overdue().to_string());
    screen.print(&text(&found, *as_of, screen))?;
    let [to_30, to_60, to_90, over_90] = totals.overdue.map(Money::from);
    screen.answer(&Answer {
        as_of: as_of.to_string(),
        contracts: contracts.iter().map(contract_answer).collect(),
        policyholders: policyholders.iter().map(policyholder_answer).collect(),
        additional_premiums: additional.iter().map(additional_answer).collect(),
        written: totals.written.into(),
        due: totals.due.into(),
        paid: totals.paid.into(),
        outstanding: totals.outstanding.into(),
        overdue_1_30: to_30,
        overdue_31_60: to_60,
        overdue_61_90: to_90,
        overdue_over_90: over_90,
        credit: totals.credit.into(),
    })?;
    if let Some(out) = out {
        screen.note_written(out);
    }
    Ok(Outcome::Done)
}

fn contract_answer(debt: &ContractDebt) -> ContractAnswer {
    let ContractDebt { number, policyholder, oldest, sums } = debt;
    let [to_30, to_60, to_90, over_90] = sums.overdue.map(Money::from);
    ContractAnswer {
        number: number.clone(),
        policyholder: policyholder.clone(),
        oldest_due: oldest.map(|day| day.to_string()),
        written: sums.written.into(),
        due: sums.due.into(),
        paid: sums.paid.into(),
        outstanding: sums.outstanding.into(),
        overdue_1_30: to_30,
        overdue_31_60: to_60,
        overdue_61_90: to_90,
        overdue_over_90: over_90,
        credit: sums.credit.into(),
    }
}

fn policyholder_answer(debt: &PolicyholderDebt) -> PolicyholderAnswer {
    let PolicyholderDebt { policyholder, contracts, sums } = debt;
    PolicyholderAnswer {
        policyholder: policyholder.clone(),
        contracts: *contracts,
        due: sums.due.into(),
        paid: sums.paid.into(),
        outstanding: sums.outstanding.into(),
        overdue: sums.all_overdue().into(),
        credit: sums.credit.into(),
    }
}

fn additional_answer(unpaid: &UnpaidAdditional) -> AdditionalAnswer {
    AdditionalAnswer {
        number: unpaid.number.clone(),
        policyholder: unpaid.policyholder.clone(),
        change: unpaid.change.clone(),
        deadline: unpaid.deadline.to_string(),
        amount: unpaid.amount.into(),
        unpaid: unpaid.unpaid.into(),
    }
}

/// The tables for people: contracts and policyholders with debts, and unpaid additional premiums.
fn text(debts: &Debts, as_of: Date, screen: &Screen) -> String {
    let totals = &debts.totals;
    let in_debt: Vec<&ContractDebt> = debts.contracts.iter().filter(|debt| owes(&debt.sums)).collect();
    let mut text = contracts_table(&in_debt, totals, screen);
    text.push_str(&policyholders_table(&debts.policyholders, screen));
    text.push_str(&additional_table(&debts.additional, screen));
    let summary = Message::new("debts-summary")
        .with("day", as_of)
        .with("due", totals.due)
        .with("paid", totals.paid)
        .with("overdue", totals.all_overdue())
        .with("credit", totals.credit)
        .with("contracts", screen.count(in_debt.len()));
    let _ = write!(text, "{}", screen.paragraph(&summary));
    text
}

fn owes(sums: &DebtSums) -> bool {
    sums.outstanding > Kopecks::ZERO
}

/// The contracts with debts and the total of the portfolio; empty if there are none.
fn contracts_table(in_debt: &[&ContractDebt], totals: &DebtSums, screen: &Screen) -> String {
    if in_debt.is_empty() {
        return String::new();
    }
    let contracts = in_debt.iter().map(|debt| row([&debt.number, &debt.policyholder], &debt.sums, screen));
    let rows = contracts.chain([row([&screen.text("debts-total"), ""], totals, screen)]).collect();
    let heading = [
        "portfolio-col-number",
        "portfolio-col-policyholder",
        "debts-col-due",
        "portfolio-col-paid",
        "debts-col-1-30",
        "debts-col-31-60",
        "debts-col-61-90",
        "debts-col-over-90",
    ];
    screen.table(heading, rows, 2) + "\n"
}

/// The policyholders with debts and several contracts; empty if there are none.
fn policyholders_table(policyholders: &[PolicyholderDebt], screen: &Screen) -> String {
    let of_several = policyholders.iter().filter(|debt| debt.contracts > 1 && owes(&debt.sums));
    let row = |PolicyholderDebt { policyholder, contracts, sums }: &PolicyholderDebt| {
        let [due, paid, overdue] = [sums.due, sums.paid, sums.all_overdue()].map(|amount| screen.bare_amount(amount));
        [policyholder.clone(), screen.count(*contracts), due, paid, overdue]
    };
    let rows: Vec<[String; 5]> = of_several.map(row).collect();
    if rows.is_empty() {
        return String::new();
    }
    let heading = [
        "portfolio-col-policyholder",
        "portfolio-col-contracts",
        "debts-col-due",
        "portfolio-col-paid",
        "debts-col-overdue",
    ];
    screen.table(heading, rows, 1) + "\n"
}

/// The additional premiums that were not paid by their deadline; empty if there are none.
fn additional_table(additional: &[UnpaidAdditional], screen: &Screen) -> String {
    if additional.is_empty() {
        return String::new();
    }
    let row = |unpaid: &UnpaidAdditional| {
        let [amount, left] = [unpaid.amount, unpaid.unpaid].map(|amount| screen.bare_amount(amount));
        [unpaid.number.clone(), unpaid.change.clone(), unpaid.deadline.to_string(), amount, left]
    };
    let heading =
        ["portfolio-col-number", "debts-col-change", "portfolio-col-due", "debts-col-additional", "debts-col-unpaid"];
    let about = screen.paragraph(&Message::new("debts-additional").with("count", additional.len()));
    about + &screen.table(heading, additional.iter().map(row).collect(), 3) + "\n"
}

fn row([number, policyholder]: [&str; 2], sums: &DebtSums, screen: &Screen) -> [String; 8] {
    let [to_30, to_60, to_90, over_90] = sums.overdue.map(|amount| screen.bare_amount(amount));
    let [due, paid] = [sums.due, sums.paid].map(|amount| screen.bare_amount(amount));
    [number.to_owned(), policyholder.to_owned(), due, paid, to_30, to_60, to_90, over_90]
}
