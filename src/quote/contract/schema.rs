//! The form of the contract file for editors: a JSON schema with a word on every key.
//!
//! The structs below are the file as people write it, before anything is checked; nothing is ever read into them. A test
//! proves that they name the same keys as the reader. Codes and ranges come from the built-in edition of the tariff, and
//! only as examples and explanations: an insurer's own edition may have others.

#![expect(dead_code, reason = "the schema is derived from these structs, and nothing is read into them")]

pub(crate) mod edition;
pub(crate) mod form;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::Value;

use crate::quote::contract::read::{MAX_NUMBER_LETTERS, MAX_PLANS};
use form::{
    Coefficient, Day, ExcludableCode, HeadcountWord, IncludableCode, ProgrammeCode, RiskGroupNumber, RiskPlaces, Share,
    SumInsured, Text,
};

/// The JSON schema of the contract file, in draft 7, which editors of TOML understand.
///
/// Every table refuses keys that it does not list. A file with a fault in the schema's eyes has one in the reader's too;
/// what depends on other lines, on the edition or on the roster is left to the reader.
#[must_use]
pub fn schema() -> Value {
    let settings = SchemaSettings::draft07().with(|settings| settings.inline_subschemas = true);
    settings.with_transform(form::tidy).into_generator().into_root_schema_for::<ContractFile>().to_value()
}

/// One collective contract of voluntary medical insurance (ДМС), as `kollektiv` reads it.
#[derive(JsonSchema)]
#[schemars(title = "kollektiv: a collective contract")]
#[serde(deny_unknown_fields)]
struct ContractFile {
    /// The number of the contract, which names the folder of its results.
    #[schemars(extend("maxLength" = MAX_NUMBER_LETTERS))]
    number: Text,
    /// The policyholder (страхователь).
    policyholder: Text,
    /// The first day of the contract.
    start: Day,
    /// The last day of the contract, included. A contract runs at most one year: `end < start + 1 year` (I15).
    end: Day,
    /// The roster (список застрахованных): a file, a pattern such as `rosters/*.xlsx`, or a list of them, relative to this
    /// file. Without it the command line names the roster.
    roster: Option<Rosters>,
    /// A census instead of the roster, for a first enquiry: files in which a row counts the insured of a plan, an age and a
    /// risk group, or such counts themselves. Its price is always preliminary.
    census: Option<Census>,
    /// The sheet of the workbook that holds the roster; `*` stands for every sheet that holds one. Without it there has to
    /// be only one such sheet.
    sheet: Option<Text>,
    /// The risk group of rows that state none (§2.5).
    default_risk_group: Option<RiskGroupNumber>,
    /// The expenses (расходы на ведение дела) as a share from 0 to 1 of what `expense_basis` says (§2.3, I22). Without it
    /// no refund is stated.
    expense_load: Option<Share>,
    /// What the expenses are a share of (I22): the premium of the unexpired days, unless said otherwise, or the written
    /// premium.
    #[schemars(extend("default" = "unexpired"))]
    expense_basis: Option<ExpenseBasis>,
    /// What a fall in prices does to the running contract (I21): it keeps its price, unless said otherwise, or the amount
    /// is credited.
    #[schemars(extend("default" = "keep"))]
    price_decrease: Option<PriceDecrease>,
    /// Which headcount the coefficient of §2.1 is for once insured have joined or left (I28): the one at inception, unless
    /// said otherwise, or the one in force, so that an endorsement reprices the days to come of everybody.
    #[schemars(extend("default" = "inception"))]
    headcount_basis: Option<HeadcountBasis>,
    /// The first days of the payment periods, in order; the first of them is the first day of the contract. Without it the
    /// whole term is one.
    instalments: Option<Vec<Day>>,
    /// Where this contract stands in the tariff's ranges (I2).
    choices: Option<Choices>,
    /// The roster's own headings, where they are not recognised: field = heading.
    columns: Option<Columns>,
    /// The plans (варианты), one of which each insured is on.
    #[schemars(length(min = 1), extend("maxItems" = MAX_PLANS))]
    plan: Vec<Plan>,
}

#[derive(JsonSchema)]
#[serde(untagged)]
enum Rosters {
    One(Text),
    Several(Vec<Text>),
}

#[derive(JsonSchema)]
#[serde(untagged)]
enum Census {
    Files(Rosters),
    Counts(Vec<Counts>),
}

