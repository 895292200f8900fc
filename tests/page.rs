//! `quote.html` has the figures of the quote, loads nothing from outside, escapes every text, and names insured only on request.

use std::fs;
use std::path::{Path, PathBuf};

use kollektiv::base::messages::Language;
use kollektiv::base::money::Kopecks;
use quick_xml::events::Event;
use tempfile::TempDir;

use crate::program::{
    Table, complete_manifest, json, kopecks, kopecks_of, project, quote, sample, small_contract, write_contract,
};
use crate::support::{contract, roster};

/// The folder of a quote, and its page.
fn page(contract: &Path, more: &[&str]) -> (TempDir, PathBuf, String) {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    quote(contract, &out, &[&["--documents", "html"], more].concat()).exits_with(0);
    let page = fs::read_to_string(out.join("quote.html")).unwrap();
    (folder, out, page)
}

/// An element of a page: its name and its attributes.
type Element = (String, Vec<(String, String)>);

/// The elements of a page and its visible text, without style and script.
fn read(page: &str) -> (Vec<Element>, String) {
    let without = |page: &str, tag: &str| -> String {
        let (begin, end) = (format!("<{tag}>"), format!("</{tag}>"));
        let parts = page.split(&begin).enumerate();
        parts.map(|(at, part)| if at == 0 { part } else { part.split_once(&end).unwrap().1 }).collect()
    };
    let markup = without(&without(page, "style"), "script");
    let mut reader =
        quick_xml::Reader::from_str(markup.split_once("<html").map(|(head, _)| &markup[head.len()..]).unwrap());
    // HTML elements without an end tag
    reader.config_mut().check_end_names = false;
    let (mut elements, mut text) = (Vec::new(), String::new());
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) => {
                let name = start.name().0.to_owned();
                let attributes = start.attributes().map(|attribute| {
                    let attribute = attribute.unwrap();
                    let value = attribute.value.into_owned();
                    (attribute.key.0.to_owned(), value)
                });
                elements.push((name, attributes.collect()));
                text.push('\n');
            }
            Event::Text(words) => text.push_str(&words),
            Event::GeneralRef(entity) => text.push_str(match &*entity {
                "lt" => "<",
                "gt" => ">",
                "amp" => "&",
                "quot" => "\"",
                "#39" => "'",
                other => panic!("{other:?}"),
            }),
            Event::Eof => break (elements, text),
            _ => {}
        }
    }
}

#[test]
fn the_page_has_every_total_of_the_quote_in_both_languages() {
    for (language, code) in [(Language::Ru, "ru"), (Language::En, "en")] {
        let (_folder, out, page) = page(&sample("zavod"), &["--lang", code]);
        let quote_json = json(&out.join("quote.json"));
        let (_, text) = read(&page);
        let mut amounts = vec![&quote_json["premium"], &quote_json["corridor"]["low"], &quote_json["corridor"]["high"]];
        for (key, amount) in [("plans", "premium"), ("programmes", "premium"), ("instalments", "amount")] {
            amounts.extend(quote_json[key].as_array().unwrap().iter().map(|row| &row[amount]));
        }
        let groups = Table::open(&out.join("groups.csv"));
        let of_groups = groups.columns(["premium"]).into_iter().map(|[premium]| kopecks(premium));
        for amount in amounts.into_iter().map(kopecks_of).chain(of_groups) {
            let written = language.amount(Kopecks::new(amount));
            assert!(text.contains(&written), "{written}");
        }
        for row in &Table::open(&out.join("rates.csv")).rows {
            assert!(text.contains(&format!("\n{}", row[16])), "the rate {}", row[16]);
        }
        assert!(page.contains(&format!("<html lang=\"{code}\">")));
        assert!(page.ends_with("</body></html>\n"));
    }
}

#[test]
fn the_page_loads_nothing_and_every_link_in_it_has_a_target() {
    let (_folder, _, page) = page(&sample("mistakes"), &["--preliminary", "--with-names"]);
    let (elements, text) = read(&page);
    assert!(!page.contains("http:") && !page.contains("https:") && !page.contains("//www"), "no address at all");
    assert!(!page.contains("@import") && !page.contains("url("));
    let mut ways = 0;
    for (name, attributes) in &elements {
        assert!(!["link", "img", "iframe", "object", "embed", "base", "form"].contains(&name.as_str()), "{name}");
        for (attribute, value) in attributes {
            assert!(!["src", "srcset", "action", "xlink:href"].contains(&attribute.as_str()), "{name} {attribute}");
            assert!(!attribute.starts_with("on"), "{name} {attribute}");
            if attribute == "href" {
                let wanted = ("id".to_owned(), value.strip_prefix('#').unwrap().to_owned());
                assert!(elements.iter().any(|(_, attributes)| attributes.contains(&wanted)), "{value} leads nowhere");
                ways += 1;
            }
        }
    }
    assert!(ways > 10);
    let policy = elements.iter().flat_map(|(_, attributes)| attributes).find(|(name, _)| name == "content").unwrap();
    assert!(policy.1.starts_with("default-src &#39;none&#39;"), "{policy:?}");
    assert!(text.contains("Предварительный расчёт"));
    let pictures = elements.iter().filter(|(name, _)| name == "svg").count();
    for tag in ["title", "desc"] {
        let described = page.matches(&format!("<{tag} id=")).count();
        assert_eq!(described, pictures, "each picture has its {tag}");
    }
}

