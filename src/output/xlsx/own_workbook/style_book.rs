//! The styles of a workbook, to which those of marks are added: a marked cell keeps its own font, number format and borders.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::Event;

use crate::base::diagnostic::Severity;
use crate::output::annotated_sheet::style::mark_colour;
use crate::output::xlsx::own_workbook::tag::{attributes, open_tag, tag_end};

/// The most cell formats of a workbook, as in Excel.
const MAX_FORMATS: usize = 65_490;

/// A look that cells of the program's own have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Look {
    /// A title.
    Title,
    /// A heading.
    Heading,
    /// The heading of a section, which may be longer than its column.
    Section,
    /// A text that is broken into lines.
    Wrapped,
    /// A text on the colour of a severity.
    Marked(Severity),
}

/// The part of the styles, while styles are added to it.
#[derive(Debug)]
pub struct StyleBook {
    xml: String,
    fonts: List,
    fills: List,
    formats: List,
    /// The formats of the cells as they came.
    own: Vec<Range<usize>>,
    /// The XML of the formats that are added.
    added: Vec<String>,
    marked: BTreeMap<(usize, Severity), usize>,
    looks: BTreeMap<Look, usize>,
}

/// A list of fonts, fills or formats: its start tag, its end tag, and the number of its elements.
#[derive(Debug, Default, Clone)]
struct List {
    start: Range<usize>,
    end: usize,
    count: usize,
}

/// The severities in the order of their fills.
const SEVERITIES: [Severity; 3] = [Severity::Error, Severity::Referral, Severity::Warning];

impl StyleBook {
    /// The styles of a part; `None` where they are not as programs write them.
    pub fn read(xml: String) -> Option<Self> {
        let mut reader = Reader::from_str(&xml);
        let (mut depth, mut open): (usize, Option<usize>) = (0, None);
        let mut lists = [List::default(), List::default(), List::default()];
        let mut own = Vec::new();
        let mut format_start = 0;
        loop {
            let before = usize::try_from(reader.buffer_position()).ok()?;
            let event = reader.read_event().ok()?;
            let after = usize::try_from(reader.buffer_position()).ok()?;
            match event {
                Event::Start(found) => {
                    if depth == 1 {
                        open =
                            ["fonts", "fills", "cellXfs"].iter().position(|name| *name == found.local_name().as_ref());
                        if let Some(list) = open {
                            if lists[list].end > 0 {
                                return None;
                            }
                            lists[list].start = before..after;
                        }
                    } else if depth == 2
                        && let Some(list) = open
                    {
                        lists[list].count += 1;
                        format_start = before;
                    }
                    depth += 1;
                }
                Event::Empty(_) if depth == 2 => {
                    if let Some(list) = open {
                        lists[list].count += 1;
                        own.extend((list == 2).then_some(before..after));
                    }
                }
                Event::End(_) => {
                    depth = depth.checked_sub(1)?;
                    if let Some(list) = open {
                        match depth {
                            1 => {
                                lists[list].end = before;
                                open = None;
                            }
                            2 if list == 2 => own.push(format_start..after),
                            _ => {}
                        }
                    }
                }
                Event::DocType(_) => return None,
                Event::Eof => break,
                _ => {}
            }
        }
        let [fonts, fills, formats] = lists;
        let is_whole = depth == 0 && [&fonts, &fills, &formats].iter().all(|list| list.end > 0 && list.count > 0);
        let (marked, looks, added) = (BTreeMap::new(), BTreeMap::new(), Vec::new());
        is_whole.then_some(Self { xml, fonts, fills, formats, own, added, marked, looks })
    }

    /// The number of the format of a cell with this format once it is marked; `None` where the cell's format does not exist, or there are too
    /// many.
    pub fn marked(&mut self, format: usize, severity: Severity) -> Option<usize> {
        if let Some(known) = self.marked.get(&(format, severity)) {
            return Some(*known);
        }
        let own = &self.xml[self.own.get(format)?.clone()];
        let (end, is_empty) = tag_end(own.as_bytes())?;
        let tag = &own[..=end];
        let name = tag[1..].split(|letter: char| letter.is_ascii_whitespace() || "/>".contains(letter)).next()?;
        let fill = self.fills.count + SEVERITIES.iter().position(|other| *other == severity)?;
        let mut marked = open_tag(name, &attributes(tag)?, &["fillId", "applyFill"]);
        let rest = if is_empty { "/>" } else { &own[end..] };
        let _ = write!(marked, " fillId=\"{fill}\" applyFill=\"1\"{rest}");
        let number = self.add(marked)?;
        self.marked.insert((format, severity), number);
        Some(number)
    }

    /// The number of the format of a look.
    pub fn look(&mut self, look: Look) -> Option<usize> {
        if let Some(known) = self.looks.get(&look) {
            return Some(*known);
        }
        let prefix = self.prefix();
        let bold = self.fonts.count;
        let (font, fill, inside) = match look {
            Look::Title => (bold + 1, 0, ""),
            Look::Heading => (bold, 0, "wrapText=\"1\" vertical=\"top\""),
            Look::Section => (bold, 0, ""),
            Look::Wrapped => (0, 0, "wrapText=\"1\" vertical=\"top\""),
            Look::Marked(severity) => {
                let fill = SEVERITIES.iter().position(|other| *other == severity)?;
                (0, self.fills.count + fill, "vertical=\"top\"")
            }
        };
        let head = format!(
            "<{prefix}xf numFmtId=\"0\" fontId=\"{font}\" fillId=\"{fill}\" borderId=\"0\" applyFont=\"1\" applyFill=\"1\""
        );
        let format = if inside.is_empty() {
            format!("{head}/>")
        } else {
            format!("{head} applyAlignment=\"1\"><{prefix}alignment {inside}/></{prefix}xf>")
        };
        let number = self.add(format)?;
        self.looks.insert(look, number);
        Some(number)
    }

