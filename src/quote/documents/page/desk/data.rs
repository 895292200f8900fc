//! The data of the desk in the page: the lines grouped by price, the ranges that move them, and the words of the screen.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::base::messages::Language;
use crate::base::money::{Kopecks, Rate};
use crate::quote::documents::page::desk::ranges::{RangeData, RangeKey, Ranges, cover_key, own_choice};
use crate::quote::documents::page::desk::words::words;
use crate::quote::exact::Exact;
use crate::quote::exposure_cell::{ExposureCell, by_rate};
use crate::quote::quote_json::{Cover, Figure, QuoteJson};
use crate::quote::saved_quote::{RatedCell, SavedQuote};
use crate::tariff::range::RangePoint;

/// The columns of the price list in which a range of the tariff may stand.
const BASE: usize = 0;
const HEADCOUNT: usize = 1;
const RISK: usize = 3;
const EXCLUSIONS: usize = 6;

/// Everything that the desk computes with. It has no name, birth date or id of an insured.
#[derive(Debug, Serialize)]
pub struct DeskData<'q> {
    language: &'static str,
    year_days: u32,
    headcount: usize,
    /// The premium of the quote in kopecks, by which the page proves its arithmetic before it shows the desk.
    premium: String,
    /// The corridor of the quote in kopecks.
    corridor: [String; 2],
    plans: Vec<PlanData<'q>>,
    ranges: Vec<RangeData>,
    rates: Vec<RateData>,
    choices: ChoicesData,
    covers: Vec<CoverData<'q>>,
    words: BTreeMap<&'static str, String>,
}

/// A plan.
#[derive(Debug, Serialize)]
struct PlanData<'q> {
    code: &'q str,
    insured: usize,
    /// The premium of the quote in kopecks.
    premium: String,
}

/// A rate of the price list with its lines.
#[derive(Debug, Serialize)]
struct RateData {
    /// The plan, by its place.
    plan: usize,
    /// The exact product of the factors that no range moves.
    fixed: String,
    /// The ranges whose coefficients are the other factors, by their places.
    ranges: Vec<usize>,
    /// Three numbers for each exposure cell: the sum insured in kopecks, the days of cover, the number of lines.
    cells: Vec<i128>,
}

/// `[choices]` of the contract.
#[derive(Debug, Serialize)]
struct ChoicesData {
    /// The point of `ranges`.
    ranges: Option<&'static str>,
    /// The choice for the headcount where no range of the desk moves it.
    headcount: Option<String>,
    /// The choice for each risk group that the contract names and no range of the desk moves.
    risk: Vec<(u8, String)>,
}

