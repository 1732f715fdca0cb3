//! From what Trunk wrote to what is served: small scripts, honest names, compressed twins.

use std::fs;
use std::path::{Path, PathBuf};
use std::string::FromUtf8Error;

use crate::problem::{Outcome, Problem, While};
use crate::tools::node;
use crate::{files, process, workspace};

/// Which functions belong to which part of the app; `cargo xtask profile` writes it.
pub(crate) const PROFILE: &str = "xtask/src/web/start.profile";

/// Makes the program and its glue smaller together, in place, and splits off what comes later.
pub(crate) fn shrink(dist: &Path) -> Outcome {
    let parts = format!("--parts={}", workspace::path(PROFILE).display());
    // The linker says there where each constant lies (build.rs).
    let map =
        format!("--map={}", workspace::cargo_target()?.join("wasm32-unknown-unknown/web/nearshelf.map").display());
    each_program(dist, &|glue, program| shrink_pair(glue, program, &[&parts, &map]))
}

/// Makes the program tell which functions it runs; `names` are their fingerprints, for a profile.
pub(crate) fn trace(dist: &Path, names: &Path) -> Outcome {
    let trace = format!("--trace={}", names.display());
    each_program(dist, &|glue, program| shrink_pair(glue, program, &[&trace]))
}

fn each_program(dist: &Path, work: &dyn Fn(&Path, &Path) -> Outcome) -> Outcome {
    let programs = with_ending(dist, "wasm")?;
    for program in programs.iter().filter(|program| build_name(&file_name(program)).is_some()) {
        work(&program.with_file_name(file_name(program).replace("_bg.wasm", ".js")), program)?;
    }
    Ok(())
}

/// The same for a program with one glue; `wanted` are options of the script, and the classes that are used.
pub(crate) fn shrink_pair(glue: &Path, program: &Path, wanted: &[&str]) -> Outcome {
    let script = workspace::path("xtask/src/web/shrink.mjs");
    process::run(node::node().arg(script).arg(glue).arg(program).args(wanted))
}

/// Minifies every script in place.
pub(crate) fn minify(dist: &Path) -> Outcome {
    for script in with_ending(dist, "js")? {
        let mut command = node::esbuild()?;
        command.args(["--minify", "--allow-overwrite", "--log-level=warning", "--legal-comments=none"]);
        if is_module(&files::read(&script)?) {
            // Only in a module may the names at the top be shortened.
            command.arg("--format=esm");
        }
        process::run(command.arg(format!("--outfile={}", script.display())).arg(&script))?;
    }
    Ok(())
}

/// Gives the program and its glue a name that changes with every byte of them: Trunk 0.21 names them after what came
/// out of the compiler, so another wasm-opt would put other bytes under a name that browsers keep forever.
pub(crate) fn rename_by_content(dist: &Path) -> Outcome {
    let all = files::below(dist, &|_| false)?;
    let Some(old) = all.iter().find_map(|path| build_name(&file_name(path))) else {
        return Ok(());
    };
    let named: Vec<&PathBuf> = all.iter().filter(|path| file_name(path).contains(&old)).collect();
    let texts: Vec<&PathBuf> = all.iter().filter(|path| matches!(ending(path), "js" | "html")).collect();

    let mut digest = files::Digest::new();
    for path in &named {
        let bytes = fs::read(path).while_doing(|| format!("read {}", path.display()))?;
        digest.add(
            String::from_utf8(bytes)
                .map_or_else(FromUtf8Error::into_bytes, |t| t.replace(&old, "").into_bytes())
                .as_slice(),
        );
    }
    let new = digest.finish();
    for path in texts {
        let text = files::read(path)?;
        if text.contains(&old) {
            files::write(path, text.replace(&old, &new).as_bytes())?;
        }
    }
    for path in named {
        files::rename(path, &path.with_file_name(file_name(path).replace(&old, &new)))?;
    }
    Ok(())
}

