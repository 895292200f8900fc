//! Runs on a book killed at any moment: the book is as before or as after, and a second run brings it to the state of an
//! undisturbed run.

use std::collections::BTreeMap;
use std::fs;
use std::process::{Command, Stdio};

use super::{Book, Office, README, ran};
use crate::kills::{Length, Random, kill_after};
use crate::program::{complete_manifest, files, names};

/// How many runs of each kind are killed.
fn kills() -> usize {
    std::env::var("KOLLEKTIV_KILLS").map_or(8, |kills| kills.parse().unwrap())
}

/// The outcomes of the killed runs.
#[derive(Default)]
struct Outcomes {
    alive: usize,
    after_commit: usize,
    with_leftovers: usize,
}

/// The files that a killed run has left.
fn leftovers(office: &Office, known: Option<&Book>) -> Vec<String> {
    let of_book = |name: &String| known.is_some_and(|book| book.data.contains_key(name));
    let data = office.path("book/data");
    let data = if data.exists() { names(&data) } else { Vec::new() };
    let mut left: Vec<String> = data.into_iter().filter(|name| !of_book(name) && name != README).collect();
    left.extend(names(&office.path("book")).into_iter().filter(|name| name.starts_with('.')));
    if office.path("results").exists() {
        left.extend(names(&office.path("results")).into_iter().filter(|name| name != "out"));
    }
    left
}

fn quiet(mut command: Command) -> Command {
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// Kills runs that bring a book from `before` to `after`, at pseudorandom moments.
fn killed(
    office: &Office,
    seed: u64,
    reset: impl Fn(),
    run: impl Fn() -> Command,
    (before, after): (usize, &Book),
    result: Option<&BTreeMap<String, Vec<u8>>>,
) -> Outcomes {
    let mut random = Random(seed);
    let mut became = Outcomes::default();
    reset();
    let mut length = Length::measure([|| drop(ran(run()).exits_with(0))]);
    for round in 0..kills() {
        reset();
        let delay = random.moment(length.0);
        let alive = kill_after(quiet(run()).spawn().unwrap(), delay);
        length.learn(delay, alive);
        let when = format!("round {round}, killed after {delay:?}");
        became.alive += usize::from(alive);
        let has_register = office.path("book/register.sqlite").exists();
        if has_register {
            office.verified("book");
            let now = office.book("book");
            became.after_commit += usize::from(alive && now.runs() == after.runs());
            assert!(now.runs() == before || now.tables == after.tables, "{when}");
            became.with_leftovers += usize::from(!leftovers(office, Some(&of_register(&now))).is_empty());
        } else {
            assert!(alive && before == 0, "{when}: a run that has ended has made a book");
            office.run(&["portfolio", "verify"], "book").exits_with(3);
            became.with_leftovers += usize::from(office.path("book").exists() && !leftovers(office, None).is_empty());
        }
        if let (Some(_), true) = (result, office.path("results/out").exists()) {
            complete_manifest(&office.path("results/out"));
        }
        ran(run()).exits_with(0);
        let again = office.book("book");
        again.assert_same(after, &when);
        office.verified("book");
        assert_eq!(leftovers(office, Some(&again)), [""; 0], "{when}");
        if let Some(result) = result {
            assert!(files(&office.path("results/out")) == *result, "{when}: the result");
        }
    }
    became
}

/// The book without the files that its register does not know.
fn of_register(book: &Book) -> Book {
    let known = &book.tables["file"];
    let is_known = |name: &String| known.iter().any(|row| row.contains(name.as_str()));
    let data = book.data.iter().filter(|(name, _)| is_known(name)).map(|(name, bytes)| (name.clone(), bytes.clone()));
    Book { tables: book.tables.clone(), data: data.collect() }
}

#[expect(clippy::print_stdout, reason = "how many kills hit what is worth knowing")]
fn report(what: &str, outcomes: &Outcomes) {
    let Outcomes { alive, after_commit, with_leftovers } = outcomes;
    println!(
        "{what}: {} runs, {alive} killed alive, {after_commit} of them after the commit; {with_leftovers} left files behind, all swept",
        kills()
    );
    assert!(*alive > 0, "no kill has hit a living run");
}

#[test]
fn a_killed_bind_leaves_the_book_as_before_or_as_after() {
    let office = Office::new(&[2500, 2500, 2500]);
    ran(office.bind("whole")).exits_with(0);
    let whole = office.book("whole");
    let reset = || drop(fs::remove_dir_all(office.path("book")));
    report("bind", &killed(&office, 20_261_122, reset, || office.bind("book"), (0, &whole), None));
}

#[test]
fn a_killed_repricing_leaves_the_book_as_before_or_as_after() {
    kill_repricings("reprice", 5, &[]);
}

#[test]
fn a_killed_repricing_by_workers_leaves_the_book_as_before_or_as_after() {
    kill_repricings("reprice --workers", 11, &["--workers", "2"]);
}

/// Kills repricings with these further arguments, each of a book as bound.
fn kill_repricings(what: &str, seed: u64, arguments: &[&str]) {
    let office = Office::new(&[2500, 2500, 2500]);
    office.bound("bound");
    office.copy("bound", "whole");
    ran(office.reprice("whole", "whole-out")).exits_with(0);
    let whole = office.book("whole");
    let result = files(&office.path("whole-out"));
    let reset = || {
        office.copy("bound", "book");
        // a worker of the killed run may still write
        let _ = fs::remove_dir_all(office.path("results"));
        fs::create_dir_all(office.path("results")).unwrap();
    };
    let run = || {
        let mut reprice = office.reprice("book", "results/out");
        reprice.args(arguments);
        reprice
    };
    report(what, &killed(&office, seed, reset, run, (2, &whole), Some(&result)));
}

#[test]
fn a_killed_endorsement_leaves_the_book_as_before_or_as_after() {
    let office = Office::new(&[2500]);
    office.bound("bound");
    fs::write(office.path("changes.csv"), "Вид изменения;Таб. №\nоткрепить;2\n").unwrap();
    let endorse = |book: &str, out: &str| {
        office.program(&["endorse", "N-1", "changes.csv", "--on", "2026-02-01", "--out", out], book)
    };
    office.copy("bound", "whole");
    ran(endorse("whole", "whole-out")).exits_with(0);
    let whole = office.book("whole");
    let result = files(&office.path("whole-out"));
    let reset = || {
        office.copy("bound", "book");
        let _ = fs::remove_dir_all(office.path("results"));
        fs::create_dir(office.path("results")).unwrap();
    };
    let run = || endorse("book", "results/out");
    report("endorse", &killed(&office, 7, reset, run, (2, &whole), Some(&result)));
}

#[test]
fn a_killed_termination_leaves_the_book_as_before_or_as_after() {
    let office = Office::new(&[2500]);
    office.bound("bound");
    let terminate =
        |book: &str| office.program(&["terminate", "N-1", "--on", "2026-06-01", "--reason", "agreement"], book);
    office.copy("bound", "whole");
    ran(terminate("whole")).exits_with(0);
    let whole = office.book("whole");
    let reset = || office.copy("bound", "book");
    report("terminate", &killed(&office, 9, reset, || terminate("book"), (2, &whole), None));
}
