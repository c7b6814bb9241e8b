//! The id, metadata and text of a row, encoded alike in memory, logs and snapshots.
//!
//! # Format
//! Little-endian: `id_len: u16`, `metadata_len: u32`, `text: u8` (1 if there is a text), then the
//! bytes of the id, the metadata and the text, which extends to the end.

use crate::item::Item;
use crate::metadata::Metadata;

const HEADER: usize = 7;

/// A row's id, metadata and text.
#[derive(Clone, Copy)]
pub(crate) struct Record<'a> {
    bytes: &'a [u8],
    id_end: usize,
    metadata_end: usize,
}

impl<'a> Record<'a> {
    /// Appends an item's record.
    pub(crate) fn write(item: &Item, out: &mut Vec<u8>) {
        let id_len = u16::try_from(item.id.len()).expect("ids are of at most 256 bytes");
        let metadata = item.metadata.as_str();
        let metadata_len = u32::try_from(metadata.len()).expect("metadata is within a request");
        out.extend_from_slice(&id_len.to_le_bytes());
        out.extend_from_slice(&metadata_len.to_le_bytes());
        out.push(u8::from(item.text.is_some()));
        out.extend_from_slice(item.id.as_bytes());
        out.extend_from_slice(metadata.as_bytes());
        out.extend_from_slice(item.text.as_deref().unwrap_or_default().as_bytes());
    }

    /// Decodes a record; `None` if the lengths do not fit or it is not UTF-8.
    pub(crate) fn checked(bytes: &'a [u8]) -> Option<Self> {
        let header = bytes.first_chunk::<HEADER>()?;
        let id_end = HEADER + usize::from(u16::from_le_bytes([header[0], header[1]]));
        let metadata_len = u32::from_le_bytes([header[2], header[3], header[4], header[5]]);
        let metadata_end = id_end.checked_add(metadata_len as usize)?;
        for part in [
            bytes.get(HEADER..id_end)?,
            bytes.get(id_end..metadata_end)?,
            bytes.get(metadata_end..)?,
        ] {
            std::str::from_utf8(part).ok()?;
        }
        Some(Self {
            bytes,
            id_end,
            metadata_end,
        })
    }

    /// Decodes a record that was validated before.
    pub(crate) fn kept(bytes: &'a [u8]) -> Self {
        let id_len = u16::from_le_bytes([bytes[0], bytes[1]]);
        let metadata_len = u32::from_le_bytes([bytes[2], bytes[3], bytes[4], bytes[5]]);
        let id_end = HEADER + usize::from(id_len);
        Self {
            bytes,
            id_end,
            metadata_end: id_end + metadata_len as usize,
        }
    }

    /// The encoded record.
    pub(crate) fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    pub(crate) fn id_bytes(&self) -> &'a [u8] {
        &self.bytes[HEADER..self.id_end]
    }

    pub(crate) fn id(&self) -> &'a str {
        text(self.id_bytes())
    }

    pub(crate) fn metadata(&self) -> Metadata {
        Metadata::from_kept(text(&self.bytes[self.id_end..self.metadata_end]))
    }

    pub(crate) fn text(&self) -> Option<&'a str> {
        (self.bytes[HEADER - 1] == 1).then(|| text(&self.bytes[self.metadata_end..]))
    }
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("records are checked before they are kept")
}
