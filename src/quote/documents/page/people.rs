//! The insured by name, for a page that was asked for them.

use crate::base::calendar::shown_day;
use crate::base::money::Kopecks;
use crate::quote::documents::page::{Cell, Page};

/// Writes the insured with what is paid for each.
pub fn write(page: &mut Page<'_>) {
    let (written, language) = (page.written, page.language);
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
        for (at, insured) in written.lines.insured.iter().enumerate() {
            let premium: Kopecks = written.lines.of(insured).iter().map(|line| line.premium).sum();
            let born = insured.birth_date.map(shown_day).unwrap_or_default();
            let risk = insured.risk_group.to_string();
            page.row(&[
                Cell::Text(written.lines.id(at)),
                Cell::Text(written.lines.name(at)),
                Cell::Text(&born),
                Cell::Text(&written.quote.plans[insured.plan].code),
                Cell::Text(&risk),
                Cell::Figure(language.amount(premium), premium.to_string()),
            ]);
        }
    });
}
