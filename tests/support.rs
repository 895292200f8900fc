//! Builders of contracts and rosters, and their quotes in plain values.
//!
//! ```text
//! let result = quote(&contract().choose("ranges = 'low'").cover("16", "exclude = ['dental']"), &roster().aged(40, 1));
//! assert_eq!(result.rates(), ["11.7279"]);
//! ```

use std::fmt;

use kollektiv::base::diagnostic::Code;
use kollektiv::base::error::Error;
use kollektiv::base::money::Kopecks;
use kollektiv::pricing::premium::PriceCorridor;
use kollektiv::quote::contract::Contract;
use kollektiv::quote::{Quote, RowCounts, Status};
use kollektiv::roster::Roster;
use kollektiv::tariff::Tariff;
use tempfile::TempDir;

/// The text of a contract file.
#[derive(Debug, Clone)]
pub struct ContractText {
    head: String,
    choices: String,
    plans: String,
}

/// A contract over the 365 days of 2026, without covers.
pub fn contract() -> ContractText {
    contract_over("2026-01-01", "2026-12-31")
}

/// A contract from one day to another, without covers.
pub fn contract_over(start: &str, end: &str) -> ContractText {
    let head = format!("number = \"T-1\"\npolicyholder = \"ООО «Проверка»\"\nstart = {start}\nend = {end}\n");
    ContractText { head, choices: String::new(), plans: String::new() }
}

impl ContractText {
    /// Adds a line to the head of the file.
    pub fn with(mut self, line: &str) -> Self {
        self.head.extend([line, "\n"]);
        self
    }

    /// Adds a line to `[choices]`.
    pub fn choose(mut self, line: &str) -> Self {
        self.choices.extend([line, "\n"]);
        self
    }

    /// Adds a plan; the covers added next belong to it.
    pub fn plan(mut self, code: &str) -> Self {
        self.plans.extend(["\n[[plan]]\ncode = \"", code, "\"\n"]);
        self
    }

    /// Adds a cover of 100 000 RUB with further lines; on plan `A` if the contract has no plan yet.
    pub fn cover(self, programme: &str, lines: &str) -> Self {
        self.cover_of(programme, "100000", lines)
    }

    /// Adds a cover with this sum insured.
    pub fn cover_of(mut self, programme: &str, sum_insured: &str, lines: &str) -> Self {
        if self.plans.is_empty() {
            self = self.plan("A");
        }
        let cover =
            ["\n[[plan.cover]]\nprogramme = \"", programme, "\"\nsum_insured = ", sum_insured, "\n", lines, "\n"];
        self.plans.extend(cover);
        self
    }
}

impl fmt::Display for ContractText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n[choices]\n{}{}", self.head, self.choices, self.plans)
    }
}

/// The text of a roster; ids and names are numbered from 1.
#[derive(Debug, Clone, Default)]
pub struct RosterText {
    rows: Vec<[String; 8]>,
}

/// A roster without insured.
pub fn roster() -> RosterText {
    RosterText::default()
}

impl RosterText {
    /// Adds an insured.
    pub fn born(mut self, birth_date: &str, risk_group: u8) -> Self {
        let number = self.rows.len() + 1;
        let [id, name] = [number.to_string(), format!("Иванов Пётр {number}")];
        let none = String::new;
        self.rows.push([id, name, birth_date.to_owned(), risk_group.to_string(), none(), none(), none(), none()]);
        self
    }

    /// Adds an insured who completes these years on the first day of 2026.
    pub fn aged(self, years: u16, risk_group: u8) -> Self {
        self.born(&format!("{}-01-01", 2026 - years), risk_group)
    }

    /// Adds so many insured of 40 years in risk group 1.
    pub fn crowd(self, insured: usize) -> Self {
        (0..insured).fold(self, |roster, _| roster.aged(40, 1))
    }

    /// Sets the plan of the last insured.
    pub fn on(self, plan: &str) -> Self {
        self.set(4, plan)
    }

    /// Sets the own sum insured of the last insured.
    pub fn with_sum(self, sum_insured: &str) -> Self {
        self.set(5, sum_insured)
    }

    /// Sets the own first day of the last insured.
    pub fn from(self, day: &str) -> Self {
        self.set(6, day)
    }

    /// Sets the own last day of the last insured.
    pub fn until(self, day: &str) -> Self {
        self.set(7, day)
    }

    fn set(mut self, column: usize, value: &str) -> Self {
        value.clone_into(&mut self.rows.last_mut().expect("an insured comes first")[column]);
        self
    }
}

impl fmt::Display for RosterText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "Таб. №;ФИО;Дата рождения;Группа риска;План;Страховая сумма;Действует с;Действует по")?;
        self.rows.iter().try_for_each(|row| writeln!(f, "{}", row.join(";")))
    }
}

/// A contract file with its roster in a folder, and the tariff that prices them.
pub struct Case {
    folder: TempDir,
    /// The tariff.
    pub tariff: Tariff,
    /// The contract.
    pub contract: Contract,
}

impl Case {
    /// Opens the contract with the built-in tariff.
    pub fn open(contract: &impl fmt::Display, roster: &impl fmt::Display) -> Result<Self, Error> {
        Self::open_with(Tariff::base(), contract, roster)
    }

