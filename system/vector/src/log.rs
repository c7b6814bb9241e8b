//! The write-ahead log of one index: what was written since the last snapshot.
//!
//! [`Log::open`] gives back what the log holds, [`Log::append`] adds to it durably,
//! [`Log::rotate`] begins a new file, and [`Log::let_go`] gives away those that a snapshot has
//! taken over. A log holds operations, whose bytes mean nothing to it; those of an index are
//! numbered from 1, and the number of the last is the index's version.
//!
//! # Format
//! Little-endian throughout. A file is called `log-<first>.wal` after the version of its first
//! operation, in 20 digits. It begins with
//!
//! | bytes | |
//! |---|---|
//! | 8 | `LHVLOG01` |
//! | 16 | the index's own number, so that no log is taken for that of a namesake |
//! | 8 | the version of its first operation |
//! | 8 | salt, drawn when the file was made |
//! | 4 | CRC-32C of the above |
//!
//! and goes on with records, one per group commit:
//!
//! | bytes | |
//! |---|---|
//! | 4 | how many bytes the rest has after the next four |
//! | 4 | CRC-32C of the header's last 12 bytes, the length and the rest |
//! | 8 | the version of the record's first operation |
//! | 4 | how many operations it has |
//! | … | the operations, each with its length before it in 4 bytes |
//!
//! A record is on the disk before the next is written. So an invalid one at the end of the last
//! file is a write that a crash cut off and that nobody was told had succeeded, and it is cut
//! away; an invalid one with a valid one after it is damage, and the log is refused. The salt
//! keeps a text that somebody stores from passing for a record.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::VectorError;

mod file;
mod record;

use file::LogFile;
pub use file::SpentFile;
use record::Header;

/// The log of one index, open for writing. There is one writer at a time.
#[derive(Debug)]
pub struct Log {
    folder: PathBuf,
    header: Header,
    /// The files, oldest first; the last is the one that is written to.
    files: Vec<LogFile>,
    file: File,
    /// How many bytes of the file are known to be on the disk.
    synced: u64,
    /// The version of the next operation.
    next: u64,
    record: Vec<u8>,
    has_failed: bool,
}

/// How much room for a record is kept from one to the next.
const KEPT_BYTES: usize = 1 << 18;

/// What opening a log found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recovery {
    /// How many operations were given back.
    pub operations: u64,
    /// What a crash had left unfinished, and was cut away.
    pub cut: Option<Cut>,
}

/// The end of a log that was cut away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cut {
    /// The file.
    pub file: PathBuf,
    /// How many of its bytes were kept.
    pub offset: u64,
    /// How many were not.
    pub bytes: u64,
}

impl Log {
    /// Opens the log in `folder`, or begins one, for the index whose own number is `index` and
    /// whose last snapshot has the version `saved` (0 for none). Every operation after it goes to
    /// `apply` with its version, in order.
    ///
    /// # Errors
    /// [`VectorError::Damaged`] when an operation between the snapshot and the last that was
    /// acknowledged is missing, not whole, or refused by `apply`, which says why; what the file
    /// system says.
    pub fn open(
        folder: &Path,
        index: u128,
        saved: u64,
        mut apply: impl FnMut(u64, &[u8]) -> Result<(), &'static str>,
    ) -> Result<(Self, Recovery), VectorError> {
        let mut files = file::list(folder)?;
        // Files before this one hold nothing that the snapshot has not.
        let start = files
            .iter()
            .rposition(|f| f.first <= saved + 1)
            .unwrap_or(0);
        let mut next = files
            .get(start)
            .map_or(saved + 1, |f| f.first.min(saved + 1));
        let mut operations = 0;
        let mut last = None;
        for (at, file) in files.iter().enumerate().skip(start) {
            if file.first != next {
                return Err(file.damaged(0, format!("operations {next} and on are missing")));
            }
            let is_last = at + 1 == files.len();
            let contents = file.read(index, is_last, |version, operation| {
                next = version + 1;
                if version <= saved {
                    return Ok(());
                }
                operations += 1;
                apply(version, operation)
            })?;
            last = Some(contents);
        }
        let cut = last.as_ref().and_then(|contents| contents.cut.clone());
        if let Some(cut) = &cut {
            tracing::warn!(
                file = %cut.file.display(),
                kept_bytes = cut.offset,
                cut_bytes = cut.bytes,
                "cut the end of the log, which a crash had left unfinished"
            );
        }
        let goes_on = last.and_then(|c| c.header).filter(|_| next > saved);
        let (header, file, synced) = match (goes_on, files.last()) {
            (Some(header), Some(last)) => {
                let (file, length) = last.reopen(cut.as_ref())?;
                (header, file, length)
            }
            // There is none, its header was never finished, or the snapshot is ahead of it.
            _ => {
                next = next.max(saved + 1);
                if let Some(unfinished) = files.pop_if(|f| f.first == next) {
                    unfinished.remove()?;
                }
                let header = Header::new(index, next);
                let (made, file) = LogFile::create(folder, &header)?;
                files.push(made);
                (header, file, Header::BYTES as u64)
            }
        };
        let log = Self {
            folder: folder.to_owned(),
            header,
            files,
            file,
            synced,
            next,
            record: Vec::new(),
            has_failed: false,
        };
        Ok((log, Recovery { operations, cut }))
    }

