//! A file that several writers append to.

use std::fs;
use std::io::ErrorKind;
use std::process::Command;
use std::thread;
use std::time::Duration;

use lakehouse_log::json_lines::{JsonLines, ReadError, continuation, numbered};

#[test]
fn concurrent_lines_do_not_mix() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a/b/log.jsonl");
    let line = |writer: usize| writer.to_string().repeat(5_000);
    thread::scope(|scope| {
        for writer in 0..4 {
            let file = JsonLines::new(path.clone());
            scope.spawn(move || {
                (0..50).for_each(|_| file.append(&line(writer)).unwrap());
            });
        }
    });
    let text = JsonLines::new(path).read().unwrap();
    let mut counts = [0; 4];
    for (_, got) in numbered(&text) {
        let writer = usize::from(got.as_bytes()[0] - b'0');
        assert!(got == line(writer), "{got}");
        counts[writer] += 1;
    }
    assert_eq!(counts, [50; 4]);
}

#[test]
fn a_folder_in_place_of_the_file_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let file = JsonLines::new(folder.path().to_owned());
    for result in [file.append("{}"), file.lock().map(drop), file.check()] {
        assert_eq!(result.unwrap_err().kind(), ErrorKind::IsADirectory);
    }
    assert!(matches!(file.read(), Err(ReadError::Io(_))));
}

#[test]
fn checking_creates_an_empty_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a/log.jsonl");
    let file = JsonLines::new(path.clone());
    assert_eq!(file.read().unwrap(), "");
    assert!(!path.exists());
    file.check().unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"");
    fs::write(&path, b"\xFF").unwrap();
    assert!(matches!(file.read(), Err(ReadError::NotUtf8)));
}

#[test]
fn an_unterminated_last_line_is_terminated_first() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log.jsonl");
    let file = JsonLines::new(path.clone());
    for (before, after) in [
        ("", "{}\n"),
        ("1", "1\n{}\n"),
        ("1\n", "1\n{}\n"),
        ("1\r", "1\r\n{}\n"),
    ] {
        assert_eq!(format!("{before}{}", continuation(before, "{}")), after);
        fs::write(&path, before).unwrap();
        file.append("{}").unwrap();
        assert_eq!(file.read().unwrap(), after);
    }
}

#[test]
fn blank_lines_count_but_are_skipped() {
    let lines: Vec<_> = numbered("\n {}\r\n \t\r\n\u{a0}\nx").collect();
    assert_eq!(lines, [(2, " {}\r"), (4, "\u{a0}"), (5, "x")]);
    assert_eq!(numbered("").count(), 0);
}

#[test]
fn the_rest_of_a_write_that_was_cut_short_keeps_its_own_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log.jsonl");
    let file = JsonLines::new(path.clone());
    // The last one is cut inside a character.
    let cuts: [&[u8]; 3] = [b"{\"a\":1}", b"{\"a\":\"x", b"{\"a\":\"\xE2\x82"];
    for cut in cuts {
        fs::write(&path, [b"{}\n", cut].concat()).unwrap();
        file.append("[1]").unwrap();
        file.append("[2]").unwrap();
        assert_eq!(
            fs::read(&path).unwrap(),
            [b"{}\n", cut, b"\n[1]\n[2]\n"].concat()
        );
    }
}

#[test]
fn a_writer_waits_for_the_lock_of_another() {
    let folder = tempfile::tempdir().unwrap();
    let file = JsonLines::new(folder.path().join("log.jsonl"));
    let mut locked = file.lock().unwrap();
    thread::scope(|scope| {
        let other = scope.spawn(|| file.append("second"));
        thread::sleep(Duration::from_millis(50));
        assert!(!other.is_finished());
        locked.append("first").unwrap();
        assert_eq!(locked.read_bytes().unwrap(), b"first\n");
        drop(locked);
        other.join().unwrap().unwrap();
    });
    assert_eq!(file.read().unwrap(), "first\nsecond\n");
}

const PATH: &str = "LAKEHOUSE_TEST_JSON_LINES";

/// Runs in a process with a limit of 1024 bytes on file sizes, started by the next test.
#[test]
fn child_with_a_file_size_limit() {
    let Some(path) = std::env::var_os(PATH) else {
        return;
    };
    let file = JsonLines::new(path.clone().into());
    // A limit that leaves no room at all, and one that cuts the write.
    for (before, reported) in [
        (String::new(), "only 1024 of 2001 bytes were written to `"),
        (
            "{}\n".repeat(200),
            "only 424 of 2001 bytes were written to `",
        ),
        ("x".repeat(600), "only 424 of 2002 bytes were written to `"),
        ("x".repeat(1024), "File too large"),
    ] {
        fs::write(&path, &before).unwrap();
        let error = file.append(&"x".repeat(2000)).unwrap_err();
        assert!(error.to_string().starts_with(reported), "{error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), before);
        if before.len() < 1000 {
            file.append("[1]").unwrap();
            let after = fs::read_to_string(&path).unwrap();
            assert_eq!(after, format!("{before}{}", &continuation(&before, "[1]")));
        }
    }
}

#[test]
fn an_append_that_is_cut_short_is_taken_back() {
    let folder = tempfile::tempdir().unwrap();
    let script = "trap '' XFSZ; ulimit -f 2; exec \"$0\" \"$@\"";
    let child = Command::new("sh")
        .args(["-c", script])
        .arg(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "json_lines::child_with_a_file_size_limit",
            "--nocapture",
        ])
        .env(PATH, folder.path().join("log.jsonl"))
        .output()
        .unwrap();
    assert!(child.status.success(), "{child:?}");
}
