//! Chunks of rows, packed on all threads and written in their order.

use std::collections::VecDeque;
use std::io::Write;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::Duration;

use rayon::{ScopeFifo, Yield};
use rust_xlsxwriter::XlsxError;

use crate::output::xlsx::cells::{Cells, Style};
use crate::output::xlsx::deflate::{Deflate, Packed};
use crate::output::xlsx::rows::{Area, RowSpan, Rows};
use crate::output::xlsx::zip_file::ZipPart;

/// The rows of one sheet on their way: packed in chunks on the threads of the pool, and written in their order.
///
/// A few chunks for each thread are in memory at a time. Where chunks end must not depend on the number of threads, because
/// the packed bytes depend on it.
pub struct ChunkQueue<'q, 'scope, W, E> {
    scope: &'q ScopeFifo<'scope>,
    part: ZipPart<'q, W>,
    deflate: &'q Arc<Deflate>,
    area: Area,
    styles: &'q [Style],
    /// The chunk that grows row by row.
    open: Option<Rows>,
    /// How many chunks have been begun.
    chunks: u32,
    in_flight: VecDeque<Receiver<Result<Chunk, E>>>,
    /// The last row in the file.
    last_row: Option<u32>,
}

/// A packed chunk and its rows; `None` where it has none.
type Chunk = Option<(Packed, RowSpan)>;

impl<'q, 'scope, W: Write, E: From<XlsxError> + Send + 'scope> ChunkQueue<'q, 'scope, W, E> {
    pub(super) fn new(
        scope: &'q ScopeFifo<'scope>,
        part: ZipPart<'q, W>,
        deflate: &'q Arc<Deflate>,
        area: Area,
        styles: &'q [Style],
    ) -> Self {
        Self { scope, part, deflate, area, styles, open: None, chunks: 0, in_flight: VecDeque::new(), last_row: None }
    }

    /// The formats of the sheet's rows, in the order in which they were reserved.
    ///
    /// # Errors
    ///
    /// Where not so many were reserved.
    pub fn styles<const N: usize>(&self) -> Result<[Style; N], XlsxError> {
        let other = |_| XlsxError::ParameterError(format!("{} formats were reserved, not {N}", self.styles.len()));
        self.styles.try_into().map_err(other)
    }

    /// The next row, as [`Rows::row`]: for rows that one thread finds one after another while others pack those before.
    ///
    /// # Errors
    ///
    /// A fault of the chunks before.
    pub fn row(&mut self, row: u32, height_points: Option<u32>) -> Result<Cells<'_>, E> {
        if self.open.as_ref().is_some_and(Rows::is_full) {
            self.pack_open_chunk()?;
        }
        let rows = match self.open.take() {
            Some(rows) => rows,
            None => self.new_chunk(),
        };
        Ok(self.open.insert(rows).row(row, height_points))
    }

    /// Adds a chunk, about [`CHUNK_ROWS`](crate::output::xlsx::rows::CHUNK_ROWS) rows that `fill` makes on a thread of the pool: for rows that
    /// can be made apart from those before.
    ///
    /// # Errors
    ///
    /// A fault of the chunks before.
    pub fn add_chunk(&mut self, fill: impl FnOnce(&mut Rows) -> Result<(), E> + Send + 'scope) -> Result<(), E> {
        self.pack_open_chunk()?;
        let rows = self.new_chunk();
        self.spawn(rows, fill)
    }

    /// Ends the part with what is left of the rows and what follows them.
    pub(super) fn finish(mut self, tail: &str) -> Result<(), E> {
        self.pack_open_chunk()?;
        while let Some(chunk) = self.in_flight.pop_front() {
            self.write_chunk(wait_for(&chunk)?)?;
        }
        let tail = self.deflate.pack_last(tail.as_bytes()).and_then(|tail| self.part.write(&tail));
        Ok(tail.and_then(|()| self.part.finish()).map_err(XlsxError::IoError)?)
    }

    fn new_chunk(&mut self) -> Rows {
        self.chunks += 1;
        Rows::new(self.deflate.buffer(), self.area, self.chunks - 1)
    }

    fn pack_open_chunk(&mut self) -> Result<(), E> {
        match self.open.take() {
            Some(rows) => self.spawn(rows, |_| Ok(())),
            None => Ok(()),
        }
    }

    fn spawn(
        &mut self,
        mut rows: Rows,
        fill: impl FnOnce(&mut Rows) -> Result<(), E> + Send + 'scope,
    ) -> Result<(), E> {
        self.make_room()?;
        let (send, receive) = sync_channel(1);
        let deflate = Arc::clone(self.deflate);
        self.scope.spawn_fifo(move |_| {
            let chunk = fill(&mut rows).and_then(|()| Ok(pack_rows(rows, &deflate)?));
            // nothing waits for it where a chunk before has failed
            let _ = send.send(chunk);
        });
        self.in_flight.push_back(receive);
        Ok(())
    }

    /// Writes the chunks that are ready, and waits for the first of them where too many are in memory.
    fn make_room(&mut self) -> Result<(), E> {
        let most = 2 * rayon::current_num_threads();
        while let Some(first) = self.in_flight.pop_front() {
            let chunk = if self.in_flight.len() >= most {
                wait_for(&first)?
            } else if let Ok(chunk) = first.try_recv() {
                chunk?
            } else {
                self.in_flight.push_front(first);
                break;
            };
            self.write_chunk(chunk)?;
        }
        Ok(())
    }

    fn write_chunk(&mut self, chunk: Chunk) -> Result<(), E> {
        let Some((packed, rows)) = chunk else { return Ok(()) };
        if self.last_row.is_some_and(|before| before >= rows.first) {
            return Err(XlsxError::RowColumnOrderError.into());
        }
        self.last_row = Some(rows.last);
        self.part.write(&packed).map_err(XlsxError::IoError)?;
        self.deflate.return_buffer(packed.bytes);
        Ok(())
    }
}

fn pack_rows(rows: Rows, deflate: &Deflate) -> Result<Chunk, XlsxError> {
    let (xml, rows) = rows.finish()?;
    let packed = rows.map(|rows| Ok::<_, XlsxError>((deflate.pack(&xml)?, rows))).transpose();
    deflate.return_buffer(xml);
    packed
}

/// Waits for a chunk; a thread of the pool works on others meanwhile, so that a pool of one thread goes on too.
fn wait_for<E: From<XlsxError>>(chunk: &Receiver<Result<Chunk, E>>) -> Result<Chunk, E> {
    // long enough to spare the processor, short beside the packing of a chunk
    const PAUSE: Duration = Duration::from_micros(100);
    loop {
        let received = match rayon::yield_now() {
            None => chunk.recv().map_err(|_| RecvTimeoutError::Disconnected),
            Some(Yield::Executed) => chunk.recv_timeout(Duration::ZERO),
            Some(Yield::Idle) => chunk.recv_timeout(PAUSE),
        };
        match received {
            Ok(chunk) => return chunk,
            Err(RecvTimeoutError::Timeout) => {}
            // its thread has panicked, which goes on where the scope ends
            Err(RecvTimeoutError::Disconnected) => {
                return Err(XlsxError::ParameterError("a chunk of rows is lost".to_owned()).into());
            }
        }
    }
}
