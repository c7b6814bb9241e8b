//! The same spec gives the same bytes; another seed gives other people.

use std::collections::BTreeSet;
use std::fs;

use lakehouse_corpus::{Manifest, Spec, Style};
use sha2::{Digest, Sha256};

use crate::support::Corpus;

/// The corpus of 500 workers and seed 7 on any machine. It changes with the fixtures, the order of
/// random choices and the name lists of `fake`; note in the changelog that all corpora change when
/// you update it.
const PINNED: [(&str, u64, &str); 5] = [
    (
        "workers.jsonl",
        500,
        "6125938756ce8bef381767232d3c193ee05da700bfd4fa1b9a74ae560ea3938e",
    ),
    (
        "employees.jsonl",
        50,
        "e296c09d0927d5609ac922eb022ac7670dbdc4e26271a3ff457083ac3ebd10ee",
    ),
    (
        "roster.jsonl",
        550,
        "ee2971630c5087be7e7279a42c4569039b40eac8f559aca7c4d24d18bc7d42f0",
    ),
    (
        "fill_events.jsonl",
        40,
        "c11b1908f4797a7f9c94b2a4251bee32166fdb79373d91cd02ac28db463bddc6",
    ),
    (
        "queries.jsonl",
        160,
        "83b60ba5574b47e818058da0cd1b239c2a8de9c8e22b6c7442dbb9fa5c2ebd7a",
    ),
];

#[test]
fn the_bytes_of_a_seed_are_pinned() {
    let corpus = Corpus::new(500, 7);
    let files: Vec<_> = corpus
        .manifest
        .files
        .iter()
        .map(|file| (file.name.as_str(), file.rows, file.sha256.as_str()))
        .collect();
    assert_eq!(files, PINNED);
}

#[test]
fn equal_specs_give_equal_bytes() {
    let [one, other] = [Corpus::new(2_000, 3), Corpus::new(2_000, 3)];
    for file in &one.manifest.files {
        assert!(
            one.bytes(&file.name) == other.bytes(&file.name),
            "{} differs",
            file.name
        );
    }
    assert_eq!(one.bytes("manifest.json"), other.bytes("manifest.json"));
}

#[test]
fn other_seeds_give_other_people() {
    let people = |seed| -> BTreeSet<String> {
        let documents = Corpus::new(500, seed).documents();
        documents.into_iter().map(|person| person.text).collect()
    };
    let shared = people(1).intersection(&people(2)).count();
    assert!(shared < 10, "{shared} of 550 texts are in both");
}

#[test]
fn the_manifest_has_the_rows_and_hashes_of_the_files() {
    let corpus = Corpus::new(300, 1);
    let written: Manifest =
        serde_json::from_slice(&corpus.bytes("manifest.json")).expect("the manifest is JSON");
    assert_eq!(written, corpus.manifest);
    assert_eq!((written.workers, written.seed), (300, 1));
    for file in &written.files {
        let bytes = corpus.bytes(&file.name);
        let hash: String = Sha256::digest(&bytes)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let rows = bytes.iter().filter(|byte| **byte == b'\n').count() as u64;
        assert_eq!((file.rows, &file.sha256), (rows, &hash), "{}", file.name);
    }
}

#[test]
fn a_corpus_replaces_another_and_leaves_no_other_files() {
    let corpus = Corpus::new(300, 1);
    let spec = Spec {
        workers: 100,
        seed: 2,
        style: Style::Natural,
    };
    let manifest = lakehouse_corpus::write(&spec, corpus.folder()).expect("it is written");
    assert_eq!(corpus.rows::<serde_json::Value>("workers.jsonl").len(), 100);
    let found: BTreeSet<String> = fs::read_dir(corpus.folder())
        .expect("the folder is there")
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .into_string()
                .expect("UTF-8")
        })
        .collect();
    let mut expected: BTreeSet<String> = manifest.files.into_iter().map(|file| file.name).collect();
    expected.insert("manifest.json".to_owned());
    assert_eq!(found, expected);
}
