//! Styles: `style/main.css` and what it imports, as one small file.

use crate::problem::Outcome;
use crate::tools::node;
use crate::{files, process, workspace};

/// Browsers since spring 2023. They know `oklch()`; nesting and `light-dark()` are written out for the older of them.
pub(crate) const BROWSERS: &str = "chrome >= 111, edge >= 111, firefox >= 113, safari >= 16.4, ios_saf >= 16.4";

/// Writes `target/style/nearshelf.css`. Trunk calls this before each build; unchanged styles are left untouched.
pub(crate) fn bundle() -> Outcome {
    node::check()?;
    node::packages(workspace::root())?;
    let mut command = node::lightningcss()?;
    command.current_dir(workspace::root());
    let css = process::output(command.args(["--bundle", "--minify", "--targets", BROWSERS, "style/main.css"]))?;
    let out = workspace::scratch("style/nearshelf.css");
    if files::is_stamped(&out, css.trim()) {
        return Ok(());
    }
    files::write(&out, css.trim().as_bytes())
}
