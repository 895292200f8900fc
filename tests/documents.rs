//! Documents of a written quote: made with it or later, the same bytes, in a folder that stays whole.

use std::fs;
use std::path::{Path, PathBuf};

use kollektiv::quote::documents::DocumentKind;
use tempfile::TempDir;

use crate::program::{MANIFEST, Run, complete, files, json, names, project, put, quote, run, sample, small_contract};
use crate::support::roster;

fn small() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let contract = put(folder.path(), &small_contract(), &roster().crowd(3));
    (folder, contract)
}

/// Runs a report of a written quote, with further arguments.
fn report(folder: &Path, more: &[&str]) -> Run {
    run(["report".as_ref(), folder.as_os_str()].into_iter().chain(more.iter().map(AsRef::as_ref)))
}

/// The names of all documents.
fn documents() -> Vec<&'static str> {
    DocumentKind::ALL.map(DocumentKind::file_name).to_vec()
}

/// Every document, as the command line names them.
fn all_kinds() -> String {
    documents().iter().map(|name| name.rsplit_once('.').unwrap().1).collect::<Vec<_>>().join(",")
}

#[test]
fn a_document_made_later_is_the_one_that_is_made_with_the_quote() {
    let folder = tempfile::tempdir().unwrap();
    let [with, later, elsewhere] = ["with", "later", "elsewhere"].map(|name| folder.path().join(name));
    quote(&sample("mistakes"), &with, &["--preliminary", "--documents", &all_kinds()]).ended(0);
    quote(&sample("mistakes"), &later, &["--preliminary"]).ended(0);
    let before = files(&later);
    report(&later, &["--out", elsewhere.to_str().unwrap()]).ended(0);
    assert_eq!(files(&later), before, "the quote itself stays what it is");
    let said = report(&later, &[]).ended(0);
    for name in documents() {
        assert!(said.err.contains(name), "{}", said.err);
        assert!(fs::metadata(with.join(name)).unwrap().len() > 1000);
    }
    for made in [&later, &elsewhere] {
        complete(made);
        let (made, wanted) = (files(made), files(&with));
        assert!(made.keys().eq(wanted.keys()));
        for (name, bytes) in &wanted {
            assert!(made[name] == *bytes, "{name}");
        }
    }
    // and again, over documents that are there
    report(&later, &[]).ended(0);
    assert_eq!(files(&later), files(&with));
    assert_eq!(names(folder.path()), ["elsewhere", "later", "with"], "nothing is left beside");
}

#[test]
fn the_manifest_says_the_language_of_each_document_and_what_is_not_asked_for_stays() {
    let (folder, contract) = small();
    let out = folder.path().join("out");
    quote(&contract, &out, &["--documents", "xlsx"]).ended(0);
    assert_eq!(complete(&out)["documents"]["quote.xlsx"]["language"], "ru");
    let before = fs::read(out.join("quote.xlsx")).unwrap();
    report(&out, &["--documents", "xlsx", "--lang", "en"]).ended(0);
    let manifest = complete(&out);
    assert_eq!(manifest["documents"]["quote.xlsx"]["language"], "en");
    assert_eq!(manifest["options"]["language"], "ru", "the quote is in the language that it was made in");
    assert_ne!(fs::read(out.join("quote.xlsx")).unwrap(), before);
    // a quote made again has no documents of the old one
    quote(&contract, &out, &[]).ended(0);
    assert!(complete(&out)["documents"].is_null());
    assert!(documents().iter().all(|name| !out.join(name).exists()));
}

#[test]
fn documents_of_what_is_no_whole_quote_are_refused_and_nothing_is_changed() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    report(&out, &[]).ended(3);
    quote(&sample("mistakes"), &out, &["--documents", "xlsx"]).ended(3);
    assert!(!out.join("quote.xlsx").exists(), "a refused quote has no documents");
    let before = files(&out);
    assert!(report(&out, &[]).ended(3).err.contains("премия не рассчитана"));
    assert_eq!(files(&out), before);

    let contract = project().join("tests/golden/000/contract.toml");
    quote(&contract, &out, &[]).ended(0);
    fs::write(out.join("premiums.parquet"), "another").unwrap();
    let before = files(&out);
    let said = report(&out, &[]).ended(3);
    assert!(said.err.contains("premiums.parquet"), "a file that is only copied is proved too: {}", said.err);
    assert_eq!(files(&out), before);

    quote(&contract, &folder.path().join("fresh"), &[]).ended(0);
    let fresh = folder.path().join("fresh");
    fs::write(fresh.join("notes.txt"), "mine").unwrap();
    report(&fresh, &[]).ended(1);
    assert_eq!(fs::read_to_string(fresh.join("notes.txt")).unwrap(), "mine");
    assert_eq!(names(folder.path()), ["fresh", "out"]);
}

#[test]
fn a_manifest_that_names_files_outside_of_its_folder_is_not_followed() {
    let (folder, contract) = small();
    let out = folder.path().join("out");
    quote(&contract, &out, &[]).ended(0);
    fs::write(folder.path().join("secret"), "abc").unwrap();
    for name in ["../secret", "/etc/hostname", "..", "a/../secret"] {
        let mut manifest = json(&out.join(MANIFEST));
        manifest["files"][name] = serde_json::json!({ "sha256": kollektiv::base::digest::sha256(b"abc"), "bytes": 3 });
        let copy = folder.path().join("copy");
        let _ = fs::remove_dir_all(&copy);
        fs::create_dir(&copy).unwrap();
        for (name, bytes) in files(&out) {
            fs::write(copy.join(name), bytes).unwrap();
        }
        fs::write(copy.join(MANIFEST), manifest.to_string()).unwrap();
        report(&copy, &["--out", folder.path().join("new").to_str().unwrap()]).ended(3);
        assert!(!folder.path().join("new").exists(), "{name}");
    }
}

#[test]
fn documents_without_the_lines_as_csv_are_a_wrong_command_line() {
    let (folder, contract) = small();
    let out = folder.path().join("out");
    let said = quote(&contract, &out, &["--documents", "xlsx", "--format", "parquet"]).ended(2);
    assert!(said.err.contains("--format"), "{}", said.err);
    assert!(!out.exists());
    quote(&contract, &out, &["--documents", "pptx"]).ended(2);
    quote(&contract, &out, &["--documents", "xlsx", "--format", "csv"]).ended(0);
    complete(&out);
}
