//! Engines that lie: their sums, or the lines that they have written, are not those of the book. Each lie is found by its check.

use std::fs;

use super::super::book::{Book, change};
use super::super::faults::Book as Content;
use super::super::workers::{small_book, spring};
use super::tools::script;
use super::{assert_equal_rows, tools};
use crate::program::names;

/// The columns of the repriced lines.
const COLUMNS: &str = "number, insured, plan, programme, risk_group, sum_insured, rate_before, rate_after, \"from\", \
                       \"end\", unexpired_days, additional, credit";

/// Reprices with a liar; asserts that its lie is found, and that the book is as before.
#[track_caller]
fn found(book: &Book, program: &str, check: &str) {
    let before = Content::read(&book.folder());
    let words = ["--engine", "duckdb", "--engine-program", program];
    let (run, repriced) = book.reprice("spring", &spring(), &words);
    let message = run.exits_with(1).err;
    assert!(message.contains(check), "{check}: {message}");
    assert!(!repriced.folder().exists());
    before.assert_same(&Content::read(&book.folder()), &message);
    let beside = names(&book.beside(""));
    assert!(!beside.iter().any(|name| name.starts_with('.')), "{beside:?}");
}

/// An engine that edits the SQL before it runs it.
fn editor(book: &Book, engine: &str, edit: &str) -> String {
    script(&book.beside("editor"), &format!("sed '{edit}' | exec {engine} \"$@\""))
}

/// An engine that runs statements after it has written the lines and before it adds them up.
fn forger(book: &Book, engine: &str, statements: &str) -> String {
    let lie = book.beside("lie.sql");
    fs::write(&lie, statements).unwrap();
    script(&book.beside("forger"), &format!("sed '/^RESET threads;/r {}' | exec {engine} \"$@\"", lie.display()))
}

/// Statements that write the lines anew: each takes `columns` of the line in another place.
fn rewritten(columns: &str, place: &str) -> String {
    let own = COLUMNS.split(", ").map(|column| {
        let of = if columns.split(", ").any(|moved| moved == column) { "moved" } else { "line" };
        format!("{of}.{column}")
    });
    let own = own.collect::<Vec<_>>().join(", ");
    format!(
        "CREATE TEMPORARY TABLE standing AS SELECT *, file_row_number AS row_place
           FROM read_parquet('lines/part-00000.parquet', file_row_number = true);
         CREATE TEMPORARY TABLE pair AS SELECT one.row_place AS first, other.row_place AS second
           FROM standing AS one JOIN standing AS other USING (number, programme, risk_group, rate_before, unexpired_days)
           WHERE one.row_place < other.row_place AND one.sum_insured <> other.sum_insured ORDER BY first, second LIMIT 1;
         COPY (SELECT {own} FROM pair, standing AS line JOIN standing AS moved ON moved.row_place = {place}
           ORDER BY line.row_place) TO 'lie.parquet' (FORMAT parquet);\n\
         .shell mv lie.parquet lines/part-00000.parquet\n"
    )
}

/// The places of a pair of lines swapped.
const SWAPPED: &str =
    "CASE line.row_place WHEN pair.first THEN pair.second WHEN pair.second THEN pair.first ELSE line.row_place END";

#[test]
fn every_lie_of_an_engine_is_found_by_its_check() {
    let Some(engine) = tools::duckdb() else { return };
    let book = small_book();
    let edited = |edit: &str, check: &str| found(&book, &editor(&book, &engine, edit), check);
    let forged = |statements: &str, check: &str| found(&book, &forger(&book, &engine, statements), check);
    let rounding = "has not rounded every line of contract W-1 right";
    let written = "has written are not those that it has read";

    // one kopeck on one line, in its rounding, in the file, and on the wrong side
    let kopeck = "CASE WHEN insured = 4 THEN 1 ELSE 0 END";
    edited(&format!("s/greatest(amount, 0)/greatest(amount, 0) + {kopeck}/"), rounding);
    edited(&format!("s/greatest(amount, 0)/greatest(amount, 0) - {kopeck}/"), rounding);
    edited(&format!("s/greatest(-amount, 0)/greatest(-amount, 0) + {kopeck}/"), rounding);
    edited("s/(of_days \\* step_3/(2 * of_days * step_3/", rounding);
    // two sums insured swapped, alone and with their premiums
    forged(&rewritten("sum_insured", SWAPPED), rounding);
    forged(&rewritten("sum_insured, additional, credit", SWAPPED), written);
    // one line twice, and another left out
    let repeated = "CASE line.row_place WHEN pair.second THEN pair.first ELSE line.row_place END";
    forged(&rewritten(COLUMNS, repeated), written);
    // lines left out, and twice
    edited("s/^WHERE repriced$/WHERE repriced AND insured <> 4/", written);
    edited("s/^FROM priced$/FROM (FROM priced UNION ALL (FROM priced WHERE insured = 4))/", "contract W-1");
    // lines in another order: of contracts, and in a contract
    edited("s/^WHERE repriced$/WHERE repriced ORDER BY insured/", "are not in the order of the portfolio");
    forged(&rewritten(COLUMNS, SWAPPED), "lines that duckdb has written differ");
    // another plan on a line
    edited("s/insured, plan, programme, CAST/insured, plan || plan AS plan, programme, CAST/", written);

    // what was read
    edited("s/^FROM dated/FROM dated WHERE insured <> 4/", "has not read every line of contract W-1 once");
    let premium = "CAST(premium \\* 100 AS BIGINT)";
    edited(&format!("s/{premium}/{premium} + 1/"), "do not add up to its premium");
    edited("s/END AS annual_after,/END + 1 AS annual_after,/", "the figures of duckdb for contract W-1");
    edited("s/count(\\*) AS lines/count(*) + 1 AS lines/", "contract W-1");

    // a file of another run in place of the lines, beside them, and after they were added up
    let other = small_book();
    let summer = change("summer", "2026-04-05", &[("16", "1.3"), ("8", "0.8")]);
    let words = ["--dry-run", "--engine", "duckdb", "--engine-program", &engine];
    let (run, foreign) = other.reprice("summer", &summer, &words);
    run.exits_with(0);
    let foreign = foreign.folder().join("lines.parquet").display().to_string();
    forged(&format!(".shell cp {foreign} lines/part-00000.parquet\n"), written);
    forged(&format!(".shell cp {foreign} lines/part-00001.parquet\n"), "has written lines of no contract");
    let late = script(&book.beside("late"), &format!("{engine} \"$@\" && cp {foreign} lines/part-00000.parquet"));
    found(&book, &late, "lines that duckdb has written differ");
    let broken = script(&book.beside("broken"), &format!("{engine} \"$@\" && echo x >> lines/part-00000.parquet"));
    found(&book, &broken, "cannot be read");

    // the same lines by another writer are no lie
    let words =
        ["--dry-run", "--engine", "duckdb", "--engine-program", &forger(&book, &engine, &rewritten("", SWAPPED))];
    book.reprice("rewritten", &spring(), &words).0.exits_with(0);

    // an honest engine
    let (run, own) = book.reprice("own", &spring(), &["--dry-run"]);
    run.exits_with(0);
    let (run, honest) = book.reprice("spring", &spring(), &["--engine", "duckdb", "--engine-program", &engine]);
    run.exits_with(0);
    assert_equal_rows(own.folder(), honest.folder(), "honest");
    book.verified();
}
