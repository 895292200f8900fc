//! `kollektiv manual`: the manual pages of the program and of each command.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, Command};
use clap_mangen::Man;

use crate::base::error::Error;
use crate::base::messages::{Language, Message};
use crate::cli::help::manual_heading;
use crate::cli::outcome::Outcome;
use crate::cli::screen::Screen;
use crate::output::permissions::create_shared_folder;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Folder for the pages, such as ~/.local/share/man/man1; pages of the same name are replaced
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

/// Writes the pages of a command line.
pub fn run(arguments: &Arguments, command: &Command, screen: &Screen) -> Result<Outcome, Error> {
    let folder = &arguments.folder;
    create_shared_folder(folder).map_err(|fault| Error::writing(folder, fault))?;
    write_pages(command, folder, screen.language)?;
    screen.note_written(folder);
    screen.suggest(Message::new("next-manual").with("path", folder.join("kollektiv.1").display().to_string()));
    Ok(Outcome::Done)
}

fn write_pages(command: &Command, folder: &Path, language: Language) -> Result<(), Error> {
    let page = Man::new(command.clone()).source(concat!("kollektiv ", env!("CARGO_PKG_VERSION")));
    let path = folder.join(page.get_filename());
    let mut text = Vec::new();
    let rendered = page.render(&mut text).map(|()| with_headings(&String::from_utf8_lossy(&text), language));
    rendered.and_then(|text| fs::write(&path, text)).map_err(|fault| Error::writing(&path, fault))?;
    let below = command.get_subcommands().filter(|subcommand| subcommand.get_name() != "help");
    below.into_iter().try_for_each(|subcommand| write_pages(subcommand, folder, language))
}

/// A page whose headings are those of manual pages in the language; what follows the options is headed by its own first line.
fn with_headings(page: &str, language: Language) -> String {
    const HEADING: &str = ".SH ";
    let mut text = String::with_capacity(page.len());
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        let heading = match line.strip_prefix(HEADING) {
            Some("EXTRA") => lines.next().unwrap_or_default().trim_end_matches(':').to_uppercase(),
            Some(heading) => manual_heading(heading.trim_matches('"'), language).to_uppercase(),
            None => {
                text.push_str(line);
                text.push('\n');
                continue;
            }
        };
        let _ = writeln!(text, "{HEADING}\"{heading}\"");
    }
    text
}
