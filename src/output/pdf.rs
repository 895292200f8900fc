//! Documents in PDF, typeset by Typst from a template, the data of one document and a few fonts. No clock, no network.
//!
//! The data reach the template as JSON and never as markup, so that no name can change the document. The bytes depend on
//! the data and the template alone: the creation date is fixed, and the fonts are part of the program. The documents
//! conform to PDF/A-2a: searchable, tagged, everything embedded.

pub(crate) mod template;
pub(crate) mod text;

use std::fs;
use std::io::Read;
use std::panic::resume_unwind;
use std::path::Path;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::Builder;

use serde::Serialize;
use serde_json::Value;
use typst::diag::{FileError, FileResult, PackageError, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World, WorldExt};
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use crate::base::error::Error;
use crate::base::input_file::InputFile;
use crate::base::messages::Message;
use crate::base::source_file::Fault;
pub use template::Template;
pub(crate) use text::{day, printable};

/// The largest picture, font or further template that is read.
const MAX_FILE_BYTES: u64 = 32 * 1024 * 1024;

/// What this number of documents have not used is dropped from the memory of the typesetter.
const MOST_UNUSED: usize = 4;

static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| LazyHash::new(Library::default()));

/// Golos Text in two weights; it has Latin, Cyrillic and ₽.
static FONTS: LazyLock<Vec<Font>> = LazyLock::new(|| {
    let files: [&'static [u8]; 2] =
        [include_bytes!("pdf/fonts/GolosText-Regular.ttf"), include_bytes!("pdf/fonts/GolosText-SemiBold.ttf")];
    files.into_iter().flat_map(|file| Font::iter(Bytes::new(file))).collect()
});

/// The data of one document for its template.
pub(crate) struct Data<'d> {
    /// The name of the file that the template reads: `offer.json`.
    file: &'static str,
    json: Value,
    /// The identity of the document, from which its identifier in the PDF is made.
    identity: &'d str,
}

impl<'d> Data<'d> {
    /// Data under the name by which the template reads them; their keys are a promise to the authors of templates.
    ///
    /// # Panics
    ///
    /// Where `data` is no JSON, which texts, flags and lists always are.
    pub fn new(file: &'static str, data: &impl Serialize, identity: &'d str) -> Self {
        let json = serde_json::to_value(data).expect("texts and lists are always JSON");
        Self { file, json, identity }
    }
}

/// Whether the faces inside the program have a letter.
#[must_use]
pub fn has_letter(letter: char) -> bool {
    FONTS.iter().any(|face| face.info().coverage.contains(letter.into()))
}

/// Typesets a document.
///
/// # Errors
///
/// [`Error::Refused`] with every fault of the template at its line; [`Error::NoFace`] where a text has letters that no
/// font of the program or the template's folder has.
pub(crate) fn render(template: &Template, data: &Data<'_>) -> Result<Vec<u8>, Error> {
    let world = TypstWorld::new(template, data);
    let missing = world.missing_letters(&data.json);
    if !missing.is_empty() {
        return Err(Error::NoFace { letters: missing });
    }
    let compiled = typst::compile(&world);
    // a warning, such as an unknown font, means that the document is not what its author wants
    let warnings = compiled.warnings;
    let document = match compiled.output {
        Ok(document) if warnings.is_empty() => typst_pdf::pdf(&document, &options(data.identity)),
        Ok(_) => Err(warnings),
        Err(faults) => Err(faults),
    };
    // the template and its phrases serve the next documents; the data of one document serve no other
    typst::comemo::evict(MOST_UNUSED);
    document.map_err(|found| world.refused(&found))
}

/// A document that is left out because it has letters that no font has.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct LeftOut {
    /// The index of the document.
    pub at: usize,
    /// The letters.
    pub letters: String,
}

