//! Typesetting with an insurer's own template in a child of the program.
//!
//! A template is a program: it may loop, or build a document without end. The child has limits of memory and of time for each document,
//! which it keeps itself, so that it ends also where its parent is gone. It sets one document after another, since starting takes longer
//! than most documents. The bytes of a document are the same as those that this process would make.

use std::io::{self, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, ExitCode, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::source_file::{Fault, SourceFile};
use crate::output::pdf::data::Data;
use crate::output::pdf::render_fault::RenderFault;
use crate::output::pdf::setting::Press;
use crate::output::pdf::template::{ProvidedFile, Template};
use crate::table::trial::limited;

/// The first argument of a child.
const ARGUMENT: &str = "typeset";
/// The time for one document.
const PATIENCE: Duration = Duration::from_secs(30);
const MEMORY_MEBIBYTES: u64 = 3072;
/// The child's open files: fonts and pictures of the template.
const OPEN_FILES: u32 = 256;
/// A longer message between the processes is none.
const MAX_FRAME_BYTES: u64 = 1 << 30;
/// The exit code of a child whose document takes too long.
const OVER_LIMITS: i32 = 3;
/// The first byte of an answer: a document, or why there is none.
const DOCUMENT: u8 = 1;

/// The template of a child's documents.
#[derive(Serialize, Deserialize)]
struct Setting {
    path: PathBuf,
    text: String,
    folder: Option<PathBuf>,
    provided: Vec<ProvidedFile>,
    file: String,
}

/// A document to set.
#[derive(Serialize, Deserialize)]
struct Job {
    json: Value,
    identity: String,
}

/// A child that waits for documents of one template.
struct Worker {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    source: SourceFile,
    provided: Arc<Vec<ProvidedFile>>,
    file: String,
}

/// The children without work; they end with this process, when their input ends.
static IDLE: Mutex<Vec<Worker>> = Mutex::new(Vec::new());

/// Sets the documents of the parent if this process is such a child, and returns the exit code.
#[must_use]
pub fn start() -> Option<ExitCode> {
    let is_child = std::env::args_os().nth(1).is_some_and(|argument| argument == ARGUMENT);
    is_child.then(|| match serve(io::stdin().lock(), io::stdout().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    })
}

/// Sets documents until the input ends.
fn serve(mut input: impl Read, mut output: impl Write) -> io::Result<()> {
    let begun: Arc<Mutex<Option<Instant>>> = Arc::default();
    let watched = Arc::clone(&begun);
    thread::Builder::new().spawn(move || watch(&watched))?;
    let Some(setting) = read_frame(&mut input)? else { return Ok(()) };
    let Setting { path, text, folder, provided, file } = serde_json::from_slice(&setting)?;
    let template = Template { source: SourceFile { path, text }, folder, provided: Arc::new(provided) };
    let mut press = None;
    while let Some(job) = read_frame(&mut input)? {
        let Job { json, identity } = serde_json::from_slice(&job)?;
        *locked(&begun) = Some(Instant::now());
        // the template may take long already when it is parsed
        let press = press.get_or_insert_with(|| Press::new(&template));
        let set = press.set(&Data { file: &file, json, identity: &identity });
        *locked(&begun) = None;
        let mut answer = Vec::new();
        match set {
            Ok(document) => {
                answer.push(DOCUMENT);
                answer.extend(document);
            }
            Err(fault) => {
                answer.push(0);
                serde_json::to_writer(&mut answer, &fault)?;
            }
        }
        write_frame(&mut output, &answer)?;
    }
    Ok(())
}

/// Ends the process when a document takes too long.
fn watch(begun: &Mutex<Option<Instant>>) {
    const PAUSE: Duration = Duration::from_millis(200);
    loop {
        thread::sleep(PAUSE);
        if locked(begun).is_some_and(|begun| begun.elapsed() > PATIENCE) {
            std::process::exit(OVER_LIMITS);
        }
    }
}

/// Sets a document in a child.
///
/// # Errors
///
/// [`Error::Refused`] where the child does not return in its limits, [`Error::Io`] where the system refuses a child.
pub(super) fn render(
    program: &Path,
    template: &Template,
    data: &Data<'_>,
) -> Result<Result<Vec<u8>, RenderFault>, Error> {
    let refused = |fault| Error::Io { path: program.to_owned(), fault };
    let mut worker = match idle(template, data.file) {
        Some(worker) => worker,
        None => Worker::start(program, template, data.file).map_err(refused)?,
    };
    if let Ok(set) = worker.set(data) {
        locked(&IDLE).push(worker);
        return Ok(set);
    }
    // it has ended, or its answer is none
    let _ = worker.child.kill();
    match worker.child.wait().map_err(refused)?.code() {
        // a shell's codes for a program that cannot be started
        Some(126 | 127) => Err(refused(io::ErrorKind::NotFound.into())),
        _ => Err(over_limits(template)),
    }
}

/// A child of this template that waits.
fn idle(template: &Template, file: &str) -> Option<Worker> {
    let mut idle = locked(&IDLE);
    let is_of = |worker: &Worker| {
        worker.file == file && worker.source == template.source && worker.provided == template.provided
    };
    let at = idle.iter().position(is_of)?;
    Some(idle.swap_remove(at))
}

fn over_limits(template: &Template) -> Error {
    let message =
        Message::new("template-over-limits").with("seconds", PATIENCE.as_secs()).with("memory", MEMORY_MEBIBYTES);
    Error::Refused { source: Box::new(template.source.clone()), faults: vec![Fault { span: 0..0, message }] }
}

impl Worker {
    fn start(program: &Path, template: &Template, file: &str) -> io::Result<Self> {
        let mut child = limited(program, ARGUMENT, MEMORY_MEBIBYTES * 1024, "unlimited", OPEN_FILES)
            // each child has a document of its own
            .env("RAYON_NUM_THREADS", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(io::ErrorKind::BrokenPipe.into());
        };
        let (source, provided) = (template.source.clone(), Arc::clone(&template.provided));
        let mut worker = Self { child, input, output: BufReader::new(output), source, provided, file: file.to_owned() };
        let SourceFile { path, text } = template.source.clone();
        let (folder, provided) = (template.folder.clone(), template.provided.to_vec());
        let setting = Setting { path, text, folder, provided, file: file.to_owned() };
        // a child that has ended is noticed when it has no answer
        let _ = write_frame(&mut worker.input, &serde_json::to_vec(&setting)?);
        Ok(worker)
    }

    /// Sets a document; an error where the child has ended.
    fn set(&mut self, data: &Data<'_>) -> io::Result<Result<Vec<u8>, RenderFault>> {
        let job = Job { json: data.json.clone(), identity: data.identity.to_owned() };
        write_frame(&mut self.input, &serde_json::to_vec(&job)?)?;
        let mut answer = read_frame(&mut self.output)?.ok_or(io::ErrorKind::UnexpectedEof)?;
        match answer.first() {
            Some(&DOCUMENT) => {
                answer.remove(0);
                Ok(Ok(answer))
            }
            _ => Ok(Err(serde_json::from_slice(answer.get(1..).unwrap_or_default())?)),
        }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Writes the length of a message and its bytes.
fn write_frame(output: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
    output.write_all(&(bytes.len() as u64).to_le_bytes())?;
    output.write_all(bytes)?;
    output.flush()
}

/// Reads a message; `None` at the end of the input.
fn read_frame(input: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut length = [0; 8];
    match input.read_exact(&mut length) {
        Err(fault) if fault.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        read => read?,
    }
    let length = u64::from_le_bytes(length);
    if length > MAX_FRAME_BYTES {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut bytes = Vec::new();
    input.take(length).read_to_end(&mut bytes)?;
    if bytes.len() as u64 == length { Ok(Some(bytes)) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_child_sets_the_documents_that_this_process_would_set() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("own.typ");
        let text = "#let data = json(\"data.json\")\n#json(\"provided.json\").join()\n#if data.wrong [#missing] else [#data.name]\n";
        let template = Template {
            source: SourceFile { path: path.clone(), text: text.to_owned() },
            folder: Some(folder.path().to_owned()),
            provided: Arc::new(vec![ProvidedFile {
                name: "provided.json".to_owned(),
                bytes: b"[\"provided\"]".to_vec(),
            }]),
        };
        let jobs = [
            json!({"name": "Один", "wrong": false}),
            json!({"name": "Два", "wrong": true}),
            json!({"name": "漢", "wrong": false}),
        ];
        let mut input = Vec::new();
        let setting = Setting {
            path,
            text: text.to_owned(),
            folder: template.folder.clone(),
            provided: template.provided.to_vec(),
            file: "data.json".to_owned(),
        };
        write_frame(&mut input, &serde_json::to_vec(&setting).unwrap()).unwrap();
        for json in &jobs {
            let job = Job { json: json.clone(), identity: "1".to_owned() };
            write_frame(&mut input, &serde_json::to_vec(&job).unwrap()).unwrap();
        }
        let mut output = Vec::new();
        serve(input.as_slice(), &mut output).unwrap();
        let mut output = output.as_slice();
        let mut next = || read_frame(&mut output).unwrap().unwrap();
        let here =
            |json: &Value| Press::new(&template).set(&Data { file: "data.json", json: json.clone(), identity: "1" });
        assert_eq!(next()[1..], here(&jobs[0]).unwrap());
        let fault = |answer: &[u8]| serde_json::from_slice::<RenderFault>(&answer[1..]).unwrap().into_error(&template);
        let (wrong, missing) = (fault(&next()), fault(&next()));
        assert!(matches!(wrong, Error::Refused { ref faults, .. } if faults.len() == 1), "{wrong}");
        assert!(matches!(missing, Error::NoFace { ref letters } if letters == "漢"), "{missing}");
        assert_eq!(read_frame(&mut output).unwrap(), None);
    }
}
