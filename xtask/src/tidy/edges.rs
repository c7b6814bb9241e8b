//! Compares the allowed dependencies between crates, `[workspace.metadata.edges]`, with the real ones.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use cargo_metadata::Metadata;

type Edges = BTreeMap<String, BTreeSet<String>>;

pub(crate) fn check(metadata: &Metadata) -> Result<Vec<String>> {
    let allowed: Edges = serde_json::from_value(metadata.workspace_metadata["edges"].clone())
        .context("`[workspace.metadata.edges]` in Cargo.toml must map crates to lists of crates")?;
    Ok(compare(&allowed, &actual(metadata)))
}

fn actual(metadata: &Metadata) -> Edges {
    let members: BTreeSet<&str> = metadata
        .workspace_packages()
        .iter()
        .map(|package| package.name.as_str())
        .collect();
    metadata
        .workspace_packages()
        .iter()
        .map(|package| {
            let ours = package
                .dependencies
                .iter()
                .filter(|dependency| members.contains(dependency.name.as_str()))
                .map(|dependency| dependency.name.clone())
                .collect();
            (package.name.to_string(), ours)
        })
        .collect()
}

fn compare(allowed: &Edges, actual: &Edges) -> Vec<String> {
    let mut findings = Vec::new();
    for (package, uses) in actual {
        let Some(may_use) = allowed.get(package) else {
            findings.push(format!(
                "crate `{package}` has no line in `[workspace.metadata.edges]`; add the crates that it may use"
            ));
            continue;
        };
        for other in uses.difference(may_use) {
            findings.push(format!(
                "`{package}` depends on `{other}`, which `[workspace.metadata.edges]` does not allow"
            ));
        }
        for other in may_use.difference(uses) {
            findings.push(format!(
                "`{package}` may depend on `{other}` and does not; remove it from `[workspace.metadata.edges]`"
            ));
        }
    }
    for package in allowed.keys().filter(|name| !actual.contains_key(*name)) {
        findings.push(format!(
            "`[workspace.metadata.edges]` names `{package}`, which is not a crate of the workspace"
        ));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edges(list: &[(&str, &[&str])]) -> Edges {
        list.iter()
            .map(|(name, uses)| {
                (
                    name.to_string(),
                    uses.iter().map(ToString::to_string).collect(),
                )
            })
            .collect()
    }

    #[test]
    fn equal_edges_are_fine() {
        let both = edges(&[("a", &["b"]), ("b", &[])]);
        assert_eq!(compare(&both, &both), Vec::<String>::new());
    }

    #[test]
    fn new_unused_and_unknown_edges_are_reported() {
        let allowed = edges(&[("a", &["c"]), ("b", &[]), ("gone", &[])]);
        let actual = edges(&[("a", &[]), ("b", &["a"]), ("new", &[])]);
        let findings = compare(&allowed, &actual).join("\n");
        assert!(findings.contains("`b` depends on `a`"), "{findings}");
        assert!(findings.contains("`a` may depend on `c`"), "{findings}");
        assert!(findings.contains("`new` has no line"), "{findings}");
        assert!(findings.contains("names `gone`"), "{findings}");
    }
}
