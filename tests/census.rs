//! Censuses: what is wrong with them, and what they stand in for.

use std::fs;
use std::path::Path;

use kollektiv::quote::contract::Contract;
use kollektiv::quote::{Quote, RowCounts, Status};
use kollektiv::roster::Roster;
use kollektiv::table::limits::MAX_CENSUS;
use kollektiv::tariff::Tariff;

use crate::program::{complete, json, quote, run};
use crate::support::{contract, roster};

/// What becomes of the rows of a census under the headings «Возраст; Группа риска; Чел.», and the codes with row and message.
fn judged(rows: &str) -> (Status, RowCounts, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("census.csv");
    fs::write(&file, format!("Возраст;Группа риска;Чел.\n{rows}")).unwrap();
    let toml = folder.path().join("contract.toml");
    fs::write(&toml, contract().cover("10", "").to_string()).unwrap();
    let tariff = Tariff::base();
    let contract = Contract::open(&toml, &tariff).unwrap();
    let roster = Roster::read(&[file], &contract.wanted_census(&tariff), &());
    let quote = Quote::new(&contract, &tariff, roster, false).unwrap();
    let said = quote.roster.diagnostics.iter();
    let said = said.map(|found| format!("{} {} {}", found.code, found.place.row, found.message.name())).collect();
    (quote.status, quote.rows, said)
}

#[test]
fn every_mistake_of_a_census_is_said_once_with_its_row() {
    let (status, rows, said) = judged(
        "взрослые;1;5\n;1;5\n3-4;1;\n3-4;1;полсотни\n1-4;1;20\n16;1;3\n90;1;2\n3-4;9;7\n3-4;1;8\n5;1;0\nИтого;;50\n",
    );
    assert_eq!(status, Status::Refused);
    // five rows that cannot be read, three of people who cannot be insured so, one of people who can
    assert_eq!(rows, RowCounts { read: 5 + 3 + 1, priced: 1, referred: 0, rejected: 8 });
    assert_eq!(
        said,
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
    let (status, rows, said) = judged(&format!("3;1;{}\n4;1;2\n4;1;999999999999999\n", MAX_CENSUS - 1));
    assert_eq!(status, Status::Refused);
    assert_eq!((rows.priced, rows.rejected), (1, 2));
    assert_eq!(said, ["bad-count 3 census-too-large", "bad-count 4 census-too-large"]);
}

#[test]
fn rosters_of_the_command_line_stand_in_for_a_census_and_two_in_a_contract_are_refused() {
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

    quote(&alone, &out, &[]).ended(0);
    let told = json(&out.join("quote.json"));
    assert_eq!((told["status"].as_str(), told["headcount"].as_u64()), (Some("preliminary"), Some(3)));
    assert!(complete(&out)["rosters"][0]["file"] == "census.csv");
    assert!(
        fs::read_to_string(out.join("premiums.csv"))
            .unwrap()
            .lines()
            .nth(1)
            .unwrap()
            .starts_with("census.csv,,2,,,,40,")
    );

    quote(&alone, &out, &[roster.to_str().unwrap()]).ended(0);
    let told = json(&out.join("quote.json"));
    assert_eq!((told["status"].as_str(), told["headcount"].as_u64()), (Some("issued"), Some(2)));

    let refused = quote(&named_both, &out, &[]).ended(3);
    assert!(refused.err.contains("`census`"), "{}", refused.err);
}

#[test]
fn counts_in_the_contract_are_priced_as_those_of_a_table_and_answer_the_desk() {
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
    quote(&table, &by_table, &[]).ended(0);
    quote(&inline, &by_counts, &["--documents", "xlsx,pdf,html"]).ended(0);
    let told = json(&by_counts.join("quote.json"));
    assert_eq!((told["status"].as_str(), told["headcount"].as_u64()), (Some("preliminary"), Some(5)));
    let groups = |out: &Path| fs::read(out.join("groups.csv")).unwrap();
    assert_eq!(groups(&by_table), groups(&by_counts));
    let first = text.lines().position(|line| line == "[[census]]").unwrap() + 1;
    let premiums = fs::read_to_string(by_counts.join("premiums.csv")).unwrap();
    assert!(premiums.lines().nth(1).unwrap().starts_with(&format!("inline.toml,,{first},,,,40,")), "{premiums}");

    let ask = |words: &[&str]| run(words.iter().copied()).ended(0).out;
    let same = ask(&["compare", by_table.to_str().unwrap(), inline.to_str().unwrap(), "--lang", "en"]);
    assert!(same.contains("the same to the kopeck"), "{same}");
    let explained = ask(&["explain", inline.to_str().unwrap(), "--insured", &first.to_string(), "--lang", "en"]);
    assert!(explained.contains("40 years"), "{explained}");
    let outlook = ask(&["outlook", inline.to_str().unwrap(), "--lang", "en"]);
    assert!(outlook.contains("no birthdays"), "{outlook}");

    let both = put("both.toml", format!("roster = 'census.csv'\n{text}"));
    assert!(quote(&both, &by_counts, &[]).ended(3).err.contains("`census`"));
    let wide = put("wide.toml", text.replace("40-44", "40-50"));
    let refused = quote(&wide, &by_counts, &[]).ended(3);
    assert!(refused.err.contains("bad-age") && refused.err.contains("45-49"), "{}", refused.err);
    let old = put("old.toml", text.replace("age = 51", "age = 85"));
    assert!(quote(&old, &by_counts, &[]).ended(3).err.contains("age-outside-tariff"));
}
