//! Runs that meet at one book: one at a time changes it, and whoever reads it sees one moment of it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use kollektiv::base::money::Kopecks;
use kollektiv::portfolio::Portfolio;
use kollektiv::portfolio::contract_state::Standing;
use kollektiv::portfolio::lock::BookLock;
use kollektiv::portfolio::register;
use kollektiv::portfolio::verify::verify;

use super::{Office, ran};
use crate::program::Run;

#[test]
fn the_second_who_would_change_a_book_is_told_who_holds_it_and_reading_goes_on() {
    let office = Office::new(&[5, 5]);
    office.bound("book");
    let before = office.book("book");
    let turn = BookLock::take(&office.path("book"), "reprice").unwrap();
    let refuse = ["refuse", "N-1", "--change", "spring"];
    let held = [
        ran(office.bind("book")),
        ran(office.reprice("book", "out")),
        office.run(&["pay", "payments.csv"], "book"),
        office.run(&refuse, "book"),
    ];
    for run in held {
        let run = run.ended(1);
        assert!(run.err.contains(&format!("reprice, {}", std::process::id())), "{}", run.err);
        assert!(run.err.contains("wait until that is done"), "{}", run.err);
    }
    office.run(&["portfolio", "list"], "book").ended(0);
    office.run(&["portfolio", "show", "N-2"], "book").ended(0);
    office.verified("book");
    office.run(&["reprice", "change.toml", "--dry-run"], "book").ended(0);
    office.book("book").assert_same(&before, "nobody has changed it");
    drop(turn);
    ran(office.reprice("book", "out")).ended(0);
}

#[test]
fn of_runs_that_meet_at_a_book_each_is_done_or_told_to_wait() {
    let office = Office::new(&[400, 400]);
    office.bound("bound");
    office.copy("bound", "whole");
    ran(office.reprice("whole", "whole-out")).ended(0);
    for _ in 0..4 {
        office.copy("bound", "book");
        let runs: Vec<_> = (0..4).map(|at| office.reprice("book", &format!("out-{at}")).spawn().unwrap()).collect();
        let runs: Vec<Run> = runs.into_iter().map(|run| Run::of(run.wait_with_output().unwrap())).collect();
        assert!(runs.iter().any(|run| run.code == Some(0)));
        for run in runs.iter().filter(|run| run.code != Some(0)) {
            assert!(run.code == Some(1) && run.err.contains("somebody else is changing"), "{run:?}");
        }
        office.book("book").assert_same(&office.book("whole"), "as after one run");
        office.verified("book");
    }
}

#[test]
fn a_reader_during_a_commit_sees_one_moment_of_the_book() {
    const CONTRACTS: usize = 12;
    let office = Office::new(&[30; CONTRACTS]);
    let bind = |place: usize| {
        let path = format!("contract-{place}/contract.toml");
        office.run(&["bind", &path], "book").ended(0);
    };
    bind(1);
    let is_over = AtomicBool::new(false);
    let looks = thread::scope(|threads| {
        let reader = || {
            let mut looks = 0;
            let mut most = 0;
            while !is_over.load(Ordering::Relaxed) {
                let book = Portfolio::open(&office.path("book")).unwrap();
                let (contracts, lines, written) =
                    book.register.read(|register| register::sums(register, i64::MAX)).unwrap();
                let verified = verify(&book, &()).unwrap();
                assert_eq!(verified.findings, []);
                assert_eq!((verified.contracts as u64, verified.lines), (contracts, lines));
                let all = book.register.read(|register| register::contracts(register, i64::MAX)).unwrap();
                let standing = |contract| book.register.read(|register| Standing::before(register, contract, i64::MAX));
                let sum: Kopecks = all.into_iter().map(|of| standing(of).unwrap().version().written).sum();
                assert_eq!(sum, written);
                assert!(contracts >= most);
                most = contracts;
                looks += 1;
            }
            looks
        };
        let readers = [threads.spawn(reader), threads.spawn(reader)];
        for place in 2..=CONTRACTS {
            bind(place);
            office.run(&["portfolio", "list"], "book").ended(0);
        }
        ran(office.reprice("book", "out")).ended(0);
        is_over.store(true, Ordering::Relaxed);
        readers.map(|reader| reader.join().unwrap()).into_iter().sum::<usize>()
    });
    assert!(looks >= CONTRACTS, "{looks} looks");
    office.verified("book");
}
