//! The text of the contract file for what was found.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use jiff::civil::Date;

use crate::base::diagnostic::column_letters;
use crate::base::messages::{Language, Message, listed};
use crate::quote::proposal::{FoundFile, FoundTable};
use crate::roster::field::{Field, ROSTER};
use crate::table::column_words::suggested_fields;
use crate::table::field::ColumnRule;
use crate::table::layout::ColumnUse;
use crate::table::text::folded;
use crate::tariff::Tariff;

/// What no roster states of a contract.
#[derive(Debug, Clone)]
pub struct Heading<'h> {
    /// The number.
    pub number: &'h str,
    /// The policyholder.
    pub policyholder: &'h str,
    /// The first day and the last one.
    pub days: (Date, Date),
    /// The folder of the contract file, to which paths are relative.
    pub folder: &'h Path,
}

/// Writes the lines of a contract file.
struct Writer<'w> {
    language: Language,
    folder: &'w Path,
    tariff: &'w Tariff,
    text: String,
}

/// The contract file for these files of a roster: each open question is a comment, and the lines below it are its answers to choose from.
#[must_use]
pub fn contract_text(files: &[FoundFile], heading: &Heading<'_>, tariff: &Tariff, language: Language) -> String {
    let mut writer = Writer { language, folder: heading.folder, tariff, text: String::new() };
    writer.comment(&Message::new("proposal-about"));
    writer.line("");
    writer.line(&format!("number = {}", quoted(heading.number)));
    writer.line(&format!("policyholder = {}", quoted(heading.policyholder)));
    writer.line(&format!("start = {}\nend = {}\n", heading.days.0, heading.days.1));
    writer.sources(files, heading.days);
    writer.columns(files);
    writer.plans(files);
    writer.text
}