/// So many insured of a plan, an age and a risk group.
#[derive(JsonSchema)]
#[serde(deny_unknown_fields)]
struct Counts {
    /// The plan, by its code or name; not needed where the contract has one.
    plan: Option<Text>,
    /// The age in completed years, or ages such as `30-39` that the tariff does not tell apart.
    age: Ages,
    /// The risk group (§2.5); not needed where the contract has a default.
    risk_group: Option<RiskGroupNumber>,
    /// The number of insured, at least 1.
    #[schemars(range(min = 1))]
    insured: u32,
}

#[derive(JsonSchema)]
#[serde(untagged)]
enum Ages {
    Years(u16),
    Band(Text),
}

#[derive(JsonSchema)]
#[serde(rename_all = "lowercase")]
enum ExpenseBasis {
    Unexpired,
    Written,
}

#[derive(JsonSchema)]
#[serde(rename_all = "lowercase")]
enum PriceDecrease {
    Keep,
    Credit,
}

#[derive(JsonSchema)]
#[serde(rename_all = "lowercase")]
enum HeadcountBasis {
    Inception,
    Current,
}

#[derive(JsonSchema)]
#[serde(deny_unknown_fields)]
struct Choices {
    /// The place in every range that is not named: its low end, its exact middle or its high end. Not said, it is the
    /// middle, and the quote marks the coefficient as not chosen (I2).
    ranges: Option<Stand>,
    /// The headcount coefficient (§2.1): a place in the range of the band, `interpolate` for the straight line along the
    /// band (I3), or a number inside the range with at most 4 decimals.
    #[schemars(transform = edition::headcount)]
    headcount: Option<HeadcountPlace>,
    /// The risk coefficients (§2.5), each by the number of its group: a place in the range or a number inside it with at
    /// most 4 decimals.
    risk: Option<RiskPlaces>,
}

/// A place in a range.
#[derive(JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Stand {
    Low,
    Mid,
    High,
}

#[derive(JsonSchema)]
#[serde(untagged)]
enum HeadcountPlace {
    Word(HeadcountWord),
    Number(Coefficient),
}

/// A place in a range or a number inside it.
#[derive(JsonSchema)]
#[serde(untagged)]
enum Place {
    Stand(Stand),
    Number(Coefficient),
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
    /// The heading over the risk group (§2.5).
    risk_group: Option<Text>,
    /// The heading over the plan, by code or name.
    plan: Option<Text>,
    /// The heading over the number of the employer's or the policy's.
    id: Option<Text>,
    /// The heading over the sex.
    sex: Option<Text>,
    /// The heading over the insured's own sum insured.
    sum_insured: Option<Text>,
    /// The heading over the first day of the insured's own cover (I16).
    start: Option<Text>,
    /// The heading over the last day of the insured's own cover (I16).
    end: Option<Text>,
    /// The heading over what the insured is to the employee.
    relation: Option<Text>,
    /// The heading over the ages in a census.
    age: Option<Text>,
    /// The heading over the number of insured in a census.
    insured: Option<Text>,
    /// The heading over what happens to the insured in a list of changes.
    action: Option<Text>,
    /// The heading over the telephone number, for the clinics.
    phone: Option<Text>,
    /// The heading over the address, for the clinics.
    address: Option<Text>,
    /// The heading over the passport, for the clinics.
    passport: Option<Text>,
    /// The heading over the СНИЛС, for the clinics.
    snils: Option<Text>,
    /// The heading over the e-mail address, for the clinics.
    email: Option<Text>,
}

/// A plan (вариант): what its insured are covered for, and where they are served.
#[derive(JsonSchema)]
#[serde(deny_unknown_fields)]
struct Plan {
    /// The code, by which the roster names the plan.
    code: Text,
    /// The name, by which the roster may name it too.
    name: Option<String>,
    /// What the plan covers: at least one programme, and each of them once.
    #[schemars(length(min = 1))]
    cover: Vec<Cover>,
    /// The clinics that serve the insured of the plan.
    clinic: Option<Vec<PlanClinic>>,
}

