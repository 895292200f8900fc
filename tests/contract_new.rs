//! `kollektiv contract new`: a contract file to start from, alone or made from rosters.

use std::ffi::OsStr;
use std::fs;

use crate::program::{quote, run};

#[test]
fn a_new_contract_is_readable_or_not_written() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("new.toml");
    let new = |more: &[&str]| {
        let fixed = ["contract".as_ref(), "new".as_ref(), file.as_os_str()];
        run(fixed.into_iter().chain(more.iter().map(OsStr::new)))
    };
    let long = "9".repeat(81);
    for (more, why) in [
        (&["--start", "2026-12-01", "--number", ""][..], "`number`"),
        (&["--start", "2026-12-01", "--number", &long], "80"),
        (&["--start", "2026-12-01", "--policyholder", " "], "`policyholder`"),
        (&["--start", "1999-12-31"], "base-1"),
        (&["--start", "9999-10-01"], "`start`"),
    ] {
        let refused = new(more).exits_with(3);
        assert!(refused.err.contains(why) && refused.out.is_empty(), "{more:?}: {}", refused.err);
        assert!(!file.exists(), "{more:?}");
    }
    assert_eq!(run(["contract", "new", "--start", "9999-10-01"]).exits_with(3).out, "");
    new(&["--start", "2026-12-01", "--lang", "en"]).exits_with(0);
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.contains("\n# The policyholder.\n") && !text.contains("Страхователь."), "{text}");
    // its only fault is the missing roster
    let refused = quote(&file, &folder.path().join("out"), &[]).exits_with(3);
    assert!(refused.err.contains("`roster`") && refused.err.contains("1 ошибка"), "{}", refused.err);
}

#[test]
fn a_contract_made_from_a_roster_asks_what_the_roster_does_not_state() {
    let folder = tempfile::tempdir().unwrap();
    let [roster, contract] = ["roster.csv", "contract.toml"].map(|name| folder.path().join(name));
    let rows = "ФИО;Дата рождения;Группа риска;Вариант;Степень родства;Прочее\n\
                Соколова Анна Петровна;05.06.1990;1;А;работник;01.03.2027\nЕгоров Пётр Ильич;12.01.1985;;Б;супруг;\n";
    fs::write(&roster, rows).unwrap();
    let new = ["contract".as_ref(), "new".as_ref(), contract.as_os_str(), "--start".as_ref(), "2026-12-01".as_ref()];
    run(new.into_iter().chain(["--roster".as_ref(), roster.as_os_str()])).exits_with(0);
    let text = fs::read_to_string(&contract).unwrap();
    for line in [
        "roster = \"roster.csv\"",
        "#default_risk_group = 1",
        "#start = \"Прочее\"",
        "#ignore = [\"Прочее\"]",
        "code = \"А\"",
        "code = \"Б\"",
        "#programme = \"16\"",
    ] {
        assert!(text.lines().any(|written| written == line), "{line}: {text}");
    }
    quote(&contract, &folder.path().join("open"), &[]).exits_with(3);
    // the answers
    let mut answered = text;
    for question in ["#default_risk_group", "#start", "#[[plan.cover]]", "#programme", "#sum_insured = 1"] {
        answered = answered.replace(&format!("\n{question}"), &format!("\n{}", &question[1..]));
    }
    fs::write(&contract, answered).unwrap();
    let out = folder.path().join("out");
    quote(&contract, &out, &[]).exits_with(0);
    let premiums = fs::read_to_string(out.join("premiums.csv")).unwrap();
    assert!(premiums.contains("2027-03-01,2027-11-30"), "{premiums}");
}
