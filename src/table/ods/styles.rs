//! The styles of an `.ods` workbook that matter for reading: struck-out cells and hidden sheets.

use std::collections::{BTreeMap, BTreeSet};

use quick_xml::Reader;
use quick_xml::events::Event;

use crate::table::sheet_xml::attribute;

/// The styles with a meaning, by name.
#[derive(Debug, Default)]
pub struct Styles {
    /// Whether each cell style that decides it strikes out.
    strikes_out: BTreeMap<String, bool>,
    hides_sheet: BTreeSet<String>,
}

impl Styles {
    /// Adds the styles of a part, up to where its body begins; what is no XML has no styles.
    pub fn add(&mut self, part: &str) {
        let mut reader = Reader::from_str(part);
        let mut style = String::new();
        loop {
            match reader.read_event() {
                Ok(Event::Start(element) | Event::Empty(element)) => match element.name().as_ref() {
                    "style:style" => {
                        style = attribute(&element, "style:name").unwrap_or_default();
                        let parent = attribute(&element, "style:parent-style-name");
                        if parent.is_some_and(|parent| self.strikes_out(&parent)) {
                            self.strikes_out.insert(style.clone(), true);
                        }
                    }
                    "style:text-properties" => {
                        let line = attribute(&element, "style:text-line-through-style")
                            .or_else(|| attribute(&element, "style:text-line-through-type"));
                        if let Some(line) = line {
                            self.strikes_out.insert(style.clone(), line != "none");
                        }
                    }
                    "style:table-properties" if attribute(&element, "table:display").as_deref() == Some("false") => {
                        self.hides_sheet.insert(style.clone());
                    }
                    "office:body" => return,
                    _ => {}
                },
                Ok(Event::Eof) | Err(_) => return,
                Ok(_) => {}
            }
        }
    }

    /// Whether a cell style strikes its cells out.
    pub fn strikes_out(&self, style: &str) -> bool {
        self.strikes_out.get(style).is_some_and(|strikes_out| *strikes_out)
    }

    /// Whether a table style hides its sheet.
    pub fn hides_sheet(&self, style: &str) -> bool {
        self.hides_sheet.contains(style)
    }
}
