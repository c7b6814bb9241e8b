//! One segment: creating, reading and removing its file.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::record::{self, Header};
use super::{Cut, Owner};
use crate::LogError;

/// A segment's file.
#[derive(Debug)]
pub(super) struct Segment {
    pub(super) path: PathBuf,
    /// The first entry's number.
    pub(super) first: u64,
    pub(super) bytes: u64,
}

/// The content of a segment besides its entries.
#[derive(Debug)]
pub(super) struct Contents {
    /// None when a crash interrupted writing it.
    pub(super) header: Option<Header>,
    /// The unfinished write at the end.
    pub(super) cut: Option<Cut>,
}

/// The segments in a folder, oldest first.
pub(super) fn list(folder: &Path) -> Result<Vec<Segment>, LogError> {
    let in_error = |e| LogError::io("list", folder, e);
    let mut segments = Vec::new();
    for entry in fs::read_dir(folder).map_err(in_error)? {
        let entry = entry.map_err(in_error)?;
        if let Some(first) = entry.file_name().to_str().and_then(first_entry) {
            segments.push(Segment {
                path: entry.path(),
                first,
                bytes: entry.metadata().map_err(in_error)?.len(),
            });
        }
    }
    segments.sort_unstable_by_key(|segment| segment.first);
    Ok(segments)
}

fn first_entry(name: &str) -> Option<u64> {
    let digits = name.strip_prefix("log-")?.strip_suffix(".wal")?;
    let first = digits.parse().ok()?;
    (name == file_name(first)).then_some(first)
}

fn file_name(first: u64) -> String {
    format!("log-{first:020}.wal")
}

/// A segment whose entries are no longer needed.
#[derive(Debug)]
pub struct SpentSegment(Segment);

/// The number of bytes that a file is shortened by at a time; freeing them takes a file system
/// about a millisecond.
const PIECE: u64 = 4 << 20;

impl From<Segment> for SpentSegment {
    fn from(segment: Segment) -> Self {
        Self(segment)
    }
}

impl SpentSegment {
    /// Removes the file piece by piece, calling `pause` after each piece. A file system that frees
    /// a hundred megabytes at once, and discards them on the disk, delays every sync of another
    /// file by a tenth of a second.
    ///
    /// # Errors
    /// [`LogError::Io`].
    pub fn remove(&self, pause: &dyn Fn()) -> Result<(), LogError> {
        let path = &self.0.path;
        let in_error = |e| LogError::io("remove", path, e);
        let file = OpenOptions::new()
            .write(true)
            .open(path)
            .map_err(in_error)?;
        // The name goes first, so that no reader ever finds a shortened file.
        self.0.remove()?;
        let mut length = file.metadata().map_err(in_error)?.len();
        while length > 0 {
            length = length.saturating_sub(PIECE);
            file.set_len(length).map_err(in_error)?;
            pause();
        }
        Ok(())
    }
}

impl Segment {
    /// Creates a segment without entries; its header and its name are on the disk on return.
    pub(super) fn create(folder: &Path, header: &Header) -> Result<(Self, File), LogError> {
        let path = folder.join(file_name(header.first));
        let create = || -> io::Result<File> {
            let mut file = OpenOptions::new()
                .append(true)
                .create_new(true)
                .open(&path)?;
            file.write_all(&header.encode())?;
            file.sync_all()?;
            File::open(folder)?.sync_all()?;
            Ok(file)
        };
        match create() {
            Ok(file) => {
                let created = Self {
                    path,
                    first: header.first,
                    bytes: Header::BYTES as u64,
                };
                Ok((created, file))
            }
            Err(error) => {
                // Otherwise a retry would find the name taken.
                let _ = fs::remove_file(&path);
                Err(LogError::io("create", &path, error))
            }
        }
    }

    /// Passes the segment's entries to `each` with their numbers.
    pub(super) fn read(
        &self,
        owner: &Owner,
        is_last: bool,
        mut each: impl FnMut(u64, &[u8]) -> Result<(), &'static str>,
    ) -> Result<Contents, LogError> {
        let bytes = fs::read(&self.path).map_err(|e| LogError::io("read", &self.path, e))?;
        let Some(header) = Header::decode(&bytes, owner.magic) else {
            // Records are only written after a finished header.
            let has_records = bytes.iter().skip(Header::BYTES).any(|b| *b != 0);
            if has_records || !is_last {
                return Err(self.damaged(0, "its header is not valid"));
            }
            let cut = self.cut(0, &bytes);
            return Ok(Contents { header: None, cut });
        };
        if header.owner != *owner {
            return Err(self.damaged(8, "it belongs to another owner"));
        }
        if header.first != self.first {
            return Err(self.damaged(24, "its name is that of another file"));
        }
        let mut at = Header::BYTES;
        let mut next = header.first;
        while let Some(record) = record::read(&bytes, at, &header) {
            if record.first != next {
                let reason = format!("entry {next} is missing");
                return Err(self.damaged(at, reason));
            }
            let Some(entries) = record.entries() else {
                return Err(self.damaged(at, "a record has an unknown form"));
            };
            for entry in entries {
                each(next, entry).map_err(|reason| self.damaged(at, reason))?;
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

    /// Opens the file for appending after removing the cut; also returns its length.
    pub(super) fn reopen(&self, cut: Option<&Cut>) -> Result<(File, u64), LogError> {
        let open = || -> io::Result<_> {
            let file = OpenOptions::new().append(true).open(&self.path)?;
            if let Some(cut) = cut {
                file.set_len(cut.offset)?;
            }
            // Even entries that were read without a cut may not be on the disk yet.
            file.sync_all()?;
            let length = file.metadata()?.len();
            Ok((file, length))
        };
        open().map_err(|e| LogError::io("open", &self.path, e))
    }

    pub(super) fn remove(&self) -> Result<(), LogError> {
        fs::remove_file(&self.path).map_err(|e| LogError::io("remove", &self.path, e))
    }

    pub(super) fn damaged(&self, offset: usize, reason: impl Into<String>) -> LogError {
        LogError::Damaged {
            file: self.path.clone(),
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
