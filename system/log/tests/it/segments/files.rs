//! Several segments, their names on disk, their format, and a full disk.

use std::cell::Cell;
use std::fs;
use std::path::Path;
use std::process::Command;

use lakehouse_base::ErrorCode;
use lakehouse_log::LogError;
use lakehouse_log::segments::{Owner, SegmentLog};

use super::{OWNER, damage, files, numbered, only_file, open, write};

/// Writes five entries in three segments: 1 and 2, 3 and 4, 5.
fn three_segments(folder: &Path) -> Vec<&'static [u8]> {
    let (mut log, _, _) = open(folder, 0).unwrap();
    for record in [&[b"1", b"2"][..], &[b"3", b"4"], &[b"5"]] {
        log.rotate().unwrap();
        // A segment without entries is not rotated.
        log.rotate().unwrap();
        log.append(record).unwrap();
    }
    assert_eq!(files(folder).len(), 3);
    vec![b"1", b"2", b"3", b"4", b"5"]
}

#[test]
fn entries_are_replayed_across_segments() {
    let folder = tempfile::tempdir().unwrap();
    let all = three_segments(folder.path());
    for saved in 0..=7 {
        let (log, recovery, entries) = open(folder.path(), saved).unwrap();
        let skipped = usize::try_from(saved).unwrap().min(5);
        assert_eq!(entries, numbered(&all)[skipped..], "saved {saved}");
        assert_eq!(recovery.cut, None);
        assert_eq!(log.next_entry(), saved.max(5) + 1);
    }
}

fn remove_spent(log: &mut SegmentLog, saved: u64) {
    for segment in log.release(saved) {
        segment.remove(&|| {}).unwrap();
    }
}

#[test]
fn a_spent_segment_is_removed_in_pieces_or_found_again_on_open() {
    let folder = tempfile::tempdir().unwrap();
    let (mut log, _, _) = open(folder.path(), 0).unwrap();
    log.append([vec![1; 9 << 20]]).unwrap();
    log.rotate().unwrap();
    let bytes = log.bytes();
    assert_eq!(log.release(1).len(), 1);
    assert!(
        log.bytes() < bytes - (9 << 20),
        "a released segment is not counted"
    );
    assert_eq!(log.release(1).len(), 0);
    drop(log);

    let (mut log, _, entries) = open(folder.path(), 1).unwrap();
    assert_eq!(entries.len(), 0);
    let spent = log.release(1);
    let pauses = Cell::new(0);
    spent[0].remove(&|| pauses.set(pauses.get() + 1)).unwrap();
    assert_eq!((spent.len(), pauses.get()), (1, 3));
    assert_eq!(files(folder.path()), ["log-00000000000000000002.wal"]);
    let again = spent[0].remove(&|| {}).unwrap_err();
    assert!(
        again.to_string().contains("log-00000000000000000001.wal"),
        "{again}"
    );
}

#[test]
fn segments_that_a_snapshot_holds_are_removed() {
    let folder = tempfile::tempdir().unwrap();
    let all = three_segments(folder.path());
    let (mut log, _, _) = open(folder.path(), 0).unwrap();
    for (saved, left) in [(1, 3), (2, 2), (3, 2), (4, 1), (5, 1)] {
        remove_spent(&mut log, saved);
        assert_eq!(files(folder.path()).len(), left, "saved {saved}");
        let on_disk = files(folder.path())
            .into_iter()
            .map(|name| fs::metadata(folder.path().join(name)).unwrap().len());
        assert_eq!(log.bytes(), on_disk.sum::<u64>());
    }
    log.append([b"6"]).unwrap();
    log.rotate().unwrap();
    remove_spent(&mut log, 6);
    assert_eq!(files(folder.path()), ["log-00000000000000000007.wal"]);
    drop(log);
    assert!(open(folder.path(), 6).unwrap().2.is_empty());
    let (offset, reason) = damage(open(folder.path(), 3).unwrap_err());
    assert_eq!(
        (offset, reason.as_str()),
        (0, "entries 4 and later are missing")
    );
    assert_eq!(all.len(), 5);
}

#[test]
fn a_snapshot_may_be_ahead_of_the_log() {
    let folder = tempfile::tempdir().unwrap();
    three_segments(folder.path());
    let (mut log, _, _) = open(folder.path(), 10).unwrap();
    assert_eq!(log.append([b"11"]).unwrap(), 11);
    drop(log);
    let (mut log, _, entries) = open(folder.path(), 10).unwrap();
    assert_eq!(entries, [(11, b"11".to_vec())]);
    remove_spent(&mut log, 10);
    assert_eq!(files(folder.path()), ["log-00000000000000000011.wal"]);
}

