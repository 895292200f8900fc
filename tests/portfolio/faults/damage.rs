//! Damaged files of a book: their contracts are set aside, the others are processed, and with the files back the same change
//! completes the work.

use std::collections::BTreeSet;
use std::fs;

use rusqlite::Connection;

use super::{Office, ran, strings};
use crate::clinics::sample::sample;
use crate::program::{Table, files};

/// A kind of damage to a file.
#[derive(Debug, Clone, Copy)]
enum Harm {
    /// A flipped bit in the first row group.
    FirstGroup,
    /// A flipped bit in the footer.
    Footer,
    /// The end is missing.
    Cut,
    /// The file is missing.
    Gone,
}

impl Harm {
    fn done(self, bytes: &[u8], footer_at: usize) -> Option<Vec<u8>> {
        let mut harmed = bytes.to_vec();
        match self {
            Self::FirstGroup => harmed[40] ^= 1,
            Self::Footer => harmed[footer_at + 10] ^= 0x80,
            Self::Cut => harmed.truncate(bytes.len() - 1),
            Self::Gone => return None,
        }
        Some(harmed)
    }
}

/// The first contract is one batch, the second and third another; the fourth comes from another run.
fn office() -> Office {
    let office = Office::new(&[12_300, 20, 20, 20]);
    for places in ["[123]", "4"] {
        let pattern = format!("contract-{places}/contract.toml");
        office.run(&["bind", &pattern], "bound").exits_with(0);
    }
    office.run(&["pay", "payments.csv"], "bound").exits_with(0);
    office
}

/// The first file of a kind, and the offset of its footer.
fn file_of(office: &Office, book: &str, part: &str) -> (String, usize) {
    let register = Connection::open(office.path(book).join("register.sqlite")).unwrap();
    let query = "SELECT name, footer_at FROM file WHERE kind = ?1 ORDER BY id LIMIT 1";
    register.query_row(query, [part], |row| Ok((row.get(0)?, row.get(1)?))).unwrap()
}

/// The versions of the contracts without their runs.
fn money(office: &Office, book: &str) -> Vec<String> {
    let register = Connection::open(office.path(book).join("register.sqlite")).unwrap();
    let of_versions = "SELECT concat_ws(' ', number, kind, from_day, insured, lines, written, change) FROM version
         JOIN contract ON id = contract ORDER BY number, version.run";
    let of_changes = "SELECT concat_ws(' ', number, programme, coefficient) FROM applied
         JOIN contract ON id = contract ORDER BY number, programme";
    [strings(&register, of_versions), strings(&register, of_changes)].concat()
}

/// The contract numbers at the beginnings of lines.
fn named_contracts(output: &str) -> BTreeSet<&str> {
    output
        .lines()
        .filter_map(|line| line.split_once(": "))
        .map(|(number, _)| number)
        .filter(|number| number.starts_with("N-"))
        .collect()
}

