//! The rules for messages to workers: emails and text messages.

mod forbidden;
mod foreign_data;
mod placeholder;
mod sms_length;

use lakehouse_json::Json;
use lakehouse_text::squeezed;

use crate::address::{is_email, phone_digits};
use crate::report::{Flow, Report};
use crate::roster::{Roster, Worker};
use crate::{Context, Finding, Severity, ssn, unchecked};
use sms_length::SmsLength;

const SUBJECT: &str = "subject";
const MAX_SUBJECT_CHARACTERS: usize = 200;
const MAX_BODY_CHARACTERS: usize = 10_000;

/// The channel of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Channel {
    Email,
    Sms,
}

impl Channel {
    /// The members of an artifact that rules know.
    fn members(self) -> &'static [&'static str] {
        match self {
            Self::Email => &["to", "subject", "body", "worker_id"],
            Self::Sms => &["to", "body", "worker_id"],
        }
    }
}

pub(crate) fn check(
    channel: Channel,
    artifact: &Json<'_>,
    context: &Context,
    roster: &Roster,
    report: &mut Report,
) -> Flow {
    let Some(message) = read(channel, artifact, report)? else {
        return Flow::Break(());
    };
    check_completeness(&message, report)?;
    let recipient = check_worker(&message, context, roster, report)?;
    check_policy(&message, recipient, roster, report)?;
    report.unless_failed()?;
    if channel == Channel::Sms {
        report.finding(Finding {
            field: "body".to_owned(),
            severity: Severity::Info,
            message: SmsLength::of(message.body).to_string(),
        });
    }
    unchecked::report_members(artifact, channel.members(), report);
    Flow::Continue(())
}

/// The id of the worker that a message names, if it is well-formed.
pub(crate) fn worker_id<'j>(artifact: &'j Json<'_>) -> Option<&'j str> {
    artifact.as_object()?.get("worker_id")?.as_str()
}

struct Message<'j> {
    channel: Channel,
    to: &'j str,
    /// Present in emails only.
    subject: Option<&'j str>,
    body: &'j str,
    worker_id: Option<&'j str>,
}

impl<'j> Message<'j> {
    /// The texts with their names, in the order in which every rule checks them.
    fn texts(&self) -> impl Iterator<Item = (&'static str, &'j str)> {
        let subject = self.subject.map(|subject| (SUBJECT, subject));
        subject.into_iter().chain([("body", self.body)])
    }

    /// The texts that are searched: one that is far too long is rejected unread.
    fn searched(&self) -> impl Iterator<Item = (&'static str, &'j str)> {
        let is_readable = |text: &str| text.chars().nth(MAX_BODY_CHARACTERS).is_none();
        self.texts().filter(move |(_, text)| is_readable(text))
    }
}

/// Rules 1 to 4.
fn read<'j>(
    channel: Channel,
    artifact: &'j Json<'_>,
    report: &mut Report,
) -> Flow<Option<Message<'j>>> {
    let Some(object) = artifact.as_object() else {
        report.schema("artifact", "must be an object")?;
        return Flow::Continue(None);
    };
    let to = report.text(object, "to")?;
    let subject = match channel {
        Channel::Email => report.text(object, "subject")?,
        Channel::Sms => None,
    };
    let body = report.text(object, "body")?;
    let worker_id = object.get_some("worker_id");
    if worker_id.is_some_and(|id| id.as_str().is_none_or(str::is_empty)) {
        report.schema("worker_id", "must be a string that is not empty")?;
    }
    match (channel, to) {
        (Channel::Email, Some(to)) if !is_email(to) => {
            report.schema("to", "must be an email address")?;
        }
        (Channel::Sms, Some(to)) if phone_digits(to).is_none() => {
            report.schema("to", "must be a phone number")?;
        }
        _ => {}
    }
    report.unless_failed()?;
    let message = || {
        Some(Message {
            channel,
            to: to?,
            subject,
            body: body?,
            worker_id: worker_id.and_then(Json::as_str),
        })
    };
    Flow::Continue(message())
}

/// Rules 5 to 8.
fn check_completeness(message: &Message<'_>, report: &mut Report) -> Flow {
    for (name, text) in message.texts() {
        if let Some(c) = forbidden::first(text, name == SUBJECT) {
            let code = u32::from(c);
            report.completeness(format!("{name} has the forbidden character U+{code:04X}"))?;
        }
    }
    for (name, text) in message.texts() {
        if squeezed(text).is_empty() {
            report.completeness(format!("{name} is empty"))?;
        }
    }
    match message.channel {
        Channel::Email => check_characters(message, report)?,
        Channel::Sms => {
            let length = SmsLength::of(message.body);
            if !length.fits() {
                report.completeness(format!("body takes {}", length.excess()))?;
            }
        }
    }
    for (name, text) in message.searched() {
        if let Some(placeholder) = placeholder::first(text) {
            report.completeness(format!("{name} has a placeholder left: `{placeholder}`"))?;
        }
    }
    Flow::Continue(())
}

fn check_characters(message: &Message<'_>, report: &mut Report) -> Flow {
    let limits = [MAX_SUBJECT_CHARACTERS, MAX_BODY_CHARACTERS];
    for ((name, text), limit) in message.texts().zip(limits) {
        let characters = text.chars().count();
        if characters > limit {
            report.completeness(format!(
                "{name} has {characters} characters, at most {limit} are allowed"
            ))?;
        }
    }
    Flow::Continue(())
}

/// Rules 9 to 12. Returns the recipient, when the roster has them.
fn check_worker<'r>(
    message: &Message<'_>,
    context: &Context,
    roster: &'r Roster,
    report: &mut Report,
) -> Flow<Option<&'r Worker>> {
    let own = message.worker_id;
    let expected = context.worker_id.as_deref();
    let Some(id) = own.or(expected) else {
        report.completeness("no worker is named".to_owned())?;
        return Flow::Continue(None);
    };
    if let (Some(own), Some(expected)) = (own, expected)
        && own != expected
    {
        report.consistency(format!(
            "the artifact names worker `{own}`, the context `{expected}`"
        ))?;
    }
    let Some(worker) = roster.find(id) else {
        report.consistency(format!("worker `{id}` is not in the roster"))?;
        return Flow::Continue(None);
    };
    let (address, matches) = match message.channel {
        Channel::Email => {
            let matches = is_email(&worker.email) && message.to.eq_ignore_ascii_case(&worker.email);
            ("email address", matches)
        }
        Channel::Sms => {
            let theirs = phone_digits(&worker.phone);
            (
                "phone number",
                theirs.is_some() && theirs == phone_digits(message.to),
            )
        }
    };
    if !matches {
        report.consistency(format!("recipient is not the {address} of worker `{id}`"))?;
    }
    Flow::Continue(Some(worker))
}

/// Rules 13 and 14.
fn check_policy(
    message: &Message<'_>,
    recipient: Option<&Worker>,
    roster: &Roster,
    report: &mut Report,
) -> Flow {
    if let Some(recipient) = recipient {
        for (name, text) in message.searched() {
            for found in foreign_data::find(text, recipient, roster) {
                let (datum, owner) = (found.datum, &found.owner.worker_id);
                report.policy(format!("{name} has {datum} of worker `{owner}`"))?;
            }
        }
    }
    for (name, text) in message.searched() {
        if ssn::is_likely_in(text) {
            report.policy(format!(
                "{name} has what looks like a social security number"
            ))?;
        }
    }
    Flow::Continue(())
}
