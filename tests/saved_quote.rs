//! A quote read back from its folder: the factors multiply to the rates, and a changed file is refused.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use kollektiv::base::error::Error;
use kollektiv::base::messages::Language;
use kollektiv::quote::files::rates::FACTOR_COLUMNS;
use kollektiv::quote::quote_json::Figure;
use kollektiv::quote::saved_quote::SavedQuote;
use num_rational::BigRational;
use num_traits::One as _;
use serde_json::Value;
use tempfile::TempDir;

use crate::program::{MANIFEST, Table, json, kopecks_of, project, quote, sample, write_contract};
use crate::support::{contract, roster};

/// A quote in a new folder.
fn quoted(contract: &Path, more: &[&str], code: i32) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    quote(contract, &out, more).exits_with(code);
    (folder, out)
}

/// The contracts of the golden cases and of the larger sample.
fn contracts() -> Vec<PathBuf> {
    let golden = fs::read_dir(project().join("tests/golden")).unwrap().map(|entry| entry.unwrap().path());
    let mut contracts: Vec<PathBuf> =
        golden.filter(|path| path.is_dir()).map(|path| path.join("contract.toml")).collect();
    contracts.sort();
    assert!(contracts.len() >= 13);
    contracts.extend([sample("zavod"), sample("census")]);
    contracts
}

/// The exact fraction of a decimal.
fn fraction(text: &str) -> BigRational {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    format!("{whole}{decimals}/1{}", "0".repeat(decimals.len())).parse().unwrap()
}

#[test]
fn the_factors_of_the_price_list_multiply_to_each_rate_with_every_digit() {
    for contract in contracts() {
        let (_folder, out) = quoted(&contract, &[], 0);
        let rates = Table::open(&out.join("rates.csv"));
        let key = ["plan", "programme", "age_from", "age_to", "age_band", "risk_group"];
        assert!(
            rates.header.iter().eq(key.iter().chain(&FACTOR_COLUMNS).chain(&["override", "rate"])),
            "{}",
            contract.display()
        );
        for row in &rates.rows {
            let (factors, rate) = (&row[6..15], &row[16]);
            let given = factors.iter().filter(|factor| !factor.is_empty());
            let product: BigRational = given.map(|factor| fraction(factor)).fold(BigRational::one(), |a, b| a * b);
            assert_eq!(product, fraction(rate), "{}: {row:?}", contract.display());
            assert!(factors[..4].iter().all(|factor| !factor.is_empty()), "base, headcount, age and risk always apply");
        }
    }
}

#[test]
fn the_price_list_has_exactly_the_cells_of_the_lines_in_order() {
    for contract in contracts() {
        let (_folder, out) = quoted(&contract, &[], 0);
        let (rates, premiums) = (Table::open(&out.join("rates.csv")), Table::open(&out.join("premiums.csv")));
        let mut needed: BTreeMap<[&str; 4], bool> = rates
            .columns(["plan", "programme", "age_from", "risk_group"])
            .into_iter()
            .map(|cell| (cell, false))
            .collect();
        assert_eq!(needed.len(), rates.rows.len(), "each cell once");
        let cells = rates.columns(["plan", "programme", "risk_group", "age_from", "age_to", "age_band", "rate"]);
        for [plan, programme, risk, age, age_band, rate] in
            premiums.columns(["plan", "programme", "risk_group", "age", "age_band", "rate"])
        {
            let age: u16 = age.parse().unwrap();
            let contains = |from: &str, to: &str| (from.parse().unwrap()..=to.parse().unwrap()).contains(&age);
            let cell = cells.iter().find(|cell| cell[..3] == [plan, programme, risk] && contains(cell[3], cell[4]));
            let [.., from, _, band, listed] = cell.expect("a cell of the price list");
            assert_eq!([*band, *listed], [age_band, rate]);
            needed.insert([plan, programme, from, risk], true);
        }
        assert!(needed.values().all(|needed| *needed), "{}: a rate that no line needs", contract.display());
        let quote_json = json(&out.join("quote.json"));
        let covers: Vec<[&str; 2]> = quote_json["plans"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|plan| {
                let covers = plan["covers"].as_array().unwrap().iter();
                covers.map(|cover| [plan["code"].as_str().unwrap(), cover["programme"].as_str().unwrap()])
            })
            .collect();
        let place = |[plan, programme, age, risk]: [&str; 4]| {
            let cover = covers.iter().position(|cover| *cover == [plan, programme]).unwrap();
            (cover, age.parse::<u16>().unwrap(), risk.parse::<u8>().unwrap())
        };
        let order = rates.columns(["plan", "programme", "age_from", "risk_group"]);
        assert!(order.into_iter().map(place).is_sorted(), "{}", contract.display());
    }
}

