//! Folders that are not books, and read-only books.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use rusqlite::Connection;

use super::{Office, can, ran};
use crate::program::Run;

/// Asserts that every command refuses the folder with this message.
fn assert_refused(office: &Office, message: &str) {
    let commands: [&[&str]; 7] = [
        &["bind", "contract-1/contract.toml"],
        &["pay", "payments.csv"],
        &["reprice", "change.toml"],
        &["refuse", "N-1", "--change", "spring"],
        &["portfolio", "list"],
        &["portfolio", "show", "N-1"],
        &["portfolio", "verify"],
    ];
    for arguments in commands {
        let run = office.run(arguments, "book").exits_with(3);
        assert!(run.err.contains(message), "{arguments:?}: {}", run.err);
    }
}

#[test]
fn a_file_that_is_not_a_register_is_refused_and_unchanged() {
    let office = Office::new(&[3]);
    office.bound("bound");
    let whole = fs::read(office.path("bound/register.sqlite")).unwrap();
    let other = |pragma: &str| {
        office.copy("bound", "book");
        let register = Connection::open(office.path("book/register.sqlite")).unwrap();
        register.execute_batch(pragma).unwrap();
    };
    other("PRAGMA user_version = 1");
    let of_another_version = fs::read(office.path("book/register.sqlite")).unwrap();
    assert_refused(&office, "another version of the program");
    assert_eq!(
        fs::read(office.path("book/register.sqlite")).unwrap(),
        of_another_version,
        "the other program can go on"
    );
    other("PRAGMA application_id = 7");
    assert_refused(&office, "no register of a portfolio in it");
    let texts: [(&[u8], &str); 4] = [
        (b"", "no register of a portfolio in it"),
        (b"number;premium\n1;2\n", "it is damaged"),
        (&[b'x'; 10_000], "it is damaged"),
        (&whole[16..], "it is damaged"),
    ];
    for (bytes, message) in texts {
        office.copy("bound", "book");
        fs::write(office.path("book/register.sqlite"), bytes).unwrap();
        assert_refused(&office, message);
        assert_eq!(fs::read(office.path("book/register.sqlite")).unwrap(), bytes);
    }
    fs::remove_file(office.path("book/register.sqlite")).unwrap();
    fs::create_dir(office.path("book/register.sqlite")).unwrap();
    assert_refused(&office, "no register of a portfolio in it");
}

#[test]
fn only_bind_creates_a_book_and_never_among_other_files() {
    let office = Office::new(&[3]);
    let missing =
        [&["pay", "payments.csv"][..], &["reprice", "change.toml"], &["portfolio", "list"], &["portfolio", "verify"]];
    for arguments in missing {
        let run = office.run(arguments, "nowhere").exits_with(3);
        assert!(run.err.contains("a new portfolio begins with `kollektiv bind`"), "{}", run.err);
        assert!(!office.path("nowhere").exists());
    }
    fs::create_dir(office.path("full")).unwrap();
    fs::write(office.path("full/notes.txt"), "mine").unwrap();
    let run = ran(office.bind("full")).exits_with(3);
    assert!(run.err.contains("notes.txt"), "{}", run.err);
    assert_eq!(crate::program::names(&office.path("full")), ["notes.txt"]);
    fs::write(office.path("file"), "mine").unwrap();
    ran(office.bind("file")).exits_with(1);
    assert_eq!(fs::read(office.path("file")).unwrap(), b"mine");
}

#[test]
fn foreign_files_in_a_book_stay() {
    let office = Office::new(&[3]);
    office.bound("book");
    let killed = "data/lines-0123456789abcdef0123456789abcdef.parquet";
    for name in ["book/data/notes.txt", "book/notes.txt", &format!("book/{killed}"), "book/data/.new-x"] {
        fs::write(office.path(name), "mine").unwrap();
    }
    fs::create_dir(office.path("book/data/old")).unwrap();
    ran(office.reprice("book", "out")).exits_with(0);
    office.verified("book");
    assert!(office.path("book/data/notes.txt").exists() && office.path("book/notes.txt").exists());
    assert!(office.path("book/data/old").exists());
    assert!(!office.path(&format!("book/{killed}")).exists() && !office.path("book/data/.new-x").exists());
}

/// The command without the capability of root to bypass permissions.
fn bound_by_permissions(command: &Command) -> Command {
    let mut bound = Command::new("setpriv");
    bound.arg("--bounding-set=-dac_override,-dac_read_search").arg(command.get_program()).args(command.get_args());
    if let Some(folder) = command.get_current_dir() {
        bound.current_dir(folder);
    }
    bound
}

fn permit(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn a_book_without_write_permission_is_unchanged() {
    let office = Office::new(&[3]);
    office.bound("bound");
    let is_bound = fs::create_dir(office.path("closed")).and_then(|()| {
        permit(&office.path("closed"), 0o555);
        fs::write(office.path("closed/probe"), "")
    });
    let as_root = is_bound.is_ok();
    if as_root && !can("setpriv", bound_by_permissions(&Command::new("true"))) {
        return;
    }
    let run = |command: Command| -> Run { ran(if as_root { bound_by_permissions(&command) } else { command }) };
    let before = office.book("bound");
    for (name, mode, readable) in
        [("", 0o555, true), ("data", 0o555, true), ("register.sqlite", 0o000, false), ("lock", 0o444, true)]
    {
        office.copy("bound", "book");
        let path = office.path("book").join(name);
        permit(&path, mode);
        let reprice = run(office.reprice("book", "out"));
        let verify = run(office.program(&["portfolio", "verify"], "book"));
        permit(&path, 0o755);
        let reprice = reprice.exits_with(1);
        assert!(reprice.err.contains(office.path("book").to_str().unwrap()), "{name}: {}", reprice.err);
        if readable {
            verify.exits_with(0);
        }
        office.book("book").assert_same(&before, name);
        ran(office.reprice("book", "out")).exits_with(0);
        office.verified("book");
    }
    // an unreadable file of rows is a fault of the system: it ends the run, and none of its contracts is set aside
    office.copy("bound", "book");
    let lines = before.data.keys().find(|name| name.starts_with("lines-")).unwrap();
    let path = office.path("book/data").join(lines);
    permit(&path, 0o000);
    let reprice = run(office.reprice("book", "out")).exits_with(1);
    assert!(reprice.err.contains(lines) && reprice.err.contains("permissions"), "{}", reprice.err);
    permit(&path, 0o644);
    office.book("book").assert_same(&before, "an unreadable file of rows");
    ran(office.reprice("book", "out")).exits_with(0);
    office.verified("book");
    // an unwritable result leaves the book unchanged
    office.copy("bound", "book");
    fs::create_dir(office.path("shut")).unwrap();
    permit(&office.path("shut"), 0o555);
    run(office.reprice("book", "shut/out")).exits_with(1);
    office.book("book").assert_same(&before, "the result");
}
