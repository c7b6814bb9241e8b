//! Appending to a shared log.

use std::fs;
use std::io::ErrorKind;
use std::thread;

use lakehouse_base::append::append_once;

#[test]
fn lines_of_several_writers_do_not_mix() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a/b/log.jsonl");
    let line = |writer: usize| format!("{}\n", writer.to_string().repeat(5_000));
    thread::scope(|scope| {
        for writer in 0..4 {
            let path = &path;
            scope.spawn(move || {
                (0..50).for_each(|_| append_once(path, line(writer).as_bytes()).unwrap());
            });
        }
    });
    let log = fs::read_to_string(&path).unwrap();
    let mut counts = [0; 4];
    for got in log.split_inclusive('\n') {
        let writer = usize::from(got.as_bytes()[0] - b'0');
        assert!(got == line(writer), "{got}");
        counts[writer] += 1;
    }
    assert_eq!(counts, [50; 4]);
}

#[test]
fn what_cannot_be_written_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let error = append_once(folder.path(), b"line\n").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::IsADirectory);
}
