//! Temporary files that are hashed while they are written and renamed when complete.

use std::fs::{self, File, Permissions};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::Serialize;
use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;

use crate::Spec;
use crate::manifest::{FileEntry, Manifest};

const MANIFEST: &str = "manifest.json";

/// The folder of a corpus.
pub(crate) struct Output {
    folder: PathBuf,
}

impl Output {
    pub(crate) fn create(folder: &Path) -> Result<Self> {
        fs::create_dir_all(folder)
            .with_context(|| format!("cannot create the folder `{}`", folder.display()))?;
        Ok(Self {
            folder: folder.to_owned(),
        })
    }

    /// Creates a JSON Lines file, to be [published](Self::publish) when it is complete.
    pub(crate) fn json_lines(&self, name: &'static str) -> Result<JsonLines> {
        Ok(JsonLines {
            name,
            file: BufWriter::new(Hashed {
                file: self.temporary()?,
                hash: Sha256::new(),
            }),
            rows: 0,
        })
    }

    /// Renames the files to their final names and writes the manifest last.
    pub(crate) fn publish(&self, spec: &Spec, files: Vec<JsonLines>) -> Result<Manifest> {
        let complete: Vec<_> = files
            .into_iter()
            .map(JsonLines::complete)
            .collect::<Result<_>>()?;
        let manifest = self.folder.join(MANIFEST);
        match fs::remove_file(&manifest) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(error).with_context(|| format!("cannot remove `{MANIFEST}`"));
            }
            _ => {}
        }
        let mut entries = Vec::new();
        for (entry, file) in complete {
            self.rename(file, &entry.name)?;
            entries.push(entry);
        }
        let manifest = Manifest::new(spec, entries);
        let mut file = self.temporary()?;
        serde_json::to_writer_pretty(&mut file, &manifest)?;
        file.write_all(b"\n")?;
        self.rename(file, MANIFEST)?;
        Ok(manifest)
    }

    fn temporary(&self) -> Result<NamedTempFile> {
        tempfile::Builder::new()
            .prefix(".corpus-")
            .permissions(Permissions::from_mode(0o666))
            .tempfile_in(&self.folder)
            .with_context(|| format!("cannot write to the folder `{}`", self.folder.display()))
    }

    fn rename(&self, file: NamedTempFile, name: &str) -> Result<File> {
        file.persist(self.folder.join(name))
            .with_context(|| format!("cannot rename a temporary file to `{name}`"))
    }
}

/// An unfinished JSON Lines file.
pub(crate) struct JsonLines {
    name: &'static str,
    file: BufWriter<Hashed>,
    rows: u64,
}

impl JsonLines {
    pub(crate) fn push(&mut self, row: &impl Serialize) -> Result<()> {
        let written = serde_json::to_writer(&mut self.file, row).map_err(io::Error::from);
        written
            .and_then(|()| self.file.write_all(b"\n"))
            .with_context(|| format!("cannot write `{}`", self.name))?;
        self.rows += 1;
        Ok(())
    }

    fn complete(self) -> Result<(FileEntry, NamedTempFile)> {
        let Hashed { file, hash } = self
            .file
            .into_inner()
            .map_err(io::IntoInnerError::into_error)
            .with_context(|| format!("cannot write `{}`", self.name))?;
        let digest = hash.finalize();
        let entry = FileEntry {
            name: self.name.to_owned(),
            rows: self.rows,
            sha256: digest.iter().map(|byte| format!("{byte:02x}")).collect(),
        };
        Ok((entry, file))
    }
}

/// A file that hashes all bytes written to it.
struct Hashed {
    file: NamedTempFile,
    hash: Sha256,
}

impl Write for Hashed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hash.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
