//! What tests make quotes with: the text of a contract, the text of a roster, and both opened, read and priced.
//!
//! ```text
//! let told = quote(&contract().choose("ranges = 'low'").cover("16", "exclude = ['dental']"), &roster().aged(40, 1));
//! assert_eq!(told.rates(), ["11.7279"]);
//! ```

use std::fmt;

use kollektiv::base::diagnostic::Code;
use kollektiv::base::error::Error;
use kollektiv::base::money::Kopecks;
use kollektiv::pricing::cube::PriceCorridor;
use kollektiv::pricing::rating::PricePoint;
use kollektiv::quote::contract::Contract;
use kollektiv::quote::{Quote, RowCounts, Status};
use kollektiv::roster::Roster;
use kollektiv::tariff::Tariff;
use tempfile::TempDir;

/// The text of a contract file, line by line.
#[derive(Debug, Clone)]
pub struct ContractText {
    head: String,
    choices: String,
    plans: String,
}

/// A contract over the year 2026, which has 365 days; its covers follow.
pub fn contract() -> ContractText {
    contract_over("2026-01-01", "2026-12-31")
}

/// A contract from one day to another; its covers follow.
pub fn contract_over(start: &str, end: &str) -> ContractText {
    let head = format!("number = \"T-1\"\npolicyholder = \"ООО «Проверка»\"\nstart = {start}\nend = {end}\n");
    ContractText { head, choices: String::new(), plans: String::new() }
}

impl ContractText {
    /// A line more at the head of the file.
    pub fn with(mut self, line: &str) -> Self {
        self.head.extend([line, "\n"]);
        self
    }

    /// A line more of `[choices]`.
    pub fn choose(mut self, line: &str) -> Self {
        self.choices.extend([line, "\n"]);
        self
    }

    /// A plan more; the covers that follow are its own.
    pub fn plan(mut self, code: &str) -> Self {
        self.plans.extend(["\n[[plan]]\ncode = \"", code, "\"\n"]);
        self
    }

    /// A cover more, of 100 000 RUB, with further lines; on plan `A` where none was begun.
    pub fn cover(self, programme: &str, lines: &str) -> Self {
        self.cover_of(programme, "100000", lines)
    }

    /// A cover more, of any sum insured.
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

/// The text of a roster, one insured after another; ids and names are numbered from 1.
#[derive(Debug, Clone, Default)]
pub struct RosterText {
    rows: Vec<[String; 8]>,
}

/// A roster without anybody.
pub fn roster() -> RosterText {
    RosterText::default()
}

impl RosterText {
    /// An insured more.
    pub fn born(mut self, birth_date: &str, risk_group: u8) -> Self {
        let number = self.rows.len() + 1;
        let [id, name] = [number.to_string(), format!("Иванов Пётр {number}")];
        let none = String::new;
        self.rows.push([id, name, birth_date.to_owned(), risk_group.to_string(), none(), none(), none(), none()]);
        self
    }

    /// An insured more, so many years old to the day on the first day of 2026.
    pub fn aged(self, years: u16, risk_group: u8) -> Self {
        self.born(&format!("{}-01-01", 2026 - years), risk_group)
    }

    /// So many insured more, all forty years old and in risk group 1.
    pub fn crowd(self, insured: usize) -> Self {
        (0..insured).fold(self, |roster, _| roster.aged(40, 1))
    }

    /// The last insured is on this plan.
    pub fn on(self, plan: &str) -> Self {
        self.put(4, plan)
    }

    /// The last insured has a sum insured of their own.
    pub fn of(self, sum_insured: &str) -> Self {
        self.put(5, sum_insured)
    }

    /// The last insured has a first day of their own.
    pub fn from(self, day: &str) -> Self {
        self.put(6, day)
    }

    /// The last insured has a last day of their own.
    pub fn until(self, day: &str) -> Self {
        self.put(7, day)
    }

