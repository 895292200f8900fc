//! The offer in PDF: its text by `pdftotext`, the same bytes on every run, faults of a template at their lines.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use kollektiv::base::error::Error;
use kollektiv::base::messages::Language;
use kollektiv::base::source_file::{Fault, SourceFile};
use kollektiv::output::pdf::Template;
use kollektiv::quote::documents::offer::clinic_names::{ClinicName, ClinicNames, with_clinics};
use kollektiv::quote::documents::offer::numeral::in_words;
use kollektiv::quote::documents::offer::{pdf, template};
use kollektiv::quote::files::{FilesRequest, LineFormat, write_quote};
use kollektiv::quote::insurer::with_insurer;
use kollektiv::quote::saved_quote::SavedQuote;
use tempfile::TempDir;

use crate::program::sample;
use crate::support::{Case, ContractText, RosterText, contract, roster};

/// Prices a contract and its roster, writes the quote and reads it back.
fn written(contract: &ContractText, roster: &RosterText, preliminary: bool) -> SavedQuote {
    let case = Case::open(contract, roster).unwrap();
    written_quote(&case.quote(preliminary).unwrap())
}

fn written_quote(quote: &kollektiv::quote::Quote<'_>) -> SavedQuote {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let request = FilesRequest {
        language: Language::Ru,
        formats: vec![LineFormat::Csv],
        preliminary: false,
        documents: Vec::new(),
        template: template(),
        with_names: false,
    };
    write_quote(quote, &out, &request, &()).unwrap();
    SavedQuote::open(&out).unwrap()
}

/// The document by the built-in template.
#[track_caller]
fn offer(written: &SavedQuote, language: Language) -> Vec<u8> {
    pdf(written, &template(), language).unwrap_or_else(|fault| panic!("{fault}"))
}

/// The larger sample: four plans, nine covers, four instalments.
fn zavod() -> SavedQuote {
    let tariff = kollektiv::tariff::Tariff::base();
    let contract = kollektiv::quote::contract::Contract::open(&sample("zavod"), &tariff).unwrap();
    let roster = sample("zavod").with_file_name("roster.xlsx");
    let roster = kollektiv::roster::Roster::read(&[roster], &contract.roster_spec(&tariff), &()).unwrap();
    written_quote(&kollektiv::quote::Quote::new(&contract, &tariff, roster, false).unwrap())
}

/// A small offer with a template of these lines.
fn by_template(lines: &str) -> Result<Vec<u8>, Error> {
    let folder = tempfile::tempdir().unwrap();
    by_template_in(&folder, lines)
}

fn by_template_in(folder: &TempDir, lines: &str) -> Result<Vec<u8>, Error> {
    let path = folder.path().join("own.typ");
    fs::write(&path, lines).unwrap();
    let written = written(&contract().cover("16", ""), &roster().crowd(3), false);
    pdf(&written, &Template::open(&path).unwrap(), Language::Ru)
}

/// The faults of a refused template, each with its line of the template.
#[track_caller]
fn faults(made: Result<Vec<u8>, Error>) -> Vec<(String, String)> {
    let Err(Error::Refused { source, faults }) = made else { panic!("no refusal: {made:?}") };
    faults.iter().map(|fault| (about(&source, fault), Language::En.render(&fault.message))).collect()
}

fn about(document: &SourceFile, fault: &Fault) -> String {
    format!("{}: {}", document.line(fault.span.start), &document.text[fault.span.clone()])
}

/// The output of a program of poppler-utils for a document; none if it is not installed, which fails `.ci/run`.
pub fn poppler(program: &str, arguments: &[&str], document: &[u8]) -> Option<String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("offer.pdf");
    fs::write(&path, document).unwrap();
    match Command::new(program).arg(&path).args(arguments).output() {
        Ok(output) => {
            assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
            Some(String::from_utf8(output.stdout).unwrap())
        }
        Err(fault) => {
            assert!(std::env::var_os("KOLLEKTIV_EVERY_TEST").is_none(), "{program} has to be there: {fault}");
            // directly: the test harness hides the output of passing tests
            let notice = format!("SKIPPED: {program} (poppler-utils) is needed to read the document: {fault}\n");
            std::io::stderr().write_all(notice.as_bytes()).unwrap();
            None
        }
    }
}