/// Gives the glue a way to let go of the program: after it no timer, listener or promise of the app reaches code whose
/// memory is not to be trusted any more. It costs nothing before; `boot.js` calls it when the program has ended.
pub(crate) fn make_stoppable(dist: &Path) -> Outcome {
    for program in with_ending(dist, "wasm")?.iter().filter(|program| build_name(&file_name(program)).is_some()) {
        let glue = program.with_file_name(file_name(program).replace("_bg.wasm", ".js"));
        let text = files::read(&glue)?;
        // All calls go through this variable of the glue.
        if !text.contains("wasm = instance.exports;") {
            return Err(Problem::new("the glue of wasm-bindgen is not as expected: it does not set `wasm`"));
        }
        files::write(&glue, (text + STOP).as_bytes())?;
    }
    Ok(())
}

const STOP: &str = "\nexport function stop() {\n    wasm = new Proxy({}, { get: () => () => 0 });\n}\n";

/// Writes `boot.js` and the styles into the page: its first picture then needs nothing else, and on a slow line nothing is in
/// its way. The program, which `boot.js` asks for once that picture is drawn, is named in the page in place of Trunk's script and
/// preloads. The server's policy names what stands in the page, as it is there.
pub(crate) fn start_by_boot(dist: &Path) -> Outcome {
    let page = dist.join("index.html");
    let text = files::read(&page)?;
    let named = |script: &str| {
        let (_, rest) = script.split_once("from '/")?;
        let glue = rest.split('\'').next()?;
        let program = glue.replace(".js", "_bg.wasm");
        let are_there = [glue, &program].iter().all(|name| dist.join(name).is_file());
        (are_there && script.contains(&program)).then(|| glue.to_owned())
    };
    let found = inline_module(&text).and_then(|(before, script, after)| Some((before, named(script)?, after)));
    let Some((before, glue, after)) = found else {
        return Err(Problem::new("index.html has no script of Trunk's that starts a program"));
    };
    let program = glue.replace(".js", "_bg.wasm");
    let meta = |content: &str| format!("name=\"nearshelf-program\" content=\"{content}\"");
    let mut text = format!("{before}{after}").replace(&meta(""), &meta(&format!("/{glue}")));
    // Both would be in the way of the first picture.
    for name in [&glue, &program] {
        text = without_preload(&text, name);
    }
    text = without_comments(&text);
    text = within(&text, dist, "<script src=\"/boot.js\"></script>", "boot.js", "script", true)?;
    let link = text.split_once("<link rel=\"stylesheet\" href=\"/nearshelf-");
    let link = link.and_then(|(_, rest)| rest.split_once(".css\"")).map(|(name, rest)| (name.to_owned(), rest));
    let Some((name, rest)) = link else {
        return Err(Problem::new("index.html has no style sheet of Trunk's"));
    };
    let end = rest.find('>').map_or("", |end| &rest[..=end]);
    let link = format!("<link rel=\"stylesheet\" href=\"/nearshelf-{name}.css\"{end}");
    text = within(&text, dist, &link, &format!("nearshelf-{name}.css"), "style", false)?;
    if !text.contains(&meta(&format!("/{glue}"))) {
        return Err(Problem::new("index.html has no place for the name of the program"));
    }
    files::write(&page, text.as_bytes())
}

/// Puts a file into the page, in place of what asked for it or, where it reads the page, at the end of its head.
fn within(page: &str, dist: &Path, asked: &str, file: &str, kind: &str, last: bool) -> Outcome<String> {
    let text = files::read(&dist.join(file))?;
    let text = text.trim_end();
    // Either would end it too early, or begin for the server what begins nothing.
    if ["</script", "</style", "<script", "<style", "<!--"].iter().any(|tag| text.contains(tag)) {
        return Err(Problem::new(format!("{file} cannot stand in a page: it has a tag in it")));
    }
    let Some((before, after)) = page.split_once(asked) else {
        return Err(Problem::new(format!("index.html does not ask for {file} as expected")));
    };
    let element = format!("<{kind}>{text}</{kind}>");
    files::remove(&dist.join(file))?;
    if !last {
        return Ok(format!("{before}{element}{after}"));
    }
    Ok(format!("{before}{after}").replacen("</head>", &format!("{element}</head>"), 1))
}

