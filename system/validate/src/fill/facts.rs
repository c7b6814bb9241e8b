//! Rules 7 to 11: what the artifact and the context say about a worker is what the roster says.

use lakehouse_text::same_text;

use super::KnownFill;
use crate::Context;
use crate::name::{same_city, same_name};
use crate::report::{Flow, Report};

pub(super) fn check(known: &[KnownFill<'_, '_>], context: &Context, report: &mut Report) -> Flow {
    for KnownFill { name, worker, .. } in known {
        if let Some(name) = name
            && !same_name(name, &worker.name)
        {
            let (id, is) = (&worker.worker_id, &worker.name);
            report.consistency(format!("worker `{id}` is called `{is}`, not `{name}`"))?;
        }
    }
    for KnownFill { worker, .. } in known {
        if !worker.active {
            report.consistency(format!("worker `{}` is not active", worker.worker_id))?;
        }
    }
    if let Some(role) = &context.role {
        for KnownFill { worker, .. } in known {
            if !worker.works_as(role) {
                report.consistency(format!(
                    "worker `{}` does not work as `{role}`",
                    worker.worker_id
                ))?;
            }
        }
    }
    if let Some(city) = &context.city {
        for KnownFill { worker, .. } in known {
            if !same_city(&worker.city, city) {
                let (id, is) = (&worker.worker_id, &worker.city);
                report.consistency(format!("worker `{id}` is in city `{is}`, not `{city}`"))?;
            }
        }
    }
    if let Some(state) = &context.state {
        for KnownFill { worker, .. } in known {
            if !same_text(&worker.state, state) {
                let (id, is) = (&worker.worker_id, &worker.state);
                report.consistency(format!("worker `{id}` is in state `{is}`, not `{state}`"))?;
            }
        }
    }
    Flow::Continue(())
}
