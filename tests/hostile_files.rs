//! Workbooks of a few kilobytes that ask for gigabytes or hours: refused by name, in bounded memory, each for its own contract alone.

use std::fs;
use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::program::{PROGRAM, Run, project, small_contract, write_contract};
use crate::support::roster;

/// The memory of the whole run in KiB: what the attacks ask for is a multiple of it.
const MEMORY_KIB: u64 = 3 * 1024 * 1024;
/// The processor time of the run itself, in seconds: without the limits of its child some attacks would take hours.
const PROCESSOR_SECONDS: u64 = 120;
/// Files of `tests/formats` that no run may price.
const ATTACKS: [&str; 8] = [
    "cell-in-a-cell.ods",
    "decoy-of-shared-texts.xlsx",
    "entities-repeated.ods",
    "long-number-format.xlsx",
    "number-of-a-text-minus-1.xlsx",
    "sheets-of-one-part.xlsx",
    "spaces-without-end.ods",
    "wrong-checksum.xlsx",
];

fn attack(name: &str) -> PathBuf {
    project().join("tests/formats").join(name)
}

/// Writes the contract `T-<name of the folder>` into a folder, on a good roster.
fn good_contract(folder: &Path) -> PathBuf {
    let file = write_contract(folder, &small_contract(), &roster().aged(40, 1));
    let number = format!("T-{}", folder.file_name().unwrap().to_str().unwrap());
    let text = fs::read_to_string(&file).unwrap().replace("T-1", &number);
    fs::write(&file, text).unwrap();
    file
}

/// Writes a contract like [`good_contract`], but on a copy of a workbook.
fn contract_on(workbook: &Path, folder: &Path) {
    let file = good_contract(folder);
    let name = workbook.file_name().unwrap().to_str().unwrap();
    let text = fs::read_to_string(&file).unwrap().replace("roster.csv", name);
    fs::copy(workbook, folder.join(name)).unwrap();
    fs::write(&file, text).unwrap();
}

/// Runs the program with limits that kill it where it does not keep its own.
fn limited(folder: &Path, memory_kib: u64, arguments: &[&str]) -> Run {
    let limits = format!("ulimit -v {memory_kib}; ulimit -t {PROCESSOR_SECONDS}; exec \"$0\" \"$@\"");
    let mut command = Command::new("sh");
    command.args(["-c", &limits, PROGRAM]).args(arguments).args(["--lang", "en"]);
    Run::new(command.current_dir(folder).env("NO_COLOR", "1").output().unwrap())
}

/// Quotes a contract on a workbook, which has to be refused by its name, with a complete result.
#[track_caller]
fn assert_refused(workbook: &Path) {
    let folder = tempfile::tempdir().unwrap();
    contract_on(workbook, folder.path());
    let name = workbook.file_name().unwrap().to_str().unwrap();
    let run = limited(folder.path(), MEMORY_KIB, &["quote", "contract.toml", "--out", "out"]);
    assert_eq!(run.code, Some(3), "{name}: {}", run.err);
    assert!(run.err.contains(name) && !run.err.contains("panicked"), "{name}: {}", run.err);
    assert!(folder.path().join("out/manifest.json").exists(), "{name}: a refusal is a complete result");
}

/// A copy of an attack with other words in one part.
fn varied<W: AsRef<[u8]>>(name: &str, part: &str, words: &[W; 2]) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    let mut archive = ZipArchive::new(Cursor::new(fs::read(attack(name)).unwrap())).unwrap();
    let mut copy = ZipWriter::new(fs::File::create(&path).unwrap());
    for at in 0..archive.len() {
        let mut entry = archive.by_index(at).unwrap();
        let own = entry.name().unwrap().into_owned();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        copy.start_file(&own, SimpleFileOptions::default()).unwrap();
        if own == part {
            let (before, after) = (words[0].as_ref(), words[1].as_ref());
            let found = bytes.windows(before.len()).position(|window| window == before);
            let found = found.unwrap_or_else(|| panic!("{name}: {}", String::from_utf8_lossy(&bytes)));
            bytes.splice(found..found + before.len(), after.iter().copied());
        }
        copy.write_all(&bytes).unwrap();
    }
    copy.finish().unwrap();
    (folder, path)
}

#[test]
fn an_attack_is_refused_by_the_name_of_its_file() {
    for name in ATTACKS {
        assert_refused(&attack(name));
    }
}

#[test]
fn a_number_of_a_shared_text_that_cannot_be_is_refused() {
    for number in ["0.5", "1e1", "999", "+1", "0x1", "18446744073709551616", " "] {
        let words = ["<v>-1</v>".to_owned(), format!("<v>{number}</v>")];
        let (_folder, path) = varied("number-of-a-text-minus-1.xlsx", "xl/worksheets/sheet1.xml", &words);
        assert_refused(&path);
    }
}

