//! Recordings: their ids, roles and index.

use lakehouse_base::ErrorCode;
use lakehouse_json::parse;
use lakehouse_matrix::{
    Document, MatrixQuery, NewRecording, PLAYBOOK_INDEX, Recorded,
    playbook::{Recording, Score},
    role::{FoundRole, RoleKey, RoleReader, RoleSource},
};
use lakehouse_vector::{IndexConfig, IndexName, Item, Metadata, Metric};
use std::sync::Arc;

use super::fixture::{Fixture, Options, Scripted, corpus_name, ids, score_of};

const WORKERS: [(&str, &str, &str); 3] = [
    (
        "w-1",
        "Ann, picker in Detroit",
        r#"{"role":"Picker","city":"Detroit"}"#,
    ),
    (
        "w-2",
        "Bob, packer in Flint",
        r#"{"role":"Packer","city":"Flint"}"#,
    ),
    ("w-3", "Cid", "{}"),
];

fn found(key: &str, source: RoleSource) -> FoundRole {
    FoundRole::new(RoleKey::from_text(key).unwrap(), source)
}

#[tokio::test]
async fn recordings_are_kept_until_they_are_deleted() {
    let fixture = Fixture::new().await;
    fixture.fill("workers", &WORKERS).await;
    let Recorded { id, role } = fixture
        .record("Need 3 pickers in Detroit", "workers/w-1", "1.0", None)
        .await;
    // printf '\31\0\0\0Need 3 pickers in Detroit\7\0\0\0workers\3\0\0\0w-1\6\0\0\0picker' | sha256sum
    assert_eq!(&*id, "pb-194ad1952ed02bfad8f6a2dafb845b89");
    assert_eq!(role, found("picker", RoleSource::Text));
    let recording = Recording {
        id: id.clone(),
        query_text: "Need 3 pickers in Detroit".into(),
        answer_id: "w-1".into(),
        answer_corpus: "workers".into(),
        score: score_of("1.0"),
        role: RoleKey::from_text("picker"),
        synonym: None,
        recorded_at: "2026-11-21T08:00:00Z".into(),
    };
    assert_eq!(fixture.matrix.recording(&id).unwrap(), recording);
    let index = fixture.engine.get(PLAYBOOK_INDEX).unwrap();
    assert_eq!(
        index.get(&id).unwrap().metadata.as_str(),
        r#"{"query_text":"Need 3 pickers in Detroit","answer_id":"w-1","answer_corpus":"workers","score":1.0,"role":"picker","synonym":null,"recorded_at":"2026-11-21T08:00:00Z"}"#
    );
    assert_eq!(index.config().space.as_deref(), Some("hash-768"));

    fixture.clock.advance_days(1);
    let again = fixture
        .record("Need 3 pickers in Detroit", "workers/w-1", "-25e-2", None)
        .await;
    assert_eq!(again.id, id);
    let recording = fixture.matrix.recording(&id).unwrap();
    assert_eq!(recording.score.as_str(), "-25e-2");
    assert_eq!(&*recording.recorded_at, "2026-11-22T08:00:00Z");
    assert_eq!(index.len(), 1);

    fixture.matrix.delete_recording(&id).await.unwrap();
    for error in [
        fixture.matrix.recording(&id).unwrap_err(),
        fixture.matrix.delete_recording(&id).await.unwrap_err(),
    ] {
        assert_eq!(error.to_string(), format!("no recording `{id}`"));
        assert_eq!(error.code(), ErrorCode::NotFound);
    }
}

#[tokio::test]
async fn texts_that_contain_a_separator_are_kept_apart() {
    let fixture = Fixture::new().await;
    let documents = [("C", "picker", "{}"), ("B\0workers\0C", "packer", "{}")];
    fixture.fill("workers", &documents).await;
    let one = fixture
        .record("A\0workers\0B", "workers/C", "1", Some("picker"))
        .await;
    let other = fixture
        .record("A", "workers/B\0workers\0C", "1", Some("picker"))
        .await;
    assert_ne!(one.id, other.id);
    assert_eq!(fixture.engine.get(PLAYBOOK_INDEX).unwrap().len(), 2);
}

