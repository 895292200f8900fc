//! The declaration of the contract file: every key once, with its form, its meaning, and the explanation in the
//! template.
//!
//! The JSON schema, the template and the reference in the docs come from here, and tests hold the reader to it. Codes
//! and ranges come from the built-in edition of the tariff, and only as examples and explanations: an insurer's own
//! edition may have others.

pub mod forms;
mod plan;

use serde_json::{Value, json};

use crate::base::keys::{DAY, Form, Key, TEXT, TableKeys};
use crate::quote::contract::accepted::MAX_ACCEPTED;
use crate::quote::contract::choice::HEADCOUNT_WORDS;
use crate::quote::contract::contract_file::{ExpenseBasis, Family, HeadcountBasis, PriceDecrease};
use crate::quote::contract::edition;
use crate::quote::contract::option::MAX_OPTIONS;
use crate::quote::contract::plans::MAX_PLANS;
use crate::quote::contract::read::MAX_NUMBER_LETTERS;
use crate::roster::field::Field;
use crate::roster::spec::DetachDay;
use crate::tariff::range::RangePoint;
use forms::{COEFFICIENT, DATE_ORDER, FILES, RISK_GROUP, SHARE, risk_choices_schema};
use plan::PLAN;

/// The JSON schema of the contract file, which refuses keys that the declaration does not list.
///
/// A file with a fault by the schema has one by the reader too; what depends on other lines, on the edition or on the
/// roster is left to the reader.
#[must_use]
pub fn schema() -> Value {
    CONTRACT.file_schema("kollektiv: a collective contract")
}

