//! The root: everything below `fixtures/`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use lakehouse_rig::error::{Error, Mistakes, suggestion};
use lakehouse_rig::implementation::Implementation;
use lakehouse_rig::source::{self, Source, Spanned};
use schemars::{JsonSchema, Schema};
use serde::Deserialize;
use walkdir::WalkDir;

use super::setup::{self, Setups};
use super::{Baseline, Pin, Probe, case, pin};

/// The file that marks a folder as a root.
pub const FILE: &str = "fixtures/harness.toml";

/// The content of a root.
#[derive(Debug, Clone)]
pub struct Root {
    /// The root's folder, absolute.
    pub directory: PathBuf,
    /// Name of the reference implementation.
    pub reference: String,
    /// The build output, absolute.
    pub target: PathBuf,
    /// Implementations by name.
    pub implementations: BTreeMap<String, Arc<Implementation>>,
    /// Probes by surface.
    pub probes: BTreeMap<String, Arc<Probe>>,
    /// Accepted differences, in file order.
    pub pins: Vec<Pin>,
    /// The coverage that full runs must reach; `None` without its file.
    pub baseline: Option<Baseline>,
}

/// The root of a parity harness.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Written {
    /// The implementation that every other one is compared with.
    reference: Spanned<String>,
    /// The folder with a contract, `<surface>.md`, for each surface.
    contract: Option<Spanned<String>>,
    /// The folder for builds, relative to the root [default: `CARGO_TARGET_DIR`, or `target`].
    target: Option<String>,
}

impl Root {
    /// Reads and checks all files of a root, except recordings and generators.
    ///
    /// # Errors
    ///
    /// A folder that is not a root, or mistakes in its files.
    pub fn read(directory: &Path) -> Result<Root, Error> {
        if !directory.join(FILE).is_file() {
            return Err(Error::usage(
                format!("there is no `{FILE}` in `{}`", directory.display()),
                "pass the folder that contains it with `--root`",
            ));
        }
        let directory = std::path::absolute(directory)
            .and_then(std::fs::canonicalize)
            .map_err(|error| Error::io("find", directory, error))?;
        let source = Source::read(&directory, FILE)?;
        let mut mistakes = Mistakes::default();
        let implementations = mistakes.take(implementations(&directory));
        let probes = mistakes.take(probes(&directory));
        let written: Written = mistakes.or(source.parse())?;
        let implementations = implementations.unwrap_or_default();
        let probes = probes.unwrap_or_default();

        let mut mistakes = Mistakes::default();
        mistakes.take(check_reference(
            &source,
            &written.reference,
            &implementations,
        ));
        let contract = written.contract.as_ref();
        mistakes.take(check_contract(&directory, &source, contract, &probes));
        mistakes.take(check_surfaces(&directory, &implementations, &probes));
        let known = pin::Known {
            reference: written.reference.get_ref(),
            implementations: &implementations,
            probes: &probes,
        };
        let pins = mistakes.take(pin::read(&directory, &known));
        let baseline = mistakes.or(Baseline::read(&directory, &probes))?;
        let pins = pins.unwrap_or_default();
        let target = written
            .target
            .or_else(|| std::env::var("CARGO_TARGET_DIR").ok())
            .unwrap_or_else(|| "target".to_owned());
        Ok(Root {
            target: directory.join(target),
            directory,
            reference: written.reference.into_inner(),
            implementations,
            probes,
            pins,
            baseline,
        })
    }
}

/// The JSON Schema of `harness.toml`.
#[must_use]
pub fn schema() -> Schema {
    source::schema::<Written>()
}

fn implementations(directory: &Path) -> Result<BTreeMap<String, Arc<Implementation>>, Error> {
    let mut mistakes = Mistakes::default();
    let mut all = BTreeMap::new();
    for name in toml_files(directory, "fixtures/implementations", 1)? {
        let source = Source::read(directory, &name)?;
        let stem = stem(&name);
        if let Some(read) = mistakes.take(Implementation::read(&stem, &source)) {
            all.insert(stem, Arc::new(read));
        }
    }
    mistakes.or(Ok(all))
}

fn probes(directory: &Path) -> Result<BTreeMap<String, Arc<Probe>>, Error> {
    let mut mistakes = Mistakes::default();
    let mut all = BTreeMap::new();
    let folder = directory.join("fixtures/probes");
    if !folder.is_dir() {
        return Ok(all);
    }
    let entries = std::fs::read_dir(&folder).map_err(|e| Error::io("read", &folder, e))?;
    for entry in entries {
        let entry = entry.map_err(|e| Error::io("read", &folder, e))?;
        let Ok(surface) = entry.file_name().into_string() else {
            continue;
        };
        if !entry.path().is_dir() {
            continue;
        }
        if let Some(probe) = mistakes.take(probe(directory, &surface)) {
            all.insert(surface, Arc::new(probe));
        }
    }
    mistakes.or(Ok(all))
}

/// Reads a probe and its cases.
fn probe(directory: &Path, surface: &str) -> Result<Probe, Error> {
    let own = format!("fixtures/probes/{surface}");
    let file = format!("{own}/probe.toml");
    if !directory.join(&file).is_file() {
        return Err(Error::usage(
            format!("the folder `{own}` has no `probe.toml`"),
            "write the surface's probe, or move the folder out of `fixtures/probes`",
        ));
    }
    let source = Source::read(directory, &file)?;
    let mut probe = Probe::read(surface, &source)?;
    add_cases(directory, &own, &mut probe)?;
    Ok(probe)
}

