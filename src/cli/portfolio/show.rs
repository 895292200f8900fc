//! `kollektiv portfolio list`, `show` and `verify`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use jiff::civil::Date;

use crate::base::calendar::days_since_1970;
use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::money::{Kopecks, Rate};
use crate::cli::Outcome;
use crate::cli::log::{Event, Level};
use crate::cli::portfolio::count;
use crate::cli::progress::Bar;
use crate::cli::screen::{Screen, table};
use crate::portfolio::Portfolio;
use crate::portfolio::contract_state::Standing;
use crate::portfolio::register;
use crate::portfolio::rows::{CellRows, InsuredRows, LineRows};
use crate::portfolio::store::Part;
use crate::portfolio::verify as reading;

/// Every contract with its money.
pub fn list(book: &Portfolio, screen: &Screen) -> Result<Outcome, Error> {
    let next = book.register.read(register::next_run)?;
    let rows = book.register.read(|register| {
        let contracts = register::contracts(register, next)?;
        let row = |contract| {
            let standing = Standing::before(register, contract, next)?;
            let (contract, version) = (&standing.contract, standing.version());
            Ok([
                contract.number.clone(),
                contract.policyholder.clone(),
                standing.last_day().to_string(),
                count(screen, version.insured.into()),
                screen.language.bare_amount(version.written),
                screen.language.bare_amount(standing.paid),
            ])
        };
        contracts.into_iter().map(row).collect::<rusqlite::Result<Vec<_>>>()
    })?;
    let heading = [
        "portfolio-col-number",
        "portfolio-col-policyholder",
        "portfolio-col-to",
        "portfolio-col-insured",
        "portfolio-col-written",
        "portfolio-col-paid",
    ];
    screen.table(&table(heading.map(|name| screen.words(name)), rows, 3))?;
    Ok(Outcome::Done)
}

/// One contract: what has become of it, and how it stands on a day.
pub fn contract(book: &Portfolio, number: &str, day: Option<Date>, screen: &Screen) -> Result<Outcome, Error> {
    let unlawful = |message: Message| Err(Error::Unlawful { reason: message.with("number", number) });
    let Some(contract) = book.register.read(|register| register::contract(register, number))? else {
        return unlawful(Message::new("show-number"));
    };
    let (first, last) = (contract.first_day.to_string(), contract.last_day.to_string());
    let next = book.register.read(register::next_run)?;
    let payments = book.register.read(|register| register::payments(register, contract.id))?;
    let standing = book.register.read(|register| Standing::before(register, contract, next))?;
    let standing = match day {
        None => Some(standing),
        Some(day) => standing.as_of(day, &payments),
    };
    let Some(standing) = standing else {
        let day = day.map(|day| day.to_string()).unwrap_or_default();
        return unlawful(Message::new("show-early").with("day", day).with("first", first));
    };
    let message = Message::new("show-contract")
        .with("number", number)
        .with("policyholder", standing.contract.policyholder.as_str())
        .with("first", first)
        .with("last", last);
    let mut text = screen.paragraph(&message);
    text.push('\n');
    text.push_str(&versions(&standing, screen));
    text.push('\n');
    let on = day.unwrap_or_else(|| standing.version().from_day);
    text.push_str(&collective(book, &standing, on, screen)?);
    let _ = writeln!(text);
    let paid = Message::new("show-paid").with("paid", standing.paid).with("written", standing.version().written);
    text.push_str(&screen.paragraph(&paid));
    screen.table(&text)?;
    Ok(Outcome::Done)
}

