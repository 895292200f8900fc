//! The services and the programmes of an edition's file, and the proof that their sets of exclusions are complete.

use rust_decimal::Decimal;

use crate::base::messages::{Message, listed};
use crate::base::sex::Sex;
use crate::base::source_file::{Faults, Span, Spanned};
use crate::base::toml_file::{AnyValue, Table, as_decimal, as_list, as_text, in_table};
use crate::tariff::programme::{
    Base, Exclusion, ExclusionCoefficient, ExclusionSet, Exclusions, Inclusion, Programme, Service, ServiceId, Wording,
    fold_code,
};
use crate::tariff::read::values::{MAX_BASE_RATE, MAX_COEFFICIENT, cited, coefficient, limited, limited_range, range};

/// What the rows of a programme refer to: the services and the number of children's bands.
pub(super) struct Known<'t> {
    pub(super) services: &'t [Service],
    pub(super) child_bands: usize,
}

pub(super) fn services(root: &mut Table<'_>) -> Vec<Service> {
    let faults = root.faults();
    let read = root.tables("service", |table| {
        let code = table.needed_text("code");
        let name = table.needed_text("name");
        let name_en = table.needed_text("name_en");
        let holds = table.list("holds", as_text);
        Some((code?, name?.value, name_en?.value, holds))
    });
    let codes: Vec<String> = read.iter().map(|(code, ..)| code.value.clone()).collect();
    let mut services: Vec<Service> = Vec::new();
    for (code, name, name_en, holds) in read {
        if services.iter().any(|before| before.code == code.value) {
            faults.add(code.span.clone(), Message::new("code-twice").with("code", &*code.value));
        }
        let holds = holds
            .into_iter()
            .filter_map(|held| {
                let found = codes.iter().position(|code| *code == held.value);
                if found.is_none() {
                    faults.add(held.span, unknown_service(&held.value, &codes));
                }
                found.map(ServiceId)
            })
            .collect();
        services.push(Service { code: code.value, name, name_en, holds });
    }
    services
}

fn unknown_service(code: &str, codes: &[String]) -> Message {
    Message::new("service-unknown").with("service", code).with("known", listed(codes))
}

pub(super) fn programmes(root: &mut Table<'_>, known: &Known<'_>) -> Vec<Programme> {
    let span = root.span();
    let faults = root.faults();
    let mut programmes: Vec<Programme> = Vec::new();
    let mut children = Vec::new();
    let mut is_any_faulty = false;
    for (at, for_children) in root.tables("programme", |table| {
        let programme = programme(table, known);
        is_any_faulty |= programme.is_none();
        programme
    }) {
        let folded = fold_code(&at.value.code);
        children.push(for_children);
        if programmes.iter().any(|before| fold_code(&before.code) == folded) {
            faults.add(at.span, Message::new("code-twice").with("code", &*at.value.code));
        }
        programmes.push(at.value);
    }
    if programmes.is_empty() {
        faults.add(span, Message::new("programmes-none"));
    }
    let codes: Vec<String> = programmes.iter().map(|programme| fold_code(&programme.code)).collect();
    for (programme, code) in programmes.iter_mut().zip(children) {
        let Some(code) = code else { continue };
        programme.for_children = codes.iter().position(|known| *known == fold_code(&code.value));
        // a programme with a fault may be the one that would be missing
        if programme.for_children.is_none() && !is_any_faulty {
            let message = Message::new("programme-unknown").with("code", &*code.value);
            faults.add(code.span, message.with("known", listed(&codes)));
        }
    }
    programmes
}

/// A programme, and the code of the one for children beside it.
fn programme(table: &mut Table<'_>, known: &Known<'_>) -> Option<(Spanned<Programme>, Option<Spanned<String>>)> {
    let faults = table.faults();
    let code = table.needed_text("code");
    let name = table.needed_text("name");
    let name_en = table.needed_text("name_en");
    let clause = table.needed_text("clause");
    let base = table.needed("base").and_then(|value| base(value, known, faults));
    let exclusions = table.table("exclusions", |table| cited(table, |table| Some(exclusions(table, known))));
    let inclusions = table.table("inclusions", |table| cited(table, |table| Some(inclusions(table, known))));
    let collective = table.table("collective", |table| cited(table, wording));
    let sex = table.text("sex").and_then(|at| {
        let sex = Sex::parse(&at.value);
        if sex.is_none() {
            faults.add(at.span, Message::new("sex-word"));
        }
        sex
    });
    let care = table
        .list("care", |value, faults| known_service(as_text(value, faults)?, known, faults))
        .into_iter()
        .map(|at| at.value)
        .collect();
    let for_children = table.text("for_children");
    let code = code?;
    let programme = Programme {
        code: code.value,
        name: name?.value,
        name_en: name_en?.value,
        clause: clause?.value,
        base: base?,
        exclusions,
        inclusions,
        collective,
        sex,
        care,
        for_children: None,
    };
    Some((Spanned { value: programme, span: code.span }, for_children))
}