/// The text of a document with single spaces.
pub fn text(document: &[u8]) -> Option<String> {
    let text = poppler("pdftotext", &["-", "-layout"], document)?;
    Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

#[test]
fn an_offer_has_the_figures_of_its_quote() {
    let written = zavod();
    let quote = &written.quote;
    for (language, page) in [(Language::Ru, "стр. 1 из"), (Language::En, "page 1 of")] {
        let document = offer(&written, language);
        let Some(text) = text(&document) else { return };
        let has = |wanted: &str| {
            let wanted = wanted.replace('\u{a0}', " ");
            assert!(text.contains(&wanted), "{language}: no «{wanted}» in {text}");
        };
        has(&quote.number);
        has(&quote.policyholder);
        has(page);
        has(&language.count(quote.headcount));
        has(&language.amount(quote.premium));
        has(&in_words(quote.premium, language));
        for plan in &quote.plans {
            has(&format!("{}. {}", plan.code, plan.name.as_ref().unwrap()));
            has(&language.amount(plan.premium));
            has(&language.count(plan.insured));
            for cover in &plan.covers {
                has(&format!("{}.", cover.programme));
                has(&language.amount(cover.sum_insured));
                for service in cover.exclude.iter().chain(&cover.include) {
                    has(service.name(language).split(' ').next().unwrap());
                }
            }
        }
        for instalment in &quote.instalments {
            has(&language.amount(instalment.amount));
        }
        assert!(!text.contains(&language.amount(quote.corridor.high)), "the corridor is the insurer's own");
        assert!(!text.to_lowercase().contains(if language == Language::Ru {
            "предварит"
        } else {
            "preliminary"
        }));
    }
}

#[test]
fn a_preliminary_offer_is_marked() {
    let contract = contract().cover("16", "");
    let rows = roster().crowd(7).aged(85, 1);
    let document = offer(&written(&contract, &rows, true), Language::Ru);
    let Some(text) = text(&document) else { return };
    assert!(text.contains("Предварительное предложение"), "{text}");
    assert!(text.contains("Предварительный расчёт"), "{text}");
    assert!(text.contains("Не вошло в расчёт строк списка: 1."), "{text}");
}

#[test]
fn an_offer_names_own_sums_of_some_insured_and_of_all() {
    let terms = contract().cover_of("16", "100000", "");
    let [some, all] = [roster().crowd(2), roster().aged(40, 1).with_sum("500000").aged(40, 1).with_sum("250000.55")];
    let some = some.aged(41, 1).with_sum("500000");
    // own sums with the same total as the cover's
    let level = roster().aged(40, 1).with_sum("50000").aged(40, 1).with_sum("150000").aged(40, 1);
    for (people, wanted, unwanted) in [
        (some, "у части застрахованных", "у каждого своя"),
        (level, "у части застрахованных", "у каждого своя"),
        (all, "у каждого своя", "у части застрахованных"),
        (roster().crowd(3), "100 000,00", "своя, по списку"),
    ] {
        let document = offer(&written(&terms, &people, false), Language::Ru);
        let Some(text) = text(&document) else { return };
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains(wanted) && !text.contains(unwanted), "{text}");
    }
}

