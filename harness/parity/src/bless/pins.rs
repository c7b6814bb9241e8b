//! Edits of `fixtures/divergences.toml`.

use toml_edit::{ArrayOfTables, DocumentMut, Item, TomlError, value};

use super::toml::{Editable, editable};

/// An edit.
#[derive(Debug)]
pub(super) enum PinEdit {
    /// A new entry, as TOML.
    Add(String),
    /// New values of some fields, as TOML.
    Change {
        index: usize,
        fields: String,
        reason: String,
    },
    Delete {
        index: usize,
    },
}

/// The file's text with all edits. Changes are made before deletions and additions, which shift
/// the indices.
pub(super) fn edit(before: &str, edits: &[PinEdit]) -> Result<String, TomlError> {
    let Editable { head, mut document } = editable(before)?;
    let pins = document
        .entry("divergence")
        .or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
    let Some(pins) = pins.as_array_of_tables_mut() else {
        return Ok(before.to_owned());
    };
    let mut deleted = Vec::new();
    for edit in edits {
        match edit {
            PinEdit::Change {
                index,
                fields,
                reason,
            } => change(pins, *index, fields, reason)?,
            PinEdit::Delete { index } => deleted.push(*index),
            PinEdit::Add(_) => {}
        }
    }
    deleted.sort_unstable();
    deleted.dedup();
    for index in deleted.into_iter().rev() {
        if index < pins.len() {
            pins.remove(index);
        }
    }
    for edit in edits {
        if let PinEdit::Add(entry) = edit {
            add(pins, entry)?;
        }
    }
    Ok(format!("{head}{document}"))
}

fn change(
    pins: &mut ArrayOfTables,
    index: usize,
    fields: &str,
    reason: &str,
) -> Result<(), TomlError> {
    let fields: DocumentMut = fields.parse()?;
    if let Some(pin) = pins.get_mut(index) {
        for (name, field) in fields.iter() {
            pin.insert(name, field.clone());
        }
        pin.insert("reason", value(reason));
    }
    Ok(())
}

fn add(pins: &mut ArrayOfTables, entry: &str) -> Result<(), TomlError> {
    let parsed: DocumentMut = entry.parse()?;
    let written = parsed["divergence"].as_array_of_tables();
    let fields = written.and_then(|all| all.get(0)).into_iter().flatten();
    let mut table = toml_edit::Table::new();
    for (name, field) in fields {
        table.insert(name, field.clone());
    }
    table.decor_mut().set_prefix("\n");
    pins.push(table);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{PinEdit, edit};

    const LEDGER: &str = "# Head.\n\n[[divergence]]\nsurface = \"a\" # why\ncount = 1\n\n# Of b.\n[[divergence]]\nsurface = \"b\"\ncount = 2\n";

    #[test]
    fn comments_and_order_are_kept() {
        let entry =
            "[[divergence]]\nsurface = \"c\"\ncases = [\"x\"]\ncount = 3\nreason = \"new\"\n";
        let change = |reason: &str| PinEdit::Change {
            index: 1,
            fields: "count = 5".to_owned(),
            reason: reason.to_owned(),
        };
        let edits = [PinEdit::Add(entry.to_owned()), change("there are more")];
        assert_eq!(
            edit(LEDGER, &edits).expect("it is TOML"),
            "# Head.\n\n[[divergence]]\nsurface = \"a\" # why\ncount = 1\n\n# Of b.\n[[divergence]]\nsurface = \"b\"\ncount = 5\nreason = \"there are more\"\n\n[[divergence]]\nsurface = \"c\"\ncases = [\"x\"]\ncount = 3\nreason = \"new\"\n"
        );
        let edits = [PinEdit::Delete { index: 1 }, change("twice")];
        assert_eq!(
            edit(LEDGER, &edits).expect("it is TOML"),
            "# Head.\n\n[[divergence]]\nsurface = \"a\" # why\ncount = 1\n"
        );
    }
}
