//! `kollektiv quote` of several contracts: each result as that of the contract alone, faulty contracts set aside.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;
use tempfile::TempDir;

use crate::program::{Run, Table, command, complete_manifest, files};
use crate::support::{contract, roster};

/// A folder with contracts.
struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Writes a contract on a programme with insured of these ages.
    fn contract(&self, number: &str, programme: &str, ages: &[u16]) {
        let text = contract().with(&format!("roster = \"{number}.csv\"")).cover(programme, "");
        fs::create_dir_all(self.path("contracts")).unwrap();
        let text = text.to_string().replace("T-1", number);
        fs::write(self.path(&format!("contracts/{number}.toml")), text).unwrap();
        let list = ages.iter().fold(roster(), |list, age| list.aged(*age, 1));
        fs::write(self.path(&format!("contracts/{number}.csv")), list.to_string()).unwrap();
    }

    fn run(&self, line: &str) -> Run {
        Run::new(command(line.split(' ')).current_dir(self.0.path()).output().unwrap())
    }

    fn rows(&self, list: &str) -> Vec<[String; 5]> {
        let table = Table::open(&self.path(list));
        let rows = table.columns(["number", "folder", "headcount", "premium", "status"]);
        rows.into_iter().map(|row| row.map(str::to_owned)).collect()
    }
}

#[test]
fn contracts_are_priced_as_each_alone_and_faulty_ones_are_set_aside() {
    let folder = Folder::new();
    folder.contract("A", "16", &[40]);
    folder.contract("B", "1", &[20, 30]);
    folder.contract("C", "99", &[40]);
    folder.contract("D", "16", &[40, 95]);
    let run = folder.run("quote contracts/*.toml --out many --lang en").exits_with(4);
    for part in ["contracts/C.toml:13", "contracts/D.toml"] {
        assert!(run.err.contains(part), "{part} in\n{}", run.err);
    }
    let expected = [
        // 100 000 / 100 × 13.031 × 1.30 × 1.00 × 1.25
        ["A", "many/A", "1", "21175.38", "issued"],
        // 1000 × 38.74 × 1.30 × (0.87 + 0.93) × 1.25: 54 768.675 and 58 545.825, each rounded to kopecks
        ["B", "many/B", "2", "113314.51", "issued"],
        ["", "", "", "", "set-aside"],
        ["D", "many/D", "", "", "refused"],
    ];
    assert_eq!(folder.rows("many/contracts.csv"), expected.map(|row| row.map(str::to_owned)));
    let table = Table::open(&folder.path("many/contracts.csv"));
    let reasons = table.columns(["reason", "file", "tariff"]);
    assert_eq!(reasons[0], ["", "contracts/A.toml", "base-1"]);
    assert!(reasons[2][0].contains("contracts/C.toml:13") && reasons[2][2].is_empty(), "{reasons:?}");
    assert!(reasons[3][0].contains("kollektiv check contracts/D.toml"), "{reasons:?}");
    assert!(folder.path("many/D/roster-checked.xlsx").exists());
    for number in ["A", "B"] {
        folder.run(&format!("quote contracts/{number}.toml --out alone --lang en")).exits_with(0);
        assert_eq!(files(&folder.path("alone")), files(&folder.path(&format!("many/{number}"))), "{number}");
    }
}

#[test]
fn the_result_depends_neither_on_threads_nor_on_the_order_of_names() {
    let folder = Folder::new();
    for number in ["A", "B", "C", "D", "E"] {
        folder.contract(number, "16", &[40, 41, 42]);
    }
    folder.run("quote contracts/*.toml --out one --threads 1 --documents html").exits_with(0);
    let names = "contracts/E.toml contracts/A.toml contracts/*.toml";
    folder.run(&format!("quote {names} --out four --threads 4 --documents html")).exits_with(0);
    let list = |name: &str| fs::read_to_string(folder.path(name)).unwrap();
    assert_eq!(list("one/contracts.csv"), list("four/contracts.csv").replace("four/", "one/"));
    for number in ["A", "E"] {
        let [one, four] = ["one", "four"].map(|out| folder.path(&format!("{out}/{number}")));
        assert_eq!(files(&one), files(&four));
        assert!(complete_manifest(&one)["documents"]["quote.html"].is_object());
    }
}

#[test]
fn a_run_without_any_price_is_refused_and_a_number_counts_once() {
    let folder = Folder::new();
    folder.contract("A", "99", &[40]);
    folder.run("quote contracts/*.toml").exits_with(3);
    assert_eq!(folder.rows("output/contracts.csv").len(), 1);
    folder.contract("A", "16", &[40]);
    let copy = fs::read_to_string(folder.path("contracts/A.toml")).unwrap();
    fs::write(folder.path("contracts/copy.toml"), copy).unwrap();
    let run = folder.run("quote contracts/A.toml contracts/copy.toml --json").exits_with(4);
    let answer: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(
        (&answer["priced"], &answer["set_aside"], &answer["premium"]),
        (&1.into(), &1.into(), &"21175.38".into())
    );
    let statuses = folder.rows("output/contracts.csv").into_iter().map(|row| row[4].clone()).collect::<Vec<_>>();
    assert_eq!(statuses, ["issued", "set-aside"]);
    assert!(answer["contracts"][1]["reason"].as_str().unwrap().contains("`A`"));
}

#[test]
fn several_contracts_have_no_rosters_on_the_command_line() {
    let folder = Folder::new();
    folder.contract("A", "16", &[40]);
    folder.contract("B", "16", &[40]);
    folder.run("quote contracts/A.toml contracts/B.toml contracts/A.csv").exits_with(2);
    folder.run("quote contracts/*.toml -").exits_with(2);
    folder.run("quote contracts/none-*.toml").exits_with(3);
    // the first file alone still takes rosters
    folder.run("quote contracts/A.toml contracts/B.csv").exits_with(0);
}

#[test]
fn a_pattern_passes_over_the_settings() {
    let folder = Folder::new();
    folder.contract("A", "16", &[40]);
    fs::write(folder.path("contracts/kollektiv.toml"), "language = \"en\"\n").unwrap();
    folder.run("quote contracts/*.toml").exits_with(0);
    folder.run("bind contracts/*.toml --portfolio book").exits_with(0);
    // named, it is no contract
    folder.run("quote contracts/A.toml contracts/kollektiv.toml").exits_with(4);
}

#[test]
fn a_foreign_folder_sets_its_contract_aside() {
    let folder = Folder::new();
    folder.contract("A", "16", &[40]);
    folder.contract("B", "16", &[40]);
    fs::create_dir_all(folder.path("many/A")).unwrap();
    fs::write(folder.path("many/A/letter.docx"), "x").unwrap();
    let run = folder.run("quote contracts/*.toml --out many").exits_with(4);
    assert!(run.err.contains("letter.docx"), "{}", run.err);
    assert_eq!(folder.rows("many/contracts.csv")[1][4], "issued");
    assert!(folder.path("many/A/letter.docx").exists());
}
