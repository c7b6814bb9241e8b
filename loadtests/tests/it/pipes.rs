//! Output that no reader takes.

use std::process::{Command, Stdio};

use lakehouse_loadtests::exit;

/// A pipe whose reader is gone.
fn closed() -> Stdio {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    writer.into()
}

#[test]
fn exit_codes_survive_closed_pipes() {
    for (arguments, code) in [
        (&["run", "--help"][..], exit::PASS),
        (&["run", "smok"], exit::USAGE),
        (&["merge", "none.json"], exit::INFRASTRUCTURE),
    ] {
        let status = Command::new(env!("CARGO_BIN_EXE_lakehouse-loadtests"))
            .args(arguments)
            .stdout(closed())
            .stderr(closed())
            .status()
            .unwrap();
        assert_eq!(status.code(), Some(code.into()), "{arguments:?}");
    }
}
