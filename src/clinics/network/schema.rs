//! The declaration of the file of clinics: every key once, for the JSON schema and the reference in the docs.
//!
//! As with the [contract file](crate::quote::contract::keys), tests hold the reader to it.

use serde_json::{Value, json};

use crate::base::keys::{DAY, Form, Key, TEXT, TableKeys, decimal_schema};
use crate::clinics::network::list_layout::{Delimiter, ListField, ListFiles, ListFormat};
use crate::clinics::register::field::{Field, IGNORE};
use crate::quote::contract::keys::forms::{DATE_ORDER, EXCLUDABLE, PROGRAMME, max_roubles};

/// The JSON schema of the file of clinics, in draft 7, which editors of TOML understand.
#[must_use]
pub fn schema() -> Value {
    NETWORK.file_schema("kollektiv: a network of clinics")
}

static NETWORK: TableKeys = TableKeys {
    about: "The clinics that serve the insured, as `kollektiv` reads them.",
    keys: &[
        Key::new("category", Form::Tables(&CATEGORY), "The kinds of services, for the price lists of all clinics.")
            .required()
            .limits(NOT_EMPTY),
        Key::new("clinic", Form::Tables(&CLINIC), "The clinics.").required().limits(NOT_EMPTY),
        Key::new(
            "requests",
            Form::Table(&REQUESTS),
            "How the insurer's dispatchers write requests for letters. Without it as the clinic of the requests writes its tables.",
        ),
        Key::new("entitled", Form::Table(&ENTITLED), "How the list of the entitled beside this file is written."),
    ],
};

static REQUESTS: TableKeys = TableKeys {
    about: "How requests for letters are written.",
    keys: &[
        Key::new("columns", Form::Table(&COLUMNS), "Own headings, where they are not recognised: field = heading."),
        Key::new("dates", Form::Table(&DATES), "How days are written."),
        Key::new("ignore_sheets", Form::List(&TEXT), "Sheets that are to be ignored."),
    ],
};

static ENTITLED: TableKeys = TableKeys {
    about: "How the list of the entitled is written.",
    keys: &[Key::new(IGNORE, Form::List(&TEXT), "Headings of columns that are to be ignored.")],
};

static CATEGORY: TableKeys = TableKeys {
    about: "A kind of services: therapy, implantation, prosthetics.",
    keys: &[
        Key::new("code", TEXT, "The code, by which price lists name the category.").required(),
        Key::new("name", TEXT, "The name.").required(),
        Key::new(
            "programmes",
            Form::List(&PROGRAMME),
            "The programmes of the tariff that cover such services. Without it all of them do.",
        ),
        Key::new(
            "excluded_with",
            EXCLUDABLE,
            "The service of the tariff with whose exclusion from a cover such services are excluded (§2.6).",
        ),
    ],
};

static CLINIC: TableKeys = TableKeys {
    about: "A clinic: its programmes, its price list, its discount.",
    keys: &[
        Key::new("code", TEXT, "The code, by which the plans of contracts name the clinic.").required(),
        Key::new("name", TEXT, "The name.").required(),
        Key::new("address", TEXT, "Where it is, for the letters."),
        Key::new("service", Form::Tables(&SERVICE), "The price list.").required().limits(NOT_EMPTY),
        Key::new("prices", Form::Tables(&PRICES), "Later prices, each list from its first day (I65)."),
        Key::new("advance", Form::Tables(&ADVANCE), "The advances paid to the clinic, for the acts of its months."),
        Key::new(
            "reasons",
            Form::List(&REASON),
            "The reasons of a visit of which the clinic's terms require one (I64). Without it none is required.",
        ),
        Key::new(
            "dispatcher",
            TEXT,
            "The telephone of the insurer's dispatcher, for letters, the reasons of verdicts and the clinic's desk.",
        ),
        Key::new(
            "programme",
            Form::Tables(&PROGRAMME_OF_CLINIC),
            "What the insured can be attached to (прикрепление).",
        ),
        Key::new("loyalty", Form::Table(&LOYALTY), "The discount on what the insurance does not pay for (I24)."),
        Key::new("lists", Form::Table(&LISTS), "The clinic's own layout of attachment lists."),
        Key::new(
            "columns",
            Form::Table(&COLUMNS),
            "The clinic's own headings, where they are not recognised: field = heading.",
        ),
        Key::new("dates", Form::Table(&DATES), "How the clinic writes days."),
        Key::new("ignore_sheets", Form::List(&TEXT), "Sheets of the clinic's tables that are to be ignored."),
    ],
};

