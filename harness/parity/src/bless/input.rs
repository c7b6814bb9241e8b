//! The terminal's input, which ends when the run is stopped.

use std::io::{self, Read};
use std::os::fd::AsFd as _;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use tokio::sync::watch;

/// How long it waits for input before it looks whether the run was stopped.
const WAIT: Timespec = Timespec {
    tv_sec: 0,
    tv_nsec: 100_000_000,
};

/// Standard input without a buffer. Signals do not interrupt a plain read, because the run handles
/// them.
#[derive(Debug)]
pub struct Input {
    stop: watch::Receiver<bool>,
}

impl Input {
    /// Standard input until `stop` turns true.
    #[must_use]
    pub fn new(stop: watch::Receiver<bool>) -> Input {
        Input { stop }
    }
}

impl Read for Input {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let input = io::stdin();
        loop {
            if *self.stop.borrow() {
                return Ok(0);
            }
            let mut waiting = [PollFd::new(&input, PollFlags::IN)];
            match poll(&mut waiting, Some(&WAIT)) {
                Ok(0) | Err(Errno::INTR) => {}
                Ok(_) => return Ok(rustix::io::read(input.as_fd(), buffer)?),
                Err(error) => return Err(error.into()),
            }
        }
    }
}
