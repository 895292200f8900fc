//! The settings of `kollektiv.toml`: the folders and habits of an insurer, which options and the environment replace.
//!
//! The file stands in the working folder or in one above it; its paths are relative to the file. A setting acts as the default of an
//! option: it is written into the tree of commands before the command line is parsed, so that no command asks where a value comes from.

mod keys;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::{Arg, Command};

use crate::base::error::Error;
use crate::base::messages::{Language, Message};
use crate::base::named_enum::named_enum;
use crate::base::source_file::{SourceFile, Spanned};
use crate::base::toml_file::{SETTINGS_FILE, Table, unknown_word};
use crate::cli::arguments::mode::parse_mode;
use crate::cli::paper::Paper;
pub use keys::SETTINGS;

/// The folder of editions that is used without a setting.
const TARIFFS: &str = "tariffs";
/// The folder of results that is used without a setting.
const OUTPUT: &str = "output";

named_enum! {
    /// A key of the file.
    pub enum Setting {
        /// The folder of editions of the tariff (`I70`).
        Tariffs = "tariffs",
        /// The folder of the portfolio.
        Portfolio = "portfolio",
        /// The file of clinics.
        Clinics = "clinics",
        /// The file about the insurer.
        Insurer = "insurer",
        /// The folder of templates, which replace the built-in ones of the same names.
        Templates = "templates",
        /// The language of messages and results.
        Language = "language",
        /// The folder of results.
        Output = "output",
        /// The permissions of new files.
        Mode = "mode",
    }
}

impl Setting {
    /// Whether the value is a path, relative to the file.
    const fn is_path(self) -> bool {
        !matches!(self, Self::Language | Self::Mode)
    }
}

/// The settings of a file; none without a file.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    file: Option<SourceFile>,
    values: Vec<(Setting, Spanned<String>)>,
}

impl Settings {
    /// Reads the file that `--config` names, or the first `kollektiv.toml` in the working folder and the folders above it.
    ///
    /// # Errors
    ///
    /// As [`SourceFile::open`]; [`Error::Refused`] with every fault of the file.
    pub fn find(words: &[OsString]) -> Result<Self, Error> {
        let found = config_argument(words).or_else(|| std::env::current_dir().ok().and_then(|folder| search(&folder)));
        found.map_or_else(|| Ok(Self::default()), |path| Self::open(&path))
    }

    /// Reads a file of settings.
    ///
    /// # Errors
    ///
    /// As [`Settings::find`].
    pub fn open(path: &Path) -> Result<Self, Error> {
        let source = SourceFile::open(path)?;
        let values = source.read(|root| Some(read(root)))?;
        Ok(Self { file: Some(source), values })
    }

    /// The path of the file, if there is one.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        self.file.as_ref().map(|file| file.path.as_path())
    }

    /// The value of a setting as the file has it; a path from the working folder.
    #[must_use]
    pub fn value(&self, setting: Setting) -> Option<String> {
        if setting.is_path() {
            return self.path(setting).map(|path| path.display().to_string());
        }
        self.text(setting).map(|at| at.value.clone())
    }

    /// The file and the line of a setting, such as `kollektiv.toml:3`.
    #[must_use]
    pub fn place(&self, setting: Setting) -> Option<String> {
        let (file, at) = (self.file.as_ref()?, self.text(setting)?);
        Some(format!("{}:{}", file.path.display(), file.line(at.span.start)))
    }

    /// The path of a setting from the working folder.
    #[must_use]
    pub fn path(&self, setting: Setting) -> Option<PathBuf> {
        let at = self.text(setting).filter(|_| setting.is_path())?;
        Some(self.folder().join(&at.value))
    }

    /// The language of the file.
    #[must_use]
    pub fn language(&self) -> Option<Language> {
        self.text(Setting::Language).and_then(|at| Language::parse(&at.value))
    }

    /// The permissions of new files.
    #[must_use]
    pub fn mode(&self) -> Option<u32> {
        self.text(Setting::Mode).and_then(|at| parse_mode(&at.value).ok())
    }

    /// The folder of editions: that of the file; without one `tariffs` beside the file, or in the working folder, where it exists.
    #[must_use]
    pub fn tariffs(&self) -> Option<PathBuf> {
        let default = || Some(self.folder().join(TARIFFS)).filter(|folder| folder.is_dir());
        self.path(Setting::Tariffs).or_else(default)
    }

    /// The folder of results.
    #[must_use]
    pub fn output(&self) -> PathBuf {
        self.path(Setting::Output).unwrap_or_else(|| PathBuf::from(OUTPUT))
    }

    /// The command line with the settings as defaults of its options.
    #[must_use]
    pub fn apply(&self, command: Command) -> Command {
        if self.file.is_none() {
            return command;
        }
        let paper = Paper::of_command(command.get_name());
        command.mut_args(|arg| self.apply_to(arg, paper)).mut_subcommands(|subcommand| self.apply(subcommand))
    }

    fn apply_to(&self, arg: Arg, paper: Option<Paper>) -> Arg {
        let default = match arg.get_long() {
            // an optional portfolio chooses another subject of the command
            Some("portfolio") if arg.is_required_set() => self.path(Setting::Portfolio),
            Some("clinics") => self.path(Setting::Clinics),
            Some("insurer") => self.path(Setting::Insurer),
            Some("template") => paper.and_then(|paper| {
                self.path(Setting::Templates).map(|folder| folder.join(paper.file())).filter(|file| file.is_file())
            }),
            Some("out") => self.path(Setting::Output).and_then(|folder| {
                let default = arg.get_default_values().first()?.to_str()?.strip_prefix(OUTPUT)?.to_owned();
                Some(folder.join(default.trim_start_matches('/')))
            }),
            _ => None,
        };
        match default {
            Some(path) => arg.required(false).default_value(path.into_os_string()),
            None => arg,
        }
    }

    /// The folder of the file, from the working folder.
    fn folder(&self) -> &Path {
        self.file().and_then(Path::parent).unwrap_or(Path::new(""))
    }

    fn text(&self, setting: Setting) -> Option<&Spanned<String>> {
        self.values.iter().find(|(known, _)| *known == setting).map(|(_, at)| at)
    }
}

