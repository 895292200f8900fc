//! Every test that needs more than one module, in one binary: a frame library links slowly.

mod contract_faults;
mod golden;
mod rules;
mod support;
mod tariff_faults;
mod tariff_source;
mod words;