    /// Opens the contract with a tariff.
    pub fn open_with(tariff: Tariff, contract: &impl fmt::Display, roster: &impl fmt::Display) -> Result<Self, Error> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("contract.toml"), contract.to_string()).unwrap();
        std::fs::write(folder.path().join("roster.csv"), roster.to_string()).unwrap();
        let contract = Contract::open(&folder.path().join("contract.toml"), &tariff)?;
        Ok(Self { folder, tariff, contract })
    }

    /// Reads the roster.
    pub fn roster(&self) -> Roster {
        Roster::read(&[self.folder.path().join("roster.csv")], &self.contract.roster_spec(&self.tariff), &()).unwrap()
    }

    /// Reads and prices the roster; a preliminary quote prices the clean rows alone.
    pub fn quote(&self, preliminary: bool) -> Result<Quote<'_>, Error> {
        Quote::new(&self.contract, &self.tariff, self.roster(), preliminary)
    }
}

/// A quote in plain values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PricedQuote {
    /// The status of the quote.
    pub status: Status,
    /// The counts of rows.
    pub rows: RowCounts,
    /// The number of insured priced; 0 where there is no price.
    pub headcount: u32,
    /// The premium and its corridor.
    pub premium: PriceCorridor,
    /// The lines, in roster order.
    pub lines: Vec<PricedLine>,
    /// The row, the code and the name of the message of every diagnostic of the roster.
    pub diagnostics: Vec<(u32, Code, &'static str)>,
}

/// A line of a quote, in plain values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PricedLine {
    /// The id of the insured.
    pub id: String,
    /// The code of the programme.
    pub programme: String,
    /// Completed years.
    pub age_years: u16,
    /// The days of cover.
    pub days: u32,
    /// The sum insured.
    pub sum_insured: Kopecks,
    /// The chosen rate with every digit.
    pub rate: String,
    /// The premium in the three prices.
    pub premium: PriceCorridor,
    /// The clause and the coefficient of each factor of the chosen rate.
    pub factors: Vec<(String, String)>,
}

impl PricedQuote {
    /// Collects the values of a quote.
    pub fn new(quote: &Quote<'_>) -> Self {
        let diagnostics = &quote.roster.tables.diagnostics;
        let mut result = Self {
            status: quote.status,
            rows: quote.rows,
            headcount: 0,
            premium: PriceCorridor::default(),
            lines: Vec::new(),
            diagnostics: diagnostics.iter().map(|found| (found.place.row, found.code, found.message.name())).collect(),
        };
        let Some(price) = &quote.price else { return result };
        result.headcount = price.headcount;
        result.premium = price.totals.premium;
        for insured in &price.lines.admitted {
            let plan = &quote.contract.terms.plans[usize::from(insured.plan)];
            for line in price.lines.of_insured(insured, quote.contract, &price.axes, &quote.roster.insured) {
                let at = price.axes.coordinates(line.cell_at);
                let cover = &plan.covers[line.cover];
                let trace = price.rating.trace(cover, &price.axes.ages[at.age_class], at.risk).unwrap();
                result.lines.push(PricedLine {
                    id: quote.roster.insured.id.get(insured.at as usize).to_owned(),
                    programme: quote.tariff.programmes[cover.programme].code.clone(),
                    age_years: insured.age_years,
                    days: line.days,
                    sum_insured: line.sum_insured,
                    rate: line.cell.rate.clone(),
                    premium: line.corridor(),
                    factors: trace
                        .steps
                        .iter()
                        .map(|step| (step.clause.to_owned(), step.coefficient.to_string()))
                        .collect(),
                });
            }
        }
        result
    }

    /// The chosen rate of each line.
    pub fn rates(&self) -> Vec<&str> {
        self.lines.iter().map(|line| line.rate.as_str()).collect()
    }

    /// The chosen premium of each line.
    pub fn premiums(&self) -> Vec<String> {
        self.lines.iter().map(|line| line.premium.chosen.to_string()).collect()
    }

    /// The clause and coefficient of each factor of the first line, `2.1: 1.20`.
    pub fn factors(&self) -> Vec<String> {
        self.lines[0].factors.iter().map(|(clause, coefficient)| format!("{clause}: {coefficient}")).collect()
    }
}

/// The quote of a contract that is accepted.
pub fn quote(contract: &ContractText, roster: &RosterText) -> PricedQuote {
    PricedQuote::new(&Case::open(contract, roster).unwrap().quote(false).unwrap())
}

/// The preliminary quote of a contract that is accepted.
pub fn preliminary(contract: &ContractText, roster: &RosterText) -> PricedQuote {
    PricedQuote::new(&Case::open(contract, roster).unwrap().quote(true).unwrap())
}

/// The names of the faults of a refused contract: those of its file, or else those of its headcount.
pub fn refused(contract: &ContractText, roster: &RosterText) -> Vec<&'static str> {
    match Case::open(contract, roster) {
        Err(error) => names(&error),
        Ok(case) => names(&case.quote(false).expect_err("the contract is refused")),
    }
}

/// The names of the faults in a refused file.
pub fn names(error: &Error) -> Vec<&'static str> {
    match error {
        Error::Refused { faults, .. } => faults.iter().map(|fault| fault.message.name()).collect(),
        other => panic!("no refusal: {other:?}"),
    }
}
