//! Opens a snapshot: large sections stay in the file, and everything is verified by checksum.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use lakehouse_nearest::{
    Arena, GraphKind, Metric, Precision, ROWS_PER_CHUNK, StoredRows, map_file,
};
use memmap2::Mmap;
use roaring::RoaringBitmap;

use super::{BLOCK, Contents, MAGIC, PAGE, Section, TRAILER, Written, number, section};
use crate::config::IndexConfig;
use crate::error::VectorError;
use crate::generation::{Covering, Generation, Tables, View};
use crate::inverted::Inverted;
use crate::lookup::Lookup;
use crate::record::Record;
use crate::rows::{MappedRecords, Rows};
use crate::words::Word;

/// An open snapshot, of which only the table has been read.
pub(crate) struct Snapshot {
    /// The name in errors.
    name: String,
    file: Arc<File>,
    /// A map for data that is read once; released with the snapshot.
    map: Mmap,
    contents: Contents,
    precision: Precision,
}

/// Opens the snapshot of an index, checking its number, configuration and `written` entry.
pub(crate) fn open(
    path: &Path,
    written: Written,
    index: u128,
    config: &IndexConfig,
) -> Result<Snapshot, VectorError> {
    let io_error = |source| VectorError::Io {
        action: "open snapshot",
        path: path.to_owned(),
        source,
    };
    let name = path.display().to_string();
    let file = File::open(path).map_err(io_error)?;
    let size = file.metadata().map_err(io_error)?.len();
    if size != written.size || size < (PAGE + TRAILER) as u64 {
        let reason = format!("it has {size} bytes instead of {}", written.size);
        return Err(damaged(&name, size.min(written.size), reason));
    }
    let map = map_file(&file).map_err(io_error)?;
    let contents = read_table(&map, &name, written.crc32c)?;
    let precision = Precision::from_word(&contents.precision);
    let is_it = contents.index == number(index)
        && contents.dimension == config.dimension
        && Metric::from_word(&contents.distance) == Some(config.distance);
    let (Some(precision), true) = (precision, is_it) else {
        let reason = "it is a snapshot of another index".to_owned();
        return Err(damaged(&name, size, reason));
    };
    Ok(Snapshot {
        name,
        file: Arc::new(file),
        map,
        contents,
        precision,
    })
}

fn read_table(map: &Mmap, file: &str, crc32c: u32) -> Result<Contents, VectorError> {
    if map[..MAGIC.len()] != MAGIC {
        return Err(damaged(
            file,
            0,
            "it does not start with the magic number of snapshots".to_owned(),
        ));
    }
    if let Some(at) = map[MAGIC.len()..PAGE].iter().position(|byte| *byte != 0) {
        let at = (MAGIC.len() + at) as u64;
        return Err(damaged(file, at, "its first page is damaged".to_owned()));
    }
    let trailer_at = map.len() - TRAILER;
    let (length, rest) = map[trailer_at..]
        .split_first_chunk()
        .unwrap_or((&[0; 4], &[]));
    let table_at = trailer_at.checked_sub(u32::from_le_bytes(*length) as usize);
    let is_whole = rest == [&crc32c.to_le_bytes()[..], &MAGIC].concat();
    let (Some(table_at), true) = (table_at.filter(|at| *at >= PAGE), is_whole) else {
        let reason = "its last 16 bytes are damaged".to_owned();
        return Err(damaged(file, trailer_at as u64, reason));
    };
    let table = &map[table_at..trailer_at];
    let contents = match crc32c::crc32c(table) == crc32c {
        true => serde_json::from_slice(table).map_err(|e| e.to_string()),
        false => Err("its table does not match the checksum".to_owned()),
    };
    contents.map_err(|reason| damaged(file, table_at as u64, reason))
}

fn damaged(file: &str, offset: u64, reason: String) -> VectorError {
    VectorError::Damaged {
        file: file.to_owned(),
        offset,
        reason,
    }
}