#[test]
fn a_saved_quote_is_read_back_unchanged() {
    for contract in contracts() {
        let (_folder, out) = quoted(&contract, &[], 0);
        let written = SavedQuote::open(&out).unwrap();
        let quote_json = json(&out.join("quote.json"));
        assert_eq!(written.quote.premium.get(), kopecks_of(&quote_json["premium"]));
        assert_eq!(written.quote.start.to_string(), quote_json["start"].as_str().unwrap());
        assert_eq!(
            written.quote.coefficients.headcount.value.as_str(),
            quote_json["coefficients"]["headcount"]["value"]
        );
        assert_eq!(written.manifest.number, written.quote.number);
        let premiums = Table::open(&out.join("premiums.csv"));
        let mut lines = premiums.rows.iter();
        for (at, insured) in written.lines.insured.iter().enumerate() {
            let (file, sheet) = &written.lines.sheets[insured.sheet];
            let plan = &written.quote.plans[insured.plan];
            for line in written.lines.of_insured(insured) {
                let cell = &written.rates[line.rate];
                let read = [
                    file.as_str(),
                    sheet.as_str(),
                    &insured.row.to_string(),
                    &*written.lines.id(at),
                    &*written.lines.name(at),
                    &insured.birth_date.map(|date| date.to_string()).unwrap_or_default(),
                    &insured.age_years.to_string(),
                    &cell.age_band,
                    &insured.risk_group.to_string(),
                    &plan.code,
                    &plan.covers[cell.cover].programme,
                    &line.sum_insured.to_string(),
                    cell.rate.as_str(),
                    &insured.cover.first().to_string(),
                    &insured.cover.last().to_string(),
                    &insured.cover.days().to_string(),
                    &line.premium.to_string(),
                ];
                assert!(lines.next().unwrap().iter().eq(read), "{read:?}");
            }
        }
        assert_eq!(lines.next(), None);
    }
}

/// Two plans with every kind of factor: ranges, children's ages, a set, single exclusions, inclusions.
fn of_every_kind() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let terms = contract()
        .with("roster = \"roster.csv\"")
        .choose("risk = { 1 = \"low\" }")
        .plan("A")
        .cover("16", "exclude = ['dental', 'home_care']\ninclude = ['office_doctor', 'personal_doctor']")
        .cover("6", "base_rate = 'high'\nprice_change = '1.10'\nadditional_services = '1.25'")
        .plan("K")
        .cover("10", "exclude = ['dental', 'home_care']");
    let file =
        write_contract(folder.path(), &terms, &roster().aged(40, 1).on("A").aged(6, 2).on("K").aged(12, 2).on("K"));
    (folder, file)
}

#[test]
fn a_saved_quote_names_every_factor_with_its_clause() {
    let (_inputs, file) = of_every_kind();
    let (_folder, out) = quoted(&file, &[], 0);
    let written = SavedQuote::open(&out).unwrap();
    let [adults, children] = &written.quote.plans[..] else { panic!("two plans") };
    let cover = &adults.covers[0];
    let names: Vec<&str> = cover.include.iter().map(|service| service.name(Language::En)).collect();
    assert_eq!(names, ["office doctor", "personal doctor"]);
    assert_eq!(cover.name(Language::En), json(&out.join("quote.json"))["plans"][0]["covers"][0]["name_en"]);
    let quote_json = |cover: &kollektiv::quote::quote_json::Cover| -> Vec<[String; 3]> {
        cover
            .factors
            .iter()
            .map(|factor| [factor.factor.clone(), factor.services.join("+"), factor.clause.clone()])
            .collect()
    };
    assert_eq!(
        quote_json(cover),
        [
            ["base", "", "1"],
            ["exclusion", "dental+home_care", "2.6.7.1"],
            ["inclusion", "office_doctor", "2.6.7.2"],
            ["inclusion", "personal_doctor", "2.6.7.2"],
        ]
    );
    let ranged = &adults.covers[1];
    assert_eq!(ranged.factors[0].choice.as_ref().unwrap().by, "contract");
    let rules: Vec<Option<&str>> = ranged.factors.iter().map(|factor| factor.rule.as_deref()).collect();
    assert_eq!(rules, [Some("I2"), Some("I13"), Some("I14"), Some("I12")]);
    // the tariff has a dash for dental care at 0 years (I8): one base rate for each other age of children
    let Figure::ByAge(bases) = &children.covers[0].factors[0].figure else { panic!("by age") };
    assert_eq!(bases.iter().map(|base| (base.from, base.to)).collect::<Vec<_>>(), [(1, 7), (8, 15)]);
    let chosen = |group: u8| written.quote.coefficients.risk[&group].choice().by.clone();
    assert_eq!([chosen(1), chosen(2)], ["contract", "nobody"]);
}

/// The name of the message that refuses a folder.
fn refused(folder: &Path) -> &'static str {
    match SavedQuote::open(folder) {
        Err(fault @ Error::NotAQuote { .. }) => {
            assert!(fault.is_refusal());
            let Error::NotAQuote { reason, .. } = fault else { unreachable!() };
            reason.name()
        }
        other => panic!("no refusal: {:?}", other.err()),
    }
}

