//! The file operations of a local store.

use std::fmt::Debug;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

use super::Staged;

/// Every operation that changes the disk, as a trait so that tests can record their order.
pub(super) trait Disk: Debug + Send + Sync {
    fn create_folder(&self, path: &Path) -> io::Result<()>;
    /// Creates a file that does not exist.
    fn create_file(&self, path: &Path) -> io::Result<File>;
    fn write_at(&self, staged: &Staged, bytes: &[u8], offset: u64) -> io::Result<()>;
    fn sync_file(&self, staged: &Staged) -> io::Result<()>;
    fn sync_folder(&self, path: &Path) -> io::Result<()>;
    /// Replaces the file that exists under the new name.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Adds another name to a file; the name must be free.
    fn link(&self, from: &Path, to: &Path) -> io::Result<()>;
    fn remove(&self, path: &Path) -> io::Result<()>;
}

/// The file system of this machine.
#[derive(Debug)]
pub(super) struct FileSystem;

impl Disk for FileSystem {
    fn create_folder(&self, path: &Path) -> io::Result<()> {
        fs::create_dir(path)
    }

    fn create_file(&self, path: &Path) -> io::Result<File> {
        OpenOptions::new().write(true).create_new(true).open(path)
    }

    fn write_at(&self, staged: &Staged, bytes: &[u8], offset: u64) -> io::Result<()> {
        staged.file.write_all_at(bytes, offset)
    }

    fn sync_file(&self, staged: &Staged) -> io::Result<()> {
        staged.file.sync_all()
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        File::open(path)?.sync_all()
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn link(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::hard_link(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }
}