impl Snapshot {
    /// Loads the index at the snapshot's version, with its graph if it has that kind and is intact.
    pub(crate) fn load(&self, graph: GraphKind) -> Result<View, VectorError> {
        // The rows are by far the largest section, so they are read in parallel with the others.
        std::thread::scope(|scope| {
            let rows = scope.spawn(|| self.verify_rows());
            let view = self.load_rest(graph);
            match rows.join() {
                Ok(verified) => verified.and(view),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        })
    }

    fn load_rest(&self, graph: GraphKind) -> Result<View, VectorError> {
        let Contents {
            dimension,
            slots,
            live,
            version,
            ..
        } = self.contents;
        let codes = self.verified(section::CODES)?;
        let mut codes = &self.map[codes];
        let codes = (self.precision != Precision::F32).then_some(&mut codes as _);
        let parts = self.row_parts()?;
        let metric =
            Metric::from_word(&self.contents.distance).expect("checked when it was opened");
        let arena = Arena::from_parts(dimension, metric, self.precision, slots, parts, codes)
            .map_err(|e| self.damaged_section(section::CODES, e.to_string()))?;
        let dead = self.verified(section::DEAD)?;
        let dead = RoaringBitmap::deserialize_from(&self.map[dead])
            .map_err(|e| self.damaged_section(section::DEAD, e.to_string()))?;
        if dead.max().is_some_and(|slot| slot >= slots)
            || u64::from(slots) != u64::from(live) + dead.len()
        {
            let reason = "its number of live rows differs from the table".to_owned();
            return Err(self.damaged_section(section::DEAD, reason));
        }
        let records = self.records()?;
        let rows = Rows::mapped(&self.mapped_records()?, slots);
        for slot in &dead {
            rows.kill(slot, version);
        }
        let mut lookup = Lookup::with_capacity(live as usize);
        let inverted = Inverted::load((0..slots).map(|slot| {
            if dead.contains(slot) {
                return Vec::new();
            }
            let record = Record::kept(records.get(slot));
            lookup.replace(record.id_bytes(), slot, &rows);
            record.metadata().fields()
        }));
        let tables = Tables { lookup, inverted };
        let generation = Generation::from_parts(arena, rows, tables);
        let covering = self.covering(&generation.arena, graph);
        generation.graph.store(covering.map(Arc::new));
        Ok(View {
            generation: Arc::new(generation),
            version,
            slots,
            live,
        })
    }

    /// The rows, one part for each of the arena's chunks.
    fn row_parts(&self) -> Result<Vec<StoredRows>, VectorError> {
        let range = self.range(section::ROWS)?;
        let dimension = self.contents.dimension;
        let part = |from: usize| {
            let rows = (self.contents.slots as usize - from).min(ROWS_PER_CHUNK);
            let offset = range.start + from * dimension * size_of::<f32>();
            StoredRows::new(Arc::clone(&self.file), offset as u64, rows * dimension)
                .map_err(|e| self.damaged_section(section::ROWS, e.to_string()))
        };
        let chunks = (0..self.contents.slots as usize).step_by(ROWS_PER_CHUNK);
        chunks.map(part).collect()
    }

    /// Validates the records.
    fn records(&self) -> Result<CheckedRecords<'_>, VectorError> {
        let offsets = self.verified(section::OFFSETS)?;
        let bytes = &self.map[self.verified(section::RECORDS)?];
        let offsets = self.map[offsets].as_chunks().0;
        let records = CheckedRecords { offsets, bytes };
        for slot in 0..self.contents.slots {
            if records.find(slot).and_then(Record::checked).is_none() {
                let reason = format!("record {slot} is malformed");
                return Err(self.damaged_section(section::RECORDS, reason));
            }
        }
        Ok(records)
    }

    /// The records, which must be validated or written by this process, through a separate map: the
    /// pages of the other one are all in memory.
    fn mapped_records(&self) -> Result<MappedRecords, VectorError> {
        let map = map_file(&self.file).map_err(|source| self.io_error("map snapshot", source))?;
        Ok(MappedRecords {
            map: Arc::new(map),
            offsets_at: self.range(section::OFFSETS)?.start,
            records_at: self.range(section::RECORDS)?.start,
        })
    }

    /// Makes the full chunks of the view that was saved read from this snapshot.
    pub(crate) fn take_over(&self, view: &View) -> Result<(), VectorError> {
        let generation = &view.generation;
        let records = self.mapped_records()?;
        let full = view.slots as usize / ROWS_PER_CHUNK;
        for (chunk, rows) in self.row_parts()?.into_iter().enumerate().take(full) {
            generation.rows.map_chunk(chunk, &records);
            if self.precision != Precision::F32 {
                generation
                    .arena
                    .replace_chunk(chunk, rows)
                    .map_err(|e| self.damaged_section(section::ROWS, e.to_string()))?;
            }
        }
        Ok(())
    }

