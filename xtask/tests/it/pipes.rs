//! Output that no reader takes.

use std::process::{Command, Stdio};

/// A pipe whose reader is gone.
fn closed() -> Stdio {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    writer.into()
}

#[test]
fn exit_codes_survive_closed_pipes() {
    for (arguments, code) in [(&["help"][..], 0), (&["tidier"], 2), (&[], 2)] {
        let status = Command::new(env!("CARGO_BIN_EXE_xtask"))
            .args(arguments)
            .stdout(closed())
            .stderr(closed())
            .status()
            .unwrap();
        assert_eq!(status.code(), Some(code), "{arguments:?}");
    }
}