/// The file that `--config` names.
fn config_argument(words: &[OsString]) -> Option<PathBuf> {
    let options = words.split(|word| word == "--").next().unwrap_or_default();
    let after = |pair: &[OsString]| (pair[0] == "--config").then(|| PathBuf::from(&pair[1]));
    let joined = |word: &OsString| word.to_str()?.strip_prefix("--config=").map(PathBuf::from);
    options.windows(2).find_map(after).or_else(|| options.iter().find_map(joined))
}

/// The file in a folder or in the nearest one above it, by a path from the folder.
fn search(folder: &Path) -> Option<PathBuf> {
    let up = |levels: usize| std::iter::repeat_n("..", levels).collect::<PathBuf>();
    let found = folder.ancestors().position(|folder| folder.join(SETTINGS_FILE).is_file())?;
    Some(up(found).join(SETTINGS_FILE))
}

/// The values of the file, in the order of the settings.
fn read(root: &mut Table<'_>) -> Vec<(Setting, Spanned<String>)> {
    let faults = root.faults();
    let mut values = Vec::new();
    for setting in Setting::ALL {
        let Some(at) = root.filled_text(setting.as_str()) else { continue };
        let fault = match setting {
            Setting::Language if Language::parse(&at.value).is_none() => Some(unknown_word(Language::WORDS)),
            Setting::Mode if parse_mode(&at.value).is_err() => Some(Message::new("argument-mode")),
            _ => None,
        };
        match fault {
            Some(message) => faults.add(at.span, message),
            None => values.push((*setting, at)),
        }
    }
    values
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::base::keys::Key;

    fn settings(text: &str) -> (tempfile::TempDir, Result<Settings, Error>) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(SETTINGS_FILE);
        fs::write(&path, text).unwrap();
        let read = Settings::open(&path);
        (folder, read)
    }

    #[test]
    fn the_declaration_and_the_reader_know_the_same_keys() {
        let declared: Vec<&str> = SETTINGS.keys.iter().map(|key: &Key| key.name).collect();
        assert_eq!(declared, Setting::WORDS);
    }

    #[test]
    fn paths_are_relative_to_the_file_and_values_have_their_lines() {
        let (folder, read) = settings("language = 'en'\nportfolio = 'book'\n\noutput = '/srv/out'\nmode = '640'\n");
        let settings = read.unwrap();
        assert_eq!(settings.path(Setting::Portfolio), Some(folder.path().join("book")));
        assert_eq!(settings.output(), Path::new("/srv/out"));
        assert_eq!((settings.language(), settings.mode()), (Some(Language::En), Some(0o640)));
        let place = settings.place(Setting::Output).unwrap();
        assert!(place.ends_with("kollektiv.toml:4"), "{place}");
        assert_eq!(settings.path(Setting::Clinics), None);
    }

    #[test]
    fn faults_are_reported_together() {
        let (_folder, read) = settings("langage = 'en'\nlanguage = 'de'\nmode = '777'\nportfolio = 7\n");
        let Err(Error::Refused { faults, .. }) = read else { panic!() };
        let names: Vec<&str> = faults.iter().map(|fault| fault.message.name()).collect();
        assert_eq!(names, ["key-unknown-near", "word-unknown", "argument-mode", "value-kind"]);
    }

    #[test]
    fn the_folder_of_editions_stands_beside_the_file_unless_the_file_names_another() {
        let (folder, read) = settings("");
        let settings = read.unwrap();
        assert_eq!(settings.tariffs(), None);
        fs::create_dir(folder.path().join("tariffs")).unwrap();
        assert_eq!(settings.tariffs(), Some(folder.path().join("tariffs")));
        let (other, read) = self::settings("tariffs = 'editions'\n");
        assert_eq!(read.unwrap().tariffs(), Some(other.path().join("editions")));
    }

    #[test]
    fn the_nearest_file_above_the_folder_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let below = folder.path().join("a/b");
        fs::create_dir_all(&below).unwrap();
        fs::write(folder.path().join(SETTINGS_FILE), "").unwrap();
        assert_eq!(search(&below), Some(PathBuf::from("../../kollektiv.toml")));
        fs::write(below.join(SETTINGS_FILE), "").unwrap();
        assert_eq!(search(&below), Some(PathBuf::from("kollektiv.toml")));
    }

    #[test]
    fn the_command_line_names_the_file() {
        let words = |line: &str| line.split(' ').map(OsString::from).collect::<Vec<_>>();
        let named = Some(PathBuf::from("own.toml"));
        assert_eq!(config_argument(&words("kollektiv quote --config own.toml c.toml")), named);
        assert_eq!(config_argument(&words("kollektiv --config=own.toml quote")), named);
        assert_eq!(config_argument(&words("kollektiv quote -- --config own.toml")), None);
    }
}
