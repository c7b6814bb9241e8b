//! Runs of `parity` on a pseudo-terminal.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::os::fd::OwnedFd;
use std::process::Child;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::pty::{OpenptFlags, grantpt, ioctl_tiocgptpeer, openpt, unlockpt};

use crate::support::TestRoot;

/// A run whose input and output are a terminal.
pub(crate) struct OnTerminal {
    child: Child,
    control: File,
    text: String,
    /// What was waited for.
    seen: usize,
}

impl OnTerminal {
    pub(crate) fn start(root: &TestRoot, arguments: &[&str]) -> OnTerminal {
        // Programs that another test starts must not keep the terminal open.
        let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC;
        let control = openpt(flags).unwrap();
        grantpt(&control).unwrap();
        unlockpt(&control).unwrap();
        let terminal = || -> OwnedFd { ioctl_tiocgptpeer(&control, flags).unwrap() };
        let mut command = root.command(arguments);
        command
            .stdin(terminal())
            .stdout(terminal())
            .stderr(terminal());
        let child = command.spawn().unwrap();
        // The command has the terminal open, which would then never end.
        drop(command);
        OnTerminal {
            child,
            control: File::from(control),
            text: String::new(),
            seen: 0,
        }
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Reads until the text occurs, after the text that was waited for before.
    #[track_caller]
    pub(crate) fn expect(&mut self, text: &str) {
        let deadline = Instant::now() + Duration::from_secs(60);
        while !self.text[self.seen..].contains(text) {
            let is_open = self.read(deadline);
            let is_seen = self.text[self.seen..].contains(text);
            assert!(is_open || is_seen, "no `{text}` in {}", self.text);
        }
        let at = self.text[self.seen..].find(text).unwrap();
        self.seen += at + text.len();
    }

    /// Waits for a question, and types the answer.
    #[track_caller]
    pub(crate) fn answer(&mut self, question: &str, answer: &str) {
        self.expect(question);
        self.control
            .write_all(format!("{answer}\n").as_bytes())
            .unwrap();
    }

    /// The exit code and the whole text.
    #[track_caller]
    pub(crate) fn end(mut self) -> (Option<i32>, String) {
        let deadline = Instant::now() + Duration::from_secs(60);
        while self.read(deadline) {}
        let code = self.child.wait().unwrap().code();
        (code, std::mem::take(&mut self.text))
    }

    /// Closes the terminal, and waits for the end.
    pub(crate) fn close(mut self) -> Option<i32> {
        self.control = File::open("/dev/null").unwrap();
        self.child.wait().unwrap().code()
    }

    /// Reads what there is; false at the end.
    #[track_caller]
    fn read(&mut self, deadline: Instant) -> bool {
        let second = Timespec {
            tv_sec: 1,
            tv_nsec: 0,
        };
        loop {
            let mut waiting = [PollFd::new(&self.control, PollFlags::IN)];
            if poll(&mut waiting, Some(&second)).unwrap() > 0 {
                break;
            }
            assert!(Instant::now() < deadline, "no more after {}", self.text);
        }
        let mut bytes = [0; 4096];
        // A terminal that no process has open is an error.
        let Ok(length @ 1..) = self.control.read(&mut bytes) else {
            return false;
        };
        let text = String::from_utf8_lossy(&bytes[..length]).replace('\r', "");
        self.text.push_str(&text);
        true
    }
}

impl Drop for OnTerminal {
    fn drop(&mut self) {
        // After a failed expectation the run still waits for an answer.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
