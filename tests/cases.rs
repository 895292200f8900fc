//! Cases from practice: a folder each in `tests/cases` with what a user had, the commands, and the results that are right.
//!
//! `case.md` describes the case. `expected.json` lists the steps; a step is right if all keys of one of its alternatives hold
//! (`Outcome::fault_of_key` is the list of keys). The cases in `open.txt` are known to be wrong: one of them that becomes right
//! has to leave the list.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use rayon::prelude::*;
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::Value;

use crate::program::{PROGRAM, Run, project};

/// The files that describe a case, and are not there when it is run.
const DESCRIPTION: [&str; 2] = ["case.md", "expected.json"];

#[derive(Deserialize)]
struct Case {
    steps: Vec<Step>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    /// Files that are copied before the command is run, each from one name to another.
    #[serde(default)]
    copy: Vec<[String; 2]>,
    #[serde(default)]
    args: Vec<String>,
    #[serde(default)]
    accept: Vec<BTreeMap<String, Value>>,
}

/// What a step has left.
struct Outcome<'c> {
    /// The folder that the program was run in.
    folder: &'c Path,
    arguments: &'c [String],
    run: Run,
}

/// A row of a CSV file, by the names of its columns.
type Row = BTreeMap<String, String>;

#[test]
fn every_case_is_right_but_for_the_open_ones() {
    let folder = project().join("tests/cases");
    let open = fs::read_to_string(folder.join("open.txt")).unwrap();
    let open: BTreeSet<&str> = open.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    let cases: Vec<PathBuf> = glob::glob(&folder.join("*/expected.json").to_string_lossy())
        .unwrap()
        .map(|file| file.unwrap().parent().unwrap().to_owned())
        .collect();
    let name = |case: &PathBuf| case.file_name().unwrap().to_string_lossy().into_owned();
    let unknown: Vec<_> = open.iter().filter(|open| !cases.iter().any(|case| name(case) == **open)).collect();
    assert!(unknown.is_empty(), "open.txt names cases that are not there: {unknown:?}");
    let results: Vec<(String, Option<String>)> =
        cases.par_iter().map(|case| (name(case), fault_of_case(case))).collect();
    let mut complaints = Vec::new();
    for (name, fault) in &results {
        match (fault, open.contains(name.as_str())) {
            (Some(fault), false) => complaints.push(format!("{name}: {fault}")),
            (None, true) => complaints.push(format!("{name} is right: remove it from open.txt")),
            _ => {}
        }
    }
    assert!(complaints.is_empty(), "{} of {} cases:\n{}", complaints.len(), results.len(), complaints.join("\n"));
}

/// Runs a case in a copy of its folder; the first thing that is wrong.
fn fault_of_case(case: &Path) -> Option<String> {
    let expected: Case = serde_json::from_str(&fs::read_to_string(case.join("expected.json")).unwrap()).unwrap();
    let temporary = tempfile::tempdir().unwrap();
    let folder = temporary.path().join("case");
    copy_folder(case, &folder);
    for (number, step) in (1..).zip(&expected.steps) {
        for [from, to] in &step.copy {
            let to = folder.join(to);
            fs::create_dir_all(to.parent().unwrap()).unwrap();
            fs::copy(folder.join(from), to).unwrap();
        }
        if step.args.is_empty() {
            continue;
        }
        let outcome = Outcome { folder: &folder, arguments: &step.args, run: run_program(&folder, &step.args) };
        let faults: Vec<Option<String>> = step.accept.iter().map(|keys| outcome.fault(keys)).collect();
        let Some(accepted) = faults.iter().position(Option::is_none) else {
            let faults: BTreeSet<String> = faults.into_iter().flatten().collect();
            return Some(format!("step {number}: {}", Vec::from_iter(faults).join("; or ")));
        };
        // a refusal after which the later steps mean nothing
        if step.accept[accepted].contains_key("stop") {
            return None;
        }
    }
    None
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(|entry| entry.unwrap()) {
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &to.join(entry.file_name()));
        } else if !DESCRIPTION.contains(&&*entry.file_name().to_string_lossy()) {
            fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}

fn run_program(folder: &Path, arguments: &[String]) -> Run {
    let mut command = Command::new(PROGRAM);
    command.args(arguments).current_dir(folder).env("NO_COLOR", "1").env("LC_ALL", "C.UTF-8").stdin(Stdio::null());
    Run::new(command.output().unwrap())
}

