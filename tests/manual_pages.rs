//! The manual pages as the system's own programs read them.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::program::run;

/// The output and the warnings of a program over a page; none if it is not installed, which fails `.ci/run`.
fn output(program: &str, arguments: &[&str], page: &Path) -> Option<(String, String)> {
    let ran = Command::new(program)
        .args(arguments)
        .arg(page)
        .envs([("LC_ALL", "C.UTF-8"), ("MANWIDTH", "80"), ("MAN_KEEP_FORMATTING", "")])
        .stdin(Stdio::null())
        .output();
    let Ok(ran) = ran else {
        assert!(std::env::var_os("KOLLEKTIV_EVERY_TEST").is_none(), "{program} has to be there");
        // directly: the test harness hides the output of passing tests
        std::io::stderr().write_all(format!("SKIPPED: {program} is needed to read manual pages\n").as_bytes()).unwrap();
        return None;
    };
    assert!(ran.status.success(), "{}", page.display());
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Some((text(ran.stdout), text(ran.stderr)))
}

#[test]
fn every_page_is_formatted_without_a_warning() {
    let folder = tempfile::tempdir().unwrap();
    for language in ["ru", "en"] {
        run(["manual".as_ref(), folder.path().as_os_str(), "--lang".as_ref(), language.as_ref()]).exits_with(0);
        let pages: BTreeSet<_> = fs::read_dir(folder.path()).unwrap().map(|page| page.unwrap().path()).collect();
        assert!(pages.len() > 50, "{pages:?}");
        for page in pages {
            let arguments = ["-K", "utf8", "-man", "-Tutf8", "-ww", "-z"];
            let Some((_, warnings)) = output("groff", &arguments, &page) else { return };
            assert!(warnings.is_empty(), "{}: {warnings}", page.display());
        }
    }
}

#[test]
fn man_shows_the_sections_in_the_language() {
    let folder = tempfile::tempdir().unwrap();
    let sections = [
        ("ru", ["ИМЯ", "ОБЗОР", "АРГУМЕНТЫ", "РЕЗУЛЬТАТ", "ПРИМЕРЫ"]),
        ("en", ["NAME", "SYNOPSIS", "ARGUMENTS", "RESULT", "EXAMPLES"]),
    ];
    for (language, headings) in sections {
        run(["manual".as_ref(), folder.path().as_os_str(), "--lang".as_ref(), language.as_ref()]).exits_with(0);
        let Some((page, _)) = output("man", &["-P", "cat", "-l"], &folder.path().join("kollektiv-quote.1")) else {
            return;
        };
        for heading in headings {
            assert!(page.lines().any(|line| line == heading), "no {heading} in\n{page}");
        }
        assert!(!page.contains("EXTRA"), "{page}");
        let (page, _) = output("man", &["-P", "cat", "-l"], &folder.path().join("kollektiv.1")).unwrap();
        assert!(page.contains("KOLLEKTIV_LANG"), "{page}");
    }
}
