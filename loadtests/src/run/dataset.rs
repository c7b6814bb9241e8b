//! The dataset of a run, written once for its size and seed and kept while its hashes match.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use sha2::{Digest, Sha256};

#[derive(Deserialize)]
struct Manifest {
    files: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    name: String,
    sha256: String,
}

/// The style of a load test's dataset, whose folder has no suffix.
pub(crate) const PLAIN: &str = "plain";

/// The folder of a dataset, which is written by the program `writer` unless it is intact.
pub(crate) async fn prepare(
    target: &Path,
    writer: &Path,
    workers: u64,
    seed: u64,
    style: &str,
) -> Result<PathBuf> {
    let suffix = if style == PLAIN {
        String::new()
    } else {
        format!("-{style}")
    };
    let folder = target.join(format!("corpus/{workers}-{seed}{suffix}"));
    let existing = folder.clone();
    let is_reusable = tokio::task::spawn_blocking(move || is_intact(&existing)).await?;
    if is_reusable {
        return Ok(folder);
    }
    // A temporary folder that is renamed: another run may need the same dataset at the same time.
    let parent = target.join("corpus");
    std::fs::create_dir_all(&parent)?;
    let temporary = tempfile::tempdir_in(&parent)?;
    let written = temporary.path().join("corpus");
    let status = tokio::process::Command::new(writer)
        .args(["--workers", &workers.to_string()])
        .args(["--seed", &seed.to_string()])
        .args(["--style", style])
        .arg("--output")
        .arg(&written)
        .stdout(std::process::Stdio::null())
        .status()
        .await
        .with_context(|| format!("cannot start `{}`", writer.display()))?;
    ensure!(
        status.success(),
        "`{}` ended with {status}",
        writer.display()
    );
    if std::fs::rename(&written, &folder).is_err() {
        // The folder exists: it is damaged, or another run has just written it.
        if !is_intact(&folder) {
            std::fs::rename(&folder, temporary.path().join("damaged"))?;
            std::fs::rename(&written, &folder)?;
        }
    }
    Ok(folder)
}

/// Whether every file matches its hash in the manifest.
fn is_intact(folder: &Path) -> bool {
    let Ok(text) = std::fs::read_to_string(folder.join("manifest.json")) else {
        return false;
    };
    let Ok(manifest) = serde_json::from_str::<Manifest>(&text) else {
        return false;
    };
    let mut entries = manifest.files.iter();
    !manifest.files.is_empty()
        && entries
            .all(|entry| hash(&folder.join(&entry.name)).is_ok_and(|hash| hash == entry.sha256))
}

fn hash(path: &Path) -> Result<String> {
    let mut file = File::open(path)?;
    let mut hasher = Sha256::new();
    let mut bytes = vec![0; 1 << 16];
    loop {
        let count = file.read(&mut bytes)?;
        if count == 0 {
            break;
        }
        hasher.update(&bytes[..count]);
    }
    let digest = hasher.finalize();
    Ok(digest.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn datasets_with_a_changed_file_are_not_intact() {
        let folder = tempfile::tempdir().unwrap();
        let write =
            |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
        write("people.jsonl", "");
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        let manifest = format!(r#"{{"files":[{{"name":"people.jsonl","sha256":"{empty}"}}]}}"#);
        write("manifest.json", &manifest);
        assert!(is_intact(folder.path()));
        write("people.jsonl", "{}\n");
        assert!(!is_intact(folder.path()));
    }
}
