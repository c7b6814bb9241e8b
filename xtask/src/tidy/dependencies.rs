//! Every dependency that a manifest declares is used by that crate's sources.
//!
//! A text search, as in cargo-machete: a dependency counts as used where a line of code names it as
//! a path (`name::`) or imports it (`use name`). A dependency that is used without being named is
//! listed with its reason in the crate's manifest:
//!
//! ```toml
//! [package.metadata.tidy.unused]
//! some-crate = "why it is a dependency"
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use cargo_metadata::{DependencyKind, Metadata, Package};

/// The folders and files of a package that only development dependencies may serve.
const DEVELOPMENT: [&str; 3] = ["tests", "benches", "examples"];

pub(crate) fn check(metadata: &Metadata) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    let mut declared = BTreeSet::new();
    for package in metadata.workspace_packages() {
        let folder = package
            .manifest_path
            .parent()
            .context("a manifest has no folder")?;
        let sources = Sources::read(folder.as_std_path())?;
        let exceptions = exceptions(package)?;
        let dependencies = dependencies(package);
        declared.extend(package.dependencies.iter().map(|found| found.name.clone()));
        // A crate of the workspace may be there before its first user.
        declared.insert(package.name.to_string());
        findings.extend(compare(&package.name, &dependencies, &sources, &exceptions));
    }
    let manifest = metadata.workspace_root.join("Cargo.toml");
    let shared = shared(&fs::read_to_string(manifest)?)?;
    for name in shared.difference(&declared) {
        findings.push(format!(
            "`[workspace.dependencies]` has `{name}`, which no crate uses; remove it"
        ));
    }
    Ok(findings)
}

struct Dependency {
    name: String,
    kind: DependencyKind,
}

fn dependencies(package: &Package) -> Vec<Dependency> {
    package
        .dependencies
        .iter()
        .map(|dependency| Dependency {
            name: dependency
                .rename
                .clone()
                .unwrap_or_else(|| dependency.name.clone()),
            kind: dependency.kind,
        })
        .collect()
}

fn exceptions(package: &Package) -> Result<BTreeMap<String, String>> {
    let listed = package.metadata["tidy"]["unused"].clone();
    let listed: Option<_> = serde_json::from_value(listed).with_context(|| {
        format!(
            "`[package.metadata.tidy.unused]` of `{}` must map dependencies to reasons",
            package.name
        )
    })?;
    Ok(listed.unwrap_or_default())
}

fn shared(manifest: &str) -> Result<BTreeSet<String>> {
    let manifest: toml::Table = manifest.parse().context("`Cargo.toml` is not TOML")?;
    let names = manifest
        .get("workspace")
        .and_then(|workspace| workspace.get("dependencies"))
        .and_then(toml::Value::as_table)
        .context("`Cargo.toml` has no `[workspace.dependencies]`")?;
    Ok(names.keys().cloned().collect())
}

fn compare(
    package: &str,
    dependencies: &[Dependency],
    sources: &Sources,
    exceptions: &BTreeMap<String, String>,
) -> Vec<String> {
    let mut findings = Vec::new();
    for dependency in dependencies {
        let name = &dependency.name;
        let identifier = name.replace('-', "_");
        let used = match dependency.kind {
            DependencyKind::Build => is_named(&sources.build, &identifier),
            DependencyKind::Development => {
                is_named(&sources.development, &identifier) || is_named(&sources.main, &identifier)
            }
            _ => is_named(&sources.main, &identifier),
        };
        if used || exceptions.contains_key(name) {
            continue;
        }
        let advice = if is_named(&sources.development, &identifier) {
            "only its tests, benchmarks or examples use it; move it to `[dev-dependencies]`"
        } else {
            "its sources do not use it; remove it, or give a reason in `[package.metadata.tidy.unused]`"
        };
        findings.push(format!("`{package}` depends on `{name}`: {advice}"));
    }
    for (name, reason) in exceptions {
        let dependency = dependencies.iter().find(|found| found.name == *name);
        let identifier = name.replace('-', "_");
        if dependency.is_none() || is_named(&sources.main, &identifier) {
            findings.push(format!(
                "`[package.metadata.tidy.unused]` of `{package}` lists `{name}` without need; remove the line"
            ));
        } else if reason.trim().is_empty() {
            findings.push(format!(
                "`[package.metadata.tidy.unused]` of `{package}` gives no reason for `{name}`"
            ));
        }
    }
    findings
}

/// The code of a package, without its comments.
#[derive(Default)]
struct Sources {
    build: String,
    development: String,
    main: String,
}

