//! The reader of `clinics.toml`: the network, or every fault with its line.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::base::error::Error;
use crate::base::messages::{Message, listed};
use crate::base::money::{Kopecks, MAX_SUM_INSURED};
use crate::base::source_file::{Faults, SourceFile, Spanned};
use crate::base::toml_file::{AnyValue, Table, as_decimal, as_filled_text, as_list};
use crate::clinics::network::{
    Category, Clinic, ClinicProgramme, Discount, ListedService, Loyalty, Network, list_layout, service_key,
};
use crate::clinics::register::field::{Field, IGNORE};
use crate::clinics::register::spec::ClinicTables;
use crate::clinics::visit_reason::VisitReason;
use crate::table::text::folded;
use crate::table::value::DateOrder;
use crate::tariff::{Catalogue, Tariff};

impl Network {
    /// Reads a file of clinics and checks it against the tariff.
    ///
    /// # Errors
    ///
    /// As [`SourceFile::open`] and [`Network::read`].
    pub fn open(path: &Path, tariff: &Tariff) -> Result<Self, Error> {
        Self::read(&SourceFile::open(path)?, tariff)
    }

    /// Opens a file of clinics by the newest edition of the tariff that knows its programmes and services: contracts of several editions are
    /// served by one network.
    ///
    /// # Errors
    ///
    /// As [`Network::open`], by the newest edition.
    pub fn open_by(path: &Path, editions: &Catalogue) -> Result<Self, Error> {
        let source = SourceFile::open(path)?;
        let mut by_newest = None;
        for tariff in editions.editions().into_iter().rev() {
            match Self::read(&source, tariff) {
                Ok(network) => return Ok(network),
                Err(fault) => _ = by_newest.get_or_insert(fault),
            }
        }
        Err(by_newest.unwrap_or_else(|| Error::Missing { path: path.to_owned() }))
    }

    /// Checks the text of a file of clinics against the tariff.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] with every fault of the file.
    pub fn read(source: &SourceFile, tariff: &Tariff) -> Result<Self, Error> {
        source.read(|root| {
            let faults = root.faults();
            let mut codes = UniqueCodes::new("category-twice");
            let categories: Vec<Category> = root.needed_tables("category", Message::new("categories-none"), |table| {
                read_category(table, tariff, &mut codes)
            });
            let mut codes = UniqueCodes::new("clinic-twice");
            let clinics = root.needed_tables("clinic", Message::new("clinics-none"), |table| {
                let code = table.needed_text("code").and_then(|code| codes.insert(code, faults));
                read_clinic(table, code, &categories)
            });
            let requests = root.table("requests", |table| Some(read_tables(table)));
            let entitled_ignored = root.table("entitled", |table| Some(read_headings(table, IGNORE)));
            let entitled_ignored = entitled_ignored.unwrap_or_default();
            Some(Self { categories, clinics, requests, entitled_ignored, source: source.clone() })
        })
    }
}

/// The codes of a list, each of which may occur once.
struct UniqueCodes {
    codes: BTreeSet<String>,
    /// The name of the message for a repeated code.
    message: &'static str,
}

impl UniqueCodes {
    const fn new(message: &'static str) -> Self {
        Self { codes: BTreeSet::new(), message }
    }

    /// Inserts a code; `None` with a fault if it is a repetition.
    fn insert(&mut self, code: Spanned<String>, faults: &Faults) -> Option<String> {
        if !self.codes.insert(folded(&code.value)) {
            faults.add(code.span, Message::new(self.message).with("code", code.value.as_str()));
            return None;
        }
        Some(code.value)
    }
}

fn read_category(table: &mut Table<'_>, tariff: &Tariff, codes: &mut UniqueCodes) -> Option<Category> {
    let faults = table.faults();
    let code = table.needed_text("code").and_then(|code| codes.insert(code, faults));
    let name = table.needed_text("name");
    let programmes = table.has("programmes").then(|| {
        let named = table.list("programmes", |value, faults| as_filled_text(value, "programmes", faults));
        named.into_iter().filter_map(|named| programme_code(&named, tariff, faults)).collect()
    });
    let excluded_with = table.filled_text("excluded_with").map(|at| excluded_with(&at, tariff, faults));
    Some(Category { code: code?, name: name?.value, programmes, excluded_with: excluded_with.unwrap_or_default() })
}

