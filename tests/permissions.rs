//! Personal data is its owner's alone: the permissions of everything that the commands write.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::system_faults::{COMMANDS, office, run_in};

/// The permissions of a folder and of everything in it.
fn modes(folder: &Path) -> Vec<(PathBuf, u32)> {
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let mut modes = vec![(folder.to_owned(), mode(folder))];
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            modes.extend(self::modes(&path));
        } else {
            modes.push((path.clone(), mode(&path)));
        }
    }
    modes
}

#[test]
fn results_and_books_are_their_owners_alone() {
    let office = office();
    for text in COMMANDS {
        run_in(office.path(), text).exits_with(0);
    }
    run_in(office.path(), "quote contract.toml --documents html --out documents").exits_with(0);
    let written = ["quoted", "documents", "book", "endorsed", "repriced", "tables", "served", "letters", "settled"];
    let of_month = ["earlier", "reconciled", "renewed", "invoices", "statement", "lists"];
    for written in written.into_iter().chain(of_month) {
        for (path, mode) in modes(&office.path().join(written)) {
            assert_eq!(mode & 0o077, 0, "{}: {mode:o}", path.display());
        }
    }
}

#[test]
fn a_mode_lets_others_read() {
    let office = office();
    for text in ["quote contract.toml --out shared --mode 640", "bind contract.toml --portfolio book --mode 640"] {
        run_in(office.path(), text).exits_with(0);
    }
    for (path, mode) in modes(&office.path().join("shared")).into_iter().chain(modes(&office.path().join("book"))) {
        let expected = if path.is_dir() { 0o750 } else { 0o640 };
        assert_eq!(format!("{mode:o}"), format!("{expected:o}"), "{}", path.display());
    }
}
