//! The contract describes the surface of each probe, and its table lists every file.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

pub(crate) fn check(root: &Path) -> Result<Vec<String>> {
    let contract = root.join("docs/contract");
    let index = fs::read_to_string(contract.join("README.md"))
        .context("cannot read docs/contract/README.md")?;
    let mut findings = Vec::new();

    let probes = names(&root.join("fixtures/probes"))?;
    if probes.is_empty() {
        findings.push("there are no probes in fixtures/probes".to_owned());
    }
    for surface in probes {
        if !contract.join(format!("{surface}.md")).is_file() {
            findings.push(format!(
                "probe fixtures/probes/{surface} has no contract; write docs/contract/{surface}.md"
            ));
        }
    }
    for file in names(&contract)? {
        if file != "README.md" && !index.contains(&format!("]({file})")) {
            findings.push(format!(
                "docs/contract/{file} is missing from the table in docs/contract/README.md"
            ));
        }
    }
    Ok(findings)
}

fn names(folder: &Path) -> Result<Vec<String>> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("cannot read `{}`", folder.display()))?;
    let mut names = entries
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect::<Result<Vec<_>>>()?;
    names.sort();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_probe_without_contract_and_an_unlisted_file_are_reported() -> Result<()> {
        let root = tempfile::tempdir()?;
        fs::create_dir_all(root.path().join("fixtures/probes/greet"))?;
        fs::create_dir_all(root.path().join("fixtures/probes/part"))?;
        fs::create_dir_all(root.path().join("docs/contract"))?;
        fs::write(
            root.path().join("docs/contract/README.md"),
            "[greet](greet.md)",
        )?;
        fs::write(root.path().join("docs/contract/greet.md"), "")?;
        fs::write(root.path().join("docs/contract/stray.md"), "")?;
        let findings = check(root.path())?;
        assert_eq!(findings.len(), 2, "{findings:?}");
        assert!(findings[0].contains("fixtures/probes/part has no contract"));
        assert!(findings[1].contains("stray.md is missing"));
        Ok(())
    }
}