/// The contract file.
pub static CONTRACT: TableKeys = TableKeys {
    about: "One collective contract of voluntary medical insurance (ДМС), as `kollektiv` reads it.",
    keys: &[
        Key::new("number", TEXT, "The number of the contract, which names the folder of its results.")
            .required()
            .limits(&[("maxLength", MAX_NUMBER_LETTERS)])
            .hint("key-number"),
        Key::new("policyholder", TEXT, "The policyholder (страхователь).").required().hint("key-policyholder"),
        Key::new("start", DAY, "The first day of the contract.").required().hint("key-start"),
        Key::new(
            "end",
            DAY,
            "The last day of the contract, included. A contract runs at most one year: `end < start + 1 year` (I15).",
        )
        .required()
        .hint("key-end"),
        Key::new("offer_until", DAY, "The last day on which the policyholder can accept the offer, which states it.")
            .hint("key-offer-until"),
        Key::new(
            "tariff",
            TEXT,
            "The code of the edition of the tariff that prices the contract (I70). Without it that is the approved edition in force on \
             the first day.",
        )
        .hint("key-tariff"),
        Key::new(
            "roster",
            Form::Either(&[FILES, Form::Tables(&ROSTER)]),
            "The roster (список застрахованных): a file, a pattern such as `rosters/*.xlsx`, or a list of them, \
             relative to this file; or tables of files that are read each in its own way. Without it the command \
             line names the roster.",
        )
        .hint("key-roster"),
        Key::new(
            "census",
            Form::Either(&[FILES, Form::Tables(&CENSUS)]),
            "A census instead of the roster, for a first enquiry: files in which a row counts the insured of a plan, \
             an age and a risk group, or such counts themselves. Its price is always preliminary.",
        )
        .hint("key-census"),
        Key::new(
            "sheet",
            TEXT,
            "The sheet of the workbook that holds the roster; `*` stands for every sheet that holds one. Without it \
             there has to be only one such sheet.",
        )
        .hint("key-sheet"),
        Key::new(
            "ignore_sheets",
            FILES,
            "The sheets of the roster's workbooks that are not to be read though they may hold people, by their names.",
        )
        .hint("key-ignore-sheets"),
        Key::new("default_risk_group", RISK_GROUP, "The risk group of rows that state none (§2.5).")
            .hint("key-default-risk-group"),
        Key::new(
            "expense_load",
            SHARE,
            "The expenses (расходы на ведение дела) as a share from 0 to 1 of what `expense_basis` names (§2.3, I22). \
             Without it no refund is stated.",
        )
        .hint("key-expense-load"),
        Key::new(
            "expense_basis",
            Form::Words(ExpenseBasis::WORDS),
            "What the expenses are a share of (I22): the premium that is paid and not yet earned, the premium of the \
             unexpired days, or the written premium.",
        )
        .default("paid")
        .hint("key-expense-basis"),
        Key::new(
            "price_decrease",
            Form::Words(PriceDecrease::WORDS),
            "What a fall in prices does to the running contract (I21): it keeps its price, the default, or \
             the amount is credited.",
        )
        .default("keep")
        .hint("key-price-decrease"),
        Key::new(
            "price_fixed",
            Form::Value(|| json!({ "type": "boolean" })),
            "Whether price changes leave the contract alone (I37): tariffs may be changed (§2.3), but need not be.",
        )
        .hint("key-price-fixed"),
        Key::new(
            "price_changes_included",
            Form::List(&TEXT),
            "The ids of the price changes that the price of this contract includes already (I36), so that they leave it alone.",
        )
        .hint("key-price-changes-included"),
        Key::new(
            "headcount_basis",
            Form::Words(HeadcountBasis::WORDS),
            "Which headcount the coefficient of §2.1 is for once insured have joined or left (I28): the one at \
             inception, the default, or the one in force, so that an endorsement reprices the days to come \
             of every insured.",
        )
        .default("inception")
        .hint("key-headcount-basis"),
        Key::new(
            "detach_day",
            Form::Words(DetachDay::WORDS),
            "Which day a day of detachment («Дата открепления», “Termination date”) in a list of changes is (I26): the last day \
             of cover, or the first day without. Insurers differ, so that such a column is refused without this line.",
        )
        .hint("key-detach-day"),
        Key::new(
            "family",
            Form::Words(Family::WORDS),
            "What becomes of relatives when an employee leaves (I39): they stay and are listed, the default, or \
             leave on the same day.",
        )
        .default("stays")
        .hint("key-family"),
        Key::new(
            "instalments",
            Form::List(&DAY),
            "The first days of the payment periods, in order; the first of them is the first day of the contract. \
             Without it the whole term is one.",
        )
        .hint("key-instalments"),
        Key::new(
            "termination",
            Form::Table(&TERMINATION),
            "The expenses where the contract is terminated (I34), if they differ from those of a refused price change.",
        )
        .hint("key-termination"),
        Key::new("choices", Form::Table(&CHOICES), "Where this contract stands in the tariff's ranges (I2).")
            .hint("key-choices"),
        Key::new(
            "columns",
            Form::Table(&COLUMNS),
            "The roster's own headings, where they are not recognised: field = heading.",
        )
        .hint("key-columns"),
        Key::new("dates", Form::Table(&DATES), "How the days of the roster are written.").hint("key-dates"),
        Key::new(
            "accepted",
            Form::Tables(&ACCEPTED),
            "Insured whose age the tariff does not have and that an underwriter accepts, each with a coefficient of their own (I73).",
        )
        .limits(&[("maxItems", MAX_ACCEPTED)])
        .hint("key-accepted"),
        Key::new("plan", Form::Tables(&PLAN), "The plans (варианты), one of which each insured is on.")
            .required()
            .limits(&[("minItems", 1), ("maxItems", MAX_PLANS)])
            .hint("key-plan"),
        Key::new(
            "option",
            Form::Tables(&OPTION),
            "The options of one offer (`kollektiv options`), each with what differs from the contract; other commands price the contract \
             without `--option`.",
        )
        .limits(&[("maxItems", MAX_OPTIONS)])
        .hint("key-option"),
    ],
};

static OPTION: TableKeys = TableKeys {
    about: "An option of one offer: choices and plans in place of those of the contract.",
    keys: &[
        Key::new("name", TEXT, "The name of the option in the offer.").required(),
        Key::new("choices", Form::Table(&CHOICES), "Choices in place of those of the contract; the others stay (I2)."),
        Key::new(
            "plan",
            Form::Tables(&PLAN),
            "Plans: one with the code of a plan of the contract takes its place, another is added.",
        ),
    ],
};

