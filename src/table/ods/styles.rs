//! The styles of an `.ods` workbook that matter for reading: struck-out cells, hidden sheets, and the texts of pages.

use std::collections::{BTreeMap, BTreeSet};

use quick_xml::Reader;
use quick_xml::events::Event;

use crate::table::sheet_xml::attribute;

/// The styles with a meaning, by name.
#[derive(Debug, Default)]
pub struct Styles {
    /// Whether each cell style that decides it strikes out.
    strikes_out: BTreeMap<String, bool>,
    /// Whether the letters of each cell style that decides it are white, and whether it has a colour below them.
    is_white: BTreeMap<String, bool>,
    has_colour: BTreeMap<String, bool>,
    hides_sheet: BTreeSet<String>,
    /// The name of a style by the name that is displayed, where that is another one.
    displayed: BTreeMap<String, String>,
    /// The pages of a sheet by its style, and the texts of their headers and footers.
    pages: BTreeMap<String, String>,
    page_texts: BTreeMap<String, Vec<String>>,
}

impl Styles {
    /// Adds the styles of a part, up to where its body begins; what is no XML has no styles.
    pub fn add(&mut self, part: &str) {
        let mut reader = Reader::from_str(part);
        let (mut style, mut page, mut text) = (String::new(), String::new(), String::new());
        loop {
            match reader.read_event() {
                Ok(Event::Text(piece)) => text.push_str(&piece),
                Ok(Event::End(element)) if matches!(element.name().as_ref(), "style:header" | "style:footer") => {
                    self.page_texts.entry(page.clone()).or_default().push(text.trim().to_owned());
                }
                Ok(Event::Start(element) | Event::Empty(element)) => match element.name().as_ref() {
                    "style:master-page" => page = attribute(&element, "style:name").unwrap_or_default(),
                    "style:header" | "style:footer" => text.clear(),
                    "style:style" => {
                        style = attribute(&element, "style:name").unwrap_or_default();
                        if let Some(displayed) = attribute(&element, "style:display-name") {
                            self.displayed.insert(displayed, style.clone());
                        }
                        if let Some(page) = attribute(&element, "style:master-page-name") {
                            self.pages.insert(style.clone(), page);
                        }
                        if let Some(parent) = attribute(&element, "style:parent-style-name") {
                            for known in [&mut self.strikes_out, &mut self.is_white, &mut self.has_colour] {
                                if known.get(&parent) == Some(&true) {
                                    known.insert(style.clone(), true);
                                }
                            }
                        }
                    }
                    "style:text-properties" => {
                        let line = attribute(&element, "style:text-line-through-style")
                            .or_else(|| attribute(&element, "style:text-line-through-type"));
                        if let Some(line) = line {
                            self.strikes_out.insert(style.clone(), line != "none");
                        }
                        if let Some(colour) = attribute(&element, "fo:color") {
                            self.is_white.insert(style.clone(), colour.eq_ignore_ascii_case("#ffffff"));
                        }
                    }
                    "style:table-cell-properties" => {
                        if let Some(colour) = attribute(&element, "fo:background-color") {
                            let is_none = ["transparent", "#ffffff"].contains(&&*colour.to_lowercase());
                            self.has_colour.insert(style.clone(), !is_none);
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

    /// Whether a cell style shows white letters on no colour.
    pub fn is_invisible(&self, style: &str) -> bool {
        self.is_white.get(style) == Some(&true) && self.has_colour.get(style) != Some(&true)
    }

    /// Whether the cell style with this name, or this displayed name, strikes its cells out.
    pub fn strikes_out_displayed(&self, name: &str) -> bool {
        self.strikes_out(name) || self.displayed.get(name).is_some_and(|style| self.strikes_out(style))
    }

    /// The texts of the headers and footers of the pages of a sheet in this style.
    pub fn page_texts(&self, style: &str) -> &[String] {
        self.pages.get(style).and_then(|page| self.page_texts.get(page)).map_or(&[], Vec::as_slice)
    }

    /// Whether a table style hides its sheet.
    pub fn hides_sheet(&self, style: &str) -> bool {
        self.hides_sheet.contains(style)
    }
}
