//! Choices as lines of a contract file, to be pasted into it.

use std::fmt::Write as _;

use crate::desk::range_factor::RangeFactor;
use crate::quote::contract::choice::{Choices, HeadcountChoice, RangeChoice};
use crate::quote::contract::{Contract, Cover, Excluded};
use crate::tariff::Tariff;
use crate::tariff::programme::ExclusionCoefficient;

/// Lines of one `[[plan.cover]]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoverLines<'c> {
    /// The code of the plan.
    pub plan: &'c str,
    /// The code of the programme.
    pub programme: &'c str,
    /// The lines, each in place of the one with the same key.
    pub lines: Vec<String>,
}

/// The section `[choices]`, whole: it takes the place of the file's own.
#[must_use]
pub fn choices(choices: &Choices) -> String {
    let mut text = String::from("[choices]\n");
    if let Some(stand) = choices.ranges {
        let _ = writeln!(text, "ranges = \"{}\"", stand.word());
    }
    if let Some(at) = &choices.headcount {
        let word = match at.value {
            HeadcountChoice::Interpolate => "interpolate".to_owned(),
            HeadcountChoice::RangeChoice(pick) => pick.to_string(),
        };
        let _ = writeln!(text, "headcount = \"{word}\"");
    }
    let mut risk: Vec<&(u8, RangeChoice)> = choices.risk.iter().collect();
    risk.sort_by_key(|(group, _)| *group);
    let risk: Vec<String> = risk.iter().map(|(group, pick)| format!("{group} = \"{pick}\"")).collect();
    if !risk.is_empty() {
        let _ = writeln!(text, "risk = {{ {} }}", risk.join(", "));
    }
    text
}

/// The lines of the covers that some of these levers belong to, in the order of the contract.
#[must_use]
pub fn cover_lines<'c>(contract: &'c Contract, tariff: &'c Tariff, levers: &[RangeFactor]) -> Vec<CoverLines<'c>> {
    let mut found = Vec::new();
    for (plan_at, plan) in contract.plans.iter().enumerate() {
        for (cover_at, cover) in plan.covers.iter().enumerate() {
            let mut lines = Vec::new();
            let base_rate = RangeFactor::BaseRate { plan: plan_at, cover: cover_at };
            if let Some(pick) = cover.base_rate.filter(|_| levers.contains(&base_rate)) {
                lines.push(format!("base_rate = \"{pick}\""));
            }
            let excludes = |lever: &RangeFactor| matches!(lever, RangeFactor::Exclusion { plan, cover, .. } if (*plan, *cover) == (plan_at, cover_at));
            if levers.iter().any(excludes) {
                lines.push(exclude(cover, tariff));
            }
            if !lines.is_empty() {
                let programme = tariff.programmes[cover.programme].code.as_str();
                found.push(CoverLines { plan: plan.code.as_str(), programme, lines });
            }
        }
    }
    found
}

/// `exclude` of a cover, whole, with the coefficients that stand in a range.
fn exclude(cover: &Cover, tariff: &Tariff) -> String {
    let exclusions = tariff.programmes[cover.programme].exclusions.as_ref().map(|clause| &clause.value);
    let one = |excluded: &Excluded| {
        let code = &tariff.services[excluded.service.0].code;
        let row = exclusions.and_then(|says| says.row(excluded.service));
        match (row.map(|row| &row.coefficient), excluded.pick) {
            (Some(ExclusionCoefficient::Range(_)), Some(pick)) => {
                format!("{{ service = \"{code}\", coefficient = \"{pick}\" }}")
            }
            _ => format!("\"{code}\""),
        }
    };
    format!("exclude = [{}]", cover.exclude.iter().map(one).collect::<Vec<_>>().join(", "))
}
