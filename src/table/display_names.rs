//! What the files of a roster are called: by as much of the end of each path as tells it from all the others.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The names of files for readers, in the order of the files: those of different files differ as long as their paths are text.
///
/// It takes as many passes as the deepest name has folders, each over the files that are not yet told apart.
pub fn shown_names(paths: &[PathBuf]) -> Vec<String> {
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
            let is_told = alike.len() == 1;
            for (path, parts) in alike {
                // of two that end alike the one without folders before that can only be called what it is
                if is_told || parts.len() <= length {
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

    fn shown(paths: &[&str]) -> Vec<String> {
        shown_names(&paths.iter().map(PathBuf::from).collect::<Vec<_>>())
    }

    #[test]
    fn files_are_called_by_as_much_of_their_paths_as_tells_them_apart() {
        for (paths, names) in [
            (&["in/roster.csv"][..], &["roster.csv"][..]),
            (&["in/a.csv", "in/b.csv"], &["a.csv", "b.csv"]),
            (&["x/in/a.csv", "y/in/a.csv", "y/in/b.csv"], &["x/in/a.csv", "y/in/a.csv", "b.csv"]),
            (&["x/a.csv", "y/z/a.csv", "y/w/a.csv"], &["x/a.csv", "z/a.csv", "w/a.csv"]),
            (&["x/a.csv", "x//a.csv"], &["a.csv", "a.csv"]),
            (&["a.csv", "x/a.csv", "y/x/a.csv"], &["a.csv", "x/a.csv", "y/x/a.csv"]),
            (&["/"], &["/"]),
            (&[], &[]),
        ] {
            assert_eq!(shown(paths), names, "{paths:?}");
        }
    }

    #[test]
    fn many_files_of_one_name_are_told_apart() {
        // whoever compares each with each does not come to an end
        let paths: Vec<PathBuf> = (0..50_000).map(|folder| format!("book/{folder}/in/roster.csv").into()).collect();
        assert_eq!(shown_names(&paths)[49_999], "49999/in/roster.csv");
    }
}
