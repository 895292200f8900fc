//! Display names of files: as much of the end of each path as distinguishes it from all others.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The display names of files, in their order. Different files get different names, as long as their paths are text.
///
/// It takes as many passes as the deepest name has folders, each over the files that are not yet distinguished.
pub fn display_names(paths: &[PathBuf]) -> Vec<String> {
    let mut names: BTreeMap<&Path, String> = BTreeMap::new();
    let files: BTreeSet<&Path> = paths.iter().map(PathBuf::as_path).collect();
    let mut left: Vec<(&Path, Vec<String>)> = files.into_iter().map(|path| (path, parts(path))).collect();
    for length in 1.. {
        let mut by_end: BTreeMap<String, Vec<(&Path, Vec<String>)>> = BTreeMap::new();
        for (path, parts) in left {
            let end = parts[parts.len().saturating_sub(length)..].join("/");
            by_end.entry(end).or_default().push((path, parts));
        }
        left = Vec::new();
        for (end, alike) in by_end {
            let is_unique = alike.len() == 1;
            for (path, parts) in alike {
                // a path that is the end of another one has no longer name
                if is_unique || parts.len() <= length {
                    names.insert(path, end.clone());
                } else {
                    left.push((path, parts));
                }
            }
        }
        if left.is_empty() {
            break;
        }
    }
    paths.iter().map(|path| names.get(path.as_path()).cloned().unwrap_or_default()).collect()
}

fn parts(path: &Path) -> Vec<String> {
    path.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(paths: &[&str]) -> Vec<String> {
        display_names(&paths.iter().map(PathBuf::from).collect::<Vec<_>>())
    }

    #[test]
    fn names_are_as_long_as_needed_to_differ() {
        for (paths, expected) in [
            (&["in/roster.csv"][..], &["roster.csv"][..]),
            (&["in/a.csv", "in/b.csv"], &["a.csv", "b.csv"]),
            (&["x/in/a.csv", "y/in/a.csv", "y/in/b.csv"], &["x/in/a.csv", "y/in/a.csv", "b.csv"]),
            (&["x/a.csv", "y/z/a.csv", "y/w/a.csv"], &["x/a.csv", "z/a.csv", "w/a.csv"]),
            (&["x/a.csv", "x//a.csv"], &["a.csv", "a.csv"]),
            (&["a.csv", "x/a.csv", "y/x/a.csv"], &["a.csv", "x/a.csv", "y/x/a.csv"]),
            (&["/"], &["/"]),
            (&[], &[]),
        ] {
            assert_eq!(names(paths), expected, "{paths:?}");
        }
    }

    #[test]
    fn many_files_of_one_name_are_distinguished() {
        // comparing each file with each would not end
        let paths: Vec<PathBuf> = (0..50_000).map(|folder| format!("book/{folder}/in/roster.csv").into()).collect();
        assert_eq!(display_names(&paths)[49_999], "49999/in/roster.csv");
    }
}
