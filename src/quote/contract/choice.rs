//! The reading of choices: a word or a number for a place in a range of the tariff (`I2`, `I3`).

use std::fmt;

use rust_decimal::Decimal;

use crate::base::messages::Message;
use crate::base::source_file::{Faults, Span, Spanned};
use crate::base::toml_file::{AnyValue, Number, Table, as_number, unknown_word};
use crate::pricing::choice::{Choices, HeadcountChoice, NOT_APPLIED, RangeChoice, RiskChoice};
use crate::quote::contract::risk_group::unknown_risk_group;
use crate::tariff::Tariff;
use crate::tariff::range::{Range, RangePoint};

/// The most decimals of a coefficient of a contract (`I2`).
pub const MAX_COEFFICIENT_DECIMALS: u32 = 4;
/// The word of [`HeadcountChoice::Interpolate`] (`I3`).
const INTERPOLATE: &str = "interpolate";
/// The words for the headcount: those of any range, the one for the line along the band (`I3`), and the one that leaves the
/// coefficient out (`I72`).
pub(super) const HEADCOUNT_WORDS: &[&str] =
    &[RangePoint::Low.as_str(), RangePoint::Mid.as_str(), RangePoint::High.as_str(), INTERPOLATE, NOT_APPLIED];
/// The words for a risk group: those of any range, and the one that leaves the coefficient out (`I72`).
pub(super) const RISK_WORDS: &[&str] =
    &[RangePoint::Low.as_str(), RangePoint::Mid.as_str(), RangePoint::High.as_str(), NOT_APPLIED];

/// The choices of `[choices]`, and the place of the one for the headcount.
pub(crate) fn choices(table: &mut Table<'_>, tariff: &Tariff) -> (Choices, Span) {
    let faults = table.faults();
    let ranges = table.word("ranges", RangePoint::parse, RangePoint::WORDS);
    let mut span = 0..0;
    let headcount = table.any("headcount").and_then(|value| {
        span = value.span();
        headcount(value, tariff, faults)
    });
    let risk = table.table("risk", |table| {
        let entries = table.entries();
        Some(entries.into_iter().filter_map(|(group, value)| risk(group, value, tariff, faults)).collect())
    });
    (Choices { ranges, headcount, risk: risk.unwrap_or_default() }, span)
}

/// The choice for the headcount. The range of its band is known only with the roster: a number that no decimal has room
/// for is compared with the ends of all bands.
fn headcount(value: AnyValue<'_>, tariff: &Tariff, faults: &Faults) -> Option<HeadcountChoice> {
    match value.get_ref().as_str() {
        Some(INTERPOLATE) => return Some(HeadcountChoice::Interpolate),
        Some(NOT_APPLIED) => return Some(HeadcountChoice::NotApplied),
        _ => {}
    }
    let every = tariff.headcount_range();
    let choice = match point_or_number(value, HEADCOUNT_WORDS, faults)? {
        PointOrNumber::Point(point) => RangeChoice::Point(point),
        PointOrNumber::Number(at) if at.value.exactly().is_none() && !every.contains(at.value.near()) => {
            faults.add(at.span, outside(&at.value, every, &tariff.headcount.clause));
            return None;
        }
        PointOrNumber::Number(at) => RangeChoice::Number(coefficient(at, faults)?),
    };
    Some(HeadcountChoice::InBand(choice))
}

fn risk(group: Spanned<&str>, value: AnyValue<'_>, tariff: &Tariff, faults: &Faults) -> Option<(u8, RiskChoice)> {
    let Some(row) = tariff.risk.value.iter().find(|row| row.group.to_string() == group.value) else {
        faults.add(group.span, unknown_risk_group(group.value, tariff));
        return None;
    };
    if value.get_ref().as_str() == Some(NOT_APPLIED) {
        return Some((row.group, RiskChoice::NotApplied));
    }
    let choice = choice_of_words(value, RISK_WORDS, row.range, &tariff.risk.clause, faults)?;
    Some((row.group, RiskChoice::InRange(choice)))
}

/// The choice in a range: a word, or a number inside it with at most four decimals.
pub(super) fn choice_in(value: AnyValue<'_>, range: Range, clause: &str, faults: &Faults) -> Option<RangeChoice> {
    choice_of_words(value, RangePoint::WORDS, range, clause, faults)
}

/// As [`choice_in`]; `words` are those of the message for any other text.
fn choice_of_words(
    value: AnyValue<'_>,
    words: &[&str],
    range: Range,
    clause: &str,
    faults: &Faults,
) -> Option<RangeChoice> {
    match point_or_number(value, words, faults)? {
        PointOrNumber::Point(point) => Some(RangeChoice::Point(point)),
        PointOrNumber::Number(at) if !range.contains(at.value.near()) => {
            faults.add(at.span, outside(&at.value, range, clause));
            None
        }
        PointOrNumber::Number(at) => coefficient(at, faults).map(RangeChoice::Number),
    }
}

/// The message for a number outside its range.
pub(super) fn outside(number: &impl fmt::Display, range: Range, clause: &str) -> Message {
    Message::new("choice-outside")
        .with("number", number.to_string())
        .with("range", range.to_string())
        .with("clause", clause)
}

/// The value of a choice before it is checked against a range.
enum PointOrNumber {
    Point(RangePoint),
    Number(Spanned<Number>),
}

/// The value as a point or a number; `words` are those of the message for any other text.
fn point_or_number(value: AnyValue<'_>, words: &[&str], faults: &Faults) -> Option<PointOrNumber> {
    if let Some(text) = value.get_ref().as_str() {
        if let Some(point) = RangePoint::parse(text) {
            return Some(PointOrNumber::Point(point));
        }
        if !text.bytes().any(|byte| byte.is_ascii_digit()) {
            faults.add(value.span(), unknown_word(words));
            return None;
        }
    }
    as_number(value, faults).map(PointOrNumber::Number)
}

/// A coefficient with at most four decimals.
pub(super) fn coefficient(at: Spanned<Number>, faults: &Faults) -> Option<Decimal> {
    let number = at.value.with_decimals(MAX_COEFFICIENT_DECIMALS);
    if number.is_none() {
        faults.add(at.span, Message::new("choice-decimals").with("limit", MAX_COEFFICIENT_DECIMALS));
    }
    number
}
