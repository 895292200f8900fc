//! Faults of the system at single system calls: every changing command is failed, killed, shortened or cut
//! off from power at one of its calls, and then run again.
//!
//! `system_faults/inject.c` acts at the N-th call on a file of the folder. No broken run may leave half a result or take the fault for bad
//! input, and the next run comes to the bytes of an unbroken one. The suite takes a sample of the calls; with `KOLLEKTIV_EVERY_CALL` in the
//! environment it takes all of them.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use kollektiv::base::digest::sha256;
use rusqlite::Connection;
use rusqlite::types::Value;
use tempfile::TempDir;

use crate::portfolio::book::change;
use crate::program::{PROGRAM, Run, command, project, write_contract};
use crate::support::{contract, roster};

pub const EVERY_CALL: &str = "KOLLEKTIV_EVERY_CALL";
/// The calls of a command that the suite fails, of each sort.
const SAMPLE: usize = 6;
/// The exit code of a program that a signal 9 ended.
const KILLED: i32 = 137;
const RETRY: &str = "again";
/// The command that erases a person, and the name that it erases.
const FORGET: &str = "portfolio forget";
const FORGOTTEN: &str = "Белова Ксения Ильинична";
/// What only bad input is.
const BAD_INPUT: [&str; 5] = ["refused", "damaged", "changed", "backup", "panicked"];
/// Every call that changes a file or a folder.
const CHANGES: &str = "wsrcdulm";

/// What is done at a call, and at which sorts of calls.
const FAULTS: [(&str, &str, &str); 9] = [
    ("cut off from power", "power", CHANGES),
    ("killed", "kill", CHANGES),
    ("failing disk", "5", CHANGES),
    ("full disk", "28", "wcd"),
    ("short writes", "short", "w"),
    ("too many open files", "24", "oc"),
    ("no permission", "13", "of"),
    ("unreadable disk", "5", "oRgf"),
    ("no memory", "12", "oR"),
];

/// The commands in their order, each on the book that the ones before have left.
pub const COMMANDS: [&str; 19] = [
    "quote contract.toml --out quoted",
    "bind contract.toml --portfolio book --dry-run",
    "bind contract.toml --portfolio book",
    "pay payments.csv --portfolio book",
    "endorse T-1 changes.csv --on 2026-10-01 --portfolio book --out endorsed",
    // the joiner of October is folded again, in a second run of the same commit
    "reprice change.toml --portfolio book --out repriced",
    "refuse T-1 --change 2026-A --portfolio book",
    "annul 6 --portfolio book",
    // the change of September is worked out again
    "reprice earlier.toml --portfolio book --out earlier",
    "reconcile T-1 staff.csv --on 2026-11-01 --portfolio book --out reconciled",
    "renew T-1 --start 2027-01-01 --portfolio book --out renewed",
    "terminate T-1 --on 2026-12-01 --reason agreement --portfolio book",
    "portfolio invoices --due 2026-12-31 --portfolio book --out invoices",
    "portfolio statement T-1 --from 2026-01-01 --to 2026-12-31 --portfolio book --out statement",
    "portfolio export --as-of 2026-12-01 --to tables --portfolio book",
    "clinics letter clinics/two.csv --portfolio served --clinics clinics/clinics.toml --out letters",
    "clinics lists --as-of 2027-01-10 --sent 2027-01-11 --portfolio served --clinics clinics/clinics.toml --out lists",
    "portfolio forget 0912-004 --as-of 2028-02-01 --portfolio served",
    "clinics settle clinics/register.csv --clinic dent-01 --portfolio served --clinics clinics/clinics.toml --out settled",
];

/// The files of a folder: their hashes, and of a register its rows.
type Snapshot = BTreeMap<String, String>;

/// The program that acts at system calls; `None`, with a word, where it cannot be built or used.
fn injector(folder: &Path) -> Option<PathBuf> {
    let (program, source) = (folder.join("inject"), project().join("tests/system_faults/inject.c"));
    let built = Command::new("cc").args(["-O1", "-o"]).arg(&program).arg(source).output();
    let is_usable = || Command::new(&program).args(["/dev/null", "w", "count", "0", "/", "true"]).output();
    let problem = match built {
        Err(fault) => format!("no C compiler: {fault}"),
        Ok(built) if !built.status.success() => String::from_utf8_lossy(&built.stderr).into_owned(),
        Ok(_) => match is_usable() {
            Ok(ended) if ended.status.success() => return Some(program),
            ended => format!("processes cannot be traced here: {ended:?}"),
        },
    };
    assert!(std::env::var_os("KOLLEKTIV_EVERY_TEST").is_none(), "{problem}");
    report(&format!("SKIPPED, faults of the system are not tested: {problem}\n"));
    None
}