impl Outcome<'_> {
    /// The first key of an alternative that does not hold.
    fn fault(&self, keys: &BTreeMap<String, Value>) -> Option<String> {
        let of_key = |(key, wanted): (&String, &Value)| match key.as_str() {
            "stop" | "why" => None,
            "diagnostic" | "no_diagnostic" | "csv" | "csv_count" | "json" | "money_in_stdout" => {
                listed(wanted).iter().find_map(|wanted| self.fault_of_key(key, wanted))
            }
            _ => self.fault_of_key(key, wanted),
        };
        keys.iter().find_map(of_key)
    }

    /// Why a key does not hold; none where it does.
    fn fault_of_key(&self, key: &str, wanted: &Value) -> Option<String> {
        let unequal = |found: Value| (found != *wanted).then(|| format!("{key} is {found} and not {wanted}"));
        match key {
            "exit" => {
                let code = Value::from(self.run.code);
                (!listed(wanted).contains(&code)).then(|| format!("the exit code is {code} and not {wanted}"))
            }
            "premium" => unequal(self.json(&format!("{}/quote.json", self.out()))["premium"].clone()),
            "names" => unequal(self.insured("name").into()),
            "ids" => unequal(self.insured("id").into()),
            "warnings" => {
                let codes: BTreeSet<String> =
                    self.diagnostics(self.out()).iter().map(|row| row["code"].clone()).collect();
                texts(wanted)
                    .into_iter()
                    .find(|code| !codes.contains(*code))
                    .map(|code| format!("no diagnostic {code}"))
            }
            "diagnostic" => (!self.has_diagnostic(wanted)).then(|| format!("no diagnostic {wanted}")),
            "no_diagnostic" => self.has_diagnostic(wanted).then(|| format!("a diagnostic {wanted}")),
            "stdout_has_any" => lacks_all(&self.run.out, wanted),
            "stderr_has_any" => lacks_all(&self.run.err, wanted),
            "output_has_any" => lacks_all(&self.output(), wanted),
            "output_has_all" => {
                let output = folded(&self.output());
                let missing = texts(wanted).into_iter().find(|text| !output.contains(&folded(text)));
                missing.map(|text| format!("the output lacks `{text}`"))
            }
            "output_lacks" => {
                let output = folded(&self.output());
                let found = texts(wanted).into_iter().find(|text| output.contains(&folded(text)));
                found.map(|text| format!("the output has `{text}`"))
            }
            "money_in_stdout" => {
                let found =
                    amounts(&self.run.out).iter().any(|amount| is_near(amount, &wanted["value"], &wanted["tol"]));
                (!found).then(|| format!("no amount {wanted} on standard output"))
            }
            "csv" => self.fault_of_csv(wanted),
            "csv_count" => {
                let count = self.rows(wanted).map(|rows| rows.len());
                (Value::from(count) != wanted["count"]).then(|| format!("{count:?} rows and not {wanted}"))
            }
            "json" => {
                let path = wanted["path"].as_str().unwrap().replace('.', "/");
                let document = self.json(text(&wanted["file"]));
                let found = document.pointer(&format!("/{path}")).unwrap_or(&Value::Null);
                (!is_as_wanted(found, wanted)).then(|| format!("{found} and not {wanted}"))
            }
            "exists" => {
                let is_there = |name: &&str| self.find(name).is_some_and(|path| path.metadata().unwrap().len() > 0);
                texts(wanted).into_iter().find(|name| !is_there(name)).map(|name| format!("no file {name}"))
            }
            _ => panic!("`{key}` is no key of expected.json"),
        }
    }

    fn fault_of_csv(&self, wanted: &Value) -> Option<String> {
        let column = text(&wanted["column"]);
        let Some(rows) = self.rows(wanted).filter(|rows| !rows.is_empty()) else {
            return Some(format!("no row {wanted}"));
        };
        let found = rows.iter().map(|row| row.get(column).map_or(Value::Null, |value| value.as_str().into()));
        found.into_iter().find(|found| !is_as_wanted(found, wanted)).map(|found| format!("{found} and not {wanted}"))
    }

    /// The name of the folder of the result.
    fn out(&self) -> &str {
        let option = self.arguments.iter().position(|argument| argument == "--out");
        option.map_or("out", |at| &self.arguments[at + 1])
    }

    /// The first file that a name or a pattern means.
    fn find(&self, name: &str) -> Option<PathBuf> {
        let folder = glob::Pattern::escape(&self.folder.to_string_lossy());
        glob::glob(&format!("{folder}/{name}")).unwrap().next().map(Result::unwrap)
    }

    /// A JSON file; null where it is not there.
    fn json(&self, name: &str) -> Value {
        self.find(name).map_or(Value::Null, |path| serde_json::from_slice(&fs::read(path).unwrap()).unwrap())
    }

    /// The rows of a file with these values; none where the file is not there.
    fn rows(&self, wanted: &Value) -> Option<Vec<Row>> {
        let conditions = wanted["where"].as_object();
        let fits = |row: &Row| {
            let holds = |(column, values): (&String, &Value)| {
                listed(values).contains(&Value::from(row.get(column).map_or("", String::as_str)))
            };
            conditions.into_iter().flatten().all(holds)
        };
        let path = self.find(text(&wanted["file"]))?;
        Some(read_rows(&path).into_iter().filter(fits).collect())
    }

    /// A column of `premiums.csv`, once for each insured, in order.
    fn insured(&self, column: &str) -> Vec<String> {
        let Some(path) = self.find(&format!("{}/premiums.csv", self.out())) else { return Vec::new() };
        let mut places = BTreeSet::new();
        let mut rows = read_rows(&path);
        rows.retain(|row| places.insert(["file", "sheet", "row"].map(|column| row[column].clone())));
        rows.into_iter().map(|mut row| row.remove(column).unwrap()).collect()
    }

    /// The rows of every `diagnostics.csv` in a folder and below.
    fn diagnostics(&self, folder: &str) -> Vec<Row> {
        let pattern = self.folder.join(folder).join("**/diagnostics.csv");
        let paths = glob::glob(&pattern.to_string_lossy()).unwrap().map(Result::unwrap);
        paths.flat_map(|path| read_rows(&path)).collect()
    }

    fn has_diagnostic(&self, wanted: &Value) -> bool {
        let folder = wanted["dir"].as_str().unwrap_or(self.out());
        let fits = |row: &Row| {
            let all = folded(&["message", "value", "code"].map(|column| row[column].as_str()).join(" "));
            let holds = |(key, value): (&String, &Value)| match key.as_str() {
                "dir" => true,
                "text_has_any" => texts(value).iter().any(|text| all.contains(&folded(text))),
                key => {
                    let column = key.strip_suffix("_in").unwrap_or(key);
                    listed(value).contains(&Value::from(row[column].as_str()))
                }
            };
            wanted.as_object().unwrap().iter().all(holds)
        };
        self.diagnostics(folder).iter().any(fits)
    }

    /// Both streams, and the diagnostics of the result.
    fn output(&self) -> String {
        let mut output = format!("{} {}", self.run.out, self.run.err);
        if self.arguments.iter().any(|argument| argument == "--out") {
            for row in self.diagnostics(self.out()) {
                output.extend(row.into_values().flat_map(|value| [" ".to_owned(), value]));
            }
        }
        output
    }
}

