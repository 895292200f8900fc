//! The roster of a new term.

use rust_xlsxwriter::{DocProperties, Format, Worksheet, XlsxError};

use crate::base::calendar::day_after_1970;
use crate::base::error::Error;
use crate::base::messages::Language;
use crate::base::money::Kopecks;
use crate::output::folder::Folder;
use crate::output::xlsx::{WorkbookError, cell_text, exact_number, new_workbook, write_day, write_workbook};
use crate::portfolio::rows::ContractRows;
use crate::quote::contract::Contract;

/// The headings in Russian and in English, with the widths of their columns.
const COLUMNS: [(&str, &str, u16); 12] = [
    ("Таб. №", "ID", 12),
    ("ФИО", "Full name", 34),
    ("Дата рождения", "Birth date", 14),
    ("Степень родства", "Relation", 16),
    ("Группа риска", "Risk group", 13),
    ("Вариант", "Plan", 14),
    ("Страховая сумма", "Sum insured", 16),
    ("Телефон", "Phone", 18),
    ("E-mail", "E-mail", 24),
    ("Адрес", "Address", 30),
    ("Паспорт", "Passport", 20),
    ("СНИЛС", "SNILS", 16),
];
/// The column of the first contact; they stand in the order of the book.
const FIRST_CONTACT: u16 = 7;

/// Writes the insured at some places.
pub(super) fn write(
    folder: &Folder,
    name: &str,
    rows: (&ContractRows, &[usize]),
    contract: &Contract,
    language: Language,
) -> Result<(), Error> {
    write_workbook(folder, name, |file| {
        let mut workbook = new_workbook(DocProperties::new())?;
        write_sheet(workbook.add_worksheet(), rows, contract, language)?;
        workbook.save_to_writer(file).map_err(WorkbookError::from)
    })
}

fn write_sheet(
    sheet: &mut Worksheet,
    (rows, places): (&ContractRows, &[usize]),
    contract: &Contract,
    language: Language,
) -> Result<(), XlsxError> {
    let heading = Format::new().set_bold().set_text_wrap();
    let day = Format::new().set_num_format("dd.mm.yyyy");
    let amount = Format::new().set_num_format("#,##0.00");
    sheet.set_freeze_panes(1, 0)?;
    for (column, (russian, english, width)) in (0..).zip(COLUMNS) {
        let words = if language == Language::Ru { russian } else { english };
        sheet.set_column_width(column, width)?;
        sheet.write_string_with_format(0, column, words, &heading)?;
    }
    let insured = &rows.insured;
    for (row, at) in (1..).zip(places.iter().copied()) {
        let group = insured.risk_group[at].to_string();
        let texts = [
            (0, insured.id[at].as_str()),
            (1, insured.name[at].as_str()),
            (3, insured.relation[at].as_deref().map_or("", |relation| relation_word(relation, language))),
            (4, group.as_str()),
            (5, insured.plan[at].as_str()),
        ];
        let contacts = (FIRST_CONTACT..).zip(insured.contacts(at).map(Option::unwrap_or_default));
        for (column, text) in texts.into_iter().chain(contacts).filter(|(_, text)| !text.is_empty()) {
            sheet.write_string(row, column, cell_text(text))?;
        }
        if let Some(birth_date) = day_after_1970(insured.birth_date[at]) {
            write_day(sheet, row, 2, birth_date, &day)?;
        }
        if let Some(number) = own_sum(rows, at, contract).and_then(exact_number) {
            sheet.write_number_with_format(row, 6, number, &amount)?;
        }
    }
    Ok(())
}

/// The own sum insured: that of the only line, where it is not the sum of the plan.
fn own_sum(rows: &ContractRows, at: usize, contract: &Contract) -> Option<Kopecks> {
    let plan = contract.terms.plans.iter().find(|plan| plan.code == rows.insured.plan[at])?;
    let [cover] = plan.covers.as_slice() else { return None };
    let ordinal = rows.insured.insured[at];
    let line = rows.lines.insured.iter().rposition(|insured| *insured == ordinal)?;
    Some(Kopecks::new(rows.lines.sum_insured[line].into())).filter(|sum| *sum != cover.sum_insured)
}

/// The word of a language for a relation, as rosters have it.
fn relation_word(relation: &str, language: Language) -> &str {
    match (relation, language) {
        ("unknown", _) => "",
        ("employee", Language::Ru) => "Сотрудник",
        ("spouse", Language::Ru) => "Супруг(а)",
        ("child", Language::Ru) => "Ребенок",
        ("parent", Language::Ru) => "Родитель",
        (_, Language::Ru) => "Родственник",
        ("other", Language::En) => "Relative",
        (word, Language::En) => word,
    }
}
