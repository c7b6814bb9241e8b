//! A file of one JSON object per line that several processes append to.
//!
//! [`JsonLines`] is the file, [`LockedLines`] the file while no other process appends to it;
//! [`numbered`] and [`continuation`] work on its text. Lines are text here: what an object must
//! look like is its writer's concern.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

/// A shared file of lines.
#[derive(Debug, Clone)]
pub struct JsonLines {
    path: PathBuf,
}

/// The file, locked against other writers until this value is dropped.
#[derive(Debug)]
pub struct LockedLines {
    path: PathBuf,
    file: File,
    is_new: bool,
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

    /// The content, empty when the file does not exist.
    ///
    /// # Errors
    /// The file system's error.
    pub fn read_bytes(&self) -> io::Result<Vec<u8>> {
        match fs::read(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
            result => result,
        }
    }

    /// As [`read_bytes`](Self::read_bytes), as text.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn read(&self) -> Result<String, ReadError> {
        String::from_utf8(self.read_bytes()?).map_err(|_| ReadError::NotUtf8)
    }

    /// Appends a line and its line feed: [`LockedLines::append`].
    ///
    /// # Errors
    /// The file system's error; the file is then as it was.
    pub fn append(&self, line: &str) -> io::Result<()> {
        self.lock()?.append(line)
    }

    /// Waits until no other process appends, and keeps them from it. Creates the file and its
    /// folders.
    ///
    /// # Errors
    /// The file system's error.
    pub fn lock(&self) -> io::Result<LockedLines> {
        let (file, is_new) = self.open()?;
        file.lock()?;
        Ok(LockedLines {
            path: self.path.clone(),
            file,
            is_new,
        })
    }

    /// The file, and whether it did not exist before.
    fn open(&self) -> io::Result<(File, bool)> {
        let mut options = OpenOptions::new();
        options.read(true).append(true);
        match options.open(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            result => return result.map(|file| (file, false)),
        }
        fs::create_dir_all(self.folder())?;
        let file = options.create(true).open(&self.path)?;
        Ok((file, true))
    }

    fn folder(&self) -> &Path {
        self.path.parent().unwrap_or(Path::new(""))
    }
}

impl LockedLines {
    /// The content.
    ///
    /// # Errors
    /// The file system's error.
    pub fn read_bytes(&mut self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.file.rewind()?;
        self.file.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Shortens the file to its first bytes.
    ///
    /// # Errors
    /// The file system's error.
    pub fn truncate(&mut self, length: u64) -> io::Result<()> {
        self.file.set_len(length)
    }

    /// Appends a line and its line feed with a single `write`, so that it never mixes with the line
    /// of a process that takes no lock. A last line that lacks its line feed gets one first: it is
    /// the rest of a write that was cut short, and must not swallow this line. The line is on the
    /// disk on return. It must not contain a line feed.
    ///
    /// # Errors
    /// The file system's error; a write that was cut short is [`io::ErrorKind::WriteZero`]. What
    /// was added is taken back, unless a process without a lock has added something after it.
    pub fn append(&mut self, line: &str) -> io::Result<()> {
        let length = self.file.metadata()?.len();
        let terminator = if self.is_terminated(length)? {
            ""
        } else {
            "\n"
        };
        let addition = format!("{terminator}{line}\n");
        let mut written = 0;
        let appended = self
            .write_once(addition.as_bytes(), &mut written)
            .and_then(|()| self.sync());
        if appended.is_err() {
            // The write's own error is the one to report.
            let _ = self.take_back(length, written);
        }
        appended
    }

    fn is_terminated(&self, length: u64) -> io::Result<bool> {
        if length == 0 {
            return Ok(true);
        }
        let mut last = [0];
        self.file.read_exact_at(&mut last, length - 1)?;
        Ok(last == *b"\n")
    }

    fn write_once(&mut self, addition: &[u8], written: &mut u64) -> io::Result<()> {
        let count = loop {
            match self.file.write(addition) {
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                result => break result?,
            }
        };
        *written = count as u64;
        if count == addition.len() {
            return Ok(());
        }
        let (length, path) = (addition.len(), self.path.display());
        let message = format!("only {count} of {length} bytes were written to `{path}`");
        Err(io::Error::new(io::ErrorKind::WriteZero, message))
    }

    /// Syncs the content, and the name of a new file.
    fn sync(&mut self) -> io::Result<()> {
        self.file.sync_data()?;
        if self.is_new {
            // `File::open("")` is not the current folder.
            let folder = self.path.parent().filter(|folder| *folder != Path::new(""));
            File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
            self.is_new = false;
        }
        Ok(())
    }

    /// Removes the addition when nothing follows it.
    fn take_back(&mut self, length: u64, written: u64) -> io::Result<()> {
        if written > 0 && self.file.metadata()?.len() == length + written {
            self.file.set_len(length)?;
        }
        Ok(())
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
