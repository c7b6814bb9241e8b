//! The stored form of the graph.
//!
//! All numbers are `u32`, little-endian; a stored slot is the slot plus one, 0 for none. In order:
//! magic, version, `M`, `ef_construction`, rows, entry slot, entry level; the lists of level 0,
//! `2 · M` words per row; the next twin of each row; the number of levels above 0 of each row; the
//! lists of those levels, `M` words each, row by row.

use std::io::Write;
use std::sync::atomic::Ordering;

use super::super::{GraphError, M};
use super::lists::{Lists, M_BASE, level_of, slots, store};
use super::{Entry, Flat};
use crate::arena::Arena;

const MAGIC: u32 = u32::from_le_bytes(*b"nflt");
const VERSION: u32 = 1;

/// Writes the graph, which must not be extended during the call.
pub(super) fn write(graph: &Flat, writer: &mut dyn Write) -> Result<(), GraphError> {
    let len = graph.len.load(Ordering::Acquire);
    let entry = graph.entry();
    let mut words = vec![MAGIC, VERSION, M as u32, graph.ef_construction as u32, len];
    words.push(entry.map_or(0, |entry| entry.slot + 1));
    words.push(entry.map_or(0, |entry| entry.level as u32));
    let mut flush_at = |words: &mut Vec<u32>, max_words: usize| {
        if words.len() < max_words {
            return Ok(());
        }
        let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
        words.clear();
        writer.write_all(&bytes)
    };
    const BUFFER: usize = 1 << 14;
    for slot in 0..len {
        words.extend(padded(slots(graph.lists.list(slot, 0)), M_BASE));
        flush_at(&mut words, BUFFER)?;
    }
    words.extend((0..len).map(|slot| graph.lists.twin(slot).map_or(0, |twin| twin + 1)));
    words.extend((0..len).map(|slot| graph.lists.levels(slot) as u32));
    for slot in 0..len {
        for level in 1..=graph.lists.levels(slot) {
            words.extend(padded(slots(graph.lists.list(slot, level)), M));
            flush_at(&mut words, BUFFER)?;
        }
    }
    Ok(flush_at(&mut words, 0)?)
}

fn padded(slots: impl Iterator<Item = u32>, count: usize) -> impl Iterator<Item = u32> {
    slots
        .map(|slot| slot + 1)
        .chain(std::iter::repeat(0))
        .take(count)
}

impl Flat {
    /// Reads a graph over `arena`.
    ///
    /// # Errors
    /// [`GraphError::Damaged`] if the bytes are not a valid graph over at most the arena's rows.
    pub fn read(arena: &Arena, bytes: &[u8]) -> Result<Self, GraphError> {
        let mut words = Words(bytes);
        if [words.one()?, words.one()?, words.one()?] != [MAGIC, VERSION, M as u32] {
            return Err(GraphError::Damaged(
                "it is not a flat graph of this version",
            ));
        }
        let ef_construction = words.one()? as usize;
        let len = words.one()?;
        if len > arena.len() {
            return Err(GraphError::Damaged("it has more rows than the arena"));
        }
        if ef_construction == 0 || ef_construction > 1 << 20 {
            return Err(GraphError::Damaged("its `ef_construction` is out of range"));
        }
        let entry_slot = words.one()?;
        let entry_level = words.one()? as usize;
        let base = words.many(len as usize * M_BASE)?;
        let twins: Vec<u32> = words.many(len as usize)?.collect();
        let levels: Vec<u32> = words.many(len as usize)?.collect();
        let has_its_levels =
            |(slot, &levels): (u32, &u32)| levels == 0 || levels as usize == level_of(slot);
        if !(0..len).zip(&levels).all(has_its_levels) {
            return Err(GraphError::Damaged("a row has the wrong number of levels"));
        }
        let upper = words.many(levels.iter().sum::<u32>() as usize * M)?;
        if !words.0.is_empty() {
            return Err(GraphError::Damaged("there are bytes after the graph"));
        }
        check_twins(&twins)?;

        let graph = Self::with_ef_construction(ef_construction);
        let (mut base, mut upper) = (base, upper);
        for slot in 0..len {
            let row_levels = levels[slot as usize] as usize;
            graph.lists.create_node(slot, row_levels);
            read_list(&graph.lists, slot, 0, &mut base, &levels)?;
            for level in 1..=row_levels {
                read_list(&graph.lists, slot, level, &mut upper, &levels)?;
            }
        }
        for (node, &twin) in twins.iter().enumerate() {
            graph.lists.set_twin(node as u32, twin.checked_sub(1));
        }
        let entry = entry_slot.checked_sub(1).map(|slot| Entry {
            slot,
            level: entry_level,
        });
        match entry {
            None if len == 0 => {}
            Some(entry)
                if levels
                    .get(entry.slot as usize)
                    .is_some_and(|&levels| entry.level <= levels as usize) =>
            {
                graph.raise_entry(entry);
            }
            _ => return Err(GraphError::Damaged("its entry node does not exist")),
        }
        graph.len.store(len, Ordering::Release);
        Ok(graph)
    }
}

/// Reads one list; each of its slots must be a row that has this level.
fn read_list(
    lists: &Lists,
    slot: u32,
    level: usize,
    words: &mut impl Iterator<Item = u32>,
    levels: &[u32],
) -> Result<(), GraphError> {
    let list = lists.list(slot, level);
    let mut neighbours = Vec::with_capacity(list.len());
    for word in words.take(list.len()) {
        let Some(neighbour) = word.checked_sub(1) else {
            continue;
        };
        if levels
            .get(neighbour as usize)
            .is_none_or(|&levels| level > levels as usize)
        {
            return Err(GraphError::Damaged(
                "a link leads to a row that is not on its level",
            ));
        }
        neighbours.push(neighbour);
    }
    store(list, &neighbours);
    Ok(())
}

/// Checks that every row is in at most one chain, and that no chain is a cycle.
fn check_twins(twins: &[u32]) -> Result<(), GraphError> {
    let mut has_predecessor = vec![false; twins.len()];
    for &twin in twins.iter().filter(|&&twin| twin > 0) {
        match has_predecessor.get_mut(twin as usize - 1) {
            Some(has_predecessor) if !*has_predecessor => *has_predecessor = true,
            _ => {
                return Err(GraphError::Damaged(
                    "a twin does not exist, or has two predecessors",
                ));
            }
        }
    }
    let mut reached = 0;
    for first in (0..twins.len()).filter(|&row| !has_predecessor[row]) {
        let mut row = first;
        reached += 1;
        while twins[row] > 0 {
            row = twins[row] as usize - 1;
            reached += 1;
        }
    }
    if reached == twins.len() {
        Ok(())
    } else {
        Err(GraphError::Damaged("a chain of twins is a cycle"))
    }
}

/// The remaining bytes.
struct Words<'a>(&'a [u8]);

impl<'a> Words<'a> {
    fn one(&mut self) -> Result<u32, GraphError> {
        Ok(self.many(1)?.next().expect("one word"))
    }

    fn many(&mut self, count: usize) -> Result<impl Iterator<Item = u32> + use<'a>, GraphError> {
        let (words, rest) = self
            .0
            .split_at_checked(count * 4)
            .ok_or(GraphError::Damaged("there are too few bytes"))?;
        self.0 = rest;
        Ok(words
            .as_chunks()
            .0
            .iter()
            .map(|&bytes| u32::from_le_bytes(bytes)))
    }
}
