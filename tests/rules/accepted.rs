//! I73: a referral that an underwriter answers, on every screen, in every file and through the life of the contract.
//!
//! With every range at its low end the rate of programme 16 is 13.031 × 1.20 × age × 1.00, so that an insured of 80 that the contract
//! accepts at 2.10 has 13.031 × 1.20 × 2.10 = 32.83812.

use std::fs;

use kollektiv::base::messages::Language;
use kollektiv::pricing::choice::PricePoint;
use kollektiv::pricing::trace::Factor;
use kollektiv::quote::remarks::remarks;
use kollektiv::tariff::Tariff;
use serde_json::Value;

use super::low;
use crate::portfolio::book::{Book, change};
use crate::program::{Table, json, run, write_contract};
use crate::support::{Case, ContractText, PricedQuote, RosterText, contract, names, quote, refused, roster};

/// An entry of `[[accepted]]`.
fn entry(person: &str, coefficient: &str) -> String {
    format!(
        "[[accepted]]\n{person}\nage_coefficient = '{coefficient}'\ndecided_by = 'А. Петрова'\nreason = 'Анкета без замечаний'"
    )
}

/// Two insured, of 40 and of 80.
fn couple() -> RosterText {
    roster().aged(40, 1).aged(80, 1)
}

fn accepting(coefficient: &str) -> ContractText {
    low().with(&entry("id = '2'", coefficient))
}

fn faults(text: &ContractText, people: &RosterText) -> Vec<&'static str> {
    refused(&text.clone().cover("16", ""), people)
}

#[test]
fn i73_the_insured_is_priced_with_the_coefficient_in_all_three_prices() {
    let result = quote(&accepting("2.10").cover("16", ""), &couple());
    assert_eq!(result.rates(), ["15.6372", "32.83812"]); // 13.031 × 1.20 × 1.00; 13.031 × 1.20 × 2.10
    assert_eq!((result.rows.priced, result.rows.referred, result.headcount), (2, 0, 2));
    let premium = result.lines[1].premium;
    assert_eq!(
        [premium.low, premium.chosen, premium.high].map(|premium| premium.to_string()),
        ["32838.12", "32838.12", "57466.71"] // 13.031 × 1.40 × 2.10 × 1.50 × 1000
    );
    assert_eq!(result.lines[1].factors[2], ("2.2".to_owned(), "2.10".to_owned()));
    // without the entry the insured goes to an underwriter
    assert_eq!(crate::support::preliminary(&low().cover("16", ""), &couple()).rows.referred, 1);
}

#[test]
fn i73_a_name_with_the_birth_date_names_the_insured_too() {
    for name in ["Иванов Пётр 2", "иванов  петр 2"] {
        let person = format!("name = '{name}'\nbirth_date = 1946-01-01");
        let text = low().with(&entry(&person, "2.10")).cover("16", "");
        assert_eq!(quote(&text, &couple()).rates()[1], "32.83812", "{name}"); // 13.031 × 1.20 × 2.10
    }
    // two insured of one age with coefficients of their own
    let both = low().with(&entry("id = '2'", "2.10")).with(&entry("id = '3'", "1.00")).cover("16", "");
    let people = couple().aged(80, 1);
    assert_eq!(quote(&both, &people).rates()[1..], ["32.83812", "15.6372"]); // × 2.10, × 1.00
}

#[test]
fn i73_an_entry_names_one_insured_that_the_tariff_does_not_price() {
    assert_eq!(faults(&low().with(&entry("id = '7'", "2.10")), &couple()), ["accepted-absent"]);
    assert_eq!(faults(&low().with(&entry("id = '1'", "2.10")), &couple()), ["accepted-not-referred"]);
    let twice = accepting("2.10").with(&entry("name = 'Иванов Пётр 2'\nbirth_date = 1946-01-01", "2.10"));
    assert_eq!(faults(&twice, &couple()), ["accepted-twice"]);
    let stranger = entry("id = '2'\nname = 'Иванов Пётр 1'\nbirth_date = 1946-01-01", "2.10");
    assert_eq!(faults(&low().with(&stranger), &couple()), ["accepted-absent"]);
    // the same number twice, which is a fault of the roster too
    let people = format!("{}2;Сидоров Олег;01.01.1945;1;;;;\n", couple());
    let case = Case::open(&accepting("2.10").cover("16", ""), &people).unwrap();
    assert_eq!(names(&case.quote(true).unwrap_err()), ["accepted-several"]);
    for person in ["name = 'Иванов Пётр 2'", "birth_date = 1946-01-01", "", "id = '2'\nname = 'Иванов Пётр 2'"]
    {
        assert_eq!(faults(&low().with(&entry(person, "2.10")), &couple()), ["accepted-person"], "{person}");
    }
}

