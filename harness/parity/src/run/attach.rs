//! `--attach`: uses a server that is already running, instead of starting one.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use lakehouse_rig::error::{Error, quoted};
use lakehouse_rig::implementation::Reach;
use lakehouse_rig::implementation::{Implementation, Transport};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::options::Options;
use super::participant::Participant;
use super::plan::Plan;
use crate::config::Root;
use crate::progress::{Event, Events};
use crate::transport::{self, Job};

/// The time limit for a connection to a server that is already running.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// Replaces the processes of attached implementations by their URLs.
///
/// # Errors
///
/// An unknown name, a malformed URL, or an implementation without a surface over `http`.
pub(super) fn apply(mut root: Root, options: &Options) -> Result<Root, Error> {
    let known: Vec<String> = root.implementations.keys().cloned().collect();
    for (name, url) in &options.attach {
        let Some(implementation) = root.implementations.get_mut(name) else {
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            return Err(Error::unknown("implementation", name, &known));
        };
        if url.starts_with("https://") {
            return Err(Error::usage(
                format!("`{url}` needs TLS, which the harness does not have"),
                "write `--attach NAME=http://127.0.0.1:PORT`",
            ));
        }
        if !url.starts_with("http://") {
            return Err(Error::usage(
                format!("`{url}` is not a URL"),
                "write `--attach NAME=http://127.0.0.1:PORT`",
            ));
        }
        let serves = implementation
            .surfaces
            .values()
            .any(|transports| transports.contains(&Transport::Http));
        if !serves {
            return Err(Error::usage(
                format!("`{name}` has no surface over `http`"),
                "only servers can be attached",
            ));
        }
        let attached = Arc::make_mut(implementation);
        attached.reach = Reach::Url {
            url: url.trim_end_matches('/').to_owned(),
            writes: false,
        };
        attached.version_text = Some("attached".to_owned());
    }
    Ok(root)
}

/// Checks before the run that something listens at each URL, and names the surfaces that cannot be
/// sent there.
///
/// # Errors
///
/// Nothing listens at the URL of `--attach`, or no case of the plan can be sent there.
pub(super) async fn check(
    root: &Root,
    options: &Options,
    plan: &Plan,
    participants: &mut BTreeMap<String, Participant>,
    events: &dyn Events,
) -> Result<(), Error> {
    for (name, participant) in participants.iter_mut() {
        let implementation = Arc::clone(&participant.implementation);
        let jobs: Vec<&Job> = plan
            .jobs
            .iter()
            .filter(|job| job.implementation.name == *name)
            .collect();
        let Reach::Url { url, .. } = &implementation.reach else {
            continue;
        };
        if jobs.is_empty() {
            continue;
        }
        let is_attached = options.attach.iter().any(|(attached, _)| attached == name);
        events.report(Event::Step(&format!("connecting to `{name}` at `{url}`")));
        if let Err(why) = connect(url).await {
            if is_attached {
                return Err(Error::usage(
                    format!("nothing listens at `{url}` (`--attach {name}={url}`): {why}"),
                    format!(
                        "start the server of `{name}` there, or omit `--attach` to let the harness start it"
                    ),
                ));
            }
            let notice = format!("nothing listens at `{url}`, the URL of `{name}`: {why}");
            events.report(Event::Notice(&notice));
            participant.notices.push(notice);
        }
        let skipped = name_skipped(&jobs, events);
        if is_attached && skipped == jobs.len() {
            return Err(Error::usage(
                format!(
                    "no selected case can be sent to a server that is already running (`--attach {name}={url}`)"
                ),
                match attachable(root, &implementation).as_slice() {
                    [] => "omit `--attach` to let the harness start the server".to_owned(),
                    surfaces => format!("surfaces of `{name}` that can be: {}", quoted(surfaces)),
                },
            ));
        }
    }
    Ok(())
}

/// Names the jobs of which no case can be sent, and returns their number.
fn name_skipped(jobs: &[&Job], events: &dyn Events) -> usize {
    let mut skipped = 0;
    for job in jobs {
        let reasons = job.cases.iter().map(|case| job.skip_at_url(case));
        let Some(reasons) = reasons.collect::<Option<Vec<_>>>() else {
            continue;
        };
        skipped += 1;
        let why = reasons.first().copied().unwrap_or("it has no cases");
        events.report(Event::Notice(&format!(
            "`{}` is skipped for `{}`, which is only a URL: {why}",
            job.probe.surface, job.implementation.name
        )));
    }
    skipped
}

/// The surfaces with a case that can be sent to this implementation at a URL.
fn attachable<'a>(root: &'a Root, implementation: &Arc<Implementation>) -> Vec<&'a str> {
    let probes = root.probes.values();
    let probes = probes.filter(|probe| implementation.has(&probe.surface, Transport::Http));
    let can_be_sent = |job: Job| {
        let mut cases = job.cases.iter();
        cases.any(|case| case.goes_over(Transport::Http) && job.skip_at_url(case).is_none())
    };
    probes
        .filter(|probe| {
            can_be_sent(Job {
                implementation: Arc::clone(implementation),
                probe: Arc::clone(probe),
                transport: Transport::Http,
                cases: probe.cases.clone(),
            })
        })
        .map(|probe| probe.surface.as_str())
        .collect()
}

/// Connects to the host of a URL. The error is the reason.
async fn connect(url: &str) -> Result<(), String> {
    let (host, port) = transport::address(url)?;
    match timeout(CONNECT_TIMEOUT, TcpStream::connect((host, port))).await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err(format!(
            "no connection within {} s",
            CONNECT_TIMEOUT.as_secs()
        )),
    }
}
