//! The command line: exit codes, the two output streams, and the files of a quote.

use std::fs;
use std::path::Path;

use kollektiv::base::digest::sha256;

use crate::program::{
    self, Table, command, complete_manifest, files, json, kopecks_of, names, quote, run, sample, small_contract,
    write_contract,
};
use crate::support::{contract, roster};

/// The digits of a text.
fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

#[test]
fn a_clean_roster_exits_with_0_and_prints_only_the_result() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("zavod");
    let run = quote(&sample("zavod"), &out, &[]).exits_with(0);
    let premium = json(&out.join("quote.json"))["premium"].as_str().unwrap().to_owned();
    assert!(digits(&run.out).contains(&digits(&premium)), "{}", run.out);
    assert!(!run.out.contains("zavod"), "where the files are is a remark: {}", run.out);
    assert!(run.err.contains("zavod"), "{}", run.err);
}

#[test]
fn a_roster_with_mistakes_exits_with_3_and_reports_them_on_standard_error_without_a_price() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("mistakes");
    let run = quote(&sample("mistakes"), &out, &[]).exits_with(3);
    for code in ["bad-birth-date", "missing-plan", "duplicate-insured", "age-outside-tariff"] {
        assert!(run.err.contains(code) && !run.out.contains(code), "{code}\n{}\n{}", run.out, run.err);
    }
    assert!(!run.out.contains('₽'), "{}", run.out);
    assert_eq!(complete_manifest(&out)["status"], "refused");
}

#[test]
fn a_preliminary_quote_prices_and_counts_only_the_clean_rows() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("mistakes");
    let run = quote(&sample("mistakes"), &out, &["--preliminary"]).exits_with(0);
    assert!(!run.out.is_empty());
    let quote_json = json(&out.join("quote.json"));
    assert_eq!(quote_json["status"], "preliminary");
    assert_eq!(complete_manifest(&out)["options"]["preliminary"], true);
    assert!(!fs::read_to_string(out.join("PRELIMINARY.txt")).unwrap().trim().is_empty());
    let rows = &quote_json["rows"];
    let count = |name: &str| rows[name].as_u64().unwrap();
    assert_eq!(count("read"), count("priced") + count("referred") + count("rejected"));
    assert_eq!(quote_json["headcount"], rows["priced"]);

    let premiums = Table::open(&out.join("premiums.csv"));
    let mut priced: Vec<&str> = premiums.columns(["row"]).into_iter().map(|[row]| row).collect();
    priced.dedup();
    assert_eq!(priced.len() as u64, count("priced"));
    for [severity, row] in Table::open(&out.join("diagnostics.csv")).columns(["severity", "row"]) {
        assert!(severity == "warning" || !priced.contains(&row), "row {row} is both priced and wrong");
    }
}

#[test]
fn control_characters_never_reach_the_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let terms = contract().with("roster = \"roster.csv\"").plan("A").cover("16", "").to_string();
    let named = terms.replace("ООО «Проверка»", "ООО \\u001b[31mКрасное\\u0007");
    let named = named.replace("code = \"A\"", "code = \"A\"\nname = \"План\\u001b[2J\\u0085\"");
    let file = write_contract(folder.path(), &small_contract(), &roster());
    fs::write(&file, &terms).unwrap();
    let people = roster().aged(40, 1).aged(41, 1).to_string();
    let (heading, rows) = people.split_once('\n').unwrap();
    let rows = rows.replace('\n', ";1\n");
    fs::write(folder.path().join("roster.csv"), format!("{heading};\u{1b}[31mЦвет\u{7}\n{rows}")).unwrap();
    let harmless = |run: program::Run| {
        for text in [&run.out, &run.err] {
            assert!(!text.contains(|letter: char| letter.is_control() && letter != '\n'), "{text:?}");
        }
        format!("{}{}", run.out, run.err)
    };
    let check = ["check".as_ref(), file.as_os_str()];
    assert!(harmless(run(check).exits_with(0)).contains("[31mЦвет"));
    // the excerpts of refused contracts
    fs::write(&file, &named).unwrap();
    assert!(harmless(run(check).exits_with(3)).contains("[31mКрасное"));
    fs::write(&file, terms.replace("[[plan]]", "# \u{1b}[31m\u{9b}2J\r\nстранно = 1 # \u{1b}[31m\u{9b}2J\r\n[[plan]]"))
        .unwrap();
    assert!(harmless(run(check).exits_with(3)).contains("странно"));
}

