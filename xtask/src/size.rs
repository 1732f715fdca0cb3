//! `cargo xtask size`: what a first visit downloads, against its budget.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;

use crate::problem::{Outcome, Problem, While};
use crate::web::finish;
use crate::{files, web, workspace};

/// Everything that the first screen needs, compressed as it travels, may not grow beyond this. It is a ratchet on the way
/// to [`GOAL`]: lower it with each saving.
const BUDGET: u64 = 244_500;
/// What a first visit should download. A phone on slow 3G takes 50 kB a second.
const GOAL: u64 = 190_000;
/// The styles of it, because nothing is drawn before them.
const STYLE_BUDGET: u64 = 12_000;

/// What comes later, by the beginning of its path in `dist/`, each with a ratchet as well.
const LATER: [(&str, &str, u64); 7] = [
    ("street-map/", "the street map", 330_000),
    ("scanner/", "the camera and the decoder of barcodes", 380_000),
    ("search/engine-", "the engine of the search", 40_000),
    ("places/engine-", "the engine of places and shops", 40_000),
    ("nearshelf-", "the later parts of the program", 278_000),
    ("nearshelf.js", "the loader of the box for other sites", 2_000),
    // With its loader and the texts of one language 90 kB: what a page of somebody else may cost its readers.
    ("widget/", "the box for other sites", 79_000),
];

/// Bytes as they are, with gzip and with brotli.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Size {
    raw: u64,
    gzip: u64,
    brotli: u64,
}

/// Prints the table and one line of JSON; fails over the budget.
pub(crate) fn run() -> Outcome {
    web::ensure()?;
    let (first, later) = split(&workspace::dist())?;
    let mut total = Size::default();
    let mut kinds = Vec::new();
    println!("{:<44} {:>9} {:>9} {:>9}", "first load, bytes", "raw", "gzip", "brotli");
    for path in &first {
        let size = Size::of(path)?;
        row(&name(path), size);
        total = total.plus(size);
        kinds.push((ending(path), size));
    }
    row("together", total);
    let styles = styles(&workspace::dist())?;
    row("of which styles, in the page", styles);
    let mut engines = [0; LATER.len()];
    for path in &later {
        let size = Size::of(path)?;
        let named = path.strip_prefix(workspace::dist()).unwrap_or(path).to_string_lossy().replace('\\', "/");
        row(&format!("later: {named}"), size);
        for (engine, (prefix, ..)) in engines.iter_mut().zip(LATER) {
            *engine += if named.starts_with(prefix) { size.brotli } else { 0 };
        }
    }
    let of = |wanted: &str| {
        let sizes = kinds.iter().filter(|(kind, _)| *kind == wanted).map(|(_, size)| *size);
        sizes.fold(Size::default(), Size::plus)
    };
    let object = |size: Size| json!({"raw": size.raw, "gzip": size.gzip, "brotli": size.brotli});
    println!(
        "{}",
        json!({
            "html": object(of("html")), "css": object(styles), "js": object(of("js")), "wasm": object(of("wasm")),
            "catalog": object(of("txt")),
            "total": object(total), "goal": {"total_brotli": GOAL},
            "budget": {"total_brotli": BUDGET, "css_brotli": STYLE_BUDGET},
        })
    );
    within(total, styles, engines)
}

fn within(total: Size, styles: Size, engines: [u64; LATER.len()]) -> Outcome {
    let over = |what: &str, size: u64, budget: u64| match size > budget {
        true => Err(Problem::new(format!("{what} is {size} bytes in brotli, over its budget of {budget}"))),
        false => Ok(()),
    };
    over("the first load", total.brotli, BUDGET)?;
    over("the style sheet", styles.brotli, STYLE_BUDGET)?;
    engines.into_iter().zip(LATER).try_for_each(|(size, (_, what, budget))| over(what, size, budget))
}

/// The styles, which travel within the page.
fn styles(dist: &Path) -> Outcome<Size> {
    let folder = workspace::scratch("size");
    files::remove(&folder)?;
    let sheet = folder.join("styles.css");
    files::write(&sheet, finish::styles(&files::read(&dist.join("index.html"))?).as_bytes())?;
    finish::compress(&folder)?;
    Size::of(&sheet)
}