fn add_cases(directory: &Path, own: &str, probe: &mut Probe) -> Result<(), Error> {
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    let folder = directory.join(own);
    let setups = match folder.join(setup::FILE).is_file() {
        true => Setups::read(Source::read(directory, &format!("{own}/{}", setup::FILE))?)?,
        false => Setups::default(),
    };
    let mut files = toml_files(directory, &format!("{own}/cases"), 2)?;
    files.extend(toml_files(directory, &format!("{own}/found"), 1)?);
    let mut mistakes = Mistakes::default();
    for name in files {
        let source = Source::read(directory, &name)?;
        let context = case::Context {
            folder: &folder,
            transports: &probe.transports,
            setups: &setups,
        };
        let Some(cases) = mistakes.take(case::read(&source, &context)) else {
            continue;
        };
        if cases.is_empty() {
            probe.empty_files.push(name.clone());
        }
        for case in cases {
            if let Some(before) = seen.insert(case.name.clone(), name.clone()) {
                mistakes.take::<()>(Err(duplicate(&source, &case.name, &before)));
            }
            probe.cases.push(Arc::new(case));
        }
    }
    mistakes.or(Ok(()))
}

fn duplicate(source: &Source, case: &str, before: &str) -> Error {
    let quoted = format!("\"{case}\"");
    let at = source.text.rfind(&quoted).unwrap_or(0);
    source.error(
        at..at + quoted.len(),
        format!("case `{case}` is already defined in `{before}`"),
        "the second definition",
        Some("names must be unique within a surface".to_owned()),
    )
}

fn check_reference(
    source: &Source,
    reference: &Spanned<String>,
    implementations: &BTreeMap<String, Arc<Implementation>>,
) -> Result<(), Error> {
    if implementations.contains_key(reference.get_ref()) {
        return Ok(());
    }
    if implementations.is_empty() {
        return Err(source.error(
            reference.span(),
            format!("unknown reference implementation `{}`", reference.get_ref()),
            "no implementation has this name",
            Some("there are no files in `fixtures/implementations`".to_owned()),
        ));
    }
    let known: Vec<&str> = implementations.keys().map(String::as_str).collect();
    let name = reference.get_ref();
    Err(source.unknown(reference.span(), "reference implementation", name, &known))
}

fn check_contract(
    directory: &Path,
    source: &Source,
    contract: Option<&Spanned<String>>,
    probes: &BTreeMap<String, Arc<Probe>>,
) -> Result<(), Error> {
    let Some(contract) = contract else {
        return Ok(());
    };
    for surface in probes.keys() {
        let file = format!("{}/{surface}.md", contract.get_ref());
        if !directory.join(&file).is_file() {
            return Err(source.error(
                contract.span(),
                format!("surface `{surface}` has a probe but no contract: `{file}` is missing"),
                "this folder",
                Some("write the contract, or rename the probe's folder".to_owned()),
            ));
        }
    }
    Ok(())
}

/// Rejects surfaces without a probe, because they would never be compared.
fn check_surfaces(
    directory: &Path,
    implementations: &BTreeMap<String, Arc<Implementation>>,
    probes: &BTreeMap<String, Arc<Probe>>,
) -> Result<(), Error> {
    let known: Vec<&str> = probes.keys().map(String::as_str).collect();
    for implementation in implementations.values() {
        let unknown = implementation
            .surfaces
            .keys()
            .find(|surface| !probes.contains_key(*surface));
        let Some(unknown) = unknown else {
            continue;
        };
        let name = format!("fixtures/implementations/{}.toml", implementation.name);
        let source = Source::read(directory, &name)?;
        let at = source
            .text
            .find("[surfaces]")
            .and_then(|from| {
                source.text[from..]
                    .find(unknown.as_str())
                    .map(|at| from + at)
            })
            .unwrap_or(0);
        return Err(source.error(
            at..at + unknown.len(),
            format!(
                "unknown surface `{unknown}`: there is no `fixtures/probes/{unknown}/probe.toml`"
            ),
            "no probe has this name",
            Some(match known.as_slice() {
                [] => "there are no probes".to_owned(),
                known => suggestion(unknown, known),
            }),
        ));
    }
    Ok(())
}

/// The TOML files in a folder, relative to the root, sorted. A missing folder has none.
fn toml_files(root: &Path, name: &str, depth: usize) -> Result<Vec<String>, Error> {
    let folder = root.join(name);
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut files = BTreeSet::new();
    for entry in WalkDir::new(&folder).max_depth(depth) {
        let entry = entry.map_err(|error| Error::io("read", &folder, error.into()))?;
        let is_toml = entry.path().extension().is_some_and(|e| e == "toml");
        if !entry.file_type().is_file() || !is_toml {
            continue;
        }
        let relative = entry.path().strip_prefix(root).unwrap_or(entry.path());
        files.insert(relative.to_string_lossy().into_owned());
    }
    Ok(files.into_iter().collect())
}

fn stem(name: &str) -> String {
    let path = Path::new(name);
    path.file_stem()
        .map(|stem| stem.to_string_lossy().into_owned())
        .unwrap_or_default()
}
