//! The files of a book: immutable Parquet, proved row group by row group.
//!
//! The register keeps the SHA-256 of every row group and of the footer. Only proved bytes are decoded, damage costs only the
//! contracts whose rows are damaged, and a run reads only the row groups that it needs.

pub mod decode;
mod foreign_file;
mod reader;
mod stored_file;
mod writer;

pub use reader::Reader;
pub use stored_file::{Damage, FOLDER, FileKind, RowGroup, StoredFile, file_name};
pub use writer::{Encoded, Encoder, Writer};
