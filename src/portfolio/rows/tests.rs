//! Files of a book as earlier programs wrote them.

use super::*;
use crate::portfolio::store::FOLDER;

rows! {
    /// The insured as earlier programs wrote them, without contacts and without `person`.
    EarlierRows {
        insured: u32,
        id: String,
        name: String,
        birth_date: i32,
        relation: Option<String>,
        head: Option<u32>,
        plan: String,
        age: u32,
        risk_group: u32,
        start: i32,
        end: i32,
    }
}

/// Writes a file of the book with these rows, and opens it.
fn write_and_open<R: Rows>(folder: &tempfile::TempDir, rows: &R) -> Reader {
    let path = folder.path().join("begun");
    let mut writer = create_file::<R>(FileKind::Insured, &path).unwrap();
    let encoded = writer.encode(&rows.frame().unwrap()).unwrap();
    writer.write(encoded).unwrap();
    let stored = writer.finish().unwrap();
    std::fs::create_dir_all(folder.path().join(FOLDER)).unwrap();
    std::fs::rename(path, folder.path().join(FOLDER).join(&stored.name)).unwrap();
    Reader::open(folder.path(), &stored).unwrap()
}

#[test]
fn files_without_contacts_and_persons_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let earlier = EarlierRows {
        number: Numbers::repeat("T-1", 2),
        insured: vec![1, 2],
        id: vec![String::new(); 2],
        name: vec!["Иванов Пётр".to_owned(), "Иванова Анна".to_owned()],
        birth_date: vec![3_000, 3_100],
        relation: vec![None; 2],
        head: vec![None; 2],
        plan: vec!["A".to_owned(); 2],
        age: vec![40; 2],
        risk_group: vec![1; 2],
        start: vec![20_454; 2],
        end: vec![20_818; 2],
    };
    let read = InsuredRows::read(&write_and_open(&folder, &earlier), 0).unwrap();
    assert_eq!((read.len(), &read.name), (2, &earlier.name));
    assert_eq!(read.contacts(1), [None; 5]);
    assert_eq!([0, 1].map(|at| read.person_of(at)), [1, 2], "every row is an insured of its own");
    // a missing column that has no default is damage
    assert!(LineRows::read(&write_and_open(&folder, &earlier), 0).is_err());
}