fn report(text: &str) {
    std::io::stderr().write_all(text.as_bytes()).unwrap();
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(|entry| entry.unwrap()) {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn snapshot(folder: &Path) -> Snapshot {
    let mut found = Snapshot::new();
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap()) {
        let name = entry.file_name().into_string().unwrap();
        let path = entry.path();
        // the lock has the number of a process, and the others go when the register is closed
        if name == "lock" || name.ends_with("-shm") || name.ends_with("-wal") {
            continue;
        }
        if entry.file_type().unwrap().is_dir() {
            found.insert(format!("{name}/"), String::new());
            found.extend(snapshot(&path).into_iter().map(|(inner, hash)| (format!("{name}/{inner}"), hash)));
        } else if name == "register.sqlite" {
            found.insert(name, register_rows(&path));
        } else {
            found.insert(name, sha256(&fs::read(path).unwrap()));
        }
    }
    found
}

/// Every row of a register, table by table.
pub fn register_rows(path: &Path) -> String {
    let register = Connection::open(path).unwrap();
    let texts = |query: &str| -> Vec<String> {
        let mut query = register.prepare(query).unwrap();
        let columns = query.column_count();
        let mut rows = query.query([]).unwrap();
        let mut texts = Vec::new();
        while let Some(row) = rows.next().unwrap() {
            let values: Vec<Value> = (0..columns).map(|column| row.get(column).unwrap()).collect();
            texts.push(format!("{values:?}"));
        }
        texts.sort();
        texts
    };
    // a run that finds everything done is a run too
    // SQLite takes capitals in the name of a table for small letters
    let tables =
        "SELECT lower(name) FROM sqlite_schema WHERE type = 'table' AND lower(name) <> 'run' ORDER BY lower(name)";
    let mut tables = register.prepare(tables).unwrap();
    let tables = tables.query_map([], |row| row.get::<_, String>(0)).unwrap();
    let tables = tables.map(|table| table.unwrap());
    let rows = |table: &str| texts(&format!("SELECT * FROM \"{table}\"")).join("\n");
    tables.flat_map(|table| [format!("{table}: "), rows(&table), "\n".to_owned()]).collect()
}

/// Whether a file of a folder has a text.
fn has_text(folder: &Path, text: &str) -> bool {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).any(|path| {
        if path.is_dir() {
            return has_text(&path, text);
        }
        fs::read(path).unwrap().windows(text.len()).any(|window| window == text.as_bytes())
    })
}

/// A folder with the inputs of all commands.
pub fn office() -> TempDir {
    let office = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(office.path().join(name), text).unwrap();
    let terms = contract().with("roster = 'roster.csv'").with("expense_load = '0.20'").choose("ranges = 'low'");
    write_contract(office.path(), &terms.cover("16", ""), &roster().aged(40, 3));
    write("payments.csv", "Договор;Дата;Сумма\nT-1;15.01.2026;1000,50\nT-1;16.01.2026;7,00\n");
    write("changes.csv", "Вид изменения;ФИО;Дата рождения;Группа риска\nприкрепить;Лаптев Игорь Ильич;19.08.1990;1\n");
    write("change.toml", &change("2026-A", "2026-09-01", &[("16", "1.10")]));
    write("earlier.toml", &change("2026-B", "2026-06-01", &[("16", "1.20")]));
    write("staff.csv", "ФИО;Дата рождения;Группа риска\nЛаптев Игорь Ильич;19.08.1990;2\n");
    copy_folder(&project().join("samples/clinics"), &office.path().join("clinics"));
    let rows = "0912-004;dent-01;Т-02;12.01.2027\n0912-005;dent-01;Т-02;12.01.2027\n";
    write("clinics/two.csv", &format!("№ полиса;Клиника;Услуга;Дата письма\n{rows}"));
    run_in(office.path(), "bind clinics/contract.toml --portfolio served").exits_with(0);
    write("served.csv", "Договор;Дата;Сумма\nDMS-2026-0912;15.12.2026;700000,00\n");
    run_in(office.path(), "pay served.csv --portfolio served").exits_with(0);
    office
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(' ').chain(["--lang", "en", "--threads", "2"])
}

pub fn run_in(folder: &Path, text: &str) -> Run {
    Run::new(command(words(text)).current_dir(folder).output().unwrap())
}

/// A command, the folder before it, and what an unbroken run makes of it.
struct Sweep<'s> {
    injector: &'s Path,
    text: &'static str,
    before: &'s Path,
    after: Snapshot,
    /// What the same command makes of that once more, with its exit code: a run can be broken after its commit.
    repeated: (Option<i32>, Snapshot),
}