/// What index.html names (and index.html), and the rest of the code and styles.
fn split(dist: &Path) -> Outcome<(Vec<PathBuf>, Vec<PathBuf>)> {
    let page = markup(&files::read(&dist.join("index.html"))?);
    let all = files::below(dist, &|_| false)?;
    let catalog = catalog(&all)?;
    let code = all.into_iter().filter(|path| ["html", "css", "js", "wasm"].contains(&ending(path)));
    // The page names the workers, which have folders of their own, and does not wait for them.
    let later = |path: &Path| path.parent() != Some(dist);
    // The page names the glue, whose program `boot.js` fetches with it.
    let named = |path: &Path| page.contains(&name(path).replace("_bg.wasm", ".js"));
    let (mut first, rest): (Vec<PathBuf>, Vec<PathBuf>) =
        code.partition(|path| !later(path) && (path.ends_with("index.html") || named(path)));
    first.extend(catalog);
    Ok((first, rest))
}

/// The page without what its scripts say, which may name what is fetched at another time.
fn markup(page: &str) -> String {
    let mut parts = page.split("<script");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |markup, part| {
        let (tag, after) = part.split_once('>').unwrap_or((part, ""));
        markup + tag + after.split_once("</script>").map_or("", |(_, after)| after)
    })
}

/// The largest of the languages that people speak: a visit loads one of them.
fn catalog(all: &[PathBuf]) -> Outcome<Option<PathBuf>> {
    let mut largest = None;
    for path in all.iter().filter(|path| ending(path) == "txt" && !name(path).contains("-X")) {
        if path.parent().and_then(Path::file_name).is_some_and(|folder| folder == "locales") {
            largest = largest.max(Some((Size::of(path)?.brotli, path.clone())));
        }
    }
    Ok(largest.map(|(_, path)| path))
}

impl Size {
    fn of(path: &Path) -> Outcome<Self> {
        let raw = fs::metadata(path).while_doing(|| format!("look at {}", path.display()))?.len();
        // Where a twin is missing, the file itself travels.
        let twin = |ending: &str| fs::metadata(format!("{}.{ending}", path.display())).map_or(raw, |twin| twin.len());
        Ok(Self { raw, gzip: twin("gz"), brotli: twin("br") })
    }

    fn plus(self, other: Self) -> Self {
        Self { raw: self.raw + other.raw, gzip: self.gzip + other.gzip, brotli: self.brotli + other.brotli }
    }
}

fn row(what: &str, size: Size) {
    println!("{what:<44} {:>9} {:>9} {:>9}", size.raw, size.gzip, size.brotli);
}

fn ending(path: &Path) -> &str {
    path.extension().and_then(|ending| ending.to_str()).unwrap_or("")
}

fn name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_load_is_what_the_page_names() {
        let dist = std::env::temp_dir().join(format!("nearshelf-size-{}", std::process::id()));
        for (file, content) in [
            ("index.html", "<script src=/app-1.js></script><script>go('worker.js')</script><p>"),
            ("app-1.js", "1"),
            ("app-1_bg.wasm", "1"),
            ("app-1_part1.wasm", "1"),
            ("worker.js", "22"),
            ("a.png", "3"),
            ("locales/en-1.txt", "a"),
            ("locales/ru-2.txt", "ab"),
            ("locales/en-XA-3.txt", "abc"),
        ] {
            files::write(&dist.join(file), content.as_bytes()).unwrap();
        }
        files::write(&dist.join("worker.js.br"), b"2").unwrap();
        let (first, later) = split(&dist).unwrap();
        assert_eq!(
            first.iter().map(|path| name(path)).collect::<Vec<_>>(),
            ["app-1.js", "app-1_bg.wasm", "index.html", "ru-2.txt"]
        );
        assert_eq!(later.iter().map(|path| name(path)).collect::<Vec<_>>(), ["app-1_part1.wasm", "worker.js"]);
        assert_eq!(Size::of(&later[1]).unwrap(), Size { raw: 2, gzip: 2, brotli: 1 });
        files::remove(&dist).unwrap();
    }

    #[test]
    fn the_budget_is_a_gate() {
        let of = |brotli| Size { raw: 0, gzip: 0, brotli };
        let engines = LATER.map(|(.., budget)| budget);
        within(of(BUDGET), of(STYLE_BUDGET), engines).unwrap();
        assert!(within(of(BUDGET + 1), of(0), [0; LATER.len()]).is_err());
        assert!(within(of(BUDGET), of(STYLE_BUDGET + 1), [0; LATER.len()]).is_err());
        for engine in 0..LATER.len() {
            let mut over = engines;
            over[engine] += 1;
            assert!(within(of(0), of(0), over).is_err());
        }
    }
}
