//! Turns the texts of the box (`locales/*.json`, those that `texts.txt` names and its own) into functions.

use std::path::Path;
use std::{env, fs};

use catalog::{Languages, functions};

fn main() {
    println!("cargo::rerun-if-changed=../../locales");
    println!("cargo::rerun-if-changed=texts.txt");
    if let Err(problems) = build() {
        for problem in problems {
            println!("cargo::error={problem}");
        }
    }
}

fn build() -> Result<(), Vec<String>> {
    let languages = Languages::read(Path::new("../../locales"))
        .map_err(|problems| problems.iter().map(ToString::to_string).collect::<Vec<_>>())?;
    let shared = fs::read_to_string("texts.txt").map_err(|error| vec![format!("texts.txt: {error}")])?;
    let english = languages.english.for_widget(shared.lines()).map_err(|problem| vec![problem.to_string()])?;
    let out = env::var_os("OUT_DIR").ok_or_else(|| vec!["OUT_DIR is not set".to_owned()])?;
    let write = |name: &str, text: String| {
        fs::write(Path::new(&out).join(name), text).map_err(|error| vec![format!("{name}: {error}")])
    };
    write("text.rs", functions(&english))?;
    // What the native tests read; the browser loads the catalog of its shopper.
    write("en.txt", english.compiled(&english))
}
