//! No module circles: the modules of one folder use each other in one direction only.
//!
//! Every folder of a crate's `src` is checked by itself, each of its files and subfolders counting
//! as one module. A module and the files in its own folder may use each other. A name that a module
//! re-exports belongs to the module that defines it. Modules behind `#[cfg(test)]` are exempt.

mod modules;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use anyhow::Result;
use cargo_metadata::Metadata;

use modules::{Modules, Name, read};

pub(crate) fn check(metadata: &Metadata) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    for package in metadata.workspace_packages() {
        let name = package.name.as_str();
        let source = package.manifest_path.with_file_name("src");
        let circles = circles(&read(source.as_std_path())?);
        findings.extend(circles.iter().map(|circle| {
            format!(
                "modules of `{name}` use each other in a circle: {circle}; move what they share below them"
            )
        }));
    }
    Ok(findings)
}

/// The shortest circle of every folder that has one.
fn circles(modules: &Modules) -> Vec<String> {
    let mut folders: BTreeMap<&[String], Folder> = BTreeMap::new();
    for (name, module) in modules {
        for target in &module.uses {
            let user = name.as_slice();
            let used = owner(modules, target, 0);
            let shared = user.iter().zip(&used).take_while(|(a, b)| a == b).count();
            let (Some(one), Some(other)) = (user.get(shared), used.get(shared)) else {
                continue;
            };
            let example = format!("`{}` uses `{}`", user.join("::"), target.join("::"));
            let folder = folders.entry(&user[..shared]).or_default();
            let edges = folder.entry(one.clone()).or_default();
            edges.entry(other.clone()).or_insert(example);
        }
    }
    folders.values().filter_map(shortest).collect()
}

/// The modules that each module of a folder uses, with an example.
type Folder = BTreeMap<String, BTreeMap<String, String>>;

/// The module that defines a name.
fn owner(modules: &Modules, name: &[String], depth: usize) -> Name {
    let length = (0..=name.len())
        .rev()
        .find(|length| modules.contains_key(&name[..*length]))
        .unwrap_or(0);
    let module = &name[..length];
    let reexport = name.get(length).and_then(|item| {
        let target = modules.get(module)?.reexports.get(item)?;
        Some([target, &name[length + 1..]].concat())
    });
    match reexport {
        // The depth is limited, because two modules may re-export from each other.
        Some(target) if depth < 8 => owner(modules, &target, depth + 1),
        _ => module.to_vec(),
    }
}

fn shortest(folder: &Folder) -> Option<String> {
    let circles = folder.keys().filter_map(|start| circle(folder, start));
    let circle = circles.min_by_key(Vec::len)?;
    Some(circle.join(", "))
}

/// The examples along the shortest way from a module back to itself.
fn circle(folder: &Folder, start: &str) -> Option<Vec<String>> {
    let mut queue = VecDeque::from([(start, Vec::new())]);
    let mut seen = BTreeSet::new();
    while let Some((at, way)) = queue.pop_front() {
        for (next, example) in folder.get(at).into_iter().flatten() {
            let way = [&way[..], std::slice::from_ref(example)].concat();
            if next == start {
                return Some(way);
            }
            if seen.insert(next) {
                queue.push_back((next, way));
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use std::fs;

    use anyhow::Context as _;

    use super::*;

    fn found(files: &[(&str, &str)]) -> Result<Vec<String>> {
        let source = tempfile::tempdir()?;
        for (name, text) in files {
            let path = source.path().join(name);
            fs::create_dir_all(path.parent().context("it is below the folder")?)?;
            fs::write(path, text)?;
        }
        Ok(circles(&read(source.path())?))
    }

    #[test]
    fn two_files_that_import_each_other_are_a_circle() -> Result<()> {
        let circles = found(&[
            ("lib.rs", "mod a; mod b;"),
            ("a.rs", "use crate::b::B; pub struct A;"),
            (
                "b.rs",
                "pub struct B; fn f() -> super::a::A { super::a::A }",
            ),
        ])?;
        assert_eq!(
            circles,
            ["`a` uses `b::B`, `b` uses `a::A`"],
            "both directions are named"
        );
        Ok(())
    }

    #[test]
    fn folders_count_as_one_module() -> Result<()> {
        let files = [
            ("lib.rs", "mod a; mod b;"),
            ("a.rs", "mod x; mod y; pub use x::X; use y::Y;"),
            ("a/x.rs", "pub struct X;"),
            ("a/y.rs", "use crate::b::Z; pub struct Y;"),
            ("b.rs", "mod w; pub struct Z;"),
            (
                "b/w.rs",
                "use std::{fmt, io}; use crate::a::{self as other, X as Other};",
            ),
        ];
        assert_eq!(found(&files)?, ["`a::y` uses `b::Z`, `b::w` uses `a`"]);
        Ok(())
    }

    #[test]
    fn a_module_and_its_own_files_may_use_each_other() -> Result<()> {
        let circles = found(&[
            ("main.rs", "mod a; fn main() { a::run() }"),
            ("a.rs", "mod x; pub struct A; fn run() { x::run(&A); }"),
            ("a/x.rs", "use super::A; pub(super) fn run(_: &A) {}"),
        ])?;
        assert!(circles.is_empty(), "{circles:?}");
        Ok(())
    }

    #[test]
    fn reexports_belong_to_the_module_that_defines_them() -> Result<()> {
        let circles = found(&[
            ("lib.rs", "mod a;"),
            ("a.rs", "mod x; mod y; pub use x::X;"),
            ("a/x.rs", "use super::y::Y; pub struct X;"),
            (
                "a/y.rs",
                "fn f() { print!(\"{}\", super::X::new()); } pub struct Y;",
            ),
        ])?;
        assert_eq!(circles, ["`a::x` uses `a::y::Y`, `a::y` uses `a::X::new`"]);
        Ok(())
    }

    #[test]
    fn tests_are_exempt() -> Result<()> {
        let circles = found(&[
            ("lib.rs", "mod a; mod b; #[cfg(test)] mod tests;"),
            ("a.rs", "use crate::b::B; pub struct A;"),
            (
                "b.rs",
                "pub struct B; #[cfg(test)] mod tests { use crate::a::A; }",
            ),
            ("tests.rs", "use crate::b::B;"),
            ("bin/program.rs", "use crate::anything;"),
        ])?;
        assert!(circles.is_empty(), "{circles:?}");
        Ok(())
    }
}
