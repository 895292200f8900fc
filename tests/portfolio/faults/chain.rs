//! The hash chain of the register: no cell of any table can be changed, and no row removed or added, without being found.

use std::collections::BTreeSet;
use std::fs;

use rusqlite::Connection;

use super::{Office, ran, strings};
use kollektiv::portfolio::register::{EVERYTHING, ProvedTables, broken_links};

/// A book with a run of nearly every kind.
fn office() -> Office {
    let office = Office::new(&[8, 8]);
    office.bound("whole");
    fs::write(office.path("changes.csv"), "Вид изменения;Таб. №\nоткрепить;2\n").unwrap();
    let endorse = ["endorse", "N-1", "changes.csv", "--on", "2026-02-01", "--by", "Оператор", "--out", "endorsed"];
    office.run(&endorse, "whole").exits_with(0);
    ran(office.reprice("whole", "out")).exits_with(0);
    office.run(&["refuse", "N-1", "--change", "spring"], "whole").exits_with(0);
    office.run(&["annul", "2", "--force"], "whole").exits_with(0);
    office
}

fn open(office: &Office, book: &str) -> Connection {
    Connection::open(office.path(book).join("register.sqlite")).unwrap()
}

#[test]
fn every_changed_cell_and_every_removed_row_is_found() {
    let office = office();
    office.verified("whole");
    let register = open(&office, "whole");
    register.execute_batch("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON").unwrap();
    let tables = strings(&register, "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'document'");
    // the rows of this table prove themselves: the text by its hash, and there is nothing else
    assert_eq!(strings(&register, "SELECT name FROM pragma_table_info('document')"), ["sha256", "text"]);
    let mut filled = BTreeSet::new();
    for table in &tables {
        let columns = strings(&register, &format!("SELECT name FROM pragma_table_info('{table}')"));
        let key = columns.iter().map(|column| format!("\"{column}\"")).collect::<Vec<_>>().join(", ");
        let first = format!("({key}) IS (SELECT {key} FROM {table} LIMIT 1)");
        let change = |column: &String| {
            format!(
                "UPDATE {table} SET \"{column}\" = CASE typeof(\"{column}\") WHEN 'integer' THEN \"{column}\" + 1000
                 WHEN 'text' THEN \"{column}\" || '1' ELSE '1' END WHERE {first}"
            )
        };
        let harms = columns.iter().map(change).chain([format!("DELETE FROM {table} WHERE {first}")]);
        for harm in harms {
            register.execute_batch("BEGIN").unwrap();
            let changed = register.execute(&harm, []).unwrap_or_else(|fault| panic!("{harm}: {fault}"));
            if changed > 0 {
                filled.insert(table.as_str());
                assert!(!broken_links(&register, EVERYTHING, ProvedTables::All).unwrap().is_empty(), "{harm}");
            }
            register.execute_batch("ROLLBACK").unwrap();
        }
    }
    for table in ["annulment", "applied", "contract", "endorsement", "event", "file", "link", "payment", "price_change"]
    {
        assert!(filled.contains(table), "{table} is empty: {filled:?}");
    }
    assert_eq!(broken_links(&register, EVERYTHING, ProvedTables::All).unwrap(), []);
}

#[test]
fn a_changed_warning_is_found_by_the_commands_that_read_it_and_costs_the_others_nothing() {
    let office = Office::new(&[8, 8]);
    let path = office.path("contract-1").join("roster.csv");
    let roster = fs::read_to_string(&path).unwrap();
    let last = roster.lines().last().unwrap();
    // two insured of one birth date and nearly one name
    let similar =
        ["Сидорова Марианна Петровна", "Сидорова Мариана Петровна"].map(|name| last.replace("Иванов Пётр 8", name));
    fs::write(&path, format!("{roster}{}\n{}\n", similar[0].replacen('8', "9", 1), similar[1].replacen('8', "10", 1)))
        .unwrap();
    office.bound("whole");
    for harm in ["UPDATE warning SET ru = ru || '1'", "DELETE FROM warning"] {
        office.copy("whole", "book");
        assert!(open(&office, "book").execute(harm, []).unwrap() > 0, "{harm}");
        for (command, code) in [
            (&["portfolio", "show", "N-1"][..], 1),
            (&["portfolio", "forget", "Иванов Пётр 8", "--as-of", "2028-01-01"], 1),
            (&["portfolio", "verify"], 3),
        ] {
            let run = office.run(command, "book").exits_with(code);
            assert!(run.err.contains("table warning"), "{harm}: {}", run.err);
        }
        office.run(&["portfolio", "list"], "book").exits_with(0);
        ran(office.reprice("book", "out")).exits_with(0);
    }
}

#[test]
fn commands_name_the_contract_and_the_table_that_another_program_changed() {
    let office = office();
    let other = "(SELECT id FROM contract WHERE number = 'N-2')";
    for (harm, table) in [
        ("UPDATE payment SET amount = amount + 1", "payment"),
        ("UPDATE contract SET policyholder = 'ООО «Другое»' WHERE number = 'N-1'", "contract"),
        ("INSERT INTO payment SELECT contract, day, amount, 'x', place, run FROM payment", "payment"),
    ] {
        office.copy("whole", "book");
        let register = open(&office, "book");
        assert!(register.execute(harm, []).unwrap() > 0, "{harm}");
        drop(register);
        for command in [
            &["portfolio", "show", "N-1"][..],
            &["portfolio", "list"],
            &["pay", "payments.csv"],
            &["portfolio", "export", "--as-of", "2026-02-01", "--to", "export"],
            &["reprice", "change.toml", "--out", "again"],
        ] {
            let run = office.run(command, "book").exits_with(1);
            assert!(run.err.contains("N-1") && run.err.contains(&format!("table {table}")), "{harm}: {}", run.err);
        }
        office.run(&["portfolio", "show", "N-2"], "book").exits_with(0);
        let verify = office.run(&["portfolio", "verify"], "book").exits_with(3);
        assert!(verify.err.contains(&format!("table {table}")), "{harm}: {}", verify.err);
    }
    office.copy("whole", "book");
    assert!(open(&office, "book").execute(&format!("DELETE FROM link WHERE contract = {other}"), []).unwrap() > 0);
    let run = office.run(&["portfolio", "show", "N-2"], "book").exits_with(1);
    assert!(run.err.contains("N-2"), "{}", run.err);
}
