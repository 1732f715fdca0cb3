//! Files: walking, hashing, replacing.

use std::fs;
use std::hash::{DefaultHasher, Hasher};
use std::io;
use std::path::{Path, PathBuf};

use crate::problem::{Outcome, While};
use crate::steps::note;

/// Every file below `folder`, sorted, without the folders that `skip` names. A missing folder has none.
pub(crate) fn below(folder: &Path, skip: &dyn Fn(&Path) -> bool) -> Outcome<Vec<PathBuf>> {
    let mut found = Vec::new();
    walk(folder, skip, &mut found).while_doing(|| format!("read {}", folder.display()))?;
    found.sort();
    Ok(found)
}

fn walk(folder: &Path, skip: &dyn Fn(&Path) -> bool, found: &mut Vec<PathBuf>) -> io::Result<()> {
    if !folder.is_dir() {
        return Ok(());
    }
    for entry in fs::read_dir(folder)? {
        let (path, kind) = entry.and_then(|entry| Ok((entry.path(), entry.file_type()?)))?;
        if skip(&path) {
            continue;
        }
        if kind.is_dir() {
            walk(&path, skip, found)?;
        } else if kind.is_file() {
            found.push(path);
        }
    }
    Ok(())
}

/// A short name for some content; good for noticing a change, not for trusting a stranger.
pub(crate) struct Digest(DefaultHasher);

impl Digest {
    pub(crate) fn new() -> Self {
        Self(DefaultHasher::new())
    }

    pub(crate) fn add(&mut self, bytes: &[u8]) {
        self.0.write_usize(bytes.len());
        self.0.write(bytes);
    }

    /// A file with its name; a missing one counts as such.
    pub(crate) fn add_file(&mut self, path: &Path) -> Outcome {
        self.add(path.to_string_lossy().as_bytes());
        match fs::read(path) {
            Ok(bytes) => self.add(&bytes),
            Err(error) if error.kind() == io::ErrorKind::NotFound => self.add(b"-"),
            Err(error) => return Err(error).while_doing(|| format!("read {}", path.display())),
        }
        Ok(())
    }

    /// 16 hexadecimal digits.
    pub(crate) fn finish(self) -> String {
        format!("{:016x}", self.0.finish())
    }
}

/// Reads a text.
pub(crate) fn read(path: &Path) -> Outcome<String> {
    fs::read_to_string(path).while_doing(|| format!("read {}", path.display()))
}

/// Writes a file and the folders above it.
pub(crate) fn write(path: &Path, content: &[u8]) -> Outcome {
    make_folder_of(path)?;
    fs::write(path, content).while_doing(|| format!("write {}", path.display()))
}

/// Makes the folders above a file.
pub(crate) fn make_folder_of(path: &Path) -> Outcome {
    path.parent().map_or(Ok(()), fs::create_dir_all).while_doing(|| format!("make the folder of {}", path.display()))
}

/// Removes a file or a folder; it need not exist.
pub(crate) fn remove(path: &Path) -> Outcome {
    let removed = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    match removed {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(error).while_doing(|| format!("remove {}", path.display()))
        }
        _ => Ok(()),
    }
}

/// Copies a file, or a folder with everything in it.
pub(crate) fn copy(from: &Path, to: &Path) -> Outcome {
    for file in if from.is_dir() { below(from, &|_| false)? } else { vec![from.to_path_buf()] } {
        let target =
            file.strip_prefix(from).ok().filter(|rest| *rest != Path::new("")).map_or(to.into(), |rest| to.join(rest));
        make_folder_of(&target)?;
        fs::copy(&file, &target).while_doing(|| format!("copy {} to {}", file.display(), target.display()))?;
    }
    Ok(())
}

/// Moves `from` to `to` on the same disk.
pub(crate) fn rename(from: &Path, to: &Path) -> Outcome {
    fs::rename(from, to).while_doing(|| format!("rename {} to {}", from.display(), to.display()))
}

/// Waits until nobody else works there; the system gives the place back when the file is dropped.
pub(crate) fn alone(lock: &Path, other: &str) -> Outcome<fs::File> {
    make_folder_of(lock)?;
    let open = fs::OpenOptions::new().create(true).truncate(false).write(true).open(lock);
    let file = open.while_doing(|| format!("open {}", lock.display()))?;
    if file.try_lock().is_err() {
        note(&format!("waiting for {other}"));
        file.lock().while_doing(|| format!("lock {}", lock.display()))?;
    }
    Ok(file)
}

/// Whether nobody has locked it; a missing one nobody has.
pub(crate) fn is_unlocked(lock: &Path) -> bool {
    fs::File::options().write(true).open(lock).map_or(true, |file| file.try_lock().is_ok())
}

/// Whether `stamp` says that this was already done for `key`.
pub(crate) fn is_stamped(stamp: &Path, key: &str) -> bool {
    fs::read_to_string(stamp).is_ok_and(|found| found.trim() == key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_and_folders_are_copied() {
        let folder = std::env::temp_dir().join(format!("nearshelf-copy-{}", std::process::id()));
        write(&folder.join("from/a/b"), b"1").unwrap();
        copy(&folder.join("from"), &folder.join("to")).unwrap();
        copy(&folder.join("from/a/b"), &folder.join("one")).unwrap();
        assert_eq!(read(&folder.join("to/a/b")).unwrap(), "1");
        assert_eq!(read(&folder.join("one")).unwrap(), "1");
        remove(&folder).unwrap();
    }

    #[test]
    fn a_digest_changes_with_each_piece_and_its_borders() {
        let of = |pieces: &[&str]| {
            let mut digest = Digest::new();
            pieces.iter().for_each(|piece| digest.add(piece.as_bytes()));
            digest.finish()
        };
        assert_eq!(of(&["ab", "c"]), of(&["ab", "c"]));
        assert_ne!(of(&["ab", "c"]), of(&["a", "bc"]));
        assert_eq!(of(&["ab"]).len(), 16);
    }
}
