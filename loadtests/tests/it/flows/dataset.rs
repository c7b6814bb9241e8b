//! Reading a corpus folder.

use std::fs;

use jiff::civil::{date, time};
use lakehouse_loadtests::flows::{Dataset, Place, Shift};
use serde_json::{Value, json};

/// Eight pickers in Toledo, four welders in Detroit, and one employee.
pub(super) fn dataset() -> Dataset {
    let folder = tempfile::tempdir().unwrap();
    write(&folder, &[]);
    Dataset::read(folder.path(), &corpora()).unwrap()
}

pub(super) fn corpora() -> Vec<String> {
    ["workers", "employees"].map(str::to_owned).to_vec()
}

pub(super) fn place(role: &str, city: &str) -> Place {
    Place {
        role: role.into(),
        city: city.into(),
    }
}

fn write(folder: &tempfile::TempDir, more_documents: &[Value]) {
    let mut roster: Vec<Value> = (1..=12).map(|number| person("w", number)).collect();
    roster.push(person("e", 1));
    let document = |person: &Value| {
        json!({ "id": person["worker_id"], "text": "…", "metadata": {
            "role": person["roles"][0], "city": person["city"], "years": 3,
        } })
    };
    let documents: Vec<Value> = roster.iter().map(document).collect();
    roster[0]["active"] = json!(false);
    roster[1]["excluded_clients"] = json!(["Beacon Freight"]);
    roster[2]["bookings"] = json!([{ "date": "2026-05-05", "start": "06:00", "end": "14:00" }]);
    roster[3]["bookings"] = json!([{ "date": "2026-05-04", "start": "22:00", "end": "06:00" }]);
    let query = |text, role, city, state| {
        json!({ "event": "f-1", "style": "need", "text": text, "role": role,
            "client": "Beacon Freight", "city": city, "state": state })
    };
    let queries = [
        query("Need 2 Pickers in Toledo OH", "Picker", "Toledo", "OH"),
        query("Welder Detroit", "Welder", "Detroit", "MI"),
        query("Roofer Akron", "Roofer", "Akron", "OH"),
    ];
    let file = |name: &str, lines: &[Value]| {
        let lines: String = lines.iter().map(|line| format!("{line}\n")).collect();
        fs::write(folder.path().join(name), lines).unwrap();
    };
    file("roster.jsonl", &roster);
    file(
        "workers.jsonl",
        &[&documents[..12], more_documents].concat(),
    );
    file("employees.jsonl", &documents[12..]);
    file("queries.jsonl", &queries);
}

fn person(prefix: &str, number: u32) -> Value {
    let (role, city, state) = match number {
        ..=8 => ("Picker", "Toledo", "OH"),
        _ => ("Welder", "Detroit", "MI"),
    };
    json!({
        "worker_id": format!("{prefix}-{number}"), "name": "Ana O'Hara",
        "city": city, "state": state, "phone": "419-555-0113", "email": "ana.ohara.1@example.com",
        "roles": [role, "Packer"], "active": true,
    })
}

#[test]
fn documents_are_counted_by_corpus_and_place() {
    let dataset = dataset();
    let corpora = corpora();
    assert_eq!(dataset.people().len(), 13);
    assert_eq!(dataset.count(&corpora, None), 13);
    assert_eq!(dataset.count(&corpora[..1], None), 12);
    assert_eq!(dataset.count(&corpora, Some(&place("Picker", "Toledo"))), 9);
    assert_eq!(
        dataset.count(&corpora[..1], Some(&place("Picker", "Toledo"))),
        8
    );
    // Filters see the main role only.
    assert_eq!(dataset.count(&corpora, Some(&place("Packer", "Toledo"))), 0);
    assert!(dataset.document("workers", "w-12").is_some());
    assert!(dataset.document("employees", "w-12").is_none());
    assert!(dataset.document("workers", "w-13").is_none());
}

#[test]
fn demands_without_a_suitable_person_are_not_fillable() {
    let dataset = dataset();
    assert_eq!(dataset.demands().len(), 3);
    let fillable: Vec<&str> = dataset.fillable().map(|demand| &*demand.text).collect();
    assert_eq!(fillable, ["Need 2 Pickers in Toledo OH", "Welder Detroit"]);
}

#[test]
fn suitable_people_are_active_local_and_not_excluded() {
    let dataset = dataset();
    let demand = &dataset.demands()[0];
    let suits = |id: &str| dataset.person(id).unwrap().suits(demand);
    assert!(!suits("w-1"), "not active");
    assert!(!suits("w-2"), "excluded by the client");
    assert!(suits("w-3"));
    assert!(!suits("w-9"), "a welder");
}

#[test]
fn shifts_may_touch_but_not_overlap() {
    let dataset = dataset();
    let free = |id: &str, day, from, to| {
        let hour = |hour| time(hour, 0, 0, 0);
        let shift = Shift::new(date(2026, 5, day), hour(from), hour(to)).unwrap();
        dataset.person(id).unwrap().is_free(&shift)
    };
    assert!(!free("w-3", 5, 13, 21));
    assert!(free("w-3", 5, 14, 22), "starts when the other ends");
    assert!(!free("w-3", 4, 23, 7), "ends on the next day");
    assert!(!free("w-4", 5, 5, 13), "booked over midnight");
    assert!(free("w-4", 5, 6, 14));
}

#[test]
fn documents_without_a_roster_entry_are_rejected() {
    let folder = tempfile::tempdir().unwrap();
    let unknown = json!({ "id": "w-77", "text": "…", "metadata": { "role": "a", "city": "b" } });
    write(&folder, &[unknown]);
    let error = Dataset::read(folder.path(), &corpora()).unwrap_err();
    let error = format!("{error:#}");
    assert!(error.contains("line 13"), "{error}");
    assert!(
        error.contains("document `w-77` of `workers` is not in the roster"),
        "{error}"
    );
}
