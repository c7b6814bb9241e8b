//! Where a generator tells what it does.

use std::fs::File;
use std::io::Write;
use std::os::fd::AsFd;

use anyhow::{Context, Result};
use nix::unistd::dup2_stdout;

use super::plan::Message;
use super::stop::Stop;

/// Standard output, for messages alone.
#[derive(Debug)]
pub(super) struct Output(File);

impl Output {
    /// Takes standard output. What anything else prints there goes to standard error from now on:
    /// goose logs to it, and announces phases.
    pub(super) fn take() -> Result<Self> {
        let ours = std::io::stdout().as_fd().try_clone_to_owned();
        let ours = ours.context("cannot keep standard output")?;
        dup2_stdout(std::io::stderr()).context("cannot turn standard output away")?;
        Ok(Self(ours.into()))
    }

    /// Writes a line.
    pub(super) fn tell(&self, message: &Message) -> Result<()> {
        let mut line = serde_json::to_vec(message)?;
        line.push(b'\n');
        (&self.0).write_all(&line)?;
        Ok(())
    }

    /// The same; without a reader there is nobody to go on for.
    pub(super) fn tell_or_stop(&self, message: &Message, stop: &Stop) {
        if self.tell(message).is_err() {
            stop.ask();
        }
    }
}