#[test]
fn a_roster_without_a_priced_row_is_not_advised_to_be_preliminary() {
    let folder = tempfile::tempdir().unwrap();
    let file = write_contract(folder.path(), &small_contract(), &roster().aged(95, 1).aged(99, 1));
    for more in [&[][..], &["--preliminary"]] {
        let run = quote(&file, &folder.path().join("out"), more).exits_with(3);
        assert!(run.err.contains("нет ни одной строки, которую можно оценить"), "{}", run.err);
        assert!(!run.err.contains("--preliminary"), "{}", run.err);
    }
}

#[test]
fn a_clean_roster_is_preliminary_on_request() {
    let folder = tempfile::tempdir().unwrap();
    let contract = write_contract(folder.path(), &small_contract(), &roster().aged(40, 1));
    quote(&contract, &folder.path().join("out"), &["--preliminary"]).exits_with(0);
    assert_eq!(json(&folder.path().join("out/quote.json"))["status"], "preliminary");
    assert!(folder.path().join("out/PRELIMINARY.txt").exists());
}

#[test]
fn a_wrong_command_line_exits_with_2_and_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    write_contract(folder.path(), &small_contract(), &roster().aged(40, 1));
    let wrong: [&[&str]; 11] = [
        &[],
        &["price"],
        &["quote"],
        &["check"],
        &["tariff"],
        &["quote", "contract.toml", "--nonsense"],
        &["quote", "contract.toml", "--lang", "de"],
        &["quote", "contract.toml", "--threads", "0"],
        &["quote", "contract.toml", "--threads", "many"],
        &["quote", "contract.toml", "--format", "xlsx"],
        &["quote", "contract.toml", "--out"],
    ];
    for arguments in wrong {
        let run = program::Run::new(command(arguments).current_dir(folder.path()).output().unwrap()).exits_with(2);
        assert_eq!(run.out, "", "{arguments:?}");
        assert_ne!(run.err, "", "{arguments:?}");
    }
    assert_eq!(names(folder.path()), ["contract.toml", "roster.csv"]);
}

#[test]
fn contradictory_arguments_are_reported_in_the_chosen_language() {
    let documents = ["quote", "contract.toml", "--documents", "html", "--format", "parquet"];
    let spark = ["reprice", "change.toml", "--portfolio", "book", "--engine", "spark"];
    for (arguments, russian, english) in [
        (&documents[..], "документы составляются", "documents are made from"),
        (&spark, "нужен кластер", "needs the cluster"),
    ] {
        for (language, message) in [("ru", russian), ("en", english)] {
            let run = run(arguments.iter().chain(&["--lang", language])).exits_with(2);
            assert!(run.err.contains(message), "{}", run.err);
        }
    }
}

#[test]
fn help_and_version_go_to_standard_output() {
    for arguments in [&["--help"][..], &["quote", "--help"], &["--version"]] {
        let run = run(arguments).exits_with(0);
        assert!(!run.out.is_empty() && run.err.is_empty(), "{arguments:?}");
    }
    assert!(run(["--version"]).out.contains(env!("CARGO_PKG_VERSION")));
}

