//! Segments that a crash or a failing disk has changed.

use std::fs;

use lakehouse_log::segments::{SegmentLog, salvage};
use proptest::collection::vec;
use proptest::prelude::*;

use super::{OWNER, damage, numbered, open, write};

fn records() -> impl Strategy<Value = Vec<Vec<Vec<u8>>>> {
    let entry = vec(any::<u8>(), 0..40);
    vec(vec(entry, 1..4), 0..6)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// A log cut at any offset returns the complete records, and continues after them.
    #[test]
    fn any_cut_leaves_a_prefix(records in records()) {
        let folder = tempfile::tempdir().unwrap();
        let (file, ends) = write(folder.path(), &records);
        let whole = fs::read(&file).unwrap();
        for length in 0..=whole.len() {
            fs::write(&file, &whole[..length]).unwrap();
            let kept = ends.iter().rposition(|end| *end <= length);
            let want = records[..kept.unwrap_or(0)].concat();
            let (mut log, recovery, entries) = open(folder.path(), 0).unwrap();
            prop_assert_eq!(&entries, &numbered(&want), "cut at {}", length);
            let kept_bytes = kept.map_or(0, |at| ends[at]);
            let cut = recovery.cut.map(|cut| (cut.offset, cut.bytes));
            let lost = length - kept_bytes;
            prop_assert_eq!(cut, (lost > 0).then_some((kept_bytes as u64, lost as u64)));
            prop_assert_eq!(log.append([b"after"]).unwrap(), want.len() as u64 + 1);
            drop(log);
            let (_, recovery, entries) = open(folder.path(), 0).unwrap();
            prop_assert_eq!(entries, numbered(&[want, vec![b"after".to_vec()]].concat()));
            prop_assert_eq!(recovery.cut, None);
        }
    }

    /// Any changed byte is reported as damage, or as a cut when it is in the last record.
    #[test]
    fn any_changed_byte_is_reported(records in records(), change in 1..=255_u8) {
        let folder = tempfile::tempdir().unwrap();
        let (file, ends) = write(folder.path(), &records);
        let whole = fs::read(&file).unwrap();
        let last_start = ends[ends.len().saturating_sub(2)];
        for at in 0..whole.len() {
            let mut changed = whole.clone();
            changed[at] ^= change;
            fs::write(&file, &changed).unwrap();
            let is_last = records.is_empty() || at >= last_start;
            match open(folder.path(), 0) {
                Err(error) => {
                    prop_assert!(!is_last, "byte {at} is in the last record");
                    let (offset, _) = damage(error);
                    let start = ends.iter().rfind(|end| **end <= at).unwrap_or(&0);
                    prop_assert_eq!(offset, *start as u64, "byte {}", at);
                }
                Ok((_, recovery, entries)) => {
                    prop_assert!(is_last, "byte {at} is not in the last record");
                    prop_assert!(recovery.cut.is_some());
                    let want = records[..records.len().saturating_sub(1)].concat();
                    prop_assert_eq!(entries, numbered(&want));
                }
            }
        }
    }

    /// Any bytes after the last record are cut off.
    #[test]
    fn any_tail_is_cut_off(records in records(), tail in vec(prop_oneof![Just(0), any::<u8>()], 1..200)) {
        let folder = tempfile::tempdir().unwrap();
        let (file, _) = write(folder.path(), &records);
        let whole = fs::read(&file).unwrap();
        fs::write(&file, [&whole[..], &tail].concat()).unwrap();
        let (_, recovery, entries) = open(folder.path(), 0).unwrap();
        prop_assert_eq!(entries, numbered(&records.concat()));
        prop_assert_eq!(recovery.cut.unwrap().bytes, tail.len() as u64);
        prop_assert_eq!(fs::read(&file).unwrap(), whole);
    }
}

#[test]
fn a_tail_of_zeros_of_any_length_is_cut_off() {
    let folder = tempfile::tempdir().unwrap();
    let records = [vec![b"a".to_vec()]];
    let (file, _) = write(folder.path(), &records);
    let whole = fs::read(&file).unwrap();
    for zeros in [1, 7, 8, 4095, 4096, 1 << 20] {
        fs::write(&file, [&whole[..], &vec![0; zeros]].concat()).unwrap();
        let (_, recovery, entries) = open(folder.path(), 0).unwrap();
        assert_eq!(entries, numbered(&records[0]));
        assert_eq!(recovery.cut.unwrap().bytes, zeros as u64);
    }
    // The crash preserved the size of the file but not its content.
    fs::write(&file, vec![0; 100]).unwrap();
    let (_, recovery, entries) = open(folder.path(), 0).unwrap();
    assert_eq!((entries.len(), recovery.cut.unwrap().offset), (0, 0));
}

