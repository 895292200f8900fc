//! The desk of `quote.html` in a browser: at any position of its ranges it has the figures of the program to the kopeck.

mod open_desk;

use std::cell::RefCell;
use std::fmt::Write;
use std::path::PathBuf;
use std::sync::LazyLock;

use kollektiv::base::messages::Language;
use kollektiv::base::money::Kopecks;
use kollektiv::desk::exposure::Exposure;
use kollektiv::desk::range_factor::RangePosition;
use kollektiv::desk::target::{TargetOutcome, solve_target};
use kollektiv::quote::Quote;
use kollektiv::quote::documents::{DocumentKind, offer};
use kollektiv::quote::files::{FilesRequest, LineFormat, write_quote};
use kollektiv::tariff::Tariff;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::json;
use tempfile::TempDir;

use crate::browser::Browser;
use crate::program::{quote, sample};
use crate::properties::cases;
use crate::properties::generators::{Scenario, long_edition, scenario};
use crate::support::{Case, contract, roster};
use open_desk::{Move, OpenDesk, Shown, moves};

static BASE: LazyLock<Tariff> = LazyLock::new(Tariff::base);
static LONG: LazyLock<Tariff> = LazyLock::new(long_edition);

/// The page of a quote, in a folder of its own.
fn page(quote: &Quote<'_>) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let request = FilesRequest {
        language: Language::Ru,
        formats: vec![LineFormat::Csv],
        preliminary: false,
        documents: vec![DocumentKind::Page],
        template: offer::template(),
        with_names: false,
    };
    write_quote(quote, &out, &request, &()).unwrap();
    (folder, out.join("quote.html"))
}

/// Moves the ranges of a page again and again, and prices the contract with the lines that the page offers.
fn check_positions(browser: &mut Browser, tariff: &Tariff, scenario: &Scenario, positions: &[Vec<Move>]) {
    let (text, people) = (scenario.contract(tariff).to_string(), scenario.roster(tariff));
    let case = Case::open_with(tariff.clone(), &text, &people).unwrap();
    let quote = case.quote(false).unwrap();
    let (_folder, page) = page(&quote);
    let mut desk = OpenDesk::open(browser, &page);
    assert_eq!(desk.shown(), Shown::new(&quote), "{text}");
    assert_eq!(desk.text(".desk-result .quiet"), "как в расчёте");
    let ranges = desk.ranges();
    for moves in positions {
        for (range, one) in moves.iter().enumerate().take(ranges) {
            desk.move_range(range, one);
        }
        let moved = desk.paste_into(&text);
        let case =
            Case::open_with(tariff.clone(), &moved, &people).unwrap_or_else(|fault| panic!("{fault:?}\n{moved}"));
        assert_eq!(desk.shown(), Shown::new(&case.quote(false).unwrap()), "{moved}");
    }
}

#[test]
fn the_desk_prices_any_position_as_a_quote_with_its_lines_does() {
    let Some(browser) = Browser::start() else { return };
    let browser = RefCell::new(browser);
    for (tariff, contracts) in [(&*BASE, 24), (&*LONG, 8)] {
        let mut runner = TestRunner::new(cases(contracts));
        let contracts = (scenario(tariff, 1..60_usize), vec(moves(), 4));
        let checked = runner.run(&contracts, |(scenario, positions)| {
            check_positions(&mut browser.borrow_mut(), tariff, &scenario, &positions);
            Ok(())
        });
        checked.unwrap_or_else(|fault| panic!("{fault}"));
    }
}

