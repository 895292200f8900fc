//! Documents in PDF, set by Typst: what the typesetter can see of the world is a template, the values of one document and a
//! few faces. No clock, no network.
//!
//! The values reach the template as data and never as markup, so that nothing in a name can change the document. The bytes
//! depend on the values and the template alone: the date of making is a fixed one, and the faces travel with the program.
//! The documents conform to PDF/A-2a: searchable, tagged, everything embedded.

pub(crate) mod template;
pub(crate) mod text;

use std::fs::File;
use std::io::Read;
use std::panic::resume_unwind;
use std::path::Path;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::Builder;

use typst::diag::{FileError, FileResult, PackageError, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World, WorldExt};
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::source_file::Fault;
pub use template::Template;
pub(crate) use text::{day, printable};

/// Pictures, faces and further templates of at most this many bytes are read.
const MAX_FILE_BYTES: u64 = 32 * 1024 * 1024;

static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| LazyHash::new(Library::default()));

/// Golos Text, which has Latin, Cyrillic and ₽, in two weights.
static FACES: LazyLock<Vec<Font>> = LazyLock::new(|| {
    let files: [&'static [u8]; 2] =
        [include_bytes!("pdf/faces/GolosText-Regular.ttf"), include_bytes!("pdf/faces/GolosText-SemiBold.ttf")];
    files.into_iter().flat_map(|file| Font::iter(Bytes::new(file))).collect()
});

/// The values of one document, as its template receives them.
pub(crate) struct Values<'v> {
    /// The file as which the template reads them.
    pub name: &'static str,
    /// Its content, JSON.
    pub json: Vec<u8>,
    /// Every text in it that comes from outside and may have any letters.
    pub texts: Vec<&'v str>,
    /// What the document is of: its identity.
    pub identity: &'v str,
}

/// Sets a document.
///
/// # Errors
///
/// [`Error::Refused`] with every fault of the template at its line; [`Error::NoFace`] where a text has letters that no
/// face of the program or the template's folder has.
pub(crate) fn pdf(template: &Template, values: Values<'_>) -> Result<Vec<u8>, Error> {
    let press = TypstWorld::new(template, values.name, values.json);
    let strange = press.strange_letters(&values.texts);
    if !strange.is_empty() {
        return Err(Error::NoFace { letters: strange });
    }
    let set = typst::compile(&press);
    // a remark, such as on a face that is not there, means that the document is not what its author wants
    let remarks = set.warnings;
    let made = match set.output {
        Ok(document) if remarks.is_empty() => typst_pdf::pdf(&document, &options(values.identity)),
        Ok(_) => Err(remarks),
        Err(faults) => Err(faults),
    };
    // the typesetter's memory of its steps is of use to nobody: the next document has other values
    typst::comemo::evict(0);
    made.map_err(|found| press.refused(&found))
}

/// A document that is left out because it has letters that no face has.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct LeftOut {
    /// Its place among the documents.
    pub at: usize,
    /// The letters.
    pub letters: String,
}

/// Makes one document after another, on as many threads as the program has; ends at the first that cannot be made, but for those
/// that only lack letters, which are left out and told in their order.
///
/// The typesetter spreads its own work over the program's threads. One that waited there for a part of its document would begin the
/// next whole document meanwhile, and so on until its stack is full: these threads are others, and each has one document in hand.
///
/// # Errors
///
/// What `make` says of a document.
///
/// # Panics
///
/// Where `make` panics, or the system refuses a thread.
pub(crate) fn each<T: Sync>(of: &[T], make: impl Fn(&T) -> Result<(), Error> + Sync) -> Result<Vec<LeftOut>, Error> {
    /// As much as a program's first thread has: documents nest deeply.
    const STACK_BYTES: usize = 8 * 1024 * 1024;
    let next = AtomicUsize::new(0);
    let work = || {
        let mut left_out = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(one) = of.get(at) else { return Ok(left_out) };
            match make(one) {
                Ok(()) => {}
                Err(Error::NoFace { letters }) => left_out.push(LeftOut { at, letters }),
                Err(fault) => {
                    next.store(of.len(), Ordering::Relaxed);
                    return Err(fault);
                }
            }
        }
    };
    std::thread::scope(|threads| {
        let begin = |_| Builder::new().stack_size(STACK_BYTES).spawn_scoped(threads, work);
        let makers: Vec<_> = (0..rayon::current_num_threads().min(of.len())).map(begin).collect();
        let done = makers.into_iter().map(|maker| maker.expect("the system gives a thread").join());
        let done = done.map(|done| done.unwrap_or_else(|panic| resume_unwind(panic)));
        let mut left_out = done.collect::<Result<Vec<_>, _>>()?.concat();
        left_out.sort();
        Ok(left_out)
    })
}