/// An item as earlier versions stored it.
fn old_item(id: &str, answer_id: &str, role: &str) -> Item {
    let vector = lakehouse_models::embed::hash::embed_text("Need 2 waitresses");
    let metadata = format!(
        r#"{{"query_text":"Need 2 waitresses","answer_id":"{answer_id}","answer_corpus":"workers","score":1,"role":"{role}","recorded_at":"2026-01-01T08:00:00Z"}}"#
    );
    Item {
        id: id.into(),
        vector: vector.values().to_vec(),
        metadata: Metadata::parse(&metadata).unwrap(),
        text: None,
    }
}

#[tokio::test]
async fn recordings_with_earlier_ids_are_read_deleted_and_replaced() {
    let fixture = Fixture::new().await;
    fixture.fill("workers", &WORKERS).await;
    let first = fixture.record("x", "workers/w-3", "1", None).await.id;
    let index = fixture.engine.get(PLAYBOOK_INDEX).unwrap();
    // printf 'Need 2 waitresses\0workers\0w-1\0waitresse' | sha256sum, and of w-2
    let (one, other) = (
        "pb-c3cab57ba6f09a2962f1257bb7cda6dd",
        "pb-39e1f30ef2245cd5da697f3859977536",
    );
    let items = vec![
        old_item(one, "w-1", "waitresse"),
        old_item(other, "w-2", "waitresse"),
    ];
    index.upsert(items).await.unwrap();
    let read = fixture.matrix.recording(one).unwrap();
    assert_eq!((&*read.id, &*read.answer_id), (one, "w-1"));
    let answer = fixture.warm("Need 2 waitresses", &["workers"], 3).await;
    assert_eq!(answer.playbook.boosted, 2);

    let again = fixture
        .record("Need 2 waitresses", "workers/w-1", "-1", None)
        .await;
    assert_eq!(again.role, found("waitress", RoleSource::Text));
    assert!(fixture.matrix.recording(one).is_err());
    fixture.matrix.delete_recording(other).await.unwrap();
    let mut left: Vec<_> = index.scan_items().map(|(id, _)| id).collect();
    left.sort();
    let mut want = vec![again.id, first];
    want.sort();
    assert_eq!(left, want);
}

#[tokio::test]
async fn a_role_that_is_said_defines_the_words() {
    let fixture = Fixture::new().await;
    let lift = r#"{"role":"Forklift Operator","city":"Detroit"}"#;
    let truck = r#"{"role":"Truck Driver","city":"Detroit"}"#;
    fixture
        .fill(
            "people",
            &[("d1", "x", lift), ("t1", "Truck driver", truck)],
        )
        .await;
    let role = async |text: &str| {
        let answer = fixture.warm(text, &["people"], 1).await;
        answer.playbook.role.key.map(|key| key.to_string())
    };
    let query = "need a magni driver in Detroit";
    assert_eq!(role(query).await.as_deref(), Some("magni driver"));
    // Recorded before anyone said the role.
    fixture
        .record("magni drivers, Detroit", "people/t1", "1", None)
        .await;
    let said = fixture
        .record(query, "people/d1", "1", Some("Fork-Lift Operators"))
        .await;
    assert_eq!(said.role, found("forklift operator", RoleSource::Request));
    let synonym = fixture.matrix.recording(&said.id).unwrap().synonym;
    assert_eq!(synonym.as_deref(), Some("magni driver = forklift operator"));
    for text in [
        query,
        "need 2 magni drivers in Flint",
        "Mag-ni drivers Detroit",
    ] {
        assert_eq!(
            role(text).await.as_deref(),
            Some("forklift operator"),
            "{text}"
        );
    }
    // The role of the first recording is resolved, too.
    let answer = fixture
        .warm("need 2 magni drivers in Detroit", &["people"], 2)
        .await;
    assert_eq!((answer.playbook.boosted, answer.playbook.injected), (2, 0));

    // Others who disagree, until they take it back.
    fixture
        .record(
            "2 magni drivers in Detroit",
            "people/t1",
            "1",
            Some("Truck Driver"),
        )
        .await;
    assert_eq!(role(query).await.as_deref(), Some("magni driver"));
    fixture
        .record(
            "2 magni drivers in Detroit",
            "people/t1",
            "-1",
            Some("Truck Driver"),
        )
        .await;
    assert_eq!(role(query).await.as_deref(), Some("forklift operator"));
    fixture.matrix.delete_recording(&said.id).await.unwrap();
    assert_eq!(role(query).await.as_deref(), Some("magni driver"));
    // Words that are a known role keep it.
    fixture
        .record(
            "need truck drivers in Detroit",
            "people/d1",
            "1",
            Some("Forklift Operator"),
        )
        .await;
    assert_eq!(
        role("need truck drivers").await.as_deref(),
        Some("truck driver")
    );
}

