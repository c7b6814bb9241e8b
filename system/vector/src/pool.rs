//! A fixed number of threads for processor-bound work, beside the threads of the async runtime.
//!
//! A runtime's worker that computes for a millisecond serves nobody else meanwhile: no other
//! request, no timer, no signal. Work of that length runs here instead. The pool is the one place
//! where an engine's callers wait for a processor, whatever they wait for: a scan of many rows, or
//! a backend that blocks while it reads.
//!
//! The queue is bounded, and a caller who finds it full waits without blocking its thread. Work
//! whose caller went away before it started is skipped.

use std::collections::VecDeque;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::thread;

use parking_lot::{Condvar, Mutex};
use tokio::sync::{Semaphore, oneshot};

/// Jobs that may wait for each thread: enough that a thread finds its next one ready, few enough
/// that a job whose caller went away is soon behind.
const QUEUED_PER_THREAD: usize = 8;

/// A pool of threads. Dropping it ends them after the job that each is at.
pub struct Pool {
    queue: Arc<Queue>,
}

struct Queue {
    /// One permit for each place that is free.
    free: Semaphore,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    jobs: VecDeque<Job>,
    is_closed: bool,
}

type Job = Box<dyn FnOnce() + Send>;

impl Pool {
    /// Starts `threads` threads, at least one.
    ///
    /// # Errors
    /// When the system starts no more threads.
    pub fn new(threads: usize) -> io::Result<Self> {
        let threads = threads.max(1);
        let pool = Self {
            queue: Arc::new(Queue {
                free: Semaphore::new(threads * QUEUED_PER_THREAD),
                state: Mutex::default(),
                changed: Condvar::new(),
            }),
        };
        for at in 0..threads {
            let queue = Arc::clone(&pool.queue);
            let thread = thread::Builder::new().name(format!("search-{at}"));
            thread.spawn(move || queue.run_jobs())?;
        }
        Ok(pool)
    }

    /// Runs `work` on a thread of the pool and returns its result. Dropping the future before the
    /// work has started skips it.
    ///
    /// # Panics
    /// When `work` does, with its panic.
    pub async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> T {
        let place = self.queue.free.acquire().await;
        place.expect("the semaphore is never closed").forget();
        let (answer, answered) = oneshot::channel();
        self.queue.push(Box::new(move || {
            if !answer.is_closed() {
                let _ = answer.send(catch_unwind(AssertUnwindSafe(work)));
            }
        }));
        let result = answered.await;
        result
            .expect("the pool outlives the borrow of its callers")
            .unwrap_or_else(|panic| resume_unwind(panic))
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.queue.state.lock().is_closed = true;
        self.queue.changed.notify_all();
    }
}

impl Queue {
    fn push(&self, job: Job) {
        self.state.lock().jobs.push_back(job);
        self.changed.notify_one();
    }

    fn run_jobs(&self) {
        while let Some(job) = self.next() {
            self.free.add_permits(1);
            job();
        }
    }

    /// Waits for the next job; `None` once the pool is dropped.
    fn next(&self) -> Option<Job> {
        let mut state = self.state.lock();
        while !state.is_closed {
            match state.jobs.pop_front() {
                Some(job) => return Some(job),
                None => self.changed.wait(&mut state),
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::mpsc;

    use super::*;

    /// A pool of one thread that is at a job until the sender is dropped.
    fn busy_pool() -> (Arc<Pool>, mpsc::Sender<()>) {
        let pool = Arc::new(Pool::new(1).expect("a thread"));
        let (release, released) = mpsc::channel::<()>();
        let (started, has_started) = mpsc::channel();
        let job = move || {
            started.send(()).expect("the test waits for it");
            let _ = released.recv();
        };
        let running = Arc::clone(&pool);
        tokio::spawn(async move { running.run(job).await });
        (pool, {
            tokio::task::block_in_place(|| has_started.recv().expect("the job starts"));
            release
        })
    }

    #[tokio::test]
    async fn results_and_panics_reach_the_caller() {
        let pool = Arc::new(Pool::new(2).expect("threads"));
        assert_eq!(pool.run(|| 6 * 7).await, 42);
        let panicking = Arc::clone(&pool);
        let failed = tokio::spawn(async move { panicking.run(|| panic!("seven")).await }).await;
        let panic = failed.expect_err("a panic").into_panic();
        assert_eq!(panic.downcast_ref(), Some(&"seven"));
        assert_eq!(pool.run(|| 8).await, 8, "the thread goes on");
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn work_of_callers_that_went_away_is_skipped() {
        let (pool, release) = busy_pool();
        let runs = Arc::new(AtomicUsize::new(0));
        let callers: Vec<_> = (0..20)
            .map(|_| {
                let (pool, runs) = (Arc::clone(&pool), Arc::clone(&runs));
                tokio::spawn(
                    async move { pool.run(move || runs.fetch_add(1, Ordering::SeqCst)).await },
                )
            })
            .collect();
        while pool.queue.free.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        assert_eq!(pool.queue.state.lock().jobs.len(), QUEUED_PER_THREAD);
        for caller in &callers {
            caller.abort();
        }
        for caller in callers {
            assert!(caller.await.expect_err("aborted").is_cancelled());
        }
        drop(release);
        pool.run(|| ()).await;
        assert_eq!(runs.load(Ordering::SeqCst), 0);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn callers_that_find_the_queue_full_are_served_in_the_end() {
        let (pool, release) = busy_pool();
        let callers: Vec<_> = (0..5 * QUEUED_PER_THREAD)
            .map(|at| {
                let pool = Arc::clone(&pool);
                tokio::spawn(async move { pool.run(move || at).await })
            })
            .collect();
        while pool.queue.free.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        drop(release);
        for (at, caller) in callers.into_iter().enumerate() {
            assert_eq!(caller.await.expect("no panic"), at);
        }
    }
}
