//! Documents of a saved quote: the same bytes with the quote or later, in a folder that stays complete.

use std::fs;
use std::path::{Path, PathBuf};

use kollektiv::quote::documents::DocumentKind;
use tempfile::TempDir;

use crate::program::{
    MANIFEST, Run, complete_manifest, files, json, names, project, quote, run, sample, small_contract, write_contract,
};
use crate::support::roster;

fn small() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let contract = write_contract(folder.path(), &small_contract(), &roster().crowd(3));
    (folder, contract)
}

/// Runs `report` on a saved quote with further arguments.
fn report(folder: &Path, more: &[&str]) -> Run {
    run(["report".as_ref(), folder.as_os_str()].into_iter().chain(more.iter().map(AsRef::as_ref)))
}

#[test]
fn a_document_made_later_has_the_bytes_of_one_made_with_the_quote() {
    let folder = tempfile::tempdir().unwrap();
    let [with, later, elsewhere] = ["with", "later", "elsewhere"].map(|name| folder.path().join(name));
    quote(&sample("mistakes"), &with, &["--preliminary", "--documents", &DocumentKind::WORDS.join(",")]).exits_with(0);
    quote(&sample("mistakes"), &later, &["--preliminary"]).exits_with(0);
    let before = files(&later);
    report(&later, &["--out", elsewhere.to_str().unwrap()]).exits_with(0);
    assert_eq!(files(&later), before, "the quote itself stays what it is");
    let output = report(&later, &[]).exits_with(0);
    let manifest = complete_manifest(&with);
    let documents = manifest["documents"].as_object().unwrap();
    assert!(documents.len() >= DocumentKind::ALL.len());
    for name in documents.keys() {
        assert!(output.err.contains(name), "{}", output.err);
        assert!(fs::metadata(with.join(name)).unwrap().len() > 1000);
    }
    for made in [&later, &elsewhere] {
        complete_manifest(made);
        let (made, wanted) = (files(made), files(&with));
        assert!(made.keys().eq(wanted.keys()));
        for (name, bytes) in &wanted {
            assert!(made[name] == *bytes, "{name}");
        }
    }
    // once more, over existing documents
    report(&later, &[]).exits_with(0);
    assert_eq!(files(&later), files(&with));
    assert_eq!(names(folder.path()), ["elsewhere", "later", "with"], "nothing is left beside");
}

#[test]
fn the_manifest_has_the_language_of_each_document_and_other_documents_stay() {
    let (folder, contract) = small();
    let out = folder.path().join("out");
    quote(&contract, &out, &["--documents", "xlsx"]).exits_with(0);
    assert_eq!(complete_manifest(&out)["documents"]["quote.xlsx"]["language"], "ru");
    let before = fs::read(out.join("quote.xlsx")).unwrap();
    report(&out, &["--documents", "xlsx", "--lang", "en"]).exits_with(0);
    let manifest = complete_manifest(&out);
    assert_eq!(manifest["documents"]["quote.xlsx"]["language"], "en");
    assert_eq!(manifest["options"]["language"], "ru", "the quote is in the language that it was made in");
    assert_ne!(fs::read(out.join("quote.xlsx")).unwrap(), before);
    // a new quote drops the documents of the old one
    quote(&contract, &out, &[]).exits_with(0);
    assert!(complete_manifest(&out)["documents"].is_null());
    assert!(!out.join("quote.xlsx").exists());
}

#[test]
fn documents_of_an_incomplete_quote_are_refused_and_nothing_is_changed() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    report(&out, &[]).exits_with(3);
    quote(&sample("mistakes"), &out, &["--documents", "xlsx"]).exits_with(3);
    assert!(!out.join("quote.xlsx").exists(), "a refused quote has no documents");
    let before = files(&out);
    assert!(report(&out, &[]).exits_with(3).err.contains("премия не рассчитана"));
    assert_eq!(files(&out), before);

    let contract = project().join("tests/golden/000/contract.toml");
    quote(&contract, &out, &[]).exits_with(0);
    fs::write(out.join("premiums.parquet"), "another").unwrap();
    let before = files(&out);
    let output = report(&out, &[]).exits_with(3);
    assert!(output.err.contains("premiums.parquet"), "copied files are verified too: {}", output.err);
    assert_eq!(files(&out), before);

    quote(&contract, &folder.path().join("fresh"), &[]).exits_with(0);
    let fresh = folder.path().join("fresh");
    fs::write(fresh.join("notes.txt"), "mine").unwrap();
    report(&fresh, &[]).exits_with(1);
    assert_eq!(fs::read_to_string(fresh.join("notes.txt")).unwrap(), "mine");
    assert_eq!(names(folder.path()), ["fresh", "out"]);
}

#[test]
fn a_manifest_that_names_files_outside_of_its_folder_is_not_followed() {
    let (folder, contract) = small();
    let out = folder.path().join("out");
    quote(&contract, &out, &[]).exits_with(0);
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
        report(&copy, &["--out", folder.path().join("new").to_str().unwrap()]).exits_with(3);
        assert!(!folder.path().join("new").exists(), "{name}");
    }
}

#[test]
fn documents_without_csv_lines_are_a_wrong_command_line() {
    let (folder, contract) = small();
    let out = folder.path().join("out");
    let output = quote(&contract, &out, &["--documents", "xlsx", "--format", "parquet"]).exits_with(2);
    assert!(output.err.contains("--format"), "{}", output.err);
    assert!(!out.exists());
    quote(&contract, &out, &["--documents", "pptx"]).exits_with(2);
    quote(&contract, &out, &["--documents", "xlsx", "--format", "csv"]).exits_with(0);
    complete_manifest(&out);
}
