//! The insured by name, for a page that was asked for them.

use crate::base::calendar::format_day;
use crate::base::money::Kopecks;
use crate::output::page::builder::Cell;
use crate::quote::documents::page::quote_page::QuotePage;

/// Writes the insured with what is paid for each.
pub fn write(page: &mut QuotePage<'_>) {
    let (saved, language) = (page.saved, page.language);
    page.section("insured", "book-premiums-title");
    let headings = [
        ("book-id", false),
        ("book-name", false),
        ("book-birth-date", false),
        ("heading-plan", false),
        ("heading-risk", false),
        ("heading-premium", true),
    ];
    page.table("book-premiums-title", "sorted tall", &headings, |page| {
        for (at, insured) in saved.lines.insured.iter().enumerate() {
            let premium: Kopecks = saved.lines.of_insured(insured).iter().map(|line| line.premium).sum();
            let born = insured.birth_date.map(format_day).unwrap_or_default();
            let risk = insured.risk_group.to_string();
            page.row(&[
                Cell::Text(&saved.lines.id(at)),
                Cell::Text(&saved.lines.name(at)),
                Cell::Text(&born),
                Cell::Text(&saved.quote.plans[insured.plan].code),
                Cell::Text(&risk),
                Cell::Figure(language.amount(premium), premium.to_string()),
            ]);
        }
    });
}
