//! Hidden, merged and struck-out cells of the sheets of an `.xlsx`.
//!
//! A sheet is unpacked once before its cells are read, and searched for a few words, beside the shared texts on another thread. It is read to
//! its end, where its checksum is compared. Only where some style is struck out are the cells themselves looked at.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufReader, Read, Seek};

use memchr::memmem::Finder;
use quick_xml::events::Event;
use rayon::prelude::*;
use zip::ZipArchive;

use crate::base::parallel::collect_in_order;
use crate::table::cell_range::{CellRange, parse_cell};
use crate::table::file_fault::FileFault;
use crate::table::hidden::Hidden;
use crate::table::sheet_tail::SheetTail;
use crate::table::sheet_xml::{
    attribute, columns, count_text_boxes, each_element, has_no_size, is_hidden, part_of_notes,
};
use crate::table::xlsx_styles::{CellStyles, hiding_styles, strikes_out};
use crate::table::zip_integrity::damaged;

/// The name of an element that strikes out.
pub const STRIKE: &[u8] = b"strike";

/// What a search of a sheet has found.
#[derive(Debug)]
pub struct Marks {
    /// What is hidden of the sheet, as far as it is known without its styles.
    pub hidden: Hidden,
    /// Whether a part of a cell's text may be struck out.
    has_strikes: bool,
    /// What stands after the cells.
    tail: SheetTail,
}

/// Searches the sheets, of which the parts are given by name, once and to their ends.
///
/// # Errors
///
/// [`FileFault::Damaged`] where a part cannot be read to its end.
pub fn search_sheets<R: Read + Seek + Clone + Sync>(
    zip: &ZipArchive<R>,
    parts: &BTreeMap<String, String>,
) -> Result<BTreeMap<String, Marks>, FileFault> {
    let search = |(sheet, part): (&String, &String)| {
        let mut zip = zip.clone();
        let mut hidden = Hidden::default();
        let read = each_element(&mut zip, part, |element, found| {
            if element == "col" && (is_hidden(found) || has_no_size(found, "width")) {
                hidden.hide_columns(columns(found).unwrap_or_default());
            }
            element != "sheetData"
        });
        let unknown =
            || Ok((sheet.clone(), Marks { hidden: Hidden::unknown(), has_strikes: false, tail: SheetTail::default() }));
        // a sheet that is not there, and one that is no XML, is reported by its reader
        let Ok(content) = zip.by_name(part) else { return unknown() };
        let mut tail = SheetTail::default();
        let has_strikes = search_rows(content, &mut hidden, &mut tail).map_err(|_| damaged(part))?;
        if read.is_none() {
            return unknown();
        }
        find_notes(&mut zip, part, &mut hidden);
        hidden.text_boxes = count_text_boxes(&mut zip, part);
        Ok((sheet.clone(), Marks { hidden, has_strikes, tail }))
    };
    Ok(collect_in_order(parts.par_iter().map(search))?.into_iter().collect())
}

/// Finds the rows of these sheets that are struck out, and the conditional formats that hide; `with_strikes` are the other parts that contain [`STRIKE`]. `before` is called before
/// the cells of a sheet are looked at, which only few workbooks need.
///
/// # Errors
///
/// [`FileFault::Damaged`] where a part cannot be read, and those of `before`.
pub fn find_strikes<R: Read + Seek + Clone + Sync>(
    zip: &ZipArchive<R>,
    parts: &BTreeMap<String, String>,
    with_strikes: &[String],
    marks: &mut BTreeMap<String, Marks>,
    before: impl FnOnce() -> Result<(), FileFault>,
) -> Result<(), FileFault> {
    let has_rules = marks.values().any(|marks| marks.tail.has_rules());
    let hiding = if has_rules { hiding_styles(&mut zip.clone()) } else { BTreeSet::new() };
    for marks in marks.values_mut() {
        marks.tail.read(&hiding, &mut marks.hidden);
    }
    let styles = CellStyles::read(&mut zip.clone()).unwrap_or_default();
    let struck_texts = struck_out_texts(&mut zip.clone(), with_strikes).unwrap_or_default();
    let is_anywhere = !styles.struck_out.is_empty() || !styles.invisible.is_empty() || !struck_texts.is_empty();
    let is_meant = |marks: &Marks| !marks.hidden.is_unknown && (marks.has_strikes || is_anywhere);
    if !marks.values().any(is_meant) {
        return Ok(());
    }
    before()?;
    let found = marks.par_iter_mut().filter(|(_, marks)| is_meant(marks)).map(|(sheet, marks)| {
        let (Some(part), mut zip) = (parts.get(sheet), zip.clone()) else { return Ok(()) };
        let content = zip.by_name(part).map_err(|_| damaged(part))?;
        find_struck_out(content, &styles, &struck_texts, &mut marks.hidden);
        Ok(())
    });
    collect_in_order(found).map(drop)
}

