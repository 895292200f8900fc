//! A contract file: accepted, or refused with the line of every fault.
#![no_main]

use std::path::PathBuf;

use kollektiv::quote::contract::Contract;
use kollektiv::base::source_file::SourceFile;
use kollektiv_fuzz::TARIFF;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let source = SourceFile { path: PathBuf::from("contract.toml"), text: text.to_owned() };
    match Contract::read(&source, &TARIFF) {
        Ok(contract) => {
            let (first, last) = contract.days();
            assert!(first <= last);
            assert!(!contract.terms.plans.is_empty());
            assert!(contract.terms.plans.iter().all(|plan| !plan.covers.is_empty()));
            let paid: Vec<_> = contract.instalments.iter().map(|period| (period.first(), period.last())).collect();
            assert_eq!(paid.first().map(|period| period.0), Some(first), "payment begins with the contract");
            assert_eq!(paid.last().map(|period| period.1), Some(last), "and ends with it");
        }
        Err(fault) => assert!(!fault.to_string().is_empty()),
    }
});
