//! The runs that are kept: one folder each, with all its reports and logs.
//!
//! ```text
//! target/parity/
//!   runs/20261130T142156.042Z-7/   report.json, report.html, junit.xml, summary.md, logs/, …
//!   latest -> runs/…               the last run
//!   full -> runs/…                 the last run of everything
//!   report.html -> full/…          and so on; to `latest/…` before the first full run
//! ```

use std::fs;
use std::io;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use lakehouse_rig::error::Error;

use crate::evidence;

/// The number of runs that are kept, besides the last full one.
pub const MAX_KEPT: usize = 20;

/// The folder of the runs.
const RUNS: &str = "runs";
/// The link to the last run.
const LATEST: &str = "latest";
/// The link to the last full run.
const FULL: &str = "full";
/// What the folder itself has of the last full run.
const LINKED: [&str; 6] = [
    "report.json",
    "report.html",
    "junit.xml",
    "summary.md",
    evidence::FILE,
    "logs",
];
/// The time in a folder's name.
const TIME: &str = "%Y%m%dT%H%M%S%.3f";

/// A folder with one folder for each run.
#[derive(Debug, Clone)]
pub struct Kept {
    folder: PathBuf,
}

impl Kept {
    /// The runs below `folder`, which need not exist.
    #[must_use]
    pub fn new(folder: PathBuf) -> Kept {
        Kept { folder }
    }

