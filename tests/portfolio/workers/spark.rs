//! Workers as tasks of a Spark cluster: the head is killed, then one worker machine, then all of them.

use std::fs;
use std::process::Child;

use serde_json::Value;

use super::super::book::{Book, change};
use super::super::engine::cluster::{Cluster, assert_loss, large, wait};
use super::super::engine::tools;
use super::super::faults::Book as Content;
use super::{assert_equal, work_folders};
use crate::program::{Run, command};

/// Starts a repricing by the workers of a cluster.
fn reprice(book: &Book, cluster: &Cluster, change: &str, more: &[&str]) -> Child {
    let (file, out) = (book.beside("spark.toml"), book.beside("spark-result"));
    fs::write(&file, change).unwrap();
    let words = ["reprice".as_ref(), file.as_os_str(), "--out".as_ref(), out.as_os_str(), "--portfolio".as_ref()];
    let mut reprice = command(words);
    reprice.arg(book.folder()).args(["--workers", &cluster.master(), "--lang", "en"]).args(more);
    for setting in ["spark.driver.host=127.0.0.1", "spark.driver.memory=512m", "spark.executor.memory=512m"] {
        reprice.args(["--spark-conf", setting]);
    }
    cluster.with_environment(&mut reprice).spawn().unwrap()
}

/// The number of receipts that are there; the folder of a result can go while it is counted.
fn receipts(book: &Book) -> usize {
    let entries = work_folders(book).into_iter().filter_map(|folder| fs::read_dir(folder).ok()).flatten();
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    names.filter(|name| name.starts_with("receipt-")).count()
}

#[test]
fn a_cluster_of_workers_gives_the_same_bytes_after_every_kill() {
    let Some(home) = tools::spark() else { return };
    let book = large();
    let spring = change("spring", "2026-04-05", &[("16", "1.1237"), ("8", "0.8765")]);
    let (run, own) = book.reprice("own", &spring, &["--dry-run"]);
    run.exits_with(0);
    let before = Content::read(&book.folder());
    let mut cluster = Cluster::new(home, book.beside("cluster"));

    // the head is killed in the middle
    let mut head = reprice(&book, &cluster, &spring, &[]);
    wait("the first part", || receipts(&book) > 0);
    head.kill().unwrap();
    head.wait().unwrap();
    Content::read(&book.folder()).assert_same(&before, "the head was killed");

    // the same command takes up what is there
    let run = reprice(&book, &cluster, &spring, &[]);
    let run = Run::new(run.wait_with_output().unwrap()).exits_with(0);
    assert!(run.err.contains("spark-result"), "{}", run.err);
    assert_equal(own.folder(), &book.beside("spark-result"));
    book.verified();

    // a worker machine is lost
    let summer = change("summer", "2026-06-01", &[("16", "1.2"), ("8", "1.1")]);
    let (run, own) = book.reprice("own-summer", &summer, &["--dry-run"]);
    run.exits_with(0);
    let events = format!("spark.eventLog.dir=file://{}", cluster.events_folder().display());
    let mut settings = vec!["--dry-run", "--spark-conf", "spark.eventLog.compress=false"];
    for setting in ["spark.eventLog.enabled=true", "spark.eventLog.rolling.enabled=false", &events] {
        settings.extend(["--spark-conf", setting]);
    }
    let mut losing = reprice(&book, &cluster, &summer, &settings);
    wait("the first part of the second run", || receipts(&book) > 0);
    cluster.lose_a_worker();
    assert!(losing.try_wait().unwrap().is_none(), "the run goes on");
    Run::new(losing.wait_with_output().unwrap()).exits_with(0);
    assert_eq!(cluster.alive(), 1, "one worker is gone");
    let events: Vec<Value> = cluster.events();
    assert_loss(&events);
    assert_equal(own.folder(), &book.beside("spark-result"));

    // without any worker the run ends by itself
    let before = Content::read(&book.folder());
    cluster.lose_a_worker();
    let autumn = change("autumn", "2026-09-01", &[("16", "1.2")]);
    let run = reprice(&book, &cluster, &autumn, &["--patience", "20"]);
    let run = Run::new(run.wait_with_output().unwrap()).exits_with(1);
    assert!(run.err.contains("no part has come for 20 s"), "{}", run.err);
    Content::read(&book.folder()).assert_same(&before, "all workers were killed");
    book.verified();
}
