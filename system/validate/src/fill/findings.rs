//! What a person should know about a fill that passes.

use super::KnownFill;
use crate::client::{Client, ClientMatch};
use crate::report::Report;
use crate::shift::Shift;
use crate::{Context, Finding, Severity};

/// Reports exclusions of clients with a name near that of the context's.
pub(super) fn report_clients(known: &[KnownFill<'_, '_>], context: &Context, report: &mut Report) {
    let Some(name) = &context.client else {
        return;
    };
    let client = Client::new(name);
    for KnownFill { index, worker, .. } in known {
        let near = worker
            .excluded_clients
            .iter()
            .filter(|excluded| client.matches(&Client::new(excluded)) == ClientMatch::Near);
        for excluded in near {
            let id = &worker.worker_id;
            let message = format!(
                "worker `{id}` is excluded for client `{excluded}`, which is near `{name}`"
            );
            warn(format!("fills[{index}].worker_id"), message, report);
        }
    }
}

/// Reports bookings near the shift. Rule 13 has excluded overlaps, unless the shift is not known.
pub(super) fn report_bookings(known: &[KnownFill<'_, '_>], context: &Context, report: &mut Report) {
    if !known.is_empty() {
        report_unchecked(context, report);
    }
    let is_near = |booking: &Shift| match (context.shift(), context.date) {
        (Some(shift), _) => booking.is_near(&shift),
        (None, Some(date)) if context.start.is_none() && context.end.is_none() => {
            booking.is_on(date)
        }
        _ => false,
    };
    for KnownFill { index, worker, .. } in known {
        for booking in worker.bookings.iter().filter(|booking| is_near(booking)) {
            let message = format!("worker `{}` is also booked on {booking}", worker.worker_id);
            warn(format!("fills[{index}].worker_id"), message, report);
        }
    }
}

/// Reports that the context does not say enough about the shift.
fn report_unchecked(context: &Context, report: &mut Report) {
    let parts = [
        ("date", context.date.is_none()),
        ("start", context.start.is_none()),
        ("end", context.end.is_none()),
    ];
    let absent: Vec<&str> = parts
        .iter()
        .filter(|(_, is_absent)| *is_absent)
        .map(|(name, _)| *name)
        .collect();
    if matches!(absent.len(), 1 | 2) {
        let message = format!(
            "bookings are not checked: the context has no {}",
            absent.join(" and no ")
        );
        warn(format!("context.{}", absent[0]), message, report);
    }
}

fn warn(field: String, message: String, report: &mut Report) {
    report.finding(Finding {
        field,
        severity: Severity::Warning,
        message,
    });
}