/// Finds the cells of a sheet with a note.
fn find_notes<R: Read + Seek>(zip: &mut ZipArchive<R>, sheet: &str, hidden: &mut Hidden) {
    let Some(part) = part_of_notes(zip, sheet) else { return };
    // the notes before a damage count
    let _ = each_element(zip, &part, |element, found| {
        if element == "comment"
            && let Some((row, column)) = attribute(found, "ref").and_then(|cell| parse_cell(&cell))
        {
            hidden.note(row, column);
        }
        true
    });
}

/// The shared texts of which a part is struck out, by number; none where no text has such a part.
fn struck_out_texts<R: Read + Seek>(zip: &mut ZipArchive<R>, with_strikes: &[String]) -> Option<BTreeSet<usize>> {
    let part = zip.file_names().filter_map(Result::ok).find(|name| name.ends_with("sharedStrings.xml"))?.to_string();
    if !with_strikes.contains(&part) {
        return None;
    }
    let (mut texts, mut struck_out) = (0_usize, BTreeSet::new());
    each_element(zip, &part, |element, found| {
        match element {
            "si" => texts += 1,
            "strike" if strikes_out(found) => drop(texts.checked_sub(1).map(|text| struck_out.insert(text))),
            _ => {}
        }
        true
    })?;
    Some(struck_out)
}

/// Finds the rows with a value in one of these styles, with one of these texts, or with a part that is struck out in the cell itself, up to
/// where the text breaks off.
fn find_struck_out(sheet: impl Read, styles: &CellStyles, texts: &BTreeSet<usize>, hidden: &mut Hidden) {
    let mut reader = quick_xml::Reader::from_reader(BufReader::new(sheet));
    let (mut buffer, mut row) = (Vec::new(), 0_u32);
    let (mut is_shared, mut is_value) = (false, false);
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(found)) => match found.local_name().as_ref() {
                "row" => {
                    let own = attribute(&found, "r").and_then(|number| number.parse().ok());
                    row = own.unwrap_or(row.saturating_add(1));
                }
                "c" => {
                    let style = attribute(&found, "s").and_then(|style| style.parse().ok());
                    let is_in = |styles: &BTreeSet<usize>| style.is_some_and(|style| styles.contains(&style));
                    if is_in(&styles.struck_out) {
                        hidden.strike_row(row);
                    }
                    if is_in(&styles.invisible) {
                        hidden.add_invisible_row(row);
                    }
                    is_shared = attribute(&found, "t").as_deref() == Some("s");
                }
                "v" => is_value = true,
                "strike" if strikes_out(&found) => hidden.strike_row(row),
                _ => {}
            },
            Ok(Event::Text(number)) if is_value && is_shared => {
                if number.trim().parse().is_ok_and(|number| texts.contains(&number)) {
                    hidden.strike_row(row);
                }
            }
            // the formats after the cells are no cells
            Ok(Event::End(found)) if found.local_name().as_ref() == "sheetData" => return,
            Ok(Event::End(_)) => is_value = false,
            Ok(Event::Empty(found)) if found.local_name().as_ref() == "strike" && strikes_out(&found) => {
                hidden.strike_row(row);
            }
            Ok(Event::Empty(found)) if found.local_name().as_ref() == "row" => {
                let own = attribute(&found, "r").and_then(|number| number.parse().ok());
                row = own.unwrap_or(row.saturating_add(1));
            }
            Ok(Event::Eof) | Err(_) => return,
            Ok(_) => {}
        }
    }
}

