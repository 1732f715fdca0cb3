//! Recorded histories of the real store, and of stores with mistakes.
//!
//! `NEARSHELF_HISTORIES` says how many (200), `NEARSHELF_SEED` where the seeds begin (1).

#![allow(clippy::unwrap_used)] // helpers of tests are tests too

use std::sync::Arc;

use nearshelf_proofs::broken::{Manner, Memory};
use nearshelf_proofs::history::{Subject, check};
use nearshelf_proofs::real::Real;
use nearshelf_server::chaos::Chaos;
use tokio::task::JoinSet;

/// Histories at once: their commands share commits, as those of strangers do.
const AT_ONCE: u64 = 16;

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| text.parse().unwrap())
}

/// All verdicts, in any order.
fn run<S: Subject>(subject: S, histories: u64) -> Vec<Result<(), String>> {
    let first = number("NEARSHELF_SEED", 1);
    println!("NEARSHELF_SEED={first} NEARSHELF_HISTORIES={histories}");
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_time().build().unwrap();
    runtime.block_on(async {
        let subject = Arc::new(subject);
        let mut running = JoinSet::new();
        let mut verdicts = Vec::new();
        for history in 0..histories {
            if history >= AT_ONCE {
                verdicts.push(running.join_next().await.unwrap().unwrap());
            }
            running.spawn(check(Arc::clone(&subject), history, first + history));
        }
        verdicts.extend(running.join_all().await);
        verdicts
    })
}

#[test]
fn every_history_of_the_real_store_could_have_happened_one_thing_at_a_time() {
    let histories = number("NEARSHELF_HISTORIES", 200);
    let dir = tempfile::tempdir().unwrap();
    let real = Real::open(&dir.path().join("db"), histories, Chaos::default()).unwrap();
    let verdicts = run(real, histories);
    assert_eq!(verdicts.len(), usize::try_from(histories).unwrap());
    let wrong: Vec<_> = verdicts.into_iter().filter_map(Result::err).collect();
    assert!(wrong.is_empty(), "{} histories are wrong, the first: {}", wrong.len(), wrong[0]);
}

/// The same harness on the same store, with its mechanisms taken away: what it would miss it could not prove.
#[test]
fn the_real_store_without_its_condition_or_without_its_keys_is_found_out() {
    for fault in ["blind-claims", "forget-keys"] {
        let dir = tempfile::tempdir().unwrap();
        let real = Real::open(&dir.path().join("db"), 200, Chaos::parse(fault).unwrap()).unwrap();
        let wrong: Vec<_> = run(real, 200).into_iter().filter_map(Result::err).collect();
        // Because of its order, and not because something broke.
        assert!(wrong.iter().any(|why| why.contains("no order explains")), "{fault}: {:?}", wrong.first());
    }
}

#[test]
fn a_right_store_in_memory_is_not_accused() {
    let wrong: Vec<_> = run(Memory::new(Manner::Right), 200).into_iter().filter_map(Result::err).collect();
    assert!(wrong.is_empty(), "{}", wrong[0]);
}

#[test]
fn a_store_that_decides_on_what_it_read_before_is_found_out() {
    assert!(run(Memory::new(Manner::ReadThenWrite), 200).iter().any(Result::is_err));
}

#[test]
fn a_store_with_stale_reads_is_found_out() {
    assert!(run(Memory::new(Manner::StaleRead), 200).iter().any(Result::is_err));
}
