//! The rules for messages to workers: emails and text messages.

mod foreign_data;
mod placeholder;
mod sms_length;

use lakehouse_base::{is_blank, same_text};
use lakehouse_json::Json;

use crate::address::{is_email, phone_digits};
use crate::report::{Flow, Report};
use crate::roster::{Roster, Worker};
use crate::{Context, Finding, Severity, ssn};
use sms_length::SmsLength;

const MAX_SUBJECT_CHARACTERS: usize = 200;
const MAX_BODY_CHARACTERS: usize = 10_000;

/// How a message travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Channel {
    Email,
    Sms,
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
    let addressed = check_worker(&message, context, roster, report)?;
    check_policy(&message, addressed, roster, report)?;
    report.unless_failed()?;
    if channel == Channel::Sms {
        report.finding(Finding {
            field: "body".to_owned(),
            severity: Severity::Info,
            message: SmsLength::of(message.body).to_string(),
        });
    }
    Flow::Continue(())
}

/// The worker whom a message names, if it is of the right form.
pub(crate) fn worker_id<'j>(artifact: &'j Json<'_>) -> Option<&'j str> {
    artifact.as_object()?.get("worker_id")?.as_str()
}

struct Message<'j> {
    channel: Channel,
    to: &'j str,
    /// Emails have one, text messages have none.
    subject: Option<&'j str>,
    body: &'j str,
    worker_id: Option<&'j str>,
}

impl<'j> Message<'j> {
    /// The texts, by name, in the order in which a rule is put to them.
    fn texts(&self) -> impl Iterator<Item = (&'static str, &'j str)> {
        let subject = self.subject.map(|subject| ("subject", subject));
        subject.into_iter().chain([("body", self.body)])
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
    let mut text = |name: &str| {
        let value = object.get(name);
        let text = value.and_then(Json::as_str);
        match (value, text) {
            (None, _) => report.schema(name, "is missing")?,
            (Some(_), None) => report.schema(name, "must be a string")?,
            _ => {}
        }
        Flow::Continue(text)
    };
    let to = text("to")?;
    let subject = match channel {
        Channel::Email => text("subject")?,
        Channel::Sms => None,
    };
    let body = text("body")?;
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

/// Rules 5 to 7.
fn check_completeness(message: &Message<'_>, report: &mut Report) -> Flow {
    for (name, text) in message.texts() {
        if is_blank(text) {
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
    for (name, text) in message.texts() {
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

/// Rules 8 to 11; gives the worker whom the message is for, when the roster has them.
fn check_worker<'r>(
    message: &Message<'_>,
    context: &Context,
    roster: &'r Roster,
    report: &mut Report,
) -> Flow<Option<&'r Worker>> {
    let own = message.worker_id;
    let asked = context.worker_id.as_deref();
    let Some(id) = own.or(asked) else {
        report.completeness("no worker is named".to_owned())?;
        return Flow::Continue(None);
    };
    if let (Some(own), Some(asked)) = (own, asked)
        && own != asked
    {
        report.consistency(format!(
            "the artifact names worker `{own}`, the context `{asked}`"
        ))?;
    }
    let Some(worker) = roster.find(id) else {
        report.consistency(format!("worker `{id}` is not in the roster"))?;
        return Flow::Continue(None);
    };
    let (address, is_theirs) = match message.channel {
        Channel::Email => {
            let is_theirs = is_email(&worker.email) && same_text(message.to, &worker.email);
            ("email address", is_theirs)
        }
        Channel::Sms => {
            let theirs = phone_digits(&worker.phone);
            (
                "phone number",
                theirs.is_some() && theirs == phone_digits(message.to),
            )
        }
    };
    if !is_theirs {
        report.consistency(format!("recipient is not the {address} of worker `{id}`"))?;
    }
    Flow::Continue(Some(worker))
}

/// Rules 12 and 13.
fn check_policy(
    message: &Message<'_>,
    addressed: Option<&Worker>,
    roster: &Roster,
    report: &mut Report,
) -> Flow {
    if let Some(addressed) = addressed {
        for (name, text) in message.texts() {
            for found in foreign_data::find(text, addressed, roster) {
                let (datum, owner) = (found.datum, &found.owner.worker_id);
                report.policy(format!("{name} has {datum} of worker `{owner}`"))?;
            }
        }
    }
    for (name, text) in message.texts() {
        if ssn::looks_like_one_is_in(text) {
            report.policy(format!(
                "{name} has what looks like a social security number"
            ))?;
        }
    }
    Flow::Continue(())
}
