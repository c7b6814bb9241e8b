//! The files of a log: making, reading and ending them.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::record::{self, Header};
use super::{Cut, io_error};
use crate::VectorError;

/// A file of a log, by its name.
#[derive(Debug)]
pub(super) struct LogFile {
    pub(super) path: PathBuf,
    /// The version of its first operation.
    pub(super) first: u64,
    pub(super) bytes: u64,
}

/// What a file holds besides its operations.
#[derive(Debug)]
pub(super) struct Contents {
    /// None when it was never finished.
    pub(super) header: Option<Header>,
    /// What is to be cut away at its end.
    pub(super) cut: Option<Cut>,
}

/// The files of the log in a folder, oldest first.
pub(super) fn list(folder: &Path) -> Result<Vec<LogFile>, VectorError> {
    let in_error = |e| io_error("list", folder, e);
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(in_error)? {
        let entry = entry.map_err(in_error)?;
        if let Some(first) = entry.file_name().to_str().and_then(first_version) {
            files.push(LogFile {
                path: entry.path(),
                first,
                bytes: entry.metadata().map_err(in_error)?.len(),
            });
        }
    }
    files.sort_unstable_by_key(|file| file.first);
    Ok(files)
}

fn first_version(name: &str) -> Option<u64> {
    let digits = name.strip_prefix("log-")?.strip_suffix(".wal")?;
    let first = digits.parse().ok()?;
    (name == file_name(first)).then_some(first)
}

fn file_name(first: u64) -> String {
    format!("log-{first:020}.wal")
}

/// A file of a log that nothing is needed of any more.
#[derive(Debug)]
pub struct SpentFile(LogFile);

/// What a file system gives back at a time: it takes about a millisecond for it.
const PIECE: u64 = 4 << 20;

impl From<LogFile> for SpentFile {
    fn from(file: LogFile) -> Self {
        Self(file)
    }
}

impl SpentFile {
    /// Removes it, with a `rest` now and then. A file system that gives back a hundred megabytes
    /// at once, and tells the disk, keeps whoever syncs another file waiting for a tenth of a
    /// second.
    ///
    /// # Errors
    /// [`VectorError::Io`].
    pub fn remove(&self, rest: &dyn Fn()) -> Result<(), VectorError> {
        let path = &self.0.path;
        let in_error = |e| io_error("remove", path, e);
        let file = OpenOptions::new()
            .write(true)
            .open(path)
            .map_err(in_error)?;
        // Without its name first: what was cut short is never read.
        self.0.remove()?;
        let mut length = file.metadata().map_err(in_error)?.len();
        while length > 0 {
            length = length.saturating_sub(PIECE);
            file.set_len(length).map_err(in_error)?;
            rest();
        }
        Ok(())
    }
}

impl LogFile {
    /// Makes an empty file, on the disk with its header and its name.
    pub(super) fn create(folder: &Path, header: &Header) -> Result<(Self, File), VectorError> {
        let path = folder.join(file_name(header.first));
        let make = || -> io::Result<File> {
            let mut file = OpenOptions::new()
                .append(true)
                .create_new(true)
                .open(&path)?;
            file.write_all(&header.encode())?;
            file.sync_all()?;
            File::open(folder)?.sync_all()?;
            Ok(file)
        };
        match make() {
            Ok(file) => {
                let made = Self {
                    path,
                    first: header.first,
                    bytes: Header::BYTES as u64,
                };
                Ok((made, file))
            }
            Err(error) => {
                // So that another try finds the name free.
                let _ = fs::remove_file(&path);
                Err(io_error("make", &path, error))
            }
        }
    }

    /// Gives the operations of the file to `each`, with their versions.
    pub(super) fn read(
        &self,
        index: u128,
        is_last: bool,
        mut each: impl FnMut(u64, &[u8]) -> Result<(), &'static str>,
    ) -> Result<Contents, VectorError> {
        let bytes = fs::read(&self.path).map_err(|e| io_error("read", &self.path, e))?;
        let Some(header) = Header::decode(&bytes) else {
            // Records are written only behind a finished header.
            let has_records = bytes.iter().skip(Header::BYTES).any(|b| *b != 0);
            if has_records || !is_last {
                return Err(self.damaged(0, "its header is not valid"));
            }
            let cut = self.cut(0, &bytes);
            return Ok(Contents { header: None, cut });
        };
        if header.index != index {
            return Err(self.damaged(8, "it belongs to another index"));
        }
        if header.first != self.first {
            return Err(self.damaged(24, "its name is that of another file"));
        }
        let mut at = Header::BYTES;
        let mut next = header.first;
        while let Some(record) = record::read(&bytes, at, &header) {
            if record.first != next {
                let reason = format!("operation {next} is missing");
                return Err(self.damaged(at, reason));
            }
            let Some(operations) = record.operations() else {
                return Err(self.damaged(at, "a record is of an unknown form"));
            };
            for operation in operations {
                each(next, operation).map_err(|reason| self.damaged(at, reason))?;
                next += 1;
            }
            at = record.end;
        }
        if at < bytes.len() && (!is_last || record::is_any_after(&bytes, at, &header)) {
            return Err(self.damaged(at, "a record is not valid, and it is not the last"));
        }
        Ok(Contents {
            header: Some(header),
            cut: self.cut(at, &bytes),
        })
    }

    /// Opens the file for more, without what is to be cut away; gives its length, too.
    pub(super) fn reopen(&self, cut: Option<&Cut>) -> Result<(File, u64), VectorError> {
        let open = || -> io::Result<_> {
            let file = OpenOptions::new().append(true).open(&self.path)?;
            if let Some(cut) = cut {
                file.set_len(cut.offset)?;
            }
            // Also what was read without a cut may not be on the disk yet.
            file.sync_all()?;
            let length = file.metadata()?.len();
            Ok((file, length))
        };
        open().map_err(|e| io_error("open", &self.path, e))
    }

    pub(super) fn remove(&self) -> Result<(), VectorError> {
        fs::remove_file(&self.path).map_err(|e| io_error("remove", &self.path, e))
    }

    pub(super) fn damaged(&self, offset: usize, reason: impl Into<String>) -> VectorError {
        VectorError::Damaged {
            file: self.path.display().to_string(),
            offset: offset as u64,
            reason: reason.into(),
        }
    }

    fn cut(&self, at: usize, bytes: &[u8]) -> Option<Cut> {
        (at < bytes.len()).then(|| Cut {
            file: self.path.clone(),
            offset: at as u64,
            bytes: (bytes.len() - at) as u64,
        })
    }
}
