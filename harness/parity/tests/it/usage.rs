//! Mistakes on the command line and in files are reported with their place.

use crate::support::{ECHO, LINE_PROBE, TestRoot};

const ONE: &str = "[[case]]\nname = \"one\"\ninput = '{\"a\":1}'\n";

#[test]
fn unknown_names_list_the_known_ones() {
    let root = TestRoot::pair(ECHO, ECHO, ONE);
    root.run(&["--surface", "x"])
        .refuses(&["unknown surface `x`", "known names: `s`"]);
    root.run(&["--require", "foo"]).refuses(&[
        "unknown implementation `foo`",
        "known names: `left`, `right`",
    ]);
    root.run(&["--case", "oen"])
        .refuses(&["unknown case `oen`", "did you mean `one`?"]);
    for option in ["--implementation", "--require", "--record"] {
        root.run(&[option, "rigth"])
            .refuses(&["unknown implementation `rigth`", "did you mean `right`?"]);
    }
    root.run(&["--record", "right", "--case", "one"])
        .refuses(&["`--record` cannot be combined with `--case`"]);
    root.run(&["--require", "right", "--implementation", "left"])
        .refuses(&["`--implementation` excludes `right`"]);
    root.run(&["--sed", "1"]).refuses(&["--sed"]);
}

#[test]
fn unknown_cases_get_few_suggestions_and_the_command_that_lists_all() {
    let names = (0..600).map(|n| format!("fill_count_{n:03}"));
    let cases: String = names
        .map(|name| format!("[[case]]\nname = \"{name}\"\ninput = '1'\n"))
        .collect();
    let root = TestRoot::pair(ECHO, ECHO, &cases)
        .probe("t", LINE_PROBE)
        .cases("t", &ONE.replace("one", "other"));
    let near = root.run(&["--surface", "s", "--case", "fil_count_001"]);
    let near = near.refuses(&[
        "did you mean `fill_count_001`, `fill_count_000`, `fill_count_002`?",
        "`parity list --surface s` lists all cases",
    ]);
    assert!(near.text.len() < 400, "{}", near.text);
    let far = root.run(&["--case", "unrelated"]);
    let far =
        far.refuses(&["none of the 601 known names is similar; `parity list` lists all cases"]);
    assert!(!far.text.contains("fill_count"), "{}", far.text);
    root.run(&["--surface", "s", "--case", "other"])
        .refuses(&["case `other` belongs to `t`", "use `--surface t`"]);
    root.run(&["describe", "s/other"])
        .refuses(&["case `other` belongs to `t`", "write `t/other`"]);
    root.write(
        "fixtures/divergences.toml",
        "[[divergence]]\nsurface = \"s\"\ncases = [\"fil_count_001\"]\npair = [\"left\", \"right\"]\npath = \"body\"\nkind = \"value\"\nshapes = [\"a\", \"b\"]\ncount = 1\nreason = \"r\"\ndecision = \"d\"\nexpires = 2999-01-01\n",
    );
    let pin = root.run(&[]).refuses(&[
        "did you mean `fill_count_001`",
        "`parity list --surface s` lists all cases",
    ]);
    assert!(pin.text.len() < 1_000, "{}", pin.text);
}

#[test]
fn a_folder_without_a_probe_is_rejected() {
    let root = TestRoot::pair(ECHO, ECHO, ONE).file("fixtures/probes/empty/notes.md", "");
    root.run(&[])
        .refuses(&["the folder `fixtures/probes/empty` has no `probe.toml`"]);
}