#[test]
fn only_the_last_segment_may_be_torn() {
    let folder = tempfile::tempdir().unwrap();
    three_segments(folder.path());
    let names = files(folder.path());
    for (at, name) in names.iter().enumerate() {
        let path = folder.path().join(name);
        let whole = fs::read(&path).unwrap();
        for length in [whole.len() - 1, 20, 0] {
            fs::write(&path, &whole[..length]).unwrap();
            match open(folder.path(), 0) {
                Ok((_, recovery, entries)) => {
                    assert_eq!((at, entries.len()), (2, 4));
                    assert_eq!(recovery.cut.is_some(), length > 0);
                }
                Err(error) => {
                    assert!(at < 2);
                    let place = if length > 20 { 44 } else { 0 };
                    assert_eq!(damage(error).0, place);
                }
            }
        }
        fs::write(&path, &whole).unwrap();
    }
    fs::remove_file(folder.path().join(&names[1])).unwrap();
    let (_, reason) = damage(open(folder.path(), 0).unwrap_err());
    assert_eq!(reason, "entries 3 and later are missing");
    // Segments that the snapshot holds may be missing or torn.
    assert_eq!(open(folder.path(), 4).unwrap().2.len(), 1);
}

#[test]
fn a_segment_of_another_owner_or_name_is_rejected() {
    let folder = tempfile::tempdir().unwrap();
    let (file, _) = write(folder.path(), &[vec![b"a".to_vec()]]);
    let other_id = Owner { id: 7, ..OWNER };
    let other_magic = Owner {
        magic: *b"OTHERLOG",
        ..OWNER
    };
    for (owner, place) in [
        (other_id, (8, "it belongs to another owner")),
        (other_magic, (0, "its header is not valid")),
    ] {
        let error = SegmentLog::open(folder.path(), &owner, 0, |_, _| Ok(())).unwrap_err();
        let (offset, reason) = damage(error);
        assert_eq!((offset, reason.as_str()), place);
    }
    fs::rename(&file, file.with_file_name("log-00000000000000000002.wal")).unwrap();
    let renamed = damage(open(folder.path(), 1).unwrap_err());
    assert_eq!(renamed, (24, "its name is that of another file".to_owned()));
}

#[test]
fn other_files_are_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["log-1.wal", "log-x.wal", "lock"] {
        fs::write(folder.path().join(name), "x").unwrap();
    }
    let (mut log, _, _) = open(folder.path(), 0).unwrap();
    log.append([b"a"]).unwrap();
    assert_eq!(files(folder.path()).len(), 4);
}

/// A segment built from the documented format by another program.
const SEGMENT: &str = concat!(
    "544553544c4f47317856341200000000000000000000000001000000000000000807060504030201",
    "9b524dd917000000adb247a3010000000000000002000000010000006102000000626310000000a6",
    "ef10f803000000000000000100000000000000",
);

#[test]
fn the_format_is_the_documented_one() {
    let bytes: Vec<u8> = (0..SEGMENT.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&SEGMENT[at..at + 2], 16).unwrap())
        .collect();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("log-00000000000000000001.wal");
    fs::write(&file, &bytes[..77]).unwrap();
    let (mut log, recovery, entries) = open(folder.path(), 0).unwrap();
    assert_eq!(entries, numbered(&[&b"a"[..], b"bc"]));
    assert_eq!(recovery.cut.map(|cut| cut.offset), Some(75));
    log.append([b""]).unwrap();
    assert_eq!(fs::read(&file).unwrap(), bytes);
}

const FOLDER: &str = "LAKEHOUSE_TEST_LOG_FOLDER";

/// Runs in a process with a limit on file sizes, started by the next test.
#[test]
fn child_with_a_file_size_limit() {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return;
    };
    let (mut log, _, _) = open(folder.as_ref(), 0).unwrap();
    let mut acknowledged = 0_u32;
    let error = loop {
        match log.append([[7; 1000]]) {
            Ok(_) => acknowledged += 1,
            Err(error) => break error,
        }
    };
    assert!(matches!(error, LogError::Io { .. }), "{error}");
    assert_eq!(error.code(), ErrorCode::Internal);
    let again = log.append([b"small"]).unwrap_err().to_string();
    assert!(again.ends_with("an earlier write failed"), "{again}");
    println!("acknowledged {acknowledged}");
}

#[test]
fn after_a_failed_write_every_append_fails() {
    let folder = tempfile::tempdir().unwrap();
    // With the signal ignored, a write across the limit is partial and the next one fails.
    let script = "trap '' XFSZ; ulimit -f 32; exec \"$0\" \"$@\"";
    let child = Command::new("sh")
        .args(["-c", script])
        .arg(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "segments::files::child_with_a_file_size_limit",
            "--nocapture",
        ])
        .env(FOLDER, folder.path())
        .output()
        .unwrap();
    let output = String::from_utf8_lossy(&child.stdout);
    assert!(child.status.success(), "{child:?}");
    let (_, rest) = output.split_once("acknowledged ").unwrap();
    let acknowledged: usize = rest.lines().next().unwrap().parse().unwrap();
    assert!(acknowledged > 5);
    let length = fs::metadata(only_file(folder.path())).unwrap().len();
    let (_, recovery, entries) = open(folder.path(), 0).unwrap();
    assert_eq!(entries, numbered(&vec![[7; 1000]; acknowledged]));
    assert_eq!(
        (recovery.cut, length),
        (None, 44 + 1024 * acknowledged as u64)
    );
}