/// PDF/A-2a with an identity.
fn options(identity: &str) -> PdfOptions {
    // the standard wants a date of making, and sameness of bytes the same one every day
    let made = Datetime::from_ymd(2000, 1, 1).map(Timestamp::new_utc);
    PdfOptions {
        ident: Smart::Custom(identity.to_owned()),
        creator: Smart::Custom(Some("kollektiv".to_owned())),
        timestamp: made,
        standards: PdfStandards::new(&[PdfStandard::A_2a]).expect("one standard contradicts no other"),
        ..PdfOptions::default()
    }
}

/// A template made ready to set one document.
struct TypstWorld<'t> {
    template: &'t Template,
    main: Source,
    values_name: &'static str,
    values: Bytes,
    faces: Vec<Font>,
    book: LazyHash<FontBook>,
}

impl<'t> TypstWorld<'t> {
    fn new(template: &'t Template, values_name: &'static str, values: Vec<u8>) -> Self {
        let name = template.source.path.file_name().unwrap_or_default().to_string_lossy();
        let path = VirtualPath::new(name).or_else(|_| VirtualPath::new("template.typ"));
        let id = RootedPath::new(VirtualRoot::Project, path.expect("a plain name is a path")).intern();
        let mut faces = FACES.clone();
        faces.extend(template.folder.iter().flat_map(|folder| own_faces(folder)));
        Self {
            template,
            main: Source::new(id, without_mark(&template.source.text).to_owned()),
            values_name,
            values: Bytes::new(values),
            book: LazyHash::new(FontBook::from_fonts(&faces)),
            faces,
        }
    }

    /// The letters of texts that no face has, each once.
    fn strange_letters(&self, texts: &[&str]) -> String {
        let mut strange = String::new();
        for letter in texts.iter().flat_map(|text| text.chars()) {
            let known = self.faces.iter().any(|face| face.info().coverage.contains(u32::from(letter)));
            if !known && !strange.contains(letter) {
                strange.push(letter);
            }
        }
        strange
    }

    /// The template refused for what the typesetter found, each fault at its line.
    fn refused(&self, found: &[SourceDiagnostic]) -> Error {
        let faults = found.iter().map(|found| self.fault(found)).collect();
        Error::Refused { document: Box::new(self.template.source.clone()), faults }
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
            _ if path.get_without_slash() == self.values_name => Ok(self.values.clone()),
            (VirtualRoot::Project, Some(folder)) => read(&path.realize(folder).map_err(FileError::Realize)?),
            (VirtualRoot::Project, None) => Err(FileError::NotFound(path.get_without_slash().into())),
        }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.faces.get(index).cloned()
    }

    /// No day: the same document has the same bytes on all of them.
    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}

/// A text without the byte order mark.
fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

/// A file of the template's folder.
fn read(path: &Path) -> FileResult<Bytes> {
    let refused = |fault| FileError::from_io(fault, path);
    let file = File::open(path).map_err(refused)?;
    let mut bytes = Vec::new();
    file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(refused)?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(FileError::Other(Some(format!("more than {MAX_FILE_BYTES} bytes").into())));
    }
    Ok(Bytes::new(bytes))
}

/// The faces beside an own template, in the order of their names.
fn own_faces(folder: &Path) -> Vec<Font> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<_> = entries.map(|entry| entry.path()).filter(|path| is_face(path)).collect();
    files.sort();
    files.iter().filter_map(|file| read(file).ok()).flat_map(Font::iter).collect()
}

fn is_face(path: &Path) -> bool {
    let extension = path.extension().unwrap_or_default();
    ["ttf", "otf", "ttc"].iter().any(|known| extension.eq_ignore_ascii_case(known))
}
