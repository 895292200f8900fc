//! What lies ahead of a contract: the next headcount band, the next birthdays, and the weight of every range.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::{Decimal, RoundingStrategy};

use crate::base::calendar::age_years;
use crate::base::error::Error;
use crate::base::money::{Kopecks, portion};
use crate::desk::exposure::Exposure;
use crate::desk::range_factor::{RangeFactor, STEP, Standing};
use crate::pricing::cube::Cell;
use crate::quote::contract::Contract;
use crate::quote::contract::choice::{HeadcountChoice, RangeChoice};
use crate::quote::{Admitted, Price, Quote};
use crate::tariff::band::HeadcountBand;
use crate::tariff::range::Range;

/// Everything that an outlook shows.
#[derive(Debug, Clone)]
pub struct Outlook {
    /// The band before, this one and the next, as far as there are any, in the order of headcounts.
    pub bands: Vec<BandOutlook>,
    /// What the birthdays until the next renewal do; none of a census, which has no birthdays.
    pub renewal: Option<Renewal>,
    /// The ranges, the one that moves the most money first.
    pub ranges: Vec<RangeWeight>,
}

/// What a headcount band would do to the price (§2.1).
#[derive(Debug, Clone)]
pub struct BandOutlook {
    /// The band.
    pub band: HeadcountBand,
    /// The headcount looked at: today's in this band, else the nearest one of the band.
    pub headcount: u32,
    /// How many insured more, or fewer, that is than today.
    pub change: i64,
    /// The coefficient by the contract's choice.
    pub coefficient: Decimal,
    /// What today's insured would cost by that coefficient.
    pub premium_of_present: Kopecks,
    /// The mean for one insured of today's.
    pub per_insured: Kopecks,
    /// What so many insured would cost if those who join, or leave, were like the mean of today's.
    pub premium: Kopecks,
}

/// What the birthdays until the next renewal do, everything else being as it is.
#[derive(Debug, Clone)]
pub struct Renewal {
    /// The first day after the contract.
    pub day: Date,
    /// Those who come into another band of ages, by the ages of both.
    pub moves: Vec<AgeMove>,
    /// Those who will be past the last age of the tariff (`I5`), and what they cost today.
    pub past_tariff: Group,
    /// Those who will be too old for a programme or an exclusion of their plan (`I6`, `I8`), and what they cost today.
    pub past_programme: Group,
    /// Everybody whom the renewal moves, in roster order.
    pub movers: Vec<RenewalChange>,
}

/// Some insured and what they cost.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Group {
    /// Their number.
    pub insured: usize,
    /// Their premium today.
    pub premium: Kopecks,
}

/// The insured whom the tariff takes for older at the renewal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AgeMove {
    /// Today's ages, by their place in the axes of the cube.
    pub from: u8,
    /// The ages at the renewal.
    pub to: u8,
    /// Their number and their premium today.
    pub group: Group,
    /// What the same days of cover would cost at the later age.
    pub premium_then: Kopecks,
}

/// An insured whom the renewal moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RenewalChange {
    /// The insured as priced today.
    pub insured: Admitted,
    /// The age on the first day of the renewal.
    pub age_then: u16,
    /// What becomes of the price.
    pub fate: Fate,
    /// The premium today.
    pub premium: Kopecks,
}

/// What a later age does to an insured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Other ages, by their place in the axes of the cube, and the premium there.
    Older(u8, Kopecks),
    /// Past the last age of the tariff.
    PastTariff,
    /// Too old for the plan.
    PastProgramme,
}

/// How much money a range moves while all others stay where they are.
#[derive(Debug, Clone)]
pub struct RangeWeight {
    /// The range and where the contract stands in it.
    pub standing: Standing,
    /// The premium of the contract with this range at its low end.
    pub low: Kopecks,
    /// The premium of the contract with this range at its high end.
    pub high: Kopecks,
}

