//! Documents about the impact of a price change: the figures of the run's files, the same bytes later, one page before the lists.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use calamine::{Data, Range, Reader, Xlsx, open_workbook};
use kollektiv::base::digest::sha256;
use kollektiv::portfolio::reprice::documents::ImpactDocument;
use serde_json::{Value, json};

use super::book::{Book, Repriced, change};
use crate::offer::poppler;
use crate::program::{MANIFEST, Run, Table, complete_manifest, files, json, kopecks, kopecks_of, run};
use crate::support::{ContractText, contract, roster};

/// Two programmes in two plans.
fn two() -> ContractText {
    contract().with("roster = \"roster.csv\"").cover("16", "").cover("5", "").plan("B").cover_of("16", "250000", "")
}

/// Binds contracts of these policyholders by number.
fn bind(book: &Book, contracts: &[(&str, &str, ContractText)]) {
    for (number, policyholder, contract) in contracts {
        let roster = roster().aged(30, 1).on("A").aged(45, 1).on("B").aged(61, 2).on("A");
        let path = book.contract(number, contract, &roster);
        let text = fs::read_to_string(&path).unwrap().replace("ООО «Проверка»", policyholder);
        fs::write(&path, text).unwrap();
        book.run(&["bind", path.to_str().unwrap()]).exits_with(0);
    }
}

/// A book with a repricing in which contracts are repriced, set aside and left as they are, in all documents.
fn repriced() -> (Book, Repriced) {
    let book = Book::new();
    bind(
        &book,
        &[
            ("K-1", "АО «Завод»", two()),
            ("K-2", "АО «Завод»", two().with("price_decrease = \"credit\"")),
            ("K-3", "=ООО «Формула»", two()),
            ("K-4", "ООО «Без изменений»", two().with("price_fixed = true")),
        ],
    );
    // 5.0 × 1.12 leaves the range of §2.3 in the only contract that exists then
    bind(
        &book,
        &[("K-5", "ООО «Потолок»", contract().with("roster = \"roster.csv\"").cover("1", "").plan("B").cover("1", ""))],
    );
    book.reprice("ceiling", &change("ceiling", "2026-06-01", &[("1", "5.0")]), &[]).0.exits_with(0);
    let change = change("board", "2026-07-01", &[("16", "1.12"), ("5", "0.8"), ("1", "1.12"), ("7", "1.3")]);
    let (run, repriced) = book.reprice("board", &change, &["--documents", &ImpactDocument::WORDS.join(",")]);
    run.exits_with(4);
    (book, repriced)
}

fn sheets(path: &Path) -> BTreeMap<String, Range<Data>> {
    let mut book: Xlsx<_> = open_workbook(path).unwrap();
    book.worksheets().into_iter().collect()
}

/// The kopecks of a cell with an amount.
#[track_caller]
fn amount(cell: &Data) -> i128 {
    let Data::Float(amount) = cell else { panic!("{cell:?} is no amount") };
    kopecks(&format!("{amount:.2}"))
}

/// The rows of a sheet from the one under these first headings to the next blank one.
fn rows_under<'r>(sheet: &'r Range<Data>, headings: [&str; 2]) -> Vec<&'r [Data]> {
    let is_heading = |row: &&[Data]| row.iter().zip(headings).all(|(cell, heading)| *cell == *heading);
    let rows = sheet.rows().skip_while(|row| !is_heading(row)).skip(1);
    rows.take_while(|row| row[0] != Data::Empty).collect()
}

/// Makes documents of a saved repricing with further arguments.
fn report(folder: &Path, more: &[&str]) -> Run {
    run(["report".as_ref(), folder.as_os_str()].into_iter().chain(more.iter().map(AsRef::as_ref)))
}

