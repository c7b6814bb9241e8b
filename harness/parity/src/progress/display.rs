//! Progress on standard error: one line that is rewritten in a terminal, and plain lines elsewhere.

use std::io::Write as _;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use super::state::{Line, State};
use super::{Event, Events};

/// The time between two looks at the state.
const TICK: Duration = Duration::from_millis(200);
/// The time without a line after which a plain one is written.
const LINE_INTERVAL: Duration = Duration::from_secs(10);

/// Shows the events of a run until it ends or is dropped.
///
/// A thread of its own draws, so that a busy run does not hold up the display.
#[derive(Debug)]
pub struct Display {
    shared: Arc<Shared>,
    ticker: Mutex<Option<Ticker>>,
}

#[derive(Debug)]
struct Ticker {
    end: Sender<()>,
    thread: JoinHandle<()>,
}

#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    bar: ProgressBar,
    /// Whether lines are written one below the other.
    is_plain: bool,
    last_line: Mutex<Instant>,
}

impl Display {
    /// Writes the first line.
    #[must_use]
    pub fn start(step: &str) -> Display {
        let bar = ProgressBar::new_spinner();
        if let Ok(style) = ProgressStyle::with_template("{spinner} {wide_msg}") {
            bar.set_style(style);
        }
        let shared = Arc::new(Shared {
            state: Mutex::new(State::new(step, Instant::now())),
            is_plain: bar.is_hidden(),
            bar,
            last_line: Mutex::new(Instant::now()),
        });
        shared.show(Line::Passing(step.to_owned()));
        let (end, ended) = mpsc::channel();
        let ticking = Arc::clone(&shared);
        let thread = std::thread::spawn(move || {
            while ended.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout) {
                ticking.tick();
            }
        });
        Display {
            shared,
            ticker: Mutex::new(Some(Ticker { end, thread })),
        }
    }

    /// Removes the line in a terminal. Events after it are ignored.
    pub fn end(&self) {
        let ticker = self.ticker.lock();
        let ticker = ticker.unwrap_or_else(PoisonError::into_inner).take();
        if let Some(Ticker { end, thread }) = ticker {
            drop(end);
            // The thread has no result; after a panic the display is over all the same.
            let _ = thread.join();
            self.shared.bar.finish_and_clear();
        }
    }

    fn has_ended(&self) -> bool {
        let ticker = self.ticker.lock();
        ticker.unwrap_or_else(PoisonError::into_inner).is_none()
    }
}

impl Events for Display {
    fn report(&self, event: Event<'_>) {
        if self.has_ended() {
            return;
        }
        let line = self.shared.state().count(event, Instant::now());
        match line {
            // Batches of generated inputs follow each other quickly.
            Some(Line::Passing(_)) if matches!(event, Event::Generated { .. }) => {}
            Some(line) => self.shared.show(line),
            None => {}
        }
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        self.end();
    }
}

impl Shared {
    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn show(&self, line: Line) {
        match line {
            Line::Lasting(line) | Line::Passing(line) if self.is_plain => self.write(&line),
            Line::Lasting(line) => self.bar.println(line),
            Line::Passing(line) => {
                self.bar.set_message(line);
                self.bar.tick();
            }
        }
    }

    fn write(&self, line: &str) {
        let last_line = self.last_line.lock();
        *last_line.unwrap_or_else(PoisonError::into_inner) = Instant::now();
        // Progress is not worth a failed run.
        let _ = writeln!(std::io::stderr().lock(), "{line}");
    }

    fn tick(&self) {
        let now = Instant::now();
        let (slow, line) = {
            let mut state = self.state();
            (state.slow(now), state.line(now))
        };
        for slow in slow {
            self.show(Line::Lasting(slow));
        }
        if !self.is_plain {
            self.show(Line::Passing(line));
            return;
        }
        let last_line = *self
            .last_line
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if now.saturating_duration_since(last_line) >= LINE_INTERVAL {
            self.write(&line);
        }
    }
}
