//! The container of a workbook: a zip file that is written from front to back.

use std::io::{self, Write};

use flate2::Crc;

use crate::output::xlsx::deflate::Packed;

/// A zip file on its way: the same parts give the same bytes, with nothing of the clock or the machine in them.
///
/// A part or a file of 4 GiB or more is refused: the classic format has no room for its size, and not every program that
/// opens workbooks knows the newer one.
#[derive(Debug)]
pub struct ZipFile<W> {
    file: W,
    written_bytes: u64,
    entries: Vec<Entry>,
}

/// A part as the directory at the end of the file lists it.
#[derive(Debug)]
struct Entry {
    name: String,
    /// Where its header begins.
    start: u64,
    flags: u16,
    method: u16,
    sizes: Sizes,
}

/// The checksum and the sizes of a part.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sizes {
    /// The checksum of the unpacked bytes.
    pub crc: u32,
    /// How many bytes it has in the file.
    pub packed_bytes: u64,
    /// How many bytes it has unpacked.
    pub unpacked_bytes: u64,
}

impl<W: Write> ZipFile<W> {
    /// A file without parts.
    pub const fn new(file: W) -> Self {
        Self { file, written_bytes: 0, entries: Vec::new() }
    }

    /// Adds a part that is packed already, by the method of this number.
    ///
    /// # Errors
    ///
    /// Where the system refuses, or the part is too large.
    pub fn copy_part(&mut self, name: String, method: u16, sizes: Sizes, packed: &[u8]) -> io::Result<()> {
        self.begin_entry(Entry { name, start: self.written_bytes, flags: 0, method, sizes })?;
        self.write(packed)
    }

    /// Begins a part whose size is not known yet.
    ///
    /// # Errors
    ///
    /// Where the system refuses.
    pub fn begin_part(&mut self, name: String) -> io::Result<ZipPart<'_, W>> {
        const DEFLATE: u16 = 8;
        let (start, sizes) = (self.written_bytes, Sizes::default());
        self.begin_entry(Entry { name, start, flags: SIZES_FOLLOW, method: DEFLATE, sizes })?;
        Ok(ZipPart { zip: self, crc: Crc::new(), packed_bytes: 0, unpacked_bytes: 0 })
    }

    /// Ends the file with its directory.
    ///
    /// # Errors
    ///
    /// Where the system refuses, or the file is too large.
    pub fn finish(mut self) -> io::Result<()> {
        const DIRECTORY_HEADER: u32 = 0x0201_4B50;
        const DIRECTORY_END: u32 = 0x0605_4B50;
        let start = self.written_bytes;
        let entries = std::mem::take(&mut self.entries);
        for entry in &entries {
            // no comment, on the first disk, without attributes
            let header = Fields::new(DIRECTORY_HEADER).short(VERSION).entry(entry)?.short(0).short(0).short(0).long(0);
            self.write(&header.size(entry.start)?.0)?;
            self.write(entry.name.as_bytes())?;
        }
        let count = u16::try_from(entries.len()).map_err(|_| too_large())?;
        let end = Fields::new(DIRECTORY_END).short(0).short(0).short(count).short(count);
        let end = end.size(self.written_bytes - start)?.size(start)?.short(0);
        self.write(&end.0)?;
        self.file.flush()
    }

    fn begin_entry(&mut self, entry: Entry) -> io::Result<()> {
        const HEADER: u32 = 0x0403_4B50;
        self.write(&Fields::new(HEADER).entry(&entry)?.0)?;
        self.write(entry.name.as_bytes())?;
        self.entries.push(entry);
        Ok(())
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.written_bytes += bytes.len() as u64;
        self.file.write_all(bytes)
    }
}

/// A part of a zip file on its way; [`ZipPart::finish`] ends it.
#[derive(Debug)]
#[must_use]
pub struct ZipPart<'z, W> {
    zip: &'z mut ZipFile<W>,
    crc: Crc,
    packed_bytes: u64,
    unpacked_bytes: u64,
}

impl<W: Write> ZipPart<'_, W> {
    /// Appends to the part's deflate stream.
    ///
    /// # Errors
    ///
    /// Where the system refuses.
    pub fn write(&mut self, packed: &Packed) -> io::Result<()> {
        self.crc.combine(&packed.crc);
        self.packed_bytes += packed.bytes.len() as u64;
        self.unpacked_bytes += packed.unpacked_bytes;
        self.zip.write(&packed.bytes)
    }

    /// Ends the part with its checksum and sizes.
    ///
    /// # Errors
    ///
    /// Where the system refuses, or the part is too large.
    pub fn finish(self) -> io::Result<()> {
        const DESCRIPTOR: u32 = 0x0807_4B50;
        let Self { zip, crc, packed_bytes, unpacked_bytes } = self;
        let sizes = Sizes { crc: crc.sum(), packed_bytes, unpacked_bytes };
        if let Some(entry) = zip.entries.last_mut() {
            entry.sizes = sizes;
        }
        zip.write(&Fields::new(DESCRIPTOR).sizes(sizes)?.0)
    }
}

