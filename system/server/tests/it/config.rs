//! The configuration as the binary reads it: sources, their order, and mistakes.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use lakehouse_server::{compose::Config, exit};

use crate::process::BINARY;

/// Runs `lakehouse config` in a new folder with this file, environment and flags.
fn config(file: Option<&str>, environment: &[(&str, &str)], args: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    if let Some(text) = file {
        fs::write(folder.path().join("lakehouse.toml"), text).unwrap();
    }
    run(folder.path(), "config", environment, args)
}

fn run(folder: &Path, command: &str, environment: &[(&str, &str)], args: &[&str]) -> Output {
    Command::new(BINARY)
        .arg(command)
        .args(args)
        .envs(environment.iter().copied())
        .current_dir(folder)
        .output()
        .unwrap()
}

fn stderr(output: &Output) -> &str {
    text(&output.stderr)
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn without_sources_the_defaults_are_printed() {
    let output = config(None, &[], &[]);
    assert!(output.status.success(), "{output:?}");
    let printed: Config = toml::from_str(text(&output.stdout)).unwrap();
    assert_eq!(printed, Config::default());
}

#[test]
fn flags_override_the_environment_and_the_environment_the_file() {
    let file = "[gateway]\nbind = '127.0.0.1:1'\n[data]\nroot = 'file'\n[log]\nfilter = 'warn'\n";
    let environment = [
        ("LAKEHOUSE_GATEWAY__BIND", "127.0.0.1:2"),
        ("LAKEHOUSE_DATA__ROOT", "env"),
    ];
    let output = config(Some(file), &environment, &["--bind", "[::1]:3"]);
    let printed: Config = toml::from_str(text(&output.stdout)).unwrap();
    assert_eq!(printed.gateway.bind.get(), "[::1]:3".parse().unwrap());
    assert_eq!(&*printed.data.root, Path::new("env"));
    let printed: toml::Table = toml::from_str(text(&output.stdout)).unwrap();
    assert_eq!(printed["log"]["filter"].as_str(), Some("warn"));
}

#[test]
fn a_port_is_enough_to_bind() {
    let from_environment = [("LAKEHOUSE_GATEWAY__BIND", "5402")];
    let (none, flag): (&[(&str, &str)], &[&str]) = (&[], &["--bind", "5402"]);
    for (file, environment, args) in [
        ("gateway.bind = 5402", none, &[][..]),
        ("gateway.bind = '5402'", none, &[]),
        ("", &from_environment, &[]),
        ("", none, flag),
    ] {
        let output = config(Some(file), environment, args);
        let printed: Config = toml::from_str(text(&output.stdout)).unwrap();
        assert_eq!(
            printed.gateway.bind.get(),
            "127.0.0.1:5402".parse().unwrap()
        );
    }
}

#[test]
fn hosts_are_a_list_or_separated_by_commas() {
    let from_environment = [("LAKEHOUSE_GATEWAY__HOSTS", "A.example, b.example")];
    for (file, environment) in [
        ("gateway.hosts = ['a.example', 'B.example']", &[][..]),
        ("gateway.hosts = ['c.example']", &from_environment),
        ("gateway.hosts = 'a.example,b.example'", &[]),
    ] {
        let output = config(Some(file), environment, &[]);
        let printed: Config = toml::from_str(text(&output.stdout)).unwrap();
        let hosts = printed.gateway.hosts.as_slice();
        assert_eq!(hosts, ["a.example", "b.example"], "{file}");
    }
}

#[test]
fn sections_without_a_key_are_not_printed() {
    let printed: toml::Table = toml::from_str(text(&config(None, &[], &[]).stdout)).unwrap();
    let sections: Vec<_> = printed.keys().map(String::as_str).collect();
    let mut want = [
        "gateway", "data", "embed", "vectors", "matrix", "limits", "log",
    ];
    want.sort();
    assert_eq!(sections, want);
}

#[test]
fn a_table_enables_its_chat_provider() {
    for (file, environment) in [
        (Some("[chat.ollama]\n"), &[][..]),
        (None, &[("LAKEHOUSE_CHAT__OLLAMA__TIMEOUT_MS", "120000")]),
    ] {
        let output = config(file, environment, &[]);
        let printed: Config = toml::from_str(text(&output.stdout)).unwrap();
        assert_eq!(printed.chat.ollama, Some(Default::default()), "{file:?}");
    }
}

#[test]
fn secrets_are_not_printed() {
    let environment = [("LAKEHOUSE_EMBED__OPENAI__API_KEY", "hush-1")];
    let output = config(None, &environment, &[]);
    assert!(
        output.status.success() && !text(&output.stdout).contains("hush"),
        "{output:?}"
    );
}

/// A file, an environment and flags, and the error; `{file}` stands for where the file sets a key.
type Mistake<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a [&'a str], String);

#[test]
fn mistakes_are_reported_with_key_value_rule_and_source() {
    let sections = "expected one of `gateway`, `data`, `embed`, `store`, `vectors`, `matrix`, `chat`, `validate`, `limits`, `log`";
    let milliseconds = "it must be a whole number of milliseconds from 1 to 86400000";
    let text = "it must be a text that is not empty (quote what looks like a number)";
    let url = "it must be an address such as `http://127.0.0.1:11434`; https is not built in";
    let needs_chat =
        "`chat` needs `matrix.chat_model` and the provider's table such as `[chat.ollama]`";
    let folder = "it must be the folder of a model such as `models/minilm`, with the provider `local` (`cargo xtask model` makes one)";
    let cases: [Mistake<'_>; 41] = [
        ("x = 1", &[], &[], format!("unknown key `x` {{file}}; {sections}")),
        ("[gateway]\nbnd = ''", &[], &[], "unknown key `gateway.bnd` {file}; did you mean `bind`? expected one of `bind`, `hosts`".into()),
        ("[matrx]", &[], &[], format!("unknown key `matrx` {{file}}; did you mean `matrix`? {sections}")),
        ("[auth]", &[], &[], format!("unknown key `auth` {{file}}; {sections}")),
        ("[chat.ollama]\nmodel = ''", &[], &[], "unknown key `chat.ollama.model` {file}; expected one of `url`, `timeout_ms`".into()),
        ("", &[("LAKEHOUSE_LIMITS__BODY", "1")], &[], "unknown key `limits.body` (from environment variable `LAKEHOUSE_LIMITS__BODY`); did you mean `body_bytes`? expected one of `body_bytes`, `request_timeout_ms`, `concurrency`".into()),
        ("", &[("LAKEHOUSE_EMBED__PROVIDR", "hash")], &[], "unknown key `embed.providr` (from environment variable `LAKEHOUSE_EMBED__PROVIDR`); did you mean `provider`? expected one of `provider`, `model`, `cache_bytes`, `local`, `ollama`, `openai`".into()),
        ("", &[], &["--bind", "0.0.0.0:5402"], "key `gateway.bind` is `0.0.0.0:5402` (from the command line); it must be a loopback address because this version has no authentication: use `127.0.0.1:5402`, and put a proxy in front of it".into()),
        ("gateway.bind = 'localhost'", &[], &[], "key `gateway.bind` is `localhost` {file}; it must be a port, or a loopback address such as `127.0.0.1:3110`".into()),
        ("gateway.bind = 65536", &[], &[], "key `gateway.bind` is `65536` {file}; it must be a port, or a loopback address such as `127.0.0.1:3110`".into()),
        ("gateway.hosts = 1", &[], &[], "key `gateway.hosts` is `1` {file}; it must be a list of names without ports, such as `people.example.com`".into()),
        ("", &[("LAKEHOUSE_GATEWAY__HOSTS", "a.example:1")], &[], "key `gateway.hosts` is `a.example:1` (from environment variable `LAKEHOUSE_GATEWAY__HOSTS`); it must be a list of names without ports, such as `people.example.com`".into()),
        ("data.root = ''", &[], &[], format!("key `data.root` is `` {{file}}; {text}")),
        ("", &[("LAKEHOUSE_DATA__ROOT", "1")], &[], format!("key `data.root` is `1` (from environment variable `LAKEHOUSE_DATA__ROOT`); {text}")),
        ("", &[("LAKEHOUSE_EMBED__PROVIDER", "Hash")], &[], "key `embed.provider` is `Hash` (from environment variable `LAKEHOUSE_EMBED__PROVIDER`); it must be one of `hash`, `local`, `ollama`, `openai`".into()),
        ("embed.provider = 1", &[], &[], "key `embed.provider` is `1` {file}; it must be one of `hash`, `local`, `ollama`, `openai`".into()),
        ("embed.model = 'm'", &[], &[], "key `embed.model` is `m` {file}; it must be `hash-768` with the provider `hash`".into()),
        ("embed.provider = 'local'", &[], &[], format!("key `embed.local.folder` is absent (from the defaults); {folder}")),
        ("embed.provider = 'local'\nembed.local.folder = '..'", &[], &[], format!("key `embed.local.folder` is `..` {{file}}; {folder}")),
        ("embed.provider = 'local'\nembed.local.folder = 'a/hash-768'", &[], &[], "key `embed.model` is absent (from the defaults); it must be a name other than `hash-768`, the model of the provider `hash`".into()),
        ("embed.cache_bytes = -1", &[], &[], "key `embed.cache_bytes` is `-1` {file}; it must be a whole number of bytes from 0 to 1099511627776".into()),
        ("embed.ollama.url = 'https://a'", &[], &[], format!("key `embed.ollama.url` is `https://a` {{file}}; {url}")),
        ("embed.openai.url = 'a:1'", &[], &[], format!("key `embed.openai.url` is `a:1` {{file}}; {url}")),
        ("embed.openai.api_key = ['hush-1']", &[], &[], "key `embed.openai.api_key` is a secret that is not shown {file}; it must be a secret text (quote what looks like a number)".into()),
        ("embed.ollama.timeout_ms = 0", &[], &[], format!("key `embed.ollama.timeout_ms` is `0` {{file}}; {milliseconds}")),
        ("chat.ollama.timeout_ms = 1.5", &[], &[], format!("key `chat.ollama.timeout_ms` is `1.5` {{file}}; {milliseconds}")),
        ("limits.request_timeout_ms = '1'", &[], &[], format!("key `limits.request_timeout_ms` is `1` {{file}}; {milliseconds}")),
        ("limits.concurrency = 0", &[], &[], "key `limits.concurrency` is `0` {file}; it must be a whole number from 1 to 1000000".into()),
        ("limits.body_bytes = 18446744073709551616", &[], &[], "cannot read config file `lakehouse.toml`: ".into()),
        ("store.url = 's3://b'", &[], &[], "key `store.url` is `s3://b` {file}; it must be an address such as `file:///var/lib/lakehouse/store`, or `memory://`".into()),
        ("vectors.graph = 'lance'", &[], &[], "key `vectors.graph` is `lance` {file}; it must be one of `flat`, `hnsw_rs`".into()),
        ("vectors.save_interval_ms = 0", &[], &[], format!("key `vectors.save_interval_ms` is `0` {{file}}; {milliseconds}")),
        ("matrix.judge = 'chat'\nmatrix.chat_model = 'm'", &[], &[], format!("key `matrix.judge` is `chat` {{file}}; it must be `rules`; {needs_chat}")),
        ("matrix.role_reader = 'chat'\n[chat.ollama]", &[], &[], format!("key `matrix.role_reader` is `chat` {{file}}; it must be `none`; {needs_chat}")),
        ("matrix.playbook_distance = 2.5", &[], &[], "key `matrix.playbook_distance` is `2.5` {file}; it must be a number from 0 to 2".into()),
        ("", &[("LAKEHOUSE_MATRIX__PLAYBOOK_HALF_LIFE_DAYS", "0")], &[], "key `matrix.playbook_half_life_days` is `0` (from environment variable `LAKEHOUSE_MATRIX__PLAYBOOK_HALF_LIFE_DAYS`); it must be a number of days above 0, at most 36500".into()),
        ("matrix.understand.plces = false", &[], &[], "unknown key `matrix.understand.plces` {file}; did you mean `places`? expected one of `roles`, `synonyms`, `hints`, `related`, `places`, `nicknames`, `shifts`, `certificates`, `negation`, `numbers`, `client`, `availability`, `correction`, `nobody`, `look_up`".into()),
        ("", &[("LAKEHOUSE_MATRIX__UNDERSTAND__PLACES", "off")], &[], "key `matrix.understand.places` is `off` (from environment variable `LAKEHOUSE_MATRIX__UNDERSTAND__PLACES`); it must be `true` or `false`".into()),
        ("log.format = 'xml'", &[], &[], "key `log.format` is `xml` {file}; it must be one of `text`, `json`".into()),
        ("log.filter = 'a=b=c'", &[], &[], "key `log.filter` is `a=b=c` {file}; it must be a filter such as `info` or `lakehouse_server=debug,warn`".into()),
        ("limits = 1", &[], &[], "key `limits` is `1` {file}; it must be a table".into()),
    ];
    for (file, environment, args, want) in cases {
        let output = config(Some(file), environment, args);
        let code = Some(i32::from(exit::CONFIG));
        assert_eq!(output.status.code(), code, "{output:?}");
        let want = want.replace("{file}", "(from file `lakehouse.toml`)");
        let want = format!("lakehouse: {want}");
        let error = stderr(&output);
        if want.ends_with(": ") {
            assert!(error.starts_with(&want), "{error}");
        } else {
            assert_eq!(error, format!("{want}\n"), "{file}");
        }
        assert!(output.stdout.is_empty(), "{output:?}");
    }
}

#[test]
fn unreadable_files_are_reported() {
    let output = config(None, &[], &["--config", "absent.toml"]);
    let want = "lakehouse: cannot read config file `absent.toml`: No such file";
    assert!(text(&output.stderr).starts_with(want), "{output:?}");
    let output = config(Some("[gateway"), &[], &[]);
    let want = "lakehouse: cannot read config file `lakehouse.toml`: TOML parse error";
    assert!(text(&output.stderr).starts_with(want), "{output:?}");
    assert_eq!(output.status.code(), Some(i32::from(exit::CONFIG)));
}

#[test]
fn a_model_that_cannot_be_read_stops_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let environment = [
        ("LAKEHOUSE_EMBED__PROVIDER", "local"),
        ("LAKEHOUSE_EMBED__LOCAL__FOLDER", "models/a"),
    ];
    let arguments = ["--bind", "127.0.0.1:0"];
    let output = run(folder.path(), "serve", &environment, &arguments);
    let want = "lakehouse: cannot load the model of `embed.local.folder`: there is no model folder `models/a`; `cargo xtask model --output models/a` makes one\n";
    assert_eq!(text(&output.stderr), want);
    assert_eq!(output.status.code(), Some(i32::from(exit::CONFIG)));
}

#[test]
fn a_wrong_file_stops_the_start_with_its_name_the_cause_and_a_remedy() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("bad.jsonl"), "\n[]\n").unwrap();
    fs::write(folder.path().join("bad.toml"), "[[rolle]]\n").unwrap();
    let roster = (
        "LAKEHOUSE_VALIDATE__ROSTER",
        "validate.roster",
        exit::ROSTER,
    );
    let lexicon = ("LAKEHOUSE_MATRIX__LEXICON", "matrix.lexicon", exit::CONFIG);
    for ((variable, key, code), file, want) in [
        (
            roster,
            "bad.jsonl",
            "cannot use the roster `bad.jsonl`: roster line 2: not a JSON object",
        ),
        (
            roster,
            "absent.jsonl",
            "cannot use the roster `absent.jsonl`: No such file or directory (os error 2)",
        ),
        (
            roster,
            ".",
            "cannot use the roster `.`: Is a directory (os error 21)",
        ),
        (
            lexicon,
            "bad.toml",
            "cannot use the lexicon `bad.toml`: TOML parse error at line 1, column 3",
        ),
        (
            lexicon,
            "absent.toml",
            "cannot use the lexicon `absent.toml`: No such file or directory (os error 2)",
        ),
    ] {
        let environment = [(variable, file)];
        let args = ["--bind", "127.0.0.1:0"];
        let output = run(folder.path(), "serve", &environment, &args);
        let error = stderr(&output);
        assert!(error.starts_with(&format!("lakehouse: {want}")), "{error}");
        let remedy = format!("; correct the file, or change `{key}`\n");
        assert!(error.ends_with(&remedy), "{error}");
        assert_eq!(output.status.code(), Some(i32::from(code)));
    }
}
