//! Long work that does not delay the end of a stopped run.

use std::future::Future;
use std::time::Duration;

/// How long a comparison may go on after the run was asked to stop, so that the partial report has
/// what is nearly ready. All phases together must end within two seconds.
pub(crate) const GRACE: Duration = Duration::from_millis(300);
/// How long the partial report may take.
pub(crate) const REPORT_GRACE: Duration = Duration::from_millis(800);

/// Does the work on another thread; none if it was not done within `grace` after `stop`. The thread
/// then goes on until the command ends, because a comparison cannot be interrupted.
pub(crate) async fn unless_stopped<T: Send + 'static>(
    stop: impl Future<Output = ()>,
    grace: Duration,
    work: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    let working = tokio::task::spawn_blocking(work);
    let is_late = async {
        stop.await;
        tokio::time::sleep(grace).await;
    };
    tokio::select! {
        biased;
        done = working => match done {
            Ok(done) => Some(done),
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        },
        () = is_late => None,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Duration;

    use super::unless_stopped;

    #[tokio::test]
    async fn work_that_takes_too_long_is_abandoned() {
        let (end, ended) = mpsc::channel::<()>();
        let endless = move || ended.recv();
        let grace = Duration::from_millis(1);
        let stop = std::future::ready(());
        assert_eq!(unless_stopped(stop, grace, endless).await, None);
        drop(end);
        let never = std::future::pending();
        assert_eq!(unless_stopped(never, grace, || 1).await, Some(1));
        let grace = Duration::from_secs(60);
        let stop = std::future::ready(());
        assert_eq!(unless_stopped(stop, grace, || 2).await, Some(2));
    }
}
