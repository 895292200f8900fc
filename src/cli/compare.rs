//! `kollektiv compare`: where the money went between two contracts, or two written quotes.

use std::cmp::Ordering;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value, json};

use crate::base::calendar::shown_day;
use crate::base::error::Error;
use crate::base::messages::Message;
use crate::cli::quote::{ask, notice};
use crate::cli::screen::{Screen, result, table};
use crate::cli::{Common, Outcome, Sources};
use crate::desk::compare::{ComparedQuote, Comparison, Moved, Parts, PlanDifference, Share};
use crate::desk::list;
use crate::quote::Status;
use crate::quote::contract::Contract;
use crate::quote::saved_quote::Written;
use crate::tariff::Tariff;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Before: a contract file, or the folder of a quote already written
    #[arg(value_name = "BEFORE")]
    before: PathBuf,
    /// After: the same
    #[arg(value_name = "AFTER")]
    after: PathBuf,
    /// The roster before, instead of the one that the contract names
    #[arg(long, value_name = "ROSTER")]
    before_roster: Vec<String>,
    /// The roster after, instead of the one that the contract names
    #[arg(long, value_name = "ROSTER")]
    after_roster: Vec<String>,
    /// The edition of the tariff before, instead of that of both
    #[arg(long, value_name = "FILE")]
    before_tariff: Option<PathBuf>,
    /// The edition of the tariff after, instead of that of both
    #[arg(long, value_name = "FILE")]
    after_tariff: Option<PathBuf>,
    /// Judge the clean rows alone
    #[arg(long)]
    preliminary: bool,
    /// Write the difference person by person to this CSV file: who left, joined, changed plan or has another price; not those
    /// of the same plan whose premium nothing has moved
    #[arg(long, value_name = "FILE")]
    people: Option<PathBuf>,
    /// Print JSON instead of tables
    #[arg(long)]
    json: bool,
}

/// Compares two quotes.
pub fn run(common: &Common, arguments: &Arguments, screen: &Screen) -> Result<Outcome, Error> {
    let Arguments { before, after, before_roster, after_roster, .. } = arguments;
    let Some(before) = arguments.side(before, before_roster, arguments.before_tariff.as_deref(), common, screen)?
    else {
        return Ok(Outcome::Refused);
    };
    let Some(after) = arguments.side(after, after_roster, arguments.after_tariff.as_deref(), common, screen)? else {
        return Ok(Outcome::Refused);
    };
    let comparison = Comparison::new(before, after);
    if let Some(path) = &arguments.people {
        list::people(&comparison, path)?;
    }
    if arguments.json {
        result(&format!("{:#}\n", json(&comparison)))?;
    } else {
        screen.table(&text(&comparison, screen))?;
    }
    if let Some(path) = &arguments.people {
        screen.note(&screen.say(&Message::new("written-to").with("path", path.display().to_string())));
    }
    Ok(Outcome::Done)
}

impl Arguments {
    /// One of the two quotes; none where it is refused, which then has been said.
    fn side(
        &self,
        path: &Path,
        rosters: &[String],
        edition: Option<&Path>,
        common: &Common,
        screen: &Screen,
    ) -> Result<Option<ComparedQuote>, Error> {
        if path.is_dir() {
            if !rosters.is_empty() || edition.is_some() {
                screen.refuse(&screen.say(&Message::new("compare-written").with("path", path.display().to_string())));
                return Ok(None);
            }
            let written = Written::open(path)?;
            remark(written.quote.preliminary_notice(), screen);
            return Ok(Some(ComparedQuote::written(&written)));
        }
        let tariff = edition.map_or_else(|| common.tariff(), Tariff::open)?;
        let contract = Contract::open(path, &tariff)?;
        let (contract_path, preliminary) = (path.to_owned(), self.preliminary);
        let sources = Sources { contract: contract_path, rosters: rosters.to_owned(), preliminary };
        let mut side = None;
        ask(&sources, &contract, &tariff, screen, |quote, price| {
            remark(notice(quote), screen);
            side = Some(ComparedQuote::priced(quote, price));
            Ok(Outcome::Done)
        })?;
        Ok(side)
    }
}

/// Remarks why one of the quotes is preliminary; the answer says which.
fn remark(notice: Option<&'static str>, screen: &Screen) {
    if let Some(name) = notice {
        screen.note(&screen.words(name));
    }
}

fn text(comparison: &Comparison, screen: &Screen) -> String {
    let mut text = sides(comparison, screen);
    let _ = write!(text, "\n{}", causes(comparison, screen));
    if comparison.people.is_empty() {
        return text;
    }
    for plan in &comparison.plans {
        text.push_str(&of_plan(plan, screen));
    }
    if !comparison.distribution.is_empty() {
        let row = |moved: &Moved| {
            let insured = screen.language.count(moved.insured);
            [screen.say(&share_words(moved.by)), insured, screen.difference(moved.difference)]
        };
        let heading = ["heading-moved", "heading-insured", "heading-difference"];
        let rows = comparison.distribution.iter().map(row).collect();
        let _ = write!(text, "\n{}", table(heading.map(|name| screen.words(name)), rows, 1));
    }
    text
}

