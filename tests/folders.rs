//! Where a result goes: names of folders, folders that are refused, disks that refuse, readers that have gone away.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use kollektiv::base::digest::sha256;
use tempfile::TempDir;

use crate::program::{PROGRAM, Run, command, complete, files, json, names, put, quote, sample, small_contract};
use crate::support::{contract, roster};

/// A folder with a small contract, and the contract's file.
fn small() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let contract = put(folder.path(), &small_contract(), &roster().crowd(3));
    (folder, contract)
}

/// A small contract in a folder where everybody may write, and a program that anybody may start.
struct Shared {
    folder: TempDir,
    program: PathBuf,
}

/// The user without any right.
const NOBODY: u32 = 65534;

impl Shared {
    fn new() -> Self {
        let (folder, _) = small();
        let program = folder.path().join("kollektiv");
        // by another process: one that has a program open for writing keeps others from starting it
        let copied = Command::new("cp").args([Path::new(PROGRAM), &program]).status().unwrap();
        assert!(copied.success());
        allow(&program, 0o755);
        allow(folder.path(), 0o777);
        Self { folder, program }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A quote by somebody who is not the superuser, for whom no permission counts.
    fn quote(&self, out: &str) -> Run {
        let mut command = Command::new(&self.program);
        command.args(["quote", "contract.toml", "--out", out]).current_dir(self.folder.path());
        if fs::metadata(self.folder.path()).unwrap().uid() == 0 {
            command.uid(NOBODY).gid(NOBODY);
        }
        Run::of(command.output().unwrap())
    }
}

fn allow(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn without_a_folder_the_result_goes_to_output_and_the_number_of_the_contract() {
    for (number, name) in [
        ("DMS-2026-0417", "DMS-2026-0417"),
        ("77/2026 ДМС", "77%2F2026 ДМС"),
        ("../../etc", "%2E.%2F..%2Fetc"),
        (".", "%2E"),
        ("№ 5\\6:7", "№ 5%5C6%3A7"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let text = small_contract().to_string().replace("\"T-1\"", &format!("'{number}'"));
        fs::create_dir(folder.path().join("in")).unwrap();
        let file = put(&folder.path().join("in"), &small_contract(), &roster().aged(40, 1));
        fs::write(&file, text).unwrap();
        let run = command(["quote", "in/contract.toml"]).current_dir(folder.path()).output().unwrap();
        Run::of(run).ended(0);
        assert_eq!(names(folder.path()), ["in", "output"], "{number}");
        assert_eq!(names(&folder.path().join("output")), [name]);
        assert_eq!(complete(&folder.path().join("output").join(name))["number"], number);
        assert_eq!(json(&folder.path().join("output").join(name).join("quote.json"))["number"], number);
    }
}

#[test]
fn a_folder_that_holds_something_else_is_refused_and_untouched() {
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
        let run = quote(&contract, &out, &[]).ended(1);
        assert_eq!(run.out, "");
        assert_eq!(files(&out), before);
        fs::remove_dir_all(&out).unwrap();
    }
    assert_eq!(names(folder.path()), ["contract.toml", "roster.csv"]);
}

#[test]
fn a_result_that_somebody_has_added_to_is_not_replaced() {
    let (folder, contract) = small();
    let out = folder.path().join("out");
    quote(&contract, &out, &[]).ended(0);
    fs::write(out.join("notes.txt"), "mine").unwrap();
    let before = files(&out);
    quote(&contract, &out, &["--preliminary"]).ended(1);
    assert_eq!(files(&out), before);
    fs::remove_file(out.join("notes.txt")).unwrap();
    fs::create_dir(out.join("letters")).unwrap();
    quote(&contract, &out, &["--preliminary"]).ended(1);
    assert!(out.join("letters").is_dir());
}

#[test]
fn an_empty_folder_and_an_earlier_result_are_replaced_whole() {
    let (folder, contract) = small();
    let out = folder.path().join("out");
    fs::create_dir(&out).unwrap();
    quote(&contract, &out, &["--preliminary"]).ended(0);
    assert!(out.join("PRELIMINARY.txt").exists());
    quote(&contract, &out, &["--format", "csv"]).ended(0);
    complete(&out);
    assert_eq!(
        names(&out),
        ["diagnostics.csv", "groups.csv", "manifest.json", "premiums.csv", "quote.json", "rates.csv"]
    );
    // a refusal leaves nothing of an earlier price
    quote(&sample("mistakes"), &out, &[]).ended(3);
    assert_eq!(complete(&out)["status"], "refused");
    assert_eq!(names(&out), ["diagnostics.csv", "manifest.json", "quote.json", "roster-checked.xlsx"]);
    assert_eq!(names(folder.path()), ["contract.toml", "out", "roster.csv"]);
}

#[test]
fn a_link_to_a_result_stays_a_link() {
    let (folder, contract) = small();
    let [out, link] = ["out", "link"].map(|name| folder.path().join(name));
    quote(&contract, &out, &[]).ended(0);
    std::os::unix::fs::symlink("out", &link).unwrap();
    quote(&contract, &link, &["--preliminary"]).ended(0);
    assert!(link.is_symlink());
    assert_eq!(complete(&out)["status"], "preliminary");
    fs::remove_dir_all(&out).unwrap();
    // and one that leads nowhere is not written over
    quote(&contract, &link, &[]).ended(1);
    assert_eq!(names(folder.path()), ["contract.toml", "link", "roster.csv"]);
}

#[test]
fn a_place_that_cannot_be_a_folder_ends_with_1() {
    let (folder, contract) = small();
    let file = folder.path().join("file");
    fs::write(&file, "mine").unwrap();
    for out in [file.clone(), file.join("below"), folder.path().join("x".repeat(300))] {
        let run = quote(&contract, &out, &[]).ended(1);
        assert_eq!(run.out, "");
        assert_ne!(run.err, "");
    }
    assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
    assert_eq!(names(folder.path()), ["contract.toml", "file", "roster.csv"]);
}

#[test]
fn a_folder_where_nobody_may_write_ends_with_1_and_keeps_the_earlier_result() {
    let shared = Shared::new();
    fs::create_dir(shared.path("locked")).unwrap();
    allow(&shared.path("locked"), 0o777);
    shared.quote("locked/out").ended(0);
    allow(&shared.path("locked"), 0o555);
    let before = files(&shared.path("locked/out"));
    for out in ["locked/out", "locked/new", "locked/new/below"] {
        let run = shared.quote(out).ended(1);
        assert_eq!(run.out, "");
        assert!(run.err.contains("locked"), "{}", run.err);
    }
    assert_eq!(files(&shared.path("locked/out")), before);
    assert_eq!(names(&shared.path("locked")), ["out"]);
    allow(&shared.path("locked"), 0o777);
}

#[test]
fn a_write_protected_earlier_result_is_replaced_and_leaves_no_trace() {
    let shared = Shared::new();
    shared.quote("out").ended(0);
    let before = files(&shared.path("out"));
    for name in before.keys() {
        allow(&shared.path("out").join(name), 0o444);
    }
    allow(&shared.path("out"), 0o555);
    fs::write(shared.path("roster.csv"), roster().crowd(5).to_string()).unwrap();
    shared.quote("out").ended(0);
    assert_eq!(complete(&shared.path("out"))["counts"]["headcount"], 5);
    assert_eq!(names(shared.folder.path()), ["contract.toml", "kollektiv", "out", "roster.csv"]);
}

#[test]
fn a_disk_that_takes_no_more_ends_with_1_and_keeps_the_earlier_result() {
    let (folder, contract) = small();
    let out = folder.path().join("out");
    quote(&contract, &out, &[]).ended(0);
    let before = files(&out);
    fs::write(folder.path().join("roster.csv"), roster().crowd(5000).to_string()).unwrap();
    // no file may grow past some KiB, and nobody is killed for trying
    let limited = "trap '' XFSZ; ulimit -f 16; exec \"$0\" \"$@\"";
    for format in ["csv", "parquet"] {
        let mut shell = Command::new("sh");
        shell.args(["-c", limited, PROGRAM, "quote"]).args([&contract, Path::new("--out"), &out]);
        let run = Run::of(shell.args(["--format", format]).output().unwrap()).ended(1);
        assert!(run.out.is_empty() && run.err.contains("premiums"), "{}\n{}", run.out, run.err);
        // whatever the library says of it
        assert!(run.err.contains("файл больше, чем здесь разрешено"), "{format}: {}", run.err);
        assert_eq!(files(&out), before);
        assert_eq!(names(folder.path()), ["contract.toml", "out", "roster.csv"]);
    }
    quote(&contract, &out, &[]).ended(0);
    assert_eq!(complete(&out)["counts"]["headcount"], 5000);
}

#[test]
fn a_reader_who_goes_away_is_no_fault() {
    let (folder, contract) = small();
    let out = folder.path().join("out");
    let arguments = ["quote".as_ref(), contract.as_os_str(), "--out".as_ref(), out.as_os_str()];
    for json in [false, true] {
        let mut run = command(arguments);
        let mut run = if json { run.arg("--json").spawn() } else { run.spawn() }.unwrap();
        drop(run.stdout.take());
        Run::of(run.wait_with_output().unwrap()).ended(0);
        complete(&out);
    }
    let mut run = command(arguments).spawn().unwrap();
    drop((run.stdout.take(), run.stderr.take()));
    assert_eq!(run.wait().unwrap().code(), Some(0));
    complete(&out);
}

#[test]
fn a_result_that_cannot_be_said_ends_with_1() {
    let (folder, contract) = small();
    let Ok(full) = fs::OpenOptions::new().write(true).open("/dev/full") else { return };
    let mut run = command(["quote".as_ref(), contract.as_os_str()]);
    let run = run.current_dir(folder.path()).stdout(Stdio::from(full)).output().unwrap();
    Run::of(run).ended(1);
    complete(&folder.path().join("output/T-1"));
}

#[test]
fn a_contract_with_a_byte_order_mark_is_read_and_its_own_bytes_are_in_the_manifest() {
    let (folder, file) = small();
    let out = folder.path().join("out");
    let marked = format!("\u{feff}{}", fs::read_to_string(&file).unwrap().replace('\n', "\r\n"));
    fs::write(&file, &marked).unwrap();
    quote(&file, &out, &[]).ended(0);
    assert_eq!(complete(&out)["contract"]["sha256"], sha256(marked.as_bytes()));
    // lines are counted all the same
    fs::write(&file, format!("\u{feff}surprise = 1\r\n{}", &marked[3..])).unwrap();
    let run = quote(&file, &out, &[]).ended(3);
    assert!(run.err.contains("contract.toml:1:") && run.err.contains("surprise = 1"), "{}", run.err);
}

#[test]
fn a_pattern_is_looked_up_beside_a_contract_whatever_its_folder_is_called() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["[2026] год", "a*b?", "plain"] {
        let text = contract().with("roster = \"ros*.csv\"").cover("16", "");
        let file = put(&folder.path().join(name), &text, &roster().crowd(2));
        quote(&file, &folder.path().join("out"), &[]).ended(0);
        assert_eq!(complete(&folder.path().join("out"))["counts"]["headcount"], 2, "{name}");
    }
}

#[test]
fn a_pattern_of_which_a_folder_cannot_be_read_gives_no_quote_of_the_others() {
    let shared = Shared::new();
    for name in ["north", "south"] {
        fs::create_dir_all(shared.path("rosters").join(name)).unwrap();
        fs::write(shared.path("rosters").join(name).join("roster.csv"), roster().crowd(2).to_string()).unwrap();
    }
    allow(&shared.path("rosters/south"), 0);
    for pattern in ["rosters/*/*.csv", "rosters/*/roster.csv", "rosters/**/roster.csv"] {
        let text = contract().with(&format!("roster = '{pattern}'")).cover("16", "");
        fs::write(shared.path("contract.toml"), text.to_string()).unwrap();
        let run = shared.quote("out").ended(1);
        assert!(run.err.contains("rosters/south"), "{pattern}: {}", run.err);
        assert!(!shared.path("out").exists(), "{pattern}");
    }
    // a folder whose names alone can be had
    allow(&shared.path("rosters/south"), 0o444);
    let run = shared.quote("out").ended(1);
    assert!(run.err.contains("rosters/south"), "{}", run.err);
    allow(&shared.path("rosters/south"), 0o755);
}

#[test]
fn what_is_neither_a_file_nor_a_pattern_is_said_at_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let text = contract().with("roster = 'ros[ter.csv'").cover("16", "");
    let file = put(folder.path(), &text, &roster().crowd(2));
    let run = quote(&file, &folder.path().join("out"), &["--lang", "en"]).ended(3);
    let said = run.err.replace('│', " ").split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("contract.toml:5:") && said.contains("every `[` needs its `]`"), "{said}");
    let run = quote(&file, &folder.path().join("out"), &["--lang", "en", "x**.csv"]).ended(3);
    assert!(run.err.contains("x**.csv"), "{}", run.err);
}

