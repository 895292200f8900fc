//! `kollektiv clinics lists`: the insured attached to each clinic on a day.

use std::path::PathBuf;

use clap::Args;
use jiff::civil::Date;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::cli::answer::answer;
use crate::cli::arguments::Common;
use crate::cli::clinics::arguments::{ClinicSources, digest};
use crate::cli::outcome::Outcome;
use crate::cli::output_folder::default_output;
use crate::cli::screen::{SHOWN_FAULTS, Screen};
use crate::clinics::book::Book;
use crate::clinics::lists::{ClinicList, Lists};
use crate::clinics::output::lists as files;
use crate::clinics::sent_lists;
use crate::output::folder::Folder;
use crate::portfolio::Portfolio;

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    sources: ClinicSources,
    /// Day of the lists, such as 2026-12-01
    #[arg(long, value_name = "DAY", value_parser = crate::cli::arguments::parse_day)]
    as_of: Date,
    /// Earlier day: adds sheets with the insured to attach and to detach since then
    #[arg(long, value_name = "DAY", value_parser = crate::cli::arguments::parse_day)]
    since: Option<Date>,
    /// Day on which the lists are sent to the clinics: records them, so that a service paid in advance gets a remark if the insured was on no list (I67)
    #[arg(long, value_name = "DAY", value_parser = crate::cli::arguments::parse_day)]
    sent: Option<Date>,
    /// Folder of the result; output/lists-<day> by default
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

answer! {
    /// The answer of `kollektiv clinics lists`.
    pub struct Answer {
        /// Day of the lists.
        as_of: String,
        /// Earlier day that the changes are counted from, or null.
        since: Option<String>,
        /// The clinics with insured.
        clinics: Vec<ClinicAnswer>,
        /// Folder of the result.
        out: String,
    }
}

answer! {
    struct ClinicAnswer {
        /// Code of the clinic.
        code: String,
        /// Name of the clinic.
        name: String,
        /// File of its list.
        file: String,
        /// Insured attached on the day.
        attached: usize,
        /// Insured to attach since the earlier day; null without one.
        attach: Option<usize>,
        /// Insured to detach since the earlier day; null without one.
        detach: Option<usize>,
    }
}

fn clinic_answer(list: &ClinicList<'_>) -> ClinicAnswer {
    ClinicAnswer {
        code: list.clinic.code.clone(),
        name: list.clinic.name.clone(),
        file: files::file_name(list.clinic),
        attached: list.today.len(),
        attach: list.changes.as_ref().map(|changes| changes.attach.len()),
        detach: list.changes.as_ref().map(|changes| changes.detach.len()),
    }
}

/// Writes a workbook for each clinic.
pub fn run(common: &Common, arguments: &Arguments, screen: &Screen) -> Result<Outcome, Error> {
    let Arguments { sources, as_of, since, sent, out } = arguments;
    if since.is_some_and(|since| since >= *as_of) {
        let reason = Message::new("lists-since").with("day", *as_of);
        return Err(Error::Unlawful { reason });
    }
    let network = sources.open_network(common)?;
    let mut portfolio = match sent {
        Some(_) => Portfolio::change(&sources.portfolio, "clinics lists")?,
        None => sources.open_portfolio()?,
    };
    let mut lists = Lists::new(&network, *as_of, *since);
    let mut book = Book::open(&portfolio)?;
    book.for_each_insured(|view| lists.insert(view))?;
    let lists = lists.finish();
    let missing_places = book.missing_places(&network, *as_of).into_iter();
    let missing_places: Vec<(String, Message)> =
        missing_places.map(|(number, fault)| (number.to_owned(), fault)).collect();
    drop(book);
    report_missing_places(&missing_places, screen);
    let out = out.clone().unwrap_or_else(|| default_output(&format!("lists-{as_of}")));
    let folder = Folder::stage(&out)?;
    files::write(&lists, (*as_of, *since), &digest(&network), &folder, screen.language)?;
    if let Some(sent) = sent {
        portfolio.register.commit("lists", |commit, run| sent_lists::record(commit, run, &lists, *sent))?;
    }
    folder.publish()?;
    screen.print(&summary(&lists, screen))?;
    screen.answer(&Answer {
        as_of: as_of.to_string(),
        since: since.map(|day| day.to_string()),
        clinics: lists.iter().map(clinic_answer).collect(),
        out: out.display().to_string(),
    })?;
    screen.note_written(&out);
    screen.suggest(Message::new("next-lists").with("out", out.display().to_string()));
    Ok(if missing_places.is_empty() { Outcome::Done } else { Outcome::SetAside })
}

/// Prints the contracts whose insured are in no list because the network lacks their clinic or its programme.
fn report_missing_places(missing_places: &[(String, Message)], screen: &Screen) {
    for (number, fault) in missing_places.iter().take(SHOWN_FAULTS) {
        screen.refuse_text(&format!("{number}: {}", screen.render(fault)));
    }
    screen.refuse_further(missing_places.len());
}

/// The number of attached insured by clinic; with changes also those to attach and to detach.
fn summary(lists: &[ClinicList<'_>], screen: &Screen) -> String {
    let with_changes = lists.iter().filter_map(|list| Some((list, list.changes.as_ref()?)));
    let change_rows = with_changes.map(|(list, changes)| {
        [
            list.clinic.name.clone(),
            screen.count(changes.before),
            screen.count(changes.attach.len()),
            screen.count(changes.detach.len()),
            screen.count(list.today.len()),
        ]
    });
    let change_rows: Vec<[String; 5]> = change_rows.collect();
    if lists.is_empty() {
        screen.paragraph(&Message::new("lists-empty"))
    } else if change_rows.is_empty() {
        let row = |list: &ClinicList<'_>| {
            [list.clinic.name.clone(), screen.count(list.today.len()), files::file_name(list.clinic)]
        };
        screen.table(["heading-clinic", "list-today", "heading-file"], lists.iter().map(row).collect(), 1)
    } else {
        screen.table(["heading-clinic", "list-before", "list-attach", "list-detach", "list-today"], change_rows, 1)
    }
}
