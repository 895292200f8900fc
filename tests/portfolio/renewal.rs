//! The files of a new term: the terms with new days, and the insured of the last day.

use std::fs;

use super::book::Book;
use crate::program::run;
use crate::support::{contract_over, roster};

#[test]
fn a_renewal_has_the_terms_and_the_insured_of_the_last_day() {
    let book = Book::new();
    let terms = contract_over("2026-01-01", "2026-12-31")
        .with("roster = 'roster.csv'")
        .with("instalments = [2026-01-01, 2026-04-01, 2026-10-15]")
        .with("expense_load = '0.20'  # as agreed");
    book.bound("T-1", &terms.choose("ranges = 'low'").cover("16", ""), &roster().crowd(3).born("1946-06-30", 1));
    let list = book.beside("changes.csv");
    fs::write(&list, "Вид изменения;Таб. №\nоткрепить;2\n").unwrap();
    let [list, out, renewed] =
        [&list, &book.beside("out"), &book.beside("renewed")].map(|path| path.display().to_string());
    book.run(&["endorse", "T-1", &list, "--on", "2026-08-01", "--out", &out]).exits_with(0);

    book.run(&["renew", "T-1", "--start", "2026-12-31", "--out", &renewed]).exits_with(3);
    // the one of 1946 is 80 in 2027
    let renewal = book.run(&["renew", "T-1", "--start", "2027-01-01", "--out", &renewed]).exits_with(4);
    let words = renewal.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("taken over 3: priced 2, for an underwriter 1"), "{words}");
    assert!(renewal.err.contains("contract T-1 is not paid in full"), "{}", renewal.err);
    let text = fs::read_to_string(book.beside("renewed").join("contract.toml")).unwrap();
    for line in [
        "number = \"T-1-2027\"",
        "start = 2027-01-01",
        "end = 2027-12-31",
        "roster = \"roster.xlsx\"",
        "instalments = [2027-01-01, 2027-04-01, 2027-10-15]",
        "expense_load = '0.20'  # as agreed",
    ] {
        assert!(text.lines().any(|of| of == line), "{line}: {text}");
    }
    let contract = book.beside("renewed").join("contract.toml");
    let quote = run(["quote", contract.to_str().unwrap(), "--preliminary", "--out", &out, "--lang", "en"]);
    assert!(quote.out.contains("Insured 2,") && book.beside("out").join("quote.json").exists(), "{}", quote.err);
}
