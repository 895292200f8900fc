//! Concurrent runs on one book: one at a time changes it, and a reader sees a consistent state.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use kollektiv::base::money::Kopecks;
use kollektiv::portfolio::Portfolio;
use kollektiv::portfolio::contract_state::ContractState;
use kollektiv::portfolio::lock::BookLock;
use kollektiv::portfolio::register;
use kollektiv::portfolio::verify::verify;

use super::{Office, ran};
use crate::program::Run;

#[test]
fn a_second_writer_gets_the_name_of_the_first_and_readers_continue() {
    let office = Office::new(&[5, 5]);
    office.bound("book");
    let before = office.book("book");
    let lock = BookLock::acquire(&office.path("book"), "reprice").unwrap();
    let refuse = ["refuse", "N-1", "--change", "spring"];
    let held = [
        ran(office.bind("book")),
        ran(office.reprice("book", "out")),
        office.run(&["pay", "payments.csv"], "book"),
        office.run(&refuse, "book"),
    ];
    for run in held {
        let run = run.exits_with(1);
        assert!(run.err.contains(&format!("reprice, {}", std::process::id())), "{}", run.err);
        assert!(run.err.contains("wait until it has finished"), "{}", run.err);
    }
    office.run(&["portfolio", "list"], "book").exits_with(0);
    office.run(&["portfolio", "show", "N-2"], "book").exits_with(0);
    office.verified("book");
    office.run(&["reprice", "change.toml", "--dry-run"], "book").exits_with(0);
    office.book("book").assert_same(&before, "the book is unchanged");
    drop(lock);
    ran(office.reprice("book", "out")).exits_with(0);
}

#[test]
fn each_of_several_concurrent_runs_succeeds_or_is_asked_to_wait() {
    let office = Office::new(&[400, 400]);
    office.bound("bound");
    office.copy("bound", "whole");
    ran(office.reprice("whole", "whole-out")).exits_with(0);
    for _ in 0..4 {
        office.copy("bound", "book");
        let runs: Vec<_> = (0..4).map(|at| office.reprice("book", &format!("out-{at}")).spawn().unwrap()).collect();
        let runs: Vec<Run> = runs.into_iter().map(|run| Run::new(run.wait_with_output().unwrap())).collect();
        assert!(runs.iter().any(|run| run.code == Some(0)));
        for run in runs.iter().filter(|run| run.code != Some(0)) {
            assert!(run.code == Some(1) && run.err.contains("another process is changing"), "{run:?}");
        }
        office.book("book").assert_same(&office.book("whole"), "as after one run");
        office.verified("book");
    }
}

#[test]
fn a_reader_during_a_commit_sees_a_consistent_state() {
    const CONTRACTS: usize = 12;
    let office = Office::new(&[30; CONTRACTS]);
    let bind = |place: usize| {
        let path = format!("contract-{place}/contract.toml");
        office.run(&["bind", &path], "book").exits_with(0);
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
                let standing =
                    |contract| book.register.read(|register| ContractState::known_before(register, contract, i64::MAX));
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
            office.run(&["portfolio", "list"], "book").exits_with(0);
        }
        ran(office.reprice("book", "out")).exits_with(0);
        is_over.store(true, Ordering::Relaxed);
        readers.map(|reader| reader.join().unwrap()).into_iter().sum::<usize>()
    });
    assert!(looks >= CONTRACTS, "{looks} looks");
    office.verified("book");
}
