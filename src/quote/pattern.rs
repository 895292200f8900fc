//! Names of files with wildcards, and the files that fit them: all of them, or none and the reason.
//!
//! The library that matches a name passes by whatever it may not look into when it walks through folders, so that it is given
//! names alone: a folder that nobody may read, or a name that is not text, must not cost anybody their insurance in silence.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use glob::Pattern;

use crate::base::error::Error;

/// A part of a path between slashes.
enum Part {
    /// A name as it is.
    Plain(PathBuf),
    /// Every name that fits.
    Fitting(Pattern),
    /// Any number of folders.
    Deep,
}

/// The files that fit a pattern, by name, without those that editors leave beside an open one.
///
/// # Errors
///
/// [`Error::NotAPattern`] where it cannot be read as one, [`Error::Io`] where a folder on the way may not be looked into,
/// [`Error::Missing`] where a link leads nowhere.
pub fn fitting(folder: &Path, pattern: &str) -> Result<Vec<PathBuf>, Error> {
    let unread = || Error::NotAPattern { path: folder.join(pattern) };
    let parts = Path::new(pattern).components().filter(|part| *part != Component::CurDir);
    let mut parts = parts.map(part).collect::<Option<Vec<Part>>>().ok_or_else(unread)?;
    parts.dedup_by(|part, before| matches!((part, before), (Part::Deep, Part::Deep)));
    let mut files = BTreeSet::new();
    walk(folder, &parts, &mut BTreeSet::new(), &mut files)?;
    Ok(files.into_iter().collect())
}

fn part(component: Component<'_>) -> Option<Part> {
    let name = component.as_os_str().to_string_lossy();
    Some(match component {
        Component::Normal(_) if name == "**" => Part::Deep,
        Component::Normal(_) if name.contains(['*', '?', '[']) => Part::Fitting(Pattern::new(&name).ok()?),
        _ => Part::Plain(component.as_os_str().into()),
    })
}

/// Goes on from a place; `seen` are the folders that a `**` has been through, by how much of the pattern was left.
fn walk(
    at: &Path,
    parts: &[Part],
    seen: &mut BTreeSet<(usize, PathBuf)>,
    files: &mut BTreeSet<PathBuf>,
) -> Result<(), Error> {
    let Some((part, rest)) = parts.split_first() else {
        if fs::metadata(at).map_err(|fault| Error::reading(at, fault))?.is_file() {
            files.insert(at.to_owned());
        }
        return Ok(());
    };
    match part {
        Part::Plain(name) => {
            let below = at.join(name);
            if there(&below, fs::symlink_metadata(&below))?.is_some() {
                walk(&below, rest, seen, files)?;
            }
        }
        Part::Fitting(pattern) => {
            for below in content(at)? {
                let name = below.file_name().unwrap_or_default().to_string_lossy();
                if pattern.matches(&name) && !is_lock(&name) {
                    walk(&below, rest, seen, files)?;
                }
            }
        }
        Part::Deep => {
            let Some(real) = there(at, fs::canonicalize(named(at)))? else { return Ok(()) };
            // links may lead to one folder by many ways, and back to where they stand
            if !seen.insert((parts.len(), real)) {
                return Ok(());
            }
            walk(at, rest, seen, files)?;
            for below in content(at)? {
                if there(&below, fs::metadata(&below))?.is_some_and(|found| found.is_dir()) {
                    walk(&below, parts, seen, files)?;
                }
            }
        }
    }
    Ok(())
}

/// A folder by a name that the system knows.
fn named(folder: &Path) -> &Path {
    if folder.as_os_str().is_empty() { Path::new(".") } else { folder }
}

/// What stands in a folder, in order; nothing where there is none.
fn content(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let Some(entries) = there(folder, fs::read_dir(named(folder)))? else { return Ok(Vec::new()) };
    let below = entries.map(|entry| entry.map(|entry| folder.join(entry.file_name())));
    let mut below = below.collect::<Result<Vec<_>, _>>().map_err(|fault| Error::reading(folder, fault))?;
    below.sort();
    Ok(below)
}

/// What the system says of a path, if it is there: that it may not be told is another thing.
fn there<T>(path: &Path, said: io::Result<T>) -> Result<Option<T>, Error> {
    use io::ErrorKind::{InvalidFilename, InvalidInput, NotADirectory, NotFound};
    match said {
        Ok(found) => Ok(Some(found)),
        // nor is anything of a name that no file can have
        Err(fault) if matches!(fault.kind(), NotFound | NotADirectory | InvalidFilename | InvalidInput) => Ok(None),
        Err(fault) => Err(Error::reading(path, fault)),
    }
}

