//! The copy of an `.xlsx` as its sender has it, with marks: parts and styles come as they are, and only what has to change is rewritten.
//!
//! Rewritten are the rows with marks (the cells get a fill, the margin the reason), the styles (the fills are added), and the lists of the
//! package (one sheet more). A row without a mark is copied byte by byte. What a copy must not carry is left out ([`package`]): macros, links to
//! other files, signatures, the properties of the document, and formulas that reach beyond the workbook, of which the values stay. A
//! workbook that is written as no usual program writes it is not copied at all: then [`Unkept::Workbook`] states why.

mod formula;
mod package;
mod relationships;
mod row;
mod sheet_head;
pub(crate) mod sheet_rewriter;
pub(crate) mod style_book;
pub(crate) mod summary_sheet;
mod tag;
pub(crate) mod unkept;
mod workbook_part;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::{self, Read, Write};

use rayon::prelude::*;
use zip::{CompressionMethod, ZipArchive};

use crate::base::messages::Message;
use crate::base::parallel::collect_in_order;
use crate::output::xlsx::deflate::Deflate;
use crate::output::xlsx::zip_file::{Sizes, ZipFile};
use crate::table::workbook::{OwnParts, ZipBytes};
use package::{CONTENT_TYPES, LeftOut, Package, ROOT_RELS, WORKBOOK, WORKSHEET, text};
use relationships::{Relationship, part_of, rels_of};
use sheet_rewriter::{SheetEdits, SheetRewriter};
use style_book::StyleBook;
use summary_sheet::SummarySheet;
use unkept::Unkept;
use workbook_part::{sheet_names, workbook_part};

/// A workbook that can be copied.
pub(crate) struct OwnWorkbook<'w> {
    zip: ZipArchive<ZipBytes>,
    package: Package,
    /// The part of each sheet, by its name.
    parts: &'w BTreeMap<String, String>,
    styles: StyleBook,
    workbook: String,
}

impl<'w> OwnWorkbook<'w> {
    /// A workbook whose parts are known.
    ///
    /// # Errors
    ///
    /// [`Unkept::Workbook`] where it cannot be copied part by part.
    pub fn open(own: OwnParts<'w>) -> Result<Self, Unkept> {
        let OwnParts { mut zip, parts } = own;
        let package = Package::read(&mut zip)?;
        let form = || Unkept::form(&package.styles);
        let styles = StyleBook::read(text(&mut zip, &package.styles)?).ok_or_else(form)?;
        let workbook = text(&mut zip, &package.workbook)?;
        Ok(Self { zip, package, parts, styles, workbook })
    }

    /// Writes the copy: `edits` are the changes of sheets by their names; `summary` makes the sheet of the list from what is left out. It takes
    /// the place of the sheet `earlier`, if there is one, and stands at the end of the workbook otherwise.
    ///
    /// # Errors
    ///
    /// [`Unkept::Workbook`] where the workbook cannot be copied part by part, [`Unkept::Failed`] where the system refuses. What is written
    /// until then is no workbook.
    pub fn write(
        mut self,
        edits: &BTreeMap<&str, SheetEdits>,
        earlier: Option<&str>,
        summary: impl FnOnce(&[Message]) -> SummarySheet,
        file: impl Write,
    ) -> Result<(), Unkept> {
        let mut writer = PartWriter { zip: ZipFile::new(file), deflate: Deflate::default() };
        let by_part: BTreeMap<&str, &SheetEdits> = edits
            .iter()
            .map(|(sheet, edits)| Some((self.parts.get(*sheet)?.as_str(), edits)))
            .collect::<Option<_>>()
            .ok_or_else(|| Unkept::form(&self.package.workbook))?;
        let places: BTreeSet<&str> = self.package.sheets.iter().map(String::as_str).collect();
        if let Some(missing) = by_part.keys().find(|part| !places.contains(*part)) {
            return Err(Unkept::form(missing));
        }
        let none = SheetEdits::default();
        let earlier = earlier.and_then(|sheet| self.parts.get(sheet)).cloned();
        for part in self.package.sheets.iter().filter(|part| Some(*part) != earlier.as_ref()) {
            let edits = by_part.get(part.as_str()).copied().unwrap_or(&none);
            let reader = self.zip.by_name(part).map_err(|_| Unkept::form(part))?;
            if writer.write_sheet(part, SheetRewriter::new(part, reader, edits), &mut self.styles)? {
                self.package.left_out.insert(LeftOut::Formulas);
            }
        }
        let left_out: Vec<Message> =
            self.package.left_out.iter().filter_map(|left| left.message()).map(Message::new).collect();
        let mut summary = summary(&left_out);
        let xml = summary.part(&mut self.styles).ok_or_else(|| Unkept::form(&self.package.styles))?;
        let sheet = earlier.clone().unwrap_or_else(|| self.free_part());
        writer.write_part(&sheet, &xml)?;
        let styles = self.styles.finish().ok_or_else(|| Unkept::form(&self.package.styles))?;
        writer.write_part(&self.package.styles, &styles)?;
        let form = || Unkept::form(&self.package.workbook);
        let mut rels = self.package.workbook_rels.clone();
        let mut added = None;
        if earlier.is_none() {
            let id = free_id(&rels);
            rels.push(Relationship::of_sheet(id.clone(), format!("/{sheet}")));
            summary.name = free_name(&summary.name, &sheet_names(&self.workbook).ok_or_else(form)?);
            added = Some((summary.name.as_str(), id));
        }
        let workbook = workbook_part(&self.workbook, added.as_ref().map(|(name, id)| (*name, id.as_str())));
        writer.write_part(&self.package.workbook, &workbook.ok_or_else(form)?)?;
        writer.write_part(&rels_of(&self.package.workbook), &part_of(&rels))?;
        writer.write_part(ROOT_RELS, &part_of(&self.package.root_rels))?;
        for part in &self.package.copied {
            writer.copy(&mut self.zip, part)?;
        }
        writer.write_part(CONTENT_TYPES, &self.content_types(&sheet))?;
        Ok(writer.zip.finish()?)
    }