#[test]
fn the_desk_finds_the_choices_that_target_finds() {
    let Some(browser) = Browser::start() else { return };
    let browser = RefCell::new(browser);
    let mut runner = TestRunner::new(cases(16));
    let contracts = (scenario(&BASE, 1..60_usize), vec((0..=10_000_u64, vec(any::<bool>(), 12)), 3));
    let checked = runner.run(&contracts, |(scenario, targets)| {
        let case = Case::open_with(BASE.clone(), &scenario.contract(&BASE), &scenario.roster(&BASE)).unwrap();
        let quote = case.quote(false).unwrap();
        let price = quote.price.as_ref().unwrap();
        let (_folder, page) = page(&quote);
        let browser = &mut browser.borrow_mut();
        let exposure = Exposure::new(&quote, price);
        let all = RangePosition::all(&quote, price, &exposure);
        for (share, kept) in targets {
            let mut desk = OpenDesk::open(browser, &page);
            assert_eq!(desk.ranges(), all.len(), "the ranges of the program");
            let is_free = |at: &usize| !kept[*at];
            for at in (0..all.len()).filter(|at| !is_free(at)) {
                let free =
                    format!("document.querySelectorAll('.desk-range')[{at}].querySelector('[type=checkbox]').click()");
                desk.browser.evaluate(&free);
            }
            let free: Vec<_> = (0..all.len()).filter(is_free).map(|at| all[at].clone()).collect();
            let solve = |target| solve_target(&exposure, quote.contract, &free, target).unwrap();
            let TargetOutcome::OutOfReach { lowest, highest } = solve(Kopecks::new(-1)) else {
                panic!("nothing costs less than nothing")
            };
            let answer = desk.find_target(highest + Kopecks::new(1));
            let amount = |amount| Language::Ru.amount(amount);
            assert!(answer.contains(&amount(lowest)) && answer.contains(&amount(highest)), "{answer}");
            let target = Kopecks::new(lowest.get() + (highest - lowest).get() * i128::from(share) / 10_000);
            let TargetOutcome::Reached(reached) = solve(target) else {
                panic!("{target} is between {lowest} and {highest}")
            };
            desk.find_target(target);
            assert_eq!(desk.text(".desk-result .premium"), amount(reached.premium), "the target {target}");
            let numbers =
                "[...document.querySelectorAll('.desk-range')].map(range => range.querySelector('[type=text]').value)";
            let numbers: Vec<String> = serde_json::from_value(desk.browser.evaluate(numbers)).unwrap();
            let found = numbers.iter().enumerate().filter(|(at, _)| is_free(at)).map(|(_, number)| number.as_str());
            let needed = reached.moved.iter().map(|(_, needed)| Language::Ru.decimal(&needed.to_string()));
            assert!(found.eq(needed), "{numbers:?} are not {:?}", reached.moved);
        }
        Ok(())
    });
    checked.unwrap_or_else(|fault| panic!("{fault}"));
}

#[test]
fn the_desk_of_each_sample_proves_its_quote_and_moves_by_keyboard() {
    let Some(mut browser) = Browser::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    for (name, more) in [("zavod", &[][..]), ("census", &["--lang", "en"]), ("clinics", &[])] {
        let out = folder.path().join(name);
        quote(&sample(name), &out, &[&["--documents", "html"], more].concat()).exits_with(0);
        let mut desk = OpenDesk::open(&mut browser, &out.join("quote.html"));
        let premium = desk.text(".desk-result .premium");
        desk.browser.evaluate("document.querySelector('.desk-range [type=range]').focus()");
        desk.browser.press("ArrowRight", 39);
        let dearer = desk.text(".desk-result .premium");
        assert_ne!(dearer, premium);
        desk.browser.press("ArrowLeft", 37);
        assert_eq!(desk.text(".desk-result .premium"), premium, "{name}: one step there and back");
    }
}

#[test]
fn a_coefficient_that_the_contract_leaves_out_can_be_applied_in_the_page() {
    let Some(mut browser) = Browser::start() else { return };
    let text = contract().choose("headcount = 'none'\nrisk = { 1 = 'none', 4 = 'high' }").cover("16", "");
    let people = roster().crowd(3).aged(50, 2);
    let case = Case::open_with(BASE.clone(), &text, &people).unwrap();
    let quote = case.quote(false).unwrap();
    let (_folder, page) = page(&quote);
    let mut desk = OpenDesk::open(&mut browser, &page);
    assert_eq!(desk.shown(), Shown::new(&quote));
    let toml = desk.text("#desk pre");
    assert_eq!(toml, "[choices]\nheadcount = \"none\"\nrisk = { 1 = \"none\", 4 = \"high\" }\n");
    for range in 0..3 {
        // the first button is the low end
        desk.browser
            .evaluate(&format!("document.querySelectorAll('.desk-range')[{range}].querySelector('button').click()"));
    }
    let moved = desk.paste_into(&text.to_string());
    assert!(moved.contains("headcount = \"low\"\nrisk = { 1 = \"low\", 2 = \"low\", 4 = \"high\" }"), "{moved}");
    let case = Case::open_with(BASE.clone(), &moved, &people).unwrap();
    let quote = case.quote(false).unwrap();
    assert_eq!(desk.shown(), Shown::new(&quote));
    let premium = quote.price.as_ref().unwrap().totals.premium;
    assert_eq!(premium.chosen, premium.low);
}

