//! A fixed number of threads for processor-bound work, beside the threads of the async runtime.
//!
//! A runtime worker that computes for a millisecond blocks everything else on it: requests, timers,
//! signals. Such work runs here instead. The pool is the only place where callers of an engine wait
//! for a processor, be it for a scan of many rows or for a backend that blocks on reads.
//!
//! The queue is bounded. A caller that finds it full waits without blocking its thread. Jobs whose
//! caller has gone away before they start are skipped.

use std::collections::VecDeque;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::thread;

use parking_lot::{Condvar, Mutex};
use tokio::sync::{Semaphore, oneshot};

/// The queue length per thread: long enough that a thread always finds its next job, short enough
/// that abandoned jobs are soon skipped.
const QUEUED_PER_THREAD: usize = 8;

/// A thread pool. Dropping it ends each thread after its current job.
pub struct Pool {
    queue: Arc<Queue>,
}

struct Queue {
    /// One permit for each free place in the queue.
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
    /// If the system cannot start a thread.
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

    /// Runs `work` on a thread of the pool and returns its result. If the future is dropped before the
    /// work has started, the work is skipped.
    ///
    /// # Panics
    /// If `work` panics, with the same panic.
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

    /// A pool whose only thread is busy until the sender is dropped.
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
    async fn abandoned_work_is_skipped() {
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
        // A caller takes its place in the queue before it fills it.
        while pool.queue.state.lock().jobs.len() < QUEUED_PER_THREAD {
            tokio::task::yield_now().await;
        }
        assert_eq!(pool.queue.free.available_permits(), 0);
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
    async fn callers_wait_for_a_full_queue() {
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