/// The causes of the difference as a table; where none was at work, that the premiums are the same, and who changed plan.
fn causes(comparison: &Comparison, screen: &Screen) -> String {
    if comparison.parts.is_empty() {
        let message = match comparison.changed_plan {
            0 => Message::new("compare-same"),
            count => Message::new("compare-same-premiums").with("count", count),
        };
        return screen.paragraph(&message);
    }
    let parts = comparison.parts.iter();
    let mut rows: Vec<[String; 2]> =
        parts.map(|(part, amount)| [screen.words(part.words()), screen.difference(amount)]).collect();
    rows.push([screen.words("compare-difference"), screen.difference(comparison.difference())]);
    table(["heading-cause", "heading-difference"].map(|name| screen.words(name)), rows, 1)
}

/// The two quotes side by side.
fn sides(comparison: &Comparison, screen: &Screen) -> String {
    let row = |name, side: &ComparedQuote| {
        [
            screen.words(name),
            side.number.clone(),
            format!("{}–{}", shown_day(side.start), shown_day(side.end)),
            screen.language.count(side.people.len()),
            screen.language.bare_amount(side.premium()),
        ]
    };
    let rows = vec![row("compare-before", &comparison.before), row("compare-after", &comparison.after)];
    let heading = ["heading-quote", "heading-contract", "heading-term", "heading-insured", "heading-premium-roubles"];
    let mut text = table(heading.map(|name| screen.words(name)), rows, 3);
    let sides = [("compare-before", &comparison.before), ("compare-after", &comparison.after)];
    let preliminary = sides.into_iter().filter(|(_, side)| side.status == Status::Preliminary);
    let names: Vec<String> = preliminary.map(|(name, _)| screen.words(name)).collect();
    if !names.is_empty() {
        let message = Message::new("compare-preliminary").with("quotes", names.join(", "));
        let _ = write!(text, "\n{}", screen.paragraph(&message));
    }
    text
}

/// A plan to which something happened: its premiums, and the causes in a row.
fn of_plan(plan: &PlanDifference, screen: &Screen) -> String {
    if plan.parts.is_empty() {
        return String::new();
    }
    let message = Message::new("compare-plan").with("plan", plan.code.as_str());
    let head = message.with("before", plan.before).with("after", plan.after);
    let head = head.with("difference", screen.difference(plan.after - plan.before));
    let mut text = format!("\n{}", screen.paragraph(&head));
    for (part, amount) in plan.parts.iter() {
        let _ = writeln!(text, "  {}: {}", screen.words(part.words()), screen.difference(amount));
    }
    text
}

fn share_words(share: Share) -> Message {
    let Some((over, up_to)) = share.percents() else { return Message::new("moved-same") };
    let name = match (share.direction(), up_to) {
        (Ordering::Less, Some(_)) => "moved-fell",
        (Ordering::Less, None) => "moved-fell-over",
        (_, Some(_)) => "moved-rose",
        (_, None) => "moved-rose-over",
    };
    Message::new(name).with("low", over.to_string()).with("high", up_to.unwrap_or(over).to_string())
}

fn json(comparison: &Comparison) -> Value {
    let side = |side: &ComparedQuote| {
        json!({
            "number": side.number,
            "status": side.status.as_str(),
            "start": side.start.to_string(),
            "end": side.end.to_string(),
            "headcount": side.people.len(),
            "premium": side.premium().to_string(),
        })
    };
    let parts = |parts: &Parts| -> Value {
        parts.iter().map(|(part, amount)| (part.code().to_owned(), json!(amount.to_string()))).collect()
    };
    let plan = |plan: &PlanDifference| {
        json!({
            "code": plan.code,
            "before": plan.before.to_string(),
            "after": plan.after.to_string(),
            "parts": parts(&plan.parts),
        })
    };
    let moved = |moved: &Moved| {
        let direction = match moved.by.direction() {
            Ordering::Less => "fell",
            Ordering::Equal => "same",
            Ordering::Greater => "rose",
        };
        let (over, up_to) = moved.by.percents().unzip();
        json!({
            "moved": direction,
            "over_percent": over,
            "up_to_percent": up_to.flatten(),
            "insured": moved.insured,
            "difference": moved.difference.to_string(),
        })
    };
    json!({
        "before": side(&comparison.before),
        "after": side(&comparison.after),
        "difference": comparison.difference().to_string(),
        "parts": parts(&comparison.parts),
        "plans": comparison.plans.iter().map(plan).collect::<Vec<_>>(),
        "people": comparison.people.len(),
        "distribution": comparison.distribution.iter().map(moved).collect::<Vec<_>>(),
    })
}
