//! Censuses: their diagnostics, and their use instead of a roster.

use std::fs;
use std::path::Path;

use kollektiv::quote::contract::Contract;
use kollektiv::quote::{Quote, RowCounts, Status};
use kollektiv::roster::Roster;
use kollektiv::roster::spec::MAX_CENSUS;
use kollektiv::tariff::Tariff;

use crate::program::{complete_manifest, json, quote, run};
use crate::support::{contract, roster};

/// The outcome of a census with the headings «Возраст; Группа риска; Чел.»: status, counts of rows, code, row and message of each diagnostic.
fn judged(rows: &str) -> (Status, RowCounts, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("census.csv");
    fs::write(&file, format!("Возраст;Группа риска;Чел.\n{rows}")).unwrap();
    let toml = folder.path().join("contract.toml");
    fs::write(&toml, contract().cover("10", "").to_string()).unwrap();
    let tariff = Tariff::base();
    let contract = Contract::open(&toml, &tariff).unwrap();
    let roster = Roster::read(&[file], &contract.census_spec(&tariff), &()).unwrap();
    let quote = Quote::new(&contract, &tariff, roster, false).unwrap();
    let diagnostics = quote.roster.tables.diagnostics.iter();
    let diagnostics =
        diagnostics.map(|found| format!("{} {} {}", found.code, found.place.row, found.message.name())).collect();
    (quote.status, quote.rows, diagnostics)
}

#[test]
fn every_mistake_of_a_census_is_reported_once_with_its_row() {
    let (status, rows, diagnostics) = judged(
        "взрослые;1;5\n;1;5\n3-4;1;\n3-4;1;полсотни\n1-4;1;20\n16;1;3\n90;1;2\n3-4;9;7\n3-4;1;8\n5;1;0\nИтого;;50\n",
    );
    assert_eq!(status, Status::Refused);
    // five unreadable rows, three rows that cannot be insured, one that can
    assert_eq!(rows, RowCounts { read: 5 + 3 + 1, priced: 1, referred: 0, rejected: 8 });
    assert_eq!(
        diagnostics,
        [
            "bad-age 2 bad-age",
            "missing-age 3 missing-age",
            "missing-count 4 missing-count",
            "bad-count 5 bad-count",
            "bad-age 6 age-range-apart",
            "age-outside-programme 7 age-outside-programme",
            "age-outside-programme 8 age-outside-programme",
            "age-outside-tariff 8 age-outside-tariff",
            "bad-risk-group 9 bad-risk-group",
        ]
    );
}

#[test]
fn a_census_counts_no_more_than_the_limit() {
    let (status, rows, diagnostics) = judged(&format!("3;1;{}\n4;1;2\n4;1;999999999999999\n", MAX_CENSUS - 1));
    assert_eq!(status, Status::Refused);
    assert_eq!((rows.priced, rows.rejected), (1, 2));
    assert_eq!(diagnostics, ["bad-count 3 census-too-large", "bad-count 4 census-too-large"]);
}

#[test]
fn rosters_of_the_command_line_replace_a_census_and_two_in_a_contract_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, text: String| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path
    };
    let text = contract().with("census = \"census.csv\"");
    let named_both = put("both.toml", text.clone().with("roster = \"roster.csv\"").cover("16", "").to_string());
    let alone = put("census.toml", text.cover("16", "").to_string());
    let roster = put("roster.csv", roster().aged(40, 1).aged(41, 1).to_string());
    put("census.csv", "Age;Risk group;Count\n40-44;1;3\n".to_owned());
    let out = folder.path().join("out");

    quote(&alone, &out, &[]).exits_with(0);
    let quote_json = json(&out.join("quote.json"));
    assert_eq!((quote_json["status"].as_str(), quote_json["headcount"].as_u64()), (Some("preliminary"), Some(3)));
    assert!(complete_manifest(&out)["rosters"][0]["file"] == "census.csv");
    assert!(
        fs::read_to_string(out.join("premiums.csv"))
            .unwrap()
            .lines()
            .nth(1)
            .unwrap()
            .starts_with("census.csv,,2,,,,40,")
    );

    quote(&alone, &out, &[roster.to_str().unwrap()]).exits_with(0);
    let quote_json = json(&out.join("quote.json"));
    assert_eq!((quote_json["status"].as_str(), quote_json["headcount"].as_u64()), (Some("issued"), Some(2)));

    let refused = quote(&named_both, &out, &[]).exits_with(3);
    assert!(refused.err.contains("`census`"), "{}", refused.err);
}

#[test]
fn counts_in_the_contract_are_priced_like_a_table_and_work_at_the_desk() {
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, text: String| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path
    };
    let terms = || contract().cover("16", "").to_string();
    put("census.csv", "Age;Risk group;Count\n40-44;1;3\n51;2;2\n".to_owned());
    let table = put("table.toml", format!("census = 'census.csv'\n{}", terms()));
    let counts = "\n[[census]]\nage = '40-44'\nrisk_group = 1\ninsured = 3\n\n[[census]]\nage = 51\nrisk_group = 2\ninsured = 2\n";
    let text = format!("{}{counts}", terms());
    let inline = put("inline.toml", text.clone());
    let (by_table, by_counts) = (folder.path().join("table"), folder.path().join("counts"));
    quote(&table, &by_table, &[]).exits_with(0);
    quote(&inline, &by_counts, &["--documents", "xlsx,pdf,html"]).exits_with(0);
    let quote_json = json(&by_counts.join("quote.json"));
    assert_eq!((quote_json["status"].as_str(), quote_json["headcount"].as_u64()), (Some("preliminary"), Some(5)));
    let groups = |out: &Path| fs::read(out.join("groups.csv")).unwrap();
    assert_eq!(groups(&by_table), groups(&by_counts));
    let first = text.lines().position(|line| line == "[[census]]").unwrap() + 1;
    let premiums = fs::read_to_string(by_counts.join("premiums.csv")).unwrap();
    assert!(premiums.lines().nth(1).unwrap().starts_with(&format!("inline.toml,,{first},,,,40,")), "{premiums}");

    let ask = |words: &[&str]| run(words.iter().copied()).exits_with(0).out;
    let same = ask(&["compare", by_table.to_str().unwrap(), inline.to_str().unwrap(), "--lang", "en"]);
    assert!(same.contains("the same to the kopeck"), "{same}");
    let explained = ask(&["explain", inline.to_str().unwrap(), "--insured", &first.to_string(), "--lang", "en"]);
    assert!(explained.contains("40 years"), "{explained}");
    let outlook = ask(&["outlook", inline.to_str().unwrap(), "--lang", "en"]);
    assert!(outlook.contains("no birth dates"), "{outlook}");

    let both = put("both.toml", format!("roster = 'census.csv'\n{text}"));
    assert!(quote(&both, &by_counts, &[]).exits_with(3).err.contains("`census`"));
    let wide = put("wide.toml", text.replace("40-44", "40-50"));
    let refused = quote(&wide, &by_counts, &[]).exits_with(3);
    assert!(refused.err.contains("bad-age") && refused.err.contains("45-49"), "{}", refused.err);
    let old = put("old.toml", text.replace("age = 51", "age = 85"));
    assert!(quote(&old, &by_counts, &[]).exits_with(3).err.contains("age-outside-tariff"));
}