/// Makes documents on as many threads as the program has, and stops at the first failure. Documents with missing letters
/// are skipped and reported in order.
///
/// The threads are not those of the pool: Typst spreads its own work over the pool, and a thread of the pool that waited
/// for a part of its document would begin the next document meanwhile, until its stack is full.
///
/// # Errors
///
/// The first error of `make`.
///
/// # Panics
///
/// Where `make` panics, or the system refuses a thread.
pub(crate) fn render_all<T: Sync>(
    documents: &[T],
    make: impl Fn(&T) -> Result<(), Error> + Sync,
) -> Result<Vec<LeftOut>, Error> {
    /// As much as the first thread of a program has: documents nest deeply.
    const STACK_BYTES: usize = 8 * 1024 * 1024;
    let next = AtomicUsize::new(0);
    let work = || {
        let mut left_out = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(document) = documents.get(at) else { return Ok(left_out) };
            match make(document) {
                Ok(()) => {}
                Err(Error::NoFace { letters }) => left_out.push(LeftOut { at, letters }),
                Err(fault) => {
                    next.store(documents.len(), Ordering::Relaxed);
                    return Err(fault);
                }
            }
        }
    };
    std::thread::scope(|threads| {
        let spawn = |_| Builder::new().stack_size(STACK_BYTES).spawn_scoped(threads, work);
        let makers: Vec<_> = (0..rayon::current_num_threads().min(documents.len())).map(spawn).collect();
        let done = makers.into_iter().map(|maker| maker.expect("the system provides a thread").join());
        let done = done.map(|done| done.unwrap_or_else(|panic| resume_unwind(panic)));
        let mut left_out = done.collect::<Result<Vec<_>, _>>()?.concat();
        left_out.sort();
        Ok(left_out)
    })
}

/// PDF/A-2a with an identity.
fn options(identity: &str) -> PdfOptions {
    // the standard requires a creation date; equal bytes require the same one every day
    let created = Datetime::from_ymd(2000, 1, 1).map(Timestamp::new_utc);
    PdfOptions {
        ident: Smart::Custom(identity.to_owned()),
        creator: Smart::Custom(Some("kollektiv".to_owned())),
        timestamp: created,
        standards: PdfStandards::new(&[PdfStandard::A_2a]).expect("one standard contradicts no other"),
        ..PdfOptions::default()
    }
}

/// Everything that Typst can read while it sets one document.
struct TypstWorld<'t> {
    template: &'t Template,
    main: Source,
    data_file: &'static str,
    data: Bytes,
    fonts: Vec<Font>,
    book: LazyHash<FontBook>,
}

impl<'t> TypstWorld<'t> {
    fn new(template: &'t Template, data: &Data<'_>) -> Self {
        let name = template.source.path.file_name().unwrap_or_default().to_string_lossy();
        let path = VirtualPath::new(name).or_else(|_| VirtualPath::new("template.typ"));
        let id = RootedPath::new(VirtualRoot::Project, path.expect("a plain name is a path")).intern();
        let mut fonts = FONTS.clone();
        fonts.extend(template.folder.iter().flat_map(|folder| own_fonts(folder)));
        Self {
            template,
            main: Source::new(id, without_mark(&template.source.text).to_owned()),
            data_file: data.file,
            data: Bytes::from_string(data.json.to_string()),
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            fonts,
        }
    }

    /// The letters of all texts in the data that no font has, each once.
    fn missing_letters(&self, data: &Value) -> String {
        let mut missing = String::new();
        self.add_missing_letters(data, &mut missing);
        missing
    }

