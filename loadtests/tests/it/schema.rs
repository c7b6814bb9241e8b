//! The JSON Schemas of `budgets.toml` and `relevance.toml`.

use std::fs;
use std::path::Path;

use lakehouse_loadtests::{gates, relevance};
use serde_json::{Value, json};

#[test]
fn the_committed_schemas_are_current_and_fit_the_budgets() {
    check("budgets.json", &gates::schema().to_value(), gates::FILE);
    check(
        "relevance.json",
        &relevance::schema().to_value(),
        relevance::FILE,
    );
}

/// Rewrites the schema when it is out of date, except in CI.
fn check(name: &str, schema: &Value, budgets: &str) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let file = root.join("fixtures/schemas").join(name);
    let committed = fs::read_to_string(&file).unwrap_or_default();
    let is_current = serde_json::from_str(&committed).is_ok_and(|found: Value| found == *schema);
    let is_ci = std::env::var_os("CI").is_some()
        || std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "no");
    if !is_current && !is_ci {
        fs::write(&file, format!("{schema:#}\n")).unwrap();
    }
    assert!(
        is_current,
        "`fixtures/schemas/{name}` is out of date; run this test locally, which rewrites it, and commit it"
    );

    let text = fs::read_to_string(root.join(budgets)).unwrap();
    let written: Value = toml::from_str(&text).unwrap();
    let validator = jsonschema::validator_for(schema).unwrap();
    let errors: Vec<_> = validator
        .iter_errors(&written)
        .map(|error| error.to_string())
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
    let mut wrong = written;
    wrong["budget"][0]["user"] = json!(1);
    assert!(!validator.is_valid(&wrong));
}
