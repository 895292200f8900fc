//! File names with wildcards: all files that match, or none and the reason.
//!
//! The `glob` library skips unreadable folders in silence when it walks, so that it only matches single names here: an
//! unreadable folder, or a name that is not text, must not drop insured unnoticed.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use glob::Pattern;

use crate::base::error::Error;
use crate::base::toml_file::SETTINGS_FILE;

/// A part of a pattern between slashes.
enum PatternPart {
    /// A literal name.
    Plain(PathBuf),
    /// Every name that matches.
    Matching(Pattern),
    /// Any number of folders.
    Deep,
}

/// The files that match a pattern, by name, without those that a system, an editor or this program keeps beside them.
///
/// # Errors
///
/// [`Error::NotAPattern`] where it is no pattern, [`Error::Io`] where a folder on the way may not be read,
/// [`Error::Missing`] where a link leads nowhere.
pub fn matching_files(folder: &Path, pattern: &str) -> Result<Vec<PathBuf>, Error> {
    Ok(find_matching(folder, pattern)?.into_iter().filter(|path| !is_system_file(path)).collect())
}

/// The files that match a pattern and are no rosters: an editor, a Mac or Windows keeps them beside other files.
///
/// # Errors
///
/// As [`matching_files`].
pub fn passed_over_files(folder: &Path, pattern: &str) -> Result<Vec<PathBuf>, Error> {
    Ok(find_matching(folder, pattern)?.into_iter().filter(|path| is_system_file(path)).collect())
}

fn find_matching(folder: &Path, pattern: &str) -> Result<Vec<PathBuf>, Error> {
    let no_pattern = || Error::NotAPattern { path: folder.join(pattern) };
    let parts = Path::new(pattern).components().filter(|part| *part != Component::CurDir);
    let mut parts = parts.map(part).collect::<Option<Vec<PatternPart>>>().ok_or_else(no_pattern)?;
    parts.dedup_by(|part, before| matches!((part, before), (PatternPart::Deep, PatternPart::Deep)));
    let mut files = BTreeSet::new();
    walk(folder, &parts, &mut BTreeSet::new(), &mut files)?;
    Ok(files.into_iter().collect())
}

fn part(component: Component<'_>) -> Option<PatternPart> {
    let name = component.as_os_str().to_string_lossy();
    Some(match component {
        Component::Normal(_) if name == "**" => PatternPart::Deep,
        Component::Normal(_) if name.contains(['*', '?', '[']) => PatternPart::Matching(Pattern::new(&name).ok()?),
        _ => PatternPart::Plain(component.as_os_str().into()),
    })
}

/// Adds the files below `at` that match `parts`; `seen` are the folders that a `**` has visited, with the number of parts left.
fn walk(
    at: &Path,
    parts: &[PatternPart],
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
        PatternPart::Plain(name) => {
            let below = at.join(name);
            if if_exists(&below, fs::symlink_metadata(&below))?.is_some() {
                walk(&below, rest, seen, files)?;
            }
        }
        PatternPart::Matching(pattern) => {
            for below in entries(at)? {
                let name = below.file_name().unwrap_or_default().to_string_lossy();
                if pattern.matches(&name) {
                    walk(&below, rest, seen, files)?;
                }
            }
        }
        PatternPart::Deep => {
            let Some(real) = if_exists(at, fs::canonicalize(named(at)))? else { return Ok(()) };
            // links may lead to one folder in many ways, and in a circle
            if !seen.insert((parts.len(), real)) {
                return Ok(());
            }
            walk(at, rest, seen, files)?;
            for below in entries(at)? {
                if if_exists(&below, fs::metadata(&below))?.is_some_and(|found| found.is_dir()) {
                    walk(&below, parts, seen, files)?;
                }
            }
        }
    }
    Ok(())
}

/// A folder by a name that the system accepts.
fn named(folder: &Path) -> &Path {
    if folder.as_os_str().is_empty() { Path::new(".") } else { folder }
}

/// The entries of a folder, in order; none where there is no folder.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let Some(found) = if_exists(folder, fs::read_dir(named(folder)))? else { return Ok(Vec::new()) };
    let below = found.map(|entry| entry.map(|entry| folder.join(entry.file_name())));
    let mut below = below.collect::<Result<Vec<_>, _>>().map_err(|fault| Error::reading(folder, fault))?;
    below.sort();
    Ok(below)
}

