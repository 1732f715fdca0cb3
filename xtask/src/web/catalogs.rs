//! The texts of the app in its languages, as the browser loads them: one file a language, and what `boot.js` says itself.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use catalog::{Catalog, Languages};

use crate::problem::{Outcome, Problem};
use crate::{files, workspace};

/// What stands in `boot.js` in place of the texts.
const PLACE: &str = "{ BUILD_TEXTS: {} }";
/// Texts of the app that `boot.js` shows while the program is on its way.
const BEFORE: [&str; 3] = ["find_invitation", "find_invitation_reason", "find_loading"];
/// How the names of languages end that nobody speaks.
const PSEUDO: &str = "-X";

/// Writes them into the folder in which Trunk puts the app together. Trunk calls this after each build.
pub(crate) fn add_to_staging() -> Outcome {
    let folder = std::env::var_os("TRUNK_STAGING_DIR").map(PathBuf::from);
    let folder = folder.ok_or_else(|| Problem::new("Trunk calls this, and says where in TRUNK_STAGING_DIR"))?;
    let languages = Languages::read(&workspace::path("locales"))
        .map_err(|problems| Problem::new(problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")))?;
    add(&folder, &languages)
}

/// Whether a file below `dist/` is a catalog that is there for tests alone.
pub(crate) fn is_pseudo(name: &str) -> bool {
    name.starts_with("/locales/") && name.contains(PSEUDO)
}

fn add(dist: &Path, languages: &Languages) -> Outcome {
    let english = &languages.english;
    let shipped: Vec<&Catalog> = [english].into_iter().chain(&languages.others).collect();
    let pseudo = [english.longer(), english.right_to_left()];
    let mut named = Vec::new();
    for catalog in shipped.iter().copied().chain(&pseudo) {
        let (language, text) = (&catalog.language, catalog.compiled(english));
        let mut digest = files::Digest::new();
        digest.add(text.as_bytes());
        let name = format!("locales/{language}-{}.txt", digest.finish());
        files::write(&dist.join(&name), text.as_bytes())?;
        named.push(format!("{language}=/{name}"));
    }
    let at_hand = |catalog: &'_ Catalog| {
        let before = BEFORE.iter().filter_map(|key| Some((*key, catalog.text(key)?)));
        catalog.of_boot().chain(before).map(|(key, text)| (key.to_owned(), text.to_owned())).collect()
    };
    let texts: BTreeMap<&str, BTreeMap<String, String>> =
        shipped.iter().map(|catalog| (catalog.language.as_str(), at_hand(catalog))).collect();
    let texts = serde_json::to_string(&texts).map_err(|error| Problem::new(error.to_string()))?;
    replace(&dist.join("boot.js"), PLACE, &texts)?;
    let meta = |content: &str| format!("name=\"nearshelf-languages\" content=\"{content}\"");
    replace(&dist.join("index.html"), &meta(""), &meta(&named.join(" ")))
}

fn replace(file: &Path, place: &str, content: &str) -> Outcome {
    let text = files::read(file)?;
    if !text.contains(place) {
        return Err(Problem::new(format!("{} has no place `{place}`", file.display())));
    }
    files::write(file, text.replace(place, content).as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_is_a_file_that_the_page_names_and_the_boot_has_its_texts_at_hand() {
        let folder = std::env::temp_dir().join(format!("nearshelf-catalogs-{}", std::process::id()));
        let write = |name: &str, text: &str| files::write(&folder.join(name), text.as_bytes()).unwrap();
        write("locales/en.json", r#"{"find_invitation": "Shop", "boot_reload": "Again"}"#);
        write("locales/pl.json", r#"{"find_invitation": "Sklep", "boot_reload": "Jeszcze raz"}"#);
        write("dist/boot.js", &format!("const TEXTS = {PLACE};"));
        write("dist/index.html", "<meta name=\"nearshelf-languages\" content=\"\" />");
        let (dist, languages) = (folder.join("dist"), Languages::read(&folder.join("locales")).unwrap());
        add(&dist, &languages).unwrap();

        let page = files::read(&dist.join("index.html")).unwrap();
        let named: Vec<(&str, &str)> =
            page.split('"').nth(3).unwrap().split(' ').map(|pair| pair.split_once('=').unwrap()).collect();
        assert_eq!(named.iter().map(|(tag, _)| *tag).collect::<Vec<_>>(), ["en", "pl", "en-XA", "ar-XB"]);
        let (_, polish) = named[1];
        assert!(polish.starts_with("/locales/pl-"), "{polish}");
        assert_eq!(files::read(&dist.join(&polish[1..])).unwrap(), "pl ltr one,few,many,other\nSklep");
        let boot = files::read(&dist.join("boot.js")).unwrap();
        assert_eq!(
            boot,
            r#"const TEXTS = {"en":{"find_invitation":"Shop","reload":"Again"},"pl":{"find_invitation":"Sklep","reload":"Jeszcze raz"}};"#
        );
        assert_eq!(named.iter().map(|(_, name)| is_pseudo(name)).collect::<Vec<_>>(), [false, false, true, true]);
        assert!(add(&dist, &languages).is_err(), "there is no place any more");
        files::remove(&folder).unwrap();
    }

    #[test]
    fn the_boot_of_this_repository_has_a_place_for_its_texts() {
        assert!(files::read(&workspace::path("public/boot.js")).unwrap().contains(PLACE));
    }
}
