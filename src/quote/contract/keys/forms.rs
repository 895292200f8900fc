//! The forms of values that several keys of the contract file share.

use serde_json::{Map, Value, json};

use crate::base::keys::{Form, Key, TEXT, decimal_schema};
use crate::base::money::MAX_SUM_INSURED;
use crate::quote::contract::choice::{MAX_COEFFICIENT_DECIMALS, RISK_WORDS};
use crate::quote::contract::edition;
use crate::quote::contract::read::MAX_SHARE_DECIMALS;
use crate::table::value::DateOrder;
use crate::tariff::range::RangePoint;

/// A share of expenses.
pub const SHARE: Form = Form::Value(|| decimal_schema(MAX_SHARE_DECIMALS, json!({ "minimum": 0, "maximum": 1 })));
/// A path or a pattern, or a list of them.
pub const FILES: Form = Form::Either(&[TEXT, Form::List(&TEXT)]);
/// A coefficient (`I2`).
pub const COEFFICIENT: Form = Form::Value(|| decimal_schema(MAX_COEFFICIENT_DECIMALS, json!({ "minimum": 0 })));
/// A point of a range or a number inside it (`I2`).
pub const RANGE_CHOICE: Form = Form::Either(&[
    Form::Value(|| json!({ "description": "A place in a range.", "type": "string", "enum": RangePoint::WORDS })),
    COEFFICIENT,
]);
/// As [`RANGE_CHOICE`], or the word that leaves the coefficient out (`I72`).
const RISK_CHOICE: Form = Form::Either(&[Form::Words(RISK_WORDS), COEFFICIENT]);
/// The order of day and month.
pub const DATE_ORDER: Key = Key::new(
    "order",
    Form::Words(DateOrder::WORDS),
    "The order of day and month in days such as 05/06/1990. Without it a heading such as `MM/DD/YYYY` or the days of \
     the whole column decide; a column whose days contradict each other is refused.",
);
/// The number of a risk group (§2.5).
pub const RISK_GROUP: Form =
    Form::Value(|| json!({ "type": "integer", "minimum": 0, "maximum": u8::MAX, "examples": edition::risk_groups() }));
/// The code of a programme.
pub const PROGRAMME: Form = Form::Value(|| code_schema(&edition::programme_codes()));
/// The code of a service that can be excluded.
pub const EXCLUDABLE: Form = Form::Value(|| code_schema(&edition::excludable()));

/// A code as a text, with the codes of the built-in edition as examples.
#[must_use]
pub fn code_schema(examples: &[String]) -> Value {
    json!({ "type": "string", "pattern": r"\S", "examples": examples })
}

/// The largest amount of money in a file, in roubles (`I17`).
#[must_use]
pub fn max_roubles() -> Option<u64> {
    u64::try_from(MAX_SUM_INSURED.get() / 100).ok()
}

/// The choices by the number of the risk group: those of the built-in edition by name, any other by pattern.
#[must_use]
pub fn risk_choices_schema() -> Value {
    let choice = |about: &str| {
        let mut schema = Map::from_iter([("description".to_owned(), about.into())]);
        if let Value::Object(form) = RISK_CHOICE.schema(true) {
            schema.extend(form);
        }
        Value::from(schema)
    };
    let groups: Map<String, Value> = edition::risk_ranges().map(|(group, about)| (group, choice(&about))).collect();
    json!({
        "type": "object",
        "properties": groups,
        "patternProperties": { "^(0|[1-9][0-9]{0,2})$": choice("A place in a range, a number inside it, or `none`.") },
        "additionalProperties": false,
    })
}
