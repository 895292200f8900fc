//! The tables of a report, made from its facts by grouping them.

use polars::prelude::{DataFrame, PolarsResult};

use crate::base::money::Kopecks;
use crate::portfolio::export::table::Table;
use crate::portfolio::rows::value::{Value, kopecks};
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
        let contract_programmes = typed_rows(&sum_by(&premium, &["number", "programme"], PREMIUM)?)?;
        Ok(Self {
            contracts: facts.contracts,
            programmes: programmes(&contract_programmes, &programme_months)?,
            contract_programmes,
            months: with_ratios(sum_by(&months, &["month"], MONTH_MEASURES)?, "earned")?,
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
fn programmes(premium: &ContractProgrammes, months: &ProgrammeMonths) -> PolarsResult<Programmes> {
    let mut rows = Programmes::default();
    for at in 0..premium.programme.len() {
        rows.programme.push(premium.programme[at].clone());
        rows.lines.push(premium.lines[at]);
        rows.written.push(premium.written[at]);
        rows.earned.push(premium.earned[at]);
        rows.unearned.push(premium.unearned[at]);
    }
    let of_premium = rows.programme.len();
    rows.programme.extend_from_slice(&months.programme);
    let all = rows.programme.len();
    rows.lines.resize(all, 0);
    for amounts in [&mut rows.written, &mut rows.earned, &mut rows.unearned] {
        amounts.resize(all, 0);
    }
    for (sums, of_months) in [(&mut rows.earned_in_period, &months.earned), (&mut rows.claims, &months.claims)] {
        sums.resize(of_premium, 0);
        sums.extend_from_slice(of_months);
    }
    rows.loss_ratio.resize(all, None);
    let measures = &["lines", "written", "earned", "unearned", "earned_in_period", "claims"];
    with_ratios(sum_by(&rows.frame()?, &["programme"], measures)?, "earned_in_period")
}

/// The rows of sums with the ratio of their claims to an earned premium.
fn with_ratios<T: Table>(mut sums: DataFrame, earned: &str) -> PolarsResult<T> {
    let amounts = |name: &str| sums.column(name).map(|column| Value::values(column.as_materialized_series()));
    let (claims, earned): (Option<Vec<i64>>, Option<Vec<i64>>) = (amounts("claims")?, amounts(earned)?);
    let ratios = claims.into_iter().flatten().zip(earned.into_iter().flatten()).map(|(claims, earned)| {
        let [claims, earned] = [claims, earned].map(|amount| Kopecks::new(amount.into()));
        ratio(claims, earned)
    });
    let ratios: Vec<Option<String>> = ratios.collect();
    sums.with_column(Value::column("loss_ratio", &ratios)?)?;
    typed_rows(&sums)
}