    fn add_missing_letters(&self, data: &Value, missing: &mut String) {
        match data {
            Value::String(text) => {
                for letter in text.chars() {
                    let has = |font: &Font| font.info().coverage.contains(u32::from(letter));
                    if !self.fonts.iter().any(has) && !missing.contains(letter) {
                        missing.push(letter);
                    }
                }
            }
            Value::Array(values) => values.iter().for_each(|value| self.add_missing_letters(value, missing)),
            Value::Object(fields) => fields.values().for_each(|value| self.add_missing_letters(value, missing)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// The error for a template in which Typst found faults, each at its line.
    fn refused(&self, found: &[SourceDiagnostic]) -> Error {
        let faults = found.iter().map(|found| self.fault(found)).collect();
        Error::Refused { source: Box::new(self.template.source.clone()), faults }
    }

    fn fault(&self, found: &SourceDiagnostic) -> Fault {
        let mut reason = found.message.to_string();
        let mut span = 0..0;
        if let (Some(file), Some(range)) = (found.span.id(), self.range(found.span)) {
            if file == self.main.id() {
                let mark = self.template.source.text.len() - self.main.text().len();
                span = range.start + mark..range.end + mark;
            } else {
                reason = format!("{}: {reason}", self.place(file, range.start));
            }
        }
        let hints = found.hints.iter().map(|hint| hint.v.as_str()).collect::<Vec<_>>().join("; ");
        let name = if hints.is_empty() { "template-fault" } else { "template-fault-hint" };
        Fault { span, message: Message::new(name).with("reason", reason).with("hint", hints) }
    }

    /// A place in a file that the template uses: `letterhead.typ:12`.
    fn place(&self, file: FileId, byte: usize) -> String {
        let path = file.vpath().get_without_slash();
        let line = self.source(file).ok().and_then(|source| source.lines().byte_to_line(byte));
        line.map_or_else(|| path.to_owned(), |line| format!("{path}:{}", line + 1))
    }
}

impl World for TypstWorld<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    fn main(&self) -> FileId {
        self.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.main.id() {
            return Ok(self.main.clone());
        }
        let text = self.file(id)?.into_string().map_err(|_| FileError::InvalidUtf8)?;
        Ok(Source::new(id, without_mark(&text).to_owned()))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let path = id.vpath();
        match (id.root(), &self.template.folder) {
            (VirtualRoot::Package(package), _) => Err(PackageError::NotFound(package.clone()).into()),
            _ if path.get_without_slash() == self.data_file => Ok(self.data.clone()),
            (VirtualRoot::Project, Some(folder)) => read(folder, &path.realize(folder).map_err(FileError::Realize)?),
            (VirtualRoot::Project, None) => Err(FileError::NotFound(path.get_without_slash().into())),
        }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.get(index).cloned()
    }

    /// None: a document has the same bytes on every day.
    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}

/// A text without the byte order mark.
fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

/// A file of the template's folder. A link that leads out of the folder is not followed: a template comes from outside, and a document
/// must not show what it was never given.
fn read(folder: &Path, path: &Path) -> FileResult<Bytes> {
    let refused = |fault| FileError::from_io(fault, path);
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let is_inside = fs::canonicalize(path).and_then(|path| Ok(path.starts_with(fs::canonicalize(folder)?)));
    if !is_inside.map_err(refused)? {
        return Err(FileError::AccessDenied);
    }
    let opened = InputFile::open(path).map_err(|error| match error {
        Error::Io { fault, .. } => refused(fault),
        Error::Missing { path } => FileError::NotFound(path),
        error => FileError::Other(Some(error.to_string().into())),
    })?;
    let mut bytes = Vec::new();
    opened.file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(refused)?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(FileError::Other(Some(format!("more than {MAX_FILE_BYTES} bytes").into())));
    }
    Ok(Bytes::new(bytes))
}

/// The fonts beside an own template, by name.
fn own_fonts(folder: &Path) -> Vec<Font> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<_> = entries.map(|entry| entry.path()).filter(|path| is_font(path)).collect();
    files.sort();
    files.iter().filter_map(|file| read(folder, file).ok()).flat_map(Font::iter).collect()
}

fn is_font(path: &Path) -> bool {
    let extension = path.extension().unwrap_or_default();
    ["ttf", "otf", "ttc"].iter().any(|known| extension.eq_ignore_ascii_case(known))
}