    fn put(mut self, column: usize, value: &str) -> Self {
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

/// A contract file and its roster in a folder of their own, and the tariff that they are priced by.
pub struct Case {
    folder: TempDir,
    /// The tariff.
    pub tariff: Tariff,
    /// The terms.
    pub contract: Contract,
}

impl Case {
    /// Opens the contract, by the built-in tariff.
    pub fn open(contract: &impl fmt::Display, roster: &impl fmt::Display) -> Result<Self, Error> {
        Self::open_by(Tariff::base(), contract, roster)
    }

    /// Opens the contract, by any tariff.
    pub fn open_by(tariff: Tariff, contract: &impl fmt::Display, roster: &impl fmt::Display) -> Result<Self, Error> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("contract.toml"), contract.to_string()).unwrap();
        std::fs::write(folder.path().join("roster.csv"), roster.to_string()).unwrap();
        let contract = Contract::open(&folder.path().join("contract.toml"), &tariff)?;
        Ok(Self { folder, tariff, contract })
    }

    /// Reads the roster.
    pub fn roster(&self) -> Roster {
        Roster::read(&[self.folder.path().join("roster.csv")], &self.contract.wanted(&self.tariff), &())
    }

    /// Reads and prices the roster; only its clean rows where a preliminary quote is asked for.
    pub fn quote(&self, preliminary: bool) -> Result<Quote<'_>, Error> {
        Quote::new(&self.contract, &self.tariff, self.roster(), preliminary)
    }
}

/// What a quote says, in plain values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EngineResult {
    /// What became of the contract.
    pub status: Status,
    /// What became of its rows.
    pub rows: RowCounts,
    /// The number of insured priced; 0 where there is no price.
    pub headcount: u32,
    /// The premium and its corridor.
    pub premium: PriceCorridor,
    /// The lines, in roster order.
    pub lines: Vec<ToldLine>,
    /// The row, the code and the name of the message of everything that is wrong with the roster.
    pub diagnostics: Vec<(u32, Code, &'static str)>,
}

/// A line of a quote, in plain values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldLine {
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

impl EngineResult {
    /// Says what stands in a quote.
    pub fn of(quote: &Quote<'_>) -> Self {
        let diagnostics = &quote.roster.diagnostics;
        let mut told = Self {
            status: quote.status,
            rows: quote.rows,
            headcount: 0,
            premium: PriceCorridor::default(),
            lines: Vec::new(),
            diagnostics: diagnostics.iter().map(|found| (found.place.row, found.code, found.message.name())).collect(),
        };
        let Some(price) = &quote.price else { return told };
        told.headcount = price.headcount;
        told.premium = price.totals.premium;
        for insured in &price.lines.admitted {
            let plan = &quote.contract.plans[usize::from(insured.plan)];
            for line in price.lines.of(insured, quote.contract, &price.axes, &quote.roster.insured) {
                let at = price.axes.coordinates(line.cell_at);
                let cover = &plan.covers[line.cover];
                let trace = price.rating.trace(cover, &price.axes.ages[at.step], at.risk, PricePoint::Chosen).unwrap();
                told.lines.push(ToldLine {
                    id: quote.roster.insured.id.get(insured.at as usize).to_owned(),
                    programme: quote.tariff.programmes[cover.programme].code.clone(),
                    age_years: insured.age_years,
                    days: line.days,
                    sum_insured: line.sum_insured,
                    rate: line.cell.rate.clone(),
                    premium: line.corners(),
                    factors: trace
                        .steps
                        .iter()
                        .map(|step| (step.clause.to_owned(), step.coefficient.to_string()))
                        .collect(),
                });
            }
        }
        told
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

/// The quote of a lawful contract.
pub fn quote(contract: &ContractText, roster: &RosterText) -> EngineResult {
    EngineResult::of(&Case::open(contract, roster).unwrap().quote(false).unwrap())
}

/// The preliminary quote of a lawful contract.
pub fn preliminary(contract: &ContractText, roster: &RosterText) -> EngineResult {
    EngineResult::of(&Case::open(contract, roster).unwrap().quote(true).unwrap())
}

/// What is wrong with a contract that is refused: with its file alone, or only when its headcount is known.
pub fn refused(contract: &ContractText, roster: &RosterText) -> Vec<&'static str> {
    match Case::open(contract, roster) {
        Err(error) => names(&error),
        Ok(case) => names(&case.quote(false).expect_err("the contract is to be refused")),
    }
}

/// The names of what is wrong with a file that is refused.
pub fn names(error: &Error) -> Vec<&'static str> {
    match error {
        Error::Refused { faults, .. } => faults.iter().map(|fault| fault.message.name()).collect(),
        other => panic!("no refusal: {other:?}"),
    }
}