impl RangeWeight {
    /// What lies between the two ends.
    #[must_use]
    pub fn width(&self) -> Kopecks {
        self.high - self.low
    }
}

impl Outlook {
    /// Looks ahead from a priced quote.
    ///
    /// # Errors
    ///
    /// As [`Exposure::premium`].
    pub fn new(quote: &Quote<'_>, price: &Price<'_>) -> Result<Self, Error> {
        let mix = Exposure::new(quote, price);
        Ok(Self {
            bands: bands(quote, price, &mix)?,
            renewal: (!quote.roster.census).then(|| Renewal::new(quote, price)),
            ranges: ranges(quote, price, &mix)?,
        })
    }
}

fn bands(quote: &Quote<'_>, price: &Price<'_>, mix: &Exposure<'_>) -> Result<Vec<BandOutlook>, Error> {
    let table = &quote.tariff.headcount.value;
    let here = table.iter().position(|band| band.contains(price.headcount)).unwrap_or_default();
    let around = here.saturating_sub(1)..table.len().min(here + 2);
    let look = |place: usize| {
        let band = table[place].clone();
        let headcount = match place.cmp(&here) {
            std::cmp::Ordering::Less => band.to.unwrap_or(band.from),
            std::cmp::Ordering::Equal => price.headcount,
            std::cmp::Ordering::Greater => band.from,
        };
        let coefficient = if place == here {
            price.rating.headcount().coefficient
        } else {
            elsewhere(quote.contract, price.rating.headcount().range, &band, headcount)
        };
        let premium_of_present = if place == here {
            price.totals.premium.chosen
        } else {
            let mut contract = quote.contract.clone();
            RangeFactor::Headcount.set(&mut contract, coefficient);
            mix.premium_at(&contract, headcount)?
        };
        let premium = portion(premium_of_present, headcount, price.headcount);
        let per_insured = portion(premium_of_present, 1, price.headcount);
        let change = i64::from(headcount) - i64::from(price.headcount);
        Ok(BandOutlook { band, headcount, change, coefficient, premium_of_present, per_insured, premium })
    };
    around.map(look).collect()
}

/// The coefficient that the contract's choice comes to in another band: by its word, or where it is a number, at the same
/// share of the range.
fn elsewhere(contract: &Contract, here: Range, band: &HeadcountBand, headcount: u32) -> Decimal {
    match contract.choices.headcount.as_ref().map(|at| at.value) {
        Some(HeadcountChoice::Interpolate) => band.interpolated(headcount).unwrap_or_else(|| band.range.mid()),
        Some(HeadcountChoice::RangeChoice(RangeChoice::Number(number))) if here.low < here.high => {
            let share = (number - here.low) / (here.high - here.low);
            let place = band.range.low + share * (band.range.high - band.range.low);
            place.round_dp_with_strategy(STEP.scale(), RoundingStrategy::MidpointAwayFromZero).normalize()
        }
        Some(HeadcountChoice::RangeChoice(RangeChoice::Number(_))) => band.range.mid(),
        Some(HeadcountChoice::RangeChoice(pick)) => contract.choices.settle(Some(pick)).0.of(band.range),
        None => contract.choices.settle(None).0.of(band.range),
    }
}

fn ranges(quote: &Quote<'_>, price: &Price<'_>, mix: &Exposure<'_>) -> Result<Vec<RangeWeight>, Error> {
    let weigh = |standing: Standing| {
        let at = |coefficient| {
            let mut contract = quote.contract.clone();
            standing.lever.set(&mut contract, coefficient);
            mix.premium(&contract)
        };
        Ok(RangeWeight { low: at(standing.range.low)?, high: at(standing.range.high)?, standing })
    };
    let mut ranges: Vec<RangeWeight> =
        Standing::all(quote, price, mix).into_iter().map(weigh).collect::<Result<_, Error>>()?;
    ranges.sort_by_key(|range| (std::cmp::Reverse(range.width()), range.standing.lever));
    Ok(ranges)
}

