//! A durable log of numbered entries: what its owner wrote since its last snapshot.
//!
//! [`SegmentLog::open`] replays the entries, [`SegmentLog::append`] adds some durably,
//! [`SegmentLog::rotate`] starts a new segment, and [`SegmentLog::release`] hands out the segments
//! that a snapshot replaces. [`salvage`] reads what a damaged log still holds. An entry is bytes; entries are numbered from 1.
//!
//! # Format
//! Little-endian throughout. A segment is a file `log-<first>.wal`, named after its first entry's
//! number in 20 digits. It starts with a header:
//!
//! | bytes | |
//! |---|---|
//! | 8 | the owner's magic bytes |
//! | 16 | the owner's id, so that a log is never read for another owner of the same name |
//! | 8 | its first entry's number |
//! | 8 | a random salt |
//! | 4 | CRC-32C of the above |
//!
//! Records follow, one per call of [`SegmentLog::append`]:
//!
//! | bytes | |
//! |---|---|
//! | 4 | the length of everything after the next field |
//! | 4 | CRC-32C of the header's salt, the length and everything after this field |
//! | 8 | its first entry's number |
//! | 4 | the number of entries |
//! | … | the entries, each preceded by its length in 4 bytes |
//!
//! A record is on the disk before the next one is written. An invalid record at the end of the
//! last segment is therefore a write that a crash interrupted before it was acknowledged, and is
//! cut off. An invalid record with a valid one after it is damage, and the log is rejected. The
//! salt prevents stored text from being mistaken for a record.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::LogError;

mod record;
mod salvage;
mod segment;

use record::Header;
pub use salvage::salvage;
use segment::Segment;
pub use segment::SpentSegment;

/// The owner of a log, which the header of every segment names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owner {
    /// The magic bytes of the owner's kind and format version.
    pub magic: [u8; 8],
    /// The owner's id.
    pub id: u128,
}

/// The log of one owner, open for writing. There is one writer at a time.
#[derive(Debug)]
pub struct SegmentLog {
    folder: PathBuf,
    header: Header,
    /// The segments, oldest first; the last one is open in `file`.
    segments: Vec<Segment>,
    file: File,
    /// The length of the last segment that is known to be on the disk.
    synced: u64,
    /// The next entry's number.
    next: u64,
    record: Vec<u8>,
    has_failed: bool,
}

/// The capacity of the record buffer that survives an append.
const KEPT_CAPACITY: usize = 1 << 18;

/// The outcome of opening a log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recovery {
    /// The number of replayed entries.
    pub entries: u64,
    /// The unfinished write that was cut off, if there was one.
    pub cut: Option<Cut>,
}

/// The end of a log that was cut off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cut {
    /// The segment.
    pub file: PathBuf,
    /// The number of bytes kept.
    pub offset: u64,
    /// The number of bytes removed.
    pub bytes: u64,
}

impl SegmentLog {
    /// Opens the owner's log in `folder`, or creates one. Passes every entry after `saved`, the
    /// last entry that a snapshot holds (0 without a snapshot), to `apply` with its number, in
    /// order.
    ///
    /// # Errors
    /// [`LogError::Damaged`] when an acknowledged entry after `saved` is missing, corrupt, or
    /// rejected by `apply`, which returns the reason. [`LogError::Io`].
    pub fn open(
        folder: &Path,
        owner: &Owner,
        saved: u64,
        mut apply: impl FnMut(u64, &[u8]) -> Result<(), &'static str>,
    ) -> Result<(Self, Recovery), LogError> {
        let mut segments = segment::list(folder)?;
        // The snapshot holds every entry of the segments before this one.
        let start = segments
            .iter()
            .rposition(|s| s.first <= saved + 1)
            .unwrap_or(0);
        let mut next = segments
            .get(start)
            .map_or(saved + 1, |s| s.first.min(saved + 1));
        let mut entries = 0;
        let mut last = None;
        for (at, segment) in segments.iter().enumerate().skip(start) {
            if segment.first != next {
                return Err(segment.damaged(0, format!("entries {next} and later are missing")));
            }
            let is_last = at + 1 == segments.len();
            let contents = segment.read(owner, is_last, |number, entry| {
                next = number + 1;
                if number <= saved {
                    return Ok(());
                }
                entries += 1;
                apply(number, entry)
            })?;
            last = Some(contents);
        }
        let cut = last.as_ref().and_then(|contents| contents.cut.clone());
        if let Some(cut) = &cut {
            tracing::warn!(
                file = %cut.file.display(),
                kept_bytes = cut.offset,
                cut_bytes = cut.bytes,
                "cut off the end of the log, an unfinished write"
            );
        }
        let reusable = last.and_then(|c| c.header).filter(|_| next > saved);
        let (header, file, synced) = match (reusable, segments.last()) {
            (Some(header), Some(last)) => {
                let (file, length) = last.reopen(cut.as_ref())?;
                (header, file, length)
            }
            // There is no segment, its header is unfinished, or the snapshot is ahead of it.
            _ => {
                next = next.max(saved + 1);
                if let Some(unfinished) = segments.pop_if(|s| s.first == next) {
                    unfinished.remove()?;
                }
                let header = Header::new(owner, next);
                let (created, file) = Segment::create(folder, &header)?;
                segments.push(created);
                (header, file, Header::BYTES as u64)
            }
        };
        let log = Self {
            folder: folder.to_owned(),
            header,
            segments,
            file,
            synced,
            next,
            record: Vec::new(),
            has_failed: false,
        };
        Ok((log, Recovery { entries, cut }))
    }

