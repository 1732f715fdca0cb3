//! A Chromium for the journeys.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::problem::{Outcome, Problem};
use crate::process;
use crate::steps::note;

const NAMES: [&str; 6] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge"];

/// The browser that CHROMIUM names, or one that is installed, or (as root on Debian) one that is installed now.
pub(crate) fn find() -> Outcome<PathBuf> {
    if let Some(named) = env::var_os("CHROMIUM") {
        let named = PathBuf::from(named);
        let found = if named.is_file() { Some(named.clone()) } else { process::find(&named.to_string_lossy()) };
        return found.ok_or_else(|| Problem::new(format!("CHROMIUM names {}, which is no program", named.display())));
    }
    if let Some(found) = installed() {
        return Ok(found);
    }
    if is_root_on_debian() {
        note("no browser is installed; installing Debian's chromium");
        install_on_debian()?;
        if let Some(found) = installed() {
            return Ok(found);
        }
    }
    Err(Problem::new(
        "no Chromium or Chrome was found: install one, or name one in the environment variable CHROMIUM, or leave \
         the journeys out with --no-browser",
    ))
}

fn installed() -> Option<PathBuf> {
    let usual = usual_places().into_iter().find(|path| path.is_file());
    NAMES
        .iter()
        .find_map(|name| process::find(name))
        .or(usual)
        .or_else(|| playwright_caches().iter().find_map(|cache| newest_in(cache)))
}

/// Where the installers of macOS and Windows put it, which is on no `PATH`.
fn usual_places() -> Vec<PathBuf> {
    let windows = ["PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"].into_iter().filter_map(env::var_os);
    let windows = windows.map(|folder| Path::new(&folder).join("Google/Chrome/Application/chrome.exe"));
    let mac =
        ["Google Chrome", "Chromium"].map(|app| PathBuf::from(format!("/Applications/{app}.app/Contents/MacOS/{app}")));
    mac.into_iter().chain(windows).collect()
}

/// Where `npx playwright install` puts its browsers.
fn playwright_caches() -> Vec<PathBuf> {
    let below = |variable: &str, path: &str| env::var_os(variable).map(|folder| Path::new(&folder).join(path));
    let own = env::var_os("PLAYWRIGHT_BROWSERS_PATH").map(PathBuf::from);
    let usual = [
        below("XDG_CACHE_HOME", "ms-playwright"),
        below("HOME", ".cache/ms-playwright"),
        below("HOME", "Library/Caches/ms-playwright"),
        below("LOCALAPPDATA", "ms-playwright"),
    ];
    own.into_iter().chain(usual.into_iter().flatten()).collect()
}

/// `chromium-1228/chrome-linux/chrome` and its likes, the highest number first.
fn newest_in(cache: &Path) -> Option<PathBuf> {
    let mut builds: Vec<(u32, PathBuf)> =
        fs::read_dir(cache).ok()?.flatten().filter_map(|entry| build(&entry.path())).collect();
    builds.sort();
    let programs = [
        "chrome-linux/chrome",
        "chrome-linux64/chrome",
        "chrome-linux/headless_shell",
        "chrome-headless-shell-linux64/chrome-headless-shell",
        "chrome-mac/Chromium.app/Contents/MacOS/Chromium",
        "chrome-mac-arm64/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing",
        "chrome-mac-x64/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing",
        "chrome-win/chrome.exe",
        "chrome-win64/chrome.exe",
    ];
    builds
        .iter()
        .rev()
        .find_map(|(_, folder)| programs.iter().map(|program| folder.join(program)).find(|path| path.is_file()))
}

fn build(folder: &Path) -> Option<(u32, PathBuf)> {
    let (kind, number) = folder.file_name()?.to_str()?.rsplit_once('-')?;
    kind.starts_with("chromium").then_some((number.parse().ok()?, folder.to_path_buf()))
}

fn is_root_on_debian() -> bool {
    let debian = fs::read_to_string("/etc/os-release").is_ok_and(|text| text.lines().any(|line| line == "ID=debian"));
    debian && process::answer(Command::new("id").arg("-u")).as_deref() == Some("0")
}

fn install_on_debian() -> Outcome {
    let apt = |args: &[&str]| process::run(Command::new("apt-get").args(args).env("DEBIAN_FRONTEND", "noninteractive"));
    apt(&["update", "-q"])?;
    apt(&["install", "-y", "-q", "--no-install-recommends", "chromium"])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files;

    #[test]
    fn the_newest_browser_of_playwright_is_taken() {
        let cache = env::temp_dir().join(format!("nearshelf-browsers-{}", std::process::id()));
        for folder in
            ["chromium-999/chrome-linux/chrome", "chromium-1228/chrome-linux/chrome", "firefox-1500/firefox/firefox"]
        {
            files::write(&cache.join(folder), b"").unwrap();
        }
        assert_eq!(newest_in(&cache).unwrap(), cache.join("chromium-1228/chrome-linux/chrome"));
        assert_eq!(newest_in(&cache.join("none")), None);
        files::remove(&cache).unwrap();
    }
}
