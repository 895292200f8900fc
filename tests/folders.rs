//! The folder of a result: its name, refused folders, full disks, closed pipes.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use kollektiv::base::digest::sha256;
use tempfile::TempDir;

use crate::program::{
    PROGRAM, Run, command, complete_manifest, files, json, names, quote, sample, small_contract, write_contract,
};
use crate::support::{contract, roster};

/// A folder with a small contract, and the contract's file.
fn small() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let contract = write_contract(folder.path(), &small_contract(), &roster().crowd(3));
    (folder, contract)
}

/// A small contract in a world-writable folder, with a copy of the program that every user may run.
struct Shared {
    folder: TempDir,
    program: PathBuf,
}

/// The user `nobody`.
const UNPRIVILEGED: u32 = 65534;

impl Shared {
    fn new() -> Self {
        let (folder, _) = small();
        let program = folder.path().join("kollektiv");
        // copied by another process: a program open for writing cannot be started
        let copied = Command::new("cp").args([Path::new(PROGRAM), &program]).status().unwrap();
        assert!(copied.success());
        allow(&program, 0o755);
        allow(folder.path(), 0o777);
        Self { folder, program }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs a quote as an unprivileged user, since root passes every permission.
    fn quote(&self, out: &str) -> Run {
        let mut command = Command::new(&self.program);
        command.args(["quote", "contract.toml", "--out", out]).current_dir(self.folder.path());
        if fs::metadata(self.folder.path()).unwrap().uid() == 0 {
            command.uid(UNPRIVILEGED).gid(UNPRIVILEGED);
        }
        Run::new(command.output().unwrap())
    }
}

fn allow(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn the_default_folder_is_output_and_the_number_of_the_contract() {
    for (number, name) in [
        ("DMS-2026-0417", "DMS-2026-0417"),
        ("77/2026 ДМС", "77%2F2026 ДМС"),
        ("../../etc", "%2E.%2F..%2Fetc"),
        ("№ 5\\6:7", "№ 5%5C6%3A7"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let text = small_contract().to_string().replace("\"T-1\"", &format!("'{number}'"));
        fs::create_dir(folder.path().join("in")).unwrap();
        let file = write_contract(&folder.path().join("in"), &small_contract(), &roster().aged(40, 1));
        fs::write(&file, text).unwrap();
        let run = command(["quote", "in/contract.toml"]).current_dir(folder.path()).output().unwrap();
        Run::new(run).exits_with(0);
        assert_eq!(names(folder.path()), ["in", "output"], "{number}");
        assert_eq!(names(&folder.path().join("output")), [name]);
        assert_eq!(complete_manifest(&folder.path().join("output").join(name))["number"], number);
        assert_eq!(json(&folder.path().join("output").join(name).join("quote.json"))["number"], number);
    }
}

#[test]
fn a_folder_with_other_files_is_refused_and_untouched() {
    let (folder, contract) = small();
    let out = folder.path().join("out");
    let foreign: [&[(&str, &str)]; 4] = [
        &[("notes.txt", "mine")],
        &[("manifest.json", "{\"name\": \"a page\", \"files\": {}}")],
        &[("manifest.json", "{\"name\": \"a page\"}"), ("page.html", "")],
        &[("premiums.csv", "no manifest beside it")],
    ];
    for content in foreign {
        fs::create_dir(&out).unwrap();
        for (name, text) in content {
            fs::write(out.join(name), text).unwrap();
        }
        let before = files(&out);
        let run = quote(&contract, &out, &[]).exits_with(1);
        assert_eq!(run.out, "");
        assert_eq!(files(&out), before);
        fs::remove_dir_all(&out).unwrap();
    }
    assert_eq!(names(folder.path()), ["contract.toml", "roster.csv"]);
}

#[test]
fn a_result_with_added_files_is_not_replaced() {
    let (folder, contract) = small();
    let out = folder.path().join("out");
    quote(&contract, &out, &[]).exits_with(0);
    fs::write(out.join("notes.txt"), "mine").unwrap();
    let before = files(&out);
    quote(&contract, &out, &["--preliminary"]).exits_with(1);
    assert_eq!(files(&out), before);
    fs::remove_file(out.join("notes.txt")).unwrap();
    fs::create_dir(out.join("letters")).unwrap();
    quote(&contract, &out, &["--preliminary"]).exits_with(1);
    assert!(out.join("letters").is_dir());
}

#[test]
fn an_empty_folder_and_an_earlier_result_are_replaced_completely() {
    let (folder, contract) = small();
    let out = folder.path().join("out");
    fs::create_dir(&out).unwrap();
    quote(&contract, &out, &["--preliminary"]).exits_with(0);
    assert!(out.join("PRELIMINARY.txt").exists());
    quote(&contract, &out, &["--format", "csv"]).exits_with(0);
    complete_manifest(&out);
    assert_eq!(
        names(&out),
        ["diagnostics.csv", "groups.csv", "manifest.json", "premiums.csv", "quote.json", "rates.csv"]
    );
    // a refusal stands beside the earlier price, and replaces a refusal
    let (before, beside) = (files(&out), folder.path().join("out.refused"));
    for _ in 0..2 {
        let run = quote(&sample("mistakes"), &out, &[]).exits_with(3);
        assert!(run.err.contains("out.refused"), "{}", run.err);
        assert!(files(&out) == before);
        assert_eq!(complete_manifest(&beside)["status"], "refused");
        assert_eq!(names(&beside), ["diagnostics.csv", "manifest.json", "quote.json", "roster-checked.xlsx"]);
    }
    assert_eq!(names(folder.path()), ["contract.toml", "out", "out.refused", "roster.csv"]);
}

#[test]
fn a_link_to_a_result_stays_a_link() {
    let (folder, contract) = small();
    let [out, link] = ["out", "link"].map(|name| folder.path().join(name));
    quote(&contract, &out, &[]).exits_with(0);
    std::os::unix::fs::symlink("out", &link).unwrap();
    quote(&contract, &link, &["--preliminary"]).exits_with(0);
    assert!(link.is_symlink());
    assert_eq!(complete_manifest(&out)["status"], "preliminary");
    fs::remove_dir_all(&out).unwrap();
    // a dangling link is not replaced
    quote(&contract, &link, &[]).exits_with(1);
    assert_eq!(names(folder.path()), ["contract.toml", "link", "roster.csv"]);
}

#[test]
fn a_path_that_cannot_be_a_folder_exits_with_1() {
    let (folder, contract) = small();
    let file = folder.path().join("file");
    fs::write(&file, "mine").unwrap();
    for out in [file.clone(), file.join("below"), folder.path().join("x".repeat(300))] {
        let run = quote(&contract, &out, &[]).exits_with(1);
        assert_eq!(run.out, "");
        assert_ne!(run.err, "");
    }
    assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
    assert_eq!(names(folder.path()), ["contract.toml", "file", "roster.csv"]);
}

#[test]
fn a_read_only_folder_exits_with_1_and_keeps_the_earlier_result() {
    let shared = Shared::new();
    fs::create_dir(shared.path("locked")).unwrap();
    allow(&shared.path("locked"), 0o777);
    shared.quote("locked/out").exits_with(0);
    allow(&shared.path("locked"), 0o555);
    let before = files(&shared.path("locked/out"));
    for out in ["locked/out", "locked/new", "locked/new/below"] {
        let run = shared.quote(out).exits_with(1);
        assert_eq!(run.out, "");
        assert!(run.err.contains("locked"), "{}", run.err);
    }
    assert_eq!(files(&shared.path("locked/out")), before);
    assert_eq!(names(&shared.path("locked")), ["out"]);
    allow(&shared.path("locked"), 0o777);
}

#[test]
fn a_read_only_earlier_result_is_replaced_completely() {
    let shared = Shared::new();
    shared.quote("out").exits_with(0);
    let before = files(&shared.path("out"));
    for name in before.keys() {
        allow(&shared.path("out").join(name), 0o444);
    }
    allow(&shared.path("out"), 0o555);
    fs::write(shared.path("roster.csv"), roster().crowd(5).to_string()).unwrap();
    shared.quote("out").exits_with(0);
    assert_eq!(complete_manifest(&shared.path("out"))["counts"]["headcount"], 5);
    assert_eq!(names(shared.folder.path()), ["contract.toml", "kollektiv", "out", "roster.csv"]);
}

#[test]
fn a_full_disk_exits_with_1_and_keeps_the_earlier_result() {
    let (folder, contract) = small();
    let out = folder.path().join("out");
    quote(&contract, &out, &[]).exits_with(0);
    let before = files(&out);
    fs::write(folder.path().join("roster.csv"), roster().crowd(5000).to_string()).unwrap();
    // files are limited to some KiB, and the signal for a larger one is ignored
    let limited = "trap '' XFSZ; ulimit -f 16; exec \"$0\" \"$@\"";
    for format in ["csv", "parquet"] {
        let mut shell = Command::new("sh");
        shell.args(["-c", limited, PROGRAM, "quote"]).args([&contract, Path::new("--out"), &out]);
        let run = Run::new(shell.args(["--format", format]).output().unwrap()).exits_with(1);
        assert!(run.out.is_empty() && run.err.contains("premiums"), "{}\n{}", run.out, run.err);
        // not the message of the Parquet library
        assert!(run.err.contains("файл больше, чем допускает диск"), "{format}: {}", run.err);
        assert_eq!(files(&out), before);
        assert_eq!(names(folder.path()), ["contract.toml", "out", "roster.csv"]);
    }
    quote(&contract, &out, &[]).exits_with(0);
    assert_eq!(complete_manifest(&out)["counts"]["headcount"], 5000);
}

#[test]
fn a_closed_pipe_is_not_an_error() {
    let (folder, contract) = small();
    let out = folder.path().join("out");
    let arguments = ["quote".as_ref(), contract.as_os_str(), "--out".as_ref(), out.as_os_str()];
    for json in [false, true] {
        let mut run = command(arguments);
        let mut run = if json { run.arg("--json").spawn() } else { run.spawn() }.unwrap();
        drop(run.stdout.take());
        Run::new(run.wait_with_output().unwrap()).exits_with(0);
        complete_manifest(&out);
    }
    let mut run = command(arguments).spawn().unwrap();
    drop((run.stdout.take(), run.stderr.take()));
    assert_eq!(run.wait().unwrap().code(), Some(0));
    complete_manifest(&out);
}

#[test]
fn an_unwritable_standard_output_exits_with_1() {
    let (folder, contract) = small();
    let Ok(full) = fs::OpenOptions::new().write(true).open("/dev/full") else { return };
    let mut run = command(["quote".as_ref(), contract.as_os_str()]);
    let run = run.current_dir(folder.path()).stdout(Stdio::from(full)).output().unwrap();
    Run::new(run).exits_with(1);
    complete_manifest(&folder.path().join("output/T-1"));
}

#[test]
fn a_contract_with_a_byte_order_mark_is_read_and_hashed_with_the_mark() {
    let (folder, file) = small();
    let out = folder.path().join("out");
    let marked = format!("\u{feff}{}", fs::read_to_string(&file).unwrap().replace('\n', "\r\n"));
    fs::write(&file, &marked).unwrap();
    quote(&file, &out, &[]).exits_with(0);
    assert_eq!(complete_manifest(&out)["contract"]["sha256"], sha256(marked.as_bytes()));
    // line numbers are unaffected
    fs::write(&file, format!("\u{feff}surprise = 1\r\n{}", &marked[3..])).unwrap();
    let run = quote(&file, &out, &[]).exits_with(3);
    assert!(run.err.contains("contract.toml:1:") && run.err.contains("surprise = 1"), "{}", run.err);
}

#[test]
fn a_pattern_is_resolved_beside_the_contract_whatever_the_name_of_its_folder() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["[2026] год", "a*b?", "plain"] {
        let text = contract().with("roster = \"ros*.csv\"").cover("16", "");
        let file = write_contract(&folder.path().join(name), &text, &roster().crowd(2));
        quote(&file, &folder.path().join("out"), &[]).exits_with(0);
        assert_eq!(complete_manifest(&folder.path().join("out"))["counts"]["headcount"], 2, "{name}");
    }
}

#[test]
fn a_pattern_with_an_unreadable_folder_gives_no_quote_of_the_other_files() {
    let shared = Shared::new();
    for name in ["north", "south"] {
        fs::create_dir_all(shared.path("rosters").join(name)).unwrap();
        fs::write(shared.path("rosters").join(name).join("roster.csv"), roster().crowd(2).to_string()).unwrap();
    }
    allow(&shared.path("rosters/south"), 0);
    for pattern in ["rosters/*/*.csv", "rosters/*/roster.csv", "rosters/**/roster.csv"] {
        let text = contract().with(&format!("roster = '{pattern}'")).cover("16", "");
        fs::write(shared.path("contract.toml"), text.to_string()).unwrap();
        let run = shared.quote("out").exits_with(1);
        assert!(run.err.contains("rosters/south"), "{pattern}: {}", run.err);
        assert!(!shared.path("out").exists(), "{pattern}");
    }
    // a folder that may be listed but not entered
    allow(&shared.path("rosters/south"), 0o444);
    let run = shared.quote("out").exits_with(1);
    assert!(run.err.contains("rosters/south"), "{}", run.err);
    allow(&shared.path("rosters/south"), 0o755);
}

#[test]
fn a_roster_that_is_neither_a_file_nor_a_pattern_has_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let text = contract().with("roster = 'ros[ter.csv'").cover("16", "");
    let file = write_contract(folder.path(), &text, &roster().crowd(2));
    let run = quote(&file, &folder.path().join("out"), &["--lang", "en"]).exits_with(3);
    let message = run.err.replace('│', " ").split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(message.contains("contract.toml:5:") && message.contains("every `[` needs its `]`"), "{message}");
    let run = quote(&file, &folder.path().join("out"), &["--lang", "en", "x**.csv"]).exits_with(3);
    assert!(run.err.contains("x**.csv"), "{}", run.err);
}

#[test]
fn a_check_writes_only_to_its_out_folder_and_no_money() {
    let folder = tempfile::tempdir().unwrap();
    for (name, code) in [("zavod", 0), ("mistakes", 3)] {
        let contract = sample(name);
        let run = command(["check".as_ref(), contract.as_os_str()]).current_dir(folder.path()).output().unwrap();
        let run = Run::new(run).exits_with(code);
        assert!(!run.out.contains('₽'), "{}", run.out);
        assert_eq!(names(folder.path()), [""; 0]);
    }
    let out = folder.path().join("out");
    for (name, code, expected) in [
        ("zavod", 0, &["diagnostics.csv", "manifest.json"][..]),
        ("mistakes", 3, &["diagnostics.csv", "manifest.json", "roster-checked.xlsx"]),
    ] {
        let contract = sample(name);
        Run::new(
            command(["check".as_ref(), contract.as_os_str(), "--out".as_ref(), out.as_os_str()]).output().unwrap(),
        )
        .exits_with(code);
        complete_manifest(&out);
        assert_eq!(names(&out), expected);
    }
    let checked = files(&out);
    quote(&sample("mistakes"), &out, &[]).exits_with(3);
    for name in ["diagnostics.csv", "roster-checked.xlsx"] {
        assert_eq!(files(&out)[name], checked[name], "{name}: the same diagnostics as of a quote");
    }
}

#[test]
fn a_census_listed_under_two_names_is_counted_once() {
    let folder = tempfile::tempdir().unwrap();
    let text = contract().with("census = ['a/census.csv', '*/census.csv']").cover("16", "");
    let file = write_contract(folder.path(), &text, &roster());
    fs::create_dir(folder.path().join("a")).unwrap();
    fs::write(folder.path().join("a/census.csv"), "Возраст;Группа риска;Чел.\n40;1;12\n").unwrap();
    std::os::unix::fs::symlink("a", folder.path().join("b")).unwrap();
    let run = quote(&file, &folder.path().join("out"), &["--lang", "en"]).exits_with(0);
    assert!(run.out.contains("Rows read 1:") && run.out.contains("Insured 12"), "{}", run.out);
}
