//! Programs: finding, running and becoming them.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::problem::{Outcome, Problem, While};

/// Runs it with its output going straight to the terminal.
pub(crate) fn run(command: &mut Command) -> Outcome {
    let status = command.status().while_doing(|| format!("start {}", name(command)))?;
    if status.success() {
        return Ok(());
    }
    Err(Problem::new(format!("{} failed ({status})", name(command))))
}

/// Runs it and gives what it printed; its complaints go to the terminal.
pub(crate) fn output(command: &mut Command) -> Outcome<String> {
    let output = command.stderr(Stdio::inherit()).output().while_doing(|| format!("start {}", name(command)))?;
    if !output.status.success() {
        return Err(Problem::new(format!("{} failed ({})", name(command), output.status)));
    }
    String::from_utf8(output.stdout).while_doing(|| format!("read what {} printed", name(command)))
}

/// What it prints, or nothing if it does not run.
pub(crate) fn answer(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Turns into it where the system can, so that signals reach it and nothing is left behind; else waits for it.
pub(crate) fn become_it(command: &mut Command) -> Outcome {
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt;
        let error = command.exec();
        Err(Problem::new(format!("could not start {}: {error}", name(command))))
    }
    #[cfg(not(unix))]
    run(command)
}

/// Every program of that name on the `PATH`, in its order.
pub(crate) fn find_all(program: &str) -> Vec<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).filter_map(|folder| in_folder(&folder, program)).collect()
}

/// The program that a shell would start.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    find_all(program).into_iter().next()
}

/// That program in that folder, with the ending that this system wants.
pub(crate) fn in_folder(folder: &Path, program: &str) -> Option<PathBuf> {
    let endings: &[&str] = if cfg!(windows) { &[".exe", ".cmd", ".bat"] } else { &[""] };
    endings.iter().map(|ending| folder.join(format!("{program}{ending}"))).find(|path| path.is_file())
}

/// The `PATH` with these folders in front.
pub(crate) fn path_with(folders: &[PathBuf]) -> Outcome<OsString> {
    let old = env::var_os("PATH").unwrap_or_default();
    env::join_paths(folders.iter().cloned().chain(env::split_paths(&old))).while_doing(|| "build a PATH".into())
}

fn name(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let words = command.get_args().map(|word| word.to_string_lossy().into_owned());
    let mut line = vec![program.file_stem().unwrap_or(program.as_os_str()).to_string_lossy().into_owned()];
    line.extend(words.take_while(|word| !word.contains(['/', '\\'])).take(4));
    format!("`{}`", line.join(" "))
}
