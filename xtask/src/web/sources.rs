//! What the app is made of, for noticing a change.

use std::fs;
use std::path::Path;

use crate::problem::{Outcome, While};
use crate::{files, workspace};

const FOLDERS: [&str; 14] = [
    "src",
    "style",
    "public",
    "locales",
    "crates/catalog",
    "crates/domain",
    "crates/search",
    "crates/search-worker",
    "crates/places",
    "crates/places-worker",
    "crates/api-contract",
    "crates/widget",
    "xtask/src/web",
    "xtask/src/widget",
];
const FILES: [&str; 20] = [
    "scanner/scanner.js",
    "scanner/decoder.js",
    "scanner/package.json",
    "scanner/package-lock.json",
    "xtask/src/scanner.rs",
    "street-map/street-map.js",
    "street-map/style.js",
    "street-map/package.json",
    "street-map/package-lock.json",
    "xtask/src/street_map.rs",
    "xtask/src/worker.rs",
    "xtask/src/widget.rs",
    "index.html",
    "build.rs",
    "Trunk.toml",
    "Cargo.toml",
    "Cargo.lock",
    "package-lock.json",
    "rust-toolchain.toml",
    ".cargo/config.toml",
];

/// Changes with every source of the app.
pub(crate) fn digest() -> Outcome<String> {
    let mut digest = files::Digest::new();
    for file in FILES {
        digest.add_file(&workspace::path(file))?;
    }
    for folder in FOLDERS {
        for file in files::below(&workspace::path(folder), &|_| false)? {
            digest.add_file(&file)?;
        }
    }
    Ok(digest.finish())
}

/// Changes when somebody else (a plain `trunk build`) wrote there: names and sizes.
pub(crate) fn listing(dist: &Path) -> Outcome<String> {
    let mut digest = files::Digest::new();
    for file in files::below(dist, &|_| false)? {
        let size = fs::metadata(&file).while_doing(|| format!("look at {}", file.display()))?.len();
        digest.add(file.to_string_lossy().as_bytes());
        digest.add(&size.to_le_bytes());
    }
    Ok(digest.finish())
}