impl Sweep<'_> {
    /// Runs the command in a folder, with a fault at the N-th of these calls; returns the run and the number of calls.
    fn broken(&self, folder: &Path, kinds: &str, action: &str, at: usize) -> (Run, usize) {
        let room = tempfile::tempdir().unwrap();
        let report = room.path().join("calls");
        let mut broken = Command::new(self.injector);
        broken.arg(&report).args([kinds, action, &at.to_string()]).arg(folder).arg(PROGRAM).args(words(self.text));
        broken.current_dir(folder).env("NO_COLOR", "1").env("TMPDIR", room.path());
        let run = Run::new(broken.output().unwrap());
        (run, fs::read_to_string(report).unwrap().trim().parse().unwrap())
    }

    /// A copy of the folder before the command.
    fn room(&self) -> (TempDir, PathBuf) {
        let room = tempfile::tempdir().unwrap();
        let folder = room.path().join("office");
        copy_folder(self.before, &folder);
        (room, folder)
    }

    /// Breaks the command at some calls of a sort; returns what is wrong.
    fn faults(&self, fault: &str, action: &str, kinds: &str) -> Vec<String> {
        let (_, calls) = self.broken(&self.room().1, kinds, "count", 0);
        let every = if std::env::var_os(EVERY_CALL).is_some() { 1 } else { calls.div_ceil(SAMPLE).max(1) };
        // of the last calls, which put the result into its place, the very last one is always taken
        let chosen = (0..calls).step_by(every).map(|back| calls - back);
        let wrong = chosen.filter_map(|at| {
            let problem = self.problem(action, kinds, at)?;
            Some(format!("`{}`, {fault}, call {at} of {calls} ({kinds}): {problem}", self.text))
        });
        let wrong: Vec<String> = wrong.collect();
        report(&format!("`{}`, {fault}: every {every}. of {calls} calls, {} wrong\n", self.text, wrong.len()));
        wrong
    }

    /// What is wrong after a fault at a call; `None` if nothing is.
    fn problem(&self, action: &str, kinds: &str, at: usize) -> Option<String> {
        let (_room, folder) = self.room();
        let (run, _) = self.broken(&folder, kinds, action, at);
        let shown = format!("exit {:?}\n{}{}", run.code, run.out, run.err);
        let is_ended = matches!(action, "kill" | "power");
        match (action, run.code) {
            ("kill" | "power", Some(KILLED)) => {}
            (_, Some(0)) if !is_ended => {}
            (_, Some(1)) if !is_ended && action != "short" => {
                let err = run.err.to_lowercase();
                if !err.contains(RETRY) || BAD_INPUT.iter().any(|word| err.contains(word)) {
                    return Some(format!("a wrong word: {shown}"));
                }
            }
            _ => return Some(format!("a wrong code: {shown}")),
        }
        let is_done = run.code == Some(0);
        if is_done {
            let different = difference(&self.after, &snapshot(&folder))?;
            return Some(format!("half a result: {different}\n{shown}"));
        }
        let again = run_in(&folder, self.text);
        if self.text.starts_with(FORGET) && has_text(&folder.join("served"), FORGOTTEN) {
            return Some(format!("the name is still there, after {shown}"));
        }
        let (code, repeated) = &self.repeated;
        if again.code != Some(0) && again.code != *code {
            return Some(format!("the next run fails: {}{}\nafter {shown}", again.out, again.err));
        }
        let found = snapshot(&folder);
        let different = difference(&self.after, &found)?;
        difference(repeated, &found)?;
        Some(format!("the next run comes to another result: {different}\nafter {shown}"))
    }
}

/// The first file in which two folders differ.
fn difference(one: &Snapshot, other: &Snapshot) -> Option<String> {
    let mut names = one.keys().chain(other.keys());
    let name = names.find(|name| one.get(*name) != other.get(*name))?;
    Some(format!("{name}: {:?} and {:?}", one.get(name), other.get(name)))
}

#[test]
fn a_fault_at_a_call_leaves_no_half_result_and_the_next_run_comes_to_the_same() {
    let tools = tempfile::tempdir().unwrap();
    let Some(injector) = injector(tools.path()) else { return };
    let office = office();
    let mut wrong = Vec::new();
    for text in COMMANDS {
        let (after, repeated) = (Snapshot::new(), (None, Snapshot::new()));
        let mut sweep = Sweep { injector: &injector, text, before: office.path(), after, repeated };
        let (_room, folder) = sweep.room();
        run_in(&folder, text).exits_with(0);
        sweep.after = snapshot(&folder);
        sweep.repeated = (run_in(&folder, text).code, snapshot(&folder));
        wrong.extend(FAULTS.iter().flat_map(|(fault, action, kinds)| sweep.faults(fault, action, kinds)));
        run_in(office.path(), text).exits_with(0);
    }
    assert!(wrong.is_empty(), "{} faults:\n{}", wrong.len(), wrong.join("\n\n"));
}