#[test]
fn i73_the_coefficient_is_inside_the_range_of_the_edition() {
    for (coefficient, fault) in [("0.99", "choice-outside"), ("5.01", "choice-outside"), ("1.00005", "choice-decimals")]
    {
        assert_eq!(faults(&accepting(coefficient), &couple()), [fault], "{coefficient}");
    }
    for coefficient in ["1.00", "5.00"] {
        assert_eq!(quote(&accepting(coefficient).cover("16", ""), &couple()).headcount, 2);
    }
    let many = (0..=100).fold(low(), |text, id| text.with(&entry(&format!("id = '{id}'"), "2.10")));
    assert!(faults(&many, &couple()).contains(&"accepted-many"));
    // an edition without such a range
    let base = Tariff::base();
    let text = base.source.text.lines().filter(|line| !line.starts_with("accepted = ")).collect::<Vec<_>>().join("\n");
    let source = kollektiv::base::source_file::SourceFile { path: "own.toml".into(), text };
    let own = Tariff::read(&source).unwrap();
    assert!(own.prices_like(&base), "every contract that both price costs the same");
    let error = Case::open_with(own, &accepting("2.10").cover("16", ""), &couple()).map(drop).unwrap_err();
    assert_eq!(names(&error), ["accepted-no-range"]);
}

#[test]
fn i73_a_children_s_programme_stays_closed() {
    let case = Case::open(&accepting("2.10").cover("18", ""), &roster().aged(7, 1).aged(80, 1)).unwrap();
    let result = PricedQuote::new(&case.quote(true).unwrap());
    assert_eq!((result.rows.priced, result.rows.rejected), (1, 1));
    assert_eq!(result.diagnostics[0].2, "age-outside-programme");
}

#[test]
fn i73_the_trace_names_the_decision_and_check_remarks_it() {
    let case = Case::open(&accepting("2.10").cover("16", ""), &couple()).unwrap();
    let quote = case.quote(false).unwrap();
    let price = quote.price.as_ref().unwrap();
    let ages = &price.axes.ages[usize::from(price.lines.admitted[1].age_class)];
    let cover = &case.contract.terms.plans[0].covers[0];
    let trace = price.rating.trace(cover, ages, 1).unwrap();
    let step = trace.steps.iter().find(|step| step.factor == Factor::Age).unwrap();
    for point in [PricePoint::Low, PricePoint::Chosen, PricePoint::High] {
        assert_eq!(step.at(point).to_string(), "2.10");
    }
    assert_eq!((step.chosen_by(), step.clause), ("accepted", "2.2"));
    assert_eq!(step.range().unwrap().to_string(), "1.00–5.00");
    assert!(step.is_override());
    let found = remarks(&quote);
    assert_eq!(found.len(), 1);
    assert_eq!(
        Language::En.render(&found[0].message),
        "roster.csv, row 3: the age 80 is outside the table of the tariff (§2.2); the insured is accepted at the coefficient 2.10 by an \
         entry of [[accepted]] in the contract"
    );
}