#[test]
fn the_offer_is_pdf_a_with_embedded_fonts() {
    let document = offer(&zavod(), Language::Ru);
    let metadata = String::from_utf8_lossy(&document).into_owned();
    assert!(metadata.contains("<pdfaid:part>2</pdfaid:part>"), "PDF/A-2");
    assert!(metadata.contains("<pdfaid:conformance>A</pdfaid:conformance>"), "PDF/A-2a");
    assert!(metadata.contains("/Lang (ru)") || metadata.contains("/Lang(ru)"), "a language");
    assert!(metadata.contains("<xmp:CreateDate>2000-01-01"), "a date that is the same every day");
    let Some(known) = poppler("pdfinfo", &[], &document) else { return };
    assert!(known.lines().any(|line| line.starts_with("Title:") && line.ends_with("DMS-2026-1201")), "{known}");
    assert!(known.lines().any(|line| line.starts_with("Tagged:") && line.ends_with("yes")), "{known}");
    let Some(faces) = poppler("pdffonts", &[], &document) else { return };
    let faces: Vec<&str> = faces.lines().skip(2).collect();
    assert_eq!(faces.len(), 2, "{faces:?}");
    for face in faces {
        // the columns emb, sub and uni of pdffonts
        assert!(face.contains("GolosText") && face.contains("yes yes yes"), "{face}");
    }
}

#[test]
fn the_same_quote_gives_the_same_bytes() {
    let written = zavod();
    let made = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| offer(&written, Language::Ru))
    };
    let one = made(1);
    for threads in [1, 2, 5] {
        assert!(made(threads) == one, "with {threads} threads");
    }
    assert!(one != offer(&written, Language::En));
}

#[test]
fn an_exported_template_is_the_built_in_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("offer.typ");
    fs::write(&path, template().text()).unwrap();
    let written = written(&contract().cover("16", ""), &roster().crowd(3), false);
    let [own, built_in] =
        [with_clinics(with_insurer(Template::open(&path).unwrap(), None), &ClinicNames::new()), template()]
            .map(|template| pdf(&written, &template, Language::Ru).unwrap_or_else(|fault| panic!("{fault}")));
    assert!(own == built_in);
}

#[test]
fn names_are_text_and_never_markup() {
    let name = r#"#panic("x") *жирный* $x$ `y` <z> @ссылка \ // /* "к" [a] = 1"#;
    let contract = contract().plan("A").cover("16", "");
    let contract = contract.to_string().replace("«Проверка»", &name.replace('\\', "\\\\").replace('"', "\\\""));
    let case = Case::open(&contract, &roster().crowd(3)).unwrap();
    let written = written_quote(&case.quote(false).unwrap());
    assert!(written.quote.policyholder.contains(name));
    let document = offer(&written, Language::Ru);
    let Some(text) = text(&document) else { return };
    assert!(text.contains(name), "{text}");
}

#[test]
fn instalments_stay_together_and_signatures_are_never_alone() {
    let firsts = |months: &[u32]| {
        let days = months.iter().map(|month| format!("2026-{month:02}-01")).collect::<Vec<_>>();
        format!("instalments = [{}]", days.join(", "))
    };
    let quarters = firsts(&[1, 4, 7, 10]);
    // every number of plans moves the end of the offer to another height of the page
    for plans in 1..=12 {
        let mut text = contract().with(&quarters);
        for plan in 0..plans {
            text = text.plan(&format!("В{plan}")).cover("16", "exclude = ['dental']").cover("8", "");
        }
        let document = offer(&written(&text, &roster().crowd(1).on("В0"), false), Language::Ru);
        let Some(pages) = poppler("pdftotext", &["-", "-layout"], &document) else { return };
        let pages: Vec<&str> = pages.split('\u{c}').filter(|page| !page.trim().is_empty()).collect();
        let last = pages[pages.len() - 1];
        let has = |day: &str| last.contains(&format!("{day} – "));
        assert!(["01.01.2026", "01.04.2026", "01.07.2026", "01.10.2026"].into_iter().all(has), "{plans} plans: {last}");
        assert!(last.contains("Порядок оплаты") && last.contains("Подписи сторон"), "{plans} plans: {last}");
    }
}

