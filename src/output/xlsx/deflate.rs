//! Parts of one deflate stream, made on their own.

use std::io;
use std::sync::{Mutex, PoisonError};

use flate2::{Compress, Compression, Crc, FlushCompress};

/// How hard the XML is packed: a workbook at level 3 takes a third longer and is a twentieth smaller.
pub const COMPRESSION_LEVEL: u8 = 2;

/// A part of a deflate stream that begins and ends at a whole byte and refers to nothing before it.
///
/// Parts that stand one after another, the last of them [`Deflate::pack_last`]'s, are one valid stream.
#[derive(Debug)]
pub struct Packed {
    /// The packed bytes.
    pub bytes: Vec<u8>,
    /// The checksum of the unpacked bytes.
    pub crc: Crc,
    /// The number of the unpacked bytes.
    pub unpacked_bytes: u64,
}

/// Packs parts on as many threads as ask for it, in buffers that are used again: equal parts give equal bytes.
#[derive(Debug, Default)]
pub struct Deflate {
    idle: Mutex<Idle>,
}

/// What no thread uses at the moment.
#[derive(Debug, Default)]
struct Idle {
    states: Vec<Compress>,
    buffers: Vec<Vec<u8>>,
}

impl Deflate {
    /// An empty buffer.
    pub fn buffer(&self) -> Vec<u8> {
        self.with_idle(|idle| idle.buffers.pop()).unwrap_or_default()
    }

    /// Takes a buffer back.
    pub fn return_buffer(&self, mut buffer: Vec<u8>) {
        buffer.clear();
        self.with_idle(|idle| idle.buffers.push(buffer));
    }

    /// Packs a part that others follow.
    ///
    /// # Errors
    ///
    /// Where the packing library gives up, which it has no reason to.
    pub fn pack(&self, part: &[u8]) -> io::Result<Packed> {
        self.pack_until(part, FlushCompress::Full)
    }

    /// Packs the last part of a stream.
    ///
    /// # Errors
    ///
    /// As [`Deflate::pack`].
    pub fn pack_last(&self, part: &[u8]) -> io::Result<Packed> {
        self.pack_until(part, FlushCompress::Finish)
    }

    fn pack_until(&self, part: &[u8], flush: FlushCompress) -> io::Result<Packed> {
        let state = self.with_idle(|idle| idle.states.pop());
        let mut state = state.unwrap_or_else(|| Compress::new(Compression::new(COMPRESSION_LEVEL.into()), false));
        state.reset();
        let mut bytes = self.buffer();
        // no level needs more than nine bits for a byte: with room for all, one call packs everything
        bytes.reserve(part.len() + part.len() / 8 + 64);
        state.compress_vec(part, &mut bytes, flush)?;
        if state.total_in() != part.len() as u64 || bytes.len() == bytes.capacity() {
            return Err(io::Error::other("the packing library has not packed everything"));
        }
        self.with_idle(|idle| idle.states.push(state));
        let mut crc = Crc::new();
        crc.update(part);
        Ok(Packed { bytes, crc, unpacked_bytes: part.len() as u64 })
    }

    /// A lock that a panic has poisoned still holds nothing but spare parts.
    fn with_idle<R>(&self, change: impl FnOnce(&mut Idle) -> R) -> R {
        change(&mut self.idle.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use flate2::read::DeflateDecoder;

    use super::*;

    #[test]
    fn parts_packed_apart_are_one_stream() {
        let deflate = Deflate::default();
        let noise = |seed: u32| {
            let next = |state: &mut u32| {
                *state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                Some(state.to_be_bytes()[0])
            };
            std::iter::repeat_with(|| ()).scan(seed, move |state, ()| next(state)).take(100_000).collect::<Vec<u8>>()
        };
        let parts = [b"<row/>".repeat(50_000), noise(1), Vec::new(), noise(2), b"</worksheet>".to_vec()];
        let (last, others) = parts.split_last().unwrap();
        let mut packed: Vec<Packed> = others.iter().map(|part| deflate.pack(part).unwrap()).collect();
        packed.push(deflate.pack_last(last).unwrap());
        let (mut stream, mut crc) = (Vec::new(), Crc::new());
        for part in &packed {
            stream.extend_from_slice(&part.bytes);
            crc.combine(&part.crc);
        }
        let mut unpacked = Vec::new();
        let mut decoder = DeflateDecoder::new(stream.as_slice());
        decoder.read_to_end(&mut unpacked).unwrap();
        assert_eq!(unpacked, parts.concat());
        assert_eq!(decoder.total_in(), stream.len() as u64);
        let mut whole = Crc::new();
        whole.update(&unpacked);
        assert_eq!(crc.sum(), whole.sum());
    }

    #[test]
    fn a_used_packer_gives_the_same_bytes_as_a_new_one() {
        let used = Deflate::default();
        for text in ["<v>1</v>".repeat(9_000), "<v>29</v>".repeat(90_000), "x".to_owned()] {
            let first = used.pack(text.as_bytes()).unwrap();
            let again = Deflate::default().pack(text.as_bytes()).unwrap();
            assert_eq!(first.bytes, again.bytes);
            used.return_buffer(first.bytes);
        }
    }
}
