//! Turns `locales/*.json` into the functions of `src/text.rs`; a text that one of the languages lacks ends the build.

use std::path::{Path, PathBuf};
use std::{env, fs};

use catalog::{Languages, functions};

fn main() {
    println!("cargo::rerun-if-changed=locales");
    // Where each constant of the program lies: what only later parts of it need travels with them (xtask/src/web/data.mjs).
    // Beside the program, three folders over OUT_DIR.
    let map = env::var_os("OUT_DIR")
        .map(PathBuf::from)
        .and_then(|out| out.ancestors().nth(3).map(|d| d.join("nearshelf.map")));
    if let Some(map) = map.filter(|_| env::var("CARGO_CFG_TARGET_ARCH").is_ok_and(|arch| arch == "wasm32")) {
        println!("cargo::rustc-link-arg-bins=-Map={}", map.display());
    }
    if let Err(problems) = build() {
        for problem in problems {
            println!("cargo::error={problem}");
        }
    }
}

fn build() -> Result<(), Vec<String>> {
    let languages = Languages::read(Path::new("locales"))
        .map_err(|problems| problems.iter().map(ToString::to_string).collect::<Vec<_>>())?;
    let english = languages.english;
    let out = env::var_os("OUT_DIR").ok_or_else(|| vec!["OUT_DIR is not set".to_owned()])?;
    let write = |name: &str, text: String| {
        fs::write(Path::new(&out).join(name), text).map_err(|error| vec![format!("{name}: {error}")])
    };
    write("text.rs", functions(&english))?;
    // What the native tests read; the browser loads the catalog of its shopper.
    write("en.txt", english.compiled(&english))
}