/// Finds the hidden rows and the merged cells in the text of a sheet, and whether a part of a cell's text may be struck out.
fn search_rows(mut xml: impl Read, found: &mut Hidden, tail: &mut SheetTail) -> std::io::Result<bool> {
    const AT_ONCE: usize = 64 * 1024;
    /// No element of a row is longer.
    const LONGEST_ELEMENT: usize = 4 * 1024;
    let (hidden, merged) = (Finder::new(b"hidden"), Finder::new(b"mergeCell"));
    let (height, strike) = (Finder::new(b"ht="), Finder::new(STRIKE));
    let mut has_strikes = false;
    let mut window = vec![0; AT_ONCE];
    let mut filled = 0;
    loop {
        let read = xml.read(&mut window[filled..])?;
        filled += read;
        let text = &window[..filled];
        // an element that is cut off belongs to the next round
        let whole = if read == 0 { filled } else { memchr::memrchr(b'<', text).unwrap_or(filled) };
        for cells in merged.find_iter(&text[..whole]).filter_map(|at| merged_cells(text, at)) {
            found.merge(cells);
        }
        let rows = hidden.find_iter(&text[..whole]).filter_map(|at| hidden_row(text, at));
        let flat = height.find_iter(&text[..whole]).filter_map(|at| row_without_height(text, at));
        for row in rows.chain(flat) {
            match row.parse() {
                Ok(row) => found.hide_rows(row..=row),
                // which row it is, only those before it could tell
                Err(_) => found.is_unknown = true,
            }
        }
        has_strikes |= strike.find(&text[..whole]).is_some();
        tail.add(&text[..whole], &text[whole..]);
        if read == 0 {
            return Ok(has_strikes);
        }
        let kept = if filled - whole > LONGEST_ELEMENT { 0 } else { filled - whole };
        window.copy_within(filled - kept..filled, 0);
        filled = kept;
    }
}

/// The number, as it is written, of the row whose attribute `hidden` is at this place, if it is a row and is hidden; empty where it has
/// none.
fn hidden_row(text: &[u8], at: usize) -> Option<&str> {
    let element = element(text, at, "row")?;
    let hidden = !matches!(value(element, "hidden")?, "0" | "false");
    hidden.then(|| value(element, "r").unwrap_or_default())
}

/// The number, as it is written, of the row whose height is at this place, if it is 0; empty where it has none.
fn row_without_height(text: &[u8], at: usize) -> Option<&str> {
    const ZERO: usize = "ht='".len();
    if text.get(at + ZERO) != Some(&b'0') {
        return None;
    }
    let element = element(text, at, "row")?;
    let is_none = value(element, "ht")?.bytes().all(|digit| matches!(digit, b'0' | b'.'));
    is_none.then(|| value(element, "r").unwrap_or_default())
}

/// The cells of the element at this place, if it merges cells.
fn merged_cells(text: &[u8], at: usize) -> Option<CellRange> {
    CellRange::parse(value(element(text, at, "mergeCell")?, "ref")?)
}

/// The element around a place, if it has this name.
fn element<'t>(text: &'t [u8], at: usize, name: &str) -> Option<&'t str> {
    let start = memchr::memrchr(b'<', &text[..at])?;
    let end = at + memchr::memchr(b'>', &text[at..])?;
    let element = std::str::from_utf8(&text[start + 1..end]).ok()?;
    let own_name = element.split_ascii_whitespace().next()?;
    (!element.contains('>') && own_name.rsplit(':').next() == Some(name)).then_some(element)
}

