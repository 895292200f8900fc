//! A contract file: whatever stands in it, it is lawful or refused with the line of every fault.
#![no_main]

use std::path::PathBuf;

use kollektiv::quote::contract::Contract;
use kollektiv::base::source_file::SourceFile;
use kollektiv::TARIFF;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let document = SourceFile { path: PathBuf::from("contract.toml"), text: text.to_owned() };
    match Contract::read(&document, &TARIFF) {
        Ok(contract) => {
            let (first, last) = contract.days();
            assert!(first <= last);
            assert!(!contract.plans.is_empty());
            assert!(contract.plans.iter().all(|plan| !plan.covers.is_empty()));
            let paid: Vec<_> = contract.instalments.iter().map(|period| (period.first(), period.last())).collect();
            assert_eq!(paid.first().map(|period| period.0), Some(first), "payment begins with the contract");
            assert_eq!(paid.last().map(|period| period.1), Some(last), "and ends with it");
        }
        Err(fault) => assert!(!fault.to_string().is_empty()),
    }
});