fn wording(table: &mut Table<'_>) -> Option<Wording<Decimal>> {
    let coefficient = coefficient(table, "coefficient");
    let wording = table.needed_text("wording");
    Some(Wording { coefficient: coefficient?, wording: wording?.value })
}

/// The list under `by_child_band`: one value for each of the children's bands.
fn by_child_band<'d, T>(
    table: &mut Table<'d>,
    known: &Known<'_>,
    mut read: impl FnMut(AnyValue<'d>, &'d Faults) -> Option<T>,
) -> Option<Vec<T>> {
    let faults = table.faults();
    let value = table.any("by_child_band")?;
    let found = as_list(value, faults, |value, faults| Some(read(value, faults)));
    if found.len() != known.child_bands {
        let message = Message::new("child-bands-count").with("found", found.len()).with("wanted", known.child_bands);
        faults.add(value.span(), message);
    }
    found.into_iter().collect()
}

fn base(value: AnyValue<'_>, known: &Known<'_>, faults: &Faults) -> Option<Base> {
    if value.get_ref().is_table() {
        return base_table(value, known, faults);
    }
    limited(as_decimal(value, faults)?, MAX_BASE_RATE, faults).map(Base::Fixed)
}

fn base_table<'d>(value: AnyValue<'d>, known: &Known<'_>, faults: &'d Faults) -> Option<Base> {
    in_table(value, faults, |table| {
        if table.has("by_child_band") {
            let rates =
                by_child_band(table, known, |value, faults| limited(as_decimal(value, faults)?, MAX_BASE_RATE, faults));
            return rates.map(Base::ByChildBand);
        }
        limited_range(table, MAX_BASE_RATE).map(Base::Range)
    })
}

fn service(table: &mut Table<'_>, known: &Known<'_>) -> Option<Spanned<ServiceId>> {
    let at = table.needed_text("service")?;
    known_service(at, known, table.faults())
}

fn known_service(at: Spanned<String>, known: &Known<'_>, faults: &Faults) -> Option<Spanned<ServiceId>> {
    let found = known.services.iter().position(|service| service.code == at.value);
    if found.is_none() {
        let codes: Vec<String> = known.services.iter().map(|service| service.code.clone()).collect();
        faults.add(at.span.clone(), unknown_service(&at.value, &codes));
    }
    Some(Spanned { value: ServiceId(found?), span: at.span })
}

fn exclusions(table: &mut Table<'_>, known: &Known<'_>) -> Exclusions {
    let span = table.span();
    let faults = table.faults();
    let mut rows: Vec<Exclusion> = Vec::new();
    for at in table.tables("rows", |row| exclusion(row, known)) {
        if rows.iter().any(|before| before.service == at.value.service) {
            faults.add(at.span, Message::new("service-twice"));
        }
        rows.push(at.value);
    }
    let mut sets: Vec<ExclusionSet> = Vec::new();
    let mut is_any_faulty = false;
    for at in table.tables("sets", |row| {
        let set = exclusion_set(row, known);
        is_any_faulty |= set.is_none();
        set
    }) {
        if let Some(unlisted) = at.value.services.iter().find(|id| !rows.iter().any(|row| row.service == **id)) {
            let message = Message::new("set-stranger").with("service", &*known.services[unlisted.0].code);
            faults.add(at.span.clone(), message);
        }
        if sets.iter().any(|before| before.services == at.value.services) {
            faults.add(at.span, Message::new("set-twice"));
        }
        sets.push(at.value);
    }
    // a set with a fault may be the one that would be missing
    if !sets.is_empty() && !is_any_faulty {
        prove_sets(&rows, &sets, known, &span, faults);
    }
    Exclusions { rows, sets }
}

