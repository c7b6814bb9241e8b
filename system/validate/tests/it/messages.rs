//! Messages to a worker with data that must not leave, and harmless ones.

use lakehouse_json as json;
use lakehouse_json::MAX_DEPTH;
use lakehouse_validate::{Context, Kind, Mode, Outcome, validate};

use crate::support::{people, reasons, remarks};

/// Checks an email to Grace Hall.
fn email(subject: &str, body: &str) -> Outcome {
    let (subject, body) = (json::string(subject), json::string(body));
    check_artifact(
        Kind::Email,
        &format!(
            r#"{{"to":"grace.hall@example.com","subject":{subject},"body":{body},"worker_id":"w-1005"}}"#
        ),
    )
}

fn sms(to: &str, body: &str) -> Outcome {
    let (to, body) = (json::string(to), json::string(body));
    check_artifact(
        Kind::Sms,
        &format!(r#"{{"to":{to},"body":{body},"worker_id":"w-1005"}}"#),
    )
}

fn check_artifact(kind: Kind, artifact: &str) -> Outcome {
    let artifact = json::parse(artifact, MAX_DEPTH).unwrap();
    validate(kind, &artifact, &Context::default(), &people(), Mode::All)
}

/// Each body is refused for this reason and no other.
fn check_bodies(bodies: &[&str], want: &str) {
    for body in bodies {
        assert_eq!(reasons(&email("Shift", body)), [want], "{body}");
    }
}

#[test]
fn subjects_have_no_line_breaks_or_controls() {
    for (subject, code) in [
        ("Shift Monday\r\nBcc: all@rival.example", "U+000D"),
        ("Shift\nBcc: all@rival.example", "U+000A"),
        ("Shift\u{0}", "U+0000"),
        ("Shift\tMonday", "U+0009"),
        ("Shift\u{2028}Monday", "U+2028"),
        ("\u{202e}tfihS", "U+202E"),
    ] {
        let want = format!("Completeness: subject has the forbidden character {code}");
        assert_eq!(reasons(&email(subject, "hi")), [want], "{subject:?}");
    }
    check_bodies(
        &["\u{202e}00.52$\u{202c}"],
        "Completeness: body has the forbidden character U+202E",
    );
    assert_eq!(
        reasons(&sms("419-555-0105", "a\u{1b}b")),
        ["Completeness: body has the forbidden character U+001B"]
    );
    assert!(email("Shift", "Hi,\r\n\tsee you 👩‍👧\n").passed());
}

#[test]
fn social_security_numbers_are_found_in_any_grouping() {
    check_bodies(
        &[
            "SSN 219 09 9998 1985",
            "219 09 9998 219 09 9997",
            "Ana 34 219 09 9998",
            "SSN 219.09.9998.5",
            "219.09.9998.5",
            "Ref 1-219-09-9998",
            "SSN 078-05-\n1121",
            "SSN: 219 - 09 - 9998",
            "SSN 219  09  9998",
            "ids 123-45-6788123-45-6788",
            "SSN 219_09_9998",
            "SSN 219/09/9998",
            "SSN 219·09·9998",
            "SSN 219-099998",
            "SSN 21909 9998",
            "SSN 219&#45;09&#45;9998",
            "my social is 219099998",
            "SS number 219099998",
            "S.S.N. 219099998",
            "social-security number 219099998",
            "social\nsecurity number 219099998",
            "ITIN 912709998",
            "219\u{200E}-09-\u{200E}9998",
            "2\u{FE0F}19-09-9998",
            "②①⁹-০৯-9998",
        ],
        "Policy: body has what looks like a social security number",
    );
}

#[test]
fn addresses_of_others_are_found_wherever_they_stand() {
    check_bodies(
        &[
            "write to mailto:mkdlc@example.com?subject=x",
            "https://x.test/u/mkdlc@example.com",
            "user=mkdlc@example.com&x=1",
            "_mkdlc@example.com_",
            "|mkdlc@example.com|",
            "mkdlc+1@example.com",
        ],
        "Policy: body has the email address of worker `w-1006`",
    );
    check_bodies(
        &[
            "call 313–555–0101",
            "call 313\u{a0}555\u{a0}0101",
            "call 313/555-0101",
            "call 313 - 555 - 0101",
            "call 313  555  0101",
            "call 313-555-\n0101",
            "call ３１３-555-0101",
            "0013135550101",
        ],
        "Policy: body has the phone number of worker `w-1001`",
    );
}

#[test]
fn names_of_others_are_found_in_any_spelling() {
    check_bodies(
        &[
            "ASK JOSÉ NÚÑEZ",
            "Ask Jose Nunez",
            "Ask Jose\u{301} Nu\u{301}n\u{303}ez",
            "Ask Núñez, José",
        ],
        "Policy: body has the name of worker `w-1004`",
    );
    check_bodies(
        &["Ask Ruiz, Ana", "Ask Ana M. Ruiz"],
        "Policy: body has the name of worker `w-1001`",
    );
    check_bodies(
        &["Seán OʼBrien"],
        "Policy: body has the name of worker `w-1003`",
    );
    check_bodies(
        &["Mary Kate De La Cruz", "Mary‑Kate De La Cruz"],
        "Policy: body has the name of worker `w-1006`",
    );
    for body in ["It is for Ana. Ruiz Street 3 is closed.", "Marcus 2 Bell"] {
        assert_eq!(reasons(&email("Shift", body)), [""; 0], "{body}");
    }
}

#[test]
fn placeholders_of_the_usual_systems_are_found() {
    for (body, placeholder) in [
        ("Hi *|FNAME|*, see you", "*|FNAME|*"),
        ("Hi «FirstName»,", "«FirstName»"),
        ("Hi %FIRSTNAME%,", "%FIRSTNAME%"),
        ("Hi {%customer.firstName%}", "{%customer.firstName%}"),
        ("Hi {worker.name}", "{worker.name}"),
        ("Hi {first-name}", "{first-name}"),
        ("Hi #NAME#", "#NAME#"),
        ("Hi ::first_name::", "::first_name::"),
        ("[Name/Title]", "[Name/Title]"),
        ("[Worker's name]", "[Worker's name]"),
        ("on [MM/DD/YYYY]", "[MM/DD/YYYY]"),
        ("Hi undefined, your shift", "undefined"),
        ("Hi null,", "null"),
        ("Dear None,", "None"),
        ("report to ____ at 6", "____"),
        ("Call XXX-XXX-XXXX", "XXX-XXX-XXXX"),
        ("Dock TBA", "TBA"),
    ] {
        let want = format!("Completeness: body has a placeholder left: `{placeholder}`");
        assert_eq!(reasons(&email("Shift", body)), [want]);
    }
    for body in [
        "<p>Hello Grace</p>",
        "one<br>two",
        "See [the map](https://example.com/map)",
        "Reply [YES] to confirm",
        "- [x] W-4\n- [ ] I-9",
        "See [1]. It pays $20, 5% more.",
    ] {
        assert_eq!(reasons(&email("Shift", body)), [""; 0], "{body}");
    }
}

#[test]
fn members_that_no_rule_knows_are_reported() {
    let artifact = r#"{"cc":"x@y.z","to":"grace.hall@example.com","subject":"s","body":"b",
        "worker_id":"w-1005","bcc":null,"html_body":"<p>SSN</p>","cc":"z"}"#;
    assert_eq!(
        remarks(&check_artifact(Kind::Email, artifact)),
        [
            "cc: not checked: no rule knows this member",
            "html_body: not checked: no rule knows this member"
        ]
    );
    let artifact = r#"{"note":1,"fills":[{"worker_id":"w-1005","score":2}]}"#;
    assert_eq!(
        remarks(&check_artifact(Kind::Fill, artifact)),
        [
            "note: not checked: no rule knows this member",
            "fills[0].score: not checked: no rule knows this member"
        ]
    );
}

#[test]
fn a_text_message_names_the_character_that_makes_it_long() {
    let outcome = sms("419‑555‑0105", "See you – bye");
    assert_eq!(
        remarks(&outcome),
        ["body: 13 of 70 UCS-2 units because of `–` (U+2013)"]
    );
    assert_eq!(
        reasons(&sms("419-555-0105", &"’".repeat(71))),
        ["Completeness: body takes 71 UCS-2 units because of `’` (U+2019), at most 70 fit"]
    );
}
