//! What the schema tells of the built-in edition of the tariff: its codes as examples, its ranges as explanations.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use schemars::Schema;
use serde_json::Value;

use crate::tariff::Tariff;
use crate::tariff::programme::{Base, ExclusionCoefficient, Programme, ServiceId};

static TARIFF: LazyLock<Tariff> = LazyLock::new(Tariff::base);

pub(crate) fn risk_groups() -> Vec<u8> {
    TARIFF.risk.value.iter().map(|row| row.group).collect()
}

/// The number of each risk group and a word on its range.
pub(crate) fn risk_ranges() -> impl Iterator<Item = (String, String)> {
    let rows = TARIFF.risk.value.iter();
    rows.map(|row| {
        (
            row.group.to_string(),
            format!("Risk group {}; in the built-in edition {} (§{}).", row.group, row.range, TARIFF.risk.clause),
        )
    })
}

pub(crate) fn programme_codes() -> Vec<String> {
    TARIFF.programmes.iter().map(|programme| programme.code.clone()).collect()
}

/// The codes of the services that can be excluded from some programme.
pub(crate) fn excludable() -> Vec<String> {
    codes(TARIFF.programmes.iter().flat_map(excludable_from))
}

/// The codes of the services that can be included in some programme.
pub(crate) fn includable() -> Vec<String> {
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

/// Adds to a description what the built-in edition says, one line for each of its rows.
fn add(schema: &mut Schema, rows: impl Iterator<Item = String>) {
    let Some(Value::String(words)) = schema.get_mut("description") else { return };
    words.push_str("\n\nIn the built-in edition:\n");
    rows.for_each(|row| words.extend(["\n- ", &row]));
}

pub(crate) fn headcount(schema: &mut Schema) {
    add(schema, TARIFF.headcount.value.iter().map(|band| format!("{band} insured: {}", band.range)));
}

pub(crate) fn additional_services(schema: &mut Schema) {
    add(schema, [TARIFF.additional_services.value.to_string()].into_iter());
}

pub(crate) fn price_change(schema: &mut Schema) {
    let says = &TARIFF.price_change.value;
    add(schema, [format!("up: {}", says.up), format!("down: {}", says.down)].into_iter());
}

pub(crate) fn programmes(schema: &mut Schema) {
    add(schema, TARIFF.programmes.iter().map(|programme| format!("`{}` {}", programme.code, programme.name_en)));
}

pub(crate) fn base_rate(schema: &mut Schema) {
    let row = |programme: &Programme| match programme.base {
        Base::Range(range) => Some(format!("programme `{}`: {range} (§{})", programme.code, programme.clause)),
        Base::Fixed(_) | Base::ByChildBand(_) => None,
    };
    add(schema, TARIFF.programmes.iter().filter_map(row));
}

pub(crate) fn exclusions(schema: &mut Schema) {
    let row = |programme: &Programme| {
        let clause = &programme.exclusions.as_ref()?.clause;
        Some(services_of(programme, excludable_from(programme), clause))
    };
    add(schema, TARIFF.programmes.iter().filter_map(row));
}

pub(crate) fn inclusions(schema: &mut Schema) {
    let row = |programme: &Programme| {
        let clause = &programme.inclusions.as_ref()?.clause;
        Some(services_of(programme, includable_in(programme), clause))
    };
    add(schema, TARIFF.programmes.iter().filter_map(row));
}

fn services_of(programme: &Programme, services: impl Iterator<Item = ServiceId>, clause: &str) -> String {
    let name = |id: ServiceId| format!("`{}` {}", TARIFF.services[id.0].code, TARIFF.services[id.0].name_en);
    let services: Vec<String> = services.map(name).collect();
    format!("programme `{}` (§{clause}): {}", programme.code, services.join(", "))
}

pub(crate) fn exclusion_ranges(schema: &mut Schema) {
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
    add(schema, rows);
}
