//! The outlook of a contract: the premium in the neighbouring headcount bands, at the renewal, and at the ends of every range.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::base::calendar::age_years;
use crate::base::error::Error;
use crate::base::money::{Kopecks, portion};
use crate::desk::exposure::Exposure;
use crate::desk::range_factor::{RangeFactor, RangePosition};
use crate::pricing::choice::{HeadcountChoice, RangeChoice, same_share};
use crate::pricing::premium::Cell;
use crate::quote::contract::Contract;
use crate::quote::{Admitted, Price, Quote};
use crate::tariff::band::HeadcountBand;
use crate::tariff::range::Range;

/// The outlook of a priced quote.
#[derive(Debug, Clone)]
pub struct Outlook {
    /// The previous, the current and the next headcount band, as far as the tariff has them.
    pub bands: Vec<BandOutlook>,
    /// The effect of birthdays until the renewal; `None` for a census, which has no birth dates.
    pub renewal: Option<Renewal>,
    /// The ranges, in descending order of the premium between their ends.
    pub ranges: Vec<RangeWeight>,
}

/// The premium in a headcount band (§2.1).
#[derive(Debug, Clone)]
pub struct BandOutlook {
    /// The band.
    pub band: HeadcountBand,
    /// The headcount of the quote in its own band; in another band the nearest headcount of the band.
    pub headcount: u32,
    /// That headcount less the headcount of the quote.
    pub change: i64,
    /// The coefficient that the contract's choice gives.
    pub coefficient: Decimal,
    /// The premium of the quote's insured at that coefficient.
    pub premium_of_present: Kopecks,
    /// That premium divided by the headcount of the quote.
    pub per_insured: Kopecks,
    /// That premium times the ratio of the headcounts: joiners and leavers cost the mean of the quote's insured.
    pub premium: Kopecks,
}

/// The effect of the birthdays until the renewal, all else unchanged.
#[derive(Debug, Clone)]
pub struct Renewal {
    /// The day of the renewal: the first day after the contract.
    pub day: Date,
    /// The insured who change age class, counted by both classes.
    pub age_moves: Vec<AgeMove>,
    /// The insured who will be older than the last age of the tariff (`I5`).
    pub past_tariff: Group,
    /// The insured who will be too old for a programme or an exclusion of their plan (`I6`, `I8`).
    pub past_programme: Group,
    /// Every insured whose price changes, in roster order.
    pub changes: Vec<RenewalChange>,
}

/// A number of insured and their premium.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Group {
    /// The number of insured.
    pub insured: usize,
    /// Their premium in the quote.
    pub premium: Kopecks,
}

/// The insured who move from one age class to another at the renewal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AgeMove {
    /// The age class in the quote, as an index into the ages of the cube.
    pub from: u8,
    /// The age class at the renewal.
    pub to: u8,
    /// Their number and their premium in the quote.
    pub group: Group,
    /// Their premium for the same days of cover at the later age.
    pub premium_then: Kopecks,
}

/// An insured whose price the renewal changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RenewalChange {
    /// The insured as priced in the quote.
    pub insured: Admitted,
    /// Completed years on the day of the renewal.
    pub age_then: u16,
    /// The effect on the price.
    pub effect: RenewalEffect,
    /// The premium in the quote.
    pub premium: Kopecks,
}

/// The effect of a later age on the price of an insured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RenewalEffect {
    /// Another age class, as an index into the ages of the cube, and the premium in it.
    Older(u8, Kopecks),
    /// Older than the last age of the tariff: a referral (`I5`).
    PastTariff,
    /// Too old for a programme or an exclusion of the plan (`I6`, `I8`).
    PastProgramme,
}

/// The premium at the two ends of one range, all other ranges unchanged.
#[derive(Debug, Clone)]
pub struct RangeWeight {
    /// The range and the contract's coefficient in it.
    pub position: RangePosition,
    /// The premium of the contract with this range at its low end.
    pub low: Kopecks,
    /// The premium of the contract with this range at its high end.
    pub high: Kopecks,
}

