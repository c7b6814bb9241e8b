//! Finding processes that should have ended, in `/proc`.

use std::fmt;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

/// A process that is still alive.
#[derive(Debug, Clone)]
pub(super) struct Leftover {
    id: i32,
    command: String,
}

impl Leftover {
    pub(super) fn kill(&self) {
        // An error means that it has ended in the meantime.
        let _ = kill(Pid::from_raw(self.id), Signal::SIGKILL);
    }
}

impl fmt::Display for Leftover {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` (process {})", self.command, self.id)
    }
}

/// The living processes of a group.
pub(super) fn in_group(group: i32) -> Vec<Leftover> {
    living(|_, process_group| process_group == group)
}

/// The living processes with `name=value` in their environment, except this one.
pub(super) fn marked(name: &str, value: &str) -> Vec<Leftover> {
    let entry = format!("{name}={value}").into_bytes();
    let own = i32::try_from(std::process::id()).unwrap_or(0);
    living(|id, _| {
        id != own
            && std::fs::read(format!("/proc/{id}/environ"))
                .is_ok_and(|environment| environment.split(|byte| *byte == 0).any(|e| e == entry))
    })
}

/// The living processes for which `is_wanted(process id, group id)` holds.
fn living(is_wanted: impl Fn(i32, i32) -> bool) -> Vec<Leftover> {
    let Ok(entries) = std::fs::read_dir("/proc") else {
        return Vec::new();
    };
    entries
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse::<i32>().ok())
        .filter(|id| group_of_living(*id).is_some_and(|group| is_wanted(*id, group)))
        .map(|id| Leftover {
            id,
            command: command_line(id),
        })
        .collect()
}

/// The group of a process; none for a zombie, which has ended already, and for a missing process.
fn group_of_living(id: i32) -> Option<i32> {
    let text = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // The name in parentheses may contain spaces and parentheses.
    let (_, behind_name) = text.rsplit_once(')')?;
    let mut fields = behind_name.split_ascii_whitespace();
    let state = fields.next()?;
    let _parent = fields.next()?;
    let group = fields.next()?.parse().ok()?;
    (state != "Z" && state != "X").then_some(group)
}

fn command_line(id: i32) -> String {
    let bytes = std::fs::read(format!("/proc/{id}/cmdline")).unwrap_or_default();
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
