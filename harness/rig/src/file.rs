//! Files that are either whole or absent.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

/// Writes a file so that no reader ever sees a part of it: to a temporary file beside it, which
/// then takes its name. If that fails, for instance on a full disk, the temporary file is removed
/// and an earlier file of the name stays.
///
/// # Errors
///
/// A folder or file that cannot be written.
pub fn write_whole(path: &Path, content: impl AsRef<[u8]>) -> io::Result<()> {
    let temporary = temporary(path);
    let written =
        std::fs::write(&temporary, content).and_then(|()| std::fs::rename(&temporary, path));
    if written.is_err() {
        let _ = std::fs::remove_file(&temporary);
    }
    written
}

/// `.report.json.new` for `report.json`.
fn temporary(path: &Path) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(".new");
    path.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::{temporary, write_whole};

    #[test]
    fn a_full_disk_leaves_no_empty_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("junit.xml");
        // Every write to this device fails because no space is left.
        symlink("/dev/full", temporary(&path)).unwrap();
        write_whole(&path, "<testsuites/>").unwrap_err();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_written_file_replaces_the_earlier_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report.json");
        for text in ["first", "second"] {
            write_whole(&path, text).unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
