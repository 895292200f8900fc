//! The formulas of a copy: of a formula that reaches beyond the workbook only the value is kept.

use std::collections::BTreeSet;

use memchr::memmem;

use crate::output::xlsx::own_workbook::tag::{attributes, tag_end, value};

/// What in a formula reaches beyond its workbook: other files, programs, the network.
const BEYOND: [&str; 16] = [
    "[",
    "|",
    "&#",
    "WEBSERVICE",
    "FILTERXML",
    "HYPERLINK",
    "IMAGE",
    "CALL",
    "REGISTER",
    "EXEC",
    "RTD",
    "DDE",
    "IMPORT",
    "CUBE",
    "STOCKHISTORY",
    "_XLL",
];

/// The formulas of a sheet that several cells share, and what becomes of them.
#[derive(Debug, Default)]
pub struct Formulas {
    /// The shared formulas that are kept.
    kept: BTreeSet<String>,
    /// Whether any formula is left out.
    pub has_left_out: bool,
}

impl Formulas {
    /// The content of a cell without a formula that reaches beyond the workbook; `None` where it is malformed.
    pub fn clean(&mut self, content: &str) -> Option<String> {
        let Some(start) = find(content) else { return Some(content.to_owned()) };
        let (end, is_empty) = tag_end(&content.as_bytes()[start..])?;
        let tag = &content[start..=start + end];
        let (text, after) =
            if is_empty { ("", &content[start + end + 1..]) } else { content[start + end + 1..].split_once("</f>")? };
        if find(after).is_some() || text.contains('<') {
            return None;
        }
        let attributes = attributes(tag)?;
        let shared = value(&attributes, "si").filter(|_| value(&attributes, "t") == Some("shared"));
        let is_kept = match (value(&attributes, "t"), shared) {
            (Some("dataTable"), _) => false,
            (Some("shared"), None) => return None,
            (_, Some(number)) if text.is_empty() => self.kept.contains(number),
            _ => !reaches_beyond(text),
        };
        if let (true, Some(number)) = (is_kept, shared) {
            self.kept.insert(number.to_owned());
        }
        self.has_left_out |= !is_kept;
        Some(if is_kept { content.to_owned() } else { format!("{}{after}", &content[..start]) })
    }
}

/// Where a formula begins.
fn find(content: &str) -> Option<usize> {
    memmem::find_iter(content.as_bytes(), "<f")
        .find(|at| matches!(content.as_bytes().get(at + 2), Some(b'>' | b'/' | b' ' | b'\t' | b'\r' | b'\n')))
}

/// Whether a text has a formula, so that its cells need a check.
pub fn has_formula(row: &str) -> bool {
    find(row).is_some()
}

/// Whether a formula refers to anything beyond its workbook.
pub fn reaches_beyond(formula: &str) -> bool {
    let formula = formula.to_uppercase();
    BEYOND.iter().any(|word| formula.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_that_reaches_beyond_its_workbook_leaves_its_value() {
        let mut formulas = Formulas::default();
        let harmless = "<f>DATEDIF(D5,TODAY(),\"Y\")</f><v>41</v>";
        assert_eq!(formulas.clean(harmless).as_deref(), Some(harmless));
        assert_eq!(formulas.clean("<v>41</v>").as_deref(), Some("<v>41</v>"));
        assert!(!formulas.has_left_out);
        for formula in ["cmd|'/c calc'!A0", "[1]Лист1!A1", "webservice(A1)", "cmd&#124;x!A0", "_xlfn.IMAGE(A1)"] {
            assert_eq!(formulas.clean(&format!("<f>{formula}</f><v>1</v>")).as_deref(), Some("<v>1</v>"), "{formula}");
        }
        assert!(formulas.has_left_out);
    }

    #[test]
    fn the_cells_that_share_a_formula_share_its_end() {
        let mut formulas = Formulas::default();
        let clean = |formulas: &mut Formulas, content: &str| formulas.clean(content).unwrap();
        let kept = "<f t=\"shared\" ref=\"A1:A9\" si=\"0\">B1+1</f><v>1</v>";
        assert_eq!(clean(&mut formulas, kept), kept);
        let child = "<f t=\"shared\" si=\"0\"/><v>2</v>";
        assert_eq!(clean(&mut formulas, child), child);
        assert_eq!(clean(&mut formulas, "<f t=\"shared\" ref=\"C1:C9\" si=\"1\">[1]A!B1</f><v>1</v>"), "<v>1</v>");
        assert_eq!(clean(&mut formulas, "<f t=\"shared\" si=\"1\"/><v>2</v>"), "<v>2</v>");
        for broken in ["<f>1", "<f>1</f><f>2</f>", "<f t=\"shared\">1</f>", "<f>a<b/></f>", "<f t=1>1</f>"] {
            assert_eq!(formulas.clean(broken), None, "{broken}");
        }
    }
}
