//! Tells the service worker which files are the app, and which version of it they are.

use std::fs;
use std::path::Path;

use super::catalogs;
use crate::files;
use crate::problem::{Outcome, Problem, While};

/// The worker, which cannot keep itself; the switch that turns it off; and what no shopper reads.
const NOT_KEPT: [&str; 3] = ["/service-worker.js", "/service-worker-off.js", "/robots.txt"];
/// What is large and fetched by those who ask for it, and what is for other sites.
const ON_DEMAND: [&str; 5] = ["/street-map/", "/scanner/", "/widget/", "/nearshelf.js", "/demo/"];

/// Writes the list of files and the digest of all their bytes into `service-worker.js`.
pub(super) fn fill_in(dist: &Path) -> Outcome {
    let script = dist.join("service-worker.js");
    let mut names = Vec::new();
    let mut digest = files::Digest::new();
    for path in files::below(dist, &|_| false)? {
        let name = format!("/{}", path.strip_prefix(dist).unwrap_or(&path).display());
        let on_demand = ON_DEMAND.iter().any(|folder| name.starts_with(folder)) || catalogs::is_pseudo(&name);
        if NOT_KEPT.contains(&name.as_str()) || on_demand {
            continue;
        }
        digest.add(name.as_bytes());
        digest.add(&fs::read(&path).while_doing(|| format!("read {}", path.display()))?);
        names.push(if name == "/index.html" { "/".to_owned() } else { name });
    }
    let text = files::read(&script)?;
    let list = serde_json::to_string(&names).map_err(|error| Problem::new(error.to_string()))?;
    let filled = text.replace("BUILD_VERSION", &digest.finish()).replace("[\"BUILD_FILES\"]", &list);
    if filled == text {
        return Err(Problem::new("service-worker.js has no place for the version and the files"));
    }
    files::write(&script, filled.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_changes_with_every_byte_and_the_list_is_of_the_app_alone() {
        let dist = std::env::temp_dir().join(format!("nearshelf-offline-{}", std::process::id()));
        let fill = |page: &str| {
            files::write(&dist.join("service-worker.js"), b"const V = \"BUILD_VERSION\", F = [\"BUILD_FILES\"];")
                .unwrap();
            files::write(&dist.join("index.html"), page.as_bytes()).unwrap();
            fill_in(&dist).unwrap();
            files::read(&dist.join("service-worker.js")).unwrap()
        };
        files::write(&dist.join("app-0123456789abcdef.js"), b"1").unwrap();
        files::write(&dist.join("robots.txt"), b"2").unwrap();
        files::write(&dist.join("street-map/map-0123456789abcdef.js"), b"3").unwrap();
        files::write(&dist.join("widget/box-0123456789abcdef.js"), b"5").unwrap();
        files::write(&dist.join("nearshelf.js"), b"6").unwrap();
        files::write(&dist.join("locales/ar-XB-0123456789abcdef.txt"), b"4").unwrap();
        let (first, again, other) = (fill("a"), fill("a"), fill("b"));
        assert!(first.ends_with("F = [\"/app-0123456789abcdef.js\",\"/\"];"), "{first}");
        assert_eq!(first, again);
        assert_ne!(first, other);
        assert!(fill_in(&dist).is_err(), "it is filled in already");
        files::remove(&dist).unwrap();
    }
}