#[test]
fn the_help_follows_the_option_then_the_variable_then_the_system() {
    let help = |arguments: &[&str], variables: &[(&str, &str)]| {
        let mut command = command(["quote", "--help"].iter().chain(arguments));
        command.envs(variables.iter().copied());
        program::Run::new(command.output().unwrap()).exits_with(0).out
    };
    let is_russian = |help: String| {
        assert_ne!(help.contains("Использование: kollektiv quote"), help.contains("Usage: kollektiv quote"), "{help}");
        help.contains("Использование:")
    };
    assert!(is_russian(help(&[], &[])), "Russian by default");
    assert!(is_russian(help(&[], &[("LANG", "C.UTF-8")])));
    assert!(!is_russian(help(&[], &[("LANG", "en_US.UTF-8")])));
    assert!(is_russian(help(&[], &[("LANG", "en_US.UTF-8"), ("LC_ALL", "ru_RU.UTF-8")])));
    assert!(is_russian(help(&[], &[("LANG", "en_US.UTF-8"), ("KOLLEKTIV_LANG", "ru")])));
    assert!(!is_russian(help(&["--lang", "en"], &[("KOLLEKTIV_LANG", "ru")])));
    assert!(!is_russian(help(&["--lang=en"], &[])));
}

#[test]
fn a_result_follows_the_variable_and_never_the_system() {
    let folder = tempfile::tempdir().unwrap();
    let file = write_contract(folder.path(), &small_contract(), &roster().aged(40, 1));
    let check = |variable: (&str, &str)| {
        let mut command = command(["check".as_ref(), file.as_os_str()]);
        program::Run::new(command.envs([variable]).output().unwrap())
    };
    assert!(check(("LANG", "en_US.UTF-8")).exits_with(0).out.contains("Строк прочитано"));
    assert!(check(("KOLLEKTIV_LANG", "en")).exits_with(0).out.contains("Rows read"));
    assert!(check(("KOLLEKTIV_LANG", "de")).exits_with(2).err.contains("KOLLEKTIV_LANG"));
}

#[test]
fn a_wrong_command_line_is_reported_in_both_languages_without_a_word_of_claps() {
    for (arguments, russian, english) in [
        (&["quote"][..], "не указано обязательное: <ДОГОВОР.toml>", "a required argument is missing: <CONTRACT.toml>"),
        (&["quot"], "команды «quot» нет", "no command “quot”"),
        (&["quote", "c.toml", "--nonsense"], "аргумента «--nonsense» нет", "no argument “--nonsense”"),
        (&["quote", "c.toml", "--threads", "0"], "от 1 до 1024", "from 1 to 1024"),
        (&["quote", "c.toml", "--format", "xlsx"], "возможные значения: csv, parquet", "possible values: csv, parquet"),
        (&["quote", "c.toml", "--out"], "нет значения", "has no value"),
        (&["contract", "new", "--start", "1.13.2026"], "не принимает «1.13.2026»", "does not take “1.13.2026”"),
        (&["tariff"], "Использование: kollektiv tariff", "Usage: kollektiv tariff"),
    ] {
        for (language, message) in [("ru", russian), ("en", english)] {
            let run = run(arguments.iter().copied().chain(["--lang", language])).exits_with(2);
            assert!(run.err.contains(message), "{message}: {}", run.err);
            assert!(language == "en" || !run.err.contains("Usage"), "{}", run.err);
        }
    }
}

#[test]
fn the_program_alone_prints_a_short_way_in() {
    let run = run::<&str>([]).exits_with(2);
    for command in ["kollektiv contract new", "kollektiv check", "kollektiv quote"] {
        assert!(run.err.contains(command), "{}", run.err);
    }
    assert!(run.err.lines().count() <= 8, "{}", run.err);
}

