//! Two truth tests of opening hours, each against a calculation that shares no code with the product.

// A test that cannot go on says so by stopping.
#![allow(clippy::unwrap_used)]

mod instants;
mod words;

use std::path::{Path, PathBuf};

/// A file beside the project or in it; says so where it is not there.
fn file(name: &str) -> Option<PathBuf> {
    let found = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(name);
    if !found.is_file() {
        println!("skipped: {name} is not here");
        return None;
    }
    Some(found)
}