#[test]
fn a_number_outside_of_the_range_moves_nothing() {
    let Some(mut browser) = Browser::start() else { return };
    let case = Case::open_with(BASE.clone(), &contract().cover("16", ""), &roster().crowd(3)).unwrap();
    let quote = case.quote(false).unwrap();
    let (_folder, page) = page(&quote);
    let mut desk = OpenDesk::open(&mut browser, &page);
    for typed in ["", "2", "1,15001", "-1", "1e0", "0x1", "двадцать"] {
        desk.browser.evaluate(&format!(
            "{{ const number = document.querySelector('.desk-range [type=text]'); number.value = {};
                number.dispatchEvent(new Event('change')); }}",
            json!(typed)
        ));
        assert_eq!(desk.shown(), Shown::new(&quote), "{typed}");
        let error = desk.text(".desk-range .desk-error");
        assert!(error.starts_with("Нужно число от ") && error.contains("четырёх знаков"), "{typed}: {error}");
    }
}

#[test]
fn scenarios_stand_side_by_side_and_can_be_taken_again() {
    let Some(mut browser) = Browser::start() else { return };
    let case = Case::open_with(BASE.clone(), &contract().cover("16", ""), &roster().crowd(3)).unwrap();
    let (_folder, page) = page(&case.quote(false).unwrap());
    let mut desk = OpenDesk::open(&mut browser, &page);
    let press = |desk: &mut OpenDesk<'_>, text: &str| {
        let found = desk.browser.evaluate(&format!(
            "{{ const button = [...document.querySelectorAll('#desk button')].find(button => button.textContent === {});
                button.click(); true }}",
            json!(text)
        ));
        assert_eq!(found, json!(true));
    };
    let quoted = desk.text(".desk-result .premium");
    press(&mut desk, "верх");
    let dear = desk.text(".desk-result .premium");
    press(&mut desk, "Запомнить сценарий");
    press(&mut desk, "низ");
    let cheap = desk.text(".desk-result .premium");
    let premiums =
        "[...document.querySelectorAll('#desk table')[1].tBodies[0].rows[0].cells].map(cell => cell.textContent)";
    assert_eq!(desk.browser.evaluate(premiums), json!(["Премия", quoted, cheap, dear]));
    press(&mut desk, "Вернуться");
    assert_eq!(desk.text(".desk-result .premium"), dear);
    press(&mut desk, "Вернуть все места договора");
    assert_eq!(desk.text(".desk-result .premium"), quoted);
    press(&mut desk, "Удалить");
    assert_eq!(desk.browser.evaluate("document.querySelectorAll('#desk table').length"), json!(1));
}

#[test]
fn a_page_fits_a_telephone_and_its_print_a_sheet_with_the_headings_of_every_table() {
    let Some(mut browser) = Browser::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    for language in ["ru", "en"] {
        let out = folder.path().join(language);
        quote(&sample("zavod"), &out, &["--documents", "html,html-client", "--lang", language]).exits_with(0);
        for page in ["quote.html", "quote-client.html"] {
            let show = |browser: &mut Browser, width: u32, media: &str| {
                let metrics = json!({ "width": width, "height": 700, "deviceScaleFactor": 1, "mobile": true });
                browser.ask("Emulation.setDeviceMetricsOverride", &metrics);
                browser.ask("Emulation.setEmulatedMedia", &json!({ "media": media }));
                browser.open(&out.join(page));
                browser.evaluate("document.documentElement.scrollWidth").as_u64().unwrap()
            };
            assert_eq!(show(&mut browser, 320, "screen"), 320, "{page} in {language}");
            let top = "(() => {
                const ranges = document.querySelectorAll('.desk-range');
                if (ranges.length === 0) return 0;
                ranges[ranges.length - 1].scrollIntoView({ behavior: 'instant' });
                return document.querySelector('.desk-result').getBoundingClientRect().top;
            })()";
            assert_eq!(browser.evaluate(top).as_f64(), Some(0.0), "the premium stays in view");
            // A4 across with margins of 12 mm: (297 − 24) / 25.4 × 96 = 1031 points
            assert_eq!(show(&mut browser, 1031, "print"), 1031, "{page} in {language}");
            let widest = browser
                .evaluate("Math.max(...[...document.querySelectorAll('table')].map(table => table.scrollWidth))");
            assert!(widest.as_u64().unwrap() <= 1031, "no table is cut off: {widest}");
            // a sticky heading or a button is not repeated on the next sheet of a table
            let headings = browser.evaluate(
                "[...document.querySelectorAll('main > .scroll th[scope=col]')].map(heading => ({
                    position: getComputedStyle(heading).position,
                    button: heading.firstElementChild ? getComputedStyle(heading.firstElementChild).display : 'none',
                    text: heading.dataset.name ?? heading.textContent,
                    printed: heading.dataset.name ? JSON.parse(getComputedStyle(heading, '::before').content) : heading.textContent,
                }))",
            );
            let headings = headings.as_array().unwrap();
            assert!(headings.len() > 20);
            for heading in headings {
                assert_eq!([&heading["position"], &heading["button"]], ["static", "none"], "{heading}");
                assert_eq!(heading["printed"], heading["text"]);
            }
        }
    }
}

