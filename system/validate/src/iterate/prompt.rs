//! The messages to the model.

use lakehouse_base::chat::{Message, Role};
use lakehouse_json::MAX_DEPTH;

use super::IterateRequest;
use crate::extract_json::NoObject;
use crate::{Kind, ValidationFailure};

/// The reason why a reply was not accepted.
pub(super) enum Rejection {
    CutOff,
    Invalid(ValidationFailure),
    NoObject(NoObject),
}

/// The default system text of a kind.
fn system_text(kind: Kind) -> &'static str {
    let file = match kind {
        Kind::Fill => include_str!("../../prompts/fill.txt"),
        Kind::Email => include_str!("../../prompts/email.txt"),
        Kind::Sms => include_str!("../../prompts/sms.txt"),
        Kind::Playbook => include_str!("../../prompts/playbook.txt"),
    };
    file.trim_end_matches('\n')
}

/// The first two messages of a conversation.
pub(super) fn opening(request: &IterateRequest) -> Vec<Message> {
    let system = request
        .system
        .as_deref()
        .unwrap_or_else(|| system_text(request.kind));
    let mut user = request.prompt.clone();
    if let Some(context) = &request.context_text {
        user.push_str("\n\nContext: ");
        user.push_str(context);
    }
    vec![
        message(Role::System, system.to_owned()),
        message(Role::User, user),
    ]
}

/// The two messages after a rejected attempt.
pub(super) fn correction(raw: &str, rejection: &Rejection) -> [Message; 2] {
    let reason = match rejection {
        Rejection::CutOff => {
            "it was cut off at the length limit before it was complete, make it shorter".to_owned()
        }
        Rejection::Invalid(ValidationFailure::Schema { field, reason }) => {
            format!("`{field}` {reason}")
        }
        Rejection::Invalid(failure) => failure.reason().to_owned(),
        Rejection::NoObject(NoObject::Invalid {
            line,
            column,
            fault,
        }) => format!("its JSON is not valid at line {line}, column {column}: {fault}"),
        Rejection::NoObject(NoObject::TooDeep) => {
            format!("its JSON nests deeper than {MAX_DEPTH} levels")
        }
        Rejection::NoObject(NoObject::OnlyReasoning) => {
            "it has no answer after its reasoning".to_owned()
        }
        Rejection::NoObject(NoObject::Absent) => "no JSON object was found in it".to_owned(),
    };
    let user = format!(
        "Your answer was not accepted: {reason}. \
         Answer again with one corrected JSON object and nothing else."
    );
    [
        message(Role::Assistant, raw.to_owned()),
        message(Role::User, user),
    ]
}

fn message(role: Role, content: String) -> Message {
    Message { role, content }
}
