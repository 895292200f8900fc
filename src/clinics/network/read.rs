//! A file of clinics → the network, or every fault with its line.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::error::Error;
use crate::base::messages::{Message, listed};
use crate::base::money::{Kopecks, MAX_SUM_INSURED};
use crate::base::source_file::{Faults, SourceFile, Spanned, Table, as_filled_text};
use crate::clinics::network::{
    Category, Clinic, ClinicProgramme, Discount, ListedService, Loyalty, Network, service_key,
};
use crate::roster::field::Field;
use crate::table::text::folded;
use crate::tariff::Tariff;

pub(crate) fn network(source: &SourceFile, tariff: &Tariff) -> Result<Network, Error> {
    source.read(|root| {
        let faults = root.faults();
        let mut codes = Taken::new("category-twice");
        let categories: Vec<Category> = root
            .needed_tables("category", Message::new("categories-none"), |table| category(table, tariff, &mut codes));
        let mut codes = Taken::new("clinic-twice");
        let clinics = root.needed_tables("clinic", Message::new("clinics-none"), |table| {
            let code = table.needed_text("code").and_then(|code| codes.take(code, faults));
            clinic(table, code, &categories)
        });
        Some(Network { categories, clinics, source: source.clone() })
    })
}

/// Codes that are taken already.
struct Taken {
    codes: BTreeSet<String>,
    /// What to say of one that comes again.
    message: &'static str,
}

impl Taken {
    const fn new(message: &'static str) -> Self {
        Self { codes: BTreeSet::new(), message }
    }

    /// The code, if nothing has it yet.
    fn take(&mut self, code: Spanned<String>, faults: &Faults) -> Option<String> {
        if !self.codes.insert(folded(&code.value)) {
            faults.add(code.span, Message::new(self.message).with("code", code.value.as_str()));
            return None;
        }
        Some(code.value)
    }
}

fn category(table: &mut Table<'_>, tariff: &Tariff, codes: &mut Taken) -> Option<Category> {
    let faults = table.faults();
    let code = table.needed_text("code").and_then(|code| codes.take(code, faults));
    let name = table.needed_text("name");
    let programmes = table.has("programmes").then(|| {
        let named = table.list("programmes", |value, faults| as_filled_text(value, "programmes", faults));
        named.into_iter().filter_map(|named| programme_code(&named, tariff, faults)).collect()
    });
    let excluded_with = table.filled_text("excluded_with").map(|at| excluded_with(&at, tariff, faults));
    Some(Category { code: code?, name: name?.value, programmes, excluded_with: excluded_with.unwrap_or_default() })
}

/// The code of a programme as the tariff writes it.
fn programme_code(named: &Spanned<String>, tariff: &Tariff, faults: &Faults) -> Option<String> {
    let found = tariff.programme(&named.value);
    if found.is_none() {
        let known = listed(tariff.programmes.iter().map(|programme| &programme.code));
        let message = Message::new("programme-unknown").with("code", named.value.as_str()).with("known", known);
        faults.add(named.span.clone(), message);
    }
    found.map(|at| tariff.programmes[at].code.clone())
}

/// The service and whatever holds it (`I10`).
fn excluded_with(named: &Spanned<String>, tariff: &Tariff, faults: &Faults) -> BTreeSet<String> {
    let Some(service) = tariff.service(&named.value) else {
        let known = listed(tariff.services.iter().map(|service| &service.code));
        let message = Message::new("tariff-service-unknown").with("service", named.value.as_str()).with("known", known);
        faults.add(named.span.clone(), message);
        return BTreeSet::new();
    };
    let holders = tariff.services.iter().filter(|other| other.holds.contains(&service));
    holders.chain([&tariff.services[service.0]]).map(|service| service.code.clone()).collect()
}

fn clinic(table: &mut Table<'_>, code: Option<String>, categories: &[Category]) -> Option<Clinic> {
    let name = table.needed_text("name");
    let address = table.filled_text("address").map(|at| at.value);
    let shown = code.clone().unwrap_or_default();
    let none = Message::new("price-list-none").with("clinic", shown.as_str());
    let mut places = BTreeMap::new();
    let mut count = 0;
    let services = table.needed_tables("service", none, |table| {
        let service = service(table, categories, &mut places, count);
        count += usize::from(service.is_some());
        service
    });
    let price_list = PriceList { services: &services, places: &places, categories };
    let mut codes = Taken::new("clinic-programme-twice");
    let programmes = table.tables("programme", |table| programme(table, &price_list, &mut codes));
    let loyalty = table.table("loyalty", |table| loyalty(table, &price_list));
    let columns = table.table("columns", |table| Some(columns(table))).unwrap_or_default();
    Some(Clinic { code: code?, name: name?.value, address, loyalty, programmes, services, columns, places })
}