#[test]
fn an_offer_states_validity_prices_of_a_head_and_clinics() {
    let text = contract().with("offer_until = 2025-12-20").plan("A").cover("16", "").to_string();
    let text = text
        + "\n[[plan.clinic]]\nclinic = \"dent-01\"\nmode = \"by-fact\"\n\
                       [[plan.clinic]]\nclinic = \"К-7\"\nmode = \"attachment\"\nprogramme = \"VIP\"\n";
    let case = Case::open(&text, &roster().crowd(3)).unwrap();
    let written = written_quote(&case.quote(false).unwrap());
    let head = Language::Ru.amount(kollektiv::base::money::portion(written.quote.premium, 1, 3));
    let known = ClinicName { name: "ООО «Дент»".to_owned(), address: Some("Москва".to_owned()) };
    let names = ClinicNames::from([("dent-01".to_owned(), known)]);
    let document = pdf(&written, &with_clinics(template(), &names), Language::Ru).unwrap();
    let Some(text) = self::text(&document) else { return };
    for wanted in
        ["по 20.12.2025 включительно", head.as_str(), "ООО «Дент», Москва (по гарантийным письмам); К-7 (VIP)"]
    {
        assert!(text.contains(&wanted.replace('\u{a0}', " ")), "no «{wanted}» in {text}");
    }
}

#[test]
fn the_longest_names_and_ten_plans_fit_the_offer() {
    let long = |letters: usize, word: &str| word.repeat(letters / word.chars().count());
    let mut contract = String::new();
    for plan in 0..10 {
        let name = long(200, ["Сотрудники ", "Ж"][plan % 2]) + &plan.to_string();
        let code = long(60, "Ю") + &plan.to_string();
        contract.extend(["\n[[plan]]\ncode = \"", &code, "\"\nname = \"", &name, "\"\n"]);
        contract += "[[plan.cover]]\nprogramme = \"16\"\nsum_insured = \"1000000000000\"\nexclude = [\"dental\"]\n";
    }
    let head = format!(
        "number = \"{}\"\npolicyholder = \"{}\"\nstart = 2026-01-01\nend = 2026-12-31\n",
        long(80, "Ш"),
        long(300, "Щ")
    );
    let plan = long(60, "Ю") + "3";
    let case = Case::open(&(head + &contract), &roster().crowd(1).on(&plan)).unwrap();
    let document = offer(&written_quote(&case.quote(false).unwrap()), Language::Ru);
    let Some(text) = text(&document) else { return };
    assert_eq!(text.matches('Щ').count(), 600, "both at the head and at the signature");
}

/// The offer for a policyholder of this name.
fn offer_to(policyholder: &str, contract: &ContractText) -> Vec<u8> {
    let mut written = written(contract, &roster().crowd(3), false);
    policyholder.clone_into(&mut written.quote.policyholder);
    offer(&written, Language::Ru)
}

#[test]
fn the_signature_lines_are_below_the_longest_name() {
    let contract = contract().cover("16", "");
    for words in [3, 20, 40] {
        let name = format!("{}Последнее", "Государственное ".repeat(words));
        let Some(boxes) = poppler("pdftotext", &["-bbox", "-"], &offer_to(&name, &contract)) else { return };
        let heights = |word: &str, edge: &str| {
            let lines = boxes.lines().filter(|line| line.contains(&format!(">{word}<")));
            let edges = lines.map(|line| {
                let (_, rest) = line.split_once(&format!("{edge}=\"")).unwrap();
                rest.split_once('"').unwrap().0.parse::<f64>().unwrap()
            });
            edges.collect::<Vec<_>>()
        };
        let name_ends = heights("Последнее", "yMax").into_iter().fold(0.0, f64::max);
        let lines = [heights("должность", "yMin"), heights("М.", "yMin")].concat();
        assert_eq!(lines.len(), 4, "{boxes}");
        assert!(lines.iter().all(|line| *line > name_ends + 10.0), "{words}: {lines:?}, {name_ends}");
        assert!((lines[0] - lines[1]).abs() < 0.1, "the lines of both parties stand at one height: {lines:?}");
    }
}