fn versions(standing: &Standing, screen: &Screen) -> String {
    let rows = standing.versions.iter().map(|version| {
        let kind = match version.kind {
            register::VersionKind::Bound => "show-bound",
            register::VersionKind::Repriced => "show-repriced",
            register::VersionKind::Refused => "show-refused",
            register::VersionKind::Endorsed => "show-endorsed",
        };
        let change = version.change.as_ref().map(|change| format!(" {change}")).unwrap_or_default();
        [
            version.from_day.to_string(),
            format!("{}{change}", screen.words(kind)),
            count(screen, version.insured.into()),
            screen.language.bare_amount(version.written),
        ]
    });
    let heading = ["portfolio-col-from", "portfolio-col-what", "portfolio-col-insured", "portfolio-col-written"];
    table(heading.map(|name| screen.words(name)), rows.collect(), 2)
}

/// Who and what is covered on a day, by plan and programme, and what a year of it costs at the rates of that day.
fn collective(book: &Portfolio, standing: &Standing, day: Date, screen: &Screen) -> Result<String, Error> {
    let damaged =
        |damage: crate::portfolio::store::Damage| Error::Damaged { folder: book.folder().to_owned(), reason: damage.0 };
    let files = book.files()?;
    let cells: CellRows = standing.rows(&book.register, &files, Part::Cells)?.map_err(damaged)?;
    let lines: LineRows = standing.rows(&book.register, &files, Part::Lines)?.map_err(damaged)?;
    let insured: InsuredRows = standing.rows(&book.register, &files, Part::Insured)?.map_err(damaged)?;
    let year = standing.year_days();
    let rate = |at: usize| {
        let rate = Rate::as_written(&cells.rate[at])? * standing.growth_by(&cells.programme[at], day);
        Some(rate.prepare(year))
    };
    let rates: Vec<_> = (0..cells.rate.len()).map(rate).collect();
    let on = days_since_1970(day);
    let is_over = day > standing.last_day();
    let covers = |start: i32, end: i32| start <= on && on <= end && !is_over;
    let mut groups: BTreeMap<(&str, &str), (u64, Kopecks)> = BTreeMap::new();
    for at in (0..lines.cell.len()).filter(|at| covers(lines.start[*at], lines.end[*at])) {
        let cell = lines.cell[at] as usize;
        let (Some(plan), Some(Some(rate))) = (cells.plan.get(cell), rates.get(cell)) else { continue };
        let group = groups.entry((plan, &cells.programme[cell])).or_default();
        group.0 += 1;
        group.1 += rate.premium(Kopecks::new(lines.sum_insured[at].into()), year);
    }
    let people = (0..insured.insured.len()).filter(|at| covers(insured.start[*at], insured.end[*at])).count();
    let rows = groups.into_iter().map(|((plan, programme), (lines, annual))| {
        [plan.to_owned(), programme.to_owned(), count(screen, lines), screen.language.bare_amount(annual)]
    });
    let heading = ["portfolio-col-plan", "portfolio-col-programme", "portfolio-col-lines", "portfolio-col-annual"];
    let message = Message::new("show-day").with("day", day.to_string()).with("insured", screen.language.count(people));
    Ok(screen.paragraph(&message) + &table(heading.map(|name| screen.words(name)), rows.collect(), 2))
}

/// Reads everything back.
pub fn verify(book: &Portfolio, screen: &Screen) -> Result<Outcome, Error> {
    let verified = {
        let bar = Bar::new(screen);
        reading::verify(book, &bar)?
    };
    for (number, message) in &verified.findings {
        let said = screen.say(message);
        let event = Event::new(Level::Error, "finding").with("reason", message.name()).with("number", number.clone());
        screen.tell(event, &number.as_ref().map_or_else(|| said.clone(), |number| format!("{number}: {said}")));
    }
    screen.total("contracts", verified.contracts);
    screen.total("findings", verified.wrong);
    let message = Message::new("verify-done")
        .with("contracts", screen.language.count(verified.contracts))
        .with("versions", screen.language.count(verified.versions))
        .with("lines", count(screen, verified.lines))
        .with("files", screen.language.count(verified.files))
        .with("findings", verified.wrong);
    screen.table(&screen.paragraph(&message))?;
    Ok(if verified.findings.is_empty() { Outcome::Done } else { Outcome::Refused })
}