impl Sources {
    fn read(folder: &Path) -> Result<Self> {
        let mut sources = Self::default();
        append_code(&folder.join("src"), &mut sources.main)?;
        append_code(&folder.join("build.rs"), &mut sources.build)?;
        for name in DEVELOPMENT {
            append_code(&folder.join(name), &mut sources.development)?;
        }
        Ok(sources)
    }
}

fn append_code(path: &Path, code: &mut String) -> Result<()> {
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            append_code(&entry?.path(), code)?;
        }
    } else if path.extension().is_some_and(|extension| extension == "rs") && path.is_file() {
        let text = fs::read_to_string(path)
            .with_context(|| format!("cannot read `{}`", path.display()))?;
        for line in text.lines().filter(|line| !is_comment(line)) {
            code.push_str(line);
            code.push('\n');
            if let Some(module) = module_elsewhere(line, path) {
                append_code(&module, code)?;
            }
        }
    }
    Ok(())
}

/// The file of a module whose line is `#[path = "…"]`, which may lie in another package.
fn module_elsewhere(line: &str, file: &Path) -> Option<PathBuf> {
    let quoted = line.trim().strip_prefix("#[path = \"")?;
    let path = quoted.strip_suffix("\"]")?;
    Some(file.parent()?.join(path))
}

fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with("//")
}

/// Whether the code names `identifier` as a path or imports it.
fn is_named(code: &str, identifier: &str) -> bool {
    code.match_indices(identifier).any(|(start, _)| {
        let before = &code[..start];
        let after = &code[start + identifier.len()..];
        if before.ends_with(is_identifier_character) || after.starts_with(is_identifier_character) {
            return false;
        }
        after.starts_with("::") || before.ends_with("use ") || before.ends_with("extern crate ")
    })
}

fn is_identifier_character(character: char) -> bool {
    character == '_' || character.is_alphanumeric()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dependency(name: &str, kind: DependencyKind) -> Dependency {
        Dependency {
            name: name.to_owned(),
            kind,
        }
    }

    fn sources() -> Sources {
        Sources {
            build: "fn main() { cc_like::build(); }\n".to_owned(),
            development: "use only_tests::Thing;\n".to_owned(),
            main: "use used;\nlet x = super_hidden::f();\n".to_owned(),
        }
    }

    #[test]
    fn used_dependencies_are_fine() {
        let dependencies = [
            dependency("used", DependencyKind::Normal),
            dependency("only-tests", DependencyKind::Development),
            dependency("cc-like", DependencyKind::Build),
        ];
        let findings = compare("a", &dependencies, &sources(), &BTreeMap::new());
        assert_eq!(findings, Vec::<String>::new());
    }

    #[test]
    fn unused_and_misplaced_dependencies_are_reported() {
        let dependencies = [
            dependency("hidden", DependencyKind::Normal),
            dependency("only-tests", DependencyKind::Normal),
            dependency("only-tests", DependencyKind::Build),
        ];
        let findings = compare("a", &dependencies, &sources(), &BTreeMap::new());
        assert_eq!(findings.len(), 3, "{findings:?}");
        assert!(findings[0].contains("`hidden`: its sources do not use it"));
        assert!(findings[1].contains("move it to `[dev-dependencies]`"));
    }

    #[test]
    fn exceptions_need_a_reason_and_a_use() {
        let dependencies = [
            dependency("hidden", DependencyKind::Normal),
            dependency("silent", DependencyKind::Normal),
            dependency("used", DependencyKind::Normal),
        ];
        let exceptions = [
            ("hidden", "its build script links a library"),
            ("silent", " "),
            ("used", "?"),
            ("gone", "?"),
        ]
        .map(|(name, reason)| (name.to_owned(), reason.to_owned()))
        .into();
        let findings = compare("a", &dependencies, &sources(), &exceptions);
        assert_eq!(findings.len(), 3, "{findings:?}");
        let findings = findings.join("\n");
        assert!(findings.contains("lists `gone` without need"), "{findings}");
        assert!(
            findings.contains("gives no reason for `silent`"),
            "{findings}"
        );
        assert!(findings.contains("lists `used` without need"), "{findings}");
    }

    #[test]
    fn modules_elsewhere_use_dependencies_and_comments_do_not() -> Result<()> {
        let folder = tempfile::tempdir()?;
        fs::create_dir(folder.path().join("src"))?;
        fs::write(
            folder.path().join("src/lib.rs"),
            "//! As serde::Serialize.\nuse anyhow::Result;\n#[path = \"../shared.rs\"]\nmod shared;\n",
        )?;
        fs::write(folder.path().join("shared.rs"), "use toml::Table;\n")?;
        let sources = Sources::read(folder.path())?;
        assert!(is_named(&sources.main, "anyhow"));
        assert!(is_named(&sources.main, "toml"));
        assert!(!is_named(&sources.main, "serde"));
        Ok(())
    }
}
