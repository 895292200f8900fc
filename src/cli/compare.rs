//! `kollektiv compare`: the difference between two contracts or two saved quotes, by cause.

use std::cmp::Ordering;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value, json};

use crate::base::calendar::format_day;
use crate::base::error::Error;
use crate::base::messages::Message;
use crate::cli::arguments::{Common, QuoteSources};
use crate::cli::outcome::Outcome;
use crate::cli::quoting::{answer_with_price, preliminary_notice};
use crate::cli::screen::{Screen, print_json};
use crate::desk::compare::{CauseAmounts, ChangeBand, ChangeCount, ComparedQuote, Comparison, PlanDifference};
use crate::desk::csv_lists::write_differences;
use crate::quote::Status;
use crate::quote::contract::Contract;
use crate::quote::saved_quote::SavedQuote;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Quote before: a contract file, or the folder to which `kollektiv quote` has written
    #[arg(value_name = "BEFORE")]
    before: PathBuf,
    /// Quote after: likewise
    #[arg(value_name = "AFTER")]
    after: PathBuf,
    /// Roster of the contract before, instead of the one that it names; can be repeated
    #[arg(long, value_name = "ROSTER")]
    before_roster: Vec<String>,
    /// Roster of the contract after, instead of the one that it names; can be repeated
    #[arg(long, value_name = "ROSTER")]
    after_roster: Vec<String>,
    /// Edition of the tariff for the contract before (a TOML file, or the code of an edition of the folder), whatever its days and
    /// the edition that the contract pins
    #[arg(long, value_name = "FILE")]
    before_tariff: Option<String>,
    /// Edition of the tariff for the contract after, likewise
    #[arg(long, value_name = "FILE")]
    after_tariff: Option<String>,
    /// Price the rows without errors and referrals, although a roster has others
    #[arg(long)]
    preliminary: bool,
    /// Write the insured who left, joined, changed plan or have another premium to this new CSV file, one a row
    #[arg(long, value_name = "FILE")]
    people: Option<PathBuf>,
}

/// Compares two quotes.
pub fn run(common: &Common, arguments: &Arguments, screen: &Screen) -> Result<Outcome, Error> {
    let Arguments { before, after, before_roster, after_roster, .. } = arguments;
    let Some(before) =
        arguments.open_quote(before, before_roster, arguments.before_tariff.as_deref(), common, screen)?
    else {
        return Ok(Outcome::Refused);
    };
    let Some(after) = arguments.open_quote(after, after_roster, arguments.after_tariff.as_deref(), common, screen)?
    else {
        return Ok(Outcome::Refused);
    };
    let comparison = Comparison::new(before, after);
    if let Some(path) = &arguments.people {
        write_differences(&comparison, path)?;
    }
    if screen.is_json() {
        print_json(&json(&comparison))?;
    } else {
        screen.print(&text(&comparison, screen))?;
    }
    if let Some(path) = &arguments.people {
        screen.note_written(path);
    } else if !comparison.insured.is_empty() {
        screen.suggest(Message::new("next-compare"));
    }
    Ok(Outcome::Done)
}

impl Arguments {
    /// Opens one of the two quotes; `None` if it is refused for printed reasons.
    fn open_quote(
        &self,
        path: &Path,
        rosters: &[String],
        edition: Option<&str>,
        common: &Common,
        screen: &Screen,
    ) -> Result<Option<ComparedQuote>, Error> {
        if path.is_dir() {
            if !rosters.is_empty() || edition.is_some() {
                screen.refuse(&Message::new("compare-written").with("path", path.display().to_string()));
                return Ok(None);
            }
            let written = SavedQuote::open(path)?;
            note_preliminary(written.quote.preliminary_notice(), screen);
            return Ok(Some(ComparedQuote::saved(&written)));
        }
        let (contract, tariff) = match edition {
            Some(edition) => {
                let tariff = common.edition(edition)?;
                (Contract::open_as(path, &tariff)?, tariff)
            }
            None => Contract::open_by(path, &common.editions()?)?,
        };
        let (contract_path, preliminary) = (path.to_owned(), self.preliminary);
        let sources = QuoteSources { contract: contract_path, rosters: rosters.to_owned(), preliminary, option: None };
        let mut compared = None;
        answer_with_price(&sources, &contract, &tariff, screen, |quote, price| {
            note_preliminary(preliminary_notice(quote), screen);
            compared = Some(ComparedQuote::priced(quote, price));
            Ok(Outcome::Done)
        })?;
        Ok(compared)
    }
}

/// Prints why a quote is preliminary.
fn note_preliminary(notice: Option<&'static str>, screen: &Screen) {
    if let Some(name) = notice {
        screen.note(&Message::new(name));
    }
}

fn text(comparison: &Comparison, screen: &Screen) -> String {
    let mut text = both_quotes(comparison, screen);
    let _ = write!(text, "\n{}", causes(comparison, screen));
    if comparison.insured.is_empty() {
        return text;
    }
    for plan in &comparison.plans {
        text.push_str(&plan_paragraph(plan, screen));
    }
    if !comparison.distribution.is_empty() {
        let row = |count: &ChangeCount| {
            let insured = screen.count(count.insured);
            [screen.render(&band_message(count.band)), insured, screen.signed_amount(count.difference)]
        };
        let heading = ["heading-moved", "heading-insured", "heading-difference"];
        let rows = comparison.distribution.iter().map(row).collect();
        let _ = write!(text, "\n{}", screen.table(heading, rows, 1));
    }
    text
}

