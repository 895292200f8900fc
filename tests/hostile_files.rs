//! Workbooks of a few kilobytes that ask for gigabytes or hours: refused by name, in bounded memory, each for its own contract alone.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::program::{PROGRAM, Run, project, small_contract, write_contract};
use crate::support::roster;

/// The memory of the whole run in KiB: what the attacks ask for is a multiple of it.
const MEMORY_KIB: u64 = 3 * 1024 * 1024;
/// The processor time of the run itself, in seconds: without the limits of its child some attacks would take hours.
const PROCESSOR_SECONDS: u64 = 120;

/// The attacks, by name.
fn attacks() -> Vec<PathBuf> {
    let entries = fs::read_dir(project().join("tests/attacks")).unwrap().map(|entry| entry.unwrap().path());
    let mut attacks: Vec<_> = entries.collect();
    attacks.sort();
    assert!(attacks.len() >= 6, "{attacks:?}");
    attacks
}

/// A folder of this name with a contract on a copy of the attack.
fn contract_on(attack: &Path, folder: &Path) -> PathBuf {
    let name = attack.file_name().unwrap().to_str().unwrap();
    let terms = small_contract().to_string().replace("roster.csv", name);
    let terms = terms.replace("T-1", &format!("T-{}", folder.file_name().unwrap().to_str().unwrap()));
    let file = write_contract(folder, &small_contract(), &roster().aged(40, 1));
    fs::copy(attack, folder.join(name)).unwrap();
    fs::write(&file, terms).unwrap();
    file
}

/// Runs the program with limits that kill it where it does not keep its own.
fn limited(folder: &Path, arguments: &[&str]) -> Run {
    let limits = format!("ulimit -v {MEMORY_KIB}; ulimit -t {PROCESSOR_SECONDS}; exec \"$0\" \"$@\"");
    let mut command = Command::new("sh");
    command.args(["-c", &limits, PROGRAM]).args(arguments).args(["--lang", "en"]);
    Run::new(command.current_dir(folder).env("NO_COLOR", "1").output().unwrap())
}

#[test]
fn an_attack_is_refused_by_the_name_of_its_file() {
    for attack in attacks() {
        let folder = tempfile::tempdir().unwrap();
        contract_on(&attack, folder.path());
        let name = attack.file_name().unwrap().to_str().unwrap();
        let run = limited(folder.path(), &["quote", "contract.toml"]);
        assert_eq!(run.code, Some(3), "{name}: {}", run.err);
        assert!(run.err.contains(name) && !run.err.contains("panicked"), "{name}: {}", run.err);
        let refused = fs::read_dir(folder.path().join("output")).unwrap().next().unwrap().unwrap().path();
        assert!(refused.join("manifest.json").exists(), "{name}: a refusal is a complete result");
    }
}

#[test]
fn an_attack_costs_its_own_contract_and_no_other() {
    let folder = tempfile::tempdir().unwrap();
    for good in ["c1", "c3", "c5"] {
        let file = write_contract(&folder.path().join(good), &small_contract(), &roster().aged(40, 1));
        let text = fs::read_to_string(&file).unwrap().replace("T-1", &format!("T-{good}"));
        fs::write(file, text).unwrap();
    }
    let attacks = attacks();
    for (attack, bad) in attacks.iter().zip(["c0", "c2", "c4", "c6", "c7", "c8"]) {
        contract_on(attack, &folder.path().join(bad));
    }
    let run = limited(folder.path(), &["bind", "c*/contract.toml", "--portfolio", "book"]);
    assert_eq!(run.code, Some(4), "{}{}", run.out, run.err);
    assert!(run.out.contains("T-c1") && run.out.contains("T-c3") && run.out.contains("T-c5"), "{}", run.out);
}

#[test]
fn a_list_of_payments_is_tried_like_a_roster() {
    let folder = tempfile::tempdir().unwrap();
    write_contract(folder.path(), &small_contract(), &roster().aged(40, 1));
    limited(folder.path(), &["bind", "contract.toml", "--portfolio", "book"]).exits_with(0);
    for attack in attacks() {
        fs::copy(&attack, folder.path().join(attack.file_name().unwrap())).unwrap();
        let name = attack.file_name().unwrap().to_str().unwrap();
        let run = limited(folder.path(), &["pay", name, "--portfolio", "book"]);
        assert_eq!(run.code, Some(3), "{name}: {}{}", run.out, run.err);
    }
}

#[test]
fn a_child_that_is_started_by_hand_reads_a_good_workbook_and_prints_nothing() {
    let workbook = fs::File::open(project().join("samples/zavod/roster.xlsx")).unwrap();
    let run = Run::new(Command::new(PROGRAM).arg("trial-reading").stdin(workbook).output().unwrap()).exits_with(0);
    assert_eq!((run.out, run.err), (String::new(), String::new()));
}
