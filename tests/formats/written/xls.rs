//! Writes a sheet as `.xls`: the records of Excel 97, or of Excel 5 where texts have a code page, in a compound file.

use encoding_rs::WINDOWS_1251;

use crate::formats::sheet::{Cell, Content, Encoding, Sheet, Style};

pub fn write(sheet: &Sheet) -> Vec<u8> {
    let has_byte_letters = sheet.encoding != Encoding::Usual;
    let mut book = Book { sheet, has_byte_letters, texts: Vec::new(), count: 0 };
    let part = book.part();
    let head = book.head(0);
    let head = book.head(head.len());
    compound(if has_byte_letters { "Book" } else { "Workbook" }, &[head, part].concat())
}

struct Book<'s> {
    sheet: &'s Sheet,
    /// Whether letters are bytes, as in Excel 5.
    has_byte_letters: bool,
    /// The shared texts, as they are written.
    texts: Vec<Vec<u8>>,
    count: usize,
}

fn record(kind: u16, body: &[u8]) -> Vec<u8> {
    [&kind.to_le_bytes()[..], &u16::try_from(body.len()).unwrap().to_le_bytes(), body].concat()
}

fn short(number: usize) -> [u8; 2] {
    u16::try_from(number).unwrap().to_le_bytes()
}

fn int(number: usize) -> [u8; 4] {
    u32::try_from(number).unwrap().to_le_bytes()
}

/// The bytes of a text on the page of the DOS time.
pub fn ibm866(text: &str) -> Vec<u8> {
    text.chars()
        .map(|letter| match letter {
            'А'..='п' => u8::try_from(u32::from(letter) - u32::from('А') + 0x80).unwrap(),
            'р'..='я' => u8::try_from(u32::from(letter) - u32::from('р') + 0xE0).unwrap(),
            'ё' => 0xF1,
            '№' => 0xFC,
            letter => u8::try_from(u32::from(letter)).unwrap(),
        })
        .collect()
}

