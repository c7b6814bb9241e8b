//! Each pinned wire format belongs to a request in `fixtures/wire`, and each request has one.
//!
//! `cargo insta` does not find unreferenced snapshots outside a package.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

pub(crate) fn check(root: &Path) -> Result<Vec<String>> {
    let pinned = pinned(&root.join("snapshots"))?;
    let requested = requested(&root.join("fixtures/wire"))?;
    let mut findings = Vec::new();
    if requested.is_empty() {
        findings.push("there are no requests in fixtures/wire".to_owned());
    }
    for name in pinned.difference(&requested) {
        findings.push(format!(
            "snapshots/{name}.snap belongs to no case in fixtures/wire; delete it"
        ));
    }
    for name in requested.difference(&pinned) {
        findings.push(format!(
            "snapshots/{name}.snap is missing; run `cargo test -p lakehouse-server` and review it"
        ));
    }
    Ok(findings)
}

fn pinned(folder: &Path) -> Result<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for entry in
        fs::read_dir(folder).with_context(|| format!("cannot read `{}`", folder.display()))?
    {
        let name = entry?.file_name().to_string_lossy().into_owned();
        names.insert(name.strip_suffix(".snap").unwrap_or(&name).to_owned());
    }
    Ok(names)
}

fn requested(folder: &Path) -> Result<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for entry in
        fs::read_dir(folder).with_context(|| format!("cannot read `{}`", folder.display()))?
    {
        let path = entry?.path();
        if path.extension().is_none_or(|extension| extension != "toml") {
            continue;
        }
        let group = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let table: toml::Table = fs::read_to_string(&path)?
            .parse()
            .with_context(|| format!("`{}` is not TOML", path.display()))?;
        let cases = table
            .get("case")
            .and_then(toml::Value::as_array)
            .with_context(|| format!("`{}` has no `[[case]]`", path.display()))?;
        for case in cases {
            let name = case
                .get("name")
                .and_then(toml::Value::as_str)
                .with_context(|| format!("a case in `{}` has no name", path.display()))?;
            names.insert(format!("wire__{group}__{name}"));
        }
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_orphan_and_a_missing_snapshot_are_reported() -> Result<()> {
        let root = tempfile::tempdir()?;
        fs::create_dir_all(root.path().join("snapshots"))?;
        fs::create_dir_all(root.path().join("fixtures/wire"))?;
        fs::write(root.path().join("snapshots/wire__embed__one.snap"), "")?;
        fs::write(root.path().join("snapshots/wire__embed__old.snap"), "")?;
        fs::write(
            root.path().join("fixtures/wire/embed.toml"),
            "[[case]]\nname = \"one\"\n[[case]]\nname = \"two\"\n",
        )?;
        let findings = check(root.path())?;
        assert_eq!(findings.len(), 2, "{findings:?}");
        assert!(findings[0].contains("wire__embed__old.snap belongs to no case"));
        assert!(findings[1].contains("wire__embed__two.snap is missing"));
        Ok(())
    }
}
