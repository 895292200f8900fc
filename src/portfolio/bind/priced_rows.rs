//! The rows of a book from an issued quote: any of them, so that those of a large contract need not be held at once.

use std::ops::Range;

use crate::base::calendar::days_since_1970;
use crate::base::money::Kopecks;
use crate::portfolio::batch_writer::{LINES_PER_BATCH, RowSource};
use crate::portfolio::rows::{CellRows, ContractRows, InsuredRows, LineRows, MAX_KOPECKS, Numbers, Rows};
use crate::quote::{Price, Quote};
use crate::roster::field::Field;

/// The rows of a new contract.
pub(super) enum NewRows<'c> {
    /// All of them, in columns.
    Columns(Box<ContractRows>),
    /// Those of a contract that fills a batch: made when they are written.
    Large(Box<PricedRows<'c>>),
}

impl<'c> NewRows<'c> {
    /// The rows of a quote and its price. Every row of the roster is priced, and the premium is within the book's limit.
    pub fn new(quote: Quote<'c>, price: Price<'c>) -> Self {
        let rows = PricedRows::new(quote, price);
        let is_large = rows.lengths()[2] >= LINES_PER_BATCH;
        if is_large { Self::Large(Box::new(rows)) } else { Self::Columns(Box::new(rows.columns())) }
    }

    /// The number of rows of each kind.
    pub fn lengths(&self) -> [usize; 3] {
        match self {
            Self::Columns(rows) => rows.lengths(),
            Self::Large(rows) => rows.lengths(),
        }
    }
}

/// The rows of a quote, made when they are asked for; equal ranges give equal rows.
pub(super) struct PricedRows<'c> {
    quote: Quote<'c>,
    price: Price<'c>,
    cells: CellRows,
    /// The place of each cell among those of the contract, by its place in the cube.
    cell_of: Vec<u32>,
    /// The head of each insured's family, where the roster has families.
    heads: Option<Vec<u32>>,
    /// The number of lines before those of each insured.
    lines_before: Vec<u32>,
}

impl<'c> PricedRows<'c> {
    fn new(quote: Quote<'c>, price: Price<'c>) -> Self {
        let (cells, cell_of) = cell_rows(&quote, &price);
        let covers: Vec<usize> = quote.contract.terms.plans.iter().map(|plan| plan.covers.len()).collect();
        let mut lines = 0_u32;
        let before = |plan: u16| {
            let before = lines;
            lines = lines.saturating_add(u32::try_from(covers[usize::from(plan)]).unwrap_or(u32::MAX));
            before
        };
        let lines_before = price.lines.admitted.iter().map(|insured| insured.plan).map(before).collect();
        let heads = quote.roster.insured.family_heads();
        Self { quote, price, cells, cell_of, heads, lines_before }
    }

    /// All rows.
    fn columns(mut self) -> ContractRows {
        let [insured, _, lines] = self.lengths();
        let (insured, lines) = (self.insured(0..insured), self.lines(0..lines));
        ContractRows { insured, cells: std::mem::take(&mut self.cells), lines }
    }

    fn number(&self, rows: usize) -> Numbers {
        Numbers::repeat(&self.quote.contract.number, rows)
    }
}

impl RowSource for PricedRows<'_> {
    fn lengths(&self) -> [usize; 3] {
        let lines = &self.price.lines;
        [lines.admitted.len(), self.cells.cell.len(), lines.count]
    }

    fn insured(&self, range: Range<usize>) -> InsuredRows {
        let Quote { contract, tariff, roster, .. } = &self.quote;
        let columns = &roster.insured;
        let mut rows = InsuredRows::with_capacity(range.len());
        rows.number = self.number(range.len());
        for (place, insured) in range.clone().zip(&self.price.lines.admitted[range]) {
            let at = insured.at as usize;
            let cover = columns.cover[at].unwrap_or_else(|| contract.term().period());
            rows.insured.push(ordinal(place));
            rows.id.push(columns.id.get(at).to_owned());
            rows.name.push(columns.name.get(at).to_owned());
            rows.birth_date.push(columns.birth_date[at].map_or(0, days_since_1970));
            rows.relation.push(columns.relation(at).map(|relation| relation.as_str().to_owned()));
            // every row is priced, so that the places of rows and insured agree
            rows.head.push(self.heads.as_ref().map(|heads| heads[at] + 1));
            rows.plan.push(contract.terms.plans[usize::from(insured.plan)].code.clone());
            rows.age.push(insured.age_years.into());
            rows.risk_group.push(tariff.risk.value[usize::from(insured.risk)].group.into());
            rows.start.push(days_since_1970(cover.first()));
            rows.end.push(days_since_1970(cover.last()));
            rows.push_contacts(columns.contacts(at).map(|text| Some(text.to_owned()).filter(|text| !text.is_empty())));
            rows.person.push(None);
            let policy_number = columns.text(Field::PolicyNumber, at);
            rows.policy_number.push((!policy_number.is_empty()).then(|| policy_number.to_owned()));
        }
        rows
    }

    fn cells(&self) -> CellRows {
        self.cells.clone()
    }

    fn lines(&self, range: Range<usize>) -> LineRows {
        let Self { quote: Quote { contract, roster, .. }, price, .. } = self;
        let mut rows = LineRows::with_capacity(range.len());
        rows.number = self.number(range.len());
        let mut insured = self.lines_before.partition_point(|before| *before as usize <= range.start).saturating_sub(1);
        let mut passed = range.start - self.lines_before.get(insured).map_or(0, |before| *before as usize);
        while rows.len() < range.len() {
            let lines = price.lines.of_insured(&price.lines.admitted[insured], contract, &price.axes, &roster.insured);
            for line in lines.skip(passed).take(range.len() - rows.len()) {
                rows.insured.push(ordinal(insured));
                rows.cell.push(self.cell_of[line.cell_at]);
                rows.sum_insured.push(kopecks(line.sum_insured));
                rows.start.push(days_since_1970(line.period.first()));
                rows.end.push(days_since_1970(line.period.last()));
                rows.premium.push(kopecks(line.premium()));
            }
            (insured, passed) = (insured + 1, 0);
        }
        rows
    }
}