impl Renewal {
    fn new(quote: &Quote<'_>, price: &Price<'_>) -> Self {
        let last = quote.contract.term.period().last();
        // a contract that ends with the calendar has no renewal, and nobody grows older after it
        let day = last.tomorrow().unwrap_or(last);
        let mut renewal = Self {
            day,
            moves: Vec::new(),
            past_tariff: Group::default(),
            past_programme: Group::default(),
            movers: Vec::new(),
        };
        let mut later = LaterAges { quote, price, cells: BTreeMap::new() };
        let mut by_ages: BTreeMap<(u8, u8), AgeMove> = BTreeMap::new();
        for insured in &price.lines.admitted {
            let Some(mover) = later.mover(insured, day) else { continue };
            let premium = mover.premium;
            let group = match mover.fate {
                Fate::PastTariff => &mut renewal.past_tariff,
                Fate::PastProgramme => &mut renewal.past_programme,
                Fate::Older(to, premium_then) => {
                    let from = insured.step;
                    let blank = AgeMove { from, to, group: Group::default(), premium_then: Kopecks::ZERO };
                    let of_bands = by_ages.entry((from, to)).or_insert(blank);
                    of_bands.premium_then += premium_then;
                    &mut of_bands.group
                }
            };
            group.insured += 1;
            group.premium += premium;
            renewal.movers.push(mover);
        }
        renewal.moves = by_ages.into_values().collect();
        renewal
    }

    /// What the moves between age bands add to the premium.
    #[must_use]
    pub fn cost(&self) -> Kopecks {
        self.moves.iter().map(|of_bands| of_bands.premium_then - of_bands.group.premium).sum()
    }
}

/// The cells of ages that nobody has today, rated when they are first asked for.
struct LaterAges<'q> {
    quote: &'q Quote<'q>,
    price: &'q Price<'q>,
    cells: BTreeMap<(u16, usize, u8, u8), Option<Cell>>,
}

impl LaterAges<'_> {
    /// What a day does to an insured, if the age on it is another one to the tariff.
    fn mover(&mut self, insured: &Admitted, day: Date) -> Option<RenewalChange> {
        let Quote { contract, roster, .. } = self.quote;
        let birth = roster.insured.birth_date[insured.at as usize]?;
        let age_then = age_years(birth, day)?;
        let axes = &self.price.axes;
        let mut premium = Kopecks::ZERO;
        let mut premium_then = Some(Kopecks::ZERO);
        let step = axes.step(age_then);
        if step == Some(insured.step) {
            return None;
        }
        for line in self.price.lines.of(insured, contract, axes, &roster.insured) {
            premium += line.premium();
            let cell = step.and_then(|step| self.cell(insured, line.cover, step));
            let then = cell.map(|cell| cell.premium(line.sum_insured, line.days));
            premium_then = premium_then.zip(then).map(|(sum, then)| sum + then);
        }
        let band = |step: u8| axes.ages[usize::from(step)].age_band;
        let fate = match (step, premium_then) {
            (None, _) => Fate::PastTariff,
            (Some(_), None) => Fate::PastProgramme,
            // a birthday among the children's bands is nothing to an adults' programme
            (Some(step), Some(then)) if then == premium && band(step) == band(insured.step) => return None,
            (Some(step), Some(then)) => Fate::Older(step, then),
        };
        Some(RenewalChange { insured: *insured, age_then, fate, premium })
    }

    fn cell(&mut self, insured: &Admitted, cover: usize, step: u8) -> Option<&Cell> {
        let (quote, price) = (self.quote, self.price);
        let rate = || {
            let terms = &quote.contract.plans[usize::from(insured.plan)].covers[cover];
            let ages = &price.axes.ages[usize::from(step)];
            Cell::rate(&price.rating, quote.contract, terms, ages, usize::from(insured.risk)).ok()
        };
        self.cells.entry((insured.plan, cover, step, insured.risk)).or_insert_with(rate).as_ref()
    }
}