#[test]
fn spaces_that_a_repeated_cell_multiplies_are_counted() {
    for count in ["1000000", "4294967295", "99999999999999999999"] {
        let words = [r#"text:c="60000000""#.to_owned(), format!(r#"text:c="{count}""#)];
        let (_folder, path) = varied("spaces-without-end.ods", "content.xml", &words);
        assert_refused(&path);
    }
}

#[test]
fn a_control_character_in_a_name_is_refused_in_every_format() {
    // a name as an .xlsb has it
    let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let plain = |text: &str| text.as_bytes().to_vec();
    let [excel, binary, open_document] = ["three-people.xlsx", "short-records.xlsb", "three-people.ods"];
    let names = ["Иванов Пётр Ильич", "Иванов\u{1}Пётр Ильич"];
    for (name, part, words) in [
        (excel, "xl/sharedStrings.xml", names.map(plain)),
        (excel, "xl/sharedStrings.xml", [names[0], "Иванов_x0001_Пётр Ильич"].map(plain)),
        (excel, "xl/sharedStrings.xml", [names[0], "Иванов&#1;Пётр Ильич"].map(plain)),
        (open_document, "content.xml", names.map(plain)),
        (open_document, "content.xml", [names[0], "Иванов&#x7f;Пётр Ильич"].map(plain)),
        (binary, "xl/worksheets/sheet1.bin", ["Лунин Олег", "Лунин\0Олег"].map(wide)),
    ] {
        let (_folder, path) = varied(name, part, &words);
        let folder = tempfile::tempdir().unwrap();
        contract_on(&path, folder.path());
        let run = limited(folder.path(), MEMORY_KIB, &["check", "contract.toml"]);
        assert_eq!(run.code, Some(3), "{name}: {}{}", run.out, run.err);
        assert!(run.err.contains("control character") || run.err.contains("damaged"), "{name}: {}", run.err);
    }
}

#[test]
fn a_control_character_in_a_clinics_register_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["contract.toml", "roster.csv", "clinics.toml", "register.csv"] {
        fs::copy(project().join("samples/clinics").join(name), folder.path().join(name)).unwrap();
    }
    limited(folder.path(), MEMORY_KIB, &["bind", "contract.toml", "--portfolio", "book"]).exits_with(0);
    let register = fs::read_to_string(folder.path().join("register.csv")).unwrap();
    let settle = [
        "clinics",
        "settle",
        "register.csv",
        "--clinic",
        "dent-01",
        "--clinics",
        "clinics.toml",
        "--portfolio",
        "book",
    ];
    // a row goes back to the clinic and is not paid, a heading stops the table
    for (before, after, code) in
        [("Климов Олег", "Климов\u{2}Олег", 0), ("0912-012", "0912\u{1}-012", 0), ("Пациент", "Пациент\u{7f}", 3)]
    {
        fs::write(folder.path().join("register.csv"), register.replacen(before, after, 1)).unwrap();
        let run = limited(folder.path(), MEMORY_KIB, &[&settle[..], &["--dry-run"]].concat());
        assert_eq!(run.code, Some(code), "{before}: {}{}", run.out, run.err);
        assert!(run.err.contains("control-character"), "{before}: {}", run.err);
        assert!(code == 3 || run.out.contains("unreadable"), "{before}: {}", run.out);
    }
    // a text with NUL is none
    fs::write(folder.path().join("register.csv"), register.replacen("Климов Олег", "Климов\0Олег", 1)).unwrap();
    assert!(limited(folder.path(), MEMORY_KIB, &settle).exits_with(3).err.contains("unreadable-file"));
}

#[test]
fn an_attack_costs_its_own_contract_and_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let good = ["good1", "good2", "good3"];
    for good in good {
        good_contract(&folder.path().join(good));
    }
    for name in ATTACKS {
        contract_on(&attack(name), &folder.path().join(name));
    }
    let run = limited(folder.path(), MEMORY_KIB, &["bind", "*/contract.toml", "--portfolio", "book"]);
    assert_eq!(run.code, Some(4), "{}{}", run.out, run.err);
    assert!(good.iter().all(|good| run.out.contains(&format!("T-{good}"))), "{}", run.out);
    for name in ATTACKS {
        assert!(run.err.contains(name) || run.out.contains(name), "{name}: {}{}", run.out, run.err);
    }
}

#[test]
fn a_list_of_payments_is_tried_like_a_roster() {
    let folder = tempfile::tempdir().unwrap();
    write_contract(folder.path(), &small_contract(), &roster().aged(40, 1));
    limited(folder.path(), MEMORY_KIB, &["bind", "contract.toml", "--portfolio", "book"]).exits_with(0);
    for name in ATTACKS {
        fs::copy(attack(name), folder.path().join(name)).unwrap();
        let run = limited(folder.path(), MEMORY_KIB, &["pay", name, "--portfolio", "book"]);
        assert_eq!(run.code, Some(3), "{name}: {}{}", run.out, run.err);
    }
}

#[test]
fn a_limit_of_the_user_that_is_lower_than_the_childs_refuses_no_good_workbook() {
    let folder = tempfile::tempdir().unwrap();
    let contract = project().join("samples/zavod/contract.toml");
    let arguments = ["quote", contract.to_str().unwrap(), "--out", "out", "--threads", "2"];
    limited(folder.path(), 1_000_000, &arguments).exits_with(0);
}

#[test]
fn a_child_that_is_started_by_hand_reads_a_good_workbook_and_prints_nothing() {
    let workbook = fs::File::open(project().join("samples/zavod/roster.xlsx")).unwrap();
    let run = Run::new(Command::new(PROGRAM).arg("trial-reading").stdin(workbook).output().unwrap()).exits_with(0);
    assert_eq!((run.out, run.err), (String::new(), String::new()));
}
