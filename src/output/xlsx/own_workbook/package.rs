//! The parts of a workbook: which are copied, which are rewritten, and which are left out.
//!
//! A part is copied only if its kind is known to be data or looks. Macros, links to other files, signatures and the properties of the document
//! are left out together with everything that refers to them. Any other kind refuses the copy, so that a copy is never half complete.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use zip::ZipArchive;

use crate::base::messages::Message;
use crate::output::xlsx::own_workbook::relationships::{Relationship, relationships, rels_of};
use crate::output::xlsx::own_workbook::tag::{each_tag, value};
use crate::output::xlsx::own_workbook::unkept::Unkept;
use crate::table::workbook::ZipBytes;

/// The part that states the kinds of all others.
pub const CONTENT_TYPES: &str = "[Content_Types].xml";
/// The relationships of the package.
pub const ROOT_RELS: &str = "_rels/.rels";
/// The kind of a sheet.
pub const WORKSHEET: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml";
/// The kind of the main part of a workbook without macros.
pub const WORKBOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml";
/// The most bytes of a part that is parsed whole.
const MAX_PARSED_BYTES: u64 = 64 * 1024 * 1024;

/// The kinds of the main part, all of which become [`WORKBOOK`].
const WORKBOOKS: [&str; 4] = [
    WORKBOOK,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml",
    "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    "application/vnd.ms-excel.template.macroEnabled.main+xml",
];
const STYLES: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml";
const RELATIONSHIPS: &str = "application/vnd.openxmlformats-package.relationships+xml";
const CHART: &str = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml";
const DRAWING_OF_COMMENTS: &str = "application/vnd.openxmlformats-officedocument.vmlDrawing";

/// The kinds that are copied as they are: data, looks, comments and pictures.
const COPIED: [&str; 19] = [
    "application/vnd.openxmlformats-officedocument.spreadsheetml.chartsheet+xml",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.table+xml",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.printerSettings",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheetMetadata+xml",
    "application/vnd.openxmlformats-officedocument.theme+xml",
    "application/vnd.openxmlformats-officedocument.themeOverride+xml",
    "application/vnd.openxmlformats-officedocument.drawing+xml",
    CHART,
    DRAWING_OF_COMMENTS,
    "application/vnd.ms-office.chartstyle+xml",
    "application/vnd.ms-office.chartcolorstyle+xml",
    "application/vnd.ms-excel.threadedcomments+xml",
    "application/vnd.ms-excel.person+xml",
    "image/png",
    "image/jpeg",
    "image/jpg",
    "image/gif",
];

/// What of a workbook is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LeftOut {
    /// Macros.
    Macros,
    /// Links to other files, and connections to data.
    Links,
    /// Signatures, which the marks would break.
    Signatures,
    /// Formulas that refer to other files or programs; their values stay.
    Formulas,
    /// The properties of the document, such as its author, and data that Excel calculates again: no message for the reader.
    Properties,
}

impl LeftOut {
    /// The name of the message about it; `None` where the reader need not know.
    pub const fn message(self) -> Option<&'static str> {
        match self {
            Self::Macros => Some("left-out-macros"),
            Self::Links => Some("left-out-links"),
            Self::Signatures => Some("left-out-signatures"),
            Self::Formulas => Some("left-out-formulas"),
            Self::Properties => None,
        }
    }

    /// What a part is, if it is left out.
    fn of_part(name: &str, kind: &str) -> Option<Self> {
        let is = |words: &[&str]| words.iter().any(|word| kind.contains(word));
        match () {
            () if is(&["vbaProject", "vbaData"]) => Some(Self::Macros),
            () if is(&["spreadsheetml.externalLink+xml", "spreadsheetml.connections+xml"]) => Some(Self::Links),
            () if is(&["digital-signature"]) || name.starts_with("_xmlsignatures/") => Some(Self::Signatures),
            () if is(&["calcChain+xml", "core-properties+xml", "extended-properties+xml", "custom-properties+xml"])
                || name.starts_with("docProps/")
                || name.starts_with("customXml/")
                || name.starts_with("docMetadata/") =>
            {
                Some(Self::Properties)
            }
            () => None,
        }
    }
}