#[test]
fn a_roster_from_standard_input_gives_the_files_of_the_same_roster_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let people = roster().aged(40, 1).aged(41, 1);
    let file = write_contract(folder.path(), &small_contract(), &people);
    let [from_file, from_input] = ["file", "input"].map(|name| folder.path().join(name));
    let named = folder.path().join("stdin");
    fs::write(&named, people.to_string()).unwrap();
    quote(&file, &from_file, &[named.to_str().unwrap()]).exits_with(0);
    let mut piped =
        command(["quote".as_ref(), file.as_os_str(), "-".as_ref(), "--out".as_ref(), from_input.as_os_str()]);
    piped.stdin(fs::File::open(&named).unwrap());
    program::Run::new(piped.output().unwrap()).exits_with(0);
    assert_eq!(files(&from_file), files(&from_input));
}

#[test]
fn a_result_ends_with_the_next_step_except_in_a_log_and_a_quiet_run() {
    let folder = tempfile::tempdir().unwrap();
    let file = write_contract(folder.path(), &small_contract(), &roster().aged(40, 1));
    let out = folder.path().join("out");
    let last = |run: program::Run| run.err.lines().last().unwrap_or_default().to_owned();
    let step = last(quote(&file, &out, &[]).exits_with(0));
    assert!(step.starts_with("дальше: ") && step.contains("kollektiv explain"), "{step}");
    for option in [&["--quiet"][..], &["--log", "json"]] {
        assert!(!quote(&file, &out, option).exits_with(0).err.contains("дальше"));
    }
}

#[test]
fn a_bad_contract_exits_with_3_with_its_line_and_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let text = contract().with("roster = \"roster.csv\"").with("policyholdr = \"x\"").cover("16", "");
    let contract = write_contract(folder.path(), &text, &roster().aged(40, 1));
    let out = folder.path().join("out");
    // number, policyholder, start, end and roster come before line 6
    for command in ["quote", "check"] {
        let run = run([command.as_ref(), contract.as_os_str(), "--out".as_ref(), out.as_os_str()]).exits_with(3);
        assert!(run.err.contains("contract.toml:6:") && run.err.contains("policyholdr = \"x\""), "{}", run.err);
        assert_eq!(run.out, "");
    }
    assert!(!out.exists());
}

#[test]
fn the_first_of_many_faults_are_listed_and_the_others_counted() {
    let folder = tempfile::tempdir().unwrap();
    let contract = write_contract(folder.path(), &small_contract(), &roster().aged(40, 1));
    let text = fs::read_to_string(&contract).unwrap();
    let strange: Vec<String> = (0..200_000).map(|key| format!("z{key}=1\n")).collect();
    fs::write(&contract, strange.concat() + &text).unwrap();
    let fixed = ["check", contract.to_str().unwrap(), "--lang", "en"];
    for log in [&[][..], &["--log", "json"]] {
        // counting lines from the start or copying the text for every fault would take minutes
        let run = run(fixed.into_iter().chain(log.iter().copied())).exits_with(3);
        let shown = run.err.matches("unknown key `z").count();
        assert_eq!(shown, 20, "{}", run.err);
        assert!(run.err.contains("199980 more faults"), "{}", run.err);
        assert!(run.err.contains("200000 faults to correct"), "{}", run.err);
        let line = if log.is_empty() { "contract.toml:20:" } else { r#""line":20,"# };
        assert!(run.err.contains(line), "{}", run.err);
    }
}

#[test]
fn a_bad_tariff_exits_with_3_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let contract = write_contract(folder.path(), &small_contract(), &roster().aged(40, 1));
    let tariff = folder.path().join("own.toml");
    let base = run(["tariff", "export"]).exits_with(0).out;
    fs::write(&tariff, format!("surprise = 1\n{base}")).unwrap();
    let tariff_at = tariff.to_str().unwrap();
    let out = folder.path().join("out");
    let runs = [quote(&contract, &out, &["--tariff", tariff_at]), run(["tariff", "check", tariff_at])];
    for run in runs {
        let run = run.exits_with(3);
        assert!(run.err.contains("own.toml:1:"), "{}", run.err);
        assert_eq!(run.out, "");
    }
    assert!(!out.exists());
}

