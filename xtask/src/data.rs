//! Feeds and the databases that are made from them.

use std::fs;
use std::path::{Path, PathBuf};

use crate::problem::{Outcome, Problem, While};
use crate::server::Server;
use crate::steps::note;
use crate::{files, process, workspace};

/// A folder with the three feeds of a retailer.
pub(crate) struct Feeds {
    folder: PathBuf,
    stores: PathBuf,
    products: PathBuf,
    inventory: PathBuf,
}

impl Feeds {
    /// The made-up shop that comes with the repository.
    pub(crate) fn demo() -> Outcome<Self> {
        Self::inside(&workspace::path("demo"))
    }

    /// The feeds in a folder, plain or compressed.
    pub(crate) fn inside(folder: &Path) -> Outcome<Self> {
        let folder = folder.canonicalize().while_doing(|| format!("open the folder of feeds {}", folder.display()))?;
        let feed = |name: &str| {
            let (plain, packed) = (folder.join(name), folder.join(format!("{name}.gz")));
            match (plain.is_file(), packed.is_file()) {
                (true, false) => Ok(plain),
                (false, true) => Ok(packed),
                (true, true) => Err(Problem::new(format!("{} has both {name} and {name}.gz", folder.display()))),
                (false, false) => Err(Problem::new(format!("{} has no {name} or {name}.gz", folder.display()))),
            }
        };
        Ok(Self {
            stores: feed("stores.csv")?,
            products: feed("products.tsv")?,
            inventory: feed("inventory.tsv")?,
            folder,
        })
    }

    /// The pictures beside the feeds, if there are any.
    pub(crate) fn pictures(&self) -> Option<PathBuf> {
        Some(self.folder.join("pictures")).filter(|folder| folder.is_dir())
    }

    /// Where the database of these feeds is: `target/demo.db`, or a name of its own for each other folder.
    pub(crate) fn database(&self) -> PathBuf {
        if self.folder == workspace::path("demo") {
            return workspace::scratch("demo.db");
        }
        let mut digest = files::Digest::new();
        digest.add(self.folder.to_string_lossy().as_bytes());
        let name = self.folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        workspace::scratch(&format!("{name}-{}.db", &digest.finish()[..8]))
    }

    /// Changes with every byte of the feeds.
    fn digest(&self) -> Outcome<String> {
        let mut digest = files::Digest::new();
        for feed in [&self.stores, &self.products, &self.inventory] {
            digest.add_file(feed)?;
        }
        Ok(digest.finish())
    }
}

/// A database that holds what the feeds say.
pub(crate) struct Database {
    /// Its file.
    pub(crate) file: PathBuf,
}

impl Database {
    pub(crate) fn at(file: PathBuf) -> Self {
        Self { file }
    }

    /// Imports the feeds if that was not yet done. Reservations survive a change of the feeds; `fresh` forgets them.
    pub(crate) fn import(&self, feeds: &Feeds, server: &Server, fresh: bool) -> Outcome {
        self.import_for(&feeds.digest()?, feeds, server, fresh)
    }

    /// The same, from nothing whenever the server was rebuilt too: for tests.
    pub(crate) fn import_for_tests(&self, feeds: &Feeds, server: &Server) -> Outcome {
        let built = fs::metadata(&server.binary).and_then(|metadata| metadata.modified());
        let built = built.while_doing(|| format!("look at {}", server.binary.display()))?;
        let key = format!("{} {built:?}", feeds.digest()?);
        let fresh = !files::is_stamped(&self.beside("feeds"), &key);
        self.import_for(&key, feeds, server, fresh)
    }

    fn import_for(&self, key: &str, feeds: &Feeds, server: &Server, fresh: bool) -> Outcome {
        let stamp = self.beside("feeds");
        if fresh {
            remove_database(&self.file)?;
        }
        let exists = self.file.is_file();
        if exists && files::is_stamped(&stamp, key) {
            note(&format!("{} is as imported before", workspace::shown(&self.file)));
            return Ok(());
        }
        files::remove(&stamp)?;
        note(&format!("importing {} into {}", workspace::shown(&feeds.folder), workspace::shown(&self.file)));
        if exists {
            // The stamp is written last, so an import that is interrupted is done again.
            import_into(&self.file, feeds, server)?;
        } else {
            let unfinished = self.beside("unfinished");
            remove_database(&unfinished)?;
            files::make_folder_of(&unfinished)?;
            import_into(&unfinished, feeds, server)?;
            move_database(&unfinished, &self.file)?;
            files::remove(&self.token())?;
        }
        files::write(&stamp, key.as_bytes())
    }

