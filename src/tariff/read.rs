//! An edition's file → a proved tariff, or every fault with its line.

pub(crate) mod programmes;

use rust_decimal::Decimal;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::source_file::{Faults, SourceFile, Span, Spanned, Table};
use crate::tariff::band::{AgeBand, Band, BandBreak, HeadcountBand, seam};
use crate::tariff::range::Range;
use crate::tariff::{Cited, Edition, PriceChange, RiskGroup, Tariff};
use programmes::{Known, programmes, services};

/// No edition may have a larger coefficient: with [`MAX_BASE_RATE`] it keeps every total inside 128 bits.
const MAX_COEFFICIENT: Decimal = Decimal::TEN;
/// No edition may have a larger base rate, in RUB per 100 RUB.
const MAX_BASE_RATE: Decimal = Decimal::ONE_THOUSAND;
/// No number of an edition may have more decimals.
const MAX_DECIMALS: u32 = 6;
/// No edition may go further than this age.
const MAX_AGE: u16 = 150;

pub(crate) fn tariff(source: &SourceFile) -> Result<Tariff, Error> {
    source.read(|root| {
        let edition = root.needed_table("edition", edition);
        let headcount = root.needed_table("headcount", headcount);
        let age = root.needed_table("age", age);
        let price_change = root.needed_table("price_change", price_change);
        let additional_services = root.needed_table("additional_services", |table| clause(table, range));
        let risk = root.needed_table("risk", risk);
        let child_bands = root.needed_table("child_bands", child_bands);
        let services = services(root);
        let known =
            Known { services: &services, child_bands: child_bands.as_ref().map_or(0, |bands| bands.value.len()) };
        let programmes = programmes(root, &known);
        Some(Tariff {
            edition: edition?,
            headcount: headcount?,
            age: age?,
            price_change: price_change?,
            additional_services: additional_services?,
            risk: risk?,
            child_bands: child_bands?,
            services,
            programmes,
            source: source.clone(),
        })
    })
}

fn edition(table: &mut Table<'_>) -> Option<Edition> {
    let code = table.needed_text("code");
    let title = table.needed_text("title");
    let valid_from = table.needed_date("valid_from");
    let valid_to = table.date("valid_to");
    if let (Some(from), Some(to)) = (&valid_from, &valid_to)
        && to.value < from.value
    {
        let message =
            Message::new("edition-dates").with("from", from.value.to_string()).with("to", to.value.to_string());
        table.fault(to.span.clone(), message);
    }
    Some(Edition {
        code: code?.value,
        title: title?.value,
        valid_from: valid_from?.value,
        valid_to: valid_to.map(|at| at.value),
    })
}

/// What `read` makes of a table, with the clause that the table names.
fn clause<'d, T>(table: &mut Table<'d>, read: impl FnOnce(&mut Table<'d>) -> Option<T>) -> Option<Cited<T>> {
    let clause = table.needed_text("clause");
    let value = read(table);
    Some(Cited { clause: clause?.value, value: value? })
}

/// A coefficient inside the limits of every edition.
fn limited(at: Spanned<Decimal>, limit: Decimal, faults: &Faults) -> Option<Decimal> {
    if at.value.is_zero() || at.value > limit || at.value.normalize().scale() > MAX_DECIMALS {
        let message = Message::new("tariff-number").with("limit", limit.to_string()).with("decimals", MAX_DECIMALS);
        faults.add(at.span, message);
        return None;
    }
    Some(at.value)
}

fn coefficient(table: &mut Table<'_>, key: &'static str) -> Option<Decimal> {
    let at = table.needed_decimal(key)?;
    limited(at, MAX_COEFFICIENT, table.faults())
}

fn limited_range(table: &mut Table<'_>, limit: Decimal) -> Option<Range> {
    let low = table.needed_decimal("low");
    let high = table.needed_decimal("high");
    let (low, high) = (low?, high?);
    if low.value > high.value {
        let message =
            Message::new("range-order").with("low", low.value.to_string()).with("high", high.value.to_string());
        table.fault(low.span.clone(), message);
        return None;
    }
    let faults = table.faults();
    Some(Range { low: limited(low, limit, faults)?, high: limited(high, limit, faults)? })
}

fn range(table: &mut Table<'_>) -> Option<Range> {
    limited_range(table, MAX_COEFFICIENT)
}

/// Reports how bands fail to follow each other from `first`; each is its first number, its last if it has one, and its
/// place in the file.
fn prove_seams(first: u32, bands: impl IntoIterator<Item = (u32, Option<u32>, Span)>, clause: &str, faults: &Faults) {
    let mut end = first.checked_sub(1);
    let mut begun = false;
    for (from, to, span) in bands {
        if to.is_some_and(|to| to < from) {
            faults.add(span.clone(), Message::new("band-order").with("clause", clause));
        }
        let found = match end {
            Some(end) => seam(end, from),
            None if begun => Some(BandBreak::Overlap { first: from, last: u32::MAX }),
            None => (from > 0).then(|| BandBreak::Gap { first: 0, last: from - 1 }),
        };
        match found {
            Some(BandBreak::Gap { first, last }) => {
                let message = Message::new("bands-gap").with("clause", clause);
                faults.add(span, message.with("first", first.to_string()).with("last", last.to_string()));
            }
            Some(BandBreak::Overlap { last: u32::MAX, .. }) => {
                faults.add(span, Message::new("bands-after-open").with("clause", clause));
            }
            Some(BandBreak::Overlap { first, last }) => {
                let message = Message::new("bands-overlap").with("clause", clause);
                faults.add(span, message.with("first", first.to_string()).with("last", last.to_string()));
            }
            None => {}
        }
        begun = true;
        end = to;
    }
}

