//! Reading the files of implementations.

use lakehouse_rig::error::Error;
use lakehouse_rig::implementation::{Implementation, Reach};
use lakehouse_rig::source::Source;

fn read(text: &str) -> Result<Implementation, Error> {
    let source = Source {
        name: "fixtures/implementations/go.toml".to_owned(),
        text: text.to_owned(),
    };
    Implementation::read("go", &source)
}

const FILE: &str = r#"
language = "Go"
version = ["go", "version"]
[build]
command = ["go", "build", "-o", "{target}/peer"]
[serve]
command = ["{target}/peer", "serve", "--port", "{port}"]
ready = "/health"
[load]
binary = "{target}/peer"
[load.serve]
command = ["{binary}", "serve", "--port", "0", "--roster", "{corpus}/roster.jsonl"]
environment = { A = "1" }
[load.embedder.built-in]
[load.embedder.upstream]
command = ["--ollama-url", "{upstream}"]
environment = { B = "2" }
[surfaces]
validate = ["http"]
"#;

#[test]
fn load_tests_use_the_build_version_and_readiness_of_the_file() {
    let implementation = read(FILE).unwrap();
    let load = implementation.load.unwrap();
    assert_eq!(load.version_command, ["go", "version"]);
    assert_eq!(load.build.command[..2], ["go", "build"]);
    assert_eq!(load.serve.ready, "/health");
    let launch = load.serve.launch.with(&load.embedders["upstream"]);
    assert_eq!(launch.command.last().unwrap(), "{upstream}");
    assert_eq!(launch.environment.len(), 2);
    assert!(load.embedders["built-in"].command.is_empty());
}

#[test]
fn a_server_takes_a_port_if_its_launch_mentions_it() {
    let takes_port = |text: &str| match read(text).unwrap().reach {
        Reach::Start { serve, .. } => serve.unwrap().takes_port(),
        Reach::Url { .. } => panic!("it has no `url`"),
    };
    assert!(takes_port(FILE));
    assert!(!takes_port(&FILE.replace("{port}", "0")));
    let variable = "ready = \"/health\"\nenvironment = { BIND = \"127.0.0.1:{port}\" }";
    let file = FILE.replace("{port}", "0");
    assert!(takes_port(&file.replacen(
        "ready = \"/health\"",
        variable,
        1
    )));
}

#[test]
fn mistakes_are_reported() {
    let cases = [
        (
            "{port}",
            "{prt}",
            "`{prt}` in `fixtures/implementations/go.toml` is not a placeholder",
        ),
        (
            "[\"http\"]",
            "[\"line\"]",
            "surface `validate` over `line` needs `[helper]`, which is missing",
        ),
        ("ready = \"/health\"", "", "the server has no `ready`"),
        (
            "version = [\"go\", \"version\"]",
            "",
            "load tests need a `version`, which is missing",
        ),
        (
            "language = \"Go\"",
            "language = \"Go\"\nwrites = true",
            "`writes` is only for",
        ),
        (
            "language = \"Go\"",
            "language = \"Go\"\nurl = \"http://a\"",
            "already runs and cannot be started",
        ),
    ];
    for (from, to, expected) in cases {
        let error = read(&FILE.replace(from, to)).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
}
