//! Turns `locales/*.json` into the functions of `src/text.rs`; a text that one of the languages lacks ends the build.

use std::path::Path;
use std::{env, fs};

use catalog::{Catalog, functions};

fn main() {
    println!("cargo::rerun-if-changed=locales");
    if let Err(problems) = build() {
        for problem in problems {
            println!("cargo::error={problem}");
        }
    }
}

fn build() -> Result<(), Vec<String>> {
    let mut catalogs = read_all(Path::new("locales"))?;
    let english = catalogs.iter().position(|catalog| catalog.language == "en");
    let english = catalogs.swap_remove(english.ok_or_else(|| vec!["locales/en.json is missing".to_owned()])?);
    let differences: Vec<String> =
        catalogs.iter().flat_map(|catalog| catalog.differences(&english)).map(|problem| problem.to_string()).collect();
    if !differences.is_empty() {
        return Err(differences);
    }
    let out = env::var_os("OUT_DIR").ok_or_else(|| vec!["OUT_DIR is not set".to_owned()])?;
    let write = |name: &str, text: String| {
        fs::write(Path::new(&out).join(name), text).map_err(|error| vec![format!("{name}: {error}")])
    };
    write("text.rs", functions(&english))?;
    // What the native tests read; the browser loads the catalog of its shopper.
    write("en.txt", english.compiled(&english))
}

fn read_all(folder: &Path) -> Result<Vec<Catalog>, Vec<String>> {
    let entries = fs::read_dir(folder).map_err(|error| vec![format!("locales: {error}")])?;
    let mut catalogs = Vec::new();
    for path in entries.flatten().map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|e| e == "json"))
    {
        let language = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let json = fs::read_to_string(&path).map_err(|error| vec![format!("{}: {error}", path.display())])?;
        let read = Catalog::read(&language, &json);
        catalogs.push(read.map_err(|problems| problems.iter().map(ToString::to_string).collect::<Vec<_>>())?);
    }
    Ok(catalogs)
}
