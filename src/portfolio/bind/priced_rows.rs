//! The rows of a book from an issued quote.

use crate::base::calendar::days_since_1970;
use crate::base::money::Kopecks;
use crate::portfolio::rows::{CellRows, ContractRows, InsuredRows, LineRows, MAX_KOPECKS};
use crate::quote::{Price, Quote};
use crate::roster::field::Field;

/// The rows of a quote of whose roster every row is priced, with a premium within the book's limit.
pub(super) fn contract_rows(quote: &Quote<'_>, price: &Price<'_>) -> ContractRows {
    let (cells, cell_of) = cell_rows(quote, price);
    let (insured, lines) = (insured_rows(quote, price), line_rows(quote, price, &cell_of));
    let mut rows = ContractRows { insured, cells, lines };
    rows.set_number(&quote.contract.number);
    rows
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
    (rows, cell_of)
}

fn insured_rows(quote: &Quote<'_>, price: &Price<'_>) -> InsuredRows {
    let Quote { contract, tariff, roster, .. } = quote;
    let columns = &roster.insured;
    let heads = columns.family_heads();
    let mut rows = InsuredRows::default();
    for (ordinal, insured) in (1_u32..).zip(&price.lines.admitted) {
        let at = insured.at as usize;
        let cover = columns.cover[at].unwrap_or_else(|| contract.term().period());
        rows.insured.push(ordinal);
        rows.id.push(columns.id.get(at).to_owned());
        rows.name.push(columns.name.get(at).to_owned());
        rows.birth_date.push(columns.birth_date[at].map_or(0, days_since_1970));
        rows.relation.push(columns.relation(at).map(|relation| relation.as_str().to_owned()));
        // every row is priced, so that the places of rows and insured agree
        rows.head.push(heads.as_ref().map(|heads| heads[at] + 1));
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

fn line_rows(quote: &Quote<'_>, price: &Price<'_>, cell_of: &[u32]) -> LineRows {
    let mut rows = LineRows::default();
    for (ordinal, insured) in (1_u32..).zip(&price.lines.admitted) {
        for line in price.lines.of_insured(insured, quote.contract, &price.axes, &quote.roster.insured) {
            rows.insured.push(ordinal);
            rows.cell.push(cell_of[line.cell_at]);
            rows.sum_insured.push(kopecks(line.sum_insured));
            rows.start.push(days_since_1970(line.period.first()));
            rows.end.push(days_since_1970(line.period.last()));
            rows.premium.push(kopecks(line.premium()));
        }
    }
    rows
}

/// An amount of a contract within the book's limit.
fn kopecks(amount: Kopecks) -> i64 {
    i64::try_from(amount.get()).unwrap_or(MAX_KOPECKS)
}
