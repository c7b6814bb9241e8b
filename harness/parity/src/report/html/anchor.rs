//! Addresses of failures within the page. They are made of names, so that they stay the same in
//! every run.

use lakehouse_rig::text::visible;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::outcome::CaseOutcome;

/// Characters that need an escape after `#`. The page's script escapes names in the same way, by
/// `encodeURIComponent`.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'!')
    .remove(b'~')
    .remove(b'*')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')');

/// `validate/http/go/all_empty`: surface, transport, implementation and case.
pub(super) fn id(case: &CaseOutcome) -> String {
    let id = format!(
        "{}/{}/{}/{}",
        case.surface, case.transport, case.implementation, case.case
    );
    visible(&id).into_owned()
}

/// The id as a link within the page, without its `#`.
pub(super) fn href(case: &CaseOutcome) -> String {
    utf8_percent_encode(&id(case), ESCAPED).to_string()
}