/// A programme in a plan, its sum insured, and everything that changes its rate.
#[derive(JsonSchema)]
#[serde(deny_unknown_fields)]
struct Cover {
    /// The programme (§1) by its code, also as people write it: `ДМС-16`, `3а`.
    #[schemars(transform = edition::programmes)]
    programme: ProgrammeCode,
    /// The sum insured of each insured who has none of their own, in roubles: more than 0, at most 10¹², at most 2
    /// decimals (I17).
    sum_insured: SumInsured,
    /// The services that the programme is sold without (§2.6, I9, I10): a code, or a table with the place in the range
    /// where the tariff gives one.
    #[schemars(transform = edition::exclusions)]
    exclude: Option<Vec<Excluded>>,
    /// The services that the programme is sold with (§2.6.7.2, I11).
    #[schemars(transform = edition::inclusions)]
    include: Option<Vec<IncludableCode>>,
    /// The coefficient of additional services (§2.4, I14): a number with at most 4 decimals.
    #[schemars(transform = edition::additional_services)]
    additional_services: Option<Coefficient>,
    /// The coefficient of a price change (§2.3, I13): a number with at most 4 decimals.
    #[schemars(transform = edition::price_change)]
    price_change: Option<Coefficient>,
    /// The place of the base rate in its range, or a number inside it, only where the tariff gives a range (§1, I2).
    #[schemars(transform = edition::base_rate)]
    base_rate: Option<Place>,
}

#[derive(JsonSchema)]
#[serde(untagged)]
enum Excluded {
    Code(ExcludableCode),
    Placed(PlacedExclusion),
}

/// An excluded service whose coefficient the tariff gives as a range.
#[derive(JsonSchema)]
#[serde(deny_unknown_fields)]
struct PlacedExclusion {
    /// The service by its code.
    service: ExcludableCode,
    /// The place of the coefficient in its range, or a number inside it with at most 4 decimals (I2).
    #[schemars(transform = edition::exclusion_ranges)]
    coefficient: Place,
}

/// A clinic that serves the insured of a plan.
#[derive(JsonSchema)]
#[serde(deny_unknown_fields)]
struct PlanClinic {
    /// The code of the clinic.
    clinic: Text,
    /// How the clinic is paid: in advance for a programme of its own (прикрепление), or for each case by guarantee letter
    /// (по факту, I23).
    mode: ClinicMode,
    /// The programme of the clinic; with `attachment` it has to be there, with `by-fact` it cannot be.
    programme: Option<Text>,
}

#[derive(JsonSchema)]
enum ClinicMode {
    #[serde(rename = "attachment")]
    Attachment,
    #[serde(rename = "by-fact")]
    ByFact,
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::base::error::Error;
    use crate::base::messages::{Message, Value as MessageValue};
    use crate::base::source_file::SourceFile;
    use crate::quote::contract::Contract;
    use crate::tariff::Tariff;

    /// Every table of the schema with a document that has a strange key there.
    const TABLES: [(&str, &str); 9] = [
        ("", "zzz = 1"),
        ("census", "[[census]]\nzzz = 1"),
        ("choices", "[choices]\nzzz = 1"),
        ("choices.risk", "[choices.risk]\nzzz = 1"),
        ("columns", "[columns]\nzzz = 1"),
        ("plan", "[[plan]]\nzzz = 1"),
        ("plan.cover", "[[plan]]\n[[plan.cover]]\nzzz = 1"),
        ("plan.cover.exclude", "[[plan]]\n[[plan.cover]]\nprogramme = '2'\nexclude = [{ zzz = 1 }]"),
        ("plan.clinic", "[[plan]]\n[[plan.clinic]]\nzzz = 1"),
    ];

    /// Every key of the schema that takes a word, with a document that has a strange word there.
    const WORDS: [(&str, &str); 8] = [
        ("expense_basis", "expense_basis = 'zzz'"),
        ("price_decrease", "price_decrease = 'zzz'"),
        ("headcount_basis", "headcount_basis = 'zzz'"),
        ("choices.ranges", "[choices]\nranges = 'zzz'"),
        ("choices.headcount", "[choices]\nheadcount = 'zzz'"),
        ("plan.clinic.mode", "[[plan]]\n[[plan.clinic]]\nmode = 'zzz'"),
        ("plan.cover.base_rate", "[[plan]]\n[[plan.cover]]\nprogramme = '6'\nbase_rate = 'zzz'"),
        (
            "plan.cover.exclude.coefficient",
            "[[plan]]\n[[plan.cover]]\nprogramme = '2'\nexclude = [{ service = 'planned_admission', coefficient = 'zzz' }]",
        ),
    ];

