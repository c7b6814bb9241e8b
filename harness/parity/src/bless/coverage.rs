//! Edits of `fixtures/coverage.toml`.

use super::toml::{Editable, editable};
use crate::config::baseline::Depth;
use crate::outcome::SurfaceCoverage;

const HEAD: &str = "# The paths that the probes compare, by surface and answer; written by `parity --bless`. A full run\n# that compares less fails, and lists the lost paths.\n";

/// The file's text with the paths of one surface replaced. `why` becomes a comment above the
/// surface.
pub(super) fn edit(
    before: Option<&str>,
    now: &SurfaceCoverage,
    why: Option<&str>,
) -> Result<String, toml_edit::TomlError> {
    let Editable { head, mut document } = editable(before.unwrap_or(HEAD))?;
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