    /// The version of the next operation.
    pub fn next_version(&self) -> u64 {
        self.next
    }

    /// How many bytes the files have.
    pub fn bytes(&self) -> u64 {
        let earlier = &self.files[..self.files.len() - 1];
        earlier.iter().map(|file| file.bytes).sum::<u64>() + self.synced
    }

    /// Adds the operations of one group commit and forces them to the disk; gives the version of
    /// the first. After a crash all of them are there or none.
    ///
    /// # Errors
    /// [`VectorError::Io`]. None of the operations may be taken for written then, and nothing more
    /// is: what the disk holds is not known until the log is opened again.
    pub fn append<O: AsRef<[u8]>>(
        &mut self,
        operations: impl IntoIterator<Item = O>,
    ) -> Result<u64, VectorError> {
        let first = self.next;
        let path = &self.files[self.files.len() - 1].path;
        let in_error = |e| io_error("write to", path, e);
        if self.has_failed {
            return Err(in_error(io::Error::other("a write failed before")));
        }
        let count = record::encode(&mut self.record, &self.header, first, operations);
        let written = count.and_then(|count| {
            self.file.write_all(&self.record)?;
            self.file.sync_data()?;
            Ok(count)
        });
        let length = self.record.len() as u64;
        // What one large write needed is not kept for the small ones that follow.
        self.record.clear();
        self.record.shrink_to(KEPT_BYTES);
        match written {
            Ok(count) => {
                self.synced += length;
                self.next += u64::from(count);
                Ok(first)
            }
            Err(error) => {
                self.has_failed = true;
                // So that what was told to have failed does not come back; if this fails, too, it
                // may.
                let _ = self.file.set_len(self.synced);
                Err(in_error(error))
            }
        }
    }

    /// Begins a new file with the next operation, so that a snapshot can take over those before.
    ///
    /// # Errors
    /// What the file system says; the log goes on in the file it had.
    pub fn rotate(&mut self) -> Result<(), VectorError> {
        if self.next == self.header.first {
            return Ok(());
        }
        let header = Header::new(self.header.index, self.next);
        let (made, file) = LogFile::create(&self.folder, &header)?;
        if let Some(last) = self.files.last_mut() {
            last.bytes = self.synced;
        }
        self.files.push(made);
        self.header = header;
        self.file = file;
        self.synced = Header::BYTES as u64;
        Ok(())
    }

    /// Lets go of the files that hold nothing but operations up to the version `saved`, oldest
    /// first. Those that are not removed are there again when the log is opened.
    pub fn let_go(&mut self, saved: u64) -> Vec<SpentFile> {
        let is_needed = |file: &LogFile| file.first > saved + 1;
        let later = self.files[1..].iter().position(is_needed);
        let spent = later.unwrap_or(self.files.len() - 1);
        self.files.drain(..spent).map(SpentFile::from).collect()
    }
}

fn io_error(action: &'static str, path: &Path, source: io::Error) -> VectorError {
    VectorError::Io {
        action,
        path: path.to_owned(),
        source,
    }
}