/// The kinds of parts, by extension or by name.
type Kinds = BTreeMap<String, String>;

/// A workbook whose parts are known.
#[derive(Debug)]
pub struct Package {
    /// The kinds by extension, and those of parts.
    pub defaults: Kinds,
    pub overrides: Kinds,
    /// The names of the main part and of the styles.
    pub workbook: String,
    pub styles: String,
    /// The parts with sheets.
    pub sheets: Vec<String>,
    /// The other parts that are copied, in their order.
    pub copied: Vec<String>,
    /// The relationships of the package and of the workbook that stay.
    pub root_rels: Vec<Relationship>,
    pub workbook_rels: Vec<Relationship>,
    /// What is left out.
    pub left_out: BTreeSet<LeftOut>,
}

impl Package {
    /// Finds the parts of a workbook.
    ///
    /// # Errors
    ///
    /// [`Unkept::Workbook`] where it has a part that is neither copied nor left out, a part that refers to one that is left out or to another
    /// file, or a form that no usual program writes.
    pub fn read(zip: &mut ZipArchive<ZipBytes>) -> Result<Self, Unkept> {
        let names = part_names(zip)?;
        let (defaults, overrides) = content_types(&text(zip, CONTENT_TYPES)?)?;
        let kind = |name: &str| {
            let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension).to_lowercase();
            overrides.get(name).or_else(|| defaults.get(&extension)).map_or("", String::as_str)
        };
        let mut package = Self {
            workbook: String::new(),
            styles: String::new(),
            sheets: Vec::new(),
            copied: Vec::new(),
            root_rels: Vec::new(),
            workbook_rels: Vec::new(),
            left_out: BTreeSet::new(),
            defaults: defaults.clone(),
            overrides: overrides.clone(),
        };
        let (mut dropped, mut owners, mut has_charts) = (BTreeSet::new(), Vec::new(), false);
        for name in names.iter().filter(|name| *name != CONTENT_TYPES) {
            let kind = kind(name);
            if let Some(left_out) = LeftOut::of_part(name, kind) {
                package.left_out.insert(left_out);
                dropped.insert(name.clone());
            } else if kind == RELATIONSHIPS {
                owners.push(name.clone());
            } else if WORKBOOKS.contains(&kind) {
                set_once(&mut package.workbook, name)?;
            } else if kind == STYLES {
                set_once(&mut package.styles, name)?;
            } else if kind == WORKSHEET {
                package.sheets.push(name.clone());
            } else if COPIED.contains(&kind) {
                has_charts |= kind == CHART;
                if kind == DRAWING_OF_COMMENTS && text(zip, name)?.contains("src=") {
                    return Err(Unkept::part(name));
                }
                package.copied.push(name.clone());
            } else {
                return Err(Unkept::part(name));
            }
        }
        if package.workbook.is_empty() || package.styles.is_empty() {
            return Err(Unkept::form(CONTENT_TYPES));
        }
        // a chart may show the values of another file
        if has_charts && package.left_out.contains(&LeftOut::Links) {
            return Err(Unkept::Workbook(Message::new("unkept-link")));
        }
        package.read_relationships(zip, &owners, &names, &dropped)?;
        Ok(package)
    }

    fn read_relationships(
        &mut self,
        zip: &mut ZipArchive<ZipBytes>,
        owners: &[String],
        names: &BTreeSet<String>,
        dropped: &BTreeSet<String>,
    ) -> Result<(), Unkept> {
        let of_workbook = rels_of(&self.workbook);
        for rels in owners {
            let found = relationships(&text(zip, rels)?, rels).ok_or_else(|| Unkept::form(rels))?;
            let is_list = rels == ROOT_RELS || *rels == of_workbook;
            let owner_is_dropped = dropped.iter().any(|part| rels_of(part) == *rels);
            if owner_is_dropped {
                continue;
            }
            let mut kept = Vec::new();
            for relationship in found {
                if relationship.is_strict() {
                    return Err(Unkept::form(rels));
                }
                match &relationship.part {
                    Some(part) if dropped.contains(part) && is_list => {}
                    Some(part) if names.contains(part) && !dropped.contains(part) => kept.push(relationship),
                    None if relationship.is_harmless_link() => kept.push(relationship),
                    _ => return Err(Unkept::Workbook(Message::new("unkept-link"))),
                }
            }
            match () {
                () if rels == ROOT_RELS => self.root_rels = kept,
                () if *rels == of_workbook => self.workbook_rels = kept,
                () => self.copied.push(rels.clone()),
            }
        }
        if self.root_rels.is_empty() || self.workbook_rels.is_empty() {
            return Err(Unkept::form(ROOT_RELS));
        }
        Ok(())
    }
}

