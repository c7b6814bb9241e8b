//! The bytes of a segment: its header and its records.

use std::hash::{BuildHasher, RandomState};
use std::io;

use super::Owner;

/// The start of a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) owner: Owner,
    /// The first entry's number.
    pub(super) first: u64,
    salt: u64,
}

impl Header {
    pub(super) const BYTES: usize = 44;

    /// A header with a new salt.
    pub(super) fn new(owner: &Owner, first: u64) -> Self {
        let salt = RandomState::new().hash_one(first);
        Self {
            owner: *owner,
            first,
            salt,
        }
    }

    pub(super) fn encode(&self) -> Vec<u8> {
        let mut bytes = self.owner.magic.to_vec();
        bytes.extend(self.owner.id.to_le_bytes());
        bytes.extend(self.first.to_le_bytes());
        bytes.extend(self.salt.to_le_bytes());
        bytes.extend(crc32c::crc32c(&bytes).to_le_bytes());
        bytes
    }

    /// Decodes a header with these magic bytes; none when it is not one.
    pub(super) fn decode(bytes: &[u8], expected_magic: [u8; 8]) -> Option<Self> {
        let mut bytes = Bytes(bytes.get(..Self::BYTES)?);
        let magic = bytes.array()?;
        let header = Self {
            owner: Owner {
                magic,
                id: u128::from_le_bytes(bytes.array()?),
            },
            first: u64::from_le_bytes(bytes.array()?),
            salt: u64::from_le_bytes(bytes.array()?),
        };
        let crc: [u8; 4] = bytes.array()?;
        (magic == expected_magic && header.encode().ends_with(&crc)).then_some(header)
    }

    /// The seed of the records' checksums.
    fn seed(&self) -> u32 {
        crc32c::crc32c(&self.salt.to_le_bytes())
    }
}

/// A valid record.
#[derive(Debug)]
pub(super) struct Record<'b> {
    /// The first entry's number.
    pub(super) first: u64,
    count: u32,
    entries: &'b [u8],
    /// The offset of the next record.
    pub(super) end: usize,
}

/// The length and the checksum.
const PREFIX: usize = 8;
/// The first entry's number and the count.
const FIXED: usize = 12;

/// Replaces the content of `record` with a record of the entries numbered from `first`; returns
/// their count.
pub(super) fn encode<E: AsRef<[u8]>>(
    record: &mut Vec<u8>,
    header: &Header,
    first: u64,
    entries: impl IntoIterator<Item = E>,
) -> io::Result<u32> {
    record.clear();
    record.extend([0; PREFIX]);
    record.extend(first.to_le_bytes());
    record.extend([0; 4]);
    let mut count = 0_u32;
    for entry in entries {
        let entry = entry.as_ref();
        record.extend(four_bytes(entry.len())?.to_le_bytes());
        record.extend(entry);
        count += 1;
    }
    record[PREFIX + 8..PREFIX + FIXED].copy_from_slice(&count.to_le_bytes());
    let length = four_bytes(record.len() - PREFIX)?;
    let crc = checksum(header, length, &record[PREFIX..]);
    record[..4].copy_from_slice(&length.to_le_bytes());
    record[4..PREFIX].copy_from_slice(&crc.to_le_bytes());
    Ok(count)
}

fn four_bytes(length: usize) -> io::Result<u32> {
    u32::try_from(length).map_err(|_| io::ErrorKind::FileTooLarge.into())
}

/// The valid record at `at`, if there is one.
pub(super) fn read<'b>(bytes: &'b [u8], at: usize, header: &Header) -> Option<Record<'b>> {
    let mut rest = Bytes(bytes.get(at..)?);
    let length = rest.u32()?;
    let crc = rest.u32()?;
    let body = rest.0.get(..length as usize)?;
    let mut fields = Bytes(body);
    let first = u64::from_le_bytes(fields.array()?);
    let count = fields.u32()?;
    // Checked before the checksum, which keeps the search for records after a damaged one cheap.
    let is_plausible = first >= header.first && count > 0 && fields.0.len() >= 4 * count as usize;
    (is_plausible && checksum(header, length, body) == crc).then_some(Record {
        first,
        count,
        entries: fields.0,
        end: at + PREFIX + body.len(),
    })
}

/// Whether a valid record starts anywhere after `at`.
pub(super) fn is_any_after(bytes: &[u8], at: usize, header: &Header) -> bool {
    next_after(bytes, at, header).is_some()
}

/// Where the first valid record after `at` starts.
pub(super) fn next_after(bytes: &[u8], at: usize, header: &Header) -> Option<usize> {
    (at + 1..bytes.len()).find(|at| read(bytes, *at, header).is_some())
}

fn checksum(header: &Header, length: u32, body: &[u8]) -> u32 {
    let crc = crc32c::crc32c_append(header.seed(), &length.to_le_bytes());
    crc32c::crc32c_append(crc, body)
}

impl<'b> Record<'b> {
    /// The entries; none when their lengths do not add up.
    pub(super) fn entries(&self) -> Option<Vec<&'b [u8]>> {
        let mut bytes = Bytes(self.entries);
        let entries = (0..self.count).map(|_| {
            let length = bytes.u32()?;
            bytes.take(length as usize)
        });
        let entries = entries.collect::<Option<_>>()?;
        bytes.0.is_empty().then_some(entries)
    }
}

/// A cursor over bytes.
#[derive(Debug)]
struct Bytes<'b>(&'b [u8]);

impl<'b> Bytes<'b> {
    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (array, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*array)
    }

    fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }

    fn take(&mut self, count: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }
}
