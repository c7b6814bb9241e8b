//! Where a report is, for a person who wants to open it.

use std::fmt::Write as _;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use lakehouse_rig::text::visible;
use supports_hyperlinks::Stream;

/// The absolute path of a report, as a link in a terminal that supports links.
#[must_use]
pub fn location(report: &Path) -> String {
    let absolute = std::path::absolute(report).unwrap_or_else(|_| report.to_owned());
    let shown = visible(&absolute.display().to_string()).into_owned();
    if supports_hyperlinks::on(Stream::Stdout) {
        let url = url(&absolute);
        format!("\u{1b}]8;;{url}\u{1b}\\{shown}\u{1b}]8;;\u{1b}\\")
    } else {
        shown
    }
}

/// `file:///a%20b/report.html`.
fn url(path: &Path) -> String {
    let mut url = "file://".to_owned();
    for byte in path.as_os_str().as_bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(byte) {
            url.push(char::from(*byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(url, "%{byte:02X}");
        }
    }
    url
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::url;

    #[test]
    fn paths_are_encoded() {
        assert_eq!(
            url(Path::new("/a b/ü#1/r.html")),
            "file:///a%20b/%C3%BC%231/r.html"
        );
    }
}