#[test]
fn a_quote_with_too_many_groups_has_a_page_that_names_the_limit() {
    let mut people = "ФИО;Дата рождения;Группа риска;План;Страховая сумма\n".to_owned();
    for number in 0..50_001 {
        let letters = [number / 676 / 26, number / 676 % 26, number / 26 % 26, number % 26];
        let name: String = letters.map(|letter| char::from(b'a' + u8::try_from(letter).unwrap())).iter().collect();
        writeln!(people, "Ivanov Petr Q{name};1985-01-01;1;A;{}", 100_000 + number).unwrap();
    }
    let case = Case::open_with(BASE.clone(), &contract().cover("16", ""), &people).unwrap();
    let (_folder, page) = page(&case.quote(true).unwrap());
    let page = std::fs::read_to_string(page).unwrap();
    assert!(page.contains("групп строк 50\u{a0}001") && page.contains("не больше 50\u{a0}000"));
    assert!(!page.contains("id=\"desk-data\""));
}

#[test]
fn the_script_reads_and_writes_figures_in_the_form_of_the_language() {
    let Some(mut browser) = Browser::start() else { return };
    let case = Case::open_with(BASE.clone(), &contract().cover("16", ""), &roster().crowd(3)).unwrap();
    let (_folder, page) = page(&case.quote(false).unwrap());
    let desk = OpenDesk::open(&mut browser, &page);
    for (expression, expected) in [
        // 1 234 567,89 in both languages, and a refund
        ("new Figures('ru').amount(123456789n)", json!("1\u{a0}234\u{a0}567,89 ₽")),
        ("new Figures('en').amount(-123456789n)", json!("-₽1,234,567.89")),
        ("new Figures('ru').amount(5n)", json!("0,05 ₽")),
        ("String(new Figures('ru').parseAmount('120 000 000,5 ₽'))", json!("12000000050")),
        ("String(new Figures('en').parseAmount('₽120,000,000.50'))", json!("12000000050")),
        ("String(new Figures('en').parseAmount('120,50'))", json!("null")),
        ("String(new Figures('ru').parseAmount('1,234'))", json!("null")),
        ("String(new Figures('ru').parseAmount('-5'))", json!("null")),
        // −1 / 3 = −33.333… %, 1 / 800 = 0.125 % → 0.13 %
        ("percentage(-1n, 3n)", json!("-33.33")),
        ("percentage(1n, 800n)", json!("+0.13")),
        // (0.85 + 0.88) / 2 = 0.865, (1.00 + 1.50) / 2 = 1.25
        ("formatDecimal(middle(parseDecimal('0.85'), parseDecimal('0.88')))", json!("0.865")),
        ("formatDecimal(middle(parseDecimal('1.00'), parseDecimal('1.50')))", json!("1.25")),
        ("String(roundedQuotient(5n, 10n)) + roundedQuotient(149n, 100n)", json!("11")),
        // a quote, DEL, which TOML forbids, and the end of a line
        (r#"tomlString('a"b\u007f\n')"#, json!(r#""a\"b\u007f\n""#)),
    ] {
        assert_eq!(desk.browser.evaluate(expression), expected, "{expression}");
    }
}
