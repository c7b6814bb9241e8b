//! Each pinned exchange belongs to a request of its group, and each request has one.
//!
//! `cargo insta` does not find unreferenced snapshots outside a package, so this check does.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// The file of a group's requests; all others are snapshots.
const REQUESTS: &str = "requests.toml";

pub(crate) fn check(root: &Path) -> Result<Vec<String>> {
    let groups = names(&root.join("snapshots"))?;
    let mut findings = Vec::new();
    if groups.is_empty() {
        findings.push("there are no requests in snapshots".to_owned());
    }
    for group in groups {
        let folder = root.join("snapshots").join(&group);
        if !folder.is_dir() {
            findings.push(format!(
                "snapshots/{group} is not a group of cases; move it"
            ));
            continue;
        }
        let mut files = names(&folder)?;
        files.remove(REQUESTS);
        let expected = expected(&folder.join(REQUESTS))?;
        for name in files.difference(&expected) {
            findings.push(format!(
                "snapshots/{group}/{name} belongs to no case in snapshots/{group}/{REQUESTS}; delete it"
            ));
        }
        for name in expected.difference(&files) {
            findings.push(format!(
                "snapshots/{group}/{name} is missing; run `cargo test -p lakehouse-server` and review it"
            ));
        }
    }
    Ok(findings)
}

fn names(folder: &Path) -> Result<BTreeSet<String>> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("cannot read `{}`", folder.display()))?;
    entries
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect()
}

/// The snapshots of the cases in a file of requests.
fn expected(file: &Path) -> Result<BTreeSet<String>> {
    let shown = file.display();
    let text = fs::read_to_string(file).with_context(|| format!("cannot read `{shown}`"))?;
    let table: toml::Table = text
        .parse()
        .with_context(|| format!("`{shown}` is not TOML"))?;
    let cases = table
        .get("case")
        .and_then(toml::Value::as_array)
        .with_context(|| format!("`{shown}` has no `[[case]]`"))?;
    let names = cases.iter().map(|case| {
        let name = case.get("name").and_then(toml::Value::as_str);
        let name = name.with_context(|| format!("a case in `{shown}` has no name"))?;
        Ok(format!("{name}.snap"))
    });
    names.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orphaned_and_missing_snapshots_are_reported() -> Result<()> {
        let root = tempfile::tempdir()?;
        let group = root.path().join("snapshots/embed");
        fs::create_dir_all(&group)?;
        fs::write(group.join("one.snap"), "")?;
        fs::write(group.join("old.snap"), "")?;
        let requests = "[[case]]\nname = \"one\"\n[[case]]\nname = \"two\"\n";
        fs::write(group.join(REQUESTS), requests)?;
        let findings = check(root.path())?;
        assert_eq!(findings.len(), 2, "{findings:?}");
        assert!(findings[0].starts_with("snapshots/embed/old.snap belongs to no case"));
        assert!(findings[1].starts_with("snapshots/embed/two.snap is missing"));
        Ok(())
    }
}
