//! The roster of a new term.

use rust_xlsxwriter::XlsxError;

use crate::base::calendar::day_after_1970;
use crate::base::error::Error;
use crate::base::messages::Language;
use crate::base::money::Kopecks;
use crate::output::folder::Folder;
use crate::portfolio::roster_sheet::{Heading, INSURED, RosterSheet, relation_word, write_roster};
use crate::portfolio::rows::ContractRows;
use crate::quote::contract::Contract;
use crate::roster::value::Relation;

/// The headings after those of an insured: the contacts, in the order of the book.
const CONTACTS: [Heading; 5] = [
    ("Телефон", "Phone", 18),
    ("E-mail", "E-mail", 24),
    ("Адрес", "Address", 30),
    ("Паспорт", "Passport", 20),
    ("СНИЛС", "SNILS", 16),
];
/// The column of the first contact.
const FIRST_CONTACT: u16 = 7;

/// Writes the insured at some places.
pub(super) fn write(
    folder: &Folder,
    name: &str,
    (rows, places): (&ContractRows, &[usize]),
    contract: &Contract,
    language: Language,
) -> Result<(), Error> {
    write_roster(folder, name, &[&INSURED[..], &CONTACTS].concat(), language, |sheet| {
        { places.iter() }.try_for_each(|at| write_row(sheet, rows, *at, contract, language))
    })
}

fn write_row(
    sheet: &mut RosterSheet<'_>,
    rows: &ContractRows,
    at: usize,
    contract: &Contract,
    language: Language,
) -> Result<(), XlsxError> {
    let insured = &rows.insured;
    let group = insured.risk_group[at].to_string();
    let relation = insured.relation[at].as_deref().and_then(Relation::parse);
    let texts = [
        (0, insured.id[at].as_str()),
        (1, insured.name[at].as_str()),
        (3, relation.map_or("", |relation| relation_word(relation, language))),
        (4, group.as_str()),
        (5, insured.plan[at].as_str()),
    ];
    let contacts = (FIRST_CONTACT..).zip(insured.contacts(at).map(Option::unwrap_or_default));
    let birth_date = day_after_1970(insured.birth_date[at]);
    sheet.write_row(texts.into_iter().chain(contacts), [(2, birth_date)], (6, own_sum(rows, at, contract)))
}

/// The own sum insured: that of the only line, where it is not the sum of the plan.
fn own_sum(rows: &ContractRows, at: usize, contract: &Contract) -> Option<Kopecks> {
    let plan = contract.terms.plans.iter().find(|plan| plan.code == rows.insured.plan[at])?;
    let [cover] = plan.covers.as_slice() else { return None };
    let ordinal = rows.insured.insured[at];
    let line = rows.lines.insured.iter().rposition(|insured| *insured == ordinal)?;
    Some(Kopecks::new(rows.lines.sum_insured[line].into())).filter(|sum| *sum != cover.sum_insured)
}