/// The causes of the difference; if there are none, that the premiums are the same and how many insured changed plan.
fn causes(comparison: &Comparison, screen: &Screen) -> String {
    if comparison.causes.is_empty() {
        let message = match comparison.changed_plan {
            0 => Message::new("compare-same"),
            count => Message::new("compare-same-premiums").with("count", count),
        };
        return screen.paragraph(&message);
    }
    let causes = comparison.causes.iter();
    let mut rows: Vec<[String; 2]> =
        causes.map(|(cause, amount)| [screen.render(&cause.message()), screen.signed_amount(amount)]).collect();
    rows.push([screen.text("compare-difference"), screen.signed_amount(comparison.difference())]);
    screen.table(["heading-cause", "heading-difference"], rows, 1)
}

/// The two quotes side by quote.
fn both_quotes(comparison: &Comparison, screen: &Screen) -> String {
    let row = |name, quote: &ComparedQuote| {
        [
            screen.text(name),
            quote.number.clone(),
            format!("{}–{}", format_day(quote.start), format_day(quote.end)),
            screen.count(quote.insured.len()),
            screen.bare_amount(quote.premium()),
        ]
    };
    let rows = vec![row("compare-before", &comparison.before), row("compare-after", &comparison.after)];
    let heading = ["heading-quote", "heading-contract", "heading-term", "heading-insured", "heading-premium-roubles"];
    let mut text = screen.table(heading, rows, 3);
    for (name, quote) in [("compare-before", &comparison.before), ("compare-after", &comparison.after)] {
        let _ = writeln!(text, "{}: {}", screen.text(name), screen.render(&quote.tariff.message()));
    }
    let quotes = [("compare-before", &comparison.before), ("compare-after", &comparison.after)];
    let preliminary = quotes.into_iter().filter(|(_, quote)| quote.status == Status::Preliminary);
    let names: Vec<String> = preliminary.map(|(name, _)| screen.text(name)).collect();
    if !names.is_empty() {
        let message = Message::new("compare-preliminary").with("quotes", names.join(", "));
        let _ = write!(text, "\n{}", screen.paragraph(&message));
    }
    text
}

/// The premiums of a plan and the causes of its difference; empty without a difference.
fn plan_paragraph(plan: &PlanDifference, screen: &Screen) -> String {
    if plan.causes.is_empty() {
        return String::new();
    }
    let message = Message::new("compare-plan").with("plan", plan.code.as_str());
    let head = message.with("before", plan.before).with("after", plan.after);
    let head = head.with("difference", screen.signed_amount(plan.after - plan.before));
    let mut text = format!("\n{}", screen.paragraph(&head));
    for (cause, amount) in plan.causes.iter() {
        let _ = writeln!(text, "  {}: {}", screen.render(&cause.message()), screen.signed_amount(amount));
    }
    text
}

/// The size of a change for a reader.
pub fn band_message(band: ChangeBand) -> Message {
    let Some((over, up_to)) = band.percents() else { return Message::new("moved-same") };
    let name = match (band.direction(), up_to) {
        (Ordering::Less, Some(_)) => "moved-fell",
        (Ordering::Less, None) => "moved-fell-over",
        (_, Some(_)) => "moved-rose",
        (_, None) => "moved-rose-over",
    };
    Message::new(name).with("low", over.to_string()).with("high", up_to.unwrap_or(over).to_string())
}

fn json(comparison: &Comparison) -> Value {
    let quote = |quote: &ComparedQuote| {
        json!({
            "number": quote.number,
            "tariff": quote.tariff,
            "status": quote.status.as_str(),
            "start": quote.start.to_string(),
            "end": quote.end.to_string(),
            "headcount": quote.insured.len(),
            "premium": quote.premium().to_string(),
        })
    };
    let causes = |causes: &CauseAmounts| -> Value {
        causes.iter().map(|(cause, amount)| (cause.as_str().to_owned(), json!(amount.to_string()))).collect()
    };
    let plan = |plan: &PlanDifference| {
        json!({
            "code": plan.code,
            "before": plan.before.to_string(),
            "after": plan.after.to_string(),
            "parts": causes(&plan.causes),
        })
    };
    let change = |count: &ChangeCount| {
        let direction = match count.band.direction() {
            Ordering::Less => "fell",
            Ordering::Equal => "same",
            Ordering::Greater => "rose",
        };
        let (over, up_to) = count.band.percents().unzip();
        json!({
            "moved": direction,
            "over_percent": over,
            "up_to_percent": up_to.flatten(),
            "insured": count.insured,
            "difference": count.difference.to_string(),
        })
    };
    json!({
        "before": quote(&comparison.before),
        "after": quote(&comparison.after),
        "difference": comparison.difference().to_string(),
        "parts": causes(&comparison.causes),
        "plans": comparison.plans.iter().map(plan).collect::<Vec<_>>(),
        "people": comparison.insured.len(),
        "distribution": comparison.distribution.iter().map(change).collect::<Vec<_>>(),
    })
}
