//! Appending to a log that several processes share.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

/// Appends `bytes` to the file with a single `write`, making its folders and the file as needed.
///
/// The file is opened in append mode, so what several processes append at the same time never
/// mixes. Once this returns, the end of the process loses nothing; the data is not forced to the
/// disk.
///
/// # Errors
/// What the file system says; a write that took only a part is [`io::ErrorKind::WriteZero`] and
/// is not repeated, since the rest could land behind somebody else's line.
pub fn append_once(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut file = OpenOptions::new().append(true).create(true).open(path)?;
    let written = loop {
        match file.write(bytes) {
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            result => break result?,
        }
    };
    if written == bytes.len() {
        Ok(())
    } else {
        let message = format!(
            "wrote {written} of {} bytes to `{}`",
            bytes.len(),
            path.display()
        );
        Err(io::Error::new(io::ErrorKind::WriteZero, message))
    }
}