    /// The next entry's number.
    pub fn next_entry(&self) -> u64 {
        self.next
    }

    /// The total size of the segments in bytes.
    pub fn bytes(&self) -> u64 {
        let earlier = &self.segments[..self.segments.len() - 1];
        earlier.iter().map(|segment| segment.bytes).sum::<u64>() + self.synced
    }

    /// Appends entries as one record, syncs it to the disk and returns the first entry's number.
    /// After a crash either all of them are there or none.
    ///
    /// # Errors
    /// [`LogError::Io`]. None of the entries may then be treated as written, and every later
    /// append fails too, because the content of the disk is unknown until the log is opened again.
    pub fn append<E: AsRef<[u8]>>(
        &mut self,
        entries: impl IntoIterator<Item = E>,
    ) -> Result<u64, LogError> {
        let first = self.next;
        let path = &self.segments[self.segments.len() - 1].path;
        let in_error = |e| LogError::io("write to", path, e);
        if self.has_failed {
            return Err(in_error(io::Error::other("an earlier write failed")));
        }
        let count = record::encode(&mut self.record, &self.header, first, entries);
        let written = count.and_then(|count| {
            self.file.write_all(&self.record)?;
            self.file.sync_data()?;
            Ok(count)
        });
        let length = self.record.len() as u64;
        // One large record must not hold its memory while only small ones follow.
        self.record.clear();
        self.record.shrink_to(KEPT_CAPACITY);
        match written {
            Ok(count) => {
                self.synced += length;
                self.next += u64::from(count);
                Ok(first)
            }
            Err(error) => {
                self.has_failed = true;
                // Keeps entries that were reported as failed from being replayed. If this fails
                // too, they may be.
                let _ = self.file.set_len(self.synced);
                Err(in_error(error))
            }
        }
    }

    /// Starts a new segment with the next entry, so that a snapshot can replace the earlier ones.
    ///
    /// # Errors
    /// [`LogError::Io`]; the log continues in its current segment.
    pub fn rotate(&mut self) -> Result<(), LogError> {
        if self.next == self.header.first {
            return Ok(());
        }
        let header = Header::new(&self.header.owner, self.next);
        let (created, file) = Segment::create(&self.folder, &header)?;
        if let Some(last) = self.segments.last_mut() {
            last.bytes = self.synced;
        }
        self.segments.push(created);
        self.header = header;
        self.file = file;
        self.synced = Header::BYTES as u64;
        Ok(())
    }

    /// Releases the segments whose entries are all numbered up to `saved`, oldest first. Segments
    /// that the caller does not remove are found again when the log is opened.
    pub fn release(&mut self, saved: u64) -> Vec<SpentSegment> {
        let is_needed = |segment: &Segment| segment.first > saved + 1;
        let later = self.segments[1..].iter().position(is_needed);
        let spent = later.unwrap_or(self.segments.len() - 1);
        self.segments
            .drain(..spent)
            .map(SpentSegment::from)
            .collect()
    }
}
