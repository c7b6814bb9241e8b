//! The messages to the model.

use lakehouse_base::chat::{Message, Role};

use super::IterateRequest;
use crate::{Kind, ValidationFailure};

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

/// The two messages after a rejected attempt. Without a failure, the attempt contained no object.
pub(super) fn correction(raw: &str, failure: Option<&ValidationFailure>) -> [Message; 2] {
    let reason = match failure {
        None => "no JSON object was found in it".to_owned(),
        Some(ValidationFailure::Schema { field, reason }) => format!("`{field}` {reason}"),
        Some(failure) => failure.reason().to_owned(),
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