    /// Calls `meet` with every part of the schema that stands for a value, and the keys that lead there.
    fn walk(path: &str, schema: &Value, meet: &mut impl FnMut(&str, &Value)) {
        meet(path, schema);
        for form in schema["anyOf"].as_array().into_iter().flatten().chain(schema.get("items")) {
            walk(path, form, meet);
        }
        for (key, value) in schema["properties"].as_object().into_iter().flatten() {
            let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            walk(&path, value, meet);
        }
    }

    /// What the reader says of a document, by the message that has this value.
    fn said(text: &str, value: &str) -> BTreeSet<String> {
        let source = SourceFile { path: "contract.toml".into(), text: text.to_owned() };
        let Err(Error::Refused { faults, .. }) = Contract::read(&source, &Tariff::base()) else { panic!("{text}") };
        let said = |message: &Message| match message.value(value)? {
            MessageValue::Text(words) => Some(words.clone()),
            _ => None,
        };
        let found: Vec<String> = faults.iter().filter_map(|fault| said(&fault.message)).collect();
        assert_eq!(found.len(), 1, "{text}");
        found[0].split(", ").map(|word| word.trim_matches('`').to_owned()).collect()
    }

    #[test]
    fn the_schema_and_the_reader_know_the_same_keys() {
        let mut tables = BTreeMap::new();
        walk("", &schema(), &mut |path, schema| {
            if let Some(properties) = schema["properties"].as_object() {
                assert_eq!(schema["additionalProperties"], false, "{path}");
                tables.insert(path.to_owned(), properties.keys().cloned().collect());
            }
        });
        let read = TABLES.map(|(path, text)| (path.to_owned(), said(text, "known")));
        assert_eq!(tables, BTreeMap::from(read));
    }

    #[test]
    fn the_schema_and_the_reader_know_the_same_words() {
        let mut words: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        walk("", &schema(), &mut |path, schema| {
            if let Some(listed) = schema["enum"].as_array() {
                words.insert(path.to_owned(), listed.iter().map(|word| word.as_str().unwrap().to_owned()).collect());
            }
        });
        // the places of the risk groups are those of any range
        words.retain(|path, listed| {
            !path.starts_with("choices.risk.") || *listed != BTreeSet::from(["low", "mid", "high"].map(str::to_owned))
        });
        let read = WORDS.map(|(path, text)| (path.to_owned(), said(text, "words")));
        assert_eq!(words, BTreeMap::from(read));
    }

    #[test]
    fn the_schema_and_the_reader_want_the_same_keys() {
        // a document of empty tables: the reader names everything that is missing
        let text = "default_risk_group = 1\n[[census]]\n[[plan]]\n[[plan.cover]]\nprogramme = '2'\nexclude = [{}]\n[[plan.clinic]]\n";
        let source = SourceFile { path: "contract.toml".into(), text: text.to_owned() };
        let Err(Error::Refused { faults, .. }) = Contract::read(&source, &Tariff::base()) else { panic!() };
        let missing: BTreeSet<String> = faults
            .iter()
            .map(|fault| match fault.message.value("key") {
                Some(MessageValue::Text(key)) if fault.message.name() == "key-missing" => key.clone(),
                _ => panic!("{:?}", fault.message),
            })
            .collect();
        let mut required = BTreeSet::new();
        walk("", &schema(), &mut |_, schema| {
            required.extend(
                schema["required"].as_array().into_iter().flatten().map(|key| key.as_str().unwrap().to_owned()),
            );
        });
        // these three are in the document
        required.retain(|key| !["plan", "cover", "programme"].contains(&key.as_str()));
        assert_eq!(required, missing);
    }

    #[test]
    fn every_key_has_a_description_and_nothing_is_null() {
        let schema = schema();
        for properties in [&schema["properties"], &schema["properties"]["columns"]["properties"]] {
            assert!(!properties.as_object().unwrap().is_empty());
        }
        walk("", &schema, &mut |path, schema| {
            for (key, value) in schema["properties"].as_object().into_iter().flatten() {
                assert!(value["description"].as_str().is_some_and(|words| !words.is_empty()), "{path}.{key}");
            }
        });
        assert!(!schema.to_string().contains("null"), "{schema}");
    }
}
