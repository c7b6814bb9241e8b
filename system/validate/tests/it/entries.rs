//! Playbook entries with texts that must not be kept.

use lakehouse_json as json;
use lakehouse_json::MAX_DEPTH;
use lakehouse_validate::{Context, Kind, Mode, validate, why_not_recorded};

use crate::support::{people, reasons};

fn check(query_text: &str, role: Option<&str>, want: Option<&str>) {
    let role_member = role.map(|role| format!(r#","role":{}"#, json::string(role)));
    let artifact = format!(
        r#"{{"query_text":{},"answer_id":"n-1","answer_corpus":"notes","score":1{}}}"#,
        json::string(query_text),
        role_member.unwrap_or_default()
    );
    let artifact = json::parse(&artifact, MAX_DEPTH).unwrap();
    let outcome = validate(
        Kind::Playbook,
        &artifact,
        &Context::default(),
        &people(),
        Mode::All,
    );
    let reasons = reasons(&outcome);
    let reason = reasons.first().and_then(|reason| reason.split_once(": "));
    assert_eq!(reason.map(|(_, reason)| reason), want, "{query_text}");
    assert_eq!(why_not_recorded(query_text, role).as_deref(), want);
}

#[test]
fn what_is_kept_has_no_social_security_number() {
    let refused = Some("query_text has what looks like a social security number");
    check("Need RN for patient SSN 219-09-9998", None, refused);
    check("picker, seguro social 219 099 998", None, refused);
    check(
        "q",
        Some("SSN 219099998"),
        Some("role has what looks like a social security number"),
    );
    check(
        &"é".repeat(2001),
        None,
        Some("query_text has 2001 characters, at most 2000 are allowed"),
    );
    check("Need 2 RNs, call 313-555-0101", Some("RN"), None);
}
