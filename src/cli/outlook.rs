//! `kollektiv outlook`: the premium in the neighbouring headcount bands, at the renewal, and at the ends of every range.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};

use crate::base::calendar::format_day;
use crate::base::error::Error;
use crate::base::messages::Message;
use crate::cli::arguments::{Common, QuoteSources};
use crate::cli::outcome::Outcome;
use crate::cli::quoting::{answer_with_price, edition_line, open_contract, preliminary_paragraph};
use crate::cli::screen::{Screen, plus, print_json};
use crate::desk::csv_lists::write_renewal_list;
use crate::desk::outlook::{AgeMove, BandOutlook, Group, Outlook, RangeWeight, Renewal};
use crate::pricing::cube::AgeClass;
use crate::quote::{Price, Quote};

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    pub sources: QuoteSources,
    /// Write the insured whose price the renewal changes to this new CSV file, one a row
    #[arg(long, value_name = "FILE")]
    movers: Option<PathBuf>,
}

/// Prints the outlook of a contract.
pub fn run(common: &Common, arguments: &Arguments, screen: &Screen) -> Result<Outcome, Error> {
    let (contract, tariff) = open_contract(&arguments.sources, &common.editions()?)?;
    answer_with_price(&arguments.sources, &contract, &tariff, screen, |quote, price| {
        let outlook = Outlook::new(quote, price)?;
        if let Some(path) = &arguments.movers {
            write_renewal_list(quote, price, outlook.renewal.as_ref(), path)?;
        }
        let view = View { quote, price, outlook: &outlook };
        if screen.is_json() {
            print_json(&view.json())?;
        } else {
            screen.print(&view.text(screen))?;
        }
        if let Some(path) = &arguments.movers {
            if outlook.renewal.is_none() {
                screen.note(&Message::new("outlook-movers-census"));
            }
            screen.note_written(path);
        }
        let contract = arguments.sources.contract.display().to_string();
        screen.suggest(Message::new("next-outlook").with("contract", contract));
        Ok(Outcome::Done)
    })
}

/// An outlook with its quote.
struct View<'a> {
    quote: &'a Quote<'a>,
    price: &'a Price<'a>,
    outlook: &'a Outlook,
}