    fn add(&mut self, format: String) -> Option<usize> {
        let number = self.formats.count + self.added.len();
        self.added.push(format);
        (number < MAX_FORMATS).then_some(number)
    }

    /// The prefix of the elements: `x:`, mostly nothing.
    fn prefix(&self) -> String {
        let tag = &self.xml[self.fonts.start.clone()];
        tag[1..].split_once("fonts").map_or_else(String::new, |(prefix, _)| prefix.to_owned())
    }

    /// The part with all styles; `None` where a list is not as programs write it.
    pub fn finish(&self) -> Option<String> {
        let prefix = self.prefix();
        let mut fonts = String::new();
        for size in [11, 14] {
            let _ = write!(
                fonts,
                "<{prefix}font><{prefix}b/><{prefix}sz val=\"{size}\"/><{prefix}name val=\"Calibri\"/></{prefix}font>"
            );
        }
        let mut fills = String::new();
        for severity in SEVERITIES {
            let _ = write!(
                fills,
                "<{prefix}fill><{prefix}patternFill patternType=\"solid\"><{prefix}fgColor rgb=\"FF{:06X}\"/><{prefix}bgColor indexed=\"64\"/>\
                 </{prefix}patternFill></{prefix}fill>",
                mark_colour(severity)
            );
        }
        let lists =
            [(&self.fonts, 2, fonts), (&self.fills, 3, fills), (&self.formats, self.added.len(), self.added.concat())];
        let mut edits = Vec::new();
        for (list, added, elements) in lists {
            let tag = &self.xml[list.start.clone()];
            let name = tag[1..].split(|letter: char| letter.is_ascii_whitespace() || letter == '>').next()?;
            let start = format!("{} count=\"{}\">", open_tag(name, &attributes(tag)?, &["count"]), list.count + added);
            edits.push((list.start.clone(), start));
            edits.push((list.end..list.end, elements));
        }
        edits.sort_by_key(|(place, _)| place.start);
        let (mut whole, mut copied) = (String::with_capacity(self.xml.len() + 4096), 0);
        for (place, text) in edits {
            whole.push_str(self.xml.get(copied..place.start)?);
            whole.push_str(&text);
            copied = place.end;
        }
        whole.push_str(&self.xml[copied..]);
        Some(whole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STYLES: &str = "<?xml version=\"1.0\"?><styleSheet xmlns=\"m\" xmlns:k=\"k\"><fonts count=\"1\" k:known=\"1\"><font><b/></font></fonts>\
        <fills count=\"2\"><fill/><fill/></fills><borders count=\"1\"><border/></borders><cellStyleXfs count=\"1\"><xf/></cellStyleXfs>\
        <cellXfs count=\"2\"><xf numFmtId=\"0\" fillId=\"0\"/><xf numFmtId=\"14\" fontId=\"0\" fillId=\"1\" applyFill=\"1\"><alignment/></xf></cellXfs>\
        <dxfs><dxf><fill/></dxf></dxfs></styleSheet>";

    #[test]
    fn a_marked_cell_keeps_all_of_its_format_but_the_fill() {
        let mut styles = StyleBook::read(STYLES.to_owned()).unwrap();
        assert_eq!(styles.marked(1, Severity::Error), Some(2));
        assert_eq!(styles.marked(0, Severity::Warning), Some(3));
        assert_eq!(styles.marked(1, Severity::Error), Some(2), "each format once");
        assert_eq!(styles.marked(2, Severity::Error), None, "the workbook has two formats");
        assert_eq!(styles.look(Look::Title), Some(4));
        let whole = styles.finish().unwrap();
        assert!(
            whole.contains("<fonts k:known=\"1\" count=\"3\"><font><b/></font><font><b/><sz val=\"11\"/>"),
            "{whole}"
        );
        assert!(whole.contains("<fills count=\"5\"><fill/><fill/><fill><patternFill"), "{whole}");
        assert!(
            whole.contains("<cellXfs count=\"5\"><xf numFmtId=\"0\" fillId=\"0\"/>")
                && whole.contains("<xf numFmtId=\"14\" fontId=\"0\" fillId=\"2\" applyFill=\"1\"><alignment/></xf><xf numFmtId=\"0\" fillId=\"4\" applyFill=\"1\"/>"),
            "{whole}"
        );
        assert!(whole.contains("<dxfs><dxf><fill/></dxf></dxfs></styleSheet>"));
        assert!(StyleBook::read(whole).is_some());
    }

    #[test]
    fn styles_that_are_cut_off_or_incomplete_are_not_extended() {
        for cut in (1..STYLES.len()).step_by(7) {
            assert!(StyleBook::read(STYLES[..cut].to_owned()).is_none(), "{cut}");
        }
        for (from, to) in [("<fills", "<fillz"), ("<?xml version=\"1.0\"?>", "<!DOCTYPE a []>")] {
            assert!(StyleBook::read(STYLES.replace(from, to)).is_none(), "{from}");
        }
    }
}