/// What is said to who reads the source costs each shopper a part of a packet.
fn without_comments(page: &str) -> String {
    let mut parts = page.split("<!--");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text.trim_end().to_owned() + part.split_once("-->").map_or("", |(_, after)| after))
}

/// The page without the tag that asks for a file before anybody does.
fn without_preload(page: &str, file: &str) -> String {
    let tag =
        page.split("<link").skip(1).filter_map(|rest| rest.split_once('>')).map(|(tag, _)| format!("<link{tag}>"));
    let mut asked = tag.filter(|tag| tag.contains(&format!("href=\"/{file}\"")) && tag.contains("preload"));
    asked.next().map_or_else(|| page.to_owned(), |tag| page.replace(&tag, ""))
}

/// What stands before, in and behind the inline module of a page.
fn inline_module(page: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = page.split_once("<script type=\"module\">")?;
    let (script, after) = rest.split_once("</script>")?;
    Some((before, script, after))
}

/// What a page has in its `style` element; empty where it has none.
pub(crate) fn styles(page: &str) -> &str {
    let style = page.split_once("<style>").and_then(|(_, rest)| rest.split_once("</style>"));
    style.map_or("", |(style, _)| style)
}

/// Puts `.br` and `.gz` beside everything that gets smaller by it.
pub(crate) fn compress(dist: &Path) -> Outcome {
    process::run(node::node().arg(workspace::path("xtask/src/web/compress.mjs")).arg(dist))
}

fn with_ending(dist: &Path, wanted: &str) -> Outcome<Vec<PathBuf>> {
    Ok(files::below(dist, &|_| false)?.into_iter().filter(|path| ending(path) == wanted).collect())
}

fn ending(path: &Path) -> &str {
    path.extension().and_then(|ending| ending.to_str()).unwrap_or("")
}

fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// `nearshelf-0123456789abcdef_bg.wasm` → `0123456789abcdef`. Trunk drops zeros in front.
fn build_name(file: &str) -> Option<String> {
    let name = file.strip_suffix("_bg.wasm")?.rsplit_once('-')?.1;
    ((8..=16).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_hexdigit())).then(|| name.to_owned())
}