    /// Two servers on one file would each believe to be the only writer, and one that runs would not notice that its
    /// file is gone.
    pub(crate) fn not_in_use(&self) -> Outcome {
        if files::is_unlocked(&suffixed(&self.file, ".lock")) {
            return Ok(());
        }
        Err(Problem::new(format!(
            "a server is using {} already: stop it, or give this one its own database with --db",
            workspace::shown(&self.file)
        )))
    }

    /// Where the token is that may change stock.
    pub(crate) fn token(&self) -> PathBuf {
        self.beside("feed-token")
    }

    /// Makes a token for tills and feeds, unless there is one.
    pub(crate) fn ensure_token(&self, server: &Server, name: &str) -> Outcome {
        let out = self.token();
        if out.is_file() {
            return Ok(());
        }
        let mut command = server.command(&["token", "create"], &self.file);
        process::run(command.args(["--scope", "feed", "--name", name, "--out"]).arg(&out))
    }

    /// `target/demo.db` → `target/demo.feeds`.
    fn beside(&self, ending: &str) -> PathBuf {
        self.file.with_extension(ending)
    }
}

fn import_into(file: &Path, feeds: &Feeds, server: &Server) -> Outcome {
    let mut command = server.command(&["import"], file);
    command.arg("--stores").arg(&feeds.stores).arg("--products").arg(&feeds.products);
    process::run(command.arg("--inventory").arg(&feeds.inventory))
}

/// The file and what SQLite keeps beside it.
fn parts(file: &Path) -> [PathBuf; 3] {
    ["", "-wal", "-shm"].map(|ending| suffixed(file, ending))
}

fn suffixed(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

fn remove_database(file: &Path) -> Outcome {
    // The log goes first: cut off in between, a log alone would be taken for what is left of a lost database.
    parts(file).iter().rev().try_for_each(|part| files::remove(part))
}

/// What is still in the log moves along, and before the file that makes it a database.
fn move_database(from: &Path, to: &Path) -> Outcome {
    let pairs = parts(from).into_iter().zip(parts(to)).rev();
    pairs.filter(|(from, _)| from.is_file()).try_for_each(|(from, to)| files::rename(&from, &to))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scratch(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("nearshelf-{name}-{}", std::process::id()));
        files::remove(&folder).unwrap();
        folder
    }

    #[test]
    fn feeds_are_found_plain_or_compressed_and_missing_ones_are_named() {
        let folder = scratch("feeds");
        files::write(&folder.join("stores.csv"), b"").unwrap();
        files::write(&folder.join("products.tsv"), b"").unwrap();
        let problem = Feeds::inside(&folder).err().unwrap().to_string();
        assert!(problem.contains("no inventory.tsv"), "{problem}");

        files::write(&folder.join("inventory.tsv.gz"), b"").unwrap();
        let feeds = Feeds::inside(&folder).unwrap();
        assert_eq!(feeds.inventory.file_name().unwrap(), "inventory.tsv.gz");
        assert_eq!(feeds.pictures(), None);
        files::write(&folder.join("stores.csv.gz"), b"").unwrap();
        assert!(Feeds::inside(&folder).is_err(), "nobody can say which one is newer");
        files::remove(&folder.join("stores.csv.gz")).unwrap();
        let before = feeds.digest().unwrap();
        files::write(&folder.join("stores.csv"), b"one more").unwrap();
        assert_ne!(feeds.digest().unwrap(), before);
        files::remove(&folder).unwrap();
    }

    #[test]
    fn each_folder_has_its_own_database() {
        let (one, two) = (scratch("one").join("shop"), scratch("two").join("shop"));
        let databases = [&one, &two].map(|folder| {
            for feed in ["stores.csv", "products.tsv", "inventory.tsv"] {
                files::write(&folder.join(feed), b"").unwrap();
            }
            Feeds::inside(folder).unwrap().database()
        });
        assert_ne!(databases[0], databases[1]);
        assert_eq!(Feeds::demo().unwrap().database(), workspace::scratch("demo.db"));
        files::remove(one.parent().unwrap()).unwrap();
        files::remove(two.parent().unwrap()).unwrap();
    }

    #[test]
    fn a_database_moves_with_its_log() {
        let folder = scratch("move");
        let (from, to) = (folder.join("a.unfinished"), folder.join("a.db"));
        files::write(&from, b"pages").unwrap();
        files::write(&parts(&from)[1], b"log").unwrap();
        move_database(&from, &to).unwrap();
        assert_eq!(files::read(&to).unwrap(), "pages");
        assert_eq!(files::read(&folder.join("a.db-wal")).unwrap(), "log");
        assert!(!from.exists());
        files::remove(&folder).unwrap();
    }
}