#[test]
fn a_folder_without_a_priced_quote_is_refused() {
    let empty = tempfile::tempdir().unwrap();
    assert_eq!(refused(empty.path()), "written-no-quote");
    assert_eq!(refused(&empty.path().join("nowhere")), "written-no-quote");
    fs::write(empty.path().join(MANIFEST), "{ \"program\": {}").unwrap();
    assert_eq!(refused(empty.path()), "written-no-quote");
    fs::remove_file(empty.path().join(MANIFEST)).unwrap();
    fs::create_dir(empty.path().join(MANIFEST)).unwrap();
    assert_eq!(refused(empty.path()), "written-no-quote");
    let (_folder, out) = quoted(&sample("mistakes"), &[], 3);
    assert_eq!(refused(&out), "written-refused");
    let (_folder, out) = quoted(&project().join("tests/golden/000/contract.toml"), &["--format", "parquet"], 0);
    assert_eq!(refused(&out), "written-without-lines");
}

/// Changes a file of a quote and updates the manifest accordingly.
fn forge(out: &Path, name: &str, change: impl Fn(&str) -> String) {
    let text = change(&fs::read_to_string(out.join(name)).unwrap());
    fs::write(out.join(name), &text).unwrap();
    let mut manifest = json(&out.join(MANIFEST));
    manifest["files"][name]["sha256"] = Value::String(kollektiv::base::digest::sha256(text.as_bytes()));
    manifest["files"][name]["bytes"] = text.len().into();
    fs::write(out.join(MANIFEST), manifest.to_string()).unwrap();
}

#[test]
fn a_file_changed_by_hand_is_refused_by_name() {
    let contract = project().join("tests/golden/000/contract.toml");
    for name in ["quote.json", "premiums.csv", "groups.csv", "rates.csv", "diagnostics.csv"] {
        let (_folder, out) = quoted(&contract, &[], 0);
        let before = fs::read(out.join(name)).unwrap();
        // the same length: only the hash differs
        let mut bytes = before.clone();
        let digit = bytes.iter().rposition(u8::is_ascii_alphanumeric).unwrap();
        bytes[digit] = if bytes[digit] == b'1' { b'2' } else { b'1' };
        fs::write(out.join(name), &bytes).unwrap();
        let Err(Error::NotAQuote { reason, .. }) = SavedQuote::open(&out) else { panic!("{name}") };
        assert_eq!(reason.name(), "written-changed");
        assert_eq!(reason.value("file"), Some(&name.into()));
        fs::write(out.join(name), [&before[..], b"\n"].concat()).unwrap();
        assert_eq!(refused(&out), "written-changed", "{name} with a line more");
        fs::remove_file(out.join(name)).unwrap();
        assert_eq!(refused(&out), "written-changed", "{name} is gone");
        fs::create_dir(out.join(name)).unwrap();
        assert_eq!(refused(&out), "written-changed", "{name} is a folder");
        fs::remove_dir(out.join(name)).unwrap();
        fs::write(out.join(name), &before).unwrap();
        SavedQuote::open(&out).unwrap();
    }
}

#[test]
fn contradictory_files_are_refused_even_with_a_matching_manifest() {
    let contract = project().join("tests/golden/000/contract.toml");
    let last_field = |text: &str, change: &str| {
        let line = text.trim_end();
        format!("{},{change}\n", &line[..line.rfind(',').unwrap()])
    };
    for (name, value) in
        [("premiums.csv", "1.00"), ("premiums.csv", "-1.00"), ("groups.csv", "1"), ("rates.csv", "9.9")]
    {
        let (_folder, out) = quoted(&contract, &[], 0);
        forge(&out, name, |text| last_field(text, value));
        assert_eq!(refused(&out), "written-changed", "{name}: {value}");
    }
    let (_folder, out) = quoted(&contract, &[], 0);
    forge(&out, "quote.json", |text| text.replace("\"year_days\"", "\"days_of_year\""));
    assert_eq!(refused(&out), "written-older");
    let (_folder, out) = quoted(&contract, &[], 0);
    forge(&out, "premiums.csv", |text| text[..=text.trim_end().rfind('\n').unwrap()].to_owned());
    assert_eq!(refused(&out), "written-changed");
}

#[test]
fn an_unreadable_folder_is_not_reported_as_a_folder_without_a_quote() {
    let folder = tempfile::tempdir().unwrap();
    // root may read everything, but a link to itself cannot be followed
    std::os::unix::fs::symlink(MANIFEST, folder.path().join(MANIFEST)).unwrap();
    let Err(Error::Io { path, .. }) = SavedQuote::open(folder.path()) else { panic!("the system has refused") };
    assert_eq!(path, folder.path().join(MANIFEST));
    let report = crate::program::run(["report".as_ref(), folder.path().as_os_str()]).exits_with(1);
    assert!(report.err.contains(MANIFEST), "{}", report.err);
}