#[tokio::test]
async fn roles_come_from_the_request_or_else_from_the_text() {
    let fixture = Fixture::new().await;
    fixture.fill("workers", &WORKERS).await;
    for (text, role, want) in [
        (
            "Need pickers",
            Some("Packers"),
            found("packer", RoleSource::Request),
        ),
        ("Need pickers", Some("?"), found("picker", RoleSource::Text)),
        ("Detroit picker", None, found("picker", RoleSource::Text)),
        ("pickers, packers", None, FoundRole::NONE),
        ("someone", None, FoundRole::NONE),
    ] {
        let recorded = fixture.record(text, "workers/w-1", "1", role).await;
        assert_eq!(recorded.role, want, "{text} {role:?}");
    }
}

#[tokio::test]
async fn invalid_recordings_are_rejected() {
    let fixture = Fixture::new().await;
    fixture.fill("workers", &WORKERS).await;
    for (query_text, answer, want) in [
        (" ", "gone/w-1", "query_text is empty"),
        ("x", "gone/w-1", "unknown corpus `gone`"),
        (
            "x",
            "playbook_memory/w-1",
            "unknown corpus `playbook_memory`",
        ),
        ("x", "workers/w-9", "corpus `workers` has no document `w-9`"),
    ] {
        let (answer_corpus, answer_id) = answer.split_once('/').unwrap();
        let new = NewRecording {
            query_text,
            answer_id,
            answer_corpus,
            score: score_of("1"),
            role: None,
        };
        let error = fixture.matrix.record(new).await.unwrap_err();
        assert_eq!(error.to_string(), want);
    }
    assert!(fixture.engine.get(PLAYBOOK_INDEX).is_none());
    for (json, is_score) in [
        ("-1", true),
        ("1.000", true),
        ("0.5e0", true),
        ("1.00000000000000000001", false),
        ("-1.1", false),
        ("\"1\"", false),
        ("null", false),
    ] {
        let score = Score::read(&parse(json, 1).unwrap());
        assert_eq!(score.is_some(), is_score, "{json}");
    }
}

