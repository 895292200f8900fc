//! Plans and programmes: their insured and premiums, checked against the lines, and the covers of each plan.

use rust_xlsxwriter::{Workbook, XlsxError};

use crate::base::messages::{Language, Message};
use crate::base::money::Kopecks;
use crate::output::xlsx::exact_number;
use crate::output::xlsx::layout::width_of;
use crate::quote::documents::workbook::book::Book;
use crate::quote::documents::workbook::page::{FIRST_ROW, HEADING_ROW, Page, columns, share};
use crate::quote::documents::workbook::place::{Place, cell};
use crate::quote::documents::workbook::premiums;
use crate::quote::quote_json::{Cover, QuoteJson, Service};
use crate::quote::saved_quote::SavedQuote;

/// The code of a plan or a programme.
pub const CODE: u16 = 0;
/// Its premium.
pub const PREMIUM: u16 = 4;

const COUNT: u16 = 2;
const SUM_INSURED: u16 = 3;
const SHARE: u16 = 5;
const SUMMED: u16 = 6;
const CHECK: u16 = 7;
/// The widths of names and of lists of services, in letters.
const NAME_WIDTH: usize = 48;
const SERVICES_WIDTH: usize = 30;
/// The rows between two tables: a total, a blank row, the heading of the section.
const GAP: u32 = 3;

/// The place of the plans.
pub fn plans_place(saved: &SavedQuote, language: Language) -> Place {
    Place { sheet: name(language), first: FIRST_ROW, rows: length(saved.quote.plans.len()) }
}

/// The place of the programmes.
pub fn programmes_place(saved: &SavedQuote, language: Language) -> Place {
    let first = plans_place(saved, language).last() + 1 + GAP + 1;
    Place { sheet: name(language), first, rows: length(saved.quote.programmes.len()) }
}

/// The width of the column of codes.
fn code_width(saved: &SavedQuote) -> u32 {
    let QuoteJson { plans, programmes, .. } = &saved.quote;
    let plans = plans.iter().map(|plan| plan.code.as_str());
    width_of(11, 26, plans.chain(programmes.iter().map(|programme| programme.code.as_str())))
}

fn name(language: Language) -> String {
    language.render(&Message::new("book-plans"))
}

fn length(rows: usize) -> u32 {
    u32::try_from(rows).unwrap_or(u32::MAX)
}

/// A row of a table.
struct Row<'r> {
    code: &'r str,
    name: &'r str,
    count: usize,
    sum_insured: Kopecks,
    premium: Kopecks,
}

/// Writes the sheet.
pub fn write(workbook: &mut Workbook, book: &Book<'_>) -> Result<(), XlsxError> {
    let Book { saved, language, .. } = book;
    let quote = &saved.quote;
    let plans = quote.plans.iter().enumerate().map(|(place, plan)| Row {
        code: &plan.code,
        name: plan.name.as_deref().unwrap_or_default(),
        count: plan.insured,
        sum_insured: saved.groups.iter().filter(|group| group.plan == place).map(|group| group.sum_insured).sum(),
        premium: plan.premium,
    });
    let programmes = quote.programmes.iter().map(|programme| Row {
        code: &programme.code,
        name: programme.name(*language),
        count: programme.lines,
        sum_insured: programme.sum_insured,
        premium: programme.premium,
    });
    let code_width = code_width(saved);
    let by_plan = columns([
        ("heading-plan", code_width),
        ("heading-name", 48),
        ("heading-insured", 15),
        ("book-total-sum-insured", 22),
        ("heading-premium", 20),
        ("book-share", 9),
        ("book-summed", 30),
        ("book-check", 30),
    ]);
    let by_programme = columns([
        ("heading-programme", 0),
        ("heading-name", 0),
        ("book-lines", 0),
        ("book-total-sum-insured", 0),
        ("heading-premium", 0),
        ("book-share", 0),
        ("book-summed", 0),
        ("book-check", 0),
    ]);
    let by_cover = columns([
        ("heading-plan", 0),
        ("heading-programme", 0),
        ("book-lines", 0),
        ("book-sum-insured", 0),
        ("heading-premium", 0),
        ("book-share", 0),
        ("book-excluded", 0),
        ("book-included", 0),
    ]);
    let mut page = Page::new(workbook, book, (&name(*language), &book.words("book-plans-title")), &by_plan)?;
    page.headings(HEADING_ROW, &by_plan)?;
    page.sheet.set_freeze_panes(FIRST_ROW, 0)?;
    let place = plans_place(saved, *language);
    table(&mut page, &place, plans, premiums::PLAN)?;
    let place = programmes_place(saved, *language);
    page.section(place.first - 2, 0, "book-programmes")?;
    page.headings(place.first - 1, &by_programme)?;
    table(&mut page, &place, programmes, premiums::PROGRAMME)?;
    let first = place.last() + 1 + GAP + 1;
    page.section(first - 2, 0, "book-covers")?;
    page.headings(first - 1, &by_cover)?;
    let last = covers(&mut page, first)?;
    page.sheet.set_print_area(0, 0, last, CHECK)?;
    Ok(())
}

