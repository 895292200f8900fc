//! The tests that need more than one module, in one binary: linking the frame library takes long.

#![expect(clippy::unwrap_used, reason = "a failed `unwrap` is a failed test")]

mod annotated_roster;
mod architecture;
mod cases;
mod census;
mod cli;
mod clinics;
mod contract_faults;
mod desk;
mod determinism;
mod documents;
mod endorse;
mod faults;
mod folders;
mod formats;
mod golden;
mod hostile_files;
mod json_schemas;
mod kills;
mod logs;
mod messages;
mod notices;
mod offer;
mod outputs;
mod page;
mod portfolio;
mod price_changes;
mod privacy;
mod processor_time;
mod program;
mod properties;
mod rate_table;
mod readme;
mod reference;
mod refusals;
mod rosters;
mod rules;
mod saved_quote;
mod source_code;
mod special_files;
mod support;
mod tariff_faults;
mod tariff_source;
mod vocabulary;
mod workbook;
