//! One write as the log holds it: upserts and deletions, applied as a unit.
//!
//! # Format
//! Little-endian, one change after another. An upsert is `1: u8`, `record_len: u32`, the record
//! ([`Record`]) and the vector's components as `f32`; a deletion is `2: u8`, `id_len: u16` and
//! the id.

use crate::item::Item;
use crate::record::Record;

const UPSERT: u8 = 1;
const DELETE: u8 = 2;

/// An encoded write.
#[derive(Debug)]
pub(crate) struct Batch {
    bytes: Vec<u8>,
}

/// One change of a write.
pub(crate) enum Change<'a> {
    /// Inserts or replaces an item.
    Upsert {
        /// The item's id, metadata and text.
        record: Record<'a>,
        /// The vector's components as `f32` bytes.
        vector: &'a [u8],
    },
    /// Deletes an item.
    Delete {
        /// The item's id.
        id: &'a [u8],
    },
}

impl Batch {
    pub(crate) fn upsert(items: &[Item]) -> Self {
        let mut bytes = Vec::new();
        for item in items {
            bytes.push(UPSERT);
            let len_at = bytes.len();
            bytes.extend_from_slice(&[0; 4]);
            Record::write(item, &mut bytes);
            let len = u32::try_from(bytes.len() - len_at - 4).expect("a record within a request");
            bytes[len_at..len_at + 4].copy_from_slice(&len.to_le_bytes());
            bytes.extend(item.vector.iter().flat_map(|value| value.to_le_bytes()));
        }
        Self { bytes }
    }

    pub(crate) fn delete(ids: &[Box<str>]) -> Self {
        let mut bytes = Vec::new();
        for id in ids {
            // Longer ids cannot exist, so there is nothing to delete.
            if let Ok(len) = u16::try_from(id.len()) {
                bytes.push(DELETE);
                bytes.extend_from_slice(&len.to_le_bytes());
                bytes.extend_from_slice(id.as_bytes());
            }
        }
        Self { bytes }
    }
}

impl AsRef<[u8]> for Batch {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

/// The changes of a logged write in order, or the reason why it is malformed.
pub(crate) fn changes(bytes: &[u8], dimension: usize) -> Result<Vec<Change<'_>>, &'static str> {
    let mut rest = bytes;
    let mut changes = Vec::new();
    while let Some((&tag, after)) = rest.split_first() {
        let (change, left) = match tag {
            UPSERT => read_upsert(after, dimension).ok_or("malformed upsert")?,
            DELETE => read_delete(after).ok_or("malformed deletion")?,
            _ => return Err("unknown kind of change"),
        };
        changes.push(change);
        rest = left;
    }
    Ok(changes)
}

fn read_upsert(bytes: &[u8], dimension: usize) -> Option<(Change<'_>, &[u8])> {
    let (len, rest) = bytes.split_first_chunk()?;
    let (record, rest) = rest.split_at_checked(u32::from_le_bytes(*len) as usize)?;
    let (vector, rest) = rest.split_at_checked(dimension * size_of::<f32>())?;
    let record = Record::checked(record)?;
    Some((Change::Upsert { record, vector }, rest))
}

fn read_delete(bytes: &[u8]) -> Option<(Change<'_>, &[u8])> {
    let (len, rest) = bytes.split_first_chunk()?;
    let (id, rest) = rest.split_at_checked(usize::from(u16::from_le_bytes(*len)))?;
    Some((Change::Delete { id }, rest))
}
