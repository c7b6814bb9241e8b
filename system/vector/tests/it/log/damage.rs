//! Files that a crash or a failing disk has changed.

use std::fs;

use lakehouse_vector::log::Log;
use proptest::collection::vec;
use proptest::prelude::*;

use super::{INDEX, damage, numbered, open, write};

fn groups() -> impl Strategy<Value = Vec<Vec<Vec<u8>>>> {
    let operation = vec(any::<u8>(), 0..40);
    vec(vec(operation, 1..4), 0..6)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Cut anywhere, a log gives back the groups that are whole, and goes on after them.
    #[test]
    fn any_cut_leaves_a_prefix(groups in groups()) {
        let folder = tempfile::tempdir().unwrap();
        let (file, ends) = write(folder.path(), &groups);
        let whole = fs::read(&file).unwrap();
        for length in 0..=whole.len() {
            fs::write(&file, &whole[..length]).unwrap();
            let kept = ends.iter().rposition(|end| *end <= length);
            let want = groups[..kept.unwrap_or(0)].concat();
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

    /// With any byte changed, a log either says so or has lost its last group, and says that.
    #[test]
    fn any_changed_byte_is_told(groups in groups(), change in 1..=255_u8) {
        let folder = tempfile::tempdir().unwrap();
        let (file, ends) = write(folder.path(), &groups);
        let whole = fs::read(&file).unwrap();
        let last_begins = ends[ends.len().saturating_sub(2)];
        for at in 0..whole.len() {
            let mut changed = whole.clone();
            changed[at] ^= change;
            fs::write(&file, &changed).unwrap();
            let is_last = groups.is_empty() || at >= last_begins;
            match open(folder.path(), 0) {
                Err(error) => {
                    prop_assert!(!is_last, "byte {at} is of the last group");
                    let (offset, _) = damage(error);
                    let begin = ends.iter().rfind(|end| **end <= at).unwrap_or(&0);
                    prop_assert_eq!(offset, *begin as u64, "byte {}", at);
                }
                Ok((_, recovery, entries)) => {
                    prop_assert!(is_last, "byte {at} is not of the last group");
                    prop_assert!(recovery.cut.is_some());
                    let want = groups[..groups.len().saturating_sub(1)].concat();
                    prop_assert_eq!(entries, numbered(&want));
                }
            }
        }
    }

    /// Whatever stands behind the last group, it is cut away.
    #[test]
    fn any_tail_is_cut_away(groups in groups(), tail in vec(prop_oneof![Just(0), any::<u8>()], 1..200)) {
        let folder = tempfile::tempdir().unwrap();
        let (file, _) = write(folder.path(), &groups);
        let whole = fs::read(&file).unwrap();
        fs::write(&file, [&whole[..], &tail].concat()).unwrap();
        let (_, recovery, entries) = open(folder.path(), 0).unwrap();
        prop_assert_eq!(entries, numbered(&groups.concat()));
        prop_assert_eq!(recovery.cut.unwrap().bytes, tail.len() as u64);
        prop_assert_eq!(fs::read(&file).unwrap(), whole);
    }
}

#[test]
fn a_tail_of_zeros_is_cut_away_whatever_its_length() {
    let folder = tempfile::tempdir().unwrap();
    let groups = [vec![b"a".to_vec()]];
    let (file, _) = write(folder.path(), &groups);
    let whole = fs::read(&file).unwrap();
    for zeros in [1, 7, 8, 4095, 4096, 1 << 20] {
        fs::write(&file, [&whole[..], &vec![0; zeros]].concat()).unwrap();
        let (_, recovery, entries) = open(folder.path(), 0).unwrap();
        assert_eq!(entries, numbered(&groups[0]));
        assert_eq!(recovery.cut.unwrap().bytes, zeros as u64);
    }
    // A file whose size was kept and whose content was not.
    fs::write(&file, vec![0; 100]).unwrap();
    let (_, recovery, entries) = open(folder.path(), 0).unwrap();
    assert_eq!((entries.len(), recovery.cut.unwrap().offset), (0, 0));
}

#[test]
fn a_record_that_somebody_stores_is_not_taken_for_one() {
    let folder = tempfile::tempdir().unwrap();
    let (file, _) = write(folder.path(), &[vec![b"inner".to_vec()]]);
    let copied = fs::read(&file).unwrap();
    fs::remove_file(&file).unwrap();
    let groups = [
        vec![b"a".to_vec()],
        vec![[&copied[..], &copied[44..]].concat()],
    ];
    let (file, ends) = write(folder.path(), &groups);
    let whole = fs::read(&file).unwrap();
    fs::write(&file, &whole[..whole.len() - 1]).unwrap();
    let (_, recovery, entries) = open(folder.path(), 0).unwrap();
    assert_eq!(entries, numbered(&groups[0]));
    assert_eq!(recovery.cut.unwrap().offset, ends[1] as u64);
}

#[test]
fn a_refused_operation_is_told_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let groups = [vec![b"a".to_vec()], vec![b"b".to_vec(), b"c".to_vec()]];
    let (file, ends) = write(folder.path(), &groups);
    let refused = Log::open(folder.path(), INDEX, 0, |_, operation| match operation {
        b"c" => Err("it is of no known kind"),
        _ => Ok(()),
    });
    let want = format!(
        "file `{}` is damaged at byte {}: it is of no known kind; restore it from a copy, or move \
         it away to go on without it",
        file.display(),
        ends[1]
    );
    assert_eq!(refused.unwrap_err().to_string(), want);
}
