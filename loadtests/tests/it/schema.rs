//! The JSON Schema of `budgets.toml`.

use std::fs;
use std::path::Path;

use lakehouse_loadtests::gates::{self, FILE};
use serde_json::{Value, json};

/// Rewrites the schema when it is out of date, except in CI.
#[test]
fn the_committed_schema_is_current_and_fits_the_budgets() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let file = root.join("fixtures/schemas/budgets.json");
    let schema = gates::schema().to_value();
    let committed = fs::read_to_string(&file).unwrap_or_default();
    let is_current = serde_json::from_str(&committed).is_ok_and(|found: Value| found == schema);
    let is_ci = std::env::var_os("CI").is_some()
        || std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "no");
    if !is_current && !is_ci {
        fs::write(&file, format!("{schema:#}\n")).unwrap();
    }
    assert!(
        is_current,
        "`fixtures/schemas/budgets.json` is out of date; run this test locally, which rewrites it, and commit it"
    );

    let text = fs::read_to_string(root.join(FILE)).unwrap();
    let written: Value = toml::from_str(&text).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<_> = validator
        .iter_errors(&written)
        .map(|error| error.to_string())
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
    let mut wrong = written;
    wrong["budget"][0]["user"] = json!(1);
    assert!(!validator.is_valid(&wrong));
}
