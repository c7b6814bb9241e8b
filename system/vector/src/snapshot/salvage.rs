//! Reads what a damaged snapshot still holds: every live row whose vector and record lie in blocks
//! that match their checksums.

use std::fs;
use std::ops::Range;
use std::path::Path;

use lakehouse_nearest::Metric;
use roaring::RoaringBitmap;

use super::{BLOCK, Contents, MAGIC, PAGE, Section, TRAILER, section};
use crate::item::Item;
use crate::record::Record;
use crate::words::Word;

/// A snapshot whose table is intact.
pub(crate) struct Remains {
    bytes: Vec<u8>,
    contents: Contents,
    distance: Metric,
}

/// What can be read of the rows.
#[derive(Default)]
pub(crate) struct Salvaged {
    pub(crate) items: Vec<Item>,
    /// The number of live rows that cannot be read.
    pub(crate) lost: usize,
    /// Whether the list of dead rows cannot be read, so that deleted items are among the others.
    pub(crate) has_dead: bool,
}

impl Remains {
    /// Reads a file; an error says why nothing of it can be read.
    pub(crate) fn read(file: &Path) -> Result<Self, String> {
        let bytes = fs::read(file).map_err(|error| error.to_string())?;
        let contents = table(&bytes).ok_or("its table is damaged, so none of it can be read")?;
        let distance = Metric::from_word(&contents.distance).ok_or("its distance is unknown")?;
        Ok(Self {
            bytes,
            contents,
            distance,
        })
    }

    /// The number of the index, in 32 hexadecimal digits.
    pub(crate) fn number(&self) -> &str {
        &self.contents.index
    }

    pub(crate) fn version(&self) -> u64 {
        self.contents.version
    }

    pub(crate) fn dimension(&self) -> usize {
        self.contents.dimension
    }

    pub(crate) fn distance(&self) -> Metric {
        self.distance
    }

    /// The rows, in the order in which they were written.
    pub(crate) fn rows(&self) -> Salvaged {
        let mut salvaged = Salvaged::default();
        let dead = match self.dead() {
            Some(dead) => dead,
            None => {
                salvaged.has_dead = true;
                RoaringBitmap::new()
            }
        };
        for slot in (0..self.contents.slots).filter(|slot| !dead.contains(*slot)) {
            match self.item(slot as usize) {
                Some(item) => salvaged.items.push(item),
                None => salvaged.lost += 1,
            }
        }
        salvaged
    }

    fn dead(&self) -> Option<RoaringBitmap> {
        let section = self.section(section::DEAD)?;
        let bytes = self.intact(section, 0..section.length)?;
        RoaringBitmap::deserialize_from(bytes).ok()
    }

    fn item(&self, slot: usize) -> Option<Item> {
        let at = |index: usize| -> Option<u64> {
            let start = index.checked_mul(8)? as u64;
            let bytes = self.intact(self.section(section::OFFSETS)?, start..start + 8)?;
            Some(u64::from_le_bytes(bytes.try_into().ok()?))
        };
        let record = at(slot)?..at(slot + 1)?;
        let record = self.intact(self.section(section::RECORDS)?, record)?;
        let record = Record::checked(record)?;
        let length = self.contents.dimension.checked_mul(size_of::<f32>())?;
        let start = slot.checked_mul(length)? as u64;
        let row = self.section(section::ROWS)?;
        let row = self.intact(row, start..start + length as u64)?;
        let components = row.as_chunks().0.iter();
        Some(Item {
            id: record.id().into(),
            vector: components.map(|bytes| f32::from_le_bytes(*bytes)).collect(),
            metadata: record.metadata(),
            text: record.text().map(Into::into),
        })
    }

    fn section(&self, name: &str) -> Option<&Section> {
        self.contents.sections.iter().find(|s| s.name == name)
    }

    /// A part of a section, when all blocks that it lies in match their checksums.
    fn intact(&self, section: &Section, part: Range<u64>) -> Option<&[u8]> {
        if part.start > part.end || part.end > section.length {
            return None;
        }
        let whole = range(section.offset, section.length)?;
        let section_bytes = self.bytes.get(whole)?;
        let part = usize::try_from(part.start).ok()?..usize::try_from(part.end).ok()?;
        for block in part.start / BLOCK..part.end.div_ceil(BLOCK) {
            let end = section_bytes.len().min((block + 1) * BLOCK);
            let bytes = section_bytes.get(block * BLOCK..end)?;
            if crc32c::crc32c(bytes) != *section.crc32c.get(block)? {
                return None;
            }
        }
        section_bytes.get(part)
    }
}

fn range(offset: u64, length: u64) -> Option<Range<usize>> {
    let start = usize::try_from(offset).ok()?;
    Some(start..start.checked_add(usize::try_from(length).ok()?)?)
}

/// The table of contents, found by the trailer alone.
fn table(bytes: &[u8]) -> Option<Contents> {
    let end = bytes.len().checked_sub(TRAILER)?;
    let trailer = &bytes[end..];
    let (length, rest) = trailer.split_first_chunk()?;
    let (crc, magic) = rest.split_first_chunk()?;
    let start = end.checked_sub(u32::from_le_bytes(*length) as usize)?;
    let table = bytes.get(start..end)?;
    let is_whole =
        start >= PAGE && magic == MAGIC && crc32c::crc32c(table) == u32::from_le_bytes(*crc);
    is_whole.then(|| serde_json::from_slice(table).ok())?
}
