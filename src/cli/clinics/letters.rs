//! `kollektiv clinics letter`.

use std::path::PathBuf;

use clap::Args;
use jiff::civil::Date;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::cli::clinics::{Sources, TableOf, digest, found, refused};
use crate::cli::screen::Screen;
use crate::cli::{Common, Outcome, diagnostics};
use crate::clinics::letter::requests::{Answers, Defaults, Outcome as Answered, asked};
use crate::clinics::letter::{shown_number, table};
use crate::clinics::output::{answers, letter};
use crate::output::folder::{Folder, folder_name};
use crate::output::pdf;
use crate::output::pdf::Template;
use crate::portfolio::Portfolio;
use crate::roster::spec::RowKind;

/// The folder of letters, in the folder of the book.
const LETTERS: &str = "letters";

#[derive(Debug, Args)]
pub struct Arguments {
    /// The requests: who, which services, and where the file says it which clinic, which day, which letter is added to
    #[arg(value_name = "REQUESTS")]
    requests: PathBuf,
    #[command(flatten)]
    sources: Sources,
    #[command(flatten)]
    of: TableOf,
    /// The day of issue of requests that state none
    #[arg(long, value_name = "DAY")]
    issued: Option<Date>,
    /// An own template of the letter, instead of the built-in one
    #[arg(long, value_name = "FILE")]
    template: Option<PathBuf>,
    /// The folder of what became of each request
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Issues letters: first they are true in the book, then their documents are written, those too that a killed run has left out.
pub fn run(common: &Common, arguments: &Arguments, screen: &Screen) -> Result<Outcome, Error> {
    let Arguments { requests: path, sources, of, issued, template, out } = arguments;
    let network = sources.network(common)?;
    let clinic = of.named_clinic(&network)?;
    let template = template.as_deref().map_or_else(|| Ok(letter::template()), Template::open)?;
    let requests = of.read(path, RowKind::Requests, clinic.map(|at| network.clinics[at].columns.clone()));
    let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let out = out.clone().unwrap_or_else(|| PathBuf::from("output").join(folder_name(&format!("letters-{stem}"))));
    if let Some(outcome) = refused(&requests, &out, screen)? {
        return Ok(outcome);
    }
    let mut portfolio = Portfolio::change(&sources.portfolio, "clinics letter")?;
    let before = portfolio.register.read(table::records)?;
    let finder = found(&portfolio, asked(&requests))?;
    let defaults = Defaults { clinic, issued: *issued };
    let mut answers = Answers::new(&network, &requests, defaults, &finder, &table::letters(&before));
    // a letter whose document cannot be set is not issued
    let left_out = pdf::each(&answers.letters, |record| letter::pdf(record, &template, screen.language).map(drop))?;
    let reason = |letters: String| Message::new("letter-left-out").with("letters", letters);
    answers.refuse(&left_out.into_iter().map(|left_out| (left_out.at, reason(left_out.letters))).collect());
    let mut fresh = answers.letters.clone();
    if !fresh.is_empty() {
        portfolio.register.commit("letters", |commit, run| {
            table::create(commit)?;
            table::issue(commit, run, &mut fresh)
        })?;
    }
    let records = portfolio.register.read(table::records)?;
    let letters = sources.portfolio.join(LETTERS);
    let (written, left_out) = letter::write_missing(&records, &letters, &template, screen.language)?;
    let folder = Folder::stage(&out)?;
    answers::write_requests(&answers, &fresh, &requests, &digest(&network), &folder, screen.language)?;
    folder.publish()?;
    diagnostics::show(&requests.roster, false, screen);
    let count = |wanted: fn(&Answered) -> bool| answers.outcomes.iter().filter(|outcome| wanted(outcome)).count();
    for (row, outcome) in requests.rows.iter().zip(&answers.outcomes) {
        if let Answered::Refused(reason) = outcome {
            let said = Message::new("letter-refused").with("row", row.row.to_string()).with("reason", reason.clone());
            let said = match requests.in_sheet(row) {
                Some(sheet) => said.with("sheet", sheet),
                None => said.with("sheet", ""),
            };
            screen.refuse(&screen.say(&said));
        }
    }
    let refusals = count(|outcome| matches!(outcome, Answered::Refused(_)));
    screen.total("issued", fresh.len());
    screen.total("refused", refusals);
    let range = match (fresh.first(), fresh.last()) {
        (Some(first), Some(last)) if fresh.len() > 1 => {
            format!(" ({}–{})", first.letter.shown_number(), last.letter.shown_number())
        }
        (Some(only), _) => format!(" ({})", only.letter.shown_number()),
        _ => String::new(),
    };
    let summary = Message::new("letters-issued")
        .with("issued", format!("{}{range}", screen.language.count(fresh.len())))
        .with("before", screen.language.count(count(|outcome| matches!(outcome, Answered::Before(_)))))
        .with("refused", screen.language.count(refusals));
    screen.table(&screen.paragraph(&summary))?;
    for (number, letters) in &left_out {
        let said = Message::new("letter-not-written").with("number", shown_number(*number));
        screen.refuse(&screen.say(&said.with("letters", letters.as_str())));
    }
    let placed = Message::new("letters-written").with("count", written).with("path", letters.display().to_string());
    screen.note(&screen.say(&placed));
    screen.note(&screen.say(&Message::new("written-to").with("path", out.display().to_string())));
    Ok(match refusals {
        0 if left_out.is_empty() => Outcome::Done,
        all if all == answers.outcomes.len() => Outcome::Refused,
        _ => Outcome::SetAside,
    })
}