/// The values of a list, or the one value.
fn listed(value: &Value) -> &[Value] {
    value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text"))
}

fn texts(value: &Value) -> Vec<&str> {
    listed(value).iter().map(text).collect()
}

/// The text in small letters, with е for ё and single blanks.
fn folded(text: &str) -> String {
    text.to_lowercase().replace('ё', "е").split_whitespace().collect::<Vec<_>>().join(" ")
}

fn lacks_all(output: &str, wanted: &Value) -> Option<String> {
    let output = folded(output);
    let has_any = texts(wanted).iter().any(|text| output.contains(&folded(text)));
    (!has_any).then(|| format!("the output has none of {wanted}"))
}

fn read_rows(path: &Path) -> Vec<Row> {
    csv::Reader::from_path(path).unwrap().deserialize().map(|row| row.unwrap()).collect()
}

/// Whether a value is the one in `equals`, one of those in `one_of`, or as near to that in `near` as `tol` allows.
fn is_as_wanted(found: &Value, wanted: &Value) -> bool {
    let equals = wanted.get("equals").is_none_or(|equals| found == equals);
    let one_of = wanted.get("one_of").is_none_or(|values| listed(values).contains(found));
    let is_near = wanted.get("near").is_none_or(|near| {
        let found = found.as_str().map_or_else(|| found.to_string(), str::to_owned);
        is_near(&found, near, &wanted["tol"])
    });
    equals && one_of && is_near
}

fn is_near(found: &str, wanted: &Value, tolerance: &Value) -> bool {
    let number = |text: &str| -> Option<Decimal> {
        let digits: String = text.chars().filter(|letter| !letter.is_whitespace()).collect();
        digits.replace(',', ".").parse().ok()
    };
    let [wanted, tolerance] = [wanted, tolerance].map(|value| number(value.as_str().unwrap_or("0")).unwrap());
    number(found).is_some_and(|found| (found - wanted).abs() <= tolerance)
}

/// The amounts with two decimals in a text, with and without the groups of digits before them.
fn amounts(text: &str) -> Vec<String> {
    let letters: Vec<char> = text.chars().collect();
    let is_digit = |at: usize| letters.get(at).is_some_and(char::is_ascii_digit);
    let run_of_digits = |end: usize| (0..end).rev().take_while(|&at| is_digit(at)).count();
    let mut amounts = Vec::new();
    for point in (1..letters.len()).filter(|&at| matches!(letters[at], '.' | ',')) {
        if !(is_digit(point - 1) && is_digit(point + 1) && is_digit(point + 2)) || is_digit(point + 3) {
            continue;
        }
        let mut begin = point;
        loop {
            let digits = run_of_digits(begin);
            begin -= digits;
            let minus = usize::from(begin > 0 && matches!(letters[begin - 1], '-' | '−'));
            let amount: String = letters[begin - minus..point + 3].iter().collect();
            amounts.push(amount.replace('−', "-"));
            let is_grouped = begin > 1 && digits == 3 && letters[begin - 1].is_whitespace() && is_digit(begin - 2);
            if !is_grouped {
                break;
            }
            begin -= 1;
        }
    }
    amounts
}

#[test]
fn amounts_are_found_with_their_groups_of_digits() {
    assert_eq!(amounts("к возврату 14 783,16 ₽, 0.5, 1.234, −2.00"), ["783,16", "14 783,16", "-2.00"]);
}
