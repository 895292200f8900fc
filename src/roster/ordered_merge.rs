//! What the parts of a text hold, read in any order on all cores and put together in the order of the text.

use std::collections::BTreeMap;
use std::sync::Mutex;

use crate::roster::row::RowsRead;
use crate::table::file_fault::FileFault;

/// The rows of the parts so far.
#[derive(Debug)]
pub struct OrderedMerge(Mutex<Queue>);

#[derive(Debug)]
struct Queue {
    /// So many parts are expected, as far as one can know before the end.
    parts: usize,
    /// The place of the part that comes next.
    next: usize,
    /// Parts that others before them are still missing of.
    waiting: BTreeMap<usize, Result<RowsRead, FileFault>>,
    /// The rows of all parts before, or what stops the reading at the first of them that is at fault.
    rows: Result<RowsRead, FileFault>,
    /// Rows that were put where they belong: their room can be used again.
    emptied: Vec<RowsRead>,
}

impl OrderedMerge {
    /// Nothing yet, of about so many parts.
    pub fn new(parts: usize) -> Self {
        let (next, waiting, emptied) = (0, BTreeMap::new(), Vec::new());
        Self(Mutex::new(Queue { parts, next, waiting, rows: Ok(RowsRead::default()), emptied }))
    }

    /// Takes the part at a place, counted from 0 without a gap, and gives empty rows for the next one.
    ///
    /// # Panics
    ///
    /// Never: nobody panics while parts are put together.
    pub fn take(&self, place: usize, read: Result<RowsRead, FileFault>) -> RowsRead {
        let mut queue = self.0.lock().expect("nobody panics while parts are put together");
        queue.waiting.insert(place, read);
        queue.put_together();
        queue.emptied.pop().unwrap_or_default()
    }

    /// Everything together, in order.
    ///
    /// # Errors
    ///
    /// What is wrong with the first part that is at fault.
    ///
    /// # Panics
    ///
    /// Never: nobody panics while parts are put together.
    pub fn finish(self) -> Result<RowsRead, FileFault> {
        self.0.into_inner().expect("nobody panics while parts are put together").rows
    }
}

impl Queue {
    fn put_together(&mut self) {
        while let Some(read) = self.waiting.remove(&self.next) {
            match (&mut self.rows, read) {
                (Ok(rows), Ok(mut part)) => {
                    rows.append(&mut part, self.parts.saturating_sub(self.next));
                    self.emptied.push(part);
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
    use crate::roster::insured::Person;
    use crate::table::skip::Skip;

    fn rows(numbers: &[u32]) -> RowsRead {
        let mut read = RowsRead::default();
        for row in numbers {
            read.insured.push(0, &Person { row: *row, ..Person::default() });
            read.skipped.push((row + 1, Skip::Total));
        }
        read
    }

    #[test]
    fn parts_stand_in_the_order_of_the_text() {
        let gathered = OrderedMerge::new(3);
        assert!(gathered.take(1, Ok(rows(&[6]))).insured.is_empty());
        assert!(gathered.take(0, Ok(rows(&[2, 4]))).insured.is_empty());
        gathered.take(3, Ok(rows(&[])));
        gathered.take(2, Ok(rows(&[8])));
        let read = gathered.finish().unwrap();
        assert_eq!(read.insured.row, [2, 4, 6, 8]);
        assert_eq!(read.skipped.iter().map(|(row, _)| *row).collect::<Vec<_>>(), [3, 5, 7, 9]);
    }

    #[test]
    fn the_first_fault_of_the_text_is_told() {
        let gathered = OrderedMerge::new(3);
        gathered.take(2, Err(FileFault::Wide(9)));
        gathered.take(1, Err(FileFault::Wide(5)));
        gathered.take(0, Ok(rows(&[2])));
        assert!(matches!(gathered.finish(), Err(FileFault::Wide(5))));
    }
}
