//! Several registers in one run: read together, settled in the order of their days, and as single runs would settle them.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use super::ledger::{register, settled};
use super::sample::{SampleBook, sample};
use crate::program::complete_manifest;

/// Registers whose names are not in the order of their days: three parts of the sample's one, and a part again.
fn parts(book: &SampleBook) -> Vec<PathBuf> {
    let text = fs::read_to_string(sample("register.csv")).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let (head, rows) = (lines[3], &lines[4..lines.len() - 1]);
    let key = |row: &str| {
        let day = row.split(';').nth(4).unwrap();
        format!("{}{}{}", &day[6..], &day[3..5], &day[..2])
    };
    let mut sorted = rows.to_vec();
    sorted.sort_by_key(|row| key(row));
    let (first, rest) = sorted.split_at(9);
    let (second, third) = rest.split_at(8);
    let folder = book.out("registers");
    fs::create_dir_all(&folder).unwrap();
    [("в", first), ("б", second), ("а", third), ("я", &second[2..5])]
        .iter()
        .map(|(name, rows)| {
            let path = folder.join(format!("dent-01-{name}.csv"));
            fs::write(&path, format!("{head}\n{}\n", rows.join("\n"))).unwrap();
            path
        })
        .collect()
}

fn read(answer: &str) -> Value {
    serde_json::from_str(answer).unwrap()
}

/// The rows and totals of a result, without the manifest.
fn files(book: &SampleBook, out: &str) -> BTreeMap<&'static str, String> {
    let read = |name| (name, fs::read_to_string(book.out(out).join(name)).unwrap());
    ["settled.csv", "totals.csv", "settled.json", "diagnostics.csv"].map(read).into()
}

#[test]
fn a_run_over_a_folder_equals_single_runs_in_the_order_of_days() {
    let (together, one_by_one) = (SampleBook::new(), SampleBook::new());
    let settle = |dry: &[&str], out: &str| {
        let paths = parts(&together);
        let folder = paths[0].parent().unwrap();
        together.clinics("settle", Some(folder), out, &[&["--json"], dry].concat()).exits_with(0)
    };
    together.letters();
    one_by_one.letters();
    let dry = read(&settle(&["--dry-run"], "dry").out);
    let answer = read(&settle(&[], "all").out);
    let order = answer["registers"].as_array().unwrap().iter().map(|register| register["file"].as_str().unwrap());
    // the second part begins on the day of the repeated rows or before it
    assert_eq!(order.clone().next(), Some("dent-01-в.csv"));
    assert_eq!(order.clone().next_back(), Some("dent-01-а.csv"));
    let mut duplicates = 0;
    for (dry, register) in dry["registers"].as_array().unwrap().iter().zip(answer["registers"].as_array().unwrap()) {
        let file = register["file"].as_str().unwrap();
        let stem = file.strip_suffix(".csv").unwrap();
        assert_eq!((&register["booking"], &dry["booking"]), (&"booked".into(), &"dry-run".into()));
        let path = parts(&one_by_one).into_iter().find(|path| path.ends_with(file)).unwrap();
        one_by_one.clinics("settle", Some(&path), stem, &["--clinic", "dent-01"]).exits_with(0);
        assert_eq!(files(&together, &format!("all/{stem}")), files(&one_by_one, stem), "{file}");
        assert_eq!(
            files(&together, &format!("dry/{stem}")),
            files(&one_by_one, stem),
            "{file}: as the run would book it"
        );
        duplicates += settled(&one_by_one, stem).iter().filter(|row| row[0] == "duplicate").count();
    }
    // the sample's own, and the three rows of the repeated part
    assert_eq!(duplicates, 4);
    // the whole run again changes nothing
    let again = read(&settle(&[], "again").out);
    let bookings = again["registers"].as_array().unwrap().iter().map(|register| register["booking"].as_str().unwrap());
    assert_eq!(bookings.collect::<Vec<_>>(), ["booked-before"; 4]);
    for register in answer["registers"].as_array().unwrap() {
        let stem = register["file"].as_str().unwrap().strip_suffix(".csv").unwrap();
        assert_eq!(files(&together, &format!("again/{stem}")), files(&together, &format!("all/{stem}")), "{stem}");
    }
}

