//! A timer with a finer resolution than the runtime's, which is one millisecond.

use std::io;
use std::time::Duration;

use rustix::time::{
    Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec, timerfd_create,
    timerfd_settime,
};
use tokio::net::unix::pipe::Receiver;

/// A `timerfd`, which becomes readable like a pipe when it expires.
pub(super) struct Clock(Receiver);

impl Clock {
    pub(super) fn new() -> io::Result<Self> {
        let flags = TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC;
        let timer = timerfd_create(TimerfdClockId::Monotonic, flags)?;
        Ok(Self(Receiver::from_owned_fd_unchecked(timer)?))
    }

    /// Waits for `time`, which must not be zero: a zero time disarms the timer.
    pub(super) async fn sleep(&self, time: Duration) -> io::Result<()> {
        let once = Itimerspec {
            it_interval: Timespec::default(),
            it_value: time.try_into().map_err(io::Error::other)?,
        };
        timerfd_settime(&self.0, TimerfdTimerFlags::empty(), &once)?;
        let mut expirations = [0; size_of::<u64>()];
        loop {
            self.0.readable().await?;
            match self.0.try_read(&mut expirations) {
                Ok(_) => return Ok(()),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(error),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    #[tokio::test]
    async fn sleeps_are_never_short_and_can_end_within_a_millisecond() {
        let clock = Clock::new().unwrap();
        let time = Duration::from_micros(200);
        let deadline = Instant::now() + Duration::from_secs(60);
        let mut sleeps = 0;
        loop {
            let began = Instant::now();
            clock.sleep(time).await.unwrap();
            let slept = began.elapsed();
            assert!(slept >= time, "{slept:?}");
            sleeps += 1;
            // A busy machine makes most sleeps longer, but not all.
            if sleeps >= 50 && slept < Duration::from_millis(1) {
                return;
            }
            assert!(Instant::now() < deadline, "no sleep ended within 1 ms");
        }
    }
}
