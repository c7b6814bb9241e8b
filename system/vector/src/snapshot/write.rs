//! Writes snapshots.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use lakehouse_nearest::{ArenaError, GraphError};
use roaring::RoaringBitmap;

use super::{BLOCK, Contents, GraphContents, MAGIC, PAGE, Section, number, section};
use crate::error::VectorError;
use crate::generation::View;
use crate::words::Word;

/// The number of bytes to sync at a time, so that writers of the log wait less.
const SYNC_BYTES: usize = 8 << 20;

/// The number of rows copied between two cancellation checks.
const STEP: usize = 1024;

/// The size and checksum of a written snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Written {
    /// The size in bytes.
    pub(crate) size: u64,
    /// The CRC-32C of its table, which contains the checksums of everything else.
    pub(crate) crc32c: u32,
}

/// Writes the view of an index to a new file and syncs it. `pause` is called
/// often, and may sleep.
pub(crate) fn write(
    path: &Path,
    index: u128,
    view: &View,
    pause: &dyn Fn(),
) -> Result<Written, VectorError> {
    try_write(path, index, view, pause).map_err(|source| VectorError::Io {
        action: "write snapshot",
        path: path.to_owned(),
        source,
    })
}

fn try_write(path: &Path, index: u128, view: &View, pause: &dyn Fn()) -> io::Result<Written> {
    let mut out = Sections::create(path, pause)?;
    let arena = &view.generation.arena;
    let rows = &view.generation.rows;

    for slots in steps(view.slots) {
        arena.write_rows(slots, &mut out).map_err(arena_error)?;
    }
    out.end(section::ROWS)?;
    for slots in steps(view.slots) {
        arena.write_codes(slots, &mut out).map_err(arena_error)?;
    }
    out.end(section::CODES)?;
    let mut offset = 0;
    for slot in 0..view.slots {
        out.write_all(&u64::to_le_bytes(offset))?;
        offset += rows.with_record(slot, |record| record.bytes().len() as u64);
    }
    out.write_all(&u64::to_le_bytes(offset))?;
    out.end(section::OFFSETS)?;
    for slot in 0..view.slots {
        rows.with_record(slot, |record| out.write_all(record.bytes()))?;
    }
    out.end(section::RECORDS)?;
    let states = rows.states();
    let is_dead = |slot: &u32| !states.is_alive(*slot, view.version);
    let dead: RoaringBitmap = (0..view.slots).filter(is_dead).collect();
    dead.serialize_into(&mut out)?;
    out.end(section::DEAD)?;
    let graph = write_graph(view, &mut out)?;

    let contents = Contents {
        index: number(index),
        version: view.version,
        dimension: arena.dimension(),
        distance: arena.metric().word().to_owned(),
        slots: view.slots,
        live: view.live,
        precision: arena.precision().word().to_owned(),
        graph,
        sections: Vec::new(),
    };
    out.finish(contents)
}

fn write_graph(view: &View, out: &mut Sections<'_>) -> io::Result<Option<GraphContents>> {
    let Some(covering) = view.generation.graph.load_full() else {
        return Ok(None);
    };
    match covering.graph.write(out) {
        Ok(()) => {
            out.end(section::GRAPH)?;
            Ok(Some(GraphContents {
                kind: covering.kind.word().to_owned(),
                ef: covering.ef,
            }))
        }
        Err(GraphError::Io(error)) => Err(error),
        // The graph is rebuilt after the next start.
        Err(_) => Ok(None),
    }
}

fn steps(slots: u32) -> impl Iterator<Item = std::ops::Range<u32>> {
    let ends = (0..slots).step_by(STEP);
    ends.map(move |from| from..slots.min(from + STEP as u32))
}

fn arena_error(error: ArenaError) -> io::Error {
    match error {
        ArenaError::Io(error) => error,
        other => io::Error::other(other),
    }
}

/// The file under construction.
struct Sections<'a> {
    pause: &'a dyn Fn(),
    file: BufWriter<File>,
    at: u64,
    unsynced: usize,
    start: u64,
    block_bytes: usize,
    block_crc: u32,
    crcs: Vec<u32>,
    done: Vec<Section>,
}

impl<'a> Sections<'a> {
    fn create(path: &Path, pause: &'a dyn Fn()) -> io::Result<Self> {
        let mut file = BufWriter::with_capacity(1 << 18, File::create(path)?);
        let mut page = [0; PAGE];
        page[..MAGIC.len()].copy_from_slice(&MAGIC);
        file.write_all(&page)?;
        Ok(Self {
            pause,
            file,
            at: PAGE as u64,
            unsynced: 0,
            start: PAGE as u64,
            block_bytes: 0,
            block_crc: 0,
            crcs: Vec::new(),
            done: Vec::new(),
        })
    }

    /// Ends a section; the next begins there.
    fn end(&mut self, name: &str) -> io::Result<()> {
        if self.block_bytes > 0 {
            self.end_block();
        }
        self.done.push(Section {
            name: name.to_owned(),
            offset: self.start,
            length: self.at - self.start,
            crc32c: std::mem::take(&mut self.crcs),
        });
        self.start = self.at;
        Ok(())
    }

    fn end_block(&mut self) {
        self.crcs.push(self.block_crc);
        self.block_crc = 0;
        self.block_bytes = 0;
    }

    fn finish(mut self, mut contents: Contents) -> io::Result<Written> {
        contents.sections = std::mem::take(&mut self.done);
        let table = serde_json::to_vec(&contents)?;
        let crc32c = crc32c::crc32c(&table);
        let length = u32::try_from(table.len()).map_err(io::Error::other)?;
        self.file.write_all(&table)?;
        self.file.write_all(&length.to_le_bytes())?;
        self.file.write_all(&crc32c.to_le_bytes())?;
        self.file.write_all(&MAGIC)?;
        let file = self.file.into_inner()?;
        file.sync_all()?;
        Ok(Written {
            size: file.metadata()?.len(),
            crc32c,
        })
    }
}

impl Write for Sections<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = bytes.len().min(BLOCK - self.block_bytes);
        let bytes = &bytes[..taken];
        self.file.write_all(bytes)?;
        self.block_crc = crc32c::crc32c_append(self.block_crc, bytes);
        self.block_bytes += taken;
        self.at += taken as u64;
        if self.block_bytes == BLOCK {
            self.end_block();
        }
        self.unsynced += taken;
        if self.unsynced >= SYNC_BYTES {
            self.file.flush()?;
            self.file.get_ref().sync_data()?;
            self.unsynced = 0;
        }
        (self.pause)();
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
