//! A workbook with long sheets, made of the library's parts and of rows that are packed on all threads.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};
use std::sync::Arc;

use rayon::in_place_scope_fifo;
use rust_xlsxwriter::{Workbook, XlsxError};
use zip::{CompressionMethod, ZipArchive};

use crate::output::xlsx::chunk_queue::ChunkQueue;
use crate::output::xlsx::deflate::Deflate;
use crate::output::xlsx::long_sheet::{Frame, LongSheet};
use crate::output::xlsx::zip_file::{Sizes, ZipFile};

/// Writes a workbook to a file from front to back, its long sheets packed on all threads of the pool.
///
/// The bytes depend on the cells and on how their rows are cut into chunks, and on nothing else: not on the number of
/// threads, nor on which of them is faster. Memory holds a few chunks for each thread, however long the sheets are.
#[derive(Debug)]
pub struct BookWriter<W> {
    zip: ZipFile<W>,
    deflate: Arc<Deflate>,
    /// The long sheets that have not been written yet.
    missing: Vec<MissingSheet>,
}

/// A long sheet without its rows.
#[derive(Debug)]
struct MissingSheet {
    name: String,
    part: String,
    frame: Frame,
}

impl<W: Write> BookWriter<W> {
    /// Writes all parts of the library's workbook but those of its long sheets.
    ///
    /// # Errors
    ///
    /// Where the library or the system refuses, or a long sheet has other rows where its own are to stand.
    pub fn new<'s>(
        mut workbook: Workbook,
        long_sheets: impl IntoIterator<Item = &'s LongSheet>,
        file: W,
    ) -> Result<Self, XlsxError> {
        let names = part_names(&mut workbook);
        let parts = long_sheets.into_iter().map(|sheet| {
            let part = names.get(&sheet.name).ok_or_else(|| unknown(&sheet.name))?;
            Ok((part.as_str(), sheet))
        });
        let parts: BTreeMap<&str, &LongSheet> = parts.collect::<Result<_, XlsxError>>()?;
        let saved = workbook.save_to_buffer()?;
        drop(workbook);
        let mut writer = Self { zip: ZipFile::new(file), deflate: Arc::default(), missing: Vec::new() };
        let mut archive = ZipArchive::new(Cursor::new(saved))?;
        for place in 0..archive.len() {
            let name = archive.by_index_raw(place)?.name()?.into_owned();
            if let Some(sheet) = parts.get(name.as_str()) {
                let mut xml = String::new();
                archive.by_index(place)?.read_to_string(&mut xml)?;
                let frame = Frame::split(&xml, sheet)?;
                writer.missing.push(MissingSheet { name: sheet.name.clone(), part: name, frame });
            } else {
                writer.copy_part(name, &mut archive, place)?;
            }
        }
        Ok(writer)
    }

    fn copy_part(
        &mut self,
        name: String,
        archive: &mut ZipArchive<Cursor<Vec<u8>>>,
        place: usize,
    ) -> Result<(), XlsxError> {
        let mut part = archive.by_index_raw(place)?;
        let method = if part.compression() == CompressionMethod::Stored { 0 } else { 8 };
        let mut packed = Vec::new();
        part.read_to_end(&mut packed)?;
        let sizes = Sizes { crc: part.crc32(), packed_bytes: packed.len() as u64, unpacked_bytes: part.size() };
        Ok(self.zip.copy_part(name, method, sizes, &packed)?)
    }

    /// Writes a long sheet: `fill` gives its rows to the queue, in their order.
    ///
    /// # Errors
    ///
    /// What `fill` finds; where the system refuses; where the rows would break the sheet; and where the workbook has no such
    /// long sheet, or has it already.
    pub fn write_sheet<'scope, E: From<XlsxError> + Send + 'scope>(
        &mut self,
        sheet: &LongSheet,
        fill: impl FnOnce(&mut ChunkQueue<'_, 'scope, W, E>) -> Result<(), E>,
    ) -> Result<(), E> {
        let place = self.missing.iter().position(|missing| missing.name == sheet.name);
        let place = place.ok_or_else(|| unknown(&sheet.name))?;
        let MissingSheet { part, frame, .. } = &self.missing[place];
        let mut part = self.zip.begin_part(part.clone()).map_err(XlsxError::IoError)?;
        let head = self.deflate.pack(frame.head.as_bytes()).and_then(|head| part.write(&head));
        head.map_err(XlsxError::IoError)?;
        in_place_scope_fifo(|scope| {
            let mut queue = ChunkQueue::new(scope, part, &self.deflate, sheet.area, &frame.styles);
            fill(&mut queue)?;
            queue.finish(&frame.tail)
        })?;
        self.missing.remove(place);
        Ok(())
    }

    /// Ends the workbook.
    ///
    /// # Errors
    ///
    /// Where the system refuses, or a long sheet has not been written.
    pub fn finish(self) -> Result<(), XlsxError> {
        match self.missing.first() {
            Some(missing) => Err(unknown(&missing.name)),
            None => Ok(self.zip.finish()?),
        }
    }
}

/// The names of the parts of all sheets by the sheets' names; the library numbers them in their order.
fn part_names(workbook: &mut Workbook) -> BTreeMap<String, String> {
    let sheets = (1..).zip(workbook.worksheets());
    sheets.map(|(number, sheet)| (sheet.name(), format!("xl/worksheets/sheet{number}.xml"))).collect()
}

fn unknown(sheet: &str) -> XlsxError {
    XlsxError::UnknownWorksheetNameOrIndex(sheet.to_owned())
}
