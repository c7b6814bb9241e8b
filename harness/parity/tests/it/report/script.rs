//! The script of the page, in Node with a small document: it renders cards as the template does, and
//! filters and links them.

use std::path::Path;
use std::process::Command;

use lakehouse_parity::outcome::Run;

use super::{sample, written};

#[test]
fn the_script_of_the_page_works() {
    let folder = tempfile::tempdir().unwrap();
    let save = |name: &str, run: &Run| {
        let file = folder.path().join(format!("{name}.html"));
        std::fs::write(file, written(run, "report.html")).unwrap();
    };
    for (kind, run) in sample::kinds::all() {
        save(&format!("kind_{kind}"), &run);
    }
    save("filters", &sample::failing());
    save("many", &sample::with_many_failures(230));
    let hostile = "\"'></script><!--<script>alert(4)</script>&#60;`!()*~ %41#?é";
    save("hostile", &sample::large::hostile(hostile));
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/page/page.test.mjs");
    let output = Command::new("node")
        .args(["--test", "--test-reporter=tap"])
        .arg(tests)
        .env("PAGES", folder.path())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}");
    assert!(text.contains("\n# fail 0\n"), "{text}");
    assert!(!text.contains("\n# pass 0\n"), "{text}");
}