static SERVICE: TableKeys = TableKeys {
    about: "A line of the price list.",
    keys: &[
        Key::new("code", TEXT, "The code.").required(),
        Key::new("name", TEXT, "The name.").required(),
        Key::new("category", TEXT, "The category by its code.").required(),
        Key::new(
            "price",
            Form::Value(list_price_schema),
            "The price of the service once, in roubles with at most 2 decimals.",
        )
        .required(),
    ],
};

static PRICES: TableKeys = TableKeys {
    about: "Prices that change on a day; the others stay as they are.",
    keys: &[
        Key::new("from", DAY, "The first day of the prices.").required(),
        Key::new("price", Form::Value(prices_schema), "The prices by the code or the name of the service.").required(),
    ],
};

static ADVANCE: TableKeys = TableKeys {
    about: "An advance paid to the clinic.",
    keys: &[
        Key::new("day", DAY, "The day on which it was paid.").required(),
        Key::new("amount", Form::Value(list_price_schema), "The amount, in roubles with at most 2 decimals.")
            .required(),
    ],
};

fn prices_schema() -> Value {
    json!({ "type": "object", "minProperties": 1, "additionalProperties": list_price_schema() })
}

fn list_price_schema() -> Value {
    decimal_schema(2, json!({ "minimum": 0, "maximum": max_roubles() }))
}

static REASON: Form = Form::Words(&["acute", "exacerbation", "trauma"]);

static PROGRAMME_OF_CLINIC: TableKeys = TableKeys {
    about: "A programme of the clinic, which is paid for in advance. It has to hold a service.",
    keys: &[
        Key::new("code", TEXT, "The code, by which the plans of contracts name the programme.").required(),
        Key::new("name", TEXT, "The name.").required(),
        Key::new("services", Form::List(&TEXT), "The services that it holds, by code or name."),
        Key::new("categories", Form::List(&TEXT), "The categories whose services it holds, by code."),
        Key::new("except", Form::List(&TEXT), "The services that it does not hold all the same, by code or name."),
    ],
};

static LOYALTY: TableKeys = TableKeys {
    about: "",
    keys: &[
        Key::new(
            "discount",
            Form::Value(|| decimal_schema(2, json!({ "exclusiveMinimum": 0, "maximum": 100 }))),
            "The discount in percent, more than 0 and at most 100, with at most 2 decimals.",
        )
        .required(),
        Key::new("categories", Form::List(&TEXT), "The categories on which it is due, by code.").required(),
    ],
};

static LISTS: TableKeys = TableKeys {
    about: "The files that `kollektiv clinics lists` writes for the clinic: a row of headings and the rows, without a title.",
    keys: &[
        Key::new("format", Form::Words(ListFormat::WORDS), "A workbook, or a text in UTF-8.").default("xlsx"),
        Key::new(
            "files",
            Form::Words(ListFiles::WORDS),
            "One workbook with a sheet for the list, attach, detach and change, or a file for each. Texts are always a file each.",
        )
        .default("one"),
        Key::new("delimiter", Form::Words(Delimiter::WORDS), "The delimiter of texts.").default("semicolon"),
        Key::new("column", Form::Tables(&LIST_COLUMN), "The columns in their order.").required().limits(NOT_EMPTY),
    ],
};

static LIST_COLUMN: TableKeys = TableKeys {
    about: "A column of the lists.",
    keys: &[
        Key::new("field", Form::Words(ListField::WORDS), "What the column holds; a name in one column, or in three.")
            .required(),
        Key::new("heading", TEXT, "The heading over it.").required(),
    ],
};

static COLUMNS: TableKeys = TableKeys {
    about: "",
    keys: &Field::column_keys(Key::new(IGNORE, Form::List(&TEXT), "The headings of columns that are to be ignored.")),
};

static DATES: TableKeys = TableKeys { about: "", keys: &[DATE_ORDER] };

/// The limits of a list that holds at least one value.
const NOT_EMPTY: &[(&str, usize)] = &[("minItems", 1)];
