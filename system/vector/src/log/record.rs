//! The bytes of a log file: its header and its records.

use std::hash::{BuildHasher, RandomState};
use std::io;

const MAGIC: [u8; 8] = *b"LHVLOG01";

/// The begin of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) index: u128,
    pub(super) first: u64,
    salt: u64,
}

impl Header {
    pub(super) const BYTES: usize = 44;

    /// A header with a salt of its own.
    pub(super) fn new(index: u128, first: u64) -> Self {
        let salt = RandomState::new().hash_one(first);
        Self { index, first, salt }
    }

    pub(super) fn encode(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend(self.index.to_le_bytes());
        bytes.extend(self.first.to_le_bytes());
        bytes.extend(self.salt.to_le_bytes());
        bytes.extend(crc32c::crc32c(&bytes).to_le_bytes());
        bytes
    }

    pub(super) fn decode(bytes: &[u8]) -> Option<Self> {
        let mut bytes = Bytes(bytes.get(..Self::BYTES)?);
        let magic = bytes.array()?;
        let header = Self {
            index: u128::from_le_bytes(bytes.array()?),
            first: u64::from_le_bytes(bytes.array()?),
            salt: u64::from_le_bytes(bytes.array()?),
        };
        // Encoded again it must be the same, checksum included.
        let crc: [u8; 4] = bytes.array()?;
        (magic == MAGIC && header.encode().ends_with(&crc)).then_some(header)
    }

    /// What the checksums of the records begin with.
    fn seed(&self) -> u32 {
        crc32c::crc32c(&self.salt.to_le_bytes())
    }
}

/// A valid record.
#[derive(Debug)]
pub(super) struct Record<'b> {
    /// The version of its first operation.
    pub(super) first: u64,
    count: u32,
    operations: &'b [u8],
    /// Where the next begins.
    pub(super) end: usize,
}

/// The length and the checksum.
const PREFIX: usize = 8;
/// The first version and the count.
const FIXED: usize = 12;

/// Makes `record` a record of operations from the version `first` on; gives how many there are.
pub(super) fn encode<O: AsRef<[u8]>>(
    record: &mut Vec<u8>,
    header: &Header,
    first: u64,
    operations: impl IntoIterator<Item = O>,
) -> io::Result<u32> {
    record.clear();
    record.extend([0; PREFIX]);
    record.extend(first.to_le_bytes());
    record.extend([0; 4]);
    let mut count = 0_u32;
    for operation in operations {
        let operation = operation.as_ref();
        record.extend(four_bytes(operation.len())?.to_le_bytes());
        record.extend(operation);
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
    // Told apart before the checksum is worked out, so that looking for records behind a damaged
    // one costs little.
    let is_plausible = first >= header.first && count > 0 && fields.0.len() >= 4 * count as usize;
    (is_plausible && checksum(header, length, body) == crc).then_some(Record {
        first,
        count,
        operations: fields.0,
        end: at + PREFIX + body.len(),
    })
}

/// Whether there is a valid record anywhere behind `at`.
pub(super) fn is_any_after(bytes: &[u8], at: usize, header: &Header) -> bool {
    (at + 1..bytes.len()).any(|at| read(bytes, at, header).is_some())
}

fn checksum(header: &Header, length: u32, body: &[u8]) -> u32 {
    let crc = crc32c::crc32c_append(header.seed(), &length.to_le_bytes());
    crc32c::crc32c_append(crc, body)
}

impl<'b> Record<'b> {
    /// Its operations; nothing when they are of an unknown form.
    pub(super) fn operations(&self) -> Option<Vec<&'b [u8]>> {
        let mut bytes = Bytes(self.operations);
        let operations = (0..self.count).map(|_| {
            let length = bytes.u32()?;
            bytes.take(length as usize)
        });
        let operations = operations.collect::<Option<_>>()?;
        bytes.0.is_empty().then_some(operations)
    }
}

/// Bytes that are read from the front.
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