#[test]
fn long_words_are_kept_whole() {
    let long = "Абвгдежзийклмнопрстуфхцчшщъыьэюяабвгдежз";
    let document = offer_to(&format!("ООО {long}"), &contract().cover("14", ""));
    let Some(text) = text(&document) else { return };
    for word in ["реабилитационно-восстановительное", long] {
        assert!(text.contains(word), "no «{word}» in {text}");
    }
    assert!(!text.contains('\u{200b}'), "{text}");
    // a word longer than a line is broken without losing a letter
    let endless = long.repeat(8);
    let Some(set) = poppler("pdftotext", &["-"], &offer_to(&endless, &contract().cover("16", ""))) else { return };
    let set: String = set.split_whitespace().collect();
    assert_eq!(set.matches(&endless).count(), 2, "{set}");
}

#[test]
fn characters_without_glyphs_are_named() {
    let text = contract().cover("16", "").to_string().replace("«Проверка»", "会社 Ѣ 会");
    let case = Case::open(&text, &roster().crowd(3)).unwrap();
    let made = pdf(&written_quote(&case.quote(false).unwrap()), &template(), Language::Ru);
    assert!(matches!(&made, Err(Error::NoFace { letters }) if letters == "会社Ѣ"), "{made:?}");
}

#[test]
fn a_fault_of_a_template_has_its_line() {
    assert_eq!(
        faults(by_template("= Заголовок\n\n#strange\n")),
        [("3: strange".to_owned(), "fault of the template: unknown variable: strange".to_owned())]
    );
    // after a byte order mark too
    assert_eq!(faults(by_template("\u{feff}#let offer = json(\"offer.json\")\n#offer.prize\n"))[0].0, "2: prize");
    assert_eq!(
        faults(by_template("x\n#f(1"))[0],
        ("2: (".to_owned(), "fault of the template: unclosed delimiter".to_owned())
    );
}

#[test]
fn a_warning_of_typst_is_a_fault() {
    let [unknown] = &faults(by_template("#set text(font: \"Letterhead\")\n#set document(title: \"x\")\nx"))[..] else {
        panic!("one fault")
    };
    assert_eq!(unknown.0, "1: \"Letterhead\"");
    assert!(unknown.1.contains("unknown font family: letterhead"), "{}", unknown.1);
}

#[test]
fn a_template_reads_only_files_of_its_folder() {
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    put("head.typ", "#let head = [Бланк страховщика]\n");
    put("logo.svg", "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><rect width='9' height='9'/></svg>");
    let good = "#import \"head.typ\": head\n#set document(title: \"x\")\n#head #image(\"logo.svg\", alt: \"Знак\") #json(\"offer.json\").number";
    let document = by_template_in(&folder, good).unwrap_or_else(|fault| panic!("{fault}"));
    if let Some(text) = text(&document) {
        assert_eq!(text, "Бланк страховщика T-1");
    }
    put("head.typ", "\n#let head = 1 + [x]\n");
    let found = faults(by_template_in(&folder, good));
    assert!(found[0].1.contains("head.typ:2: cannot add integer and content"), "{found:?}");
    for (line, message) in [
        ("#read(\"../secret.txt\")", "outside"),
        ("#read(\"secret.txt\")", "file not found"),
        ("#import \"@preview/cetz:0.4.2\"", "package not found"),
        ("#datetime.today()", "date"),
    ] {
        let found = faults(by_template_in(&folder, line));
        assert!(found[0].0.starts_with("1: ") && found[0].1.contains(message), "{line}: {found:?}");
    }
    assert!(matches!(Template::open(Path::new("no/such.typ")), Err(Error::Missing { .. })));
}
