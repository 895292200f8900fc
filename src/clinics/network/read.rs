//! The reader of `clinics.toml`: the network, or every fault with its line.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::base::error::Error;
use crate::base::messages::{Message, listed};
use crate::base::money::{Kopecks, MAX_SUM_INSURED};
use crate::base::source_file::{Faults, SourceFile, Spanned};
use crate::base::toml_file::{Table, as_filled_text};
use crate::clinics::network::{
    Category, Clinic, ClinicProgramme, Discount, ListedService, Loyalty, Network, service_key,
};
use crate::clinics::register::field::Field;
use crate::table::text::folded;
use crate::tariff::Tariff;

impl Network {
    /// Reads a file of clinics and checks it against the tariff.
    ///
    /// # Errors
    ///
    /// As [`SourceFile::open`] and [`Network::read`].
    pub fn open(path: &Path, tariff: &Tariff) -> Result<Self, Error> {
        Self::read(&SourceFile::open(path)?, tariff)
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
            Some(Self { categories, clinics, source: source.clone() })
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
    let columns = table.table("columns", |table| Some(read_columns(table))).unwrap_or_default();
    Some(Clinic { code: code?, name: name?.value, address, loyalty, programmes, services, columns, places })
}

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
    let price = table.needed_decimal("price").and_then(|at| {
        let price = Kopecks::from_roubles(at.value).filter(|price| *price <= MAX_SUM_INSURED);
        if price.is_none() {
            faults.add(at.span, Message::new("list-price").with("limit", MAX_SUM_INSURED));
        }
        price
    });
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

fn read_columns(table: &mut Table<'_>) -> Vec<(Field, String)> {
    let faults = table.faults();
    let mut columns = Vec::new();
    for (key, value) in table.entries() {
        let Some(field) = Field::from_name(key.value) else {
            let known = listed(Field::ALL.iter().map(|field| field.name()));
            faults.add(key.span, Message::new("clinic-field-unknown").with("field", key.value).with("known", known));
            continue;
        };
        let heading = as_filled_text(value, field.name(), faults);
        columns.extend(heading.map(|heading| (field, heading.value)));
    }
    columns
}