#[test]
fn i73_every_file_and_screen_shows_the_decision() {
    let folder = tempfile::tempdir().unwrap();
    let text = low().with("roster = 'roster.csv'").with(&entry("id = '2'", "2.10")).cover("16", "");
    let file = write_contract(folder.path(), &text, &couple());
    let [contract, out] = [&file, &folder.path().join("out")].map(|path| path.to_str().unwrap().to_owned());
    let made = ["--documents", "pdf,xlsx,html,html-client", "--lang", "en"];
    let printed = run(["quote", &contract, "--out", &out].iter().chain(&made)).exits_with(0);
    assert!(
        printed.out.contains("Accepted outside the ages of the tariff, at a coefficient by decision: 1 (§2.2, I73)")
    );
    let folder = folder.path().join("out");
    assert_eq!(
        json(&folder.join("manifest.json"))["overrides"],
        serde_json::json!([{
            "factor": "age", "value": "2.10", "clause": "2.2", "rule": "I73",
            "file": "roster.csv", "sheet": "", "row": 3, "decided_by": "А. Петрова", "reason": "Анкета без замечаний"
        }])
    );
    let accepted = &json(&folder.join("quote.json"))["accepted"][0];
    assert_eq!((&accepted["age"], &accepted["value"], &accepted["high"]), (&80.into(), &"2.10".into(), &"5.00".into()));
    let rates = Table::open(&folder.join("rates.csv"));
    assert_eq!(
        rates.columns(["age_from", "age_band", "age", "rate", "override"])[1],
        ["80", "80+", "2.10", "32.83812", "age"]
    );
    assert_eq!(Table::open(&folder.join("groups.csv")).columns(["age_band", "premium"])[1], ["80+", "32838.12"]);
    let [page, client] = ["quote.html", "quote-client.html"].map(|name| fs::read_to_string(folder.join(name)).unwrap());
    assert!(page.contains("roster.csv, row 3, age 80; decided by А. Петрова; reason: Анкета без замечаний"));
    assert!(page.contains("the underwriter's decision") || page.contains("the underwriter&#39;s decision"), "{page}");
    assert!(client.contains("80+"));
    // the documents again, from the files alone
    run(["report", &out, "--documents", "xlsx,pdf"]).exits_with(0);
    let printed = run(["explain", &contract, "--insured", "roster.csv:3", "--lang", "en"]).exits_with(0);
    for part in
        ["accepted at the coefficient 2.10 (§2.2, I73). Decided by А. Петрова. Reason: Анкета без замечаний", "Age 80+"]
    {
        let words = printed.out.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains(part), "{words}");
    }
    let printed = run(["explain", &contract, "--insured", "roster.csv:3", "--json"]).exits_with(0);
    let answer: Value = serde_json::from_str(&printed.out).unwrap();
    assert_eq!(answer["accepted"]["decided_by"], "А. Петрова");
    assert_eq!(answer["premium"], "32838.12");
    let printed = run(["check", &contract, "--json", "-q"]).exits_with(0);
    let answer: Value = serde_json::from_str(&printed.out).unwrap();
    assert_eq!(answer["remarks"][0]["rule"], "I73");
}

#[test]
fn i73_the_desk_keeps_the_decision() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, coefficient: &str| {
        let folder = folder.path().join(name);
        fs::create_dir(&folder).unwrap();
        let text = accepting(coefficient).with("").cover("16", "");
        let text = text.to_string().replacen("policyholder", "roster = 'roster.csv'\npolicyholder", 1);
        fs::write(folder.join("contract.toml"), text).unwrap();
        fs::write(folder.join("roster.csv"), couple().to_string()).unwrap();
        folder.join("contract.toml").to_str().unwrap().to_owned()
    };
    let (before, after) = (write("before", "2.10"), write("after", "2.50"));
    let saved = folder.path().join("saved").to_str().unwrap().to_owned();
    run(["quote", &before, "--out", &saved, "-q"]).exits_with(0);
    for first in [&before, &saved] {
        let printed = run(["compare", first, &after, "--json", "-q"]).exits_with(0);
        let answer: Value = serde_json::from_str(&printed.out).unwrap();
        // 13.031 × 1.20 × (2.50 − 2.10) × 1000
        assert_eq!(answer["parts"], serde_json::json!({ "age": "6254.88" }));
    }
    // 48475.32 at the low ends, 72724.53 with the headcount at 1.40 and risk group 1 at 1.50; the age coefficient does not move
    let printed = run(["target", &before, "--premium", "60000", "--json", "-q"]).exits_with(0);
    let answer: Value = serde_json::from_str(&printed.out).unwrap();
    assert!(!printed.out.contains("\"age\""), "{answer}");
    let printed = run(["outlook", &before, "--json", "-q"]).exits_with(0);
    let answer: Value = serde_json::from_str(&printed.out).unwrap();
    assert_eq!(answer["renewal"]["past_tariff"]["insured"], 0, "{answer}");
}

/// A contract of 2026 with plans A and B of 100 000 and 200 000 RUB, and the insured of the book.
fn booked() -> (ContractText, RosterText) {
    let text = contract().choose("ranges = 'low'").with("roster = 'roster.csv'").with("expense_load = '0'");
    let text = text.with("headcount_basis = 'current'");
    let text = text.with(&entry("id = '10'", "2.10")).with(&entry("id = '11'", "3.00"));
    let people = (0..9).fold(roster(), |people, _| people.aged(40, 1).on("A"));
    (
        text.plan("A").cover("16", "").plan("B").cover_of("16", "200000", ""),
        people.aged(80, 1).on("A").aged(80, 1).on("A"),
    )
}