impl Book<'_> {
    fn bytes_of(&self, text: &str) -> Vec<u8> {
        if self.sheet.encoding == Encoding::Ibm866 { ibm866(text) } else { WINDOWS_1251.encode(text).0.into_owned() }
    }

    /// The letters of a text, and whether each has two bytes.
    fn wide(text: &str) -> Vec<u8> {
        let letters: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        [&[1][..], &letters].concat()
    }

    /// The records of the workbook, before those of the sheet, which begin at `at`.
    fn head(&self, at: usize) -> Vec<u8> {
        let version: u16 = if self.has_byte_letters { 0x0500 } else { 0x0600 };
        let mut bytes = record(0x0809, &[version.to_le_bytes(), [5, 0], [0; 2], [0; 2]].concat());
        let page: Option<u16> = match self.sheet.encoding {
            Encoding::Usual | Encoding::Utf16 => Some(1200),
            Encoding::Windows1251 => Some(1251),
            Encoding::Ibm866 => Some(866),
            Encoding::Unnamed => None,
        };
        bytes.extend(page.map(|page| record(0x0042, &page.to_le_bytes())).unwrap_or_default());
        bytes.extend(record(0x0022, &short(usize::from(self.sheet.epoch_1904))));
        // there is no font 4; the last but one is white
        for (flags, colour) in [(0_u16, 0_u16), (0, 0), (0, 0), (0, 9), (8, 0)] {
            let name = if self.has_byte_letters { b"\x05Arial".to_vec() } else { b"\x05\x00Arial".to_vec() };
            let body =
                [&220_u16.to_le_bytes()[..], &flags.to_le_bytes(), &colour.to_le_bytes(), &[0; 8], &name].concat();
            bytes.extend(record(0x0031, &body));
        }
        for (number, code) in Style::ALL.iter().map(|style| style.format()).filter(|(number, _)| *number >= 164) {
            let text = if self.has_byte_letters {
                let code = self.bytes_of(code);
                [&[u8::try_from(code.len()).unwrap()][..], &code].concat()
            } else {
                [&short(code.chars().count())[..], &Self::wide(code)].concat()
            };
            bytes.extend(record(0x041E, &[&number.to_le_bytes()[..], &text].concat()));
        }
        for style in Style::ALL {
            let font: u16 = match style {
                Style::Struck => 5,
                Style::White => 3,
                _ => 0,
            };
            let tail = if self.has_byte_letters { 12 } else { 16 };
            let body = [&font.to_le_bytes()[..], &style.format().0.to_le_bytes(), &vec![0; tail]].concat();
            bytes.extend(record(0x00E0, &body));
        }
        let name = if self.has_byte_letters {
            let name = self.bytes_of("Список");
            [&[u8::try_from(name.len()).unwrap()][..], &name].concat()
        } else {
            [&[6][..], &Self::wide("Список")].concat()
        };
        let state = u8::from(self.sheet.is_hidden);
        bytes.extend(record(0x0085, &[&int(at)[..], &[state, 0], &name].concat()));
        if !self.has_byte_letters {
            let body = [&int(self.count)[..], &int(self.texts.len()), &self.texts.concat()].concat();
            bytes.extend(record(0x00FC, &body));
        }
        bytes.extend(record(0x000A, &[]));
        bytes
    }

    /// The records of the sheet.
    fn part(&mut self) -> Vec<u8> {
        let sheet = self.sheet;
        let version: u16 = if self.has_byte_letters { 0x0500 } else { 0x0600 };
        let mut bytes = record(0x0809, &[version.to_le_bytes(), [16, 0], [0; 2], [0; 2]].concat());
        let rows = if sheet.dimension.is_some() { 1 } else { sheet.rows.len() };
        let dimension = if self.has_byte_letters {
            [short(0), short(rows), short(0), short(sheet.width()), [0; 2]].concat()
        } else {
            [&int(0)[..], &int(rows), &short(0), &short(sheet.width()), &[0; 2]].concat()
        };
        if let Some(column) = sheet.hidden_column {
            let body = [short(column), short(column), short(2340), short(0), short(1), [0; 2]].concat();
            bytes.extend(record(0x007D, &body));
        }
        bytes.extend(record(0x0200, &dimension));
        for row in sheet.order() {
            let hidden = if sheet.hidden_row == Some(row) { 0x20 } else { 0 };
            let body = [short(row), short(0), short(sheet.width()), short(255), [0; 2], [0; 2], [hidden, 1], [15, 0]];
            bytes.extend(record(0x0208, &body.concat()));
        }
        for row in sheet.order() {
            for (column, cell) in sheet.rows[row].iter().enumerate() {
                bytes.extend(self.cell(row, column, cell));
            }
        }
        if let Some((row, column)) = sheet.note {
            bytes.extend(record(0x001C, &[short(row), short(column), short(0), short(1), short(0), [0; 2]].concat()));
        }
        if sheet.has_text_box {
            bytes.extend(record(0x01B6, &[&[0; 10][..], &short(7), &[0; 6]].concat()));
        }
        if let Some((first, last, column)) = sheet.merged {
            bytes.extend(record(0x00E5, &[short(1), short(first), short(last), short(column), short(column)].concat()));
        }
        if sheet.struck_if_named.is_some() {
            let cells = [short(1), short(sheet.rows.len() - 1), short(0), short(sheet.width() - 1)].concat();
            bytes.extend(record(0x01B0, &[&short(1)[..], &short(0), &cells, &short(1), &cells].concat()));
            // a formula of one token; of the style the font alone is stated, and of its attributes that it is struck out
            let mut font = vec![0; 118];
            (font[68], font[88]) = (0x80, 0x02);
            let flags = (1_u32 << 26).to_le_bytes();
            bytes.extend(record(
                0x01B1,
                &[&[2, 0][..], &short(2), &short(0), &flags, &short(0), &font, &[0x1D, 1]].concat(),
            ));
        }
        if let Some(text) = sheet.page_header {
            bytes.extend(record(0x0014, &[&short(text.encode_utf16().count())[..], &Self::wide(text)].concat()));
        }
        bytes.extend(record(0x000A, &[]));
        bytes
    }

    fn cell(&mut self, row: usize, column: usize, cell: &Cell) -> Vec<u8> {
        let place = [short(row), short(column), short(cell.style.number())].concat();
        let with = |kind: u16, body: &[u8]| record(kind, &[&place[..], body].concat());
        match &cell.content {
            Content::Nothing => Vec::new(),
            Content::Text(text) if self.has_byte_letters => {
                let letters = self.bytes_of(text);
                with(0x0204, &[&short(letters.len())[..], &letters].concat())
            }
            Content::Text(text) => {
                let written = [&short(text.encode_utf16().count())[..], &Self::wide(text)].concat();
                with(0x00FD, &int(self.share(written)))
            }
            Content::Rich(runs) if self.has_byte_letters => {
                let (mut letters, mut parts) = (Vec::new(), Vec::new());
                for (text, struck) in runs {
                    parts.extend([u8::try_from(letters.len()).unwrap(), if *struck { 5 } else { 0 }]);
                    letters.extend(self.bytes_of(text));
                }
                let count = u8::try_from(runs.len()).unwrap();
                with(0x00D6, &[&short(letters.len())[..], &letters, &[count], &parts].concat())
            }
            Content::Rich(runs) => {
                let whole: String = runs.iter().map(|(text, _)| *text).collect();
                let (mut fonts, mut at) = (Vec::new(), 0_usize);
                for (text, struck) in runs {
                    fonts.extend([short(at), short(if *struck { 5 } else { 0 })].concat());
                    at += text.encode_utf16().count();
                }
                let letters: Vec<u8> = whole.encode_utf16().flat_map(u16::to_le_bytes).collect();
                // wide letters, and fonts after them
                let written = [&short(at)[..], &[0x09], &short(runs.len()), &letters, &fonts].concat();
                with(0x00FD, &int(self.share(written)))
            }
            Content::Number(number) => with(0x0203, &number.to_le_bytes()),
            Content::Day(serial, _) => with(0x0203, &self.sheet.serial(*serial).to_le_bytes()),
            Content::Fault => with(0x0205, &[0x2A, 1]),
            Content::Truth(truth) => with(0x0205, &[u8::from(*truth), 0]),
            Content::Formula | Content::EmptyFormula => {
                // an empty text as the result of 1+1, or of ""
                let result = [3, 0, 0, 0, 0, 0, 0xFF, 0xFF];
                let sum = [0x1E, 1, 0, 0x1E, 1, 0, 0x03];
                let formula = if cell.content == Content::Formula { &sum[..] } else { &[0x17, 0, 0] };
                with(0x0006, &[&result[..], &[0; 2], &[0; 4], &short(formula.len()), formula].concat())
            }
        }
    }

    fn share(&mut self, written: Vec<u8>) -> usize {
        self.count += 1;
        self.texts.push(written);
        self.texts.len() - 1
    }
}