/// The code of a programme, spelled as in the tariff.
fn programme_code(named: &Spanned<String>, tariff: &Tariff, faults: &Faults) -> Option<String> {
    let found = tariff.programme(&named.value);
    if found.is_none() {
        let known = listed(tariff.programmes.iter().map(|programme| &programme.code));
        let message = Message::new("programme-unknown").with("code", named.value.as_str()).with("known", known);
        faults.add(named.span.clone(), message);
    }
    found.map(|at| tariff.programmes[at].code.clone())
}

/// The codes of a service and of the services that contain it (`I10`).
fn excluded_with(named: &Spanned<String>, tariff: &Tariff, faults: &Faults) -> BTreeSet<String> {
    let Some(service) = tariff.service(&named.value) else {
        let known = listed(tariff.services.iter().map(|service| &service.code));
        let message = Message::new("tariff-service-unknown").with("service", named.value.as_str()).with("known", known);
        faults.add(named.span.clone(), message);
        return BTreeSet::new();
    };
    let containing = tariff.services.iter().filter(|other| other.holds.contains(&service));
    containing.chain([&tariff.services[service.0]]).map(|service| service.code.clone()).collect()
}

fn read_clinic(table: &mut Table<'_>, code: Option<String>, categories: &[Category]) -> Option<Clinic> {
    let name = table.needed_text("name");
    let address = table.filled_text("address").map(|at| at.value);
    let shown = code.clone().unwrap_or_default();
    let none = Message::new("price-list-none").with("clinic", shown.as_str());
    let mut places = BTreeMap::new();
    let mut count = 0;
    let services = table.needed_tables("service", none, |table| {
        let service = read_service(table, categories, &mut places, count);
        count += usize::from(service.is_some());
        service
    });
    let price_list = PriceList { services: &services, places: &places, categories };
    let mut codes = UniqueCodes::new("clinic-programme-twice");
    let programmes = table.tables("programme", |table| read_clinic_programme(table, &price_list, &mut codes));
    let loyalty = table.table("loyalty", |table| read_loyalty(table, &price_list));
    let mut first_days = UniqueCodes::new("price-list-twice");
    let later_prices = table.tables("prices", |table| read_later_prices(table, &price_list, &mut first_days));
    let advances = table.tables("advance", read_advance);
    let reasons = table.list("reasons", read_reason).into_iter().collect();
    let dispatcher = table.filled_text("dispatcher").map(|at| at.value);
    let lists = table.table("lists", |table| Some(list_layout::read(table)));
    let tables = read_tables(table);
    let later_prices = later_prices.into_iter().collect();
    let (code, name) = (code?, name?.value);
    Some(Clinic {
        code,
        name,
        address,
        loyalty,
        programmes,
        services,
        later_prices,
        advances,
        reasons,
        dispatcher,
        lists,
        tables,
        places,
    })
}

/// Reads the prices that change on a day: a table of prices by the code or the name of the service.
fn read_later_prices(
    table: &mut Table<'_>,
    list: &PriceList<'_>,
    first_days: &mut UniqueCodes,
) -> Option<(Date, BTreeMap<usize, Kopecks>)> {
    let faults = table.faults();
    let from = table.needed_date("from").and_then(|from| {
        let text = Spanned { span: from.span, value: from.value.to_string() };
        first_days.insert(text, faults).map(|_| from.value)
    });
    let prices = table.needed_table("price", |table| {
        let price = |(named, value): (Spanned<&str>, AnyValue<'_>)| {
            let service = list.service(&Spanned { span: named.span, value: named.value.to_owned() }, faults);
            let price = as_decimal(value, faults).and_then(|at| list_price(at, faults));
            Some((service?, price?))
        };
        Some(table.entries().into_iter().filter_map(price).collect::<BTreeMap<_, _>>())
    });
    Some((from?, prices?))
}

fn read_advance(table: &mut Table<'_>) -> Option<(Date, Kopecks)> {
    let faults = table.faults();
    let day = table.needed_date("day");
    let amount = table.needed_decimal("amount").and_then(|at| list_price(at, faults));
    Some((day?.value, amount?))
}

fn list_price(at: Spanned<Decimal>, faults: &Faults) -> Option<Kopecks> {
    let price = Kopecks::from_roubles(at.value).filter(|price| *price <= MAX_SUM_INSURED && *price >= Kopecks::ZERO);
    if price.is_none() {
        faults.add(at.span, Message::new("list-price").with("limit", MAX_SUM_INSURED));
    }
    price
}