/// The value of an attribute, whatever white space stands around its name and the equals sign.
fn value<'e>(element: &'e str, name: &str) -> Option<&'e str> {
    let begins = element.match_indices(name).map(|(at, _)| at);
    let mut begins = begins.filter(|at| element[..*at].ends_with(|before: char| before.is_ascii_whitespace()));
    begins.find_map(|at| {
        let rest = element[at + name.len()..].trim_start().strip_prefix('=')?.trim_start();
        let quote = rest.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
        rest[1..].split(quote).next()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives a few bytes at a time.
    struct Slow<'t>(&'t [u8], usize);

    impl Read for Slow<'_> {
        fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
            let count = self.1.min(into.len());
            self.0.read(&mut into[..count])
        }
    }

    fn search(xml: impl Read) -> Hidden {
        let mut found = Hidden::default();
        search_rows(xml, &mut found, &mut SheetTail::default()).unwrap();
        found
    }

    #[test]
    fn hidden_rows_are_found_wherever_the_text_is_cut() {
        let xml = br#"<sheetData><row r="1"><c r="A1"/></row><row r="2" spans="1:2" hidden="1"><c r="A2" t="str"><v> hidden="1"</v></c>
            </row><row hidden='true' r='3'/><row r="4" hidden="0"/><row r="12" ht="15" hidden="1" customHeight="1"/></sheetData>
            <mergeCells count="4"><mergeCell ref="C2:C4"/><mergeCell ref="A1:F1"/><x:mergeCell ref='AA7:AB9'></x:mergeCell>
            <mergeCell ref="C9:"/></mergeCells>"#;
        let apart = b"<row\n  r = \"2\"\n\thidden\n= '1'/><row r='3' ht='0'/><mergeCell\nref=\"C2:C4\"/>";
        let found = search(apart.as_slice());
        assert_eq!((found.rows, found.merged.len(), found.is_unknown), (vec![2..=3], 1, false));
        for at_once in [1, 2, 3, 7, 50, 1000] {
            let found = search(Slow(xml, at_once));
            assert_eq!(found.rows, [2..=3, 12..=12], "{at_once} at once");
            assert_eq!(
                found.merged,
                ["C2:C4", "A1:F1", "AA7:AB9"].map(|cells| CellRange::parse(cells).unwrap()),
                "{at_once}"
            );
        }
    }

    #[test]
    fn texts_that_are_no_sheet_hide_nothing() {
        let endless = [b"<row r=\"1\"".as_slice(), &vec![b' '; 300_000], b" hidden=\"1\">"].concat();
        assert_eq!(search(endless.as_slice()), Hidden::default());
        assert_eq!(search(b"<row r=\"1\" hidden=".as_slice()), Hidden::default());
    }

    #[test]
    fn rows_with_a_value_in_a_struck_out_style_are_found() {
        let xml = br#"<sheetData><row r="2"><c r="A2" s="1"><v>1</v></c></row><row r="3"><c r="A3" s="2"/></row>
            <row r="4"><c r="A4" s="0"><v>1</v></c><c r="B4" s="2"><v>1</v></c></row><row><c s="2"><v>1</v></c></row></sheetData>"#;
        let mut hidden = Hidden::default();
        let styles = CellStyles { struck_out: BTreeSet::from([2]), invisible: BTreeSet::from([1]) };
        find_struck_out(xml.as_slice(), &styles, &BTreeSet::new(), &mut hidden);
        assert_eq!((hidden.struck_out, hidden.invisible), (vec![4..=5], vec![2..=2]));
    }

    #[test]
    fn rows_with_a_part_struck_out_are_found() {
        let xml = br#"<sheetData><row r="2"><c r="A2" t="s"><v>1</v></c><c r="B2"><v>0</v></c></row><row r="3"><c r="A3" t="s"><v>0</v></c></row>
            <row r="4"><c r="A4" t="inlineStr"><is><r><rPr><strike/></rPr><t>x</t></r></is></c></row>
            <row r="5"><c t="inlineStr"><is><r><rPr><strike val="0"/></rPr><t>x</t></r></is></c></row></sheetData>"#;
        let mut hidden = Hidden::default();
        assert!(search_rows(xml.as_slice(), &mut hidden, &mut SheetTail::default()).unwrap());
        find_struck_out(xml.as_slice(), &CellStyles::default(), &BTreeSet::from([0]), &mut hidden);
        assert_eq!(hidden.struck_out, [3..=4]);
    }

    #[test]
    fn a_hidden_row_without_a_number_is_one_of_unknown_rows() {
        for xml in ["<row hidden=\"1\"/>", "<row ht=\"0\"/>", "<row r=\"\" hidden=\"1\">"] {
            let found = search(xml.as_bytes());
            assert!(found.is_unknown && found.rows.is_empty(), "{xml}");
        }
        assert!(!search("<row hidden=\"0\"/><col hidden=\"1\"/>".as_bytes()).is_unknown);
    }

    #[test]
    fn rows_without_a_height_are_hidden() {
        let xml =
            br#"<row r="2" ht="0" customHeight="1"/><row r="3" ht="0.75"/><row r="4" ht="15"/><row ht="0.0" r="5"/>"#;
        assert_eq!(search(xml.as_slice()).rows, [2..=2, 5..=5]);
    }
}
