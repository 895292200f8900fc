//! The form of the file of clinics for editors: a JSON schema with a word on every key.
//!
//! As with the contract file, nothing is ever read into the structs below; a test proves that they name the same keys as the
//! reader.

#![expect(dead_code, reason = "the schema is derived from these structs, and nothing is read into them")]

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::Value;

use crate::quote::contract::schema::form::{ExcludableCode, Percent, Price, ProgrammeCode, Text, tidy};

/// The JSON schema of the file of clinics, in draft 7, which editors of TOML understand.
#[must_use]
pub fn schema() -> Value {
    let settings = SchemaSettings::draft07().with(|settings| settings.inline_subschemas = true);
    settings.with_transform(tidy).into_generator().into_root_schema_for::<ClinicsFile>().to_value()
}

/// The clinics that serve the insured, as `kollektiv` reads them.
#[derive(JsonSchema)]
#[schemars(title = "kollektiv: a network of clinics")]
#[serde(deny_unknown_fields)]
struct ClinicsFile {
    /// The kinds of services, for the price lists of all clinics.
    #[schemars(length(min = 1))]
    category: Vec<Category>,
    /// The clinics.
    #[schemars(length(min = 1))]
    clinic: Vec<Clinic>,
}

/// A kind of services: therapy, implantation, prosthetics.
#[derive(JsonSchema)]
#[serde(deny_unknown_fields)]
struct Category {
    /// The code, by which price lists name the category.
    code: Text,
    /// The name.
    name: Text,
    /// The programmes of the tariff that cover such services. Without it all of them do.
    programmes: Option<Vec<ProgrammeCode>>,
    /// The service of the tariff with whose exclusion from a cover such services are excluded (§2.6).
    excluded_with: Option<ExcludableCode>,
}

/// A clinic: its programmes, its price list, its discount.
#[derive(JsonSchema)]
#[serde(deny_unknown_fields)]
struct Clinic {
    /// The code, by which the plans of contracts name the clinic.
    code: Text,
    /// The name.
    name: Text,
    /// Where it is, for the letters.
    address: Option<Text>,
    /// The price list.
    #[schemars(length(min = 1))]
    service: Vec<Service>,
    /// What the insured can be attached to (прикрепление).
    programme: Option<Vec<Programme>>,
    /// The discount on what the insurance does not pay for (I24).
    loyalty: Option<Loyalty>,
    /// The clinic's own headings, where they are not recognised: field = heading.
    columns: Option<Columns>,
}

/// A line of the price list.
#[derive(JsonSchema)]
#[serde(deny_unknown_fields)]
struct Service {
    /// The code.
    code: Text,
    /// The name.
    name: Text,
    /// The category by its code.
    category: Text,
    /// The price of the service once, in roubles with at most 2 decimals.
    price: Price,
}

/// A programme of the clinic, which is paid for in advance. It has to hold a service.
#[derive(JsonSchema)]
#[serde(deny_unknown_fields)]
struct Programme {
    /// The code, by which the plans of contracts name the programme.
    code: Text,
    /// The name.
    name: Text,
    /// The services that it holds, by code or name.
    services: Option<Vec<Text>>,
    /// The categories whose services it holds, by code.
    categories: Option<Vec<Text>>,
    /// The services that it does not hold all the same, by code or name.
    except: Option<Vec<Text>>,
}

/// The terms of the loyalty programme.
#[derive(JsonSchema)]
#[serde(deny_unknown_fields)]
struct Loyalty {
    /// The discount in percent, more than 0 and at most 100, with at most 2 decimals.
    discount: Percent,
    /// The categories on which it is due, by code.
    categories: Vec<Text>,
}

#[derive(JsonSchema)]
#[serde(deny_unknown_fields)]
struct Columns {
    /// The heading over surname, given name and patronymic in one.
    name: Option<Text>,
    /// The heading over the surname alone.
    surname: Option<Text>,
    /// The heading over the given name alone.
    given_name: Option<Text>,
    /// The heading over the patronymic alone.
    patronymic: Option<Text>,
    /// The heading over the day of birth.
    birth_date: Option<Text>,
    /// The heading over the number of the policy.
    id: Option<Text>,
    /// The heading over the clinic.
    clinic: Option<Text>,
    /// The heading over the day of the service.
    day: Option<Text>,
    /// The heading over the code of the service.
    service_code: Option<Text>,
    /// The heading over the name of the service.
    service: Option<Text>,
    /// The heading over how many times the service was done.
    quantity: Option<Text>,
    /// The heading over the price of the service once.
    price: Option<Text>,
    /// The heading over the price of the row.
    amount: Option<Text>,
    /// The heading over the day of issue of a letter.
    issued: Option<Text>,
    /// The heading over the letter to which another one is an addition.
    supplements: Option<Text>,
}
