//! A contract file to start from: it has every key, and those that can be left out are commented out.
//!
//! The example is `template.toml`, itself a contract file. In it a `#` directly before a key comments the key out; a
//! `#` and a space begin an explanation. Lines after `#ru:` or `#en:` are for readers of that language. The explanation
//! of a key comes from its [declaration](crate::quote::contract::keys), unless the example has one of its own. The lines
//! of `[columns]` come from the [fields](Field) of rosters with their usual headings.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::base::messages::{Language, Message};
use crate::quote::contract::keys::CONTRACT;
use crate::roster::field::Field;

/// The example.
const TEMPLATE: &str = include_str!("template.toml");

/// The first days of the payment periods, in months after the first day of the contract.
const INSTALMENT_MONTHS: [i32; 4] = [0, 3, 6, 9];

/// A contract file with this number, policyholder and first day, explained in this language.
///
/// It runs as long as a contract can, a year less a day (`I15`); `number` and `policyholder` are quoted as TOML
/// strings. The reader accepts the file, except for a blank number or policyholder, a number with control characters or
/// of more than 80 letters, and a first day outside of the edition of the tariff or the calendar.
///
/// # Example
///
/// ```
/// use kollektiv::base::messages::Language;
/// use kollektiv::quote::contract::template::template;
///
/// let text = template(Language::En, "DMS-2027-0001", "ООО «Ромашка»", jiff::civil::date(2027, 1, 1));
/// assert!(text.contains("start = 2027-01-01\n"));
/// assert!(text.contains("end = 2027-12-31\n"));
/// ```
#[must_use]
pub fn template(language: Language, number: &str, policyholder: &str, start: Date) -> String {
    let own = |key: &str| match key {
        "number" => Some(quoted(number)),
        "policyholder" => Some(quoted(policyholder)),
        "start" => Some(start.to_string()),
        "end" => Some(last_possible(start).to_string()),
        "#instalments" => Some(instalments(start)),
        _ => None,
    };
    let mut text = String::with_capacity(TEMPLATE.len());
    for line in lines(language) {
        match line.split_once(" = ").and_then(|(key, _)| Some((key, own(key)?))) {
            Some((key, value)) => text.extend([key, " = ", &value]),
            None => text.push_str(&line),
        }
        text.push('\n');
    }
    text
}

/// The lines of the file for readers of a language, with the explanations of the declaration.
fn lines(language: Language) -> Vec<String> {
    let for_reader = move |line: &str| match line.strip_prefix('#').and_then(|marked| marked.split_once(':')) {
        Some((code, rest)) if code == language.as_str() => {
            Some(if rest.starts_with('#') { rest.to_owned() } else { format!("#{rest}") })
        }
        Some(("ru" | "en", _)) => None,
        _ => Some(line.to_owned()),
    };
    let mut lines: Vec<String> = Vec::new();
    let mut table = String::new();
    for line in TEMPLATE.lines().filter_map(for_reader) {
        let is_explained = lines.last().is_some_and(|before| before.starts_with("# "));
        let path = key_path(&line, &mut table);
        if let Some(hint) = path.filter(|_| !is_explained).and_then(|path| CONTRACT.find(&path)?.hint) {
            lines.extend(language.render(&Message::new(hint)).lines().map(|line| format!("# {line}")));
        }
        let is_columns = line == "[columns]";
        lines.push(line);
        if is_columns {
            lines.extend(Field::ALL.iter().map(|field| column(*field, language)));
        }
    }
    lines
}

/// The line of a roster's field in `[columns]`, commented out: the usual heading explains it.
fn column(field: Field, language: Language) -> String {
    format!("#{} = {}", field.name(), quoted(field.usual_heading(language)))
}

/// The path of the key or of the table that a line begins; `table` is the path of the table in which the line stands.
fn key_path(line: &str, table: &mut String) -> Option<String> {
    let line = line.strip_prefix('#').unwrap_or(line);
    if line.starts_with('[') {
        line.trim_matches(['[', ']']).clone_into(table);
        return Some(table.clone());
    }
    let (key, _) = line.split_once(" = ").filter(|(key, _)| !key.contains(' '))?;
    Some(if table.is_empty() { key.to_owned() } else { format!("{table}.{key}") })
}

/// The text as a TOML string.
fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}

/// The latest last day of a contract with this first day (`I15`).
#[must_use]
pub fn last_possible(start: Date) -> Date {
    start.saturating_add(1.year()).yesterday().unwrap_or(start)
}