#[test]
fn contracts_in_a_damaged_file_are_set_aside_until_the_file_is_back() {
    let office = office();
    office.copy("bound", "whole");
    ran(office.reprice("whole", "whole-out")).exits_with(0);
    let whole = files(&office.path("whole-out"));
    let rows = Table::open(&office.path("whole-out/contracts.csv"));
    assert!(rows.columns(["status"]).iter().all(|status| *status == ["repriced"]));
    let cases = [
        ("lines", Harm::FirstGroup, &["N-1"][..]),
        ("lines", Harm::Footer, &["N-1", "N-2", "N-3"]),
        ("lines", Harm::Cut, &["N-1", "N-2", "N-3"]),
        ("lines", Harm::Gone, &["N-1", "N-2", "N-3"]),
        ("cells", Harm::FirstGroup, &["N-1"]),
        ("cells", Harm::Gone, &["N-1", "N-2", "N-3"]),
    ];
    for (part, harm, contracts) in cases {
        let case = format!("{part}, {harm:?}");
        office.copy("bound", "book");
        let (name, footer_at) = file_of(&office, "book", part);
        let path = office.path("book/data").join(&name);
        let bytes = fs::read(&path).unwrap();
        match harm.done(&bytes, footer_at) {
            Some(harmed) => fs::write(&path, harmed).unwrap(),
            None => fs::remove_file(&path).unwrap(),
        }
        let expected: BTreeSet<&str> = contracts.iter().copied().collect();

        let verify = office.run(&["portfolio", "verify"], "book").exits_with(3);
        assert!(verify.err.contains(&format!("data/{name}")), "{case}: {}", verify.err);
        assert_eq!(named_contracts(&verify.err), expected, "{case}");

        let run = ran(office.reprice("book", "out")).exits_with(4);
        assert!(run.err.contains(&format!("data/{name}")), "{case}: {}", run.err);
        assert_eq!(named_contracts(&run.err), expected, "{case}");
        let found = Table::open(&office.path("out/contracts.csv"));
        let (number, status, reason) = (found.at("number"), found.at("status"), found.at("reason"));
        for (row, undisturbed) in found.rows.iter().zip(&rows.rows) {
            assert_eq!(row[number], undisturbed[number]);
            if expected.contains(row[number].as_str()) {
                assert_eq!(row[status], "set-aside", "{case}");
                assert!(row[reason].contains(&name), "{case}: {}", row[reason]);
            } else {
                assert_eq!(row, undisturbed, "{case}");
            }
        }
        let after = office.book("book");
        // a second run with the damage changes nothing
        ran(office.reprice("book", "out")).exits_with(4);
        office.book("book").assert_same(&after, &case);

        fs::write(&path, &bytes).unwrap();
        ran(office.reprice("book", "out")).exits_with(0);
        office.verified("book");
        assert!(files(&office.path("out")) == whole, "{case}: the result is that of an undisturbed run");
        assert_eq!(money(&office, "book"), money(&office, "whole"), "{case}");
        let complete = office.book("book");
        ran(office.reprice("book", "out")).exits_with(0);
        office.book("book").assert_same(&complete, &case);
        assert!(files(&office.path("out")) == whole, "{case}: the same again");
    }
}

#[test]
fn an_unreadable_coefficient_is_a_damaged_register() {
    let office = Office::new(&[5]);
    office.bound("book");
    ran(office.reprice("book", "out")).exits_with(0);
    office.run(&["portfolio", "show", "N-1"], "book").exits_with(0);
    let register = Connection::open(office.path("book/register.sqlite")).unwrap();
    for harm in ["", "1,12", "-1.12"] {
        register.execute("UPDATE applied SET coefficient = ?1", [harm]).unwrap();
        let run = office.run(&["portfolio", "show", "N-1"], "book").exits_with(1);
        assert!(run.err.contains("the table applied"), "{harm}: {}", run.err);
    }
}

#[test]
fn damage_outside_the_repriced_contracts_is_found_by_verify_alone() {
    let office = office();
    ran(office.reprice("bound", "out")).exits_with(0);
    let result = files(&office.path("out"));
    for part in ["insured", "repriced"] {
        office.copy("bound", "book");
        let (name, footer_at) = file_of(&office, "book", part);
        let path = office.path("book/data").join(&name);
        let bytes = fs::read(&path).unwrap();
        // the file may be write-protected, and has a second name in the result
        fs::remove_file(&path).unwrap();
        fs::write(&path, Harm::FirstGroup.done(&bytes, footer_at).unwrap()).unwrap();
        let verify = office.run(&["portfolio", "verify"], "book").exits_with(3);
        assert!(verify.err.contains(&format!("data/{name}")), "{part}: {}", verify.err);
        assert_eq!(
            named_contracts(&verify.err),
            BTreeSet::from(["N-1"]),
            "{part}: the first batch is that of the first contract"
        );
        ran(office.reprice("book", "out")).exits_with(0);
        assert!(files(&office.path("out")) == result, "{part}");
    }
}

