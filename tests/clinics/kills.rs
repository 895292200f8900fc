//! Settling killed at any moment: a register is booked whole or not at all, and a second run books the rest.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use kollektiv::clinics::ledger::Ledger;
use kollektiv::portfolio::Portfolio;

use super::sample::{SampleBook, sample};
use crate::kills::{Length, Random, kill_after};
use crate::program::{Table, command, complete_manifest, names, run};

const ROWS: usize = 800;
const REGISTERS: usize = 8;

/// Writes a register with a number of its own.
fn register(path: &Path, number: usize) {
    let mut text = format!("Реестр № {number};;;;;\nПациент;Д.р.;№ полиса;Дата приёма;Код;Стоимость\n");
    for row in 0..ROWS {
        let day = 1 + (number + row) % 28;
        let _ = writeln!(text, "Аверин Максим Олегович;14.03.1984;0912-001;{day:02}.01.2027;Т-02;{}", 1 + row);
    }
    fs::write(path, text).unwrap();
}

#[test]
fn a_killed_run_books_a_register_whole_or_not_at_all() {
    let book = SampleBook::new();
    let folder = book.out("registers");
    fs::create_dir(&folder).unwrap();
    let settle = |number: usize| -> Command {
        let path = folder.join(format!("r{number}.csv"));
        register(&path, number);
        let (portfolio, clinics, out) = (book.book(), sample("clinics.toml"), book.out("settled"));
        let arguments =
            ["clinics".as_ref(), "settle".as_ref(), path.as_os_str(), "--clinic".as_ref(), "dent-01".as_ref()];
        let mut command = command(arguments);
        command.arg("--portfolio").arg(portfolio).arg("--clinics").arg(clinics).arg("--out").arg(out);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command
    };
    let mut length = Length::measure([0, 1].map(|number| {
        let settle = &settle;
        move || assert!(settle(number).status().unwrap().success())
    }));
    let booked = || {
        let portfolio = Portfolio::open(&book.book()).unwrap();
        let registers = Ledger::registers(&portfolio).unwrap();
        for register in &registers {
            let claims = Ledger::read_register(&portfolio, register.id).unwrap();
            assert_eq!(claims.len(), ROWS, "register {}", register.number);
        }
        registers.len()
    };
    let mut random = Random(20_270_201);
    let mut killed = 0;
    for number in 2..=REGISTERS {
        let when = random.moment(length.0);
        let alive = kill_after(settle(number).spawn().unwrap(), when);
        length.learn(when, alive);
        killed += usize::from(alive);
        let now = booked();
        assert!(now == number || now == number + 1, "killed after {when:?}: {now} registers");
        assert!(settle(number).status().unwrap().success());
        assert_eq!(booked(), number + 1, "killed after {when:?}");
        complete_manifest(&book.out("settled"));
    }
    assert!(killed > 0, "no kill has hit a living run");
    run(["portfolio".as_ref(), "verify".as_ref(), "--portfolio".as_ref(), book.book().as_os_str()]).exits_with(0);
    // one file of rows of insured, one of lines, one for each register: what killed runs left is gone
    let settled = Table::open(&book.out("settled").join("settled.csv"));
    assert_eq!(settled.columns(["row"]).len(), ROWS);
    let claims = names(&book.book().join("data")).into_iter().filter(|name| name.starts_with("claims"));
    assert_eq!(claims.count(), REGISTERS + 1);
}

#[test]
fn a_killed_run_over_a_folder_books_whole_registers_and_the_next_run_the_rest() {
    let (book, first, whole) = (SampleBook::new(), SampleBook::new(), SampleBook::new());
    let folder = book.out("registers");
    fs::create_dir(&folder).unwrap();
    (1..=REGISTERS).for_each(|number| register(&folder.join(format!("r{number}.csv")), number));
    let settle = |book: &SampleBook| -> Command {
        let mut command = command(["clinics", "settle", "--clinic", "dent-01", "--portfolio"]);
        command.arg(book.book()).arg("--clinics").arg(sample("clinics.toml")).arg("--out").arg(book.out("settled"));
        command.arg(&folder).stdout(Stdio::null()).stderr(Stdio::null());
        command
    };
    let mut length = Length::measure([&first, &whole].map(|book| {
        let settle = &settle;
        move || assert!(settle(book).status().unwrap().success())
    }));
    let claims = |book: &SampleBook| {
        let portfolio = Portfolio::open(&book.book()).unwrap();
        let registers = Ledger::registers(&portfolio).unwrap();
        let claims = registers.iter().map(|register| Ledger::read_register(&portfolio, register.id).unwrap());
        claims.collect::<Vec<_>>()
    };
    let mut random = Random(20_270_301);
    let mut killed = 0;
    for _ in 0..REGISTERS {
        let when = random.moment(length.0);
        let alive = kill_after(settle(&book).spawn().unwrap(), when);
        length.learn(when, alive);
        killed += usize::from(alive);
        assert!(claims(&book).iter().all(|claims| claims.len() == ROWS), "a register is booked in part");
    }
    assert!(killed > 0, "no kill has hit a living run");
    assert!(settle(&book).status().unwrap().success());
    let verdicts = |book: &SampleBook| {
        let claims = claims(book).into_iter().flatten();
        claims.map(|claim| (claim.register.number.clone(), claim.row, claim.verdict, claim.shares)).collect::<Vec<_>>()
    };
    assert_eq!(verdicts(&book), verdicts(&whole));
    (1..=REGISTERS).for_each(|number| drop(complete_manifest(&book.out(&format!("settled/r{number}")))));
}