/// A compound file with one stream.
fn compound(name: &str, stream: &[u8]) -> Vec<u8> {
    const SECTOR: usize = 512;
    const END: u32 = 0xFFFF_FFFE;
    const FREE: u32 = 0xFFFF_FFFF;
    const TABLE: u32 = 0xFFFF_FFFD;
    // a shorter stream would stand in small sectors
    const SHORTEST: usize = 4096;
    let length = stream.len().max(SHORTEST).next_multiple_of(SECTOR);
    let sectors = length / SECTOR;
    assert!(sectors + 2 <= SECTOR / 4, "one sector of the table is enough");
    // sector 0 is the table, 1 the folder, the stream follows
    let mut table = vec![TABLE, END];
    table.extend((2..).take(sectors - 1).map(|at| at + 1));
    table.push(END);
    table.resize(SECTOR / 4, FREE);
    let entry = |name: &str, kind: u8, child: u32, start: u32, size: usize| {
        let letters: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let mut entry = letters.clone();
        entry.resize(64, 0);
        let length = if name.is_empty() { 0 } else { letters.len() + 2 };
        entry.extend(short(length));
        entry.extend([kind, 1]);
        entry.extend([FREE, FREE, child].map(u32::to_le_bytes).concat());
        entry.extend([0; 36]);
        entry.extend(start.to_le_bytes());
        entry.extend(int(size));
        entry.extend([0; 4]);
        entry
    };
    let folder = [
        entry("Root Entry", 5, 1, END, 0),
        entry(name, 2, FREE, 2, length),
        entry("", 0, FREE, 0, 0),
        entry("", 0, FREE, 0, 0),
    ];
    let mut file = vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
    file.extend([0; 16]);
    file.extend([0x3E_u16, 3, 0xFFFE, 9, 6].map(u16::to_le_bytes).concat());
    file.extend([0; 6]);
    // no sectors of folders are counted, one of the table, the folder begins in sector 1
    file.extend([0_u32, 1, 1, 0, 4096, END, 0, END, 0].map(u32::to_le_bytes).concat());
    file.extend(0_u32.to_le_bytes());
    file.extend([FREE; 108].map(u32::to_le_bytes).concat());
    file.extend(table.iter().flat_map(|next| next.to_le_bytes()));
    file.extend(folder.concat());
    file.extend(stream);
    file.resize(SECTOR * 3 + length, 0);
    file
}