#[test]
fn the_workbook_adds_up_to_contracts_csv() {
    let (_book, repriced) = repriced();
    let (impact, contracts) = (repriced.impact(), repriced.contracts());
    let sheets = sheets(&repriced.folder().join("impact.xlsx"));
    let board = &sheets["Summary"];
    // by policyholder: what each contract pays more, less what is credited
    let mut by_policyholder: BTreeMap<&str, i128> = BTreeMap::new();
    let (mut additional, mut credit) = (0, 0);
    for [policyholder, status, more, less] in contracts.columns(["policyholder", "status", "additional", "credit"]) {
        if status == "repriced" {
            *by_policyholder.entry(policyholder.trim_start_matches('\'')).or_default() += kopecks(more) - kopecks(less);
            additional += kopecks(more);
            credit += kopecks(less);
        }
    }
    assert_eq!((additional, credit), (kopecks_of(&impact["additional"]), kopecks_of(&impact["credit"])));
    assert!(additional > 0 && credit > 0);
    let hardest = rows_under(board, ["Policyholder", "Contracts"]);
    let found: BTreeMap<String, i128> =
        hardest.iter().map(|row| (row[0].to_string(), amount(&row[5]) - amount(&row[6]))).collect();
    assert_eq!(found, by_policyholder.into_iter().map(|(name, net)| (name.to_owned(), net)).collect());
    let nets: Vec<i128> = hardest.iter().map(|row| amount(&row[5]) - amount(&row[6])).collect();
    assert!(nets.is_sorted_by(|one, next| one >= next), "{nets:?}");
    assert_eq!(hardest.iter().map(|row| row[1].to_string()).collect::<Vec<_>>(), ["2", "1"], "two contracts of one");
    for headings in [["Programme", "Lines"], ["Plan", "Lines"], ["Change", "Contracts"]] {
        let rows = rows_under(board, headings);
        let (total, rows) = rows.split_last().unwrap();
        for column in [2, 3, 5, 6] {
            let sum: i128 = rows.iter().map(|row| amount(&row[column])).sum();
            assert_eq!(sum, amount(&total[column]), "{headings:?}");
        }
        assert_eq!((amount(&total[5]), amount(&total[6])), (additional, credit), "{headings:?}");
    }
    let premium = rows_under(board, ["Premium", "Contracts"]);
    assert_eq!(amount(&premium[0][2]), kopecks_of(&impact["written"]["before"]));
    assert_eq!(amount(&premium[0][3]), kopecks_of(&impact["written"]["after"]));
    assert_eq!(amount(&premium[1][3]) - amount(&premium[1][2]), additional - credit);
    // every contract stands in the list of its status
    let listed = |name: &str| -> Vec<String> {
        rows_under(&sheets[name], ["Contract", "Policyholder"]).iter().map(|row| row[0].to_string()).collect()
    };
    assert_eq!(listed("Contracts set aside"), ["K-5"]);
    assert_eq!(listed("Unchanged contracts"), ["K-4"]);
    let mut repriced_numbers = listed("Repriced contracts");
    repriced_numbers.sort();
    assert_eq!(repriced_numbers, ["K-1", "K-2", "K-3"]);
}

#[test]
fn the_page_and_the_paper_have_the_same_figures() {
    let (_book, repriced) = repriced();
    let impact = repriced.impact();
    let page = fs::read_to_string(repriced.folder().join("impact.html")).unwrap();
    let figures = [
        &impact["written"]["before"],
        &impact["written"]["after"],
        &impact["annual"]["after"],
        &impact["additional"],
        &impact["credit"],
        &impact["programmes"][0]["annual_after"],
        &impact["plans"][1]["additional"],
    ];
    for figure in figures {
        assert!(page.contains(&format!("data-v=\"{}\"", figure.as_str().unwrap())), "{figure}");
    }
    assert!(page.contains("Programmes of the change without a repriced line: 1, 7."));
    assert!(page.contains("2026-06-30"), "the deadline is the last day of the old prices");
    assert!(!page.contains("src=") && !page.contains("href=\"http"), "the page needs no network");
    let paper = fs::read(repriced.folder().join("impact.pdf")).unwrap();
    let Some(text) = poppler("pdftotext", &["-layout", "-"], &paper) else { return };
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for figure in figures {
        let grouped =
            kollektiv::base::messages::Language::En.amount(kollektiv::base::money::Kopecks::new(kopecks_of(figure)));
        assert!(text.contains(&grouped), "{grouped} in {text}");
    }
    for wanted in ["clause 2.3", "2026-06-30", "=ООО «Формула»", "rule I19", "price_fixed"] {
        assert!(text.contains(wanted), "{wanted} in {text}");
    }
}

#[test]
fn documents_made_later_have_the_same_bytes() {
    let (book, repriced) = repriced();
    let with = files(repriced.folder());
    let documents = complete_manifest(repriced.folder())["documents"].clone();
    assert_eq!(documents.as_object().unwrap().keys().collect::<Vec<_>>(), ["impact.html", "impact.pdf", "impact.xlsx"]);
    // the same change again, without documents and with one thread, then the documents alone
    let change = fs::read_to_string(book.beside("board.toml")).unwrap();
    let (run, again) = book.reprice("board", &change, &["--threads", "1"]);
    run.exits_with(4);
    assert!(!files(again.folder()).contains_key("impact.pdf"));
    report(again.folder(), &["--lang", "en"]).exits_with(0);
    complete_manifest(again.folder());
    assert_eq!(files(again.folder()), with);
    // in the other language beside it
    let russian = book.beside("russian");
    report(again.folder(), &["--documents", "html", "--out", russian.to_str().unwrap()]).exits_with(0);
    let page = fs::read_to_string(russian.join("impact.html")).unwrap();
    assert!(page.contains("Влияние изменения цен на портфель"));
    assert_eq!(files(&russian)["impact.pdf"], with["impact.pdf"], "a document that was not asked for stays");
    for option in ["--with-names", "--documents=html-client"] {
        let run = report(&russian, &[option]).exits_with(3);
        assert!(run.err.contains("xlsx") && run.err.contains("пересчёт"), "{}", run.err);
    }
}

