//! The codes and ranges of the built-in edition, as examples and explanations of the contract file's keys.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use crate::tariff::Tariff;
use crate::tariff::programme::{Base, ExclusionCoefficient, Programme, ServiceId};

static TARIFF: LazyLock<Tariff> = LazyLock::new(Tariff::base);

pub(super) fn risk_groups() -> Vec<u8> {
    TARIFF.risk.value.iter().map(|row| row.group).collect()
}

/// The number of each risk group, and its range.
pub(super) fn risk_ranges() -> impl Iterator<Item = (String, String)> {
    let rows = TARIFF.risk.value.iter();
    rows.map(|row| {
        (
            row.group.to_string(),
            format!("Risk group {}; in the built-in edition {} (§{}).", row.group, row.range, TARIFF.risk.clause),
        )
    })
}

pub(super) fn programme_codes() -> Vec<String> {
    TARIFF.programmes.iter().map(|programme| programme.code.clone()).collect()
}

/// The codes of the services that can be excluded from some programme.
pub(super) fn excludable() -> Vec<String> {
    codes(TARIFF.programmes.iter().flat_map(excludable_from))
}

/// The codes of the services that can be included in some programme.
pub(super) fn includable() -> Vec<String> {
    codes(TARIFF.programmes.iter().flat_map(includable_in))
}

fn excludable_from(programme: &Programme) -> impl Iterator<Item = ServiceId> {
    programme.exclusions.iter().flat_map(|rows| rows.value.rows.iter().map(|row| row.service))
}

fn includable_in(programme: &Programme) -> impl Iterator<Item = ServiceId> {
    programme.inclusions.iter().flat_map(|rows| rows.value.iter().map(|row| row.service))
}

/// The codes of services, each once, in the order of the edition.
fn codes(services: impl Iterator<Item = ServiceId>) -> Vec<String> {
    let services: BTreeSet<ServiceId> = services.collect();
    TARIFF.service_codes(services).into_iter().map(str::to_owned).collect()
}

pub(super) fn headcounts() -> Vec<String> {
    TARIFF.headcount.value.iter().map(|band| format!("{band} insured: {}", band.range)).collect()
}

pub(super) fn accepted_age() -> Vec<String> {
    let range = TARIFF.accepted_age.iter();
    range
        .map(|range| format!("after {} completed years: {range} (§{})", TARIFF.last_age(), TARIFF.age.clause))
        .collect()
}

pub(super) fn additional_services() -> Vec<String> {
    vec![TARIFF.additional_services.value.to_string()]
}

pub(super) fn price_changes() -> Vec<String> {
    let ranges = &TARIFF.price_change.value;
    vec![format!("up: {}", ranges.up), format!("down: {}", ranges.down)]
}

pub(super) fn programmes() -> Vec<String> {
    TARIFF.programmes.iter().map(|programme| format!("`{}` {}", programme.code, programme.name_en)).collect()
}

pub(super) fn base_rates() -> Vec<String> {
    let row = |programme: &Programme| match programme.base {
        Base::Range(range) => Some(format!("programme `{}`: {range} (§{})", programme.code, programme.clause)),
        Base::Fixed(_) | Base::ByChildBand(_) => None,
    };
    TARIFF.programmes.iter().filter_map(row).collect()
}

pub(super) fn exclusions() -> Vec<String> {
    let row = |programme: &Programme| {
        let clause = &programme.exclusions.as_ref()?.clause;
        Some(services_of(programme, excludable_from(programme), clause))
    };
    TARIFF.programmes.iter().filter_map(row).collect()
}

pub(super) fn inclusions() -> Vec<String> {
    let row = |programme: &Programme| {
        let clause = &programme.inclusions.as_ref()?.clause;
        Some(services_of(programme, includable_in(programme), clause))
    };
    TARIFF.programmes.iter().filter_map(row).collect()
}

fn services_of(programme: &Programme, services: impl Iterator<Item = ServiceId>, clause: &str) -> String {
    let name = |id: ServiceId| format!("`{}` {}", TARIFF.services[id.0].code, TARIFF.services[id.0].name_en);
    let services: Vec<String> = services.map(name).collect();
    format!("programme `{}` (§{clause}): {}", programme.code, services.join(", "))
}

pub(super) fn exclusion_ranges() -> Vec<String> {
    let rows = TARIFF.programmes.iter().flat_map(|programme| {
        let table = programme.exclusions.iter();
        table.flat_map(move |table| {
            table.value.rows.iter().filter_map(move |row| match row.coefficient {
                ExclusionCoefficient::Range(range) => {
                    let service = &TARIFF.services[row.service.0].code;
                    Some(format!("`{service}` of programme `{}`: {range} (§{})", programme.code, table.clause))
                }
                ExclusionCoefficient::Fixed(_) | ExclusionCoefficient::ByChildBand(_) => None,
            })
        })
    });
    rows.collect()
}