impl RangeWeight {
    /// The difference between the two premiums.
    #[must_use]
    pub fn width(&self) -> Kopecks {
        self.high - self.low
    }
}

impl Outlook {
    /// The outlook of a priced quote.
    ///
    /// # Errors
    ///
    /// As [`Exposure::premium`].
    pub fn new(quote: &Quote<'_>, price: &Price<'_>) -> Result<Self, Error> {
        let exposure = Exposure::new(quote, price);
        Ok(Self {
            bands: bands(quote, price, &exposure)?,
            renewal: (!quote.roster.census).then(|| Renewal::new(quote, price)),
            ranges: ranges(quote, price, &exposure)?,
        })
    }
}

fn bands(quote: &Quote<'_>, price: &Price<'_>, exposure: &Exposure<'_>) -> Result<Vec<BandOutlook>, Error> {
    let table = &quote.tariff.headcount.value;
    let here = table.iter().position(|band| band.contains(price.headcount)).unwrap_or_default();
    let around = here.saturating_sub(1)..table.len().min(here + 2);
    let outlook = |place: usize| {
        let band = table[place].clone();
        let headcount = match place.cmp(&here) {
            std::cmp::Ordering::Less => band.to.unwrap_or(band.from),
            std::cmp::Ordering::Equal => price.headcount,
            std::cmp::Ordering::Greater => band.from,
        };
        let coefficient = if place == here {
            price.rating.headcount().coefficient
        } else {
            coefficient_in(quote.contract, price.rating.headcount().range, &band, headcount)
        };
        let is_left_out = quote.contract.terms.choices.headcount == Some(HeadcountChoice::NotApplied);
        let premium_of_present = if place == here || is_left_out {
            price.totals.premium.chosen
        } else {
            let mut contract = quote.contract.clone();
            RangeFactor::Headcount.set(&mut contract, coefficient);
            exposure.premium_at(&contract, headcount)?
        };
        let premium = portion(premium_of_present, headcount, price.headcount);
        let per_insured = portion(premium_of_present, 1, price.headcount);
        let change = i64::from(headcount) - i64::from(price.headcount);
        Ok(BandOutlook { band, headcount, change, coefficient, premium_of_present, per_insured, premium })
    };
    around.map(outlook).collect()
}

/// The coefficient that the contract's choice gives in another band; a number keeps its share of the range (`I38`).
fn coefficient_in(contract: &Contract, here: Range, band: &HeadcountBand, headcount: u32) -> Decimal {
    match contract.terms.choices.headcount {
        Some(HeadcountChoice::Interpolate) => band.interpolate(headcount).unwrap_or_else(|| band.range.mid()),
        Some(HeadcountChoice::NotApplied) => Decimal::ONE,
        Some(HeadcountChoice::InBand(RangeChoice::Number(number))) => same_share(number, here, band.range),
        Some(HeadcountChoice::InBand(choice)) => contract.terms.choices.resolve(Some(choice)).0.coefficient(band.range),
        None => contract.terms.choices.resolve(None).0.coefficient(band.range),
    }
}

fn ranges(quote: &Quote<'_>, price: &Price<'_>, exposure: &Exposure<'_>) -> Result<Vec<RangeWeight>, Error> {
    let weight = |position: RangePosition| {
        let premium_at = |coefficient| {
            let mut contract = quote.contract.clone();
            position.factor.set(&mut contract, coefficient);
            exposure.premium(&contract)
        };
        Ok(RangeWeight { low: premium_at(position.range.low)?, high: premium_at(position.range.high)?, position })
    };
    let mut ranges: Vec<RangeWeight> =
        RangePosition::all(quote, price, exposure).into_iter().map(weight).collect::<Result<_, Error>>()?;
    ranges.sort_by_key(|range| (std::cmp::Reverse(range.width()), range.position.factor));
    Ok(ranges)
}