#[test]
fn documents_of_a_changed_repricing_are_refused() {
    let (_book, repriced) = repriced();
    let folder = repriced.folder();
    let contracts = fs::read_to_string(folder.join("contracts.csv")).unwrap();
    fs::write(folder.join("contracts.csv"), contracts.replace("K-1", "K-9")).unwrap();
    assert!(report(folder, &[]).exits_with(3).err.contains("contracts.csv"));
    // even where the manifest agrees, the rows add up to the impact or there is no document
    let row: Vec<&str> = contracts.lines().filter(|line| !line.starts_with("K-1")).collect();
    let cut = row.join("\n") + "\n";
    fs::write(folder.join("contracts.csv"), &cut).unwrap();
    let mut manifest = json(&folder.join(MANIFEST));
    manifest["files"]["contracts.csv"] = json!({ "sha256": sha256(cut.as_bytes()), "bytes": cut.len() });
    fs::write(folder.join(MANIFEST), manifest.to_string()).unwrap();
    assert!(report(folder, &[]).exits_with(3).err.contains("contracts.csv"));
}

/// Writes a repricing of as much as a page can have: programmes, plans, ranges, policyholders with long names, reasons.
fn crowded(folder: &Path) {
    let text = fs::read_to_string(folder.join("contracts.csv")).unwrap();
    let header = text.lines().next().unwrap();
    let mut impact = json(&folder.join("impact.json"));
    let code = |number: i32| {
        let mut code = impact["programmes"][0].clone();
        code["code"] = number.to_string().into();
        code["name"] = "Комплексное амбулаторно-поликлиническое обслуживание ".repeat(3).into();
        code["name_en"] = "Comprehensive outpatient care with home visits of a physician ".repeat(3).into();
        code
    };
    let codes: Vec<Value> = (1..=40).map(code).collect();
    impact["programmes"] = codes.clone().into();
    impact["plans"] = codes.into();
    for size in impact["sizes"].as_array_mut().unwrap() {
        size["contracts"] = 3.into();
    }
    let mut rows = header.to_owned() + "\n";
    for number in 0..900 {
        let name = format!(
            "ПАО «{} № {number}»",
            "Межрегиональная распределительная сетевая компания Северо-Запада ".repeat(3)
        );
        let figures = if number < 400 {
            "10,30,20,1234567890.12,1000000.00,1120000.00,60000.00,0.00,5.00,0.00,1.00,2.00,repriced,,base-1,00"
                .to_owned()
        } else {
            let reason = format!(
                "программа {}: уровень цен вышел бы за 0.1–5.0, передайте договор на рассмотрение андеррайтеру",
                number % 9
            );
            format!("10,30,0,1234567890.12,1000000.00,,,,5.00,0.00,1.00,2.00,set-aside,\"{reason}\",base-1,00")
        };
        writeln!(rows, "L-{number:04},{name},{figures}").unwrap();
    }
    let roubles = |roubles: i64| Value::from(format!("{roubles}.00"));
    impact["contracts"] =
        json!({ "in_book": 12_345, "touched": 900, "repriced": 400, "unchanged": 0, "set_aside": 500 });
    impact["additional"] = roubles(60_000 * 400);
    impact["credit"] = roubles(0);
    impact["annual"] = json!({ "before": roubles(900_000_000), "after": roubles(1_120_000 * 400 + 500_000_000) });
    let impact = serde_json::to_vec(&impact).unwrap();
    let mut manifest = json(&folder.join(MANIFEST));
    for (name, content) in [("impact.json", impact), ("contracts.csv", rows.into_bytes())] {
        manifest["files"][name] = json!({ "sha256": sha256(&content), "bytes": content.len() });
        fs::write(folder.join(name), content).unwrap();
    }
    fs::write(folder.join(MANIFEST), manifest.to_string()).unwrap();
}

#[test]
fn the_board_has_one_page_however_much_there_is() {
    let (_book, repriced) = repriced();
    let folder = repriced.folder();
    crowded(folder);
    for (language, last, list) in
        [("en", "other reasons", "Contracts set aside"), ("ru", "другие причины", "Отложенные договоры")]
    {
        report(folder, &["--lang", language]).exits_with(0);
        let paper = fs::read(folder.join("impact.pdf")).unwrap();
        let Some(text) = poppler("pdftotext", &["-layout", "-"], &paper) else { return };
        let pages: Vec<&str> = text.split('\u{c}').collect();
        assert!(pages[0].contains(last), "{language}: {}", pages[0]);
        assert!(pages[1].trim_start().starts_with(list), "{language}: {}", pages[1]);
        assert!(pages[0].contains('…'), "long names are shortened");
        assert!(pages.len() > 3);
        assert_eq!(Table::open(&folder.join("contracts.csv")).rows.len(), 900);
        let workbook = sheets(&folder.join("impact.xlsx"));
        let listed = workbook.values().map(Range::height).max();
        assert_eq!(listed, Some(504), "the workbook has every contract");
    }
}