#[test]
fn a_stored_entry_that_looks_like_a_record_is_not_read_as_one() {
    let folder = tempfile::tempdir().unwrap();
    let (file, _) = write(folder.path(), &[vec![b"inner".to_vec()]]);
    let copied = fs::read(&file).unwrap();
    fs::remove_file(&file).unwrap();
    let records = [
        vec![b"a".to_vec()],
        vec![[&copied[..], &copied[44..]].concat()],
    ];
    let (file, ends) = write(folder.path(), &records);
    let whole = fs::read(&file).unwrap();
    fs::write(&file, &whole[..whole.len() - 1]).unwrap();
    let (_, recovery, entries) = open(folder.path(), 0).unwrap();
    assert_eq!(entries, numbered(&records[0]));
    assert_eq!(recovery.cut.unwrap().offset, ends[1] as u64);
}

#[test]
fn a_rejected_entry_is_reported_with_its_record() {
    let folder = tempfile::tempdir().unwrap();
    let records = [vec![b"a".to_vec()], vec![b"b".to_vec(), b"c".to_vec()]];
    let (file, ends) = write(folder.path(), &records);
    let rejected = SegmentLog::open(folder.path(), &OWNER, 0, |_, entry| match entry {
        b"c" => Err("it has an unknown kind"),
        _ => Ok(()),
    });
    let want = format!(
        "file `{}` is damaged at byte {}: it has an unknown kind",
        file.display(),
        ends[1]
    );
    assert_eq!(rejected.unwrap_err().to_string(), want);
}

#[test]
fn the_entries_around_damage_are_salvaged() {
    let folder = tempfile::tempdir().unwrap();
    let entries: Vec<_> = (b'a'..=b'e').map(|letter| vec![letter]).collect();
    let records: Vec<_> = entries.iter().map(|entry| vec![entry.clone()]).collect();
    let (file, ends) = write(folder.path(), &records);
    let whole = fs::read(&file).unwrap();
    let salvaged = |saved| {
        let mut found = Vec::new();
        let damage = salvage(folder.path(), OWNER.magic, saved, |number, entry| {
            found.push((number, entry.to_vec()));
            if entry == b"d" {
                Err("it is not liked")
            } else {
                Ok(())
            }
        });
        (found, damage.unwrap())
    };
    let without = |lost: &[u64]| {
        let mut kept = numbered(&entries);
        kept.retain(|(number, _)| !lost.contains(number));
        kept
    };
    let (found, damage) = salvaged(2);
    assert_eq!(found, without(&[1, 2]));
    assert!(
        damage.len() == 1 && damage[0].ends_with(": it is not liked"),
        "{damage:?}"
    );

    // The second record, and the end of the last one, which is an unfinished write.
    let mut harmed = whole.clone();
    harmed[ends[1] + 9] ^= 1;
    harmed.truncate(whole.len() - 1);
    fs::write(&file, &harmed).unwrap();
    let (found, damage) = salvaged(0);
    assert_eq!(found, without(&[2, 5]));
    let place = format!(
        "at byte {}: {} bytes are damaged",
        ends[1],
        ends[2] - ends[1]
    );
    assert!(damage[0].contains(&place), "{damage:?}");
    assert!(
        damage[1].ends_with("entries 2 to 2 are missing"),
        "{damage:?}"
    );
    assert_eq!(fs::read(&file).unwrap(), harmed, "nothing is changed");

    // The header has the salt without which no record can be read.
    fs::write(&file, [b"x", &whole[1..]].concat()).unwrap();
    let (found, damage) = salvaged(0);
    assert!(
        found.is_empty() && damage[0].contains("at byte 0: its header"),
        "{damage:?}"
    );
    fs::remove_file(&file).unwrap();
    assert_eq!(salvaged(0), (Vec::new(), Vec::new()));
    fs::remove_dir(folder.path()).unwrap();
    assert_eq!(salvaged(0), (Vec::new(), Vec::new()));
    fs::create_dir(folder.path()).unwrap();
}
