//! A file of one JSON object per line that several processes append to.
//!
//! [`JsonLines`] is the file; [`numbered`] and [`continuation`] work on its text. Lines are text
//! here: what an object must look like is its writer's concern.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A shared file of lines.
#[derive(Debug, Clone)]
pub struct JsonLines {
    path: PathBuf,
}

/// Why the file cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file is not UTF-8.
    #[error("not valid UTF-8")]
    NotUtf8,
    /// The operating system reported an error.
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl JsonLines {
    /// The file at `path`. Neither the file nor its folder needs to exist.
    pub fn new(path: PathBuf) -> Self {
        Self { path }
    }

    /// Checks that a line could be appended now. Creates the file, and appends nothing.
    ///
    /// # Errors
    /// The file system's error.
    pub fn check(&self) -> io::Result<()> {
        self.open().map(drop)
    }

    /// The whole text, empty when the file does not exist.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn read(&self) -> Result<String, ReadError> {
        match fs::read(&self.path) {
            Ok(bytes) => String::from_utf8(bytes).map_err(|_| ReadError::NotUtf8),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(String::new()),
            Err(e) => Err(e.into()),
        }
    }

    /// Appends a line and its line feed with a single `write`, so that concurrent lines of several
    /// processes never mix. The line survives the end of the process on return; it is not synced
    /// to the disk. The line must not contain a line feed.
    ///
    /// # Errors
    /// The file system's error. A partial write is [`io::ErrorKind::WriteZero`] and is not
    /// completed, because another process may have appended in between.
    pub fn append(&self, line: &str) -> io::Result<()> {
        self.append_once(&format!("{line}\n"))
    }

    /// Like [`append`](Self::append), to a file that was read as `text`: terminates a last line
    /// that lacks its line feed.
    ///
    /// # Errors
    /// As for [`append`](Self::append).
    pub fn append_after(&self, text: &str, line: &str) -> io::Result<()> {
        self.append_once(&continuation(text, line))
    }

    fn append_once(&self, addition: &str) -> io::Result<()> {
        let mut file = self.open()?;
        let written = loop {
            match file.write(addition.as_bytes()) {
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                result => break result?,
            }
        };
        if written == addition.len() {
            return Ok(());
        }
        let (length, path) = (addition.len(), self.path.display());
        let message = format!("only {written} of {length} bytes were written to `{path}`");
        Err(io::Error::new(io::ErrorKind::WriteZero, message))
    }

    fn open(&self) -> io::Result<File> {
        fs::create_dir_all(self.path.parent().unwrap_or(Path::new("")))?;
        OpenOptions::new()
            .append(true)
            .create(true)
            .open(&self.path)
    }
}

/// The lines that are not blank with their numbers, which count every line from 1. Blank lines
/// consist of spaces, tabs and carriage returns; the last line may lack its line feed.
pub fn numbered(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_blank = |line: &str| line.bytes().all(|b| matches!(b, b' ' | b'\t' | b'\r'));
    (1..)
        .zip(text.split('\n'))
        .filter(move |(_, line)| !is_blank(line))
}

/// What to add to `text` to append a line: the line feed that the last line lacks, if any, then
/// the line and its line feed.
pub fn continuation(text: &str, line: &str) -> String {
    let is_unterminated = !text.is_empty() && !text.ends_with('\n');
    let terminator = if is_unterminated { "\n" } else { "" };
    format!("{terminator}{line}\n")
}
