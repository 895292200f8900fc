//! The main part of a workbook with one more sheet, and without what is left out of the copy.

use std::fmt::Write as _;

use quick_xml::Reader;
use quick_xml::events::Event;

use crate::output::xlsx::own_workbook::formula::reaches_beyond;
use crate::output::xlsx::own_workbook::tag::{attributes, each_tag, tag_end, value};
use crate::output::xlsx::xml::push_text;

/// The elements that refer to parts that are left out, or hold the path of the file on the machine that wrote it.
const LEFT_OUT: [&str; 2] = ["externalReferences", "AlternateContent"];

/// The main part of the copy, with a sheet of this name and relationship at its end, if one is added; `None` where it is not as programs
/// write it.
pub fn workbook_part(xml: &str, added: Option<(&str, &str)>) -> Option<String> {
    let mut reader = Reader::from_str(xml);
    let (mut whole, mut depth, mut copied) = (String::with_capacity(xml.len() + 256), 0_usize, 0);
    // the depth within an element that is left out, or the start of a name and what it stands for
    let (mut skipped, mut defined): (Option<usize>, Option<usize>) = (None, None);
    let (mut last_id, mut prefix, mut is_added) = (0_u32, String::from("r:"), false);
    loop {
        let before = usize::try_from(reader.buffer_position()).ok()?;
        let event = reader.read_event().ok()?;
        let after = usize::try_from(reader.buffer_position()).ok()?;
        match &event {
            Event::Start(found) | Event::Empty(found) => {
                let is_start = matches!(event, Event::Start(_));
                depth += usize::from(is_start);
                let name = found.local_name();
                let name = name.as_ref();
                let tag = &xml[before..=before + tag_end(&xml.as_bytes()[before..])?.0];
                if skipped.is_none() && LEFT_OUT.contains(&name) {
                    whole.push_str(&xml[copied..before]);
                    copied = after;
                    skipped = is_start.then_some(depth);
                } else if name == "sheet" && skipped.is_none() {
                    let attributes = attributes(tag)?;
                    last_id = last_id.max(value(&attributes, "sheetId")?.parse().ok()?);
                    let (key, _) = attributes.iter().find(|(key, _)| key.ends_with(":id"))?;
                    key.strip_suffix("id")?.clone_into(&mut prefix);
                } else if name == "definedName" && is_start {
                    defined = Some(before);
                }
            }
            Event::End(found) => {
                let name = found.local_name();
                match name.as_ref() {
                    _ if skipped == Some(depth) => {
                        copied = after;
                        skipped = None;
                    }
                    "definedName" => {
                        let start = defined.take()?;
                        let (tag, _) = tag_end(&xml.as_bytes()[start..])?;
                        let attributes = attributes(&xml[start..=start + tag])?;
                        let is_of_macros = ["function", "vbProcedure", "xlm"]
                            .iter()
                            .any(|key| value(&attributes, key).is_some_and(|value| !matches!(value, "0" | "false")));
                        if is_of_macros || reaches_beyond(&xml[start + tag + 1..before]) {
                            whole.push_str(&xml[copied..start]);
                            copied = after;
                        }
                    }
                    "sheets" if !is_added => {
                        whole.push_str(&xml[copied..before]);
                        copied = before;
                        let own = found.name();
                        let own = own.as_ref().strip_suffix("sheets")?;
                        if let Some((sheet, relationship)) = added {
                            let mut escaped = Vec::new();
                            push_text(sheet, &mut escaped);
                            let sheet = String::from_utf8(escaped).ok()?.replace('"', "&quot;");
                            let id = last_id.checked_add(1)?;
                            let _ = write!(
                                whole,
                                "<{own}sheet name=\"{sheet}\" sheetId=\"{id}\" {prefix}id=\"{relationship}\"/>"
                            );
                        }
                        is_added = true;
                    }
                    _ => {}
                }
                depth = depth.checked_sub(1)?;
            }
            Event::DocType(_) => return None,
            Event::Eof => break,
            _ => {}
        }
    }
    whole.push_str(&xml[copied..]);
    (depth == 0 && is_added).then_some(whole)
}

/// The names of the sheets of a main part, in lower case: Excel refuses two that differ only by it.
pub fn sheet_names(xml: &str) -> Option<Vec<String>> {
    let mut names = Vec::new();
    each_tag(xml, |name, attributes| {
        if name == "sheet" {
            names.push(quick_xml::escape::unescape(value(attributes, "name")?).ok()?.to_lowercase());
        }
        Some(())
    })?;
    Some(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    const XML: &str = "<workbook xmlns:d=\"rel\"><mc:AlternateContent><mc:Choice><a:absPath url=\"C:\\Users\\Anna\\\"/></mc:Choice></mc:AlternateContent>\
        <sheets><sheet name=\"A\" sheetId=\"7\" d:id=\"rId1\"/></sheets><externalReferences><externalReference d:id=\"rId9\"/></externalReferences>\
        <definedNames><definedName name=\"_xlnm.Print_Area\" localSheetId=\"0\">A!$A$1:$B$9</definedName>\
        <definedName name=\"rates\">[1]B!$A$1</definedName><definedName name=\"run\" function=\"1\">1</definedName></definedNames></workbook>";

    #[test]
    fn a_sheet_is_added_and_what_reaches_beyond_is_left_out() {
        assert_eq!(
            workbook_part(XML, Some(("Замечания & «co»", "rIdNew"))).unwrap(),
            "<workbook xmlns:d=\"rel\"><sheets><sheet name=\"A\" sheetId=\"7\" d:id=\"rId1\"/>\
             <sheet name=\"Замечания &amp; «co»\" sheetId=\"8\" d:id=\"rIdNew\"/></sheets>\
             <definedNames><definedName name=\"_xlnm.Print_Area\" localSheetId=\"0\">A!$A$1:$B$9</definedName></definedNames></workbook>"
        );
        assert_eq!(sheet_names(XML).unwrap(), ["a"]);
    }

    #[test]
    fn a_part_that_is_written_otherwise_is_not_extended() {
        for cut in (0..XML.len()).filter(|cut| XML.is_char_boundary(*cut)).step_by(11) {
            assert_eq!(workbook_part(&XML[..cut], Some(("B", "r"))), None, "{cut}");
        }
        for (from, to) in
            [("sheetId=\"7\"", ""), ("d:id=\"rId1\"", "id=\"rId1\""), ("<workbook", "<!DOCTYPE a><workbook")]
        {
            assert_eq!(workbook_part(&XML.replacen(from, to, 1), Some(("B", "r"))), None, "{from}");
        }
    }
}
