//! The places of a page, encoded as runs and packed bits: the same bytes as the library's encoder makes, which looks at one place at a time.
//!
//! The format has two kinds of runs: one place repeated, and places packed side by side. [`encode`] looks for repetitions in steps of
//! four places, and packs everything between them 32 places at a time.

use polars_parquet::parquet::encoding::{bitpacked, uleb128};

/// The most places that are packed in one run.
const MOST_PACKED: usize = 8 * 1024;
/// The places that are packed together.
const BLOCK: usize = 32;
/// Packed runs have a multiple of this number of places.
const GROUP: usize = 8;
/// A place is written once if it is repeated so often at least.
const FEWEST_REPEATED: usize = GROUP + 1;

/// The bits that hold every place.
pub fn width(places: &[u32]) -> u32 {
    u32::BITS - most(places).leading_zeros()
}

/// The largest place; 0 where there is none.
pub fn most(places: &[u32]) -> u32 {
    places.iter().fold(0, |most, place| most.max(*place))
}

/// Appends the places of `bits` bits each.
pub fn encode(bytes: &mut Vec<u8>, places: &[u32], bits: u32) {
    // everything before `start` is written, and no repetition begins between it and `from`
    let (mut start, mut from) = (0, 0);
    while let Some((mut first, end)) = next_repetition(places, from) {
        from = end;
        loop {
            // places of the repetition that complete the packed run before it
            let completing = (first - start).next_multiple_of(GROUP) - (first - start);
            let is_long = end - first >= completing + FEWEST_REPEATED;
            let fills_run = first - start + completing + GROUP > MOST_PACKED;
            if is_long && !fills_run {
                pack(bytes, &places[start..first + completing], bits);
                repeat(bytes, places[first], end - first - completing, bits);
                start = end;
                break;
            }
            if end <= start + MOST_PACKED {
                break;
            }
            pack(bytes, &places[start..start + MOST_PACKED], bits);
            start += MOST_PACKED;
            first = first.max(start);
        }
    }
    places[start..].chunks(MOST_PACKED).for_each(|places| pack(bytes, places, bits));
}

/// The next place that is repeated often enough from `from` on: where it begins and where it ends.
fn next_repetition(places: &[u32], from: usize) -> Option<(usize, usize)> {
    // a repetition of nine has both places of one of these pairs
    const STEP: usize = 4;
    let mut at = from;
    while let Some(other) = places.get(at + STEP) {
        let place = places[at];
        if place != *other {
            at += STEP;
            continue;
        }
        let before = places[from..at].iter().rev().take_while(|before| **before == place).count();
        let end = at + places[at..].iter().take_while(|after| **after == place).count();
        if end + before - at >= FEWEST_REPEATED {
            return Some((at - before, end));
        }
        at = end.max(at + 1);
    }
    None
}

/// Appends a run of packed places; nothing if there is none.
fn pack(bytes: &mut Vec<u8>, places: &[u32], bits: u32) {
    if places.is_empty() {
        return;
    }
    let bits = bits as usize;
    push_header(bytes, places.len().div_ceil(GROUP) << 1 | 1);
    let (blocks, rest) = places.as_chunks::<BLOCK>();
    let mut packed = [0; BLOCK * size_of::<u32>()];
    for block in blocks {
        bitpacked::encode_pack::<u32>(block, bits, &mut packed);
        bytes.extend_from_slice(&packed[..BLOCK / GROUP * bits]);
    }
    if !rest.is_empty() {
        // readers ignore the places after the last; the library repeats those of the block before
        let mut block = blocks.last().copied().unwrap_or_default();
        block[..rest.len()].copy_from_slice(rest);
        bitpacked::encode_pack::<u32>(&block, bits, &mut packed);
        bytes.extend_from_slice(&packed[..rest.len().div_ceil(GROUP) * bits]);
    }
}

/// Appends a run of one place.
fn repeat(bytes: &mut Vec<u8>, place: u32, times: usize, bits: u32) {
    push_header(bytes, times << 1);
    bytes.extend_from_slice(&place.to_le_bytes()[..(bits as usize).div_ceil(GROUP)]);
}

fn push_header(bytes: &mut Vec<u8>, header: usize) {
    let mut encoded = [0; 10];
    let count = uleb128::encode(header as u64, &mut encoded);
    bytes.extend_from_slice(&encoded[..count]);
}

#[cfg(test)]
mod tests {
    use polars_parquet::parquet::encoding::hybrid_rle;
    use proptest::prelude::*;

    use super::*;

    fn assert_as_library(places: &[u32]) {
        let bits = width(places);
        let (mut own, mut library) = (Vec::new(), Vec::new());
        encode(&mut own, places, bits);
        hybrid_rle::encode::<u32, _, _>(&mut library, places.iter().copied(), bits).unwrap();
        assert!(own == library, "{places:?}");
    }

    /// Runs of equal places of these lengths.
    fn runs(lengths: impl IntoIterator<Item = usize>) -> Vec<u32> {
        lengths.into_iter().zip((0..5).cycle()).flat_map(|(length, place)| std::iter::repeat_n(place, length)).collect()
    }

    #[test]
    fn repetitions_at_the_end_of_a_packed_run_are_the_librarys() {
        for before in (0..20).chain(MOST_PACKED - 20..MOST_PACKED + 20) {
            for repeated in (0..20).chain([64, MOST_PACKED, 2 * MOST_PACKED + 3]) {
                for after in [0, 1, 31, 33] {
                    // a place that is never repeated before the others
                    let mut places: Vec<u32> = (0..before).map(|at| u32::try_from(at % 7 + 1).unwrap()).collect();
                    places.extend(std::iter::repeat_n(9, repeated));
                    places.extend((0..after).map(|at| at % 3));
                    assert_as_library(&places);
                }
            }
        }
        assert_as_library(&[u32::MAX; 3]);
        assert_as_library(&[u32::MAX, 0].repeat(100));
    }

    proptest! {
        #[test]
        fn any_places_are_encoded_as_the_library_does(
            lengths in prop::collection::vec(prop_oneof![4 => 0..5_usize, 2 => 5..20_usize, 1 => 20..9000_usize], 0..400),
            many in prop::collection::vec(0..1000_u32, 0..300),
        ) {
            assert_as_library(&runs(lengths));
            assert_as_library(&many);
        }
    }
}