#[tokio::test]
async fn known_roles_follow_the_documents() {
    let fixture = Fixture::new().await;
    fixture.fill("workers", &WORKERS).await;
    let workers = corpus_name("workers");
    let role = async |text: &str| {
        let answer = fixture.warm(text, &["workers"], 1).await;
        answer.playbook.role.key.map(|key| key.to_string())
    };
    assert_eq!(role("welders tonight").await, None);
    fixture
        .fill("workers", &[("w-4", "x", r#"{"role":"Welder"}"#)])
        .await;
    assert_eq!(role("welders tonight").await.as_deref(), Some("welder"));
    fixture
        .matrix
        .delete_document(&workers, "w-4")
        .await
        .unwrap();
    assert_eq!(role("welders tonight").await, None);
    fixture
        .fill("more", &[("1", "x", r#"{"role":"Welder"}"#)])
        .await;
    assert_eq!(role("welders tonight").await.as_deref(), Some("welder"));
    let more = corpus_name("more");
    fixture.matrix.drop_corpus(&more).await.unwrap();
    assert_eq!(role("welders tonight").await, None);
    // Another corpus with the same name and version.
    fixture
        .fill("more", &[("1", "x", r#"{"city":"Welders"}"#)])
        .await;
    assert_eq!(role("roofers welders").await.as_deref(), Some("roofer"));
    fixture
        .fill(
            "workers",
            &[("w-3", "Cid", r#"{"role":["Cook"],"city":7}"#)],
        )
        .await;
    assert_eq!(role("cook").await, None);
}

#[tokio::test]
async fn a_model_reads_roles_that_the_rules_do_not_find() {
    let reader = Scripted(|request| match request {
        r#""someone \"strong\"""# => Some(" Pickers.\n".to_owned()),
        r#""an essay""# => Some("I am sorry, but I cannot answer that".to_owned()),
        r#""nothing""# => Some("none".to_owned()),
        r#""a thoughtful one""# => Some("<think>A packer? No.</think>\nPicker".to_owned()),
        r#""an endless thought""# => Some("<think>picker".to_owned()),
        _ => None,
    });
    let fixture = Fixture::with(Options {
        role_reader: Some(RoleReader::new(Arc::new(reader), "m")),
        ..Options::default()
    })
    .await;
    fixture.fill("workers", &WORKERS).await;
    for (text, want) in [
        ("someone \"strong\"", found("picker", RoleSource::Text)),
        ("packers", found("packer", RoleSource::Text)),
        ("pickers or packers", FoundRole::NONE),
        ("an essay", FoundRole::NONE),
        ("nothing", FoundRole::NONE),
        ("a thoughtful one", found("picker", RoleSource::Text)),
        ("an endless thought", FoundRole::NONE),
        ("unreachable", FoundRole::NONE),
    ] {
        let answer = fixture.warm(text, &["workers"], 1).await;
        assert_eq!(answer.playbook.role, want, "{text}");
    }
}

#[tokio::test]
async fn an_existing_index_of_recordings_is_used() {
    let fixture = Fixture::new().await;
    fixture.fill("workers", &WORKERS).await;
    let create = async |dimension, space: Option<&str>| {
        let config = IndexConfig {
            dimension,
            distance: Metric::Cosine,
            space: space.map(str::to_owned),
        };
        let name = IndexName::parse(PLAYBOOK_INDEX).unwrap();
        fixture.engine.create(&name, config).await.unwrap().0
    };
    let new = || NewRecording {
        query_text: "need pickers",
        answer_id: "w-1",
        answer_corpus: "workers",
        score: score_of("1"),
        role: None,
    };
    let query = || MatrixQuery {
        use_playbook: true,
        ..MatrixQuery::new("need pickers", vec!["workers"])
    };
    create(768, None).await;
    let error = fixture.matrix.record(new()).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "index `playbook_memory` holds vectors of space `null`, not `hash-768`"
    );
    assert_eq!(error.code(), ErrorCode::Conflict);
    assert_eq!(ids(&fixture.search(query()).await).len(), 3);

    fixture.engine.drop_index(PLAYBOOK_INDEX).await.unwrap();
    create(3, Some("hash-768")).await;
    let error = fixture.matrix.record(new()).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::BadRequest);
    assert_eq!(
        error.to_string(),
        "vector has 768 components, index `playbook_memory` has 3"
    );
    let answer = fixture.search(query()).await;
    assert_eq!((answer.playbook.used, answer.hits.len()), (false, 3));

    // Items that are not recordings are ignored, and do not count towards the maximum.
    fixture.engine.drop_index(PLAYBOOK_INDEX).await.unwrap();
    let index = create(768, Some("hash-768")).await;
    let vector = lakehouse_models::embed::hash::embed_text("need pickers");
    let junk = (0..40).map(|n| Item {
        id: format!("a-{n}").into(),
        vector: vector.values().to_vec(),
        metadata: Metadata::parse(r#"{"query_text":"need pickers","role":"picker"}"#).unwrap(),
        text: None,
    });
    index.upsert(junk.collect()).await.unwrap();
    fixture
        .record("need pickers", "workers/w-1", "1", None)
        .await;
    let answer = fixture.search(query()).await;
    assert_eq!(
        (answer.playbook.boosted, answer.playbook.rejected.len()),
        (1, 0)
    );
    assert_eq!(
        fixture.matrix.recording("a-1").unwrap_err().to_string(),
        "no recording `a-1`"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn acknowledged_roles_are_known() {
    let fixture = Arc::new(Fixture::new().await);
    fixture.fill("workers", &WORKERS).await;
    let writers = (0..8).map(|writer| {
        let fixture = Arc::clone(&fixture);
        tokio::spawn(async move {
            for number in 0..25 {
                let role = format!("role{writer}x{number}");
                let (metadata, id) = (format!(r#"{{"role":"{role}s"}}"#), format!("{writer}"));
                fixture.fill("workers", &[(&id, "x", &metadata)]).await;
                let answer = fixture
                    .warm(&format!("tonight {role}"), &["workers"], 1)
                    .await;
                assert_eq!(answer.playbook.role, found(&role, RoleSource::Text));
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn concurrent_first_recordings_create_one_index() {
    let (fixture, _seen) = Fixture::with_upstream().await;
    let fixture = Arc::new(fixture);
    let hashed = corpus_name("hashed");
    let created = fixture
        .matrix
        .create_corpus(&hashed, Some("hash-768"))
        .await;
    assert!(created.unwrap().1);
    let mut ingestion = fixture.matrix.ingest(&hashed).unwrap();
    let document = Document::new("w-1", "x", Metadata::empty()).unwrap();
    ingestion.add(1, document).await.unwrap();
    ingestion.finish().await.unwrap();
    fixture.fill("asked", &[("w-1", "x", "{}")]).await;
    let recorders = (0..8).map(|number| {
        let fixture = Arc::clone(&fixture);
        tokio::spawn(async move {
            let answer = ["hashed/w-1", "asked/w-1"][number % 2];
            let query = format!("{}pickers", "x".repeat(number));
            fixture.record(&query, answer, "1", None).await.id
        })
    });
    for recorder in recorders.collect::<Vec<_>>() {
        let id = recorder.await.unwrap();
        fixture.matrix.recording(&id).unwrap();
    }
    assert_eq!(fixture.engine.get(PLAYBOOK_INDEX).unwrap().len(), 8);
}

#[tokio::test]
async fn recordings_get_a_graph_beyond_5000() {
    let fixture = Fixture::new().await;
    let config = IndexConfig {
        dimension: 2,
        distance: Metric::Cosine,
        space: None,
    };
    let item = |at: u16| Item {
        id: at.to_string().into(),
        vector: vec![f32::from(at).cos(), f32::from(at).sin()],
        metadata: Metadata::empty(),
        text: None,
    };
    for (name, has_graph_beyond) in [(PLAYBOOK_INDEX, true), ("workers", false)] {
        let name = IndexName::parse(name).unwrap();
        let (index, _) = fixture.engine.create(&name, config.clone()).await.unwrap();
        index.upsert((0..5000).map(item).collect()).await.unwrap();
        index.settle().await.unwrap();
        assert!(index.stats().graph.is_none(), "{name}");
        index.upsert(vec![item(5000)]).await.unwrap();
        index.settle().await.unwrap();
        let has_graph = index.stats().graph.is_some();
        assert_eq!(has_graph, has_graph_beyond, "{name}");
    }
}