/// The cells that a line needs, and the place of each among them by its place in the cube.
fn cell_rows(quote: &Quote<'_>, price: &Price<'_>) -> (CellRows, Vec<u32>) {
    let Quote { contract, tariff, .. } = quote;
    let mut rows = CellRows::default();
    let mut cell_of = vec![u32::MAX; price.axes.cells()];
    for (at, place) in cell_of.iter_mut().enumerate() {
        let Some(cell) = price.lines.cell(at) else { continue };
        let coordinates = price.axes.coordinates(at);
        let plan = &contract.terms.plans[coordinates.plan];
        let (cover, ages) = (&plan.covers[coordinates.cover], &price.axes.ages[coordinates.age_class]);
        *place = u32::try_from(rows.cell.len()).unwrap_or(u32::MAX);
        rows.cell.push(*place);
        rows.plan.push(plan.code.clone());
        rows.programme.push(tariff.programmes[cover.programme].code.clone());
        rows.age_from.push(ages.years.from.into());
        rows.age_to.push(ages.years.to.into());
        rows.risk_group.push(tariff.risk.value[coordinates.risk].group.into());
        rows.level.push(cover.price_level().to_string());
        rows.rate.push(cell.rate.clone());
        rows.age_coefficient.push(ages.accepted.map(|coefficient| coefficient.to_string()));
    }
    rows.number = Numbers::repeat(&contract.number, rows.cell.len());
    (rows, cell_of)
}

/// The number of the insured at a place, from 1.
fn ordinal(place: usize) -> u32 {
    u32::try_from(place + 1).unwrap_or(u32::MAX)
}

/// An amount of a contract within the book's limit.
fn kopecks(amount: Kopecks) -> i64 {
    i64::try_from(amount.get()).unwrap_or(MAX_KOPECKS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::portfolio::bind::candidate::Candidate;
    use crate::tariff::Catalogue;

    const CONTRACT: &str = r#"number = "L-1"
policyholder = "ООО «Пример»"
start = 2026-12-01
end = 2027-11-30
roster = "roster.csv"

[[plan]]
code = "А"
[[plan.cover]]
programme = "16"
sum_insured = 120000

[[plan]]
code = "Б"
[[plan.cover]]
programme = "16"
sum_insured = 150000
[[plan.cover]]
programme = "17"
sum_insured = 300000
[[plan.cover]]
programme = "8"
sum_insured = 50000
"#;

    #[test]
    fn any_range_has_the_rows_that_all_rows_have_there() {
        let folder = tempfile::tempdir().unwrap();
        let insured = |at: usize| {
            let (plan, risk, year) = (["А", "Б"][at * 5 % 3 % 2], at % 3, 1970 + at);
            format!("Иванов Пётр {at};0{}.03.{year};{risk};{plan}\n", at % 9 + 1)
        };
        let roster: String = (0..17).map(insured).collect();
        std::fs::write(folder.path().join("roster.csv"), format!("ФИО;Дата рождения;Группа риска;План\n{roster}"))
            .unwrap();
        let path = folder.path().join("contract.toml");
        std::fs::write(&path, CONTRACT).unwrap();
        let candidate = Candidate::open(&path, &Catalogue::built_in()).unwrap();
        let rows = || {
            let (tariff, contract) = (candidate.tariff.as_ref(), &candidate.contract);
            let roster = candidate.roster().unwrap();
            let mut quote = Quote::new(contract, tariff, roster, false).unwrap();
            let price = quote.price.take().unwrap();
            PricedRows::new(quote, price)
        };
        let (some, all) = (rows(), rows().columns());
        let [insured, _, lines] = some.lengths();
        assert_eq!([insured, lines], [all.insured.len(), all.lines.len()]);
        assert!(insured == 17 && lines > insured);
        assert_eq!(some.cells(), all.cells);
        for first in 0..=lines {
            for end in first..=lines {
                let number = some.number(end - first);
                assert_eq!(some.lines(first..end), LineRows { number, ..all.lines.copy_of(first..end) });
            }
        }
        for first in 0..=insured {
            let number = some.number(insured - first);
            assert_eq!(some.insured(first..insured), InsuredRows { number, ..all.insured.copy_of(first..insured) });
        }
    }
}
