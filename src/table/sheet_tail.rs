//! What stands after the cells of an `.xlsx` sheet: conditional formats that strike out or hide, and the headers and footers of its pages.
//!
//! The text is collected while the sheet is searched, from the last windows alone, so that it costs nothing of the cells before it.

use std::collections::BTreeSet;

use memchr::memmem;
use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};

use crate::table::cell_range::{CellRange, parse_cells};
use crate::table::hidden::Hidden;
use crate::table::hiding_rule::{Condition, HidingRule, Stated};
use crate::table::sheet_xml::attribute;
use crate::table::xlsx_styles::FormatStyle;

/// More of it is not read.
const MOST_BYTES: usize = 1024 * 1024;
/// The elements that are read.
const ELEMENTS: [&[u8]; 2] = [b"conditionalFormatting", b"headerFooter"];
/// The beginnings of elements within the cells.
const OF_CELLS: [&[u8]; 10] = [b"<c ", b"<c>", b"</c", b"<v", b"</v", b"<row", b"</row", b"<f", b"<is", b"<t"];

/// The text of a sheet from the first element that is read.
#[derive(Debug, Default)]
pub struct SheetTail {
    xml: Vec<u8>,
    is_cut_off: bool,
}

impl SheetTail {
    /// Adds a window of the sheet up to an element that begins with `last`, which is empty at the end of the sheet.
    pub fn add(&mut self, window: &[u8], last: &[u8]) {
        if self.xml.is_empty() {
            if OF_CELLS.iter().any(|beginning| last.starts_with(beginning)) {
                return;
            }
            let first = ELEMENTS.iter().filter_map(|element| memmem::find(window, element)).min();
            let Some(start) = first.and_then(|at| memchr::memrchr(b'<', &window[..at])) else { return };
            self.xml.extend_from_slice(&window[start..]);
        } else {
            self.is_cut_off |= self.xml.len() + window.len() > MOST_BYTES;
            if !self.is_cut_off {
                self.xml.extend_from_slice(window);
            }
        }
    }

    /// Whether it has conditional formats by the styles of the workbook.
    pub fn has_rules(&self) -> bool {
        memmem::find(&self.xml, ELEMENTS[0]).is_some()
    }

    /// Adds what it states: the conditional formats in one of these styles, and the texts of the pages.
    pub fn read(&self, hiding_styles: &BTreeSet<usize>, hidden: &mut Hidden) {
        hidden.is_unknown |= self.is_cut_off;
        let Ok(xml) = std::str::from_utf8(&self.xml) else { return };
        let mut xml = Reader::from_str(xml);
        xml.config_mut().expand_empty_elements = true;
        let mut read = TailReader::new(hiding_styles);
        // the text breaks off at the end of the sheet, which did not begin here
        while let Ok(event) = xml.read_event() {
            match event {
                Event::Start(element) => read.start(&element),
                Event::Text(text) => read.text.push_str(&text),
                Event::GeneralRef(entity) => match (entity.resolve_char_ref(), resolve_predefined_entity(&entity)) {
                    (Ok(Some(letter)), _) => read.text.push(letter),
                    (_, Some(known)) => read.text.push_str(known),
                    _ => {}
                },
                Event::End(element) => read.end(element.local_name().as_ref(), hidden),
                Event::Eof => break,
                _ => {}
            }
        }
    }
}

/// Reads the elements of a tail.
struct TailReader<'s> {
    hiding_styles: &'s BTreeSet<usize>,
    /// The cells of the conditional formats that are read.
    cells: Vec<CellRange>,
    /// Its rules that hide, with what is stated of each.
    rules: Vec<Rule>,
    rule: Rule,
    /// The text since the last element began.
    text: String,
}

/// A rule of a conditional format.
#[derive(Debug, Default)]
struct Rule {
    kind: String,
    operator: String,
    text: String,
    formula: Option<String>,
    style: FormatStyle,
    /// Whether the style among those of the workbook hides.
    hides: bool,
}

impl<'s> TailReader<'s> {
    fn new(hiding_styles: &'s BTreeSet<usize>) -> Self {
        Self { hiding_styles, cells: Vec::new(), rules: Vec::new(), rule: Rule::default(), text: String::new() }
    }

    fn start(&mut self, element: &BytesStart<'_>) {
        self.text.clear();
        let value = |name: &str| attribute(element, name).unwrap_or_default();
        match element.local_name().as_ref() {
            "conditionalFormatting" => {
                self.rules.clear();
                self.cells = parse_cells(&value("sqref"));
            }
            "cfRule" => {
                let style: Option<usize> = value("dxfId").parse().ok();
                self.rule = Rule {
                    kind: value("type"),
                    operator: value("operator"),
                    text: value("text"),
                    hides: style.is_some_and(|style| self.hiding_styles.contains(&style)),
                    ..Rule::default()
                };
            }
            name => self.rule.style.add(name, element),
        }
    }