/// The bands of a table, each with its place; at least one.
fn bands<'d, T>(table: &mut Table<'d>, mut read: impl FnMut(&mut Table<'d>) -> Option<T>) -> Vec<Spanned<T>> {
    let span = table.span();
    let bands = table.tables("bands", |row| {
        let span = row.span();
        read(row).map(|value| Spanned { value, span })
    });
    if bands.is_empty() {
        table.fault(span, Message::new("bands-none"));
    }
    bands
}

fn headcount(table: &mut Table<'_>) -> Option<Cited<Vec<HeadcountBand>>> {
    let span = table.span();
    let faults = table.faults();
    let read = clause(table, |table| {
        let bands = bands(table, |row| {
            let from = row.needed_whole::<u32>("from");
            let to = row.whole::<u32>("to");
            // a band with a bad range keeps its place, so that no gap is said to be there
            let range = range(row);
            Some((from?.value, to.map(|at| at.value), range))
        });
        Some(bands)
    })?;
    let seams = read.value.iter().map(|band| (band.value.0, band.value.1, band.span.clone()));
    prove_seams(1, seams, &read.clause, faults);
    if read.value.last().is_some_and(|last| last.value.1.is_some()) {
        faults.add(span, Message::new("bands-closed").with("clause", &*read.clause));
    }
    let bands = read
        .value
        .into_iter()
        .map(|Spanned { value: (from, to, range), .. }| Some(HeadcountBand { from, to, range: range? }));
    Some(Cited { clause: read.clause, value: bands.collect::<Option<_>>()? })
}

fn years(row: &mut Table<'_>) -> Option<Band> {
    let from = row.needed_whole::<u16>("from");
    let to = row.needed_whole::<u16>("to");
    let (from, to) = (from?, to?);
    if to.value > MAX_AGE {
        row.fault(to.span, Message::new("age-limit").with("limit", u32::from(MAX_AGE)));
        return None;
    }
    Some(Band { from: from.value, to: to.value })
}

fn age(table: &mut Table<'_>) -> Option<Cited<Vec<AgeBand>>> {
    let faults = table.faults();
    let read = clause(table, |table| {
        Some(bands(table, |row| {
            let years = years(row);
            let coefficient = coefficient(row, "coefficient");
            Some((years?, coefficient))
        }))
    })?;
    let seams = read
        .value
        .iter()
        .map(|band| (u32::from(band.value.0.from), Some(u32::from(band.value.0.to)), band.span.clone()));
    prove_seams(0, seams, &read.clause, faults);
    let bands = read
        .value
        .into_iter()
        .map(|Spanned { value: (years, coefficient), .. }| Some(AgeBand { years, coefficient: coefficient? }));
    Some(Cited { clause: read.clause, value: bands.collect::<Option<_>>()? })
}

fn child_bands(table: &mut Table<'_>) -> Option<Cited<Vec<Band>>> {
    let faults = table.faults();
    let read = clause(table, |table| Some(bands(table, years)))?;
    let seams =
        read.value.iter().map(|band| (u32::from(band.value.from), Some(u32::from(band.value.to)), band.span.clone()));
    prove_seams(0, seams, &read.clause, faults);
    Some(Cited { clause: read.clause, value: read.value.into_iter().map(|at| at.value).collect() })
}

fn price_change(table: &mut Table<'_>) -> Option<Cited<PriceChange>> {
    clause(table, |table| {
        let up = table.needed_table("up", range);
        let down = table.needed_table("down", range);
        Some(PriceChange { up: up?, down: down? })
    })
}

fn risk(table: &mut Table<'_>) -> Option<Cited<Vec<RiskGroup>>> {
    clause(table, |table| {
        let span = table.span();
        let mut groups: Vec<RiskGroup> = Vec::new();
        let faults = table.faults();
        for at in table.tables("groups", |row| {
            let group = row.needed_whole::<u8>("group");
            let range = range(row);
            let group = group?;
            Some(Spanned { value: RiskGroup { group: group.value, range: range? }, span: group.span })
        }) {
            if groups.last().is_some_and(|before| before.group >= at.value.group) {
                faults.add(at.span, Message::new("risk-groups-order").with("group", u32::from(at.value.group)));
            } else {
                groups.push(at.value);
            }
        }
        if groups.is_empty() {
            faults.add(span, Message::new("bands-none"));
        }
        Some(groups)
    })
}
