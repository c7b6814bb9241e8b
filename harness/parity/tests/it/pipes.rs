//! Output that no reader takes.

use std::process::Stdio;

use crate::support::{ECHO, TestRoot};

/// A pipe whose reader is gone.
fn closed() -> Stdio {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    writer.into()
}

#[test]
fn exit_codes_survive_closed_pipes() {
    let cases = "[[case]]\nname = \"one\"\ninput = '1'\n";
    let same = TestRoot::pair(ECHO, ECHO, cases);
    let differs = TestRoot::pair(ECHO, "while read -r line; do echo 2; done", cases);
    for (root, arguments, code) in [
        (&same, &[][..], 0),
        (&same, &["list"], 0),
        (&same, &["describe", "s/one"], 0),
        (&same, &["--help"], 0),
        (&same, &["--case", "two"], 2),
        (&same, &["--sed", "1"], 2),
        (&differs, &[], 3),
        (
            &differs,
            &["verdict", "--may-replace", "left", "--by", "right"],
            4,
        ),
    ] {
        let mut command = root.command(arguments);
        let status = command.stdout(closed()).stderr(closed()).status().unwrap();
        assert_eq!(status.code(), Some(code), "{arguments:?}");
    }
}
