//! The write-ahead log: whatever a crash leaves, it gives back what was acknowledged or says that
//! it cannot.

mod damage;
mod files;

use std::fs;
use std::path::{Path, PathBuf};

use lakehouse_vector::VectorError;
use lakehouse_vector::log::{Log, Recovery};

const INDEX: u128 = 0x1234_5678;

/// An operation with its version.
type Entry = (u64, Vec<u8>);

/// Opens the log and gives all that it gives back.
fn open(folder: &Path, saved: u64) -> Result<(Log, Recovery, Vec<Entry>), VectorError> {
    let mut entries = Vec::new();
    let (log, recovery) = Log::open(folder, INDEX, saved, |version, operation| {
        entries.push((version, operation.to_vec()));
        Ok(())
    })?;
    assert_eq!(recovery.operations, entries.len() as u64);
    Ok((log, recovery, entries))
}

/// What `open` gives back for these operations, the first having version 1.
fn numbered<O: AsRef<[u8]>>(operations: &[O]) -> Vec<Entry> {
    let numbered = (1..).zip(operations);
    numbered.map(|(v, o)| (v, o.as_ref().to_vec())).collect()
}

/// Writes a log of these groups into the folder, and gives its file and where each group ends.
fn write(folder: &Path, groups: &[Vec<Vec<u8>>]) -> (PathBuf, Vec<usize>) {
    let (mut log, _, _) = open(folder, 0).unwrap();
    let mut ends = vec![usize::try_from(log.bytes()).unwrap()];
    for group in groups {
        log.append(group).unwrap();
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

/// The place and the reason of a refusal.
fn damage(error: VectorError) -> (u64, String) {
    match error {
        VectorError::Damaged { offset, reason, .. } => (offset, reason),
        other => panic!("not damage: {other}"),
    }
}
