//! Rules 12 and 13: workers who must not, or cannot, be sent.

use super::KnownFill;
use crate::Context;
use crate::client::{Client, ClientMatch};
use crate::report::{Flow, Report};

pub(super) fn check(known: &[KnownFill<'_, '_>], context: &Context, report: &mut Report) -> Flow {
    if let Some(name) = &context.client {
        let client = Client::new(name);
        for KnownFill { worker, .. } in known {
            if let Some(reason) = exclusion(&client, name, &worker.excluded_clients) {
                report.policy(format!("worker `{}` {reason}", worker.worker_id))?;
            }
        }
    }
    if let Some(shift) = context.shift() {
        for KnownFill { worker, .. } in known {
            for booking in worker
                .bookings
                .iter()
                .filter(|booking| booking.overlaps(&shift))
            {
                report.policy(format!(
                    "worker `{}` is booked on {booking}",
                    worker.worker_id
                ))?;
            }
        }
    }
    Flow::Continue(())
}

/// Why a worker with these exclusions must not be sent to a client.
fn exclusion(client: &Client<'_>, name: &str, excluded: &[impl AsRef<str>]) -> Option<String> {
    let matches = |excluded: &str| client.matches(&Client::new(excluded));
    let mut all = excluded.iter().map(AsRef::as_ref);
    if all
        .clone()
        .any(|excluded| matches(excluded) == ClientMatch::Same)
    {
        return Some(format!("is excluded for client `{name}`"));
    }
    let probable = all.find(|excluded| matches(excluded) == ClientMatch::Probable)?;
    Some(format!(
        "is excluded for client `{probable}`, which is taken for `{name}`"
    ))
}
