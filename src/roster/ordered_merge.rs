//! Merges the rows of a text's parts, which are read in any order on all cores, in the order of the text.

use std::collections::BTreeMap;
use std::sync::Mutex;

use crate::roster::row::RowsRead;
use crate::table::file_fault::FileFault;

/// The rows of the parts so far, in the order of the text.
#[derive(Debug)]
pub(super) struct OrderedMerge(Mutex<Queue>);

#[derive(Debug)]
struct Queue {
    /// The approximate number of parts.
    parts: usize,
    /// The place of the next part to append.
    next: usize,
    /// Parts whose predecessors are still missing.
    waiting: BTreeMap<usize, Result<RowsRead, FileFault>>,
    /// The rows of all parts before, or the first fault.
    rows: Result<RowsRead, FileFault>,
    /// Drained rows, whose buffers can be reused.
    drained: Vec<RowsRead>,
}

impl OrderedMerge {
    /// A merge of about `parts` parts.
    pub fn new(parts: usize) -> Self {
        let (next, waiting, drained) = (0, BTreeMap::new(), Vec::new());
        Self(Mutex::new(Queue { parts, next, waiting, rows: Ok(RowsRead::default()), drained }))
    }

    /// Adds the part at a place, counted from 0 without a gap, and returns empty rows with buffers for the next part.
    ///
    /// # Panics
    ///
    /// Never: no thread panics while it holds the lock.
    pub fn add(&self, place: usize, read: Result<RowsRead, FileFault>) -> RowsRead {
        let mut queue = self.0.lock().expect("no thread panics while it holds the lock");
        queue.waiting.insert(place, read);
        queue.append_ready();
        queue.drained.pop().unwrap_or_default()
    }

    /// All rows in order.
    ///
    /// # Errors
    ///
    /// The fault of the first part that has one.
    ///
    /// # Panics
    ///
    /// Never: no thread panics while it holds the lock.
    pub fn finish(self) -> Result<RowsRead, FileFault> {
        self.0.into_inner().expect("no thread panics while it holds the lock").rows
    }
}

impl Queue {
    fn append_ready(&mut self) {
        while let Some(read) = self.waiting.remove(&self.next) {
            match (&mut self.rows, read) {
                (Ok(rows), Ok(mut part)) => {
                    rows.append(&mut part, self.parts.saturating_sub(self.next));
                    self.drained.push(part);
                }
                (rows @ Ok(_), Err(fault)) => *rows = Err(fault),
                (Err(_), _) => {}
            }
            self.next += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::roster::insured::InsuredRow;
    use crate::table::skip::Skip;

    fn rows(numbers: &[u32]) -> RowsRead {
        let mut read = RowsRead::default();
        for row in numbers {
            read.insured.push(0, &InsuredRow { row: *row, ..InsuredRow::default() });
            read.skipped.push((row + 1, Skip::Total));
        }
        read
    }

    #[test]
    fn rows_are_in_the_order_of_the_text() {
        let merge = OrderedMerge::new(3);
        assert!(merge.add(1, Ok(rows(&[6]))).insured.is_empty());
        assert!(merge.add(0, Ok(rows(&[2, 4]))).insured.is_empty());
        merge.add(3, Ok(rows(&[])));
        merge.add(2, Ok(rows(&[8])));
        let read = merge.finish().unwrap();
        assert_eq!(read.insured.row, [2, 4, 6, 8]);
        assert_eq!(read.skipped.iter().map(|(row, _)| *row).collect::<Vec<_>>(), [3, 5, 7, 9]);
    }

    #[test]
    fn the_first_fault_of_the_text_is_returned() {
        let merge = OrderedMerge::new(3);
        merge.add(2, Err(FileFault::Wide(9)));
        merge.add(1, Err(FileFault::Wide(5)));
        merge.add(0, Ok(rows(&[2])));
        assert!(matches!(merge.finish(), Err(FileFault::Wide(5))));
    }
}