    fn end(&mut self, name: &str, hidden: &mut Hidden) {
        match name {
            "formula" | "f" if self.rule.formula.is_none() => self.rule.formula = Some(self.text.clone()),
            "cfRule" => {
                let rule = std::mem::take(&mut self.rule);
                if rule.hides || rule.style.hides() {
                    self.rules.push(rule);
                }
            }
            "sqref" => self.cells = parse_cells(&self.text),
            "conditionalFormatting" => self.rules.drain(..).for_each(|rule| rule.add_to(hidden, &self.cells)),
            "oddHeader" | "oddFooter" | "evenHeader" | "evenFooter" | "firstHeader" | "firstFooter" => {
                hidden.add_page_text(&without_codes(&self.text));
            }
            _ => {}
        }
        self.text.clear();
    }
}

impl Rule {
    /// Adds the rule for these cells.
    fn add_to(&self, hidden: &mut Hidden, cells: &[CellRange]) {
        let Some(first) = cells.first().map(|cells| (*cells.rows.start(), *cells.columns.start())) else { return };
        // the formula counts from the first of all cells
        let is_first = cells.iter().all(|cells| *cells.rows.start() >= first.0 && *cells.columns.start() >= first.1);
        let formula = self.formula.as_deref().unwrap_or_default();
        let stated = Stated { kind: &self.kind, operator: &self.operator, text: &self.text, formula };
        let condition = Condition::parse(stated, first).filter(|_| is_first);
        let rules = cells.iter().map(|cells| HidingRule { cells: cells.clone(), condition: condition.clone() });
        hidden.add_rules(rules);
    }
}

/// The text of a header or a footer without the codes for its places, its fonts, and what a program fills in.
pub fn without_codes(text: &str) -> String {
    let (mut plain, mut letters) = (String::new(), text.chars().peekable());
    while let Some(letter) = letters.next() {
        if letter != '&' {
            plain.push(letter);
            continue;
        }
        match letters.next() {
            Some('&') => plain.push('&'),
            // a font in quotes
            Some('"') => drop(letters.by_ref().find(|letter| *letter == '"')),
            // a colour: six digits
            Some('K') => drop(letters.by_ref().take(6).count()),
            Some(size) if size.is_ascii_digit() => while letters.next_if(char::is_ascii_digit).is_some() {},
            // the left, the middle and the right are texts of their own
            _ => plain.push(' '),
        }
    }
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(tail: &str, hiding_styles: &[usize]) -> Hidden {
        let mut hidden = Hidden::default();
        let mut found = SheetTail::default();
        found.add(format!("<worksheet><sheetData/>{tail}</worksheet>").as_bytes(), b"");
        found.read(&hiding_styles.iter().copied().collect(), &mut hidden);
        hidden
    }

    #[test]
    fn a_window_that_ends_within_the_cells_is_not_searched() {
        let mut tail = SheetTail::default();
        tail.add(b"<row><c><v>conditionalFormatting</v></c>", b"<c r=");
        assert!(!tail.has_rules());
        tail.add(b"<conditionalFormatting", b"<cfRule");
        assert!(tail.has_rules());
    }

    #[test]
    fn rules_in_a_style_that_hides_are_found() {
        let rule = "<conditionalFormatting sqref=\"A2:D9 F2:F9\"><cfRule type=\"expression\" dxfId=\"1\"><formula>$D2=&quot;x&quot;</formula>\
                    </cfRule></conditionalFormatting>";
        let found = read(rule, &[1]);
        assert_eq!(found.rules.len(), 2);
        assert!(found.rules.iter().all(|rule| rule.condition.is_some()));
        assert_eq!(read(rule, &[0]).rules, []);
        let own = "<extLst><x14:conditionalFormatting><x14:cfRule type=\"expression\"><xm:f>Лист2!A1=1</xm:f><x14:dxf><font><strike/></font>\
                   </x14:dxf></x14:cfRule><xm:sqref>A2:D9</xm:sqref></x14:conditionalFormatting></extLst>";
        let found = read(own, &[]);
        assert_eq!((found.rules.len(), found.rules[0].condition.as_ref()), (1, None));
    }

    #[test]
    fn texts_of_pages_are_found_without_their_codes() {
        let found = read(
            "<headerFooter><oddHeader>&amp;C&amp;\"Arial,Bold\"&amp;14На открепление&amp;R&amp;P</oddHeader></headerFooter>",
            &[],
        );
        assert_eq!(found.page_texts, ["На открепление"]);
        assert_eq!(without_codes("&L&D&CСтр. &P из &N&KFF0000&&1"), "Стр. из &1");
        assert_eq!(without_codes("&RC &A"), "C");
    }
}
