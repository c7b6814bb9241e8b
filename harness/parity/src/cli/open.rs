//! `parity open`.

use std::path::Path;
use std::process::{Command, Stdio};

use lakehouse_rig::error::Error;
use lakehouse_rig::process::is_on_path;

use super::output::Output;

/// The program that opens a file as the desktop does.
const OPENER: &str = if cfg!(target_os = "macos") {
    "open"
} else {
    "xdg-open"
};

/// Opens the page of the last run, and returns what was done.
///
/// # Errors
///
/// There is no run.
pub(super) fn open(output: &Output) -> Result<String, Error> {
    let page = output.runs()?.pop().map(|run| run.join("report.html"));
    let Some(page) = page.filter(|page| page.is_file()) else {
        return Err(Error::usage(
            format!("there is no report in `{}`", output.folder().display()),
            "run `parity` first",
        ));
    };
    let shown = page.display();
    Ok(if is_on_path(OPENER) && start(&page) {
        format!("opened {shown}\n")
    } else {
        format!("{shown}\n")
    })
}

/// Whether the opener accepted the page.
fn start(page: &Path) -> bool {
    let status = Command::new(OPENER)
        .arg(page)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    status.is_ok_and(|status| status.success())
}