/// Reports every combination of two or more services that has no coefficient of its own (`I9`).
fn prove_sets(rows: &[Exclusion], sets: &[ExclusionSet], known: &Known<'_>, span: &Span, faults: &Faults) {
    /// With more rows, 2ⁿ combinations are no table that a person typed.
    const MAX_ROWS: usize = 8;
    if rows.len() > MAX_ROWS {
        faults.add(span.clone(), Message::new("set-rows").with("limit", MAX_ROWS));
        return;
    }
    for chosen in 0_u32..1 << rows.len() {
        let mut services: Vec<ServiceId> =
            rows.iter().enumerate().filter(|(place, _)| chosen >> place & 1 == 1).map(|(_, row)| row.service).collect();
        services.sort_unstable();
        if services.len() >= 2 && !sets.iter().any(|set| set.services == services) {
            let codes = services.iter().map(|id| known.services[id.0].code.as_str());
            faults.add(span.clone(), Message::new("set-missing").with("services", listed(codes)));
        }
    }
}

fn exclusion(row: &mut Table<'_>, known: &Known<'_>) -> Option<Spanned<Exclusion>> {
    let service = service(row, known);
    let wording = row.needed_text("wording");
    let coefficient = if row.has("by_child_band") {
        by_child_band(row, known, |value, faults| match value.get_ref().as_str() {
            Some("-" | "–" | "—") => Some(None),
            _ => exclusion_coefficient(as_decimal(value, faults)?, faults).map(Some),
        })
        .map(ExclusionCoefficient::ByChildBand)
    } else if row.has("low") || row.has("high") {
        range(row).map(ExclusionCoefficient::Range)
    } else {
        row.needed_decimal("coefficient")
            .and_then(|at| exclusion_coefficient(at, row.faults()))
            .map(ExclusionCoefficient::Fixed)
    };
    let service = service?;
    let exclusion = Exclusion { service: service.value, coefficient: coefficient?, wording: wording?.value };
    Some(Spanned { value: exclusion, span: service.span })
}

/// The coefficient of an exclusion, which is at most 1.
fn exclusion_coefficient(at: Spanned<Decimal>, faults: &Faults) -> Option<Decimal> {
    if at.value > Decimal::ONE {
        faults.add(at.span, Message::new("exclusion-raises").with("coefficient", at.value.to_string()));
        return None;
    }
    limited(at, MAX_COEFFICIENT, faults)
}

fn exclusion_set(row: &mut Table<'_>, known: &Known<'_>) -> Option<Spanned<ExclusionSet>> {
    let span = row.span();
    let faults = row.faults();
    let services: Option<Vec<ServiceId>> = row.needed("services").and_then(|value| {
        let read = as_list(value, faults, |value, faults| {
            Some(as_text(value, faults).and_then(|code| known_service(code, known, faults)).map(|at| at.value))
        });
        let mut services: Vec<ServiceId> = read.into_iter().collect::<Option<_>>()?;
        services.sort_unstable();
        // one service, or one twice, would match exclusions that the set does not name
        let is_set = services.len() >= 2 && services.windows(2).all(|pair| pair[0] != pair[1]);
        if !is_set {
            faults.add(value.span(), Message::new("set-services"));
        }
        is_set.then_some(services)
    });
    let coefficient = row.needed_decimal("coefficient").and_then(|at| exclusion_coefficient(at, faults));
    Some(Spanned { value: ExclusionSet { services: services?, coefficient: coefficient? }, span })
}

fn inclusions(table: &mut Table<'_>, known: &Known<'_>) -> Vec<Inclusion> {
    /// Each may multiply a rate by ten; with more, a line could exceed 10²⁸ kopecks.
    const MAX_INCLUSIONS: usize = 6;
    let span = table.span();
    let faults = table.faults();
    let mut rows: Vec<Inclusion> = Vec::new();
    for at in table.tables("rows", |row| {
        let service = service(row, known);
        let wording = wording(row);
        Some(Spanned { value: wording?, span: service.as_ref()?.span.clone() }).zip(service)
    }) {
        let (wording, service) = at;
        if rows.iter().any(|before| before.service == service.value) {
            faults.add(wording.span, Message::new("service-twice"));
        }
        rows.push(Inclusion { service: service.value, value: wording.value });
    }
    if rows.len() > MAX_INCLUSIONS {
        faults.add(span, Message::new("inclusions-many").with("limit", MAX_INCLUSIONS));
    }
    rows
}
