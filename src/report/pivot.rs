//! Programmes by month with their totals: what is earned, what is claimed, and the loss ratio.

use std::collections::BTreeMap;

use polars::prelude::PolarsResult;

use crate::base::money::Kopecks;
use crate::portfolio::export::table::{Table, table};
use crate::report::frames::{sum_by, typed_rows};
use crate::report::tables::ProgrammeMonths;

table! {
    /// The money of a programme over all months.
    ProgrammeTotals "programmes" {
        /// Programme.
        programme: Option<String>,
        /// Earned in the period.
        earned: i64,
        /// Claims of the period.
        claims: i64,
    }
}

table! {
    /// The money of a month over all programmes.
    MonthTotals "months" {
        /// First day of the month.
        month: i32,
        /// Earned in the month.
        earned: i64,
        /// Claims of the month.
        claims: i64,
    }
}

/// The money of a cell.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Money {
    pub earned: Kopecks,
    pub claims: Kopecks,
}

impl Money {
    fn new(earned: i64, claims: i64) -> Self {
        Self { earned: Kopecks::new(earned.into()), claims: Kopecks::new(claims.into()) }
    }
}

/// A row for each programme, a column for each month.
#[derive(Debug)]
pub(super) struct Pivot {
    /// The months by their first days since 1970, in order.
    pub months: Vec<i32>,
    /// The programmes in order, the one without a code last; each with its months and its total.
    pub rows: Vec<(Option<String>, Vec<Money>)>,
    /// The total of each month, and of all.
    pub totals: Vec<Money>,
}

impl Pivot {
    /// Turns the programmes' months; the totals are sums of their own over the same rows.
    pub fn new(rows: &ProgrammeMonths) -> PolarsResult<Self> {
        let frame = rows.frame()?;
        let by_month: MonthTotals = typed_rows(&sum_by(&frame, &["month"], &["earned", "claims"])?)?;
        let by_programme: ProgrammeTotals = typed_rows(&sum_by(&frame, &["programme"], &["earned", "claims"])?)?;
        let mut cells: BTreeMap<(Option<&str>, i32), Money> = BTreeMap::new();
        for at in 0..rows.month.len() {
            let money = Money::new(rows.earned[at], rows.claims[at]);
            cells.insert((rows.programme[at].as_deref(), rows.month[at]), money);
        }
        let with_months = |at: usize| {
            let programme = &by_programme.programme[at];
            let months = by_month.month.iter();
            let mut money: Vec<Money> =
                months.map(|month| cells.get(&(programme.as_deref(), *month)).copied().unwrap_or_default()).collect();
            money.push(Money::new(by_programme.earned[at], by_programme.claims[at]));
            (programme.clone(), money)
        };
        let mut totals: Vec<Money> =
            by_month.earned.iter().zip(&by_month.claims).map(|(earned, claims)| Money::new(*earned, *claims)).collect();
        let mut all = Money::default();
        for month in &totals {
            all.earned += month.earned;
            all.claims += month.claims;
        }
        totals.push(all);
        Ok(Self { rows: (0..by_programme.programme.len()).map(with_months).collect(), months: by_month.month, totals })
    }
}
