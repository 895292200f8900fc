//! The insurer on papers: the data and the common parts that every template can use.

use serde::Serialize;

use crate::output::pdf::{ProvidedFile, Template};
use crate::quote::insurer::details::Insurer;
use crate::quote::insurer::logo::Logo;

/// The file of the data.
const DATA: &str = "insurer.json";
/// The common parts of papers: head, fields of signatures, tables.
const PARTS: (&str, &str) = ("paper.typ", include_str!("paper.typ"));

/// `insurer.json`: its keys are a promise to the authors of templates.
#[derive(Serialize)]
struct InsurerData<'i> {
    name: &'i str,
    inn: &'i str,
    kpp: &'i str,
    licence: &'i str,
    address: &'i str,
    dispatcher: Option<&'i str>,
    /// The name of the file of the picture.
    logo: Option<&'i str>,
    bank: BankData<'i>,
    signatory: SignatoryData<'i>,
}

#[derive(Serialize)]
struct BankData<'i> {
    account: &'i str,
    name: &'i str,
    correspondent_account: &'i str,
    bic: &'i str,
}

#[derive(Serialize)]
struct SignatoryData<'i> {
    name: &'i str,
    position: &'i str,
}

/// The built-in template of a paper, with the common parts of papers.
#[must_use]
pub fn paper_template(name: &str, text: &str) -> Template {
    with_insurer(Template::built_in(name, text), None)
}

/// The template with `insurer.json`, which is `null` without an insurer, the insurer's picture, and `paper.typ`, the common parts of papers.
///
/// # Panics
///
/// Never: texts are always JSON.
#[must_use]
pub fn with_insurer(template: Template, insurer: Option<&Insurer>) -> Template {
    let data = insurer.map(|insurer| InsurerData {
        name: &insurer.name,
        inn: &insurer.inn,
        kpp: &insurer.kpp,
        licence: &insurer.licence,
        address: &insurer.address,
        dispatcher: insurer.dispatcher.as_deref(),
        logo: insurer.logo.as_ref().map(|logo| logo.name.as_str()),
        bank: BankData {
            account: &insurer.bank.account,
            name: &insurer.bank.name,
            correspondent_account: &insurer.bank.correspondent_account,
            bic: &insurer.bank.bic,
        },
        signatory: SignatoryData { name: &insurer.signatory.name, position: &insurer.signatory.position },
    });
    let data = serde_json::to_vec(&data).expect("texts are always JSON");
    let (name, parts) = PARTS;
    let files = [(DATA, data), (name, parts.as_bytes().to_vec())];
    let files = files.map(|(name, bytes)| ProvidedFile { name: name.to_owned(), bytes });
    let picture = insurer.and_then(|insurer| insurer.logo.as_ref()).map(Logo::file);
    files.into_iter().chain(picture).fold(template, Template::provide)
}
