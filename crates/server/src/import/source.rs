//! The bytes of a file, unpacked where it is packed.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use flate2::bufread::MultiGzDecoder;
use indicatif::{ProgressBar, ProgressStyle};

use super::error::ImportError;

const BUFFER: usize = 128 * 1024;

/// An open file.
pub(super) struct Source {
    pub(super) path: PathBuf,
    pub(super) input: Box<dyn BufRead>,
}

/// Counts the bytes that leave the disk, so that the bar is right for packed files too.
struct Counted {
    file: File,
    bar: ProgressBar,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(buffer)?;
        self.bar.inc(count as u64);
        Ok(count)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// Opens a file; gzip is known by its first bytes, since names lie.
pub(super) fn open(path: &Path, progress: bool) -> Result<Source, ImportError> {
    let failed = |error| ImportError::Open { path: path.to_owned(), error };
    let file = File::open(path).map_err(failed)?;
    let len = file.metadata().map_err(failed)?.len();
    let bar = if progress { visible_bar(path, len) } else { ProgressBar::hidden() };
    let mut plain = BufReader::with_capacity(BUFFER, Counted { file, bar });
    let packed = plain.fill_buf().map_err(failed)?.starts_with(&[0x1f, 0x8b]);
    let input: Box<dyn BufRead> =
        if packed { Box::new(BufReader::with_capacity(BUFFER, MultiGzDecoder::new(plain))) } else { Box::new(plain) };
    Ok(Source { path: path.to_owned(), input })
}

/// Draws on standard error, and only where that is a terminal.
fn visible_bar(path: &Path, len: u64) -> ProgressBar {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    let style = ProgressStyle::with_template("{msg} [{bar:40}] {bytes} of {total_bytes}, {eta} left");
    let bar = ProgressBar::new(len).with_message(name);
    match style {
        Ok(style) => bar.with_style(style.progress_chars("=> ")),
        Err(_) => bar,
    }
}
