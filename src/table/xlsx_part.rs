//! Which part of an `.xlsx` holds a sheet: the one that the library reads, or none where the workbook is ambiguous.
//!
//! A workbook can be damaged, or forged, so that two readers open different sheets under one name. The readers here must agree with the
//! library: where an attribute is repeated or malformed, an element is nested in itself, or a relationship has no name, no part is found.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{BufReader, Read, Seek};

use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use crate::table::file_fault::FileFault;

/// The part that lists the relationships of the package.
const PACKAGE: &str = "_rels/.rels";

/// The name of the part that lists the sheets, usually `xl/workbook.xml`; `None` where the package is ambiguous.
pub fn workbook_part<R: Read + Seek>(zip: &mut ZipArchive<R>) -> Option<String> {
    let mut target = None;
    each_of_root(zip, PACKAGE, "Relationships", |element, found| {
        if element == "Relationship" && single_attribute(found, "Type")?.ends_with("/relationships/officeDocument") {
            // of several the last counts
            target = Some(quick_xml::escape::unescape(&single_attribute(found, "Target")?).ok()?.into_owned());
        }
        Some(())
    })?;
    let target = target?;
    Some(target.strip_prefix('/').unwrap_or(&target).to_owned())
}

/// The part that holds each sheet, by the name of the sheet, the same that the library reads; none where the workbook is ambiguous.
///
/// # Errors
///
/// [`FileFault::SharedPart`] where one part holds two sheets, which no program writes.
pub fn parts_of_sheets<R: Read + Seek>(zip: &mut ZipArchive<R>) -> Result<BTreeMap<String, String>, FileFault> {
    let parts = find_parts(zip).unwrap_or_default();
    let mut holders: BTreeMap<&str, &str> = BTreeMap::new();
    for (sheet, part) in &parts {
        if let Some(other) = holders.insert(part, sheet) {
            return Err(FileFault::SharedPart(other.to_owned(), sheet.clone()));
        }
    }
    Ok(parts)
}

fn find_parts<R: Read + Seek>(zip: &mut ZipArchive<R>) -> Option<BTreeMap<String, String>> {
    let workbook = workbook_part(zip)?;
    let (folder, name) = workbook.split_at(workbook.rfind('/').map_or(0, |slash| slash + 1));
    let mut ids: BTreeMap<String, String> = BTreeMap::new();
    each_of_root(zip, &workbook, "workbook", |element, found| {
        if element == "sheet" {
            let sheet = quick_xml::escape::unescape(&single_attribute(found, "name")?).ok()?.into_owned();
            let id = single_attribute_of_any_prefix(found, "id")?.into_owned();
            // of several of one name the first counts
            ids.entry(sheet).or_insert(id);
        }
        Some(())
    })?;
    let mut targets = BTreeMap::new();
    each_of_root(zip, &format!("{folder}_rels/{name}.rels"), "Relationships", |element, found| {
        if element == "Relationship" {
            let target = single_attribute(found, "Target")?;
            let part = target.strip_prefix('/').map_or_else(|| format!("{folder}{target}"), str::to_owned);
            // of several of one name the last counts
            targets.insert(single_attribute(found, "Id")?.into_owned(), part);
        }
        Some(())
    })?;
    let parts = ids.into_iter().filter_map(|(sheet, id)| Some((sheet, targets.get(&id)?.clone())));
    Some(parts.collect())
}

/// Calls `visit` with the elements within the root of a part and their names without prefixes; `None` where `visit` returns it, and where
/// the root is missing, cut off, or repeated within itself.
fn each_of_root<R: Read + Seek>(
    zip: &mut ZipArchive<R>,
    part: &str,
    root: &str,
    mut visit: impl FnMut(&str, &BytesStart<'_>) -> Option<()>,
) -> Option<()> {
    let mut reader = quick_xml::Reader::from_reader(BufReader::new(zip.by_name(part).ok()?));
    reader.config_mut().expand_empty_elements = true;
    let (mut buffer, mut is_within) = (Vec::new(), false);
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).ok()? {
            // the root first, and then anything but another root
            Event::Start(found) if (found.local_name().as_ref() == root) != is_within => {
                if is_within {
                    visit(found.local_name().as_ref(), &found)?;
                }
                is_within = true;
            }
            Event::End(found) if found.local_name().as_ref() == root => return Some(()),
            Event::Start(_) | Event::Eof => return None,
            _ => {}
        }
    }
}