    /// The folder that holds the runs, and the links to the last ones.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Creates the folder of a run.
    ///
    /// # Errors
    ///
    /// It cannot be created.
    pub fn create(&self, began: jiff::Timestamp, seed: u64) -> Result<PathBuf, Error> {
        let runs = self.folder.join(RUNS);
        let failed = |error| Error::io("create a folder in", &runs, error);
        fs::create_dir_all(&runs).map_err(failed)?;
        let name = format!("{}Z-{seed}", began.strftime(TIME));
        let mut number = 1;
        loop {
            let folder = match number {
                1 => runs.join(&name),
                number => runs.join(format!("{name}-{number}")),
            };
            match fs::create_dir(&folder) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number += 1,
                Err(error) => return Err(failed(error)),
                Ok(()) => return Ok(folder),
            }
        }
    }

    /// Makes a run the last one, and the last full one if it is full. Removes old runs.
    ///
    /// # Errors
    ///
    /// A link cannot be written, or an old run cannot be removed.
    pub fn publish(&self, run: &Path, is_full: bool) -> Result<(), Error> {
        let name = run.file_name().unwrap_or_default();
        let target = Path::new(RUNS).join(name);
        self.link(LATEST, &target)?;
        if is_full {
            self.link(FULL, &target)?;
        }
        let has_full = self.folder.join(FULL).is_dir();
        let shown = if has_full { FULL } else { LATEST };
        for file in LINKED {
            self.link(file, &Path::new(shown).join(file))?;
        }
        self.remove_old()
    }

    /// The folders of the runs that have a report, the oldest first.
    ///
    /// # Errors
    ///
    /// The folder exists and cannot be read.
    pub fn runs(&self) -> Result<Vec<PathBuf>, Error> {
        let mut runs = self.folders()?;
        runs.retain(|run| run.join("report.json").is_file());
        Ok(runs)
    }

    /// The folders of all runs, the oldest first.
    fn folders(&self) -> Result<Vec<PathBuf>, Error> {
        let runs = self.folder.join(RUNS);
        let failed = |error| Error::io("read", &runs, error);
        let entries = match fs::read_dir(&runs) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(failed)?,
        };
        let mut folders = Vec::new();
        for entry in entries {
            let entry = entry.map_err(failed)?;
            if is_run(&entry.file_name().to_string_lossy()) {
                folders.push(entry.path());
            }
        }
        folders.sort();
        Ok(folders)
    }

    /// Replaces a link, so that there is the old or the new one at any time.
    fn link(&self, name: &str, target: &Path) -> Result<(), Error> {
        let link = self.folder.join(name);
        let failed = |error| Error::io("link", &link, error);
        if fs::read_link(&link).is_ok_and(|before| before == target) {
            return Ok(());
        }
        let temporary = self.folder.join(format!(".{name}.{}", std::process::id()));
        symlink(target, &temporary).map_err(failed)?;
        // The logs of earlier versions are a folder, which a rename cannot replace.
        if link.is_dir() && !link.is_symlink() {
            fs::remove_dir_all(&link).map_err(failed)?;
        }
        fs::rename(&temporary, &link).map_err(failed)
    }

    fn remove_old(&self) -> Result<(), Error> {
        let linked: Vec<PathBuf> = [LATEST, FULL]
            .iter()
            .filter_map(|link| fs::read_link(self.folder.join(link)).ok())
            .map(|target| self.folder.join(target))
            .collect();
        let folders = self.folders()?;
        let old = folders.len().saturating_sub(MAX_KEPT);
        for folder in folders[..old].iter().filter(|old| !linked.contains(old)) {
            match fs::remove_dir_all(folder) {
                // Another run may be removing it, too.
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(Error::io("remove the old run", folder, error));
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// Whether a name is that of a run's folder.
fn is_run(name: &str) -> bool {
    name.split_once("Z-").is_some_and(|(time, seed)| {
        jiff::civil::DateTime::strptime(TIME, time).is_ok()
            && seed
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte == b'-')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn began(second: i64) -> jiff::Timestamp {
        jiff::Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    fn run(kept: &Kept, second: i64, is_full: bool) -> PathBuf {
        let run = kept.create(began(second), 7).unwrap();
        fs::write(run.join("report.json"), second.to_string()).unwrap();
        kept.publish(&run, is_full).unwrap();
        run
    }

    fn temporary() -> (tempfile::TempDir, Kept) {
        let folder = tempfile::tempdir().unwrap();
        let kept = Kept::new(folder.path().join("parity"));
        (folder, kept)
    }

    #[test]
    fn a_partial_run_leaves_the_full_one_in_place() {
        let (_folder, kept) = temporary();
        let read = |name: &str| fs::read_to_string(kept.folder.join(name)).unwrap();
        run(&kept, 0, false);
        assert_eq!(read("report.json"), "0", "there is no full run yet");
        run(&kept, 1, true);
        run(&kept, 2, false);
        for (name, expected) in [
            ("report.json", "1"),
            ("full/report.json", "1"),
            ("latest/report.json", "2"),
        ] {
            assert_eq!(read(name), expected, "{name}");
        }
    }

    #[test]
    fn runs_of_the_same_time_have_their_own_folders() {
        let (_folder, kept) = temporary();
        let (one, other) = (run(&kept, 0, true), run(&kept, 0, true));
        assert_ne!(one, other);
        assert_eq!(kept.runs().unwrap(), [one, other]);
    }

    #[test]
    fn old_runs_are_removed_except_the_last_full_one() {
        let (_folder, kept) = temporary();
        let older = run(&kept, 0, true);
        let full = run(&kept, 1, true);
        let own = kept.folder.join("runs/notes");
        fs::create_dir(&own).unwrap();
        for second in 2..30 {
            run(&kept, second, false);
        }
        assert!(!older.exists());
        assert!(full.exists() && own.exists());
        assert_eq!(kept.runs().unwrap().len(), MAX_KEPT + 1);
    }

    #[test]
    fn the_files_of_earlier_versions_become_links() {
        let (_folder, kept) = temporary();
        fs::create_dir_all(kept.folder.join("logs")).unwrap();
        fs::write(kept.folder.join("logs/old.log"), "old").unwrap();
        fs::write(kept.folder.join("report.json"), "old").unwrap();
        run(&kept, 1, true);
        assert!(kept.folder.join("logs").is_symlink());
        let report = fs::read_to_string(kept.folder.join("report.json"));
        assert_eq!(report.unwrap(), "1");
    }
}
