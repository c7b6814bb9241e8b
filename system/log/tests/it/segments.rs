//! A segmented log: after any crash it returns every acknowledged entry or reports that it cannot.

mod damage;
mod files;

use std::fs;
use std::path::{Path, PathBuf};

use lakehouse_log::LogError;
use lakehouse_log::segments::{Owner, Recovery, SegmentLog};

const OWNER: Owner = Owner {
    magic: *b"TESTLOG1",
    id: 0x1234_5678,
};

/// An entry's number and bytes.
type Numbered = (u64, Vec<u8>);

/// Opens the log; also returns the entries it replayed.
fn open(folder: &Path, saved: u64) -> Result<(SegmentLog, Recovery, Vec<Numbered>), LogError> {
    let mut entries = Vec::new();
    let (log, recovery) = SegmentLog::open(folder, &OWNER, saved, |number, entry| {
        entries.push((number, entry.to_vec()));
        Ok(())
    })?;
    assert_eq!(recovery.entries, entries.len() as u64);
    Ok((log, recovery, entries))
}

/// The entries as [`open`] replays them, numbered from 1.
fn numbered<E: AsRef<[u8]>>(entries: &[E]) -> Vec<Numbered> {
    let numbered = (1..).zip(entries);
    numbered.map(|(n, e)| (n, e.as_ref().to_vec())).collect()
}

/// Writes a log of these records into the folder; returns its segment and the end of each record.
fn write(folder: &Path, records: &[Vec<Vec<u8>>]) -> (PathBuf, Vec<usize>) {
    let (mut log, _, _) = open(folder, 0).unwrap();
    let mut ends = vec![usize::try_from(log.bytes()).unwrap()];
    for record in records {
        log.append(record).unwrap();
        ends.push(usize::try_from(log.bytes()).unwrap());
    }
    let file = only_file(folder);
    assert_eq!(fs::metadata(&file).unwrap().len(), log.bytes());
    (file, ends)
}

fn only_file(folder: &Path) -> PathBuf {
    let files = files(folder);
    assert_eq!(files.len(), 1, "{files:?}");
    folder.join(&files[0])
}

fn files(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// The offset and the reason of a damage error.
fn damage(error: LogError) -> (u64, String) {
    match error {
        LogError::Damaged { offset, reason, .. } => (offset, reason),
        other => panic!("not damage: {other}"),
    }
}