#[test]
fn an_own_tariff_is_named_in_the_manifest() {
    let folder = tempfile::tempdir().unwrap();
    let contract = write_contract(folder.path(), &small_contract(), &roster().aged(40, 1));
    let (base, tariff) = (run(["tariff", "export"]).exits_with(0).out, folder.path().join("own.toml"));
    // the hash includes the byte order mark
    fs::write(&tariff, format!("\u{feff}# our own\n{base}")).unwrap();
    let [built_in, own] = [folder.path().join("1"), folder.path().join("2")];
    quote(&contract, &built_in, &[]).exits_with(0);
    quote(&contract, &own, &["--tariff", tariff.to_str().unwrap()]).exits_with(0);
    assert_eq!(complete_manifest(&built_in)["tariff"]["sha256"], sha256(base.as_bytes()));
    assert_eq!(complete_manifest(&own)["tariff"]["sha256"], sha256(&fs::read(tariff).unwrap()));
    let figures = |folder: &Path| {
        let mut quote = json(&folder.join("quote.json"));
        quote["tariff"].as_object_mut().unwrap().remove("sha256").unwrap();
        quote
    };
    assert_eq!(figures(&built_in), figures(&own));
}

#[test]
fn a_missing_file_exits_with_3_and_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let contract = write_contract(folder.path(), &small_contract(), &roster().aged(40, 1));
    let out = folder.path().join("out");
    let nowhere = folder.path().join("nowhere.toml");
    let named = nowhere.to_str().unwrap();
    let cases = [
        quote(&nowhere, &out, &[]),
        quote(&contract, &out, &[named]),
        quote(&contract, &out, &["nowhere*.csv"]),
        quote(&contract, &out, &["--tariff", named]),
        run(["check", named]),
    ];
    for run in cases {
        let run = run.exits_with(3);
        assert!(run.err.contains("nowhere"), "{}", run.err);
        assert_eq!(run.out, "");
    }
    assert!(!out.exists());
}

#[test]
fn a_missing_roster_of_a_contract_has_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let listed = contract().with("roster = [\n  \"roster.csv\",\n  \"second.csv\",\n]").cover("16", "");
    let file = write_contract(folder.path(), &listed, &roster().aged(40, 1));
    let run = quote(&file, &folder.path().join("out"), &[]).exits_with(3);
    // number, policyholder, start, end, the list and its first item come before line 7
    assert!(run.err.contains("contract.toml:7:") && run.err.contains("second.csv"), "{}", run.err);

    let unnamed = write_contract(folder.path(), &contract().cover("16", ""), &roster().aged(40, 1));
    quote(&unnamed, &folder.path().join("out"), &[]).exits_with(3);
    assert!(!folder.path().join("out").exists());
}

#[test]
fn a_contract_that_is_not_text_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("contract.toml");
    for bytes in [&b"number = \"\xc4\xcc\xd1\""[..], b"", b"\0\0\0"] {
        fs::write(&file, bytes).unwrap();
        quote(&file, &folder.path().join("out"), &[]).exits_with(3);
    }
}

#[test]
fn a_quiet_run_prints_only_the_reasons_of_a_refusal() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    assert_eq!(quote(&sample("zavod"), &out, &["--quiet"]).exits_with(0).err, "");
    let refused = quote(&sample("mistakes"), &out, &["--quiet"]).exits_with(3);
    assert!(refused.err.contains("bad-birth-date"));
    let with_json = quote(&sample("zavod"), &out, &["-q", "--json"]).exits_with(0);
    assert_eq!(with_json.err, "");
    assert_eq!(with_json.out.as_bytes(), files(&out)["quote.json"]);
}

#[test]
fn json_output_has_the_bytes_of_the_quote_file() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    for (name, more, code) in
        [("zavod", &["--json"][..], 0), ("mistakes", &["--json"], 3), ("mistakes", &["--json", "--preliminary"], 0)]
    {
        let run = quote(&sample(name), &out, more).exits_with(code);
        // a refusal stands beside the quote
        let out = if code == 3 { folder.path().join("out.refused") } else { out.clone() };
        assert_eq!(run.out.as_bytes(), files(&out)["quote.json"], "{name} {more:?}");
    }
}

