//! The declaration of the keys of `insurer.toml`: the JSON schema and the file to start from have the same keys.

use serde_json::{Value, json};

use crate::base::keys::{Form, Key, TEXT, TableKeys};

/// The longest name of the recipient in a payment code (ГОСТ Р 56042-2014), in characters.
pub const MAX_NAME: usize = 160;
/// The longest name of a bank in a payment code, in characters.
pub const MAX_BANK_NAME: usize = 45;

/// The JSON schema of the file, in draft 7, which editors of TOML understand.
#[must_use]
pub fn schema() -> Value {
    INSURER.file_schema("kollektiv: an insurer")
}

/// The file about the insurer.
pub static INSURER: TableKeys = TableKeys {
    about: "The insurer, whose values stand on every paper: offers, invoices, agreements, letters, statements.",
    keys: &[
        Key::new("name", TEXT, "The full name, at most 160 characters (ГОСТ Р 56042).")
            .required()
            .limits(&[("maxLength", MAX_NAME)]),
        Key::new("inn", Form::Value(|| digits(10)), "The taxpayer's number (ИНН): 10 digits, the last one is proved.")
            .required(),
        Key::new("kpp", Form::Value(kpp), "The code of the reason of registration (КПП): 9 characters.").required(),
        Key::new("licence", TEXT, "The licence for voluntary personal insurance: number and day.").required(),
        Key::new("address", TEXT, "The postal address.").required(),
        Key::new("dispatcher", TEXT, "The telephone of the dispatcher, where the file of clinics names none."),
        Key::new(
            "logo",
            TEXT,
            "A picture for the head of the papers, relative to this file: .svg, .png or .jpg of at most 1 MiB.",
        ),
        Key::new("bank", Form::Table(&BANK), "The account to which policyholders pay.").required(),
        Key::new("signatory", Form::Table(&SIGNATORY), "The person who signs the papers.").required(),
    ],
};

static BANK: TableKeys = TableKeys {
    about: "An account in roubles in a Russian bank.",
    keys: &[
        Key::new(
            "account",
            Form::Value(|| digits(20)),
            "The account (р/с): 20 digits, proved by the code of the bank.",
        )
        .required(),
        Key::new("name", TEXT, "The name of the bank, at most 45 characters (ГОСТ Р 56042).")
            .required()
            .limits(&[("maxLength", MAX_BANK_NAME)]),
        Key::new(
            "correspondent_account",
            Form::Value(|| digits(20)),
            "The bank's account in the Bank of Russia (к/с): 20 digits, proved by the code of the bank.",
        )
        .required(),
        Key::new("bic", Form::Value(bic), "The code of the bank (БИК): 9 digits, the first two are 04.").required(),
    ],
};

static SIGNATORY: TableKeys = TableKeys {
    about: "The person who signs.",
    keys: &[
        Key::new("name", TEXT, "Surname and initials.").required(),
        Key::new("position", TEXT, "The position.").required(),
    ],
};

fn digits(count: usize) -> Value {
    json!({ "type": "string", "pattern": format!("^[0-9]{{{count}}}$") })
}

fn kpp() -> Value {
    json!({ "type": "string", "pattern": "^[0-9]{4}[0-9A-Z]{2}[0-9]{3}$" })
}

fn bic() -> Value {
    json!({ "type": "string", "pattern": "^04[0-9]{7}$" })
}