/// Whether Excel, LibreOffice or Emacs keeps a file of this name beside one that is open.
fn is_lock(name: &str) -> bool {
    name.starts_with("~$") || name.starts_with(".~lock.") || name.starts_with(".#")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The files of a small tree that fit, without its folder.
    fn fit(pattern: &str) -> Result<Vec<String>, Error> {
        let tree = tempfile::tempdir().unwrap();
        for name in ["a/x.csv", "a/y.csv", "b/x.csv", "b/deep/er/x.csv", "x.csv", "~$x.csv", "a/notes.txt"] {
            let file = tree.path().join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, "").unwrap();
        }
        // too many links, which no permission helps against: the superuser is told of it too
        std::os::unix::fs::symlink("loop", tree.path().join("loop")).unwrap();
        std::os::unix::fs::symlink("nowhere", tree.path().join("gone.txt")).unwrap();
        let below = |path: PathBuf| path.strip_prefix(tree.path()).unwrap().to_str().unwrap().to_owned();
        Ok(fitting(tree.path(), pattern)?.into_iter().map(below).collect())
    }

    #[test]
    fn every_file_that_fits_is_found_by_name() {
        for (pattern, expected) in [
            ("x.csv", &["x.csv"][..]),
            ("*.csv", &["x.csv"]),
            ("[ab]/*.csv", &["a/x.csv", "a/y.csv", "b/x.csv"]),
            ("./?/../a/y*", &["a/../a/y.csv", "b/../a/y.csv"]),
            ("[ab]/x.csv", &["a/x.csv", "b/x.csv"]),
            ("b/**/x.csv", &["b/deep/er/x.csv", "b/x.csv"]),
            ("b/**/**/x.csv", &["b/deep/er/x.csv", "b/x.csv"]),
            ("*.csv/x.csv", &[]),
            ("nowhere/*.csv", &[]),
            ("b", &[]),
        ] {
            assert_eq!(fit(pattern).unwrap(), expected, "{pattern}");
        }
    }

    #[test]
    fn what_may_not_be_looked_into_is_said() {
        for (pattern, at) in [("loop/*.csv", "loop"), ("*/x.csv", "loop/x.csv"), ("**/x.csv", "loop")] {
            let Err(Error::Io { path, .. }) = fit(pattern) else { unreachable!("{pattern} is read") };
            assert!(path.ends_with(at), "{pattern}: {}", path.display());
        }
        assert!(matches!(fit("*.txt"), Err(Error::Missing { path }) if path.ends_with("gone.txt")));
    }

    #[test]
    fn links_that_lead_back_are_followed_once() {
        let tree = tempfile::tempdir().unwrap();
        for folder in ["a", "b"] {
            fs::create_dir(tree.path().join(folder)).unwrap();
            fs::write(tree.path().join(folder).join("x.csv"), "").unwrap();
        }
        std::os::unix::fs::symlink("../b", tree.path().join("a/other")).unwrap();
        std::os::unix::fs::symlink("../a", tree.path().join("b/other")).unwrap();
        std::os::unix::fs::symlink(".", tree.path().join("a/again")).unwrap();
        let found = fitting(&tree.path().join("a"), "**/x.csv").unwrap();
        let below: Vec<_> =
            found.iter().map(|path| path.strip_prefix(tree.path()).unwrap().to_str().unwrap()).collect();
        assert_eq!(below, ["a/other/x.csv", "a/x.csv"]);
    }

    #[test]
    fn a_name_that_no_file_can_have_is_no_file_s() {
        for name in ["x".repeat(100_000), format!("[ab]/{}", "x".repeat(300)), "x\0.csv".to_owned()] {
            assert_eq!(fit(&name).unwrap(), [""; 0], "{}", name.len());
        }
    }

    #[test]
    fn what_is_no_pattern_is_said() {
        for pattern in ["[a.csv", "a**.csv", "x/***/y.csv"] {
            assert!(matches!(fit(pattern), Err(Error::NotAPattern { .. })), "{pattern}");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_name_that_is_no_text_is_found_too() {
        use std::os::unix::ffi::OsStrExt;
        let folder = tempfile::tempdir().unwrap();
        let name = std::ffi::OsStr::from_bytes(b"\xd1\xef.csv");
        fs::write(folder.path().join(name), "").unwrap();
        assert_eq!(fitting(folder.path(), "*.csv").unwrap(), [folder.path().join(name)]);
    }
}
