//! An edition's file → a proved tariff, or every fault with its line.

use rust_decimal::Decimal;

use super::band::{AgeBand, Band, HeadcountBand, Seam, seam};
use super::programme::{
    Base, Exclusion, ExclusionCoefficient, ExclusionSet, Exclusions, Inclusion, Programme, Service, ServiceId, Wording,
    folded_code,
};
use super::range::Range;
use super::{Clause, Edition, PriceChange, RiskGroup, Tariff};
use crate::document::{AnyValue, At, Document, Faults, Span, Table, as_decimal, as_list, as_text, in_table};
use crate::error::Error;
use crate::sex::Sex;
use crate::words::{Message, listed};

/// No edition may have a larger coefficient: with [`MAX_BASE_RATE`] it keeps every total inside 128 bits.
const MAX_COEFFICIENT: Decimal = Decimal::TEN;
/// No edition may have a larger base rate, in RUB per 100 RUB.
const MAX_BASE_RATE: Decimal = Decimal::ONE_THOUSAND;
/// No number of an edition may have more decimals.
const MAX_DECIMALS: u32 = 6;
/// No edition may go further than this age.
const MAX_AGE: u16 = 150;

pub(super) fn tariff(source: &Document) -> Result<Tariff, Error> {
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
            Known { services: &services, child_bands: child_bands.as_ref().map_or(0, |bands| bands.says.len()) };
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

/// What the rows of a programme may refer to.
struct Known<'t> {
    services: &'t [Service],
    child_bands: usize,
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
fn clause<'d, T>(table: &mut Table<'d>, read: impl FnOnce(&mut Table<'d>) -> Option<T>) -> Option<Clause<T>> {
    let clause = table.needed_text("clause");
    let says = read(table);
    Some(Clause { clause: clause?.value, says: says? })
}

/// A coefficient inside the limits of every edition.
fn limited(at: At<Decimal>, limit: Decimal, faults: &Faults) -> Option<Decimal> {
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
            None if begun => Some(Seam::Overlap { first: from, last: u32::MAX }),
            None => (from > 0).then(|| Seam::Gap { first: 0, last: from - 1 }),
        };
        match found {
            Some(Seam::Gap { first, last }) => {
                let message = Message::new("bands-gap").with("clause", clause);
                faults.add(span, message.with("first", first.to_string()).with("last", last.to_string()));
            }
            Some(Seam::Overlap { last: u32::MAX, .. }) => {
                faults.add(span, Message::new("bands-after-open").with("clause", clause));
            }
            Some(Seam::Overlap { first, last }) => {
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
fn bands<'d, T>(table: &mut Table<'d>, mut read: impl FnMut(&mut Table<'d>) -> Option<T>) -> Vec<At<T>> {
    let span = table.span();
    let bands = table.tables("bands", |row| {
        let span = row.span();
        read(row).map(|value| At { value, span })
    });
    if bands.is_empty() {
        table.fault(span, Message::new("bands-none"));
    }
    bands
}

fn headcount(table: &mut Table<'_>) -> Option<Clause<Vec<HeadcountBand>>> {
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
    let seams = read.says.iter().map(|band| (band.value.0, band.value.1, band.span.clone()));
    prove_seams(1, seams, &read.clause, faults);
    if read.says.last().is_some_and(|last| last.value.1.is_some()) {
        faults.add(span, Message::new("bands-closed").with("clause", &*read.clause));
    }
    let bands = read
        .says
        .into_iter()
        .map(|At { value: (from, to, range), .. }| Some(HeadcountBand { from, to, range: range? }));
    Some(Clause { clause: read.clause, says: bands.collect::<Option<_>>()? })
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

fn age(table: &mut Table<'_>) -> Option<Clause<Vec<AgeBand>>> {
    let faults = table.faults();
    let read = clause(table, |table| {
        Some(bands(table, |row| {
            let years = years(row);
            let coefficient = coefficient(row, "coefficient");
            Some((years?, coefficient))
        }))
    })?;
    let seams = read
        .says
        .iter()
        .map(|band| (u32::from(band.value.0.from), Some(u32::from(band.value.0.to)), band.span.clone()));
    prove_seams(0, seams, &read.clause, faults);
    let bands = read
        .says
        .into_iter()
        .map(|At { value: (years, coefficient), .. }| Some(AgeBand { years, coefficient: coefficient? }));
    Some(Clause { clause: read.clause, says: bands.collect::<Option<_>>()? })
}

fn child_bands(table: &mut Table<'_>) -> Option<Clause<Vec<Band>>> {
    let faults = table.faults();
    let read = clause(table, |table| Some(bands(table, years)))?;
    let seams =
        read.says.iter().map(|band| (u32::from(band.value.from), Some(u32::from(band.value.to)), band.span.clone()));
    prove_seams(0, seams, &read.clause, faults);
    Some(Clause { clause: read.clause, says: read.says.into_iter().map(|at| at.value).collect() })
}

fn price_change(table: &mut Table<'_>) -> Option<Clause<PriceChange>> {
    clause(table, |table| {
        let up = table.needed_table("up", range);
        let down = table.needed_table("down", range);
        Some(PriceChange { up: up?, down: down? })
    })
}

fn risk(table: &mut Table<'_>) -> Option<Clause<Vec<RiskGroup>>> {
    clause(table, |table| {
        let span = table.span();
        let mut groups: Vec<RiskGroup> = Vec::new();
        let faults = table.faults();
        for at in table.tables("groups", |row| {
            let group = row.needed_whole::<u8>("group");
            let range = range(row);
            let group = group?;
            Some(At { value: RiskGroup { group: group.value, range: range? }, span: group.span })
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

fn services(root: &mut Table<'_>) -> Vec<Service> {
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

fn programmes(root: &mut Table<'_>, known: &Known<'_>) -> Vec<Programme> {
    let span = root.span();
    let faults = root.faults();
    let mut programmes: Vec<Programme> = Vec::new();
    for at in root.tables("programme", |table| programme(table, known)) {
        let folded = folded_code(&at.value.code);
        if programmes.iter().any(|before| folded_code(&before.code) == folded) {
            faults.add(at.span, Message::new("code-twice").with("code", &*at.value.code));
        }
        programmes.push(at.value);
    }
    if programmes.is_empty() {
        faults.add(span, Message::new("programmes-none"));
    }
    programmes
}

fn programme(table: &mut Table<'_>, known: &Known<'_>) -> Option<At<Programme>> {
    let faults = table.faults();
    let code = table.needed_text("code");
    let name = table.needed_text("name");
    let name_en = table.needed_text("name_en");
    let clause_of_base = table.needed_text("clause");
    let base = table.needed("base").and_then(|value| base(value, known, faults));
    let exclusions = table.table("exclusions", |table| clause(table, |table| Some(exclusions(table, known))));
    let inclusions = table.table("inclusions", |table| clause(table, |table| Some(inclusions_of(table, known))));
    let collective = table.table("collective", |table| clause(table, wording));
    let sex = table.text("sex").and_then(|at| match at.value.as_str() {
        "female" => Some(Sex::Female),
        "male" => Some(Sex::Male),
        _ => {
            faults.add(at.span, Message::new("sex-word"));
            None
        }
    });
    let code = code?;
    let programme = Programme {
        code: code.value,
        name: name?.value,
        name_en: name_en?.value,
        clause: clause_of_base?.value,
        base: base?,
        exclusions,
        inclusions,
        collective,
        sex,
    };
    Some(At { value: programme, span: code.span })
}

fn wording(table: &mut Table<'_>) -> Option<Wording<Decimal>> {
    let coefficient = coefficient(table, "coefficient");
    let wording = table.needed_text("wording");
    Some(Wording { coefficient: coefficient?, wording: wording?.value })
}

/// One number for each of the children's bands.
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

fn service(table: &mut Table<'_>, known: &Known<'_>) -> Option<At<ServiceId>> {
    let at = table.needed_text("service")?;
    known_service(at, known, table.faults())
}

fn known_service(at: At<String>, known: &Known<'_>, faults: &Faults) -> Option<At<ServiceId>> {
    let found = known.services.iter().position(|service| service.code == at.value);
    if found.is_none() {
        let codes: Vec<String> = known.services.iter().map(|service| service.code.clone()).collect();
        faults.add(at.span.clone(), unknown_service(&at.value, &codes));
    }
    Some(At { value: ServiceId(found?), span: at.span })
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
    let mut unread = false;
    for at in table.tables("sets", |row| {
        let set = exclusion_set(row, known);
        unread |= set.is_none();
        set
    }) {
        if let Some(stranger) = at.value.services.iter().find(|id| !rows.iter().any(|row| row.service == **id)) {
            let message = Message::new("set-stranger").with("service", &*known.services[stranger.0].code);
            faults.add(at.span.clone(), message);
        }
        if sets.iter().any(|before| before.services == at.value.services) {
            faults.add(at.span, Message::new("set-twice"));
        }
        sets.push(at.value);
    }
    // which combination a set that cannot be read was meant for is not known
    if !sets.is_empty() && !unread {
        prove_sets(&rows, &sets, known, &span, faults);
    }
    Exclusions { rows, sets }
}

/// Reports every combination of two services or more that has no coefficient of its own.
fn prove_sets(rows: &[Exclusion], sets: &[ExclusionSet], known: &Known<'_>, span: &Span, faults: &Faults) {
    /// More single services than this make too many combinations to be a table that somebody typed.
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

fn exclusion(row: &mut Table<'_>, known: &Known<'_>) -> Option<At<Exclusion>> {
    let service = service(row, known);
    let wording = row.needed_text("wording");
    let coefficient = if row.has("by_child_band") {
        by_child_band(row, known, |value, faults| match value.get_ref().as_str() {
            Some("-" | "–" | "—") => Some(None),
            _ => lowering(as_decimal(value, faults)?, faults).map(Some),
        })
        .map(ExclusionCoefficient::ByChildBand)
    } else if row.has("low") || row.has("high") {
        range(row).map(ExclusionCoefficient::Range)
    } else {
        row.needed_decimal("coefficient").and_then(|at| lowering(at, row.faults())).map(ExclusionCoefficient::Fixed)
    };
    let service = service?;
    let exclusion = Exclusion { service: service.value, coefficient: coefficient?, wording: wording?.value };
    Some(At { value: exclusion, span: service.span })
}

/// A coefficient of an exclusion, which never raises the rate.
fn lowering(at: At<Decimal>, faults: &Faults) -> Option<Decimal> {
    if at.value > Decimal::ONE {
        faults.add(at.span, Message::new("exclusion-raises").with("coefficient", at.value.to_string()));
        return None;
    }
    limited(at, MAX_COEFFICIENT, faults)
}

fn exclusion_set(row: &mut Table<'_>, known: &Known<'_>) -> Option<At<ExclusionSet>> {
    let span = row.span();
    let faults = row.faults();
    let services: Option<Vec<ServiceId>> = row.needed("services").and_then(|value| {
        let read = as_list(value, faults, |value, faults| {
            Some(as_text(value, faults).and_then(|code| known_service(code, known, faults)).map(|at| at.value))
        });
        let mut services: Vec<ServiceId> = read.into_iter().collect::<Option<_>>()?;
        services.sort_unstable();
        // fewer, or one of them twice, would be taken for other exclusions than the set's
        let is_set = services.len() >= 2 && services.windows(2).all(|pair| pair[0] != pair[1]);
        if !is_set {
            faults.add(value.span(), Message::new("set-services"));
        }
        is_set.then_some(services)
    });
    let coefficient = row.needed_decimal("coefficient").and_then(|at| lowering(at, faults));
    Some(At { value: ExclusionSet { services: services?, coefficient: coefficient? }, span })
}

fn inclusions_of(table: &mut Table<'_>, known: &Known<'_>) -> Vec<Inclusion> {
    let faults = table.faults();
    let mut rows: Vec<Inclusion> = Vec::new();
    for at in table.tables("rows", |row| {
        let service = service(row, known);
        let says = wording(row);
        Some(At { value: says?, span: service.as_ref()?.span.clone() }).zip(service)
    }) {
        let (says, service) = at;
        if rows.iter().any(|before| before.service == service.value) {
            faults.add(says.span, Message::new("service-twice"));
        }
        rows.push(Inclusion { service: service.value, says: says.value });
    }
    rows
}
