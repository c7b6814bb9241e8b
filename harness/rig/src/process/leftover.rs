//! Finding processes that should be gone, in `/proc`.

use std::fmt;
use std::path::Path;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

/// A process that is still there.
#[derive(Debug, Clone)]
pub(super) struct Leftover {
    pid: i32,
    command: String,
}

impl fmt::Display for Leftover {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` (process {})", self.command, self.pid)
    }
}

/// The living processes of a group.
pub(super) fn in_group(group: i32) -> Vec<Leftover> {
    processes(|_, stat| stat.group == group)
}

/// The living processes, but this one, that have `name=value` in their environment.
pub(super) fn marked(name: &str, value: &str) -> Vec<Leftover> {
    let entry = format!("{name}={value}").into_bytes();
    let own = i32::try_from(std::process::id()).unwrap_or(0);
    processes(|pid, _| {
        pid != own
            && std::fs::read(format!("/proc/{pid}/environ"))
                .is_ok_and(|environment| environment.split(|byte| *byte == 0).any(|e| e == entry))
    })
}

/// Kills a process.
pub(super) fn end(leftover: &Leftover) {
    // It may have ended by itself in the meantime.
    let _ = kill(Pid::from_raw(leftover.pid), Signal::SIGKILL);
}

struct Stat {
    group: i32,
}

fn processes(wanted: impl Fn(i32, &Stat) -> bool) -> Vec<Leftover> {
    let Ok(entries) = std::fs::read_dir("/proc") else {
        return Vec::new();
    };
    entries
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse::<i32>().ok())
        .filter_map(|pid| Some((pid, stat(pid)?)))
        .filter(|(pid, stat)| wanted(*pid, stat))
        .map(|(pid, _)| Leftover {
            pid,
            command: command(pid),
        })
        .collect()
}

/// None for a zombie, which has ended already, and for a process that is gone.
fn stat(pid: i32) -> Option<Stat> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name in parentheses may hold anything, spaces and parentheses included.
    let (_, behind_name) = text.rsplit_once(')')?;
    let mut fields = behind_name.split_ascii_whitespace();
    let state = fields.next()?;
    let _parent = fields.next()?;
    let group = fields.next()?.parse().ok()?;
    (state != "Z" && state != "X").then_some(Stat { group })
}

fn command(pid: i32) -> String {
    let path = format!("/proc/{pid}/cmdline");
    let bytes = std::fs::read(Path::new(&path)).unwrap_or_default();
    let words: Vec<String> = bytes
        .split(|byte| *byte == 0)
        .filter(|word| !word.is_empty())
        .map(|word| String::from_utf8_lossy(word).into_owned())
        .collect();
    if words.is_empty() {
        "a process".to_owned()
    } else {
        words.join(" ")
    }
}
