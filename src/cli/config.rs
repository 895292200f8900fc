//! `kollektiv config`: the settings that hold, and the JSON schema of their file.

use clap::Subcommand;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::toml_file::SETTINGS_FILE;
use crate::cli::answer::answer;
use crate::cli::arguments::Common;
use crate::cli::outcome::Outcome;
use crate::cli::screen::{Screen, print_json};
use crate::cli::settings::{SETTINGS, Setting};
use crate::cli::usage;
use crate::output::permissions::file_mode;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Show every setting with its value and where that comes from: an option, the environment, the file or the default
    Show,
    /// Print the JSON schema of kollektiv.toml, for editors
    Schema,
}

answer! {
    /// The answer of `kollektiv config show`.
    pub struct Answer {
        /// File of settings, if there is one.
        file: Option<String>,
        /// The settings, in the order of the schema.
        settings: Vec<SettingAnswer>,
    }
}

answer! {
    /// A setting.
    struct SettingAnswer {
        /// Key of the file.
        key: &'static str,
        /// Value that holds; paths are shown from the working folder.
        value: Option<String>,
        /// `option`, `environment`, `file` or `default`.
        source: &'static str,
        /// File and line, or name of the variable.
        place: Option<String>,
    }
}

/// Runs one of the commands.
pub fn run(common: &Common, command: &Command, screen: &Screen) -> Result<Outcome, Error> {
    match command {
        Command::Schema => print_json(&SETTINGS.file_schema("kollektiv: settings"))?,
        Command::Show => show(common, screen)?,
    }
    Ok(Outcome::Done)
}

fn show(common: &Common, screen: &Screen) -> Result<(), Error> {
    let file = common.settings.file().map(|path| path.display().to_string());
    let settings: Vec<SettingAnswer> =
        Setting::ALL.iter().map(|setting| setting_answer(*setting, common, screen)).collect();
    let head = match &file {
        Some(file) => Message::new("config-file").with("file", file.as_str()),
        None => Message::new("config-no-file").with("file", SETTINGS_FILE),
    };
    let rows = settings.iter().map(|setting| {
        let source = screen.text(match setting.source {
            "option" => "config-option",
            "environment" => "config-environment",
            "file" => "config-from-file",
            _ => "config-default",
        });
        let place = setting.place.as_ref().map(|place| format!(" {place}")).unwrap_or_default();
        [setting.key.to_owned(), setting.value.clone().unwrap_or_else(|| "—".to_owned()), format!("{source}{place}")]
    });
    let table = screen.table(["config-col-key", "config-col-value", "config-col-source"], rows.collect(), 3);
    screen.print(&format!("{}\n{table}", screen.paragraph(&head)))?;
    screen.answer(&Answer { file, settings })?;
    screen.suggest(Message::new("next-config"));
    Ok(())
}

/// The value of a setting that holds, by its strongest source.
fn setting_answer(setting: Setting, common: &Common, screen: &Screen) -> SettingAnswer {
    let has_option = match setting {
        Setting::Tariffs => common.names_tariffs(),
        Setting::Language => common.names_language(),
        Setting::Mode => common.mode.is_some(),
        _ => false,
    };
    let in_environment = setting == Setting::Language && usage::variable_language().is_ok_and(|found| found.is_some());
    let (source, place) = match common.settings.place(setting) {
        _ if has_option => ("option", None),
        _ if in_environment => ("environment", Some(usage::VARIABLE.to_owned())),
        Some(place) => ("file", Some(place)),
        None => ("default", None),
    };
    let value = match setting {
        Setting::Tariffs => common.tariffs().map(|folder| folder.display().to_string()),
        Setting::Language => Some(screen.language.as_str().to_owned()),
        Setting::Output => Some(common.settings.output().display().to_string()),
        Setting::Mode => Some(format!("{:o}", file_mode())),
        _ => common.settings.value(setting),
    };
    SettingAnswer { key: setting.as_str(), value, source, place }
}