#[test]
fn i73_the_book_keeps_the_decision_through_the_life_of_the_contract() {
    let book = Book::new();
    let (text, people) = booked();
    book.bound("T-1", &text, &people);
    // 13.031 × 1.10 × (9 × 1.00 + 2.10 + 3.00) × 1000
    assert!(book.show("T-1", None).contains("202,110.81"), "{}", book.show("T-1", None));
    book.verified();
    let endorse = |name: &str, rows: &str, on: &str| {
        let (list, out) = (book.beside(&format!("{name}.csv")), book.beside(name));
        fs::write(&list, format!("Вид изменения;Таб. №;Вариант\n{rows}")).unwrap();
        book.run(&["endorse", "T-1", list.to_str().unwrap(), "--on", on, "--out", out.to_str().unwrap()]).exits_with(0);
        book.verified();
        Table::open(&book.beside(name).join("endorsement.csv"))
    };
    // the one at 2.10 changes to plan B: 2000 × 13.031 × 1.10 × 2.10 × 184 / 365 = 30348.97…
    let changed = endorse("plan", "сменить вариант;10;B\n", "2026-07-01");
    let premiums: Vec<_> =
        changed.columns(["insured", "rate", "premium_after"]).into_iter().map(|row| row.map(str::to_owned)).collect();
    assert!(premiums.iter().any(|[_, rate, premium]| rate == "30.10161" && premium == "30349.02"), "{premiums:?}");
    // a price change of a quarter on everything
    let (run, result) = book.reprice("up", &change("up", "2026-10-01", &[("16", "1.25")]), &[]);
    run.exits_with(0);
    assert_eq!(result.row("T-1", ["status"]), ["repriced"]);
    book.verified();
    // two leave: the headcount of 9 has 1.20, and both accepted keep their coefficients
    let changed = endorse("leave", "открепить;1;\nоткрепить;2;\n", "2026-11-01");
    let rates: Vec<String> = changed.columns(["rate"]).into_iter().map(|[rate]| rate.to_owned()).collect();
    // 13.031 × 1.20 × 2.10 × 1.25, × 3.00 × 1.25
    for rate in ["41.04765", "58.6395"] {
        assert!(rates.iter().any(|found| found == rate), "{rate}: {rates:?}");
    }
    // late news before all of it
    endorse("late", "открепить;3;\n", "2026-03-01");
    let out = book.beside("cube").to_str().unwrap().to_owned();
    book.run(&["cube", "--out", &out]).exits_with(0);
    let out = book.beside("report").to_str().unwrap().to_owned();
    book.run(&["portfolio", "report", "--as-of", "2026-12-31", "--out", &out]).exits_with(0);
}

#[test]
fn i73_a_renewal_takes_over_the_decisions_about_those_still_insured() {
    let book = Book::new();
    let (text, people) = booked();
    book.bound("T-1", &text, &people);
    let list = book.beside("leave.csv");
    fs::write(&list, "Вид изменения;Таб. №\nоткрепить;10\n").unwrap();
    let [list, out, renewed] =
        [list, book.beside("out"), book.beside("renewed")].map(|path| path.to_str().unwrap().to_owned());
    book.run(&["endorse", "T-1", &list, "--on", "2026-08-01", "--out", &out]).exits_with(0);
    let printed = book.run(&["renew", "T-1", "--start", "2027-01-01", "--out", &renewed]).exits_with(0);
    let words = printed.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("taken over 10: priced 10"), "{words}");
    let contract = book.beside("renewed").join("contract.toml");
    let text = fs::read_to_string(&contract).unwrap();
    assert!(text.contains("id = '11'") && !text.contains("id = '10'"), "{text}");
    let printed = run(["quote", contract.to_str().unwrap(), "--out", &out, "--json", "-q"]).exits_with(0);
    let answer: Value = serde_json::from_str(&printed.out).unwrap();
    assert_eq!((&answer["accepted"][0]["age"], &answer["accepted"][0]["value"]), (&81.into(), &"3.00".into()));
    assert_eq!(answer["headcount"], 10);
}
