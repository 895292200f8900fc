//! The keys of a plan: its covers with everything that changes their rates, and its clinics.

use serde_json::json;

use crate::base::keys::{ANY_TEXT, Form, Key, TEXT, TableKeys, decimal_schema};
use crate::quote::contract::contract_file::ClinicMode;
use crate::quote::contract::edition;
use crate::quote::contract::keys::forms::{COEFFICIENT, EXCLUDABLE, PROGRAMME, RANGE_CHOICE, code_schema, max_roubles};

/// A plan.
pub static PLAN: TableKeys = TableKeys {
    about: "A plan (вариант): what its insured are covered for, and where they are served.",
    keys: &[
        Key::new("code", TEXT, "The code, by which the roster names the plan.").required(),
        Key::new("name", ANY_TEXT, "The name, by which the roster may name it too.").hint("key-plan-name"),
        Key::new("aliases", Form::List(&TEXT), "Other words by which the roster names the plan.")
            .hint("key-plan-aliases"),
        Key::new("cover", Form::Tables(&COVER), "What the plan covers: at least one programme, and each of them once.")
            .required()
            .limits(&[("minItems", 1)]),
        Key::new("clinic", Form::Tables(&CLINIC), "The clinics that serve the insured of the plan."),
    ],
};

static COVER: TableKeys = TableKeys {
    about: "A programme in a plan, its sum insured, and everything that changes its rate.",
    keys: &[
        Key::new("programme", PROGRAMME, "The programme (§1) by its code, also as people write it: `ДМС-16`, `3а`.")
            .required()
            .edition(edition::programmes),
        Key::new(
            "sum_insured",
            Form::Value(|| decimal_schema(2, json!({ "exclusiveMinimum": 0, "maximum": max_roubles() }))),
            "The sum insured of each insured who has none of their own, in roubles: more than 0, at most 10¹², at \
             most 2 decimals (I17).",
        )
        .required(),
        Key::new(
            "exclude",
            Form::List(&Form::Either(&[EXCLUDABLE, Form::Table(&PLACED_EXCLUSION)])),
            "The services that the programme is sold without (§2.6, I9, I10): a code, or a table with the place in \
             the range where the tariff gives one.",
        )
        .edition(edition::exclusions)
        .hint("key-plan-cover-exclude"),
        Key::new(
            "include",
            Form::List(&Form::Value(|| code_schema(&edition::includable()))),
            "The services that the programme is sold with (§2.6.7.2, I11).",
        )
        .edition(edition::inclusions)
        .hint("key-plan-cover-include"),
        Key::new(
            "additional_services",
            Form::Either(&[COEFFICIENT, Form::Table(&ADDITIONAL)]),
            "The additional services (§2.4, I14, I74): their coefficient, a number with at most 4 decimals, and what \
             was chosen. The bare coefficient is lawful and remarked by `kollektiv check`.",
        )
        .edition(edition::additional_services)
        .hint("key-plan-cover-additional-services"),
        Key::new(
            "price_change",
            COEFFICIENT,
            "The coefficient of a price change (§2.3, I13): a number with at most 4 decimals.",
        )
        .edition(edition::price_changes)
        .hint("key-plan-cover-price-change"),
        Key::new(
            "base_rate",
            RANGE_CHOICE,
            "The place of the base rate in its range, or a number inside it, only where the tariff gives a range (§1, \
             I2).",
        )
        .edition(edition::base_rates),
    ],
};

static ADDITIONAL: TableKeys = TableKeys {
    about: "Additional services that the policyholder chose; the offer shows them.",
    keys: &[
        Key::new("coefficient", COEFFICIENT, "Their coefficient (§2.4, I14): a number with at most 4 decimals.")
            .required(),
        Key::new("services", TEXT, "What was chosen, in the words of the offer.").required(),
    ],
};

static PLACED_EXCLUSION: TableKeys = TableKeys {
    about: "An excluded service whose coefficient the tariff gives as a range.",
    keys: &[
        Key::new("service", EXCLUDABLE, "The service by its code.").required(),
        Key::new(
            "coefficient",
            RANGE_CHOICE,
            "The place of the coefficient in its range, or a number inside it with at most 4 decimals (I2).",
        )
        .required()
        .edition(edition::exclusion_ranges),
    ],
};

static CLINIC: TableKeys = TableKeys {
    about: "A clinic that serves the insured of a plan.",
    keys: &[
        Key::new("clinic", TEXT, "The code of the clinic.").required(),
        Key::new(
            "mode",
            Form::Words(&ClinicMode::WORDS),
            "How the clinic is paid: in advance for a programme of its own (прикрепление), or for each case by \
             guarantee letter (по факту, I23).",
        )
        .required(),
        Key::new(
            "programme",
            TEXT,
            "The programme of the clinic; with `attachment` it has to be there, with `by-fact` it cannot be.",
        ),
    ],
};
