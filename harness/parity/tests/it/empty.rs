//! Answers without a body: which of them are answers, and what is compared of them.

use crate::support::TestRoot;
use crate::wire::RawServer;

const PROBE: &str =
    "about = \"x\"\ntransports = [\"http\"]\n[http]\nmethod = \"GET\"\npath = \"/200\"\n";

/// The status that the end of the path names, without a body; `/differs` is 403 on the right.
fn answer(request: &str, _: usize) -> Option<Vec<u8>> {
    let path = request.split(' ').nth(1)?;
    let status = match path.rsplit_once('/')?.1 {
        "differs" if path.starts_with("/right") => "403",
        "differs" => "401",
        status => status,
    };
    Some(format!("HTTP/1.1 {status} X\r\ncontent-length: 0\r\n\r\n").into_bytes())
}

#[test]
fn empty_answers_of_http_are_compared() {
    let cases = "[[case]]\nname = \"no_content\"\npath = \"/204\"\n[[case]]\nname = \"not_modified\"\npath = \"/304\"\n[[case]]\nname = \"found\"\npath = \"/302\"\n[[case]]\nname = \"head\"\nmethod = \"HEAD\"\n[[case]]\nname = \"denied\"\npath = \"/401\"\nexpect = \"error\"\nempty = true\n";
    let server = RawServer::start(answer);
    server.root(PROBE, cases).run(&["--mutate"]).ends(0, "pass");

    let by_status = format!("{PROBE}[compare]\nbody = \"status\"\n");
    let cases = "[[case]]\nname = \"a\"\n";
    server.root(&by_status, cases).run(&[]).ends(0, "pass");
}

#[test]
fn empty_answers_that_nothing_allows_are_not_compared() {
    let server = RawServer::start(answer);
    let ran = server
        .root(PROBE, "[[case]]\nname = \"a\"\n")
        .run(&[])
        .ends(4, "inconclusive");
    let empty =
        "the answer is empty (status 200); if that is right, write `empty = true` in the case";
    assert_eq!(
        ran.outcome("a"),
        format!("invalid: `left`: {empty}; `right`: {empty}")
    );
}

#[test]
fn empty_answers_do_not_hide_a_status() {
    let server = RawServer::start(answer);
    let cases = "[[case]]\nname = \"a\"\npath = \"/differs\"\nexpect = \"error\"\n";
    let ran = server.root(PROBE, cases).run(&[]).ends(3, "fail");
    assert_eq!(ran.differences("a"), ["status status"]);
    assert!(ran.outcome("a").starts_with("diverged: "), "{ran:#?}");
}

#[test]
fn a_line_can_be_empty_where_the_case_says_so() {
    let case = |more: &str| {
        format!(
            "[[case]]\nname = \"a\"\ninput = '1'\n{more}[[case]]\nname = \"b\"\ninput = '2'\n{more}"
        )
    };
    let blank = "while IFS= read -r line; do echo; done";
    let ran = TestRoot::pair(blank, blank, &case("")).run(&[]);
    assert!(
        ran.outcome("a").contains("answered with an empty line"),
        "{ran:#?}"
    );
    let empty = case("empty = true\n");
    TestRoot::pair(blank, blank, &empty)
        .run(&[])
        .ends(0, "pass");
    let full = "while IFS= read -r line; do echo '{}'; done";
    let ran = TestRoot::pair(blank, full, &empty).run(&[]).ends(3, "fail");
    assert_eq!(ran.differences("a"), ["body extra"]);
}

#[test]
fn an_exit_can_be_the_answer_to_a_line() {
    let cases = "[[case]]\nname = \"a\"\ninput = '1'\nempty = true\nexpect = \"error\"\n[[case]]\nname = \"b\"\ninput = '2'\nempty = true\nexpect = \"error\"\n";
    let exits = |code: u8| format!("read -r line; exit {code}");
    let pair = |code| TestRoot::pair(&exits(3), &exits(code), cases);
    pair(3).run(&[]).ends(0, "pass");
    let ran = pair(4).run(&[]).ends(3, "fail");
    assert_eq!(ran.differences("a"), ["exit exit"]);
    let root = pair(3).cases("s", &cases.replace("empty = true\n", ""));
    let ran = root.run(&[]).ends(4, "inconclusive");
    assert!(
        ran.outcome("a")
            .contains("crashed on this case (exit code 3)"),
        "{ran:#?}"
    );
}
