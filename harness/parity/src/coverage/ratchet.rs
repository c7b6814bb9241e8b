//! `fixtures/coverage.toml`: what was reached once.

use std::collections::BTreeMap;

use lakehouse_rig::error::Error;
use lakehouse_rig::source::Source;
use serde::Deserialize;

use super::{Depth, Places, SurfaceCoverage};
use crate::config::Root;
use crate::outcome::LedgerFailure;

/// The file, relative to the root.
pub const FILE: &str = "fixtures/coverage.toml";

/// How many places a message names.
const NAMED: usize = 8;

const HEAD: &str = "# What the probes compare, by surface and answer; written by `parity --bless`. A full run that\n# compares less than what stands here fails, and names what was lost.\n";

/// What was reached once, by surface.
#[derive(Debug, Clone, Default)]
pub struct Ratchet {
    surfaces: BTreeMap<String, Places>,
    text: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Written {
    compared: Vec<String>,
    null: Vec<String>,
    hidden: Vec<String>,
}

impl Ratchet {
    /// Reads it; a missing file holds nothing.
    ///
    /// # Errors
    ///
    /// A file that is wrong, or names a surface that does not exist.
    pub fn read(root: &Root) -> Result<Ratchet, Error> {
        if !root.directory.join(FILE).is_file() {
            return Ok(Ratchet::default());
        }
        let source = Source::read(&root.directory, FILE)?;
        let written: BTreeMap<String, BTreeMap<String, Written>> = source.parse()?;
        let mut surfaces = BTreeMap::new();
        for (surface, answers) in written {
            if !root.probes.contains_key(&surface) {
                let known: Vec<&str> = root.probes.keys().map(String::as_str).collect();
                return Err(Error::unknown(
                    &format!("surface in `{FILE}`:"),
                    &surface,
                    &known,
                ));
            }
            let places = answers.into_iter().map(|(answer, written)| {
                let depths = [
                    (Depth::Compared, written.compared),
                    (Depth::Null, written.null),
                    (Depth::Hidden, written.hidden),
                ];
                let paths = depths
                    .into_iter()
                    .flat_map(|(depth, paths)| paths.into_iter().map(move |path| (path, depth)));
                (answer, paths.collect())
            });
            surfaces.insert(surface, places.collect());
        }
        Ok(Ratchet {
            surfaces,
            text: Some(source.text),
        })
    }

    /// What a run reaches less of than before, and what more, each in one line.
    #[must_use]
    pub fn changes(&self, now: &SurfaceCoverage) -> (Vec<String>, Vec<String>) {
        let before = self.surfaces.get(&now.surface).cloned().unwrap_or_default();
        let (mut lost, mut gained) = (Vec::new(), Vec::new());
        for (answer, paths) in &before {
            let Some(now) = now.places.get(answer) else {
                lost.push(format!("`{answer}`"));
                continue;
            };
            for (path, was) in paths {
                match now.get(path) {
                    None => lost.push(format!("`{answer} {path}`")),
                    Some(is) if is < was => lost.push(format!(
                        "`{answer} {path}` ({})",
                        match is {
                            Depth::Hidden => "always hidden",
                            _ => "always null",
                        }
                    )),
                    Some(_) => {}
                }
            }
        }
        for (answer, paths) in &now.places {
            let known = before.get(answer);
            for (path, is) in paths {
                let was = known.and_then(|known| known.get(path));
                if was.is_none_or(|was| was < is) {
                    gained.push(format!("`{answer} {path}`"));
                }
            }
        }
        (lost, gained)
    }

    fn line(&self, surface: &str) -> usize {
        let head = format!("[{surface}.");
        let text = self.text.as_deref().unwrap_or_default();
        text.lines()
            .position(|line| line.starts_with(&head))
            .map_or(1, |index| index + 1)
    }
}

/// Holds what a run compared against what was compared once. Gives what was lost, and notices of
/// what was gained. Without a file nothing is held.
#[must_use]
pub fn hold(ratchet: &Ratchet, coverage: &[SurfaceCoverage]) -> (Vec<LedgerFailure>, Vec<String>) {
    let (mut failures, mut notices) = (Vec::new(), Vec::new());
    if ratchet.text.is_none() {
        return (failures, notices);
    }
    for now in coverage.iter().filter(|surface| surface.judged) {
        let (lost, gained) = ratchet.changes(now);
        if !lost.is_empty() {
            failures.push(LedgerFailure {
                file: FILE.to_owned(),
                line: ratchet.line(&now.surface),
                message: format!(
                    "`{}` compares less than it did: {}",
                    now.surface,
                    named(&lost)
                ),
                edit: "add a case that reaches it again, or accept the loss with `--bless`"
                    .to_owned(),
            });
        }
        if !gained.is_empty() {
            notices.push(format!(
                "`{}` compares more than `{FILE}` says: {}; `--bless` writes it down",
                now.surface,
                named(&gained)
            ));
        }
    }
    (failures, notices)
}

/// The first of many.
#[must_use]
pub(crate) fn named(list: &[String]) -> String {
    let mut text = list[..list.len().min(NAMED)].join(", ");
    if list.len() > NAMED {
        text.push_str(&format!(" and {} more", list.len() - NAMED));
    }
    text
}

/// The file's text with one surface as it is now; other surfaces and all comments stay. `why` is
/// written above the surface when it loses something.
///
/// # Errors
///
/// Text that is not TOML.
pub fn bless(
    before: Option<&str>,
    now: &SurfaceCoverage,
    why: Option<&str>,
) -> Result<String, toml_edit::TomlError> {
    let (head, mut document) = crate::bless::parse(before.unwrap_or(HEAD))?;
    let mut surface = toml_edit::Table::new();
    surface.set_implicit(true);
    for (answer, paths) in &now.places {
        let mut lists = toml_edit::Table::new();
        for (name, depth) in [
            ("compared", Depth::Compared),
            ("null", Depth::Null),
            ("hidden", Depth::Hidden),
        ] {
            let own = paths.iter().filter(|(_, found)| **found == depth);
            let mut array: toml_edit::Array = own.map(|(path, _)| path.as_str()).collect();
            if array.is_empty() {
                continue;
            }
            for entry in array.iter_mut() {
                entry.decor_mut().set_prefix("\n  ");
            }
            array.set_trailing("\n");
            array.set_trailing_comma(true);
            lists.insert(name, toml_edit::value(array));
        }
        if let Some(why) = why.filter(|_| surface.is_empty()) {
            let why = why.replace('\n', " ");
            lists.decor_mut().set_prefix(format!("\n# {why}\n"));
        }
        surface.insert(answer, toml_edit::Item::Table(lists));
    }
    document.insert(&now.surface, toml_edit::Item::Table(surface));
    Ok(format!("{head}{document}"))
}
