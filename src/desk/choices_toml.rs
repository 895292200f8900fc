//! Choices as TOML lines to paste into a contract file.

use std::fmt::Write as _;

use crate::desk::range_factor::RangeFactor;
use crate::pricing::choice::{Choices, HeadcountChoice, NOT_APPLIED, RiskChoice};
use crate::pricing::terms::{Cover, Excluded};
use crate::quote::contract::Contract;
use crate::tariff::Tariff;
use crate::tariff::programme::ExclusionCoefficient;

/// Lines for one `[[plan.cover]]` of a contract file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoverLines<'c> {
    /// The code of the plan.
    pub plan: &'c str,
    /// The code of the programme.
    pub programme: &'c str,
    /// The lines; each replaces the line with the same key.
    pub lines: Vec<String>,
}

/// The whole section `[choices]`, which replaces that of the contract file.
#[must_use]
pub fn choices_section(choices: &Choices) -> String {
    let mut text = String::from("[choices]\n");
    if let Some(point) = choices.ranges {
        let _ = writeln!(text, "ranges = \"{point}\"");
    }
    if let Some(headcount) = &choices.headcount {
        let word = match headcount {
            HeadcountChoice::Interpolate => "interpolate".to_owned(),
            HeadcountChoice::InBand(choice) => choice.to_string(),
            HeadcountChoice::NotApplied => NOT_APPLIED.to_owned(),
        };
        let _ = writeln!(text, "headcount = \"{word}\"");
    }
    let mut risk: Vec<&(u8, RiskChoice)> = choices.risk.iter().collect();
    risk.sort_by_key(|(group, _)| *group);
    let risk: Vec<String> = risk.iter().map(|(group, choice)| format!("{group} = \"{choice}\"")).collect();
    if !risk.is_empty() {
        let _ = writeln!(text, "risk = {{ {} }}", risk.join(", "));
    }
    text
}

/// The lines of the covers to which these factors belong, in the order of the contract.
#[must_use]
pub fn cover_lines<'c>(contract: &'c Contract, tariff: &'c Tariff, factors: &[RangeFactor]) -> Vec<CoverLines<'c>> {
    let mut found = Vec::new();
    for (plan_at, plan) in contract.terms.plans.iter().enumerate() {
        for (cover_at, cover) in plan.covers.iter().enumerate() {
            let mut lines = Vec::new();
            let base_rate = RangeFactor::BaseRate { plan: plan_at, cover: cover_at };
            if let Some(choice) = cover.base_rate.filter(|_| factors.contains(&base_rate)) {
                lines.push(format!("base_rate = \"{choice}\""));
            }
            let is_exclusion = |factor: &RangeFactor| matches!(factor, RangeFactor::Exclusion { plan, cover, .. } if (*plan, *cover) == (plan_at, cover_at));
            if factors.iter().any(is_exclusion) {
                lines.push(exclude_line(cover, tariff));
            }
            if !lines.is_empty() {
                let programme = tariff.programmes[cover.programme].code.as_str();
                found.push(CoverLines { plan: plan.code.as_str(), programme, lines });
            }
        }
    }
    found
}

/// The whole line `exclude` of a cover, with the coefficients of services that the tariff gives as a range.
fn exclude_line(cover: &Cover, tariff: &Tariff) -> String {
    let exclusions = tariff.programmes[cover.programme].exclusions.as_ref().map(|clause| &clause.value);
    let item = |excluded: &Excluded| {
        let code = &tariff.services[excluded.service.0].code;
        let row = exclusions.and_then(|exclusions| exclusions.row(excluded.service));
        match (row.map(|row| &row.coefficient), excluded.choice) {
            (Some(ExclusionCoefficient::Range(_)), Some(choice)) => {
                format!("{{ service = \"{code}\", coefficient = \"{choice}\" }}")
            }
            _ => format!("\"{code}\""),
        }
    };
    format!("exclude = [{}]", cover.exclude.iter().map(item).collect::<Vec<_>>().join(", "))
}
