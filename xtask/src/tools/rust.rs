//! What rustup and the system bring.

use std::path::Path;
use std::process::Command;

use crate::problem::{Outcome, Problem};
use crate::process;
use crate::steps::note;

const WASM: &str = "wasm32-unknown-unknown";

/// The standard library for the browser.
pub(crate) fn wasm_target() -> Outcome {
    if has_wasm() {
        return Ok(());
    }
    if process::find("rustup").is_none() {
        return Err(Problem::new(format!(
            "Rust's target {WASM} is not installed, and there is no rustup to add it: install Rust from \
             https://rustup.rs, or your system's package of that target"
        )));
    }
    note(&format!("adding Rust's target {WASM}, once; this can pause for a minute"));
    let add = || process::run(Command::new("rustup").args(["target", "add", WASM]));
    add().or_else(|_| {
        note("once more");
        add()
    })
}

fn has_wasm() -> bool {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let folder = process::answer(Command::new(rustc).args(["--print", "target-libdir", "--target", WASM]));
    folder.is_some_and(|folder| Path::new(&folder).is_dir())
}

/// SQLite is compiled from C.
pub(crate) fn c_compiler() -> Outcome {
    let named = std::env::var_os("CC").is_some();
    if cfg!(windows) || named || ["cc", "gcc", "clang"].iter().any(|name| process::find(name).is_some()) {
        return Ok(());
    }
    Err(Problem::new(
        "there is no C compiler, which SQLite needs: `apt-get install build-essential` on Debian and Ubuntu, \
         `xcode-select --install` on macOS, or set CC",
    ))
}