#[test]
fn texts_from_input_files_are_escaped() {
    let folder = tempfile::tempdir().unwrap();
    let evil = "<img src=x onerror=alert(1)>";
    let mut terms =
        contract().with("roster = \"roster.csv\"").plan("</td><script>1</script>").cover("16", "").to_string();
    terms = terms.replace("ООО «Проверка»", evil).replace("T-1", "</title><b>&amp;");
    terms = terms.replace("[[plan.cover]]", &format!("name = '\"><svg onload={evil}'\n[[plan.cover]]"));
    write_contract(folder.path(), &small_contract(), &roster());
    let file = folder.path().join("contract.toml");
    fs::write(&file, terms).unwrap();
    fs::write(folder.path().join("roster.csv"), roster().aged(40, 1).to_string().replace("Иванов", "Иванов'&amp"))
        .unwrap();
    let (_folder, _, plain) = page(&sample("zavod"), &[]);
    let (_folder, _, page) = page(&file, &["--with-names"]);
    let (elements, text) = read(&page);
    for wanted in [evil, "</title><b>&amp;", "</td><script>1</script>", "\"><svg onload="] {
        assert!(text.contains(wanted), "{wanted} is shown as it is");
    }
    let kinds = |elements: &[Element]| {
        let mut kinds: Vec<String> = elements.iter().map(|(name, _)| name.clone()).collect();
        kinds.sort_unstable();
        kinds.dedup();
        kinds
    };
    assert_eq!(kinds(&elements), kinds(&read(&plain).0), "no element comes from outside");
}

#[test]
fn the_insured_are_named_only_on_request() {
    let (_folder, out, silent) = page(&sample("zavod"), &[]);
    let premiums = Table::open(&out.join("premiums.csv"));
    let [mut names, mut births, mut ids] = [0; 3];
    let written = |date: &str| {
        let parts: Vec<&str> = date.split('-').rev().collect();
        parts.join(".")
    };
    let (_, text) = read(&silent);
    // the birthday of an insured may be a day of the contract
    let quote_json = fs::read_to_string(out.join("quote.json")).unwrap();
    for [name, birth, id] in premiums.columns(["name", "birth_date", "id"]) {
        let surname = name.split(' ').next().unwrap();
        names += usize::from(silent.contains(name) || text.contains(&format!("{surname} ")));
        births +=
            usize::from(!quote_json.contains(birth) && (silent.contains(birth) || silent.contains(&written(birth))));
        ids += usize::from(!id.is_empty() && text.contains(&format!("\n{id}\n")));
    }
    assert_eq!([names, births, ids], [0; 3]);
    assert_eq!(complete_manifest(&out)["documents"]["quote.html"]["with_names"], false);
    let (_folder, out, open) = page(&project().join("tests/golden/000/contract.toml"), &["--with-names"]);
    for [name, birth] in Table::open(&out.join("premiums.csv")).columns(["name", "birth_date"]) {
        assert!(open.contains(name) && open.contains(&written(birth)), "{name}");
    }
    assert_eq!(complete_manifest(&out)["documents"]["quote.html"]["with_names"], true);
}

#[test]
fn long_words_break_in_texts_and_tables_are_side_by_side_only_if_they_fit() {
    let (_folder, _, page) = page(&sample("zavod"), &[]);
    let rules = |selector: &str| {
        let rule = page.lines().find_map(|line| line.strip_prefix(selector)?.strip_prefix('{')).unwrap();
        rule.trim_end_matches('}').split(';').collect::<Vec<_>>()
    };
    assert!(rules("body").contains(&"overflow-wrap:anywhere"), "a word as long as a line");
    // in a table a breakable word would break before the table scrolls sideways
    assert!(rules("table").contains(&"overflow-wrap:normal"));
    assert!(rules(".two").contains(&"display:flex") && rules(".two").contains(&"flex-wrap:wrap"));
    // without `min-width` an item is as wide as its content, except in a narrower window
    assert_eq!(rules(".two>*"), ["flex:1 1 26rem", "max-width:100%"]);
}

#[test]
fn the_page_of_the_policyholder_has_no_range_no_corridor_and_no_desk() {
    for (language, words) in
        [("ru", ["диапазон", "коридор", "назван в договоре"]), ("en", ["range", "corridor", "named by the contract"])]
    {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("out");
        quote(&sample("zavod"), &out, &["--documents", "html,html-client", "--lang", language]).exits_with(0);
        let [internal, client] =
            ["quote.html", "quote-client.html"].map(|name| fs::read_to_string(out.join(name)).unwrap());
        let documents = &complete_manifest(&out)["documents"];
        assert_eq!(documents["quote-client.html"], documents["quote.html"]);
        let quote_json = json(&out.join("quote.json"));
        let (_, text) = read(&client);
        let language = Language::parse(language).unwrap();
        let amount = |value: &serde_json::Value| language.amount(Kopecks::new(kopecks_of(value)));
        assert!(text.contains(&amount(&quote_json["premium"])));
        for end in ["low", "high"] {
            let end = amount(&quote_json["corridor"][end]);
            assert!(!client.contains(&end) && internal.contains(&end), "{end}");
        }
        // the headcount: §2.1, above 4000 insured
        for range in ["0.80–0.85", "0,80–0,85"] {
            assert!(!client.contains(range), "{range}");
        }
        assert!(internal.contains("0.80–0.85"));
        let client = client.to_lowercase();
        for word in words {
            assert!(!client.contains(word), "{word}");
            assert!(internal.to_lowercase().contains(word), "{word}");
        }
        assert!(!client.contains("desk") && !client.contains("bigint"));
        assert!(
            internal.contains("role=\"note\"") && internal.contains("html-client"),
            "it states that it is internal"
        );
    }
}
