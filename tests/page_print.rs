//! Pages on paper: a browser prints them, headings are repeated on every page, and no column is cut off.

use std::path::Path;

use tempfile::TempDir;

use crate::browser::print_to_pdf;
use crate::offer::poppler;
use crate::program::{Table, quote, sample};

/// The pages of a printed page as text.
fn printed(page: &Path) -> Option<Vec<String>> {
    let paper = print_to_pdf(page)?;
    let text = poppler("pdftotext", &["-layout", "-"], &paper)?;
    Some(text.split('\u{c}').map(str::to_owned).collect())
}

/// The quote of the large sample with its page.
fn zavod() -> (TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    quote(&sample("zavod"), &out, &["--documents", "html"]).exits_with(0);
    (folder, out)
}

#[test]
fn a_printed_table_has_its_headings_on_every_page_and_all_its_columns() {
    let (_folder, out) = zavod();
    let Some(pages) = printed(&out.join("quote.html")) else { return };
    let rates = Table::open(&out.join("rates.csv"));
    let first = pages.iter().position(|page| page.contains("Ставки договора")).unwrap();
    let is_next = |page: &String| page.contains("К чему относится");
    let last = first + 1 + pages[first + 1..].iter().position(is_next).unwrap();
    assert!(last > first + 2, "the price list has several pages");
    for page in &pages[first + 1..last] {
        let head: String = page.lines().filter(|line| !line.trim().is_empty()).take(3).collect::<Vec<_>>().join(" ");
        for heading in ["Вариант", "Программа", "Возраст", "Ставка"] {
            assert!(head.contains(heading), "{heading} in {head}");
        }
    }
    // the last column is the rate, with every digit
    let text = pages[first..].join("\n");
    let mut missing = Vec::new();
    for [rate] in rates.columns(["rate"]) {
        if !text.contains(rate) {
            missing.push(rate);
        }
    }
    assert!(missing.is_empty(), "{missing:?}");
    // and groups end with theirs
    let groups = pages.iter().position(|page| page.contains("Группы застрахованных")).unwrap();
    let head: String = pages[groups + 1].lines().take(3).collect();
    assert!(head.contains("Вариант") && head.contains("Ставка"), "{head}");
}

#[test]
fn the_page_of_the_board_prints_its_lists_apart() {
    let folder = tempfile::tempdir().unwrap();
    let book = folder.path().join("book");
    let out = folder.path().join("out");
    let run = |arguments: &[&str]| {
        let book = ["--portfolio", book.to_str().unwrap(), "--quiet"];
        crate::program::run(arguments.iter().chain(&book)).exits_with(0);
    };
    let project = crate::program::project();
    let path = |name: &str| project.join("samples").join(name).to_str().unwrap().to_owned();
    run(&["bind", &path("zavod/contract.toml")]);
    let change = path("portfolio/change.toml");
    run(&["reprice", &change, "--dry-run", "--documents", "html", "--out", out.to_str().unwrap()]);
    let Some(pages) = printed(&out.join("impact.html")) else { return };
    let list = pages.iter().position(|page| page.contains("Пересчитанные договоры")).unwrap();
    assert!(pages[list].trim_start().starts_with("Пересчитанные договоры"), "{}", pages[list]);
    let board = pages[..list].join("\n");
    for heading in ["По программам", "По вариантам", "По величине", "Страхователи"]
    {
        assert!(board.contains(heading), "{heading}");
    }
}