/// Sets a name that only one part may have.
fn set_once(place: &mut String, name: &str) -> Result<(), Unkept> {
    if !place.is_empty() {
        return Err(Unkept::part(name));
    }
    name.clone_into(place);
    Ok(())
}

/// The names of the parts; all lie inside the workbook.
fn part_names(zip: &mut ZipArchive<ZipBytes>) -> Result<BTreeSet<String>, Unkept> {
    let mut names = BTreeSet::new();
    for place in 0..zip.len() {
        let part = zip.by_index_raw(place).map_err(|_| Unkept::form(CONTENT_TYPES))?;
        let name = part.name().map_err(|_| Unkept::form(CONTENT_TYPES))?.into_owned();
        if name.ends_with('/') {
            continue;
        }
        let is_plain = |step: &str| {
            !step.is_empty() && !step.starts_with("..") && step != "." && !step.contains(['\\', ':']) && step.is_ascii()
        };
        // names that differ by their case are one for Excel
        let is_new = !names.iter().any(|other: &String| other.eq_ignore_ascii_case(&name));
        if !name.split('/').all(is_plain) || !is_new {
            return Err(Unkept::part(&name));
        }
        names.insert(name);
    }
    Ok(names)
}

/// A part as text.
pub fn text(zip: &mut ZipArchive<ZipBytes>, name: &str) -> Result<String, Unkept> {
    let part = zip.by_name(name).map_err(|_| Unkept::form(name))?;
    if part.size() > MAX_PARSED_BYTES {
        return Err(Unkept::form(name));
    }
    let mut bytes = Vec::new();
    part.take(MAX_PARSED_BYTES).read_to_end(&mut bytes).map_err(|_| Unkept::form(name))?;
    let text = String::from_utf8(bytes).map_err(|_| Unkept::form(name))?;
    let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
    // entities of its own could hide anything
    if text.contains("<!DOCTYPE") { Err(Unkept::form(name)) } else { Ok(text) }
}

/// The kinds of parts by extension and by name.
fn content_types(xml: &str) -> Result<(Kinds, Kinds), Unkept> {
    let form = || Unkept::form(CONTENT_TYPES);
    let (mut defaults, mut overrides) = (BTreeMap::new(), BTreeMap::new());
    each_tag(xml, |name, found| {
        let kind = value(found, "ContentType");
        match name {
            "Default" => drop(defaults.insert(value(found, "Extension")?.to_lowercase(), kind?.to_owned())),
            "Override" => {
                let part = value(found, "PartName")?.strip_prefix('/')?;
                drop(overrides.insert(part.to_owned(), kind?.to_owned()));
            }
            _ => {}
        }
        Some(())
    })
    .ok_or_else(form)?;
    let is_plain = |text: &String| !text.contains(['&', '<']);
    if defaults.values().chain(overrides.values()).all(is_plain) { Ok((defaults, overrides)) } else { Err(form()) }
}