impl Writer<'_> {
    fn line(&mut self, line: &str) {
        let _ = writeln!(self.text, "{line}");
    }

    fn comment(&mut self, message: &Message) {
        for line in self.language.render(message).lines() {
            self.line(format!("# {line}").trim_end());
        }
    }

    /// The files and sheets; tables that differ have a table of their own.
    fn sources(&mut self, files: &[FoundFile], days: (Date, Date)) {
        for sheet in files.iter().flat_map(|file| &file.unread) {
            self.comment(&Message::new("proposal-unread").with("sheet", sheet.as_str()));
            self.line(&format!("#ignore_sheets = [{}]", quoted(sheet)));
        }
        let tables: Vec<(&PathBuf, &FoundTable)> =
            files.iter().flat_map(|file| file.tables.iter().map(move |table| (&file.path, table))).collect();
        for (path, table) in &tables {
            self.table_notes(path, table, days);
        }
        let headings: BTreeSet<Vec<&str>> = tables.iter().map(|(_, table)| fields(table)).collect();
        if headings.len() > 1 {
            for (path, table) in tables {
                self.source(path, table);
            }
            return;
        }
        let paths: Vec<String> = files.iter().map(|file| quoted(&self.relative(&file.path))).collect();
        self.line(&match paths.as_slice() {
            [path] => format!("roster = {path}"),
            paths => format!("roster = [{}]", paths.join(", ")),
        });
        if files.iter().any(|file| file.tables.len() > 1) {
            self.line("sheet = \"*\"");
        }
        let without: u32 = tables.iter().map(|(_, table)| table.without_risk_group).sum();
        self.default_risk_group(without);
    }

    /// What was found in a table.
    fn table_notes(&mut self, path: &Path, table: &FoundTable, days: (Date, Date)) {
        let mut name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if !table.sheet.is_empty() {
            let _ = write!(name, ", «{}»", table.sheet);
        }
        let used: Vec<String> = table
            .layout
            .columns()
            .map(|(field, column)| format!("{} ← «{}»", field.name, one_line(&table.layout.headings[column])))
            .collect();
        let message = Message::new("proposal-table").with("table", name).with("rows", table.rows.to_string());
        self.comment(&message.with("columns", used.join(", ")).with("relatives", table.relatives.to_string()));
        if let Some((first, last)) = table.days {
            let is_inside = days.0 <= first && last <= days.1;
            let name = if is_inside { "proposal-days" } else { "proposal-days-outside" };
            let message = Message::new(name).with("first", self.language.day(first));
            self.comment(&message.with("last", self.language.day(last)));
        }
    }

    /// A table of the contract for one table of the roster.
    fn source(&mut self, path: &Path, table: &FoundTable) {
        self.line("\n[[roster]]");
        self.line(&format!("file = {}", quoted(&self.relative(path))));
        if !table.sheet.is_empty() {
            self.line(&format!("sheet = {}", quoted(&table.sheet)));
        }
        if table.plans.is_empty() {
            self.comment(&Message::new("proposal-no-plan").with("count", table.rows.to_string()));
            self.line("#plan = \"A\"");
        }
        self.default_risk_group(table.without_risk_group);
    }

    fn default_risk_group(&mut self, rows: u32) {
        if rows > 0 {
            let groups = listed(self.tariff.risk.value.iter().map(|row| row.group));
            self.comment(&Message::new("proposal-risk").with("count", rows.to_string()).with("groups", groups));
            self.line("#default_risk_group = 1");
        }
    }

    /// Needed fields without a column, and columns that are not recognised.
    fn columns(&mut self, files: &[FoundFile]) {
        self.line("\n[columns]");
        let tables = || files.iter().flat_map(|file| &file.tables);
        let mut asked = BTreeSet::new();
        for table in tables() {
            let layout = &table.layout;
            let has_name = layout.column(Field::Name).or(layout.column(Field::Surname)).is_some();
            let lacks = [(has_name, Field::Name), (layout.column(Field::BirthDate).is_some(), Field::BirthDate)];
            for (_, field) in lacks.into_iter().filter(|(has, field)| !has && asked.insert(field.name().to_owned())) {
                self.comment(&Message::new("proposal-missing").with("field", field.name()));
                let spare = layout.spare().into_iter().filter_map(|column| layout.headings.get(column));
                for heading in spare.filter(|heading| !heading.is_empty()) {
                    self.line(&format!("#{} = {}", field.name(), quoted(&one_line(heading))));
                }
            }
            for field in Field::ALL.iter().filter(|field| field.spec().columns == ColumnRule::One) {
                let of_field = layout.columns().filter(|(held, _)| *held == field.spec());
                let headings: Vec<String> = of_field.map(|(_, column)| one_line(&layout.headings[column])).collect();
                if headings.len() < 2 || !asked.insert(field.name().to_owned()) {
                    continue;
                }
                let message = Message::new("proposal-ambiguous").with("field", field.name());
                self.comment(&message.with("headings", listed(&headings)));
                for heading in &headings {
                    self.line(&format!("#{} = {}", field.name(), quoted(heading)));
                }
            }
            for (column, used) in layout.uses().iter().enumerate() {
                let heading = one_line(layout.headings.get(column).map_or("", String::as_str));
                if *used != Some(ColumnUse::Unclaimed) || !asked.insert(heading.clone()) {
                    continue;
                }
                let message = Message::new("proposal-unclaimed").with("heading", heading.as_str());
                let letters = column_letters(u32::try_from(column).unwrap_or(u32::MAX));
                self.comment(&message.with("column", letters).with("cells", table.spare.first_cells(column)));
                let likely = table.spare.likeness(column, &heading);
                let likely = likely.map_or(&[][..], |likeness| suggested_fields(likeness, &heading));
                for field in likely.iter().filter(|field| ROSTER.has_field(field)) {
                    self.line(&format!("#{field} = {}", quoted(&heading)));
                }
                self.line(&format!("#ignore = [{}]", quoted(&heading)));
            }
        }
    }

    /// The plans by their words, each with the number of its rows; the covers are open.
    fn plans(&mut self, files: &[FoundFile]) {
        // letters that look alike are one plan, by its most frequent word
        let mut written: BTreeMap<String, (u32, u32, &str)> = BTreeMap::new();
        for (word, count) in files.iter().flat_map(|file| &file.tables).flat_map(|table| &table.plans) {
            let (sum, most, shown) = written.entry(folded(word)).or_insert((0, 0, word));
            *sum += count;
            if count > most {
                (*most, *shown) = (*count, word);
            }
        }
        let mut plans: BTreeMap<&str, u32> = written.into_values().map(|(sum, _, word)| (word, sum)).collect();
        if plans.is_empty() {
            plans.insert("A", files.iter().flat_map(|file| &file.tables).map(|table| table.rows).sum());
        }
        let programmes = listed(self.tariff.programmes.iter().map(|programme| &programme.code));
        for (word, count) in plans {
            self.line(&format!("\n[[plan]]\ncode = {}", quoted(word)));
            let message = Message::new("proposal-plan").with("count", count.to_string());
            self.comment(&message.with("programmes", programmes.as_str()));
            self.line("#[[plan.cover]]\n#programme = \"16\"\n#sum_insured = 120000");
        }
    }

    /// A path relative to the contract file's folder, or a whole one.
    fn relative(&self, path: &Path) -> String {
        let real = |path: &Path| {
            let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
            path.canonicalize().unwrap_or_else(|_| path.to_owned())
        };
        let whole = real(path);
        let below = whole.strip_prefix(real(self.folder)).unwrap_or(&whole);
        below.to_string_lossy().replace('\\', "/")
    }
}

/// The names of the fields of a table, in order.
fn fields(table: &FoundTable) -> Vec<&'static str> {
    let mut names: Vec<&str> = table.layout.columns().map(|(field, _)| field.name).collect();
    names.sort_unstable();
    names
}

fn one_line(heading: &str) -> String {
    heading.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The text as a TOML string.
fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}