#[test]
fn the_language_changes_messages_and_no_figure() {
    let folder = tempfile::tempdir().unwrap();
    let [ru, en] = ["ru", "en"].map(|language| {
        let out = folder.path().join(language);
        let run = quote(&sample("mistakes"), &out, &["--preliminary", "--lang", language]).exits_with(0);
        assert_eq!(complete_manifest(&out)["options"]["language"], language);
        (run, files(&out), out)
    });
    for name in ["quote.json", "premiums.csv", "premiums.parquet", "groups.csv", "rates.csv"] {
        assert_eq!(ru.1[name], en.1[name], "{name}");
    }
    let plain = ["severity", "code", "file", "sheet", "row", "column", "value"];
    let [first, second] = [&ru.2, &en.2].map(|out| Table::open(&out.join("diagnostics.csv")));
    assert_eq!(first.columns(plain), second.columns(plain));
    for [message] in second.columns(["message"]) {
        assert!(message.starts_with(|letter: char| letter.is_ascii() || letter == '«'), "{message}");
    }
    assert_ne!(first.columns(["message"]), second.columns(["message"]));
    assert_ne!(ru.0.out, en.0.out);
    // Russian is the default
    let silent = folder.path().join("silent");
    quote(&sample("mistakes"), &silent, &["--preliminary"]).exits_with(0);
    assert_eq!(files(&silent), ru.1);
}

#[test]
fn only_the_requested_formats_of_lines_are_written() {
    let folder = tempfile::tempdir().unwrap();
    let contract = write_contract(folder.path(), &small_contract(), &roster().crowd(3));
    let out = folder.path().join("out");
    for (formats, csv, parquet) in
        [("csv", true, false), ("parquet", false, true), ("parquet,csv", true, true), ("csv,csv", true, false)]
    {
        quote(&contract, &out, &["--format", formats]).exits_with(0);
        complete_manifest(&out);
        assert_eq!(out.join("premiums.csv").exists(), csv, "{formats}");
        assert_eq!(out.join("premiums.parquet").exists(), parquet, "{formats}");
    }
}

/// The file and the id of every line of a result.
fn files_and_ids(out: &Path) -> Vec<(String, String)> {
    let premiums = Table::open(&out.join("premiums.csv"));
    premiums.columns(["file", "id"]).into_iter().map(|[file, id]| (file.to_owned(), id.to_owned())).collect()
}