impl Renewal {
    fn new(quote: &Quote<'_>, price: &Price<'_>) -> Self {
        let last = quote.contract.term().period().last();
        // a contract that ends on the last day of the calendar has no renewal
        let day = last.tomorrow().unwrap_or(last);
        let mut renewal = Self {
            day,
            age_moves: Vec::new(),
            past_tariff: Group::default(),
            past_programme: Group::default(),
            changes: Vec::new(),
        };
        let mut later = LaterAges { quote, price, cells: BTreeMap::new() };
        let mut by_ages: BTreeMap<(u8, u8), AgeMove> = BTreeMap::new();
        for insured in &price.lines.admitted {
            let Some(change) = later.change(insured, day) else { continue };
            let premium = change.premium;
            let group = match change.effect {
                RenewalEffect::PastTariff => &mut renewal.past_tariff,
                RenewalEffect::PastProgramme => &mut renewal.past_programme,
                RenewalEffect::Older(to, premium_then) => {
                    let from = insured.age_class;
                    let empty = AgeMove { from, to, group: Group::default(), premium_then: Kopecks::ZERO };
                    let age_move = by_ages.entry((from, to)).or_insert(empty);
                    age_move.premium_then += premium_then;
                    &mut age_move.group
                }
            };
            group.insured += 1;
            group.premium += premium;
            renewal.changes.push(change);
        }
        renewal.age_moves = by_ages.into_values().collect();
        renewal
    }

    /// The change of the premium by all moves between age classes.
    #[must_use]
    pub fn cost(&self) -> Kopecks {
        self.age_moves.iter().map(|age_move| age_move.premium_then - age_move.group.premium).sum()
    }
}

/// The cells of later ages, rated on first use.
struct LaterAges<'q> {
    quote: &'q Quote<'q>,
    price: &'q Price<'q>,
    cells: BTreeMap<(u16, usize, u8, u8), Option<Cell>>,
}

impl LaterAges<'_> {
    /// The change of an insured's price by the age on a day; `None` if the price stays the same.
    fn change(&mut self, insured: &Admitted, day: Date) -> Option<RenewalChange> {
        let Quote { contract, roster, .. } = self.quote;
        let birth = roster.insured.birth_date[insured.at as usize]?;
        let age_then = age_years(birth, day)?;
        let axes = &self.price.axes;
        let mut premium = Kopecks::ZERO;
        let mut premium_then = Some(Kopecks::ZERO);
        // the decision about an accepted insured stays
        let is_accepted = axes.ages[usize::from(insured.age_class)].accepted.is_some();
        let step = axes.age_class(age_then).or(is_accepted.then_some(insured.age_class));
        if step == Some(insured.age_class) {
            return None;
        }
        for line in self.price.lines.of_insured(insured, contract, axes, &roster.insured) {
            premium += line.premium();
            let cell = step.and_then(|step| self.cell(insured, line.cover, step));
            let later = cell.map(|cell| cell.premium(line.sum_insured, line.days));
            premium_then = premium_then.zip(later).map(|(sum, later)| sum + later);
        }
        let band = |step: u8| axes.ages[usize::from(step)].age_band;
        let effect = match (step, premium_then) {
            (None, _) => RenewalEffect::PastTariff,
            (Some(_), None) => RenewalEffect::PastProgramme,
            // the children's bands do not change the rate of an adults' programme
            (Some(step), Some(then)) if then == premium && band(step) == band(insured.age_class) => return None,
            (Some(step), Some(then)) => RenewalEffect::Older(step, then),
        };
        Some(RenewalChange { insured: *insured, age_then, effect, premium })
    }

    fn cell(&mut self, insured: &Admitted, cover: usize, step: u8) -> Option<&Cell> {
        let (quote, price) = (self.quote, self.price);
        let rate = || {
            let cover = &quote.contract.terms.plans[usize::from(insured.plan)].covers[cover];
            let ages = &price.axes.ages[usize::from(step)];
            Cell::new(&price.rating, &quote.contract.terms, cover, ages, usize::from(insured.risk)).ok()
        };
        self.cells.entry((insured.plan, cover, step, insured.risk)).or_insert_with(rate).as_ref()
    }
}
