//! Files that are none: a FIFO, a device, a folder or a socket in any place where a file is read is refused at once by its name.

use std::fs;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::program::{Run, command, quote, small_contract, write_contract};
use crate::support::roster;

/// Longer than any refusal takes on a busy machine; a run that waits for a FIFO or reads a device never ends.
const PATIENCE: Duration = Duration::from_mins(1);

/// A folder with a contract, a quote and one special file of each kind.
fn office() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let file = write_contract(folder.path(), &small_contract(), &roster().aged(40, 1));
    fs::write(folder.path().join("numbers.csv"), "Договор;Дата;Сумма\nT-1;15.01.2026;1000,50\n").unwrap();
    assert!(Command::new("mkfifo").arg(folder.path().join("fifo")).status().unwrap().success());
    fs::create_dir(folder.path().join("folder")).unwrap();
    symlink("/dev/zero", folder.path().join("device")).unwrap();
    quote(&file, &folder.path().join("quote"), &[]).exits_with(0);
    let bind = ["bind", "contract.toml", "--portfolio", "book"];
    Run::new(command(bind).current_dir(&folder).output().unwrap()).exits_with(0);
    folder
}

/// The outcome of a run, which is ended where it takes too long.
#[track_caller]
fn run_to_end(folder: &Path, words: &str) -> Run {
    let mut child =
        command(words.split(' ').chain(["--lang", "en"])).current_dir(folder).stderr(Stdio::piped()).spawn();
    let child = child.as_mut().unwrap();
    let started = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if started.elapsed() > PATIENCE {
            child.kill().unwrap();
            panic!("`{words}` does not end");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    let text = |from: &mut dyn std::io::Read| {
        let mut text = String::new();
        from.read_to_string(&mut text).unwrap();
        text
    };
    Run {
        code: child.wait().unwrap().code(),
        out: text(child.stdout.as_mut().unwrap()),
        err: text(child.stderr.as_mut().unwrap()),
    }
}

#[test]
fn a_file_that_is_none_is_refused_by_its_name_in_every_place() {
    let folder = office();
    let _listener = UnixListener::bind(folder.path().join("socket")).unwrap();
    for words in [
        "quote X",
        "quote contract.toml X",
        "quote contract.toml --tariff X",
        "quote contract.toml --documents pdf --template X --out new",
        "check X",
        "check contract.toml X",
        "explain X --age 40",
        "compare X quote",
        "target X --premium 1000",
        "outlook X",
        "cube X --out new",
        "tariff check X",
        "bind X --portfolio book",
        "pay X --portfolio book",
        "reprice X --portfolio book",
        "endorse T-1 X --on 2026-06-01 --portfolio book",
        "clinics check X",
    ] {
        for name in ["fifo", "folder", "device", "socket"] {
            let words = words.replace('X', name);
            // a folder of a quote may be meant
            if name == "folder" && (words.starts_with("explain") || words.starts_with("compare")) {
                continue;
            }
            let run = run_to_end(folder.path(), &words);
            assert_eq!(run.code, Some(3), "`{words}`: {}{}", run.out, run.err);
            assert!(run.err.contains(name), "`{words}`: {}", run.err);
        }
    }
}

#[test]
fn a_roster_in_a_contract_that_is_no_file_is_refused() {
    let folder = office();
    let text = fs::read_to_string(folder.path().join("contract.toml")).unwrap();
    for name in ["fifo", "device", "folder", "/dev/zero", "/dev/null"] {
        fs::write(folder.path().join("contract.toml"), text.replace("roster.csv", name)).unwrap();
        for words in ["quote contract.toml", "check contract.toml", "outlook contract.toml"] {
            let run = run_to_end(folder.path(), words);
            assert_eq!(run.code, Some(3), "{name} `{words}`: {}", run.err);
            assert!(run.err.contains(name), "`{words}`: {}", run.err);
        }
    }
}

#[test]
fn special_files_inside_a_result_or_a_book_stop_no_run() {
    let folder = office();
    let fifo = |path: &str| {
        let path = folder.path().join(path);
        let _ = fs::remove_file(&path);
        assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
    };
    // as if a killed run had left it
    fifo(".quote.partial-1");
    run_to_end(folder.path(), "quote contract.toml --out quote").exits_with(0);
    fifo("quote/premiums.csv");
    run_to_end(folder.path(), "report quote --documents html").exits_with(3);
    fifo("quote/manifest.json");
    run_to_end(folder.path(), "report quote --documents html").exits_with(3);
    run_to_end(folder.path(), "quote contract.toml --out quote").exits_with(1);
    let data = fs::read_dir(folder.path().join("book/data")).unwrap().map(|entry| entry.unwrap().path());
    data.filter(|path| path.extension().is_some()).for_each(|path| fifo(path.to_str().unwrap()));
    run_to_end(folder.path(), "portfolio show T-1 --portfolio book").exits_with(1);
    fifo("book/register.sqlite");
    run_to_end(folder.path(), "portfolio list --portfolio book").exits_with(3);
}
