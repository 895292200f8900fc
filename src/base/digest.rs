//! SHA-256 of bytes, by which a result proves what it was made from.

use std::io::{self, Read};
use std::sync::mpsc::{channel, sync_channel};

use sha2::{Digest, Sha256};

/// The size of a part that is hashed while the next one is read.
const PART_BYTES: u64 = 1 << 20;

/// SHA-256 of the bytes, in hexadecimal.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

/// Passes all bytes of the reader to `take`, part by part, and returns their SHA-256 in hexadecimal.
///
/// Another thread hashes while the next part is read.
///
/// # Errors
///
/// The error of the reader.
///
/// # Panics
///
/// Never: hashing does not panic.
pub fn read_hashed(mut reader: impl Read, mut take: impl FnMut(&[u8])) -> io::Result<String> {
    const PARTS_WAITING: usize = 4;
    let mut part = Vec::new();
    reader.by_ref().take(PART_BYTES).read_to_end(&mut part)?;
    take(&part);
    if (part.len() as u64) < PART_BYTES {
        return Ok(sha256(&part));
    }
    let (sender, parts) = sync_channel::<Vec<u8>>(PARTS_WAITING);
    let (emptied, empty) = channel();
    std::thread::scope(|threads| {
        let hashing = threads.spawn(move || {
            let mut hash = Sha256::new();
            for part in parts {
                hash.update(&part);
                // the send fails once everything is read: the buffer is not needed then
                let _ = emptied.send(part);
            }
            hexadecimal(&hash.finalize())
        });
        while !part.is_empty() {
            // the hashing thread receives until the sender is dropped
            let _ = sender.send(part);
            part = empty.try_recv().unwrap_or_default();
            part.clear();
            reader.by_ref().take(PART_BYTES).read_to_end(&mut part)?;
            take(&part);
        }
        drop(sender);
        Ok(hashing.join().expect("hashing does not panic"))
    })
}

/// The bytes in hexadecimal, two digits each.
#[must_use]
pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|half| char::from_digit(u32::from(half), 16))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_bytes_are_passed_and_hashed() {
        for size in [0, 1, 1 << 20, (1 << 20) + 1, 3 << 20] {
            let written: Vec<u8> = (0..size).map(|at: usize| at.to_le_bytes()[at % 3]).collect();
            let mut read = Vec::new();
            let hash = read_hashed(written.as_slice(), |part| read.extend_from_slice(part)).unwrap();
            assert_eq!(hash, sha256(&written));
            assert!(read == written);
        }
    }

    #[test]
    fn the_digest_is_the_published_one() {
        assert_eq!(sha256(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
