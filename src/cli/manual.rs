//! `kollektiv manual`: the manual pages of the program and of each command.

use std::path::{Path, PathBuf};

use clap::{Args, Command};
use clap_mangen::Man;

use crate::base::error::Error;
use crate::base::messages::Message;
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
    write_pages(command, folder)?;
    screen.note_written(folder);
    screen.suggest(Message::new("next-manual").with("path", folder.join("kollektiv.1").display().to_string()));
    Ok(Outcome::Done)
}

fn write_pages(command: &Command, folder: &Path) -> Result<(), Error> {
    let page = Man::new(command.clone()).source(concat!("kollektiv ", env!("CARGO_PKG_VERSION")));
    let path = folder.join(page.get_filename());
    let mut text = Vec::new();
    page.render(&mut text).and_then(|()| std::fs::write(&path, text)).map_err(|fault| Error::writing(&path, fault))?;
    let below = command.get_subcommands().filter(|subcommand| subcommand.get_name() != "help");
    below.into_iter().try_for_each(|subcommand| write_pages(subcommand, folder))
}