static ROSTER: TableKeys = TableKeys {
    about: "Files of the roster that are read in a way of their own.",
    keys: &[
        Key::new("file", TEXT, "The file or pattern, relative to the contract file.").required(),
        Key::new(
            "sheet",
            TEXT,
            "The sheet; `*` stands for every sheet that holds a roster. By default the contract's.",
        ),
        Key::new("plan", TEXT, "The plan of rows that state none, by its code or name."),
        Key::new("default_risk_group", RISK_GROUP, "The risk group of rows that state none (§2.5)."),
        Key::new("columns", Form::Table(&COLUMNS), "The files' own headings: field = heading."),
    ],
};

static CENSUS: TableKeys = TableKeys {
    about: "A number of insured of a plan, an age and a risk group.",
    keys: &[
        Key::new("plan", TEXT, "The plan, by its code or name; not needed where the contract has one."),
        Key::new(
            "age",
            Form::Either(&[
                Form::Value(|| json!({ "type": "integer", "format": "uint16", "minimum": 0, "maximum": u16::MAX })),
                TEXT,
            ]),
            "The age in completed years, or ages such as `30-39` that the tariff does not tell apart.",
        )
        .required(),
        Key::new("risk_group", RISK_GROUP, "The risk group (§2.5); not needed where the contract has a default."),
        Key::new(
            "insured",
            Form::Value(|| json!({ "type": "integer", "format": "uint32" })),
            "The number of insured, at least 1.",
        )
        .required()
        .limits(&[("minimum", 1)]),
    ],
};

static ACCEPTED: TableKeys = TableKeys {
    about: "An insured outside of the tariff's ages: the number, or the name with the birth date, and what was decided.",
    keys: &[
        Key::new("id", TEXT, "The personnel or policy number in the roster."),
        Key::new("name", TEXT, "The full name in the roster; with `birth_date`."),
        Key::new("birth_date", DAY, "The day of birth; with `name`."),
        Key::new(
            "age_coefficient",
            COEFFICIENT,
            "The coefficient by age (§2.2), inside the range `accepted` of the edition, with at most 4 decimals.",
        )
        .required()
        .edition(edition::accepted_age),
        Key::new("decided_by", TEXT, "Who decided.").required(),
        Key::new("reason", TEXT, "Why.").required(),
    ],
};

static TERMINATION: TableKeys = TableKeys {
    about: "",
    keys: &[
        Key::new("expense_load", SHARE, "The expenses as a share from 0 to 1 of what `expense_basis` names (I34).")
            .hint("key-termination-expense-load"),
        Key::new(
            "expense_basis",
            Form::Words(ExpenseBasis::WORDS),
            "What the expenses are a share of (I34), as for a refused price change.",
        )
        .hint("key-termination-expense-basis"),
    ],
};

static CHOICES: TableKeys = TableKeys {
    about: "",
    keys: &[
        Key::new(
            "ranges",
            Form::Words(RangePoint::WORDS),
            "The place in every range that is not named: its low end, its exact middle or its high end. By default it \
             is the middle, and the quote marks the coefficient as not chosen (I2).",
        )
        .hint("key-choices-ranges"),
        Key::new(
            "headcount",
            Form::Either(&[Form::Words(HEADCOUNT_WORDS), COEFFICIENT]),
            "The headcount coefficient (§2.1): a place in the range of the band, `interpolate` for the straight line \
             along the band (I3), a number inside the range with at most 4 decimals, or `none`, which leaves the \
             coefficient out (I72).",
        )
        .edition(edition::headcounts)
        .hint("key-choices-headcount"),
        Key::new(
            "risk",
            Form::Value(risk_choices_schema),
            "The risk coefficients (§2.5), each by the number of its group: a place in the range, a number inside it \
             with at most 4 decimals, or `none`, which leaves the coefficient out (I72).",
        )
        .hint("key-choices-risk"),
    ],
};

static COLUMNS: TableKeys = TableKeys {
    about: "",
    keys: &Field::column_keys(
        Key::new("ignore", FILES, "The headings of columns that are to be ignored.").hint("key-columns-ignore"),
    ),
};

static DATES: TableKeys = TableKeys { about: "", keys: &[DATE_ORDER.hint("key-dates-order")] };

#[cfg(test)]
mod tests;
