//! The declaration of the keys of `kollektiv.toml`: the JSON schema and the reference in the docs come from it.

use serde_json::json;

use crate::base::keys::{Form, Key, TEXT, TableKeys};
use crate::base::messages::Language;

/// The file of settings.
pub static SETTINGS: TableKeys = TableKeys {
    about: "The settings of `kollektiv`: `kollektiv.toml` in the working folder or in one above it. Paths are relative to the file. An \
            option of the command line wins over the environment, and that over the file.",
    keys: &[
        Key::new(
            "tariffs",
            TEXT,
            "The folder of editions of the tariff (I70). Without it `tariffs` beside this file, where there is one; else the built-in \
             edition prices.",
        ),
        Key::new("portfolio", TEXT, "The folder of the portfolio, for the commands that need `--portfolio`."),
        Key::new("clinics", TEXT, "The file of clinics, for the commands that take `--clinics`."),
        Key::new(
            "insurer",
            TEXT,
            "The file about the insurer, whose values stand on the papers, for the commands that take `--insurer`.",
        ),
        Key::new(
            "templates",
            TEXT,
            "The folder of templates: one in it replaces the built-in template of the same name, such as `offer.typ` or `notice.typ`.",
        ),
        Key::new("language", Form::Words(Language::WORDS), "The language of messages and of the texts in results.")
            .default("ru"),
        Key::new("output", TEXT, "The folder of results whose folder no option names.").default("output"),
        Key::new("mode", MODE, "The permissions of new files, such as `640` to let a group read them.").default("600"),
    ],
};

const MODE: Form = Form::Value(|| json!({ "type": "string", "pattern": "^0?6[0246][0246]$" }));
