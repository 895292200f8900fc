//! Every test that needs more than one module, in one binary: a frame library links slowly.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod census;
mod checked;
mod cli;
mod clinics;
mod contract_faults;
mod cube;
mod desk;
mod documents;
mod endorse;
mod folders;
mod golden;
mod kill;
mod logs;
mod notices;
mod offer;
mod outputs;
mod page;
mod portfolio;
mod price_changes;
mod privacy;
mod program;
mod properties;
mod readme;
mod rosters;
mod rules;
mod sameness;
mod support;
mod tariff_faults;
mod tariff_source;
mod words;
mod workbook;
mod written;