    /// An unused name for a part.
    fn free_part(&self) -> String {
        let names: Vec<String> = self.zip.file_names().filter_map(Result::ok).map(|name| name.to_lowercase()).collect();
        first_free(|number| format!("xl/worksheets/diagnostics{number}.xml"), |name| !names.contains(name))
    }

    fn content_types(&self, sheet: &str) -> String {
        let Package { defaults, overrides, workbook, sheets, styles, copied, .. } = &self.package;
        let mut xml = String::from(
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
             <Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">",
        );
        for (extension, kind) in defaults.iter().filter(|(_, kind)| !kind.contains("vba")) {
            let _ = write!(xml, "<Default Extension=\"{extension}\" ContentType=\"{kind}\"/>");
        }
        let is_there = |part: &&String| *part == styles || sheets.contains(*part) || copied.contains(*part);
        let mut kinds: BTreeMap<&str, &str> = overrides
            .iter()
            .filter(|(part, _)| is_there(part))
            .map(|(part, kind)| (part.as_str(), kind.as_str()))
            .collect();
        kinds.insert(workbook, WORKBOOK);
        kinds.insert(sheet, WORKSHEET);
        for (part, kind) in kinds {
            let _ = write!(xml, "<Override PartName=\"/{part}\" ContentType=\"{kind}\"/>");
        }
        xml.push_str("</Types>");
        xml
    }
}

/// The first name that is free, by numbers from 1 on.
fn first_free(name: impl Fn(usize) -> String, is_free: impl Fn(&String) -> bool) -> String {
    let mut number = 1;
    loop {
        let name = name(number);
        if is_free(&name) {
            return name;
        }
        number += 1;
    }
}

/// An unused name for a sheet.
fn free_name(name: &str, names: &[String]) -> String {
    let numbered = |number| if number == 1 { name.to_owned() } else { format!("{name} ({number})") };
    first_free(numbered, |name| !names.contains(&name.to_lowercase()))
}

/// An unused name for a relationship.
fn free_id(relationships: &[Relationship]) -> String {
    first_free(|number| format!("rId{number}"), |name| !relationships.iter().any(|other| other.id == *name))
}

/// Writes the parts of the copy.
struct PartWriter<W> {
    zip: ZipFile<W>,
    deflate: Deflate,
}

impl<W: Write> PartWriter<W> {
    fn write_part(&mut self, name: &str, xml: &str) -> io::Result<()> {
        let mut part = self.zip.begin_part(name.to_owned())?;
        part.write(&self.deflate.pack_last(xml.as_bytes())?)?;
        part.finish()
    }

    /// Writes a sheet, whose chunks are packed on all threads; returns whether a formula was left out.
    fn write_sheet(
        &mut self,
        name: &str,
        sheet: SheetRewriter<'_, impl Read>,
        styles: &mut StyleBook,
    ) -> Result<bool, Unkept> {
        let most = 2 * rayon::current_num_threads();
        let mut part = self.zip.begin_part(name.to_owned())?;
        let deflate = &self.deflate;
        let mut waiting: Vec<Vec<u8>> = Vec::new();
        let mut pack = |waiting: &mut Vec<Vec<u8>>| -> Result<(), Unkept> {
            let packed = collect_in_order(waiting.par_iter().map(|chunk| deflate.pack(chunk)))?;
            waiting.clear();
            Ok(packed.iter().try_for_each(|chunk| part.write(chunk))?)
        };
        let has_left_out = sheet.copy(styles, &mut |chunk| {
            waiting.push(chunk);
            if waiting.len() < most { Ok(()) } else { pack(&mut waiting) }
        })?;
        pack(&mut waiting)?;
        part.write(&deflate.pack_last(&[])?)?;
        part.finish()?;
        Ok(has_left_out)
    }

    /// Copies a part as it is packed.
    fn copy(&mut self, zip: &mut ZipArchive<ZipBytes>, name: &str) -> Result<(), Unkept> {
        let place = zip.index_for_name(name).ok_or_else(|| Unkept::form(name))?;
        let mut part = zip.by_index_raw(place).map_err(|_| Unkept::form(name))?;
        let method = match part.compression() {
            CompressionMethod::Stored => 0,
            CompressionMethod::Deflated => 8,
            _ => return Err(Unkept::form(name)),
        };
        let mut packed = Vec::new();
        part.read_to_end(&mut packed).map_err(|_| Unkept::form(name))?;
        let sizes = Sizes { crc: part.crc32(), packed_bytes: packed.len() as u64, unpacked_bytes: part.size() };
        Ok(self.zip.copy_part(name.to_owned(), method, sizes, &packed)?)
    }
}
