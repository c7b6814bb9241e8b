//! Every case of this repository as a test of its own.

use std::path::Path;
use std::process::ExitCode;

use lakehouse_parity::trials;
use libtest_mimic::Arguments;

fn main() -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let output = Path::new(env!("CARGO_TARGET_TMPDIR")).join("parity");
    match trials::run(&root, &output, Arguments::from_args()) {
        Ok(conclusion) => conclusion.exit_code(),
        Err(error) => {
            eprintln!("{:?}", miette::Report::new(error));
            ExitCode::FAILURE
        }
    }
}
