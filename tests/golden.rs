//! Golden contracts: exact prices from an independent pricer in rationals.

use std::path::{Path, PathBuf};

use kollektiv::quote::contract::Contract;
use kollektiv::quote::{Quote, Status};
use kollektiv::roster::Roster;
use kollektiv::tariff::Tariff;

#[test]
fn every_golden_contract_is_priced_to_the_kopeck() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut contracts: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    contracts.sort();
    assert!(contracts.len() >= 13);
    for contract in contracts.iter().filter(|path| path.is_dir()) {
        check(contract);
    }
}

fn check(folder: &Path) {
    let name = folder.file_name().unwrap().to_string_lossy().into_owned();
    let tariff = Tariff::base();
    let contract = Contract::open(&folder.join("contract.toml"), &tariff).unwrap();
    let roster = Roster::read(&[folder.join("roster.csv")], &contract.roster_spec(&tariff), &()).unwrap();
    assert_eq!(roster.tables.diagnostics, [], "{name}");
    let quote = Quote::new(&contract, &tariff, roster, false).unwrap();
    assert_eq!(quote.status, Status::Issued, "{name}");
    let price = quote.price.as_ref().unwrap();

    let expected: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(folder.join("expected.json")).unwrap()).unwrap();
    assert_eq!(u64::from(price.headcount), expected["headcount"].as_u64().unwrap(), "{name}");
    assert_eq!(price.lines.count as u64, expected["lines"].as_u64().unwrap(), "{name}");
    let premium = price.totals.premium;
    assert_eq!(premium.chosen.to_string(), expected["premium"].as_str().unwrap(), "{name}");
    assert_eq!(premium.low.to_string(), expected["corridor"]["low"].as_str().unwrap(), "{name}");
    assert_eq!(premium.high.to_string(), expected["corridor"]["high"].as_str().unwrap(), "{name}");

    let columns = &quote.roster.insured;
    let mut priced = Vec::new();
    for insured in &price.lines.admitted {
        let plan = &contract.terms.plans[usize::from(insured.plan)];
        for line in price.lines.of_insured(insured, &contract, &price.axes, columns) {
            let programme = &tariff.programmes[plan.covers[line.cover].programme];
            priced.push(format!(
                "{},{},{},{},{},{}",
                columns.id.get(insured.at as usize),
                programme.code,
                insured.age_years,
                line.days,
                line.cell.rate,
                line.premium()
            ));
        }
    }
    let expected = std::fs::read_to_string(folder.join("expected.csv")).unwrap();
    let expected: Vec<&str> = expected.lines().skip(1).collect();
    assert_eq!(priced, expected, "{name}");
}
