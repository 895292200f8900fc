//! The difference between two editions of the tariff, clause by clause.

use crate::base::messages::{Message, Value};
use crate::tariff::Tariff;
use crate::tariff::programme::{Base, ExclusionCoefficient, Programme, ServiceId};

/// A value of one edition or of both that is not the same in the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditionChange {
    /// The clause, in the edition after where it has the value.
    pub clause: String,
    /// What the value is for.
    pub item: Message,
    /// The value before; `None` where that edition has none.
    pub before: Option<String>,
    /// The value after; `None` where that edition has none.
    pub after: Option<String>,
}

/// A value of an edition, with the text by which the same value is found in another one.
struct Entry {
    key: String,
    clause: String,
    item: Message,
    value: String,
}

/// The changes from one edition to another, in the order of the edition before, then what only the edition after has.
#[must_use]
pub fn edition_changes(before: &Tariff, after: &Tariff) -> Vec<EditionChange> {
    let (old, new) = (entries(before), entries(after));
    let mut changes = Vec::new();
    for entry in &old {
        let found = new.iter().find(|other| other.key == entry.key);
        if found.is_none_or(|other| other.value != entry.value || other.clause != entry.clause) {
            changes.push(EditionChange {
                clause: found.unwrap_or(entry).clause.clone(),
                item: entry.item.clone(),
                before: Some(entry.value.clone()),
                after: found.map(|other| other.value.clone()),
            });
        }
    }
    for entry in new.into_iter().filter(|entry| old.iter().all(|other| other.key != entry.key)) {
        changes.push(EditionChange { clause: entry.clause, item: entry.item, before: None, after: Some(entry.value) });
    }
    changes
}

/// Every value of an edition that a price depends on.
fn entries(tariff: &Tariff) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut add = |clause: &str, key: String, item: Message, value: String| {
        entries.push(Entry { key, clause: clause.to_owned(), item, value });
    };
    for programme in &tariff.programmes {
        let item = |name| Message::new(name).with("programme", programme.code.as_str());
        let base = base_rate(&programme.base, tariff);
        add(&programme.clause, format!("base {}", programme.code), item("difference-base"), base);
    }
    for band in &tariff.headcount.value {
        let item = Message::new("difference-headcount").with("band", band.to_string());
        add(&tariff.headcount.clause, format!("headcount {band}"), item, band.range.to_string());
    }
    for band in &tariff.age.value {
        let item = Message::new("factor-age").with("ages", band.years.to_string());
        add(&tariff.age.clause, format!("age {}", band.years), item, band.coefficient.normalize().to_string());
    }
    let change = &tariff.price_change;
    add(&change.clause, "up".to_owned(), Message::new("difference-price-rise"), change.value.up.to_string());
    add(&change.clause, "down".to_owned(), Message::new("difference-price-fall"), change.value.down.to_string());
    let additional = &tariff.additional_services;
    add(&additional.clause, "additional".to_owned(), Message::new("factor-additional"), additional.value.to_string());
    for row in &tariff.risk.value {
        let item = Message::new("factor-risk").with("group", row.group.to_string());
        add(&tariff.risk.clause, format!("risk {}", row.group), item, row.range.to_string());
    }
    let bands: Vec<String> = tariff.child_bands.value.iter().map(ToString::to_string).collect();
    let item = Message::new("difference-child-bands");
    add(&tariff.child_bands.clause, "children".to_owned(), item, bands.join(", "));
    for programme in &tariff.programmes {
        service_entries(programme, tariff, &mut add);
    }
    entries
}

/// The coefficients of excluded and included services of a programme.
fn service_entries(programme: &Programme, tariff: &Tariff, add: &mut impl FnMut(&str, String, Message, String)) {
    let codes = |services: &[ServiceId]| {
        let mut codes = tariff.service_codes(services.iter().copied());
        codes.sort_unstable();
        codes.join(" + ")
    };
    let item = |name, services: &[ServiceId]| {
        let names: Value = tariff.service_names(services);
        Message::new(name).with("programme", programme.code.as_str()).with("services", names)
    };
    if let Some(exclusions) = &programme.exclusions {
        let clause = exclusions.clause.as_str();
        for row in &exclusions.value.rows {
            let key = format!("without {} {}", programme.code, codes(&[row.service]));
            add(clause, key, item("difference-exclusion", &[row.service]), exclusion(&row.coefficient, tariff));
        }
        for set in &exclusions.value.sets {
            let key = format!("without {} {}", programme.code, codes(&set.services));
            let value = set.coefficient.normalize().to_string();
            add(clause, key, item("difference-exclusion", &set.services), value);
        }
    }
    for row in programme.inclusions.iter().flat_map(|inclusions| &inclusions.value) {
        let clause = programme.inclusions.as_ref().map_or("", |inclusions| inclusions.clause.as_str());
        let key = format!("with {} {}", programme.code, codes(&[row.service]));
        let value = row.value.coefficient.normalize().to_string();
        add(clause, key, item("difference-inclusion", &[row.service]), value);
    }
    if let Some(collective) = &programme.collective {
        let item = Message::new("difference-collective").with("programme", programme.code.as_str());
        let value = collective.value.coefficient.normalize().to_string();
        add(&collective.clause, format!("collective {}", programme.code), item, value);
    }
}

fn base_rate(base: &Base, tariff: &Tariff) -> String {
    match base {
        Base::Fixed(rate) => rate.normalize().to_string(),
        Base::Range(range) => range.to_string(),
        Base::ByChildBand(rates) => by_child_band(tariff, rates.iter().map(|rate| rate.normalize().to_string())),
    }
}

fn exclusion(coefficient: &ExclusionCoefficient, tariff: &Tariff) -> String {
    match coefficient {
        ExclusionCoefficient::Fixed(coefficient) => coefficient.normalize().to_string(),
        ExclusionCoefficient::Range(range) => range.to_string(),
        ExclusionCoefficient::ByChildBand(columns) => {
            let value = |column: &Option<rust_decimal::Decimal>| {
                column.map_or_else(|| "—".to_owned(), |coefficient| coefficient.normalize().to_string())
            };
            by_child_band(tariff, columns.iter().map(value))
        }
    }
}

/// The values of the children's bands, each after its ages.
fn by_child_band(tariff: &Tariff, values: impl Iterator<Item = String>) -> String {
    let bands = tariff.child_bands.value.iter();
    bands.zip(values).map(|(band, value)| format!("{band}: {value}")).collect::<Vec<_>>().join(", ")
}