fn instalments(start: Date) -> String {
    let firsts = INSTALMENT_MONTHS.map(|months| start.saturating_add(months.months()).to_string());
    format!("[{}]", firsts.join(", "))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use jiff::civil::date;

    use super::*;
    use crate::base::source_file::SourceFile;
    use crate::quote::contract::{ClinicMode, Contract};
    use crate::tariff::Tariff;

    fn read(text: String) -> Contract {
        Contract::read(&SourceFile { path: "template.toml".into(), text }, &Tariff::base()).unwrap()
    }

    fn written(number: &str, policyholder: &str, start: Date) -> String {
        template(Language::Ru, number, policyholder, start)
    }

    fn is_explanation(line: &str) -> bool {
        line == "#" || line.starts_with("# ")
    }

    /// Whether the line belongs to the example of a clinic or of an accepted insured, whose lines make sense only together.
    fn of_a_table(line: &str) -> bool {
        const KEYS: [&str; 9] =
            ["#[[", "#clinic", "#mode", "#programme", "#id", "#age_coefficient", "#decided_by", "#reason", "#choices"];
        KEYS.iter().any(|key| line.starts_with(key)) || ["#name = \"Эконом\"", "#name = \"Economy\""].contains(&line)
    }

    /// The text with every optional line in force.
    fn in_full(text: &str) -> String {
        let line = |line| if is_explanation(line) { line } else { line.strip_prefix('#').unwrap_or(line) };
        text.lines().map(|text| line(text).to_owned() + "\n").collect()
    }

    #[test]
    fn the_template_is_a_contract() {
        let contract = read(written("DMS-1", "ООО «Ромашка»", date(2026, 12, 1)));
        assert_eq!(contract.number, "DMS-1");
        assert_eq!(contract.policyholder, "ООО «Ромашка»");
        assert_eq!(contract.days(), (date(2026, 12, 1), date(2027, 11, 30)));
        assert_eq!(contract.instalments.len(), 1);
        assert_eq!(contract.terms.plans.iter().map(|plan| plan.covers.len()).collect::<Vec<_>>(), [3, 1]);
        let first = &contract.terms.plans[0].covers[0];
        assert_eq!((first.exclude.len(), first.include.len()), (1, 1));
    }

    #[test]
    fn what_is_put_in_comes_out_again() {
        for name in [
            r#"ЗАО "Рога" и 'копыта'"#,
            r"C:\ДМС\",
            "''' \"\"\"",
            "число = \"1\"\nend = 1900-01-01\n[[plan]]",
            "tab\ttab",
            "number = ",
            "#",
            "ООО\r\n«Ромашка»",
        ] {
            let contract = read(written("N", name, date(2026, 12, 1)));
            assert_eq!(contract.policyholder, name.trim());
        }
        for number in [r#"1/"2"\3"#, "policyholder", "'", "end = "] {
            assert_eq!(read(written(number, "X", date(2026, 12, 1))).number, number.trim());
        }
    }

    #[test]
    fn i15_the_term_is_as_long_as_it_can_be() {
        let days = |start| read(written("N", "X", start)).days();
        assert_eq!(days(date(2027, 6, 12)), (date(2027, 6, 12), date(2028, 6, 11)));
        // 29 February + 1 year = 28 February
        assert_eq!(days(date(2028, 2, 29)), (date(2028, 2, 29), date(2029, 2, 27)));
        assert_eq!(days(date(2028, 3, 1)), (date(2028, 3, 1), date(2029, 2, 28)));
    }

    #[test]
    fn the_optional_lines_can_be_in_force() {
        let days = [date(2026, 12, 1), date(2027, 5, 31), date(2028, 2, 29)];
        for (language, start) in [Language::Ru, Language::En].into_iter().flat_map(|of| days.map(|day| (of, day))) {
            let contract = read(in_full(&template(language, "N", "X", start)));
            assert_eq!(contract.instalments.len(), INSTALMENT_MONTHS.len());
            assert_eq!(contract.columns.len(), Field::ALL.len());
            let headings: BTreeSet<&String> = contract.columns.iter().map(|(_, heading)| heading).collect();
            assert_eq!(headings.len(), Field::ALL.len(), "each field has a heading of its own");
            assert!(matches!(contract.clinics[0].mode, ClinicMode::Attachment { .. }));
            assert!(matches!(contract.clinics[1].mode, ClinicMode::ByFact));
        }
    }

    #[test]
    fn each_optional_line_can_be_in_force_alone() {
        let text = written("N", "X", date(2026, 12, 1));
        for line in text.lines().filter(|line| line.starts_with('#') && !is_explanation(line) && !of_a_table(line)) {
            read(text.replacen(&format!("\n{line}\n"), &format!("\n{}", in_full(line)), 1));
        }
    }

    #[test]
    fn every_line_that_can_be_left_out_is_explained() {
        for language in [Language::Ru, Language::En] {
            let text = template(language, "N", "X", date(2026, 12, 1));
            let lines: Vec<&str> = text.lines().collect();
            let is_column = |line: &str| Field::ALL.iter().any(|field| column(*field, language) == line);
            let of_other = |line: &str| of_a_table(line) || is_column(line);
            for pair in lines.windows(2).filter(|pair| pair[1].starts_with('#') && !of_other(pair[1])) {
                assert!(pair[0].starts_with("# ") || is_explanation(pair[1]), "{}", pair[1]);
            }
        }
    }

    #[test]
    fn both_languages_explain_the_same_lines_each_in_its_own_letters() {
        let [russian, english] = [Language::Ru, Language::En].map(|of| template(of, "N", "X", date(2026, 12, 1)));
        let keys = |text: &str| -> Vec<String> {
            let lines = text.lines().filter(|line| !is_explanation(line));
            lines.map(|line| line.split_once(" = ").map_or(line, |(key, _)| key).to_owned()).collect()
        };
        assert_eq!(keys(&russian), keys(&english));
        for (text, is_foreign) in [(&russian, "#en:"), (&english, "#ru:")] {
            assert!(!text.contains(is_foreign) && !text.contains("#:"), "{text}");
        }
        let is_cyrillic = |letter: char| ('а'..='я').contains(&letter);
        assert!(!english.contains(is_cyrillic), "{english}");
    }
}