/// A line of the price list, which will stand at `place`.
fn service(
    table: &mut Table<'_>,
    categories: &[Category],
    places: &mut BTreeMap<String, usize>,
    place: usize,
) -> Option<ListedService> {
    let faults = table.faults();
    let code = table.needed_text("code");
    let name = table.needed_text("name");
    let named = table.needed_text("category");
    let price = table.needed_decimal("price").and_then(|at| {
        let price = Kopecks::from_roubles(at.value).filter(|price| *price <= MAX_SUM_INSURED);
        if price.is_none() {
            faults.add(at.span, Message::new("list-price").with("limit", MAX_SUM_INSURED));
        }
        price
    });
    let category = named.and_then(|named| category_place(&named, categories, faults));
    let (code, name, category, price) = (code?, name?, category?, price?);
    for written in [&code, &name] {
        let before = places.insert(service_key(&written.value), place);
        if before.is_some_and(|before| before != place) {
            let message = Message::new("service-named-twice").with("service", written.value.as_str());
            faults.add(written.span.clone(), message);
        }
    }
    Some(ListedService { code: code.value, name: name.value, category, price })
}

fn category_place(named: &Spanned<String>, categories: &[Category], faults: &Faults) -> Option<usize> {
    let wanted = folded(&named.value);
    let found = categories.iter().position(|category| folded(&category.code) == wanted);
    if found.is_none() {
        let known = listed(categories.iter().map(|category| &category.code));
        let message = Message::new("category-unknown").with("category", named.value.as_str()).with("known", known);
        faults.add(named.span.clone(), message);
    }
    found
}

/// What programmes and discounts refer to.
struct PriceList<'n> {
    services: &'n [ListedService],
    places: &'n BTreeMap<String, usize>,
    categories: &'n [Category],
}

impl PriceList<'_> {
    fn service(&self, named: &Spanned<String>, faults: &Faults) -> Option<usize> {
        let found = self.places.get(&service_key(&named.value)).copied();
        if found.is_none() {
            faults.add(named.span.clone(), Message::new("service-unlisted").with("service", named.value.as_str()));
        }
        found
    }

    /// The services of a list of a table.
    fn services(&self, table: &mut Table<'_>, key: &'static str) -> BTreeSet<usize> {
        let named = table.list(key, |value, faults| as_filled_text(value, key, faults));
        named.iter().filter_map(|named| self.service(named, table.faults())).collect()
    }

    /// The categories of a list of a table.
    fn categories(&self, table: &mut Table<'_>, key: &'static str) -> BTreeSet<usize> {
        let named = table.list(key, |value, faults| as_filled_text(value, key, faults));
        named.iter().filter_map(|named| category_place(named, self.categories, table.faults())).collect()
    }
}

fn programme(table: &mut Table<'_>, list: &PriceList<'_>, codes: &mut Taken) -> Option<ClinicProgramme> {
    let faults = table.faults();
    let code = table.needed_text("code").and_then(|code| codes.take(code, faults));
    let name = table.needed_text("name");
    let categories = list.categories(table, "categories");
    let mut services = list.services(table, "services");
    let except = list.services(table, "except");
    services.extend((0..list.services.len()).filter(|at| categories.contains(&list.services[*at].category)));
    services.retain(|service| !except.contains(service));
    if services.is_empty() {
        let shown = code.clone().unwrap_or_default();
        let span = table.span();
        let message = Message::new("clinic-programme-empty").with("programme", shown);
        table.fault(span.start..span.start, message);
    }
    Some(ClinicProgramme { code: code?, name: name?.value, services })
}

fn loyalty(table: &mut Table<'_>, list: &PriceList<'_>) -> Option<Loyalty> {
    let faults = table.faults();
    let discount = table.needed_decimal("discount").and_then(|at| {
        // hundredths of a percent are to percents what kopecks are to roubles
        let hundredths = Kopecks::from_roubles(at.value).and_then(|percent| u32::try_from(percent.get()).ok());
        let discount = hundredths.and_then(Discount::new);
        if discount.is_none() {
            faults.add(at.span, Message::new("discount-range"));
        }
        discount
    });
    let has_categories = table.needed("categories").is_some();
    let categories = list.categories(table, "categories");
    if !has_categories {
        return None;
    }
    Some(Loyalty { discount: discount?, categories })
}

fn columns(table: &mut Table<'_>) -> Vec<(Field, String)> {
    let faults = table.faults();
    let mut columns = Vec::new();
    for (key, value) in table.entries() {
        let Some(field) = Field::of_clinic(key.value) else {
            let known = listed(Field::IN_CLINICS.iter().chain(Field::OF_CLINICS).map(|field| field.name()));
            faults.add(key.span, Message::new("clinic-field-unknown").with("field", key.value).with("known", known));
            continue;
        };
        let heading = as_filled_text(value, field.name(), faults);
        columns.extend(heading.map(|heading| (field, heading.value)));
    }
    columns
}
