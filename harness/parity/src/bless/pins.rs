//! Edits of `fixtures/divergences.toml`.

use toml_edit::{ArrayOfTables, DocumentMut, Item, value};

use super::propose::PinEdit;
use super::toml::{Editable, editable};

/// The file's text with all edits, each with its reason. Changes are applied before deletions and
/// additions, which shift the indices.
pub(super) fn edit(
    before: &str,
    edits: &[(&PinEdit, &str)],
) -> Result<String, toml_edit::TomlError> {
    let Editable { head, mut document } = editable(before)?;
    let pins = document
        .entry("divergence")
        .or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
    let Some(pins) = pins.as_array_of_tables_mut() else {
        return Ok(before.to_owned());
    };
    let mut deleted = Vec::new();
    for (edit, reason) in edits {
        match edit {
            PinEdit::Change { index, fields } => change(pins, *index, fields, reason)?,
            PinEdit::Delete { index } => deleted.push(*index),
            PinEdit::Add { .. } => {}
        }
    }
    deleted.sort_unstable();
    deleted.dedup();
    for index in deleted.into_iter().rev() {
        if index < pins.len() {
            pins.remove(index);
        }
    }
    for (edit, reason) in edits {
        if let PinEdit::Add { pin } = edit {
            add(pins, pin, reason)?;
        }
    }
    Ok(format!("{head}{document}"))
}

fn change(
    pins: &mut ArrayOfTables,
    index: usize,
    fields: &str,
    reason: &str,
) -> Result<(), toml_edit::TomlError> {
    let fields: DocumentMut = fields.parse()?;
    if let Some(pin) = pins.get_mut(index) {
        for (name, field) in fields.iter() {
            pin.insert(name, field.clone());
        }
        if !reason.is_empty() {
            pin.insert("reason", value(reason));
        }
    }
    Ok(())
}

fn add(pins: &mut ArrayOfTables, pin: &str, reason: &str) -> Result<(), toml_edit::TomlError> {
    let today = jiff::Timestamp::now().strftime("%Y-%m-%d");
    let parsed: DocumentMut = pin.parse()?;
    let written = parsed["divergence"].as_array_of_tables();
    let fields = written.and_then(|all| all.get(0)).into_iter().flatten();
    let mut table = toml_edit::Table::new();
    for (name, field) in fields {
        table.insert(name, field.clone());
    }
    table.insert("reason", value(reason));
    let decision = format!("accepted with `--bless` on {today}");
    table.insert("decision", value(decision));
    table.decor_mut().set_prefix("\n");
    pins.push(table);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::edit;
    use crate::bless::propose::PinEdit;

    const LEDGER: &str = "# Head.\n\n[[divergence]]\nsurface = \"a\" # why\ncount = 1\n\n# Of b.\n[[divergence]]\nsurface = \"b\"\ncount = 2\n";

    #[test]
    fn comments_and_order_are_kept() {
        let pin = "[[divergence]]\nsurface = \"c\"\ncases = [\"x\"]\ncount = 3\nreason = \"\"\ndecision = \"\"\n";
        let add = PinEdit::Add {
            pin: pin.to_owned(),
        };
        let change = PinEdit::Change {
            index: 1,
            fields: "count = 5".to_owned(),
        };
        let text =
            edit(LEDGER, &[(&add, "new here"), (&change, "there are more")]).expect("it is TOML");
        let until = text.find("decision = ").expect("it is there");
        assert_eq!(
            &text[..until],
            "# Head.\n\n[[divergence]]\nsurface = \"a\" # why\ncount = 1\n\n# Of b.\n[[divergence]]\nsurface = \"b\"\ncount = 5\nreason = \"there are more\"\n\n[[divergence]]\nsurface = \"c\"\ncases = [\"x\"]\ncount = 3\nreason = \"new here\"\n"
        );
        let deleted = edit(
            LEDGER,
            &[(&PinEdit::Delete { index: 1 }, ""), (&change, "twice")],
        )
        .expect("it is TOML");
        assert_eq!(
            deleted,
            "# Head.\n\n[[divergence]]\nsurface = \"a\" # why\ncount = 1\n"
        );
    }
}
