//! Fingerprints of bytes, by which a result proves what it was made from.

use std::io::{self, Read};
use std::sync::mpsc::{SyncSender, sync_channel};

use sha2::{Digest, Sha256};

/// So many bytes are hashed while the next ones are read.
const PART_BYTES: u64 = 1 << 20;

/// SHA-256 of the bytes, in hexadecimal.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

/// Everything that can be read, about so many bytes, and its SHA-256 in hexadecimal, which is worked out meanwhile.
///
/// # Errors
///
/// Whatever the reader refuses.
///
/// # Panics
///
/// Never: hashing does not panic.
pub fn read_hashed(mut reader: impl Read, size: u64) -> io::Result<(Vec<u8>, String)> {
    const PARTS_WAITING: usize = 4;
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
    if size <= PART_BYTES {
        reader.read_to_end(&mut bytes)?;
        let hash = sha256(&bytes);
        return Ok((bytes, hash));
    }
    let (sender, parts) = sync_channel::<Vec<u8>>(PARTS_WAITING);
    std::thread::scope(|threads| {
        let hashing = threads.spawn(move || {
            let mut hash = Sha256::new();
            for part in parts {
                hash.update(part);
            }
            hexadecimal(&hash.finalize())
        });
        read_parts(&mut reader, &mut bytes, sender)?;
        Ok((bytes, hashing.join().expect("hashing does not panic")))
    })
}

/// Reads everything, and hands a copy of each part on; nobody is handed more once this has returned.
#[expect(clippy::needless_pass_by_value, reason = "whoever hashes waits until it is dropped")]
fn read_parts(reader: &mut impl Read, bytes: &mut Vec<u8>, sender: SyncSender<Vec<u8>>) -> io::Result<()> {
    loop {
        let before = bytes.len();
        if reader.take(PART_BYTES).read_to_end(bytes)? == 0 {
            return Ok(());
        }
        // who hashes listens to the end
        let _ = sender.send(bytes[before..].to_vec());
    }
}

/// The bytes as hexadecimal digits, two each.
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
    fn what_is_read_is_hashed_whole() {
        for size in [0, 1, 1 << 20, (1 << 20) + 1, 3 << 20] {
            let written: Vec<u8> = (0..size).map(|at: usize| at.to_le_bytes()[at % 3]).collect();
            // a file may grow or shrink between the look at its size and the reading
            for told in [0, written.len() as u64, 2 * PART_BYTES] {
                let (read, hash) = read_hashed(written.as_slice(), told).unwrap();
                assert_eq!(hash, sha256(&written));
                assert!(read == written);
            }
        }
    }

    #[test]
    fn the_digest_is_the_published_one() {
        assert_eq!(sha256(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