#[test]
fn a_check_writes_only_where_it_is_told_to_and_no_money() {
    let folder = tempfile::tempdir().unwrap();
    for (name, code) in [("zavod", 0), ("mistakes", 3)] {
        let contract = sample(name);
        let run = command(["check".as_ref(), contract.as_os_str()]).current_dir(folder.path()).output().unwrap();
        let run = Run::of(run).ended(code);
        assert!(!run.out.contains('₽'), "{}", run.out);
        assert_eq!(names(folder.path()), [""; 0]);
    }
    let out = folder.path().join("out");
    for (name, code, expected) in [
        ("zavod", 0, &["diagnostics.csv", "manifest.json"][..]),
        ("mistakes", 3, &["diagnostics.csv", "manifest.json", "roster-checked.xlsx"]),
    ] {
        let contract = sample(name);
        Run::of(command(["check".as_ref(), contract.as_os_str(), "--out".as_ref(), out.as_os_str()]).output().unwrap())
            .ended(code);
        complete(&out);
        assert_eq!(names(&out), expected);
    }
    let checked = files(&out);
    quote(&sample("mistakes"), &out, &[]).ended(3);
    for name in ["diagnostics.csv", "roster-checked.xlsx"] {
        assert_eq!(files(&out)[name], checked[name], "{name}: the same diagnostics as of a quote");
    }
}

#[test]
fn a_census_by_two_names_is_counted_once() {
    let folder = tempfile::tempdir().unwrap();
    let text = contract().with("census = ['a/census.csv', '*/census.csv']").cover("16", "");
    let file = put(folder.path(), &text, &roster());
    fs::create_dir(folder.path().join("a")).unwrap();
    fs::write(folder.path().join("a/census.csv"), "Возраст;Группа риска;Чел.\n40;1;12\n").unwrap();
    std::os::unix::fs::symlink("a", folder.path().join("b")).unwrap();
    let told = quote(&file, &folder.path().join("out"), &["--lang", "en"]).ended(0);
    assert!(told.out.contains("Rows read 1:") && told.out.contains("Insured 12"), "{}", told.out);
}