fn is_module(script: &str) -> bool {
    script.lines().any(|line| line.starts_with("export ") || line.starts_with("import "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_carries_the_name_of_its_build() {
        assert_eq!(build_name("nearshelf-0123456789abcdef_bg.wasm").unwrap(), "0123456789abcdef");
        assert_eq!(build_name("nearshelf-3f1e7fd71dac79a_bg.wasm").unwrap(), "3f1e7fd71dac79a");
        assert_eq!(build_name("nearshelf_bg.wasm"), None);
        assert_eq!(build_name("nearshelf-0123456789abcdef.js"), None);
    }

    #[test]
    fn the_page_has_all_that_its_first_picture_needs_and_names_the_program() {
        let dist = std::env::temp_dir().join(format!("nearshelf-start-{}", std::process::id()));
        let write = |name: &str, text: &str| files::write(&dist.join(name), text.as_bytes()).unwrap();
        let script = "import init from '/a-1.js';\nawait init({ module_or_path: '/a-1_bg.wasm' });";
        let begin = |boot: &str| {
            let page = format!(
                "<head><!-- which --><meta name=\"nearshelf-program\" content=\"\" />{boot}<script type=\"module\">\n{script}\n</script>\
                 <link rel=\"stylesheet\" href=\"/nearshelf-2.css\" integrity=\"x\"/><link rel=\"icon\">\
                 <link rel=\"modulepreload\" href=\"/a-1.js\"><link rel=\"preload\" href=\"/a-1_bg.wasm\" as=\"fetch\"></head><body>"
            );
            write("index.html", &page);
            write("boot.js", "run('</p>')\n");
            write("nearshelf-2.css", "a{}");
        };
        let boot = "<script src=\"/boot.js\"></script>";
        begin(boot);
        write("a-1.js", "2");
        assert!(start_by_boot(&dist).is_err(), "the program is not there");
        write("a-1_bg.wasm", "3");
        start_by_boot(&dist).unwrap();
        assert_eq!(
            files::read(&dist.join("index.html")).unwrap(),
            "<head><meta name=\"nearshelf-program\" content=\"/a-1.js\" /><style>a{}</style><link rel=\"icon\">\
             <script>run('</p>')</script></head><body>"
        );
        let mut left: Vec<String> =
            files::below(&dist, &|_| false).unwrap().iter().map(|path| file_name(path)).collect();
        left.sort();
        assert_eq!(left, ["a-1.js", "a-1_bg.wasm", "index.html"]);
        assert!(start_by_boot(&dist).is_err(), "there is nothing left to take out");
        begin("");
        assert!(start_by_boot(&dist).is_err(), "the page has no place for the boot");
        begin(boot);
        write("boot.js", "x('</script>')");
        assert!(start_by_boot(&dist).is_err(), "it would end too early");
        begin(boot);
        write("nearshelf-2.css", "a::before{content:'</style>'}");
        assert!(start_by_boot(&dist).is_err(), "it would end too early");
        files::remove(&dist).unwrap();
    }

    #[test]
    fn a_glue_that_is_not_as_expected_ends_the_build() {
        let dist = std::env::temp_dir().join(format!("nearshelf-stop-{}", std::process::id()));
        let glue = dist.join("app-0123456789abcdef.js");
        files::write(&dist.join("app-0123456789abcdef_bg.wasm"), b"1").unwrap();
        files::write(&glue, b"let wasm;\nfunction init() {\n    wasm = instance.exports;\n}\n").unwrap();
        make_stoppable(&dist).unwrap();
        assert!(files::read(&glue).unwrap().ends_with(STOP));
        files::write(&glue, b"let program;").unwrap();
        assert!(make_stoppable(&dist).is_err());
        files::remove(&dist).unwrap();
    }

    #[test]
    fn data_travels_with_what_needs_it() {
        process::run(node::node().arg("--test").arg(workspace::path("xtask/src/web/data.test.mjs"))).unwrap();
    }

    #[test]
    fn only_modules_have_imports_and_exports() {
        assert!(is_module("let a = 1;\nexport { a as default };"));
        assert!(!is_module("self.addEventListener('install', () => {});"));
    }

    #[test]
    fn files_are_renamed_together_with_whoever_names_them() {
        let dist = std::env::temp_dir().join(format!("nearshelf-rename-{}", std::process::id()));
        let old = "0123456789abcdef";
        let page = format!("<script>import init from '/app-{old}.js'; init('/app-{old}_bg.wasm')</script>");
        files::write(&dist.join("index.html"), page.as_bytes()).unwrap();
        files::write(&dist.join(format!("app-{old}.js")), format!("new URL('app-{old}_bg.wasm')").as_bytes()).unwrap();
        files::write(&dist.join(format!("app-{old}_bg.wasm")), b"\0asm\xff").unwrap();
        files::write(&dist.join("style-fedcba9876543210.css"), b"a{}").unwrap();

        rename_by_content(&dist).unwrap();

        let names: Vec<String> = files::below(&dist, &|_| false).unwrap().iter().map(|path| file_name(path)).collect();
        let new = build_name(&names[1]).unwrap();
        assert_ne!(new, old);
        assert_eq!(
            names,
            [
                format!("app-{new}.js"),
                format!("app-{new}_bg.wasm"),
                "index.html".into(),
                "style-fedcba9876543210.css".into()
            ]
        );
        for name in [&names[0], &names[2]] {
            let text = files::read(&dist.join(name)).unwrap();
            assert!(text.contains(&format!("app-{new}_bg.wasm")) && !text.contains(old), "{text}");
        }
        rename_by_content(&dist).unwrap();
        assert!(dist.join(format!("app-{new}.js")).is_file(), "the same bytes keep their name");
        files::remove(&dist).unwrap();
    }
}