#[test]
fn every_change_of_the_register_is_found() {
    let office = Office::new(&[8, 8]);
    office.bound("whole");
    ran(office.reprice("whole", "out")).exits_with(0);
    office.run(&["refuse", "N-1", "--change", "spring"], "whole").exits_with(0);
    office.verified("whole");
    let of = |number: &str| format!("(SELECT id FROM contract WHERE number = '{number}')");
    let second = of("N-2");
    let cases = [
        // the stored texts
        (
            "UPDATE document SET text = text || ' ' WHERE sha256 = (SELECT terms FROM contract WHERE number = 'N-1')"
                .to_owned(),
            &["N-1"][..],
        ),
        (
            "UPDATE document SET text = text || ' ' WHERE sha256 = (SELECT tariff FROM contract WHERE number = 'N-1')"
                .to_owned(),
            &["N-1", "N-2"],
        ),
        // the contracts of the register
        ("UPDATE contract SET policyholder = 'ООО «Другое»' WHERE number = 'N-2'".to_owned(), &["N-2"]),
        ("UPDATE contract SET last_day = '2026-12-30' WHERE number = 'N-2'".to_owned(), &["N-2"]),
        ("UPDATE contract SET expense_load = '0.24' WHERE number = 'N-2'".to_owned(), &["N-2"]),
        ("UPDATE contract SET expense_load = NULL WHERE number = 'N-2'".to_owned(), &["N-2"]),
        ("UPDATE contract SET expense_basis = 'written' WHERE number = 'N-2'".to_owned(), &["N-2"]),
        ("UPDATE contract SET price_decrease = 'keep' WHERE number = 'N-2'".to_owned(), &["N-2"]),
        (format!("DELETE FROM programme WHERE programme = '8' AND contract = {second}"), &["N-2"]),
        // the applied coefficients
        (format!("UPDATE applied SET coefficient = '1.13' WHERE programme = '16' AND contract = {second}"), &["N-2"]),
        (format!("DELETE FROM applied WHERE programme = '8' AND contract = {second}"), &["N-2"]),
        // a refusal
        ("UPDATE version SET written = written + 1 WHERE kind = 'refused'".to_owned(), &["N-1"]),
        ("UPDATE version SET expenses = expenses + 1 WHERE kind = 'refused'".to_owned(), &["N-1"]),
        ("UPDATE version SET ended = '2026-12-30' WHERE kind = 'refused'".to_owned(), &["N-1"]),
        ("UPDATE event SET valid_day = '2026-12-30'".to_owned(), &["N-1"]),
    ];
    for (harm, numbers) in cases {
        office.copy("whole", "book");
        let register = Connection::open(office.path("book/register.sqlite")).unwrap();
        assert!(register.execute(&harm, []).unwrap() > 0, "{harm}");
        drop(register);
        let verify = office.run(&["portfolio", "verify"], "book").exits_with(3);
        assert_eq!(named_contracts(&verify.err), numbers.iter().copied().collect(), "{harm}: {}", verify.err);
    }
}

#[test]
fn a_contract_that_does_not_follow_from_its_events_is_never_changed() {
    let office = Office::new(&[8]);
    office.bound("bound");
    fs::write(office.path("changes.csv"), "Вид изменения;Таб. №\nоткрепить;2\n").unwrap();
    let endorse = ["endorse", "N-1", "changes.csv", "--on", "2026-02-01", "--out", "endorsed"];
    office.run(&endorse, "bound").exits_with(0);
    fs::write(office.path("changes.csv"), "Вид изменения;Таб. №\nоткрепить;3\n").unwrap();
    for harm in [
        "UPDATE version SET written = written + 1",
        "UPDATE event SET valid_day = '2026-03-01'",
        "DELETE FROM event",
        "UPDATE version SET expenses = expenses + 1",
    ] {
        office.copy("bound", "book");
        let register = Connection::open(office.path("book/register.sqlite")).unwrap();
        assert!(register.execute(harm, []).unwrap() > 0, "{harm}");
        drop(register);
        for command in [&endorse[..], &["terminate", "N-1", "--on", "2026-06-01", "--reason", "other"], &["annul", "2"]]
        {
            let run = office.run(command, "book").exits_with(1);
            assert!(run.err.contains("N-1") && run.err.contains("portfolio verify"), "{harm}: {}", run.err);
        }
    }
}

#[test]
fn changed_terms_are_never_used() {
    let office = Office::new(&[8]);
    office.bound("book");
    let register = Connection::open(office.path("book/register.sqlite")).unwrap();
    let harm = "UPDATE document SET text = replace(text, '0.23', '0.32')
         WHERE sha256 IN (SELECT terms FROM contract)";
    assert_eq!(register.execute(harm, []).unwrap(), 1);
    drop(register);
    let clinics = sample("clinics.toml");
    fs::write(office.path("changes.csv"), "Вид изменения;Таб. №\nоткрепить;2\n").unwrap();
    for arguments in [
        &["cube", "--out", "cube"][..],
        &["clinics", "loyalty", "--as-of", "2026-02-01", "--clinics", clinics.to_str().unwrap(), "--out", "loyalty"],
        &["endorse", "N-1", "changes.csv", "--on", "2026-02-01", "--out", "endorsed"],
    ] {
        let run = office.run(arguments, "book").exits_with(1);
        assert!(run.err.contains("contract.toml"), "{arguments:?}: {}", run.err);
    }
}