#[test]
fn mistakes_in_files_show_their_place() {
    let implementation = "fixtures/implementations/right.toml";
    let probe = "fixtures/probes/s/probe.toml";
    let cases = "fixtures/probes/s/cases/all.toml";
    let harness = "fixtures/harness.toml";
    let serve = "[serve]\ncommand = [\"x\"]\nready = \"/\"\n";
    for (file, text, message) in [
        (harness, "reference = \"left\"\nrefs = 1\n".to_owned(), "unknown key `refs`"),
        (harness, "reference = \"lift\"\n".to_owned(), "unknown reference implementation `lift`"),
        (harness, "reference = \"left\"\ncontract = \"docs\"\n".to_owned(), "surface `s` has a probe but no contract: `docs/s.md` is missing"),
        (implementation, "language = \"sh\"\n[helper]\ncommand = [\"sh\", \"{rot}\"]\n[surfaces]\ns = [\"line\"]\n".to_owned(), "`{rot}` in"),
        (implementation, "language = \"sh\"\n[helper]\ncommand = []\n[surfaces]\ns = [\"line\"]\n".to_owned(), "a command is empty"),
        (implementation, "language = \"sh\"\n[surfaces]\ns = [\"line\"]\n".to_owned(), "needs `[helper]`, which is missing"),
        (implementation, format!("language = \"sh\"\n{serve}[surfaces]\nt = [\"http\"]\n"), "unknown surface `t`"),
        (implementation, "language = \"sh\"\n[surfaces]\ns = [\"pigeon\"]\n".to_owned(), "unknown value `pigeon`"),
        (implementation, "language = \"sh\"\nurl = \"localhost\"\n[surfaces]\ns = [\"http\"]\n".to_owned(), "`localhost` is not a URL"),
        (implementation, format!("language = \"sh\"\nurl = \"http://localhost\"\n{serve}[surfaces]\n"), "cannot be started"),
        (implementation, "language = \"sh\"\nurl = \"http://localhost\"\n[surfaces]\ns = [\"line\"]\n".to_owned(), "can only be reached over `http`"),
        (probe, format!("{LINE_PROBE}[[normalise]]\non = \"body\"\npath = \"$.t\"\nmust_be = \"tme\"\naction = \"replace\"\nreason = \"r\"\n"), "`tme` is not a check"),
        (probe, format!("{LINE_PROBE}[[normalise]]\non = \"bdy\"\npath = \"$.t\"\nmust_be = \"text\"\naction = \"replace\"\nreason = \"r\"\n"), "`bdy` cannot be normalised"),
        (probe, format!("{LINE_PROBE}[[normalise]]\non = \"body\"\npath = \"t\"\nmust_be = \"text\"\naction = \"replace\"\nreason = \"r\"\n"), "`t` is not a JSON path"),
        (probe, format!("{LINE_PROBE}[compare]\nbody = \"bytes\"\n[[normalise]]\non = \"body\"\npath = \"$.t\"\nmust_be = \"text\"\naction = \"replace\"\nreason = \"r\"\n"), "not compared as JSON"),
        (probe, format!("{LINE_PROBE}[compare]\nbody = \"vectors\"\n"), "needs `vectors_at`"),
        (probe, "about = \"x\"\ntransports = [\"http\"]\n".to_owned(), "has incomplete transports"),
        (cases, format!("{ONE}{ONE}"), "case `one` is already defined in"),
        (cases, "[[case]]\nname = \"one\"\ninput = 'x'\nupstream = [{ repyl = 'x' }]\n".to_owned(), "unknown key `repyl`"),
    ] {
        let root = TestRoot::pair(ECHO, ECHO, ONE).file(file, &text);
        root.run(&[]).refuses(&[message, file]);
    }
}

#[test]
fn all_mistakes_of_all_files_are_reported() {
    let cases = "[[case]]\nname = \"one\"\nexpcet = \"error\"\ninput = '1'\n[[case]]\nname = \"two\"\ninput = 2\n[[case]]\nname = \"a b\"\ninput = '1'\n";
    let root = TestRoot::pair(ECHO, ECHO, cases)
        .file(
            "fixtures/probes/t/probe.toml",
            &LINE_PROBE.replace("about", "abuot"),
        )
        .file(
            "fixtures/implementations/third.toml",
            "language = \"sh\"\n[surfces]\n",
        );
    root.run(&[]).refuses(&[
        "4 mistakes",
        "unknown key `surfces`",
        "did you mean `surfaces`",
        "unknown key `expcet`",
        "no key has this name here",
        "did you mean `expect`?",
        "found integer `2`",
        "expected a text",
        "unknown key `abuot`",
    ]);
    // The reader of names starts when the file itself is right.
    root.write(
        "fixtures/probes/s/cases/all.toml",
        "[[case]]\nname = \"a b\"\ninput = '1'\n[[case]]\nname = \"c d\"\ninput = '1'\n",
    );
    root.run(&[])
        .refuses(&["`a b` is not a valid name", "`c d` is not a valid name"]);
}

#[test]
fn a_folder_without_harness_toml_is_rejected() {
    let root = TestRoot::new();
    std::fs::remove_file(root.path("fixtures/harness.toml")).unwrap();
    root.run(&[])
        .refuses(&["there is no `fixtures/harness.toml`", "--root"]);
}
