//! The file about the insurer: a bad file for each kind of fault, with the line and the name of the fault; papers with and without it.

use std::fs;
use std::path::Path;

use kollektiv::base::error::Error;
use kollektiv::base::messages::Language;
use kollektiv::quote::insurer::keys::INSURER;
use kollektiv::quote::insurer::{Insurer, template};

use crate::faults::{assert_faults, assert_listed, message_names};
use crate::offer::text;
use crate::program::{command, project, run};

const BAD_INSURERS: &str = "tests/insurers/bad";
/// Faults that need a file too large for the repository.
const IN_OTHER_TESTS: [&str; 1] = ["insurer-logo-large"];

/// The insurer of the samples.
pub fn sample() -> Insurer {
    Insurer::open(&project().join("samples/insurer.toml")).unwrap()
}

#[test]
fn every_fault_of_an_insurer_has_its_line() {
    assert_faults(BAD_INSURERS, |path| Insurer::open(path).err());
}

#[test]
fn every_kind_of_fault_has_a_bad_insurer() {
    let mut names = message_names(&["src/quote/insurer/read.rs", "src/quote/insurer/logo.rs"]);
    names.retain(|name| name.starts_with("insurer-") && !IN_OTHER_TESTS.contains(&name.as_str()));
    assert!(names.len() >= 10, "{names:?}");
    assert_listed(BAD_INSURERS, &names);
}

#[test]
fn the_declaration_has_every_key_of_the_file_to_start_from() {
    let text = template(Language::Ru).replace("#logo", "logo");
    let keys: toml::Table = toml::from_str(&text).unwrap();
    let paths = keys.iter().flat_map(|(key, value)| match value.as_table() {
        Some(table) => table.keys().map(|inner| format!("{key}.{inner}")).collect(),
        None => vec![key.clone()],
    });
    let paths: Vec<String> = paths.collect();
    assert_eq!(paths.len(), 13);
    assert!(paths.iter().all(|path| INSURER.find(path).is_some()), "{paths:?}");
    assert_eq!(fs::read_to_string(project().join("samples/insurer.toml")).unwrap(), template(Language::Ru));
}

/// The insurer of the samples with a picture.
fn with_picture(folder: &Path, name: &str, bytes: &[u8]) -> Result<Insurer, Error> {
    fs::write(folder.join(name), bytes).unwrap();
    let text = template(Language::En).replace("#logo = \"logo.svg\"", &format!("logo = \"{name}\""));
    let path = folder.join("insurer.toml");
    fs::write(&path, text).unwrap();
    Insurer::open(&path)
}

#[test]
fn a_picture_is_read_and_a_large_one_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let svg = br##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30 10"><rect width="30" height="10" fill="#1d4f73"/></svg>"##;
    assert!(with_picture(folder.path(), "logo.svg", svg).unwrap().logo.is_some());
    let Err(Error::Refused { faults, .. }) = with_picture(folder.path(), "logo.png", &vec![0; (1 << 20) + 1]) else {
        panic!("a picture of more than 1 MiB");
    };
    assert_eq!(faults.iter().map(|fault| fault.message.name()).collect::<Vec<_>>(), ["insurer-logo-large"]);
}

#[test]
fn papers_have_the_insurer_or_name_what_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    let contract = project().join("samples/clinics/contract.toml").display().to_string();
    let insurer = project().join("samples/insurer.toml").display().to_string();
    let offer = |name: &str, more: &[&str]| {
        let out = folder.path().join(name).display().to_string();
        let arguments = ["quote", contract.as_str(), "--documents", "pdf", "--lang", "en", "--out", out.as_str()];
        let run = run(arguments.iter().chain(more).copied()).exits_with(0);
        (text(&fs::read(folder.path().join(name).join("offer.pdf")).unwrap()), run.err)
    };
    let (without, err) = offer("without", &[]);
    assert!(err.contains("the papers lack the insurer"), "{err}");
    assert!(without.is_none_or(|text| text.contains("The insurer is missing")));
    let (with, err) = offer("with", &["--insurer", &insurer]);
    assert!(!err.contains("lack the insurer"), "{err}");
    let Some(with) = with else { return };
    for wanted in ["АО «Страховая компания „Пример“»", "7709991234", "СЛ № 0000", "Примерова А. Б."]
    {
        assert!(with.contains(wanted), "no «{wanted}» in {with}");
    }
    // the settings name the file; the same bytes
    fs::write(folder.path().join("kollektiv.toml"), format!("insurer = \"{insurer}\"\n")).unwrap();
    let mut by_settings = command(["quote", contract.as_str(), "--documents", "pdf", "--lang", "en", "--out", "third"]);
    assert!(by_settings.current_dir(folder.path()).status().unwrap().success());
    let bytes = |name: &str| fs::read(folder.path().join(name).join("offer.pdf")).unwrap();
    assert!(bytes("third") == bytes("with"));
}
