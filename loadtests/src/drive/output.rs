//! The generator's messages on standard output.

use std::fs::File;
use std::io::Write;
use std::os::fd::AsFd;

use anyhow::{Context, Result};
use nix::unistd::dup2_stdout;

use super::plan::Message;
use super::stop::Stop;

/// Standard output, reserved for messages.
#[derive(Debug)]
pub(super) struct Output(File);

impl Output {
    /// Takes standard output and redirects everything else that is printed there, such as goose's
    /// announcements, to standard error.
    pub(super) fn take() -> Result<Self> {
        let stdout = std::io::stdout().as_fd().try_clone_to_owned();
        let stdout = stdout.context("cannot duplicate standard output")?;
        dup2_stdout(std::io::stderr()).context("cannot redirect standard output")?;
        Ok(Self(stdout.into()))
    }

    /// Writes a message as one line.
    pub(super) fn write(&self, message: &Message) -> Result<()> {
        let mut line = serde_json::to_vec(message)?;
        line.push(b'\n');
        (&self.0).write_all(&line)?;
        Ok(())
    }

    /// Writes a message; requests a stop if the reader is gone.
    pub(super) fn write_or_stop(&self, message: &Message, stop: &Stop) {
        if self.write(message).is_err() {
            stop.request();
        }
    }
}
