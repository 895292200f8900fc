//! The values of the contract file: how each of them may be written.

use std::borrow::Cow;

use schemars::transform::transform_subschemas;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};

use crate::base::money::MAX_SUM_INSURED;
use crate::quote::contract::choice::{HEADCOUNT_WORDS, MAX_DECIMALS};
use crate::quote::contract::read::MAX_SHARE_DECIMALS;
use crate::quote::contract::schema::{Place, edition};

macro_rules! forms {
    ($($(#[$doc:meta])* $name:ident = $schema:expr;)*) => {$(
        $(#[$doc])*
        pub(crate) struct $name;

        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                $schema
            }
        }
    )*};
}

forms! {
    /// A text that is not blank.
    Text = json_schema!({ "type": "string", "pattern": r"\S" });
    /// A day, which TOML writes without quotes.
    Day = json_schema!({ "type": "string", "format": "date" });
    /// A coefficient (`I2`).
    Coefficient = decimal(MAX_DECIMALS, json!({ "minimum": 0 }));
    /// A share from 0 to 1 (`I22`).
    Share = decimal(MAX_SHARE_DECIMALS, json!({ "minimum": 0, "maximum": 1 }));
    /// Roubles (`I17`).
    SumInsured = decimal(2, json!({ "exclusiveMinimum": 0, "maximum": max_roubles() }));
    /// The price of a service in roubles.
    Price = decimal(2, json!({ "minimum": 0, "maximum": max_roubles() }));
    /// A discount in percent (`I24`).
    Percent = decimal(2, json!({ "exclusiveMinimum": 0, "maximum": 100 }));
    /// The number of a risk group (§2.5).
    RiskGroupNumber = json_schema!({
        "type": "integer",
        "minimum": 0,
        "maximum": u8::MAX,
        "examples": edition::risk_groups(),
    });
    /// A word for the headcount (`I3`).
    HeadcountWord = json_schema!({ "type": "string", "enum": HEADCOUNT_WORDS.split(", ").collect::<Vec<_>>() });
    /// The code of a programme.
    ProgrammeCode = code(&edition::programme_codes());
    /// The code of a service that can be excluded.
    ExcludableCode = code(&edition::excludable());
    /// The code of a service that can be included.
    IncludableCode = code(&edition::includable());
}

/// A number, or the same digits in quotes, with at most so many decimals that count.
fn decimal(decimals: u32, bounds: Value) -> Schema {
    let mut schema = json_schema!({
        "type": ["number", "string"],
        "pattern": format!(r"^\s*[0-9]+(\.[0-9]{{1,{decimals}}}0*)?\s*$"),
    });
    if let Value::Object(bounds) = bounds {
        schema.ensure_object().extend(bounds);
    }
    schema
}

fn max_roubles() -> Option<u64> {
    u64::try_from(MAX_SUM_INSURED.get() / 100).ok()
}

fn code(examples: &[String]) -> Schema {
    json_schema!({ "type": "string", "pattern": r"\S", "examples": examples })
}

/// Places in ranges by the number of the risk group.
pub(crate) struct RiskPlaces;

impl JsonSchema for RiskPlaces {
    fn schema_name() -> Cow<'static, str> {
        "RiskPlaces".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let place = generator.subschema_for::<Place>();
        let mut groups = Map::new();
        for (group, words) in edition::risk_ranges() {
            let mut of_group = place.clone();
            of_group.insert("description".to_owned(), words.into());
            groups.insert(group, of_group.to_value());
        }
        json_schema!({
            "type": "object",
            "properties": groups,
            "patternProperties": { "^(0|[1-9][0-9]{0,2})$": place },
            "additionalProperties": false,
        })
    }
}

/// Takes out what TOML does not have, the null of a key that can be left out, and makes the words of a schema readable:
/// they come first, with their lines joined.
pub(crate) fn tidy(schema: &mut Schema) {
    transform_subschemas(&mut tidy, schema);
    if let Some(Value::Array(types)) = schema.get_mut("type") {
        types.retain(|kind| kind != "null");
        if let [only] = types.as_slice() {
            let only = only.clone();
            schema.insert("type".to_owned(), only);
        }
    }
    if let Some(Value::Array(words)) = schema.get_mut("enum") {
        words.retain(|word| !word.is_null());
    }
    if let Some(Value::Array(forms)) = schema.get_mut("anyOf") {
        forms.retain(|form| form.get("type").is_none_or(|kind| kind != "null"));
        if let [Value::Object(only)] = forms.as_slice() {
            let only = only.clone();
            schema.remove("anyOf");
            for (key, value) in only {
                if schema.get(&key).is_none() {
                    schema.insert(key, value);
                }
            }
        }
    }
    if let Some(Value::String(words)) = schema.get_mut("description") {
        let joined = |part: &str| if part.starts_with("- ") { part.to_owned() } else { part.replace('\n', " ") };
        *words = words.split("\n\n").map(joined).collect::<Vec<_>>().join("\n\n");
    }
    if let Some(keys) = schema.as_object_mut() {
        let all = std::mem::take(keys);
        let first =
            ["$schema", "title", "description"].map(|key| all.get(key).map(|value| (key.to_owned(), value.clone())));
        keys.extend(first.into_iter().flatten().chain(all));
    }
}
