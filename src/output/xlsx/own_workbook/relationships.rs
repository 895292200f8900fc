//! The relationships of parts: which part, or what outside of the workbook, another part refers to.

use std::fmt::Write as _;

use crate::output::xlsx::own_workbook::tag::{each_tag, value};

/// A reference of a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relationship {
    /// Its name in the part.
    pub id: String,
    /// Its kind.
    pub kind: String,
    /// Where it leads, as it is written.
    target: String,
    /// The part that it leads to; `None` where that is outside of the workbook.
    pub part: Option<String>,
}

impl Relationship {
    /// A reference to a sheet beside the workbook.
    pub fn of_sheet(id: String, target: String) -> Self {
        const KIND: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet";
        Self { id, kind: KIND.to_owned(), target, part: None }
    }

    /// Whether it is that of the strict form of workbooks, whose parts have other names.
    pub fn is_strict(&self) -> bool {
        self.kind.contains("purl.oclc.org")
    }

    /// Whether it is a link that a person has to follow, to a page or an address and to no file.
    pub fn is_harmless_link(&self) -> bool {
        let target = self.target.to_lowercase();
        self.kind.ends_with("/hyperlink")
            && ["http://", "https://", "mailto:"].iter().any(|start| target.starts_with(start))
    }
}

/// The part with the relationships of a part: `xl/_rels/workbook.xml.rels`.
pub fn rels_of(part: &str) -> String {
    let (folder, name) = part.split_at(part.rfind('/').map_or(0, |slash| slash + 1));
    format!("{folder}_rels/{name}.rels")
}

/// The relationships in the part of this name; `None` where they are not as programs write them.
pub fn relationships(xml: &str, rels: &str) -> Option<Vec<Relationship>> {
    let (folder, _) = rels.split_once("_rels/")?;
    let mut found: Vec<Relationship> = Vec::new();
    each_tag(xml, |name, attributes| {
        if name == "Relationship" {
            let text = |name| value(attributes, name).map(str::to_owned);
            let (id, kind, target) = (text("Id")?, text("Type")?, text("Target")?);
            let part = match value(attributes, "TargetMode") {
                Some("External") => None,
                None | Some("Internal") => Some(resolve(folder, &target)?),
                Some(_) => return None,
            };
            if found.iter().any(|other| other.id == id) {
                return None;
            }
            found.push(Relationship { id, kind, target, part });
        }
        Some(())
    })?;
    Some(found)
}

/// The part that a target leads to, seen from a folder; `None` where it leads out of the workbook.
fn resolve(folder: &str, target: &str) -> Option<String> {
    // a place in a part
    let target = target.split_once('#').map_or(target, |(part, _)| part);
    let (mut steps, target): (Vec<&str>, _) = match target.strip_prefix('/') {
        Some(target) => (Vec::new(), target),
        None => (folder.split('/').filter(|step| !step.is_empty()).collect(), target),
    };
    for step in target.split('/') {
        match step {
            ".." => drop(steps.pop()?),
            "." => {}
            "" => return None,
            step => steps.push(step),
        }
    }
    Some(steps.join("/"))
}

/// The part with these relationships.
pub fn part_of(relationships: &[Relationship]) -> String {
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
         <Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">",
    );
    for Relationship { id, kind, target, part } in relationships {
        let is_sheet_of_ours = part.is_none() && kind.ends_with("/worksheet");
        let mode = if part.is_none() && !is_sheet_of_ours { " TargetMode=\"External\"" } else { "" };
        let _ = write!(xml, "<Relationship Id=\"{id}\" Type=\"{kind}\" Target=\"{target}\"{mode}/>");
    }
    xml.push_str("</Relationships>");
    xml
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_found_from_its_folder_and_never_outside() {
        assert_eq!(resolve("xl/", "worksheets/sheet1.xml").as_deref(), Some("xl/worksheets/sheet1.xml"));
        assert_eq!(resolve("xl/worksheets/", "../drawings/a.xml").as_deref(), Some("xl/drawings/a.xml"));
        assert_eq!(resolve("xl/", "/xl/styles.xml").as_deref(), Some("xl/styles.xml"));
        assert_eq!((resolve("", "../a"), resolve("xl/", "../../a"), resolve("xl/", "a//b")), (None, None, None));
        assert_eq!(rels_of("xl/workbook.xml"), "xl/_rels/workbook.xml.rels");
        assert_eq!(rels_of("a.xml"), "_rels/a.xml.rels");
    }
}