/// Writes a table of premiums, which Excel sums again from the lines.
fn table<'r>(
    page: &mut Page<'_>,
    place: &Place,
    rows: impl Iterator<Item = Row<'r>>,
    column_of_lines: u16,
) -> Result<(), XlsxError> {
    let Book { saved, styles, premiums, .. } = page.book;
    let total = saved.quote.premium;
    let total_row = place.last() + 1;
    for (row, line) in (place.first..).zip(rows) {
        page.fit(row, &[(line.code, code_width(saved) as usize), (line.name, NAME_WIDTH)])?;
        page.text(row, CODE, line.code, &styles.wrapped)?;
        page.text(row, 1, line.name, &styles.wrapped)?;
        page.count(row, COUNT, line.count, &styles.count)?;
        page.money(row, SUM_INSURED, line.sum_insured, &styles.money)?;
        page.money(row, PREMIUM, line.premium, &styles.money)?;
        let of_total =
            format!("=IF({total}=0,0,{part}/{total})", part = cell(row, PREMIUM), total = cell(total_row, PREMIUM));
        page.formula(row, SHARE, &of_total, share(line.premium, total), &styles.share)?;
        let sums = premiums.iter().map(|place| {
            let (keys, amounts) = (place.column(column_of_lines), place.column(premiums::PREMIUM));
            format!("SUMPRODUCT(({keys}={})*{amounts})", cell(row, CODE))
        });
        let sums = format!("=ROUND({},2)", sums.collect::<Vec<_>>().join("+"));
        summed(page, row, (SUMMED, &sums), (PREMIUM, line.premium), CHECK)?;
    }
    page.text(total_row, CODE, &page.book.words("book-total"), &styles.total_label)?;
    page.text(total_row, 1, "", &styles.total_label)?;
    for column in [COUNT, SUM_INSURED, SHARE, SUMMED, CHECK] {
        page.text(total_row, column, "", &styles.total_label)?;
    }
    let sum = format!("=SUM({}:{})", cell(place.first, PREMIUM), cell(place.last(), PREMIUM));
    match exact_number(total) {
        Some(_) => page.formula(total_row, PREMIUM, &sum, total.to_string(), &styles.total_money),
        None => page.money(total_row, PREMIUM, total, &styles.total_money),
    }?;
    page.verdicts(place.first, place.last(), CHECK)
}

/// Writes Excel's sum of lines beside an exact amount, and whether they agree.
pub fn summed(
    page: &mut Page<'_>,
    row: u32,
    (sum_column, formula): (u16, &str),
    (exact_column, exact): (u16, Kopecks),
    check_column: u16,
) -> Result<(), XlsxError> {
    let Book { styles, countable, .. } = page.book;
    if !countable {
        page.text(row, sum_column, "", &styles.money)?;
        return page.text(row, check_column, &page.book.words("book-too-long"), &styles.verdict);
    }
    let (agrees, disagrees) = (page.book.words("book-agrees"), page.book.words("book-disagrees"));
    page.formula(row, sum_column, formula, exact.to_string(), &styles.money)?;
    // sums of many doubles are compared in kopecks
    let (sum, exact) = (cell(row, sum_column), cell(row, exact_column));
    let check = format!("=IF(ABS({sum}-{exact})<0.005,\"{agrees}\",\"{disagrees}\")");
    page.formula(row, check_column, &check, agrees.as_str(), &styles.verdict)
}

/// Writes the covers of each plan; returns the last row.
fn covers(page: &mut Page<'_>, first: u32) -> Result<u32, XlsxError> {
    let Book { saved, language, styles, .. } = page.book;
    let mut row = first;
    for (place, plan) in saved.quote.plans.iter().enumerate() {
        for (at, cover) in plan.covers.iter().enumerate() {
            let groups = saved.groups.iter().filter(|group| (group.plan, group.cover) == (place, at));
            let (lines, premium) =
                (groups.clone().map(|group| group.insured).sum(), groups.map(|group| group.premium).sum());
            let services = |services: &[Service]| {
                services.iter().map(|service| service.name(*language)).collect::<Vec<_>>().join("; ")
            };
            let (name, exclude, include) =
                (full_name(cover, *language), services(&cover.exclude), services(&cover.include));
            let code = (plan.code.as_str(), code_width(saved) as usize);
            page.fit(row, &[code, (&name, NAME_WIDTH), (&exclude, SERVICES_WIDTH), (&include, SERVICES_WIDTH)])?;
            page.text(row, CODE, &plan.code, &styles.wrapped)?;
            page.text(row, 1, &name, &styles.wrapped)?;
            page.count(row, COUNT, lines, &styles.count)?;
            page.money(row, SUM_INSURED, cover.sum_insured, &styles.money)?;
            page.money(row, PREMIUM, premium, &styles.money)?;
            page.decimal(row, SHARE, &share(premium, saved.quote.premium), &styles.share)?;
            page.text(row, SUMMED, &exclude, &styles.wrapped)?;
            page.text(row, CHECK, &include, &styles.wrapped)?;
            row += 1;
        }
    }
    Ok(row - 1)
}

/// A programme by code and name.
fn full_name(cover: &Cover, language: Language) -> String {
    format!("{} · {}", cover.programme, cover.name(language))
}