fn read_reason(value: AnyValue<'_>, faults: &Faults) -> Option<VisitReason> {
    let named = as_filled_text(value, "reasons", faults)?;
    let reason = VisitReason::parse(&named.value).filter(|reason| *reason != VisitReason::Other);
    if reason.is_none() {
        let known = listed(REASONS.iter().map(|reason| reason.as_str()));
        let message = Message::new("visit-reason-unknown").with("reason", named.value.as_str()).with("known", known);
        faults.add(named.span, message);
    }
    reason
}

/// The reasons that a clinic's terms can require.
const REASONS: [VisitReason; 3] = [VisitReason::Acute, VisitReason::Exacerbation, VisitReason::Trauma];

/// Reads a service of the price list, which will have the index `place`.
fn read_service(
    table: &mut Table<'_>,
    categories: &[Category],
    places: &mut BTreeMap<String, usize>,
    place: usize,
) -> Option<ListedService> {
    let faults = table.faults();
    let code = table.needed_text("code");
    let name = table.needed_text("name");
    let named = table.needed_text("category");
    let price = table.needed_decimal("price").and_then(|at| list_price(at, faults));
    let category = named.and_then(|named| category_index(&named, categories, faults));
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

fn category_index(named: &Spanned<String>, categories: &[Category], faults: &Faults) -> Option<usize> {
    let wanted = folded(&named.value);
    let found = categories.iter().position(|category| folded(&category.code) == wanted);
    if found.is_none() {
        let known = listed(categories.iter().map(|category| &category.code));
        let message = Message::new("category-unknown").with("category", named.value.as_str()).with("known", known);
        faults.add(named.span.clone(), message);
    }
    found
}

/// The price list and the categories to which programmes and discounts refer.
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

    /// The indices of the services that a key of a table lists.
    fn services(&self, table: &mut Table<'_>, key: &'static str) -> BTreeSet<usize> {
        let named = table.list(key, |value, faults| as_filled_text(value, key, faults));
        named.iter().filter_map(|named| self.service(named, table.faults())).collect()
    }

    /// The indices of the categories that a key of a table lists.
    fn categories(&self, table: &mut Table<'_>, key: &'static str) -> BTreeSet<usize> {
        let named = table.list(key, |value, faults| as_filled_text(value, key, faults));
        named.iter().filter_map(|named| category_index(named, self.categories, table.faults())).collect()
    }
}

fn read_clinic_programme(
    table: &mut Table<'_>,
    list: &PriceList<'_>,
    codes: &mut UniqueCodes,
) -> Option<ClinicProgramme> {
    let faults = table.faults();
    let code = table.needed_text("code").and_then(|code| codes.insert(code, faults));
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

fn read_loyalty(table: &mut Table<'_>, list: &PriceList<'_>) -> Option<Loyalty> {
    let faults = table.faults();
    let discount = table.needed_decimal("discount").and_then(|at| {
        // hundredths of a percent relate to percent as kopecks to roubles
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

/// Reads how tables are written: `columns`, `dates` and `ignore_sheets`.
fn read_tables(table: &mut Table<'_>) -> ClinicTables {
    let columns = table.table("columns", |table| Some(read_columns(table))).unwrap_or_default();
    let date_order =
        table.table("dates", |table| Some(table.word("order", DateOrder::parse, DateOrder::WORDS))).flatten();
    let ignored_sheets = read_headings(table, "ignore_sheets");
    ClinicTables { ignored_sheets, date_order, ..columns }
}

/// The texts that a key of a table lists.
fn read_headings(table: &mut Table<'_>, key: &'static str) -> Vec<String> {
    table.list(key, |value, faults| as_filled_text(value, key, faults)).into_iter().map(|at| at.value).collect()
}

fn read_columns(table: &mut Table<'_>) -> ClinicTables {
    let faults = table.faults();
    let mut tables = ClinicTables::default();
    for (key, value) in table.entries() {
        if key.value == IGNORE {
            let headings = as_list(value, faults, |value, faults| as_filled_text(value, IGNORE, faults));
            tables.ignored = headings.into_iter().map(|heading| heading.value).collect();
            continue;
        }
        let Some(field) = Field::from_name(key.value) else {
            let known = listed(Field::ALL.iter().map(|field| field.name()).chain([IGNORE]));
            faults.add(key.span, Message::new("clinic-field-unknown").with("field", key.value).with("known", known));
            continue;
        };
        let heading = as_filled_text(value, field.name(), faults);
        tables.headings.extend(heading.map(|heading| (field, heading.value)));
    }
    tables
}