impl View<'_> {
    fn text(&self, screen: &Screen) -> String {
        let mut text = preliminary_paragraph(self.quote, screen);
        text.push_str(&edition_line(self.quote.tariff, screen));
        text.push_str(&self.bands(screen));
        text.push('\n');
        text.push_str(&self.renewal(screen));
        text.push('\n');
        text.push_str(&self.ranges(screen));
        text
    }

    fn bands(&self, screen: &Screen) -> String {
        let title = Message::new("outlook-headcount")
            .with("headcount", screen.count(self.price.headcount as usize))
            .with("clause", self.quote.tariff.headcount.clause.as_str());
        let row = |band: &BandOutlook| {
            [
                band.band.to_string(),
                screen.decimal(band.band.range),
                screen.decimal(band.coefficient),
                if band.change == 0 { String::new() } else { format!("{:+}", band.change) },
                screen.bare_amount(band.per_insured),
                screen.bare_amount(band.premium_of_present),
                screen.bare_amount(band.premium),
            ]
        };
        let heading = [
            "heading-band",
            "heading-bounds",
            "heading-coefficient-short",
            "heading-change",
            "heading-per-insured",
            "heading-premium-present",
            "heading-premium-then",
        ];
        let rows = self.outlook.bands.iter().map(row).collect();
        let bands = screen.table(heading, rows, 1);
        let note = screen.paragraph(&Message::new("outlook-bands-note"));
        format!("{}\n{bands}\n{note}", screen.paragraph(&title))
    }

    fn renewal(&self, screen: &Screen) -> String {
        let Some(renewal) = &self.outlook.renewal else {
            return screen.paragraph(&Message::new("outlook-census"));
        };
        let title = Message::new("outlook-renewal")
            .with("day", format_day(renewal.day))
            .with("clause", self.quote.tariff.age.clause.as_str());
        let mut text = screen.paragraph(&title);
        if renewal.changes.is_empty() {
            text.push_str(&screen.paragraph(&Message::new("outlook-no-change")));
            return text;
        }
        if !renewal.age_moves.is_empty() {
            let row = |age_move: &AgeMove| {
                let (from, to) = self.ages(age_move);
                [
                    format!("{from} → {to}"),
                    screen.count(age_move.group.insured),
                    screen.bare_amount(age_move.group.premium),
                    screen.bare_amount(age_move.premium_then),
                    screen.signed_amount(age_move.premium_then - age_move.group.premium),
                ]
            };
            let heading =
                ["heading-age", "heading-insured", "heading-premium-now", "heading-then", "heading-difference"];
            let rows = renewal.age_moves.iter().map(row).collect();
            let _ = write!(text, "\n{}\n", screen.table(heading, rows, 1));
            let insured: usize = renewal.age_moves.iter().map(|age_move| age_move.group.insured).sum();
            let sum = Message::new("outlook-renewal-sum").with("count", insured);
            let difference = format!("{}{}", plus(renewal.cost()), screen.language.amount(renewal.cost()));
            text.push_str(&screen.paragraph(&sum.with("difference", difference)));
        }
        let leaving =
            [("outlook-past-tariff", renewal.past_tariff), ("outlook-past-programme", renewal.past_programme)];
        for (name, Group { insured, premium }) in leaving.into_iter().filter(|(_, group)| group.insured > 0) {
            let message = Message::new(name).with("count", insured).with("premium", premium);
            let last = self.quote.tariff.last_age().to_string();
            text.push_str(&screen.paragraph(&message.with("last", last)));
        }
        text
    }

    /// The two bands of a move: those of §2.2, or the children's if only these differ.
    fn ages(&self, age_move: &AgeMove) -> (String, String) {
        let tariff = self.quote.tariff;
        let [from, to] = [age_move.from, age_move.to].map(|step| self.price.axes.ages[usize::from(step)]);
        let name = |step: AgeClass| match step.child_band {
            Some(band) if from.age_band == to.age_band => tariff.child_bands.value[band].to_string(),
            _ => tariff.age_band_name(step.age_band),
        };
        (name(from), name(to))
    }

    fn ranges(&self, screen: &Screen) -> String {
        let row = |weight: &RangeWeight| {
            [
                screen.render(&weight.position.factor.message(self.quote.contract, self.quote.tariff)),
                format!("§{}", weight.position.clause),
                screen.decimal(weight.position.range),
                screen.decimal(weight.position.coefficient),
                screen.bare_amount(weight.low),
                screen.bare_amount(weight.high),
                screen.bare_amount(weight.width()),
            ]
        };
        let heading = [
            "heading-range",
            "heading-clause",
            "heading-bounds",
            "heading-now",
            "heading-at-low",
            "heading-at-high",
            "heading-difference",
        ];
        let rows = self.outlook.ranges.iter().map(row).collect();
        format!("{}\n\n{}", screen.text("outlook-ranges"), screen.table(heading, rows, 2))
    }

    fn json(&self) -> Value {
        let band = |band: &BandOutlook| {
            json!({
                "band": band.band.to_string(),
                "headcount": band.headcount,
                "change": band.change,
                "low": band.band.range.low.to_string(),
                "high": band.band.range.high.to_string(),
                "coefficient": band.coefficient.to_string(),
                "per_insured": band.per_insured.to_string(),
                "premium_of_present": band.premium_of_present.to_string(),
                "premium": band.premium.to_string(),
            })
        };
        let range = |weight: &RangeWeight| {
            let (plan, programme) = weight.position.factor.cover_codes(self.quote.contract, self.quote.tariff).unzip();
            json!({
                "range": weight.position.factor.code(),
                "plan": plan,
                "programme": programme,
                "clause": weight.position.clause,
                "low": { "coefficient": weight.position.range.low.to_string(), "premium": weight.low.to_string() },
                "high": { "coefficient": weight.position.range.high.to_string(), "premium": weight.high.to_string() },
                "now": weight.position.coefficient.to_string(),
                "difference": weight.width().to_string(),
            })
        };
        json!({
            "status": self.quote.status.as_str(),
            "tariff": self.quote.tariff.id(),
            "headcount": self.outlook.bands.iter().map(band).collect::<Vec<_>>(),
            "renewal": self.outlook.renewal.as_ref().map(|renewal| self.renewal_json(renewal)),
            "ranges": self.outlook.ranges.iter().map(range).collect::<Vec<_>>(),
        })
    }

    fn renewal_json(&self, renewal: &Renewal) -> Value {
        let age_move = |age_move: &AgeMove| {
            let (from, to) = self.ages(age_move);
            json!({
                "from": from,
                "to": to,
                "insured": age_move.group.insured,
                "premium": age_move.group.premium.to_string(),
                "premium_then": age_move.premium_then.to_string(),
            })
        };
        let group = |group: Group| json!({ "insured": group.insured, "premium": group.premium.to_string() });
        json!({
            "day": renewal.day.to_string(),
            "moves": renewal.age_moves.iter().map(age_move).collect::<Vec<_>>(),
            "difference": renewal.cost().to_string(),
            "past_tariff": group(renewal.past_tariff),
            "past_programme": group(renewal.past_programme),
        })
    }
}