/// The answer of the system about a path; `None` where the path does not exist. A refusal to answer is an error.
fn if_exists<T>(path: &Path, answer: io::Result<T>) -> Result<Option<T>, Error> {
    use io::ErrorKind::{InvalidFilename, InvalidInput, NotADirectory, NotFound};
    match answer {
        Ok(found) => Ok(Some(found)),
        // a name the OS rejects does not exist either
        Err(fault) if matches!(fault.kind(), NotFound | NotADirectory | InvalidFilename | InvalidInput) => Ok(None),
        Err(fault) => Err(Error::reading(path, fault)),
    }
}

/// Whether Excel, LibreOffice or Emacs keeps such a file beside an open one, or a Mac or Windows beside any; or whether it has the settings
/// of this program.
fn is_system_file(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    let begins = ["~$", ".~lock.", ".#", "._"].iter().any(|beginning| name.starts_with(beginning));
    begins || [".ds_store", "thumbs.db", "desktop.ini", SETTINGS_FILE].contains(&&*name)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The files of a small tree that match, without its folder.
    fn matching(pattern: &str) -> Result<Vec<String>, Error> {
        let tree = tempfile::tempdir().unwrap();
        for name in ["a/x.csv", "a/y.csv", "b/x.csv", "b/deep/er/x.csv", "x.csv", "~$x.csv", "._x.csv", "a/notes.txt"] {
            let file = tree.path().join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, "").unwrap();
        }
        // a loop of links, which fails for the superuser too
        std::os::unix::fs::symlink("loop", tree.path().join("loop")).unwrap();
        std::os::unix::fs::symlink("nowhere", tree.path().join("gone.txt")).unwrap();
        let below = |path: PathBuf| path.strip_prefix(tree.path()).unwrap().to_str().unwrap().to_owned();
        Ok(matching_files(tree.path(), pattern)?.into_iter().map(below).collect())
    }

    #[test]
    fn every_file_that_matches_is_found_by_name() {
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
            assert_eq!(matching(pattern).unwrap(), expected, "{pattern}");
        }
    }

    #[test]
    fn an_unreadable_folder_is_reported() {
        for (pattern, at) in [("loop/*.csv", "loop"), ("*/x.csv", "loop/x.csv"), ("**/x.csv", "loop")] {
            let Err(Error::Io { path, .. }) = matching(pattern) else { unreachable!("{pattern} is read") };
            assert!(path.ends_with(at), "{pattern}: {}", path.display());
        }
        assert!(matches!(matching("*.txt"), Err(Error::Missing { path }) if path.ends_with("gone.txt")));
    }

    #[test]
    fn circular_links_are_followed_once() {
        let tree = tempfile::tempdir().unwrap();
        for folder in ["a", "b"] {
            fs::create_dir(tree.path().join(folder)).unwrap();
            fs::write(tree.path().join(folder).join("x.csv"), "").unwrap();
        }
        std::os::unix::fs::symlink("../b", tree.path().join("a/other")).unwrap();
        std::os::unix::fs::symlink("../a", tree.path().join("b/other")).unwrap();
        std::os::unix::fs::symlink(".", tree.path().join("a/again")).unwrap();
        let found = matching_files(&tree.path().join("a"), "**/x.csv").unwrap();
        let below: Vec<_> =
            found.iter().map(|path| path.strip_prefix(tree.path()).unwrap().to_str().unwrap()).collect();
        assert_eq!(below, ["a/other/x.csv", "a/x.csv"]);
    }

    #[test]
    fn a_name_that_the_system_rejects_matches_nothing() {
        for name in ["x".repeat(100_000), format!("[ab]/{}", "x".repeat(300)), "x\0.csv".to_owned()] {
            assert_eq!(matching(&name).unwrap(), [""; 0], "{}", name.len());
        }
    }

    #[test]
    fn a_name_that_is_no_pattern_is_reported() {
        for pattern in ["[a.csv", "a**.csv", "x/***/y.csv"] {
            assert!(matches!(matching(pattern), Err(Error::NotAPattern { .. })), "{pattern}");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_name_that_is_not_text_is_found() {
        use std::os::unix::ffi::OsStrExt;
        let folder = tempfile::tempdir().unwrap();
        let name = std::ffi::OsStr::from_bytes(b"\xd1\xef.csv");
        fs::write(folder.path().join(name), "").unwrap();
        assert_eq!(matching_files(folder.path(), "*.csv").unwrap(), [folder.path().join(name)]);
    }
}
