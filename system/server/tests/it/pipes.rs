//! Output that no reader takes.

use std::process::{Command, Stdio};

use lakehouse_server::exit;

use crate::process::BINARY;

/// A pipe whose reader is gone.
fn closed() -> Stdio {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    writer.into()
}

#[test]
fn exit_codes_survive_closed_pipes() {
    let folder = tempfile::tempdir().unwrap();
    for (arguments, code) in [
        (&["--help"][..], exit::OK),
        (&["config"], exit::OK),
        (&["config", "--bind", "nowhere"], exit::CONFIG),
        (&["ingest", "--corpus", "c", "none.jsonl"], exit::FAILED),
        (&["start"], exit::USAGE),
    ] {
        let status = Command::new(BINARY)
            .args(arguments)
            .current_dir(folder.path())
            .stdout(closed())
            .stderr(closed())
            .status()
            .unwrap();
        assert_eq!(status.code(), Some(code.into()), "{arguments:?}");
    }
}