    fn covering(&self, arena: &Arena, wanted: GraphKind) -> Option<Covering> {
        let contents = self.contents.graph.as_ref()?;
        let kind = GraphKind::from_word(&contents.kind).filter(|kind| *kind == wanted)?;
        let read = self.verified(section::GRAPH).and_then(|range| {
            lakehouse_nearest::read(kind, arena, &self.map[range])
                .map_err(|e| self.damaged_section(section::GRAPH, e.to_string()))
        });
        match read {
            Ok(graph) => Some(Covering {
                kind,
                graph,
                ef: contents.ef,
            }),
            Err(error) => {
                tracing::warn!(error = %error, "rebuilding the graph; searches are exact until it is done");
                None
            }
        }
    }

    fn section(&self, name: &str) -> Result<&Section, VectorError> {
        let found = self.contents.sections.iter().find(|s| s.name == name);
        found.ok_or_else(|| {
            let reason = format!("it has no section `{name}`");
            damaged(&self.name, self.map.len() as u64, reason)
        })
    }

    fn range(&self, name: &str) -> Result<Range<usize>, VectorError> {
        let section = self.section(name)?;
        let end = section.offset.checked_add(section.length);
        match end.filter(|end| *end <= self.map.len() as u64) {
            Some(end) => Ok(section.offset as usize..end as usize),
            None => {
                Err(self.damaged_section(name, "it ends beyond the end of the file".to_owned()))
            }
        }
    }

    /// The range of a section whose blocks all match their checksums.
    fn verified(&self, name: &str) -> Result<Range<usize>, VectorError> {
        let range = self.range(name)?;
        self.verify(name, &range, |block| Ok(crc32c::crc32c(&self.map[block])))?;
        Ok(range)
    }

    /// Verifies the rows with reads instead of the map, so that they do not stay in memory.
    fn verify_rows(&self) -> Result<(), VectorError> {
        let range = self.range(section::ROWS)?;
        let mut bytes = vec![0; BLOCK];
        self.verify(section::ROWS, &range, |block| {
            let bytes = &mut bytes[..block.len()];
            self.file.read_exact_at(bytes, block.start as u64)?;
            Ok(crc32c::crc32c(bytes))
        })
    }

    fn verify(
        &self,
        name: &str,
        range: &Range<usize>,
        mut crc32c_of: impl FnMut(Range<usize>) -> io::Result<u32>,
    ) -> Result<(), VectorError> {
        let crcs = &self.section(name)?.crc32c;
        if range.len().div_ceil(BLOCK) != crcs.len() {
            return Err(self.damaged_section(
                name,
                "its number of checksums differs from its number of blocks".to_owned(),
            ));
        }
        for (start, crc) in range.clone().step_by(BLOCK).zip(crcs) {
            let block = start..range.end.min(start + BLOCK);
            let length = block.len();
            let found =
                crc32c_of(block).map_err(|source| self.io_error("read snapshot", source))?;
            if found != *crc {
                let reason = format!(
                    "the {length} bytes of `{name}` at this offset do not match their checksum"
                );
                return Err(damaged(&self.name, start as u64, reason));
            }
        }
        Ok(())
    }

    fn io_error(&self, action: &'static str, source: io::Error) -> VectorError {
        VectorError::Io {
            action,
            path: PathBuf::from(&self.name),
            source,
        }
    }

    fn damaged_section(&self, name: &str, reason: String) -> VectorError {
        let offset = self.section(name).map_or(0, |section| section.offset);
        damaged(&self.name, offset, format!("`{name}`: {reason}"))
    }
}

/// Validated records, for a single pass.
struct CheckedRecords<'a> {
    offsets: &'a [[u8; 8]],
    bytes: &'a [u8],
}

impl<'a> CheckedRecords<'a> {
    fn find(&self, slot: u32) -> Option<&'a [u8]> {
        let offset = |at: usize| {
            let offset = u64::from_le_bytes(*self.offsets.get(at)?);
            usize::try_from(offset).ok()
        };
        let slot = slot as usize;
        self.bytes.get(offset(slot)?..offset(slot + 1)?)
    }

    fn get(&self, slot: u32) -> &'a [u8] {
        self.find(slot).expect("all records were checked")
    }
}