/// A cover whose lines in the contract file a range of the desk changes.
#[derive(Debug, Serialize)]
struct CoverData<'q> {
    plan: usize,
    cover: usize,
    /// The codes, as the contract file has them.
    codes: [&'q str; 2],
    /// The excluded services, each with the choice of the contract for its coefficient.
    exclude: Vec<(&'q str, Option<String>)>,
}

impl<'q> DeskData<'q> {
    /// The data of a saved quote, whose lines are counted in `cells` by the places of their rates.
    pub fn new(saved: &'q SavedQuote, cells: &[ExposureCell], language: Language) -> Self {
        let quote = &saved.quote;
        let ranges = Ranges::new(quote, &saved.rates, language);
        let kopecks = |amount: Kopecks| amount.get().to_string();
        let plans = quote.plans.iter().map(|plan| PlanData {
            code: &plan.code,
            insured: plan.insured,
            premium: kopecks(plan.premium),
        });
        let rates = by_rate(cells).map(|cells| rate(quote, &saved.rates[cells[0].rate], cells, &ranges));
        Self {
            language: language.as_str(),
            year_days: quote.year_days,
            headcount: quote.headcount,
            premium: kopecks(quote.premium),
            corridor: [quote.corridor.low, quote.corridor.high].map(kopecks),
            plans: plans.collect(),
            rates: rates.collect(),
            choices: choices(quote, &ranges),
            covers: covers(quote, &ranges),
            words: words(language),
            ranges: ranges.moved,
        }
    }
}

/// A rate as the product of what no range moves and of coefficients in ranges.
fn rate(quote: &QuoteJson, rate: &RatedCell, cells: &[ExposureCell], ranges: &Ranges) -> RateData {
    let cover = &quote.plans[rate.plan].covers[rate.cover];
    let of_cover = cover_ranges(cover, (rate.plan, rate.cover), ranges);
    let has_range = |factor: &str| of_cover.iter().any(|(moved, _)| *moved == factor);
    let headcount = ranges.place(RangeKey::Headcount);
    let risk = ranges.place(RangeKey::Risk { group: rate.risk_group });
    let is_fixed = |column: usize| match column {
        BASE => !has_range("base"),
        HEADCOUNT => headcount.is_none(),
        RISK => risk.is_none(),
        EXCLUSIONS => !has_range("exclusion"),
        _ => true,
    };
    let columns = rate.factors.iter().enumerate().filter(|(column, _)| is_fixed(*column));
    let mut fixed: Rate = columns.filter_map(|(_, factor)| factor.as_ref()).map(Exact::value).product();
    if has_range("exclusion") {
        fixed = fixed * fixed_exclusions(cover, rate, (rate.plan, rate.cover), ranges);
    }
    let cell = |cell: &ExposureCell| [cell.sum_insured.get(), i128::from(cell.days), i128::from(cell.lines)];
    RateData {
        plan: rate.plan,
        fixed: fixed.to_string(),
        ranges: headcount.into_iter().chain(risk).chain(of_cover.into_iter().map(|(_, place)| place)).collect(),
        cells: cells.iter().flat_map(cell).collect(),
    }
}

/// The factors of a cover that the desk moves, each with the place of its range.
fn cover_ranges<'q>(cover: &'q Cover, at: (usize, usize), ranges: &Ranges) -> Vec<(&'q str, usize)> {
    let moved = cover.factors.iter().filter_map(|factor| {
        let place = ranges.place(cover_key(cover, factor, at)?)?;
        Some((factor.factor.as_str(), place))
    });
    moved.collect()
}

/// The product of the exclusions of a cover that the desk does not move, at the ages of a rate.
fn fixed_exclusions(cover: &Cover, rate: &RatedCell, at: (usize, usize), ranges: &Ranges) -> Rate {
    let is_moved = |factor| cover_key(cover, factor, at).is_some_and(|key| ranges.place(key).is_some());
    let exclusions = cover.factors.iter().filter(|factor| factor.factor == "exclusion" && !is_moved(factor));
    let value = exclusions.filter_map(|factor| match &factor.figure {
        Figure::Always(value) => Some(value.value()),
        Figure::ByAge(values) => {
            let of_age = values.iter().find(|value| (value.from..=value.to).contains(&rate.ages.from));
            of_age.map(|value| value.value.value())
        }
    });
    value.product()
}

/// What stands in `[choices]` beside the choices that the desk moves.
fn choices(quote: &QuoteJson, ranges: &Ranges) -> ChoicesData {
    let coefficients = &quote.coefficients;
    let is_moved = |key| ranges.place(key).is_some();
    let risk = coefficients.risk.iter().filter(|(group, _)| !is_moved(RangeKey::Risk { group: **group }));
    ChoicesData {
        ranges: ranges.point.map(RangePoint::as_str),
        headcount: own_choice(&coefficients.headcount).filter(|_| !is_moved(RangeKey::Headcount)),
        risk: risk.filter_map(|(group, risk)| Some((*group, own_choice(risk)?))).collect(),
    }
}

/// The covers that have a range of the desk.
fn covers<'q>(quote: &'q QuoteJson, ranges: &Ranges) -> Vec<CoverData<'q>> {
    let mut found = Vec::new();
    for (plan_at, plan) in quote.plans.iter().enumerate() {
        for (cover_at, cover) in plan.covers.iter().enumerate() {
            if cover_ranges(cover, (plan_at, cover_at), ranges).is_empty() {
                continue;
            }
            let own = |code: &str| {
                let factor = cover.factors.iter().find(|factor| factor.services == [code])?;
                let place = ranges.place(cover_key(cover, factor, (plan_at, cover_at))?)?;
                ranges.moved[place].choice.clone()
            };
            found.push(CoverData {
                plan: plan_at,
                cover: cover_at,
                codes: [&plan.code, &cover.programme],
                exclude: cover.exclude.iter().map(|service| (service.code.as_str(), own(&service.code))).collect(),
            });
        }
    }
    found
}
