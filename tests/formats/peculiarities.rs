//! Each format of tables with each peculiarity, and what the reader answers: what it reads, and the codes of what it reports.

use kollektiv::base::source_file::SourceFile;
use kollektiv::quote::contract::Contract;
use kollektiv::roster::Roster;
use kollektiv::tariff::Tariff;

use crate::formats::sheet::{Cell, Content, Encoding, Sheet, Style, number, text};
use crate::formats::written::Format;
use crate::support::contract_over;

/// What of the insured an answer shows.
#[derive(Debug, Clone, Copy)]
enum Shows {
    Rows,
    Numbers,
    Names,
    Births,
    Sums,
    Days,
}

/// A peculiarity, and the answers for the formats in their order; `=` where it is that of the format before.
struct Peculiarity {
    name: &'static str,
    sheet: fn() -> Sheet,
    shows: Shows,
    answers: [&'static str; 6],
}

const NAME: usize = 1;
const BIRTH: usize = 2;
const RISK: usize = 3;
const SUM: usize = 4;

fn peculiar(change: impl FnOnce(&mut Sheet)) -> Sheet {
    let mut sheet = Sheet::roster();
    change(&mut sheet);
    sheet
}

fn day(serial: f64, iso: &'static str) -> Cell {
    Cell { content: Content::Day(serial, iso), style: Style::Day }
}

fn cell(content: Content) -> Cell {
    Cell { content, style: Style::Plain }
}

/// Headings in two rows: «Период страхования» over «с» and «по».
fn two_rows_of_headings() -> Sheet {
    let row = |cells: [&'static str; 5]| cells.map(text).to_vec();
    peculiar(|sheet| {
        sheet.rows = vec![
            row(["ФИО", "Дата рождения", "Группа риска", "Период страхования", ""]),
            row(["", "", "", "с", "по"]),
            row(["Егоров Пётр", "25.01.1990", "1", "01.03.2027", "31.08.2027"]),
        ];
    })
}

/// Headings in three rows: «Страхование» over «Период», that over «с» and «по».
fn three_rows_of_headings() -> Sheet {
    let row = |cells: [&'static str; 6]| cells.map(text).to_vec();
    peculiar(|sheet| {
        sheet.rows = vec![
            row(["ФИО", "Дата рождения", "Группа риска", "Страхование", "", ""]),
            row(["", "", "", "Период страхования", "", "Страховая сумма"]),
            row(["", "", "", "с", "по", ""]),
            row(["Егоров Пётр", "25.01.1990", "1", "01.03.2027", "31.08.2027", "150000"]),
        ];
    })
}

/// The formats are `.xlsx`, `.xls`, `.xlsb`, `.xlsb` with short records, `.ods`, and a text. `-` where the format has no such thing.
const TABLE: &[Peculiarity] = &[
    Peculiarity {
        name: "nothing peculiar",
        sheet: Sheet::roster,
        shows: Shows::Names,
        answers: ["Егоров Пётр, Лунина Анна", "=", "=", "=", "=", "="],
    },
    Peculiarity {
        name: "hidden row",
        sheet: || peculiar(|sheet| sheet.hidden_row = Some(2)),
        shows: Shows::Rows,
        answers: ["2, 3; hidden-row", "=", "=", "=", "=", "-"],
    },
    Peculiarity {
        name: "hidden column",
        sheet: || peculiar(|sheet| sheet.hidden_column = Some(SUM)),
        shows: Shows::Sums,
        answers: ["150000.00, 200000.00; hidden-column", "=", "=", "=", "=", "-"],
    },
    Peculiarity {
        name: "hidden sheet",
        sheet: || peculiar(|sheet| sheet.is_hidden = true),
        shows: Shows::Rows,
        answers: ["2, 3; hidden-sheet", "=", "=", "=", "=", "-"],
    },
    Peculiarity {
        name: "merged over two rows",
        sheet: || peculiar(|sheet| sheet.merged = Some((1, 2, RISK))).with(2, RISK, text("")),
        shows: Shows::Rows,
        answers: ["2; merged-cells missing-risk-group", "=", "=", "=", "=", "-"],
    },
    Peculiarity {
        name: "content under a merge",
        sheet: || peculiar(|sheet| sheet.merged = Some((1, 2, RISK))),
        shows: Shows::Rows,
        answers: ["2; merged-cells missing-risk-group", "=", "=", "=", "=", "-"],
    },
    Peculiarity {
        name: "struck out",
        sheet: || Sheet::roster().with(2, NAME, Cell { content: Content::Text("Лунина Анна"), style: Style::Struck }),
        shows: Shows::Rows,
        answers: ["2, 3; struck-out", "=", "=", "=", "=", "-"],
    },
    Peculiarity {
        name: "a part struck out",
        sheet: || Sheet::roster().with(2, NAME, cell(Content::Rich(vec![("Лунина ", true), ("Анна", false)]))),
        shows: Shows::Names,
        answers: ["Егоров Пётр, Лунина Анна; struck-out", "=", "=", "=", "=", "-"],
    },
    Peculiarity {
        name: "struck out under a condition",
        sheet: || peculiar(|sheet| sheet.struck_if_named = Some("Лунина Анна")),
        shows: Shows::Rows,
        // the conditions of binary workbooks are not evaluated
        answers: ["2, 3; struck-out", "2, 3; not-checked", "=", "=", "2, 3; struck-out", "-"],
    },
    Peculiarity {
        name: "struck out under a condition that no row meets",
        sheet: || peculiar(|sheet| sheet.struck_if_named = Some("Орлова Инна")),
        shows: Shows::Rows,
        answers: ["2, 3", "2, 3; not-checked", "=", "=", "2, 3", "-"],
    },
    Peculiarity {
        name: "white letters",
        sheet: || Sheet::roster().with(2, NAME, Cell { content: Content::Text("Лунина Анна"), style: Style::White }),
        shows: Shows::Rows,
        answers: ["2, 3; hidden-row", "=", "=", "=", "=", "-"],
    },
    Peculiarity {
        name: "a header of pages about another contract",
        sheet: || peculiar(|sheet| sheet.page_header = Some("К договору № 7, стр. 1")),
        shows: Shows::Rows,
        answers: ["2, 3; cell-note", "=", "=", "=", "=", "-"],
    },
    Peculiarity {
        name: "a header of pages that states nothing",
        sheet: || peculiar(|sheet| sheet.page_header = Some("Список, стр. 1")),
        shows: Shows::Rows,
        answers: ["2, 3", "=", "=", "=", "=", "-"],
    },
    Peculiarity {
        name: "letters with fonts of their own",
        sheet: || Sheet::roster().with(2, NAME, cell(Content::Rich(vec![("Лунина ", false), ("Анна", false)]))),
        shows: Shows::Names,
        answers: ["Егоров Пётр, Лунина Анна", "=", "=", "=", "=", "="],
    },
    Peculiarity {
        name: "days since 1904",
        sheet: || peculiar(|sheet| sheet.epoch_1904 = true),
        shows: Shows::Births,
        answers: ["1990-01-25, 1990-05-07", "=", "=", "=", "=", "="],
    },
    Peculiarity {
        name: "midnight of another zone",
        sheet: || Sheet::roster().with(1, BIRTH, day(32897.875, "1990-01-24T21:00:00")),
        shows: Shows::Births,
        answers: ["1990-05-07; time-of-day", "=", "=", "=", "=", "="],
    },
    Peculiarity {
        name: "almost midnight",
        sheet: || Sheet::roster().with(1, BIRTH, day(32_897.999_803_240_74, "1990-01-24T23:59:43")),
        shows: Shows::Births,
        answers: ["1990-01-25, 1990-05-07", "=", "=", "=", "=", "="],
    },
    Peculiarity {
        name: "a day as a bare number",
        sheet: || Sheet::roster().with(1, BIRTH, number(32898.0, Style::Plain)),
        shows: Shows::Births,
        answers: [
            "1990-01-25, 1990-05-07; excel-serial-date",
            "=",
            "=",
            "=",
            "=",
            // a text is no cell of a number
            "1990-05-07; bad-birth-date",
        ],
    },
    Peculiarity {
        name: "letters of windows-1251",
        sheet: || peculiar(|sheet| sheet.encoding = Encoding::Windows1251),
        shows: Shows::Names,
        answers: ["-", "Егоров Пётр, Лунина Анна", "-", "-", "-", "Егоров Пётр, Лунина Анна"],
    },
    Peculiarity {
        name: "letters of windows-1251 that is not named",
        sheet: || peculiar(|sheet| sheet.encoding = Encoding::Unnamed),
        shows: Shows::Names,
        answers: ["-", "Егоров Пётр, Лунина Анна; guessed-encoding", "-", "-", "-", "Егоров Пётр, Лунина Анна"],
    },
    Peculiarity {
        name: "letters of the DOS time",
        sheet: || peculiar(|sheet| sheet.encoding = Encoding::Ibm866),
        shows: Shows::Names,
        answers: ["-", "Егоров Пётр, Лунина Анна", "-", "-", "-", "Егоров Пётр, Лунина Анна"],
    },
    Peculiarity {
        name: "letters of two bytes",
        sheet: || peculiar(|sheet| sheet.encoding = Encoding::Utf16),
        shows: Shows::Names,
        answers: ["-", "-", "-", "-", "-", "Егоров Пётр, Лунина Анна"],
    },
    Peculiarity {
        name: "a formula without a result",
        sheet: || Sheet::roster().with(1, BIRTH, cell(Content::Formula)),
        shows: Shows::Births,
        answers: [
            "1990-05-07; bad-birth-date",
            "=",
            // a record of a formula always has its result
            "-",
            "-",
            "1990-05-07; bad-birth-date",
            "1990-05-07; missing-birth-date",
        ],
    },
    Peculiarity {
        name: "a formula of an empty text",
        sheet: || Sheet::roster().with(1, BIRTH, cell(Content::EmptyFormula)),
        shows: Shows::Births,
        answers: ["1990-05-07; missing-birth-date", "=", "=", "=", "=", "="],
    },
    Peculiarity {
        name: "a note",
        sheet: || peculiar(|sheet| sheet.note = Some((2, NAME))),
        shows: Shows::Rows,
        answers: ["2, 3; cell-note", "=", "=", "=", "=", "-"],
    },
    Peculiarity {
        name: "a note of a heading",
        sheet: || peculiar(|sheet| sheet.note = Some((0, NAME))),
        shows: Shows::Rows,
        answers: ["2, 3", "=", "=", "=", "=", "-"],
    },
    Peculiarity {
        name: "a text box",
        sheet: || peculiar(|sheet| sheet.has_text_box = true),
        shows: Shows::Rows,
        answers: ["2, 3; cell-note", "=", "=", "=", "=", "-"],
    },
    Peculiarity {
        name: "a hidden row of unknown number",
        sheet: || {
            peculiar(|sheet| {
                sheet.lacks_row_numbers = true;
                sheet.hidden_row = Some(2);
            })
        },
        shows: Shows::Rows,
        // the other formats number their rows
        answers: ["2, 3; not-checked", "-", "-", "-", "-", "-"],
    },
    Peculiarity {
        name: "hidden, noted and merged in a file of old programs",
        sheet: || {
            peculiar(|sheet| {
                (sheet.encoding, sheet.hidden_row, sheet.hidden_column) = (Encoding::Windows1251, Some(2), Some(SUM));
                (sheet.note, sheet.merged) = (Some((1, NAME)), Some((1, 2, RISK)));
            })
        },
        shows: Shows::Rows,
        answers: ["-", "2; cell-note hidden-column hidden-row merged-cells missing-risk-group", "-", "-", "-", "-"],
    },
    Peculiarity {
        name: "struck out in a file of old programs",
        sheet: || {
            let sheet = peculiar(|sheet| sheet.encoding = Encoding::Windows1251);
            sheet.with(2, NAME, Cell { content: Content::Text("Лунина Анна"), style: Style::Struck })
        },
        shows: Shows::Rows,
        answers: ["-", "2, 3; struck-out", "-", "-", "-", "-"],
    },
    Peculiarity {
        name: "a part struck out in a file of old programs",
        sheet: || {
            let sheet = peculiar(|sheet| sheet.encoding = Encoding::Windows1251);
            sheet.with(2, NAME, cell(Content::Rich(vec![("Лунина ", true), ("Анна", false)])))
        },
        shows: Shows::Names,
        answers: ["-", "Егоров Пётр, Лунина Анна; struck-out", "-", "-", "-", "-"],
    },
    Peculiarity {
        name: "an error value",
        sheet: || Sheet::roster().with(1, BIRTH, cell(Content::Fault)),
        shows: Shows::Births,
        answers: ["1990-05-07; bad-birth-date", "=", "=", "=", "=", "="],
    },
    Peculiarity {
        name: "a truth value",
        sheet: || Sheet::roster().with(1, NAME, cell(Content::Truth(true))),
        shows: Shows::Rows,
        answers: ["3; bad-name", "=", "=", "=", "=", "="],
    },
    Peculiarity {
        name: "a format with leading zeros",
        sheet: || Sheet::roster().with(1, 0, number(17.0, Style::Zeros)),
        shows: Shows::Numbers,
        answers: ["00017, 18", "=", "=", "=", "=", "="],
    },
    Peculiarity {
        name: "a format of thousands",
        sheet: || Sheet::roster().with(1, SUM, number(150_000.0, Style::Thousands)),
        shows: Shows::Sums,
        answers: ["150000.00, 200000.00", "=", "=", "=", "=", "="],
    },
    Peculiarity {
        name: "a format that scales",
        sheet: || Sheet::roster().with(1, SUM, number(150_000.0, Style::Scaled)),
        shows: Shows::Sums,
        answers: ["150000.00, 200000.00", "=", "=", "=", "=", "150.00, 200000.00"],
    },
    Peculiarity {
        name: "a format with a unit",
        sheet: || Sheet::roster().with(1, SUM, number(150.0, Style::Unit)),
        shows: Shows::Sums,
        answers: ["150000.00, 200000.00", "=", "=", "=", "=", "="],
    },
    Peculiarity {
        name: "a percentage",
        sheet: || Sheet::roster().with(1, SUM, number(0.5, Style::Percent)),
        shows: Shows::Sums,
        answers: ["200000.00; bad-sum-insured", "=", "=", "=", "=", "="],
    },
    Peculiarity {
        name: "two rows of headings",
        sheet: two_rows_of_headings,
        shows: Shows::Days,
        answers: ["2027-03-01–2027-08-31", "=", "=", "=", "=", "="],
    },
    Peculiarity {
        name: "three rows of headings",
        sheet: three_rows_of_headings,
        shows: Shows::Days,
        answers: ["2027-03-01–2027-08-31", "=", "=", "=", "=", "="],
    },
    Peculiarity {
        name: "rows out of order",
        sheet: || peculiar(|sheet| sheet.swaps_rows = true),
        shows: Shows::Rows,
        // what the library would drop is refused
        answers: ["; unreadable-file", "2, 3", "; unreadable-file", "=", "-", "-"],
    },
    Peculiarity {
        name: "a dimension that is too small",
        sheet: || peculiar(|sheet| sheet.dimension = Some("A1:A1")),
        shows: Shows::Rows,
        answers: ["2, 3", "=", "=", "=", "-", "-"],
    },
];

/// What the reader answers to a sheet in a format.
fn answer(sheet: &Sheet, format: Format, shows: Shows) -> String {
    let tariff = Tariff::base();
    let terms = contract_over("2026-12-01", "2027-11-30").cover("16", "");
    let source = SourceFile { path: "contract.toml".into(), text: terms.to_string() };
    let contract = Contract::read(&source, &tariff).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("roster").with_extension(format.extension());
    std::fs::write(&path, format.write(sheet)).unwrap();
    let Roster { tables, insured, .. } = Roster::read(&[path], &contract.roster_spec(&tariff), &()).unwrap();
    let cells = (0..insured.len()).filter(|at| !insured.rejected[*at]).map(|at| match shows {
        Shows::Rows => insured.row[at].to_string(),
        Shows::Numbers => insured.id.get(at).to_owned(),
        Shows::Names => insured.name.get(at).to_owned(),
        Shows::Births => insured.birth_date[at].map_or_else(String::new, |day| day.to_string()),
        Shows::Sums => insured.sum_insured(at).map_or_else(String::new, |sum| sum.to_string()),
        Shows::Days => insured.cover[at].map_or_else(String::new, |days| format!("{}–{}", days.first(), days.last())),
    });
    let mut codes: Vec<&str> = tables.diagnostics.iter().map(|found| found.code.as_str()).collect();
    codes.sort_unstable();
    codes.dedup();
    let read = cells.collect::<Vec<_>>().join(", ");
    if codes.is_empty() { read } else { format!("{read}; {}", codes.join(" ")) }
}

#[test]
fn each_format_with_each_peculiarity_has_its_answer() {
    let mut faults = Vec::new();
    for Peculiarity { name, sheet, shows, answers } in TABLE {
        let sheet = sheet();
        let mut expected = "";
        for (format, stated) in Format::ALL.into_iter().zip(answers) {
            if *stated != "=" {
                expected = stated;
            }
            if expected == "-" {
                continue;
            }
            let found = answer(&sheet, format, *shows);
            if found != expected {
                faults.push(format!("{name}, {format:?}: {found} and not {expected}"));
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}