#[test]
fn several_registers_of_one_day_are_booked_in_the_order_of_the_command() {
    let book = SampleBook::new();
    let rows = [["15.01.2027", "Т-02", "4200"]];
    let first = register(&book, "a.csv", "Реестр № 1", &rows);
    let second = register(&book, "b.csv", "Реестр № 2", &rows);
    let second = second.to_str().unwrap();
    book.clinics("settle", Some(&first), "all", &[second, "--clinic", "dent-01"]).exits_with(0);
    assert_eq!(settled(&book, "all/a"), [["advance", "0.00"]]);
    assert_eq!(settled(&book, "all/b"), [["duplicate", "0.00"]]);
    book.clinics("settle", Some(&first), "bad", &[second, "--clinic", "dent-01", "--number", "3"]).exits_with(3);
}

#[test]
fn a_correction_in_the_run_of_its_register_replaces_it() {
    let book = SampleBook::new();
    let first =
        register(&book, "a.csv", "Реестр № 1", &[["15.01.2027", "Т-02", "4200"], ["16.01.2027", "Т-07", "9500"]]);
    let corrected = register(&book, "b.csv", "Реестр № 1", &[["16.01.2027", "Т-07", "9500"]]);
    let later =
        register(&book, "c.csv", "Реестр № 2", &[["17.01.2027", "Т-02", "4200"], ["15.01.2027", "Т-02", "4200"]]);
    let more = [corrected.to_str().unwrap(), later.to_str().unwrap(), "--clinic", "dent-01"];
    for (out, more) in [("dry", [&more[..], &["--dry-run"]].concat()), ("all", more.to_vec())] {
        book.clinics("settle", Some(&first), out, &more).exits_with(0);
        // the second register of the days is judged before the correction, which begins a day later
        assert_eq!(settled(&book, &format!("{out}/c")), [["advance", "0.00"], ["duplicate", "0.00"]], "{out}");
        assert_eq!(settled(&book, &format!("{out}/b")), [["outside-programme", "8835.00"]], "{out}");
        assert!(fs::exists(book.out(out).join("b/corrected.csv")).unwrap(), "{out}");
    }
    assert_eq!(complete_manifest(&book.out("all/b"))["booking"], "corrected");
}

#[test]
fn a_folder_of_registers_is_settled_by_the_names_of_its_files() {
    let book = SampleBook::new();
    let folder = book.out("registers");
    for name in ["dent-01", "hosp-01"] {
        fs::create_dir_all(folder.join(name)).unwrap();
    }
    let rows = [["15.01.2027", "Т-02", "4200"]];
    for (name, number) in [("dent-01 январь.csv", 1), ("dent-01/ещё.csv", 2), ("dent-011.csv", 3), (".hidden.csv", 4)]
    {
        register(&book, &format!("registers/{name}"), &format!("Реестр № {number}"), &rows);
    }
    let settled_all = book.clinics("settle", Some(&folder), "all", &["--lang", "en"]).exits_with(4);
    assert!(settled_all.err.contains("dent-011.csv: neither the file nor its folder"), "{}", settled_all.err);
    assert!(settled_all.err.contains("Registers settled: 2; set aside: 1"), "{}", settled_all.err);
    // the folder dent-01 comes before the file
    assert_eq!(settled(&book, "all/ещё"), [["advance", "0.00"]]);
    assert_eq!(settled(&book, "all/dent-01 январь"), [["duplicate", "0.00"]]);
    // of registers with one name each clinic has a folder of its own
    register(&book, "registers/hosp-01/ещё.csv", "Реестр № 5", &rows);
    let again = book.clinics("settle", Some(&folder), "again", &[]).exits_with(4);
    assert_eq!(settled(&book, "again/dent-01-ещё"), [["advance", "0.00"]], "{}", again.err);
    assert_eq!(settled(&book, "again/hosp-01-ещё").len(), 1);
}
