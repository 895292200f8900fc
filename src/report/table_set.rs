//! The tables of a report, made from its facts by grouping them.

use polars::prelude::PolarsResult;

use crate::base::money::Kopecks;
use crate::portfolio::export::table::{Table, table};
use crate::report::facts::{Facts, MONTH_MEASURES};
use crate::report::frames::{sum_by, typed_rows};
use crate::report::pivot::Pivot;
use crate::report::proposal::{Proposal, ratio};
use crate::report::request::Reported;
use crate::report::tables::{
    ContractMoney, ContractProgrammes, Ending, Groups, Months, ProgrammeMonths, Programmes, Proposals,
};

/// The measures of premium.
const PREMIUM: &[&str] = &["lines", "written", "earned", "unearned"];

table! {
    /// A programme with its premium, or with the money of its months.
    ProgrammeFacts "programmes" {
        /// Programme.
        programme: Option<String>,
        /// Lines.
        lines: u32,
        /// Written premium.
        written: i64,
        /// Earned premium.
        earned: i64,
        /// Unearned premium.
        unearned: i64,
        /// Earned in the period.
        earned_in_period: i64,
        /// Claims of the period.
        claims: i64,
    }
}

table! {
    /// The money of the months, by month.
    MonthSums "months" {
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

/// All tables of a report.
pub(super) struct TableSet {
    pub contracts: ContractMoney,
    pub contract_programmes: ContractProgrammes,
    pub programmes: Programmes,
    pub months: Months,
    pub programme_months: ProgrammeMonths,
    pub pivot: Pivot,
    pub groups: Groups,
    pub ending: Ending,
    /// `None` where no coefficients are proposed.
    pub proposals: Option<Proposals>,
}

impl TableSet {
    /// Groups the facts.
    pub fn new(facts: Facts) -> PolarsResult<Self> {
        let premium = facts.premium.frame()?;
        let months = facts.months.frame()?;
        let programme_months = sum_by(&months, &["programme", "month"], &["earned", "claims"])?;
        let mut programme_months: ProgrammeMonths = typed_rows(&programme_months)?;
        programme_months.drop_empty();
        Ok(Self {
            contracts: facts.contracts,
            contract_programmes: typed_rows(&sum_by(&premium, &["number", "programme"], PREMIUM)?)?,
            programmes: programmes(&typed_rows(&sum_by(&premium, &["programme"], PREMIUM)?)?, &programme_months)?,
            months: with_ratios(&typed_rows(&sum_by(&months, &["month"], MONTH_MEASURES)?)?),
            pivot: Pivot::new(&programme_months)?,
            programme_months,
            groups: typed_rows(&sum_by(&premium, &["age_from", "age_to", "risk_group"], PREMIUM)?)?,
            ending: facts.ending,
            proposals: None,
        })
    }

    /// Adds the table of proposed coefficients.
    pub fn add_proposals(&mut self, proposals: &[Proposal]) {
        let mut rows = Proposals::default();
        for of in proposals {
            rows.programme.push(of.programme.clone());
            rows.earned.push(kopecks(of.earned));
            rows.claims.push(kopecks(of.claims));
            rows.loss_ratio.push(ratio(of.claims, of.earned));
            rows.target.push(of.target.to_string());
            rows.needed.push(of.needed.map(|needed| needed.to_string()));
            rows.coefficient.push(of.coefficient.map(|coefficient| coefficient.to_string()));
            rows.arithmetic.push(of.arithmetic());
        }
        self.proposals = Some(rows).filter(|rows| !rows.programme.is_empty());
    }

    /// The figures over all contracts.
    pub fn totals(&self) -> Reported {
        let sum = |amounts: &[i64]| amounts.iter().map(|amount| Kopecks::new((*amount).into())).sum::<Kopecks>();
        let Self { contracts, programmes, ending, .. } = self;
        let ages =
            [&contracts.overdue_1_30, &contracts.overdue_31_60, &contracts.overdue_61_90, &contracts.overdue_over_90];
        Reported {
            contracts: contracts.number.len(),
            written: sum(&contracts.written),
            earned: sum(&contracts.earned),
            paid: sum(&contracts.paid),
            overdue: ages.into_iter().map(|amounts| sum(amounts)).sum(),
            claims: sum(&programmes.claims),
            earned_in_period: sum(&programmes.earned_in_period),
            ending: ending.number.len(),
            ..Reported::default()
        }
    }
}

impl ProgrammeMonths {
    /// Removes the rows of months in which nothing is earned and nothing claimed.
    fn drop_empty(&mut self) {
        let kept: Vec<bool> = self.earned.iter().zip(&self.claims).map(|amounts| amounts != (&0, &0)).collect();
        let keep = |place: &mut usize| {
            *place += 1;
            kept[*place - 1]
        };
        let mut places = [0; 4];
        let [programme, month, earned, claims] = &mut places;
        self.programme.retain(|_| keep(programme));
        self.month.retain(|_| keep(month));
        self.earned.retain(|_| keep(earned));
        self.claims.retain(|_| keep(claims));
    }
}

/// The programmes: their premium joined with the money of their months.
fn programmes(premium: &PremiumSums, months: &ProgrammeMonths) -> PolarsResult<Programmes> {
    let mut facts = ProgrammeFacts::default();
    for at in 0..premium.programme.len() {
        facts.programme.push(premium.programme[at].clone());
        facts.lines.push(premium.lines[at]);
        facts.written.push(premium.written[at]);
        facts.earned.push(premium.earned[at]);
        facts.unearned.push(premium.unearned[at]);
        facts.earned_in_period.push(0);
        facts.claims.push(0);
    }
    for at in 0..months.programme.len() {
        facts.programme.push(months.programme[at].clone());
        facts.lines.push(0);
        facts.written.push(0);
        facts.earned.push(0);
        facts.unearned.push(0);
        facts.earned_in_period.push(months.earned[at]);
        facts.claims.push(months.claims[at]);
    }
    let measures = &["lines", "written", "earned", "unearned", "earned_in_period", "claims"];
    let sums: ProgrammeFacts = typed_rows(&sum_by(&facts.frame()?, &["programme"], measures)?)?;
    let ratios = sums.claims.iter().zip(&sums.earned_in_period).map(|(claims, earned)| ratio_of(*claims, *earned));
    let loss_ratio = ratios.collect();
    let ProgrammeFacts { programme, lines, written, earned, unearned, earned_in_period, claims } = sums;
    Ok(Programmes { programme, lines, written, earned, unearned, earned_in_period, claims, loss_ratio })
}

table! {
    /// The premium of a programme over all contracts.
    PremiumSums "premium" {
        /// Programme.
        programme: Option<String>,
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

/// The months with their loss ratios.
fn with_ratios(sums: &MonthSums) -> Months {
    let ratios = sums.claims.iter().zip(&sums.earned).map(|(claims, earned)| ratio_of(*claims, *earned));
    let loss_ratio = ratios.collect();
    let MonthSums { month, written, due, paid, earned, overdue, claims } = sums.clone();
    Months { month, written, due, paid, earned, overdue, claims, loss_ratio }
}

fn ratio_of(claims: i64, earned: i64) -> Option<String> {
    ratio(Kopecks::new(claims.into()), Kopecks::new(earned.into()))
}

fn kopecks(amount: Kopecks) -> i64 {
    i64::try_from(amount.get()).unwrap_or(i64::MAX)
}