#[test]
fn several_rosters_and_patterns_make_one_roster_without_lock_files() {
    let folder = tempfile::tempdir().unwrap();
    let lists = folder.path().join("lists");
    let whole = roster().aged(30, 1).aged(40, 2).aged(50, 1).aged(60, 1).to_string();
    let lines: Vec<&str> = whole.lines().collect();
    let contract = write_contract(folder.path(), &small_contract(), &roster());
    fs::write(folder.path().join("roster.csv"), &whole).unwrap();
    fs::create_dir(&lists).unwrap();
    let part = |rows: &[&str]| format!("{}\n{}\n", lines[0], rows.join("\n"));
    fs::write(lists.join("a.csv"), part(&lines[1..3])).unwrap();
    fs::write(lists.join("b.csv"), part(&lines[3..5])).unwrap();
    for lock in ["~$a.csv", ".~lock.b.csv#", ".~lock.b.csv"] {
        fs::write(lists.join(lock), "who has it open").unwrap();
    }
    let listed = |name: &str, text: &str| {
        let file = folder.path().join(name);
        fs::write(&file, small_contract().to_string().replace("\"roster.csv\"", text)).unwrap();
        file
    };
    let [a, b, all] = ["a.csv", "b.csv", "*.csv"].map(|name| lists.join(name).to_str().unwrap().to_owned());
    let one = folder.path().join("one");
    quote(&contract, &one, &[]).exits_with(0);
    let premium = json(&one.join("quote.json"))["premium"].clone();
    assert!(kopecks_of(&premium) > 0);
    let in_order = [("a.csv", "1"), ("a.csv", "2"), ("b.csv", "3"), ("b.csv", "4")];
    let turned = [("b.csv", "3"), ("b.csv", "4"), ("a.csv", "1"), ("a.csv", "2")];
    let cases = [
        (contract.clone(), vec![a.as_str(), &b], in_order),
        (contract.clone(), vec![&b, &a], turned),
        (contract.clone(), vec![&all], in_order),
        (listed("1.toml", "\"lists/*.csv\""), vec![], in_order),
        (listed("2.toml", "\"lists/[ab].csv\""), vec![], in_order),
        (listed("3.toml", "[\"lists/b.csv\", \"lists/a.csv\"]"), vec![], turned),
    ];
    for (contract, rosters, order) in cases {
        let out = folder.path().join("out");
        quote(&contract, &out, &rosters).exits_with(0);
        let quote_json = json(&out.join("quote.json"));
        assert_eq!(
            (&quote_json["premium"], &quote_json["headcount"]),
            (&premium, &serde_json::json!(4)),
            "{rosters:?}"
        );
        let order = order.map(|(file, id)| (file.to_owned(), id.to_owned()));
        assert_eq!(files_and_ids(&out), order, "{rosters:?}");
        let manifest = complete_manifest(&out);
        for roster in manifest["rosters"].as_array().unwrap() {
            let bytes = fs::read(lists.join(roster["file"].as_str().unwrap())).unwrap();
            assert_eq!(roster["sha256"], sha256(&bytes));
        }
        assert_eq!(manifest["rosters"].as_array().unwrap().len(), 2);
    }
}

#[test]
fn a_contract_with_an_endless_line_is_refused_with_a_short_excerpt() {
    let (folder, long) = (tempfile::tempdir().unwrap(), "ж".repeat(500_000));
    let text = small_contract().to_string();
    let broken = [
        // the fault is too far to the right for an excerpt of the whole line
        text.replace("»\"", &format!("{long}»\", x")),
        text.replace("[choices]", &format!("[choices]\nranges = \"{long}\"")),
        text.replace("\"16\"", &format!("\"{long}\"")),
        format!("{} = 1\n{text}", "k".repeat(1_000_000)),
        text.replace("2026-01-01", &format!("[\n{}]", "1,\n".repeat(5_000))),
    ];
    for (place, text) in broken.iter().enumerate() {
        let file = write_contract(folder.path(), &small_contract(), &roster().crowd(1));
        fs::write(&file, text).unwrap();
        let run = quote(&file, &folder.path().join("out"), &[]).exits_with(3);
        assert!(run.err.contains("contract.toml:"), "{place}: {}", run.err);
        assert!(run.err.len() < 10_000, "{place}: {} bytes", run.err.len());
    }
}

#[test]
fn a_missing_folder_is_named_without_temporary_files() {
    let folder = tempfile::tempdir().unwrap();
    let contract = write_contract(folder.path(), &small_contract(), &roster().crowd(2));
    let contract = contract.to_str().unwrap();
    let file = folder.path().join("nowhere").join("list.csv");
    let file = file.to_str().unwrap();
    for words in [
        &["outlook", contract, "--movers", file][..],
        &["compare", contract, contract, "--people", file],
        &["contract", "new", file, "--start", "2026-12-01"],
        &["report", "template", "export", file],
    ] {
        let failed = run(words).exits_with(1);
        // a temporary file would have a hidden name in the folder
        assert!(failed.err.contains("nowhere нет") && !failed.err.contains("nowhere/"), "{words:?}: {}", failed.err);
        assert_eq!(failed.out, "", "{words:?}");
    }
}