/// An attribute, still escaped; `None` where it is missing or repeated, or any attribute of the element is malformed.
fn single_attribute<'e>(element: &'e BytesStart<'_>, name: &str) -> Option<Cow<'e, str>> {
    single_attribute_that(element, |key| key == name)
}

/// As [`single_attribute`], for an attribute of this name after any prefix.
fn single_attribute_of_any_prefix<'e>(element: &'e BytesStart<'_>, name: &str) -> Option<Cow<'e, str>> {
    single_attribute_that(element, |key| key.rsplit(':').next() == Some(name))
}

fn single_attribute_that<'e>(element: &'e BytesStart<'_>, is_meant: impl Fn(&str) -> bool) -> Option<Cow<'e, str>> {
    let mut found = None;
    for attribute in element.attributes() {
        let attribute = attribute.ok()?;
        if is_meant(attribute.key.as_ref()) && found.replace(attribute.value).is_some() {
            return None;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use zip::write::{SimpleFileOptions, ZipWriter};

    use super::*;

    const USUAL: &str = r#"<Relationship Id="a" Type="x/relationships/officeDocument" Target="/x/book.xml"/>"#;
    const FIRST: &str = r#"<sheet name="A &amp; B" r:id="a"/>"#;
    const SECOND: &str = r#"<sheet name="C" q:id="b"/>"#;
    const PARTS: &str = r#"<Relationship Id="a" Target="1.xml"/><Relationship Id="b" Target="/2.xml"/>"#;

    fn part(package: &str, sheets: &str, parts: &str, sheet: &str) -> Option<String> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in [
            (PACKAGE, format!("<Relationships>{package}</Relationships>")),
            ("x/book.xml", format!("<workbook><sheets>{sheets}</sheets></workbook>")),
            ("x/_rels/book.xml.rels", format!("<Relationships>{parts}</Relationships>")),
        ] {
            zip.start_file(name, SimpleFileOptions::default()).unwrap();
            zip.write_all(content.as_bytes()).unwrap();
        }
        let bytes = zip.finish().unwrap().into_inner();
        let mut zip = ZipArchive::new(Cursor::new(bytes.as_slice())).unwrap();
        parts_of_sheets(&mut zip).unwrap().remove(sheet)
    }

    #[test]
    fn a_sheet_is_found_by_its_name() {
        let sheets = format!("{FIRST}{SECOND}");
        assert_eq!(part(USUAL, &sheets, PARTS, "A & B").as_deref(), Some("x/1.xml"));
        assert_eq!(part(USUAL, &sheets, PARTS, "C").as_deref(), Some("2.xml"), "from the root, by another prefix");
        assert_eq!(part(USUAL, &sheets, PARTS, "D"), None);
    }

    #[test]
    fn a_repeated_attribute_is_ambiguous() {
        let found = |sheets: &str, parts: &str| part(USUAL, sheets, parts, "C");
        assert_eq!(found(SECOND, PARTS).as_deref(), Some("2.xml"));
        for sheets in [
            r#"<sheet name="C" r:id="b" r:id="a"/>"#,
            r#"<sheet name="C" r:id="b" x:id="a"/>"#,
            r#"<sheet name="A" name="C" r:id="b"/>"#,
            r#"<sheet name="A"/><sheet name="C" r:id="b"/>"#,
            r#"<workbook><sheet name="C" r:id="b"/></workbook>"#,
            r#"</sheets></workbook><workbook><sheets><sheet name="C" r:id="b"/>"#,
        ] {
            assert_eq!(found(sheets, PARTS), None, "{sheets}");
        }
        for parts in [
            r#"<Relationship Id="b" Target="2.xml" Target="1.xml"/>"#,
            r#"<Relationship Id="b"/>"#,
            r#"<Relationship Target="2.xml"/><Relationship Id="b" Target="1.xml"/>"#,
            r#"</Relationships><Relationships><Relationship Id="b" Target="2.xml"/>"#,
        ] {
            assert_eq!(found(SECOND, parts), None, "{parts}");
        }
    }

    #[test]
    fn a_package_that_names_no_workbook_has_no_sheets() {
        for package in ["", r#"<Relationship Type="x/relationships/officeDocument" Target="x/"/>"#, "<Relationship/>"] {
            assert_eq!(part(package, SECOND, PARTS, "C"), None, "{package}");
        }
    }
}
