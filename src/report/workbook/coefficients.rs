//! Every coefficient with its range, who chose it, its clause and the rule by which the clause is read.

use rust_xlsxwriter::{Workbook, XlsxError};

use super::Book;
use super::collective::ages;
use super::page::{FIRST_ROW, Page, columns};
use crate::report::written::{Choice, Cover, CoverFactor, Figure, Plan};
use crate::words::Message;

/// A row of the table.
struct Row<'r> {
    what: String,
    about: String,
    value: &'r str,
    choice: Option<&'r Choice>,
    clause: &'r str,
    rule: &'r str,
}

/// Writes the sheet.
pub fn write(workbook: &mut Workbook, book: &Book<'_>) -> Result<(), XlsxError> {
    let columns = columns([
        ("heading-coefficient", 34),
        ("book-applies-to", 52),
        ("book-value", 14),
        ("book-low", 14),
        ("book-high", 14),
        ("book-chosen-by", 28),
        ("book-clause", 12),
        ("book-rule", 10),
    ]);
    let rows = rows(book);
    let styles = &book.styles;
    let mut page = Page::new(workbook, book, &book.words("book-coefficients"), &book.words("book-coefficients-title"))?;
    page.table(&columns, u32::try_from(rows.len()).unwrap_or(u32::MAX))?;
    for (at, row) in (FIRST_ROW..).zip(&rows) {
        page.fit(at, &[(&row.about, 52)])?;
        page.text(at, 0, &row.what, &styles.text)?;
        page.text(at, 1, &row.about, &styles.wrapped)?;
        page.decimal(at, 2, row.value, &styles.number)?;
        match row.choice {
            Some(choice) => {
                page.decimal(at, 3, choice.low.as_str(), &styles.number)?;
                page.decimal(at, 4, choice.high.as_str(), &styles.number)?;
                page.text(at, 5, &chosen_by(book, choice), &styles.text)?;
            }
            None => (3..=5).try_for_each(|column| page.text(at, column, "", &styles.text))?,
        }
        page.text(at, 6, &format!("§{}", row.clause), &styles.text)?;
        page.text(at, 7, row.rule, &styles.text)?;
    }
    Ok(())
}

fn chosen_by(book: &Book<'_>, choice: &Choice) -> String {
    book.words(match choice.by.as_str() {
        "contract" => "book-by-contract",
        "ranges" => "book-by-ranges",
        _ => "book-by-nobody",
    })
}

fn rows<'r>(book: &'r Book<'_>) -> Vec<Row<'r>> {
    let quote = &book.written.quote;
    let coefficients = &quote.coefficients;
    let headcount = &coefficients.headcount;
    let message = Message::new("book-of-headcount").with("headcount", quote.headcount);
    let mut rows = vec![Row {
        what: book.words("book-headcount"),
        about: book.language.say(&message),
        value: headcount.value.as_str(),
        choice: Some(&headcount.choice),
        clause: &headcount.clause,
        rule: &headcount.rule,
    }];
    rows.extend(coefficients.risk.iter().map(|(group, risk)| Row {
        what: book.words("heading-risk"),
        about: book.language.say(&Message::new("book-risk-group").with("group", group.to_string())),
        value: risk.value.as_str(),
        choice: Some(&risk.choice),
        clause: &risk.clause,
        rule: &risk.rule,
    }));
    rows.extend(coefficients.age.bands.iter().map(|band| Row {
        what: book.words("heading-age"),
        about: ages(band),
        value: band.value.as_str(),
        choice: None,
        clause: &coefficients.age.clause,
        rule: &coefficients.age.rule,
    }));
    for plan in &quote.plans {
        for cover in &plan.covers {
            cover.factors.iter().for_each(|factor| rows.extend(of_cover(book, plan, cover, factor)));
        }
    }
    rows
}

/// A factor of a cover: a row, or one for each of the children's ages.
fn of_cover<'r>(book: &'r Book<'_>, plan: &'r Plan, cover: &'r Cover, factor: &'r CoverFactor) -> Vec<Row<'r>> {
    let what = book.words(match factor.factor.as_str() {
        "base" => "book-base",
        "price_change" => "book-price-change",
        "additional_services" => "book-additional",
        "exclusion" => "book-exclusions",
        "inclusion" => "book-inclusions",
        _ => "book-collective",
    });
    let services = cover.exclude.iter().chain(&cover.include).filter(|service| factor.services.contains(&service.code));
    let services: Vec<&str> = services.map(|service| service.name(book.language)).collect();
    let mut about = Message::new("book-of-cover").with("plan", plan.code.as_str());
    about = about.with("programme", cover.programme.as_str());
    let about = [book.language.say(&about)].into_iter().chain(services.into_iter().map(str::to_owned));
    let about = about.collect::<Vec<_>>().join("; ");
    let row = |about, value| Row {
        what: what.clone(),
        about,
        value,
        choice: factor.choice.as_ref(),
        clause: &factor.clause,
        rule: factor.rule.as_deref().unwrap_or_default(),
    };
    match &factor.figure {
        Figure::Always(value) => vec![row(about, value.as_str())],
        Figure::ByAge(values) => {
            let at_ages = |ages: String| {
                format!("{about}; {}", book.language.say(&Message::new("book-at-ages").with("ages", ages)))
            };
            values.iter().map(|value| row(at_ages(ages(value)), value.value.as_str())).collect()
        }
    }
}