/// What a reader has to know: version 2.0 of the format, which has folders and deflate.
const VERSION: u16 = 20;
/// The flag of a part whose checksum and sizes stand after it.
const SIZES_FOLLOW: u16 = 1 << 3;

/// The fields of a header, in the order of the format.
struct Fields(Vec<u8>);

impl Fields {
    fn new(signature: u32) -> Self {
        Self(signature.to_le_bytes().to_vec())
    }

    fn short(mut self, field: u16) -> Self {
        self.0.extend_from_slice(&field.to_le_bytes());
        self
    }

    fn long(mut self, field: u32) -> Self {
        self.0.extend_from_slice(&field.to_le_bytes());
        self
    }

    fn size(self, bytes: u64) -> io::Result<Self> {
        // the greatest number means that the size stands elsewhere
        let field = u32::try_from(bytes).ok().filter(|bytes| *bytes < u32::MAX);
        Ok(self.long(field.ok_or_else(too_large)?))
    }

    fn sizes(self, sizes: Sizes) -> io::Result<Self> {
        self.long(sizes.crc).size(sizes.packed_bytes)?.size(sizes.unpacked_bytes)
    }

    /// What both headers of a part have in common.
    fn entry(self, entry: &Entry) -> io::Result<Self> {
        // 1 January 1980, the first day that the format knows
        const TIME: u16 = 0;
        const DATE: u16 = (1 << 5) | 1;
        let name_bytes = u16::try_from(entry.name.len()).map_err(|_| too_large())?;
        let fields = self.short(VERSION).short(entry.flags).short(entry.method).short(TIME).short(DATE);
        Ok(fields.sizes(entry.sizes)?.short(name_bytes).short(0))
    }
}

fn too_large() -> io::Error {
    io::Error::new(io::ErrorKind::FileTooLarge, "a workbook holds less than 4 GiB")
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read};

    use zip::ZipArchive;

    use super::*;
    use crate::output::xlsx::deflate::Deflate;

    #[test]
    fn parts_are_read_back_by_name_and_checked() {
        let deflate = Deflate::default();
        let (mut file, large) = (Vec::new(), b"<row r=\"1\"/>".repeat(10_000));
        let mut zip = ZipFile::new(&mut file);
        let sizes = Sizes { crc: 0x3610_A686, packed_bytes: 5, unpacked_bytes: 5 };
        zip.copy_part("xl/sheet2.xml".to_owned(), 0, sizes, b"hello").unwrap();
        let mut part = zip.begin_part("xl/sheet1.xml".to_owned()).unwrap();
        part.write(&deflate.pack(&large).unwrap()).unwrap();
        part.write(&deflate.pack_last(b"end").unwrap()).unwrap();
        part.finish().unwrap();
        zip.finish().unwrap();
        let mut read = ZipArchive::new(Cursor::new(file)).unwrap();
        assert_eq!(read.len(), 2);
        let mut text = |name: &str| {
            let mut text = Vec::new();
            read.by_name(name).unwrap().read_to_end(&mut text).unwrap();
            text
        };
        assert_eq!(text("xl/sheet2.xml"), b"hello");
        assert_eq!(text("xl/sheet1.xml"), [large, b"end".to_vec()].concat());
    }

    #[test]
    fn a_part_without_room_for_its_size_is_refused() {
        let mut zip = ZipFile::new(io::sink());
        let sizes = |unpacked_bytes| Sizes { unpacked_bytes, ..Sizes::default() };
        let mut copy = |bytes| zip.copy_part("part".to_owned(), 0, sizes(bytes), b"");
        assert!(copy(0xFFFF_FFFE).is_ok());
        assert_eq!(copy(0xFFFF_FFFF).unwrap_err().kind(), io::ErrorKind::FileTooLarge);
        let mut part = zip.begin_part("sheet".to_owned()).unwrap();
        for _ in 0..4 {
            part.write(&Packed { bytes: Vec::new(), crc: Crc::new(), unpacked_bytes: 1 << 30 }).unwrap();
        }
        assert_eq!(part.finish().unwrap_err().kind(), io::ErrorKind::FileTooLarge);
    }
}
