//! Recordings: their ids, their roles, their index.

use lakehouse_base::ErrorCode;
use lakehouse_json::parse;
use lakehouse_matrix::{
    Document, MatrixQuery, NewRecording, PLAYBOOK_INDEX, Recorded,
    playbook::{Recording, Score},
    role::{FoundRole, RoleKey, RoleReader, RoleSource},
};
use lakehouse_vector::{IndexConfig, IndexName, Item, Metadata, Metric};
use std::sync::Arc;

use super::house::{House, Plan, Scripted, corpus_name, ids, score_of};

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
    FoundRole::new(RoleKey::of(key).unwrap(), source)
}

#[tokio::test]
async fn a_recording_is_kept_until_it_is_forgotten() {
    let house = House::open().await;
    house.fill("workers", &WORKERS).await;
    let Recorded { id, role } = house
        .record("Need 3 pickers in Detroit", "workers/w-1", "1.0", None)
        .await;
    // printf 'Need 3 pickers in Detroit\0workers\0w-1\0picker' | sha256sum
    assert_eq!(&*id, "pb-5ab912c53df64f67c1ba39531ae3fbc1");
    assert_eq!(role, found("picker", RoleSource::Text));
    let recording = Recording {
        id: id.clone(),
        query_text: "Need 3 pickers in Detroit".into(),
        answer_id: "w-1".into(),
        answer_corpus: "workers".into(),
        score: score_of("1.0"),
        role: RoleKey::of("picker"),
        recorded_at: "2026-11-21T08:00:00Z".into(),
    };
    assert_eq!(house.matrix.recording(&id).unwrap(), recording);
    let index = house.engine.get(PLAYBOOK_INDEX).unwrap();
    assert_eq!(
        index.get(&id).unwrap().metadata.as_str(),
        r#"{"query_text":"Need 3 pickers in Detroit","answer_id":"w-1","answer_corpus":"workers","score":1.0,"role":"picker","recorded_at":"2026-11-21T08:00:00Z"}"#
    );
    assert_eq!(index.config().space.as_deref(), Some("hash-768"));

    house.clock.pass_days(1);
    let again = house
        .record("Need 3 pickers in Detroit", "workers/w-1", "-25e-2", None)
        .await;
    assert_eq!(again.id, id);
    let recording = house.matrix.recording(&id).unwrap();
    assert_eq!(recording.score.as_str(), "-25e-2");
    assert_eq!(&*recording.recorded_at, "2026-11-22T08:00:00Z");
    assert_eq!(index.len(), 1);

    house.matrix.delete_recording(&id).await.unwrap();
    for error in [
        house.matrix.recording(&id).unwrap_err(),
        house.matrix.delete_recording(&id).await.unwrap_err(),
    ] {
        assert_eq!(error.to_string(), format!("no recording `{id}`"));
        assert_eq!(error.code(), ErrorCode::NotFound);
    }
}

#[tokio::test]
async fn the_role_comes_from_the_request_then_from_the_text() {
    let house = House::open().await;
    house.fill("workers", &WORKERS).await;
    for (text, role, want) in [
        (
            "Need pickers",
            Some("Packers"),
            found("packer", RoleSource::Request),
        ),
        ("Need pickers", Some("?"), found("picker", RoleSource::Text)),
        ("Detroit picker", None, found("picker", RoleSource::Text)),
        ("pickers, packers", None, FoundRole::NONE),
        ("somebody", None, FoundRole::NONE),
    ] {
        let recorded = house.record(text, "workers/w-1", "1", role).await;
        assert_eq!(recorded.role, want, "{text} {role:?}");
    }
}

#[tokio::test]
async fn what_cannot_be_recorded_is_refused() {
    let house = House::open().await;
    house.fill("workers", &WORKERS).await;
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
        let error = house.matrix.record(new).await.unwrap_err();
        assert_eq!(error.to_string(), want);
    }
    assert!(house.engine.get(PLAYBOOK_INDEX).is_none());
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
async fn a_known_role_is_known_to_the_next_query_and_no_longer() {
    let house = House::open().await;
    house.fill("workers", &WORKERS).await;
    let workers = corpus_name("workers");
    let role = async |text: &str| {
        let answer = house.warm(text, &["workers"], 1).await;
        answer.playbook.role.key.map(|key| key.to_string())
    };
    assert_eq!(role("welders tonight").await, None);
    house
        .fill("workers", &[("w-4", "x", r#"{"role":"Welder"}"#)])
        .await;
    assert_eq!(role("welders tonight").await.as_deref(), Some("welder"));
    house.matrix.delete_document(&workers, "w-4").await.unwrap();
    assert_eq!(role("welders tonight").await, None);
    house
        .fill("more", &[("1", "x", r#"{"role":"Welder"}"#)])
        .await;
    assert_eq!(role("welders tonight").await.as_deref(), Some("welder"));
    let more = corpus_name("more");
    house.matrix.drop_corpus(&more).await.unwrap();
    assert_eq!(role("welders tonight").await, None);
    // The same name and as many writes, but another corpus.
    house
        .fill("more", &[("1", "x", r#"{"city":"Welders"}"#)])
        .await;
    assert_eq!(role("roofers welders").await.as_deref(), Some("roofer"));
    house
        .fill(
            "workers",
            &[("w-3", "Cid", r#"{"role":["Cook"],"city":7}"#)],
        )
        .await;
    assert_eq!(role("cook").await, None);
}

#[tokio::test]
async fn a_model_reads_the_role_when_the_rules_do_not() {
    let reader = Scripted(|request| match request {
        r#""somebody \"strong\"""# => Some(" Pickers.\n".to_owned()),
        r#""an essay""# => Some("I am sorry, but I cannot answer that".to_owned()),
        r#""nothing""# => Some("none".to_owned()),
        _ => None,
    });
    let house = House::with(Plan {
        role_reader: Some(RoleReader::new(Arc::new(reader), "m")),
        ..Plan::default()
    })
    .await;
    house.fill("workers", &WORKERS).await;
    for (text, want) in [
        ("somebody \"strong\"", found("picker", RoleSource::Text)),
        ("packers", found("packer", RoleSource::Text)),
        ("pickers or packers", FoundRole::NONE),
        ("an essay", FoundRole::NONE),
        ("nothing", FoundRole::NONE),
        ("unreachable", FoundRole::NONE),
    ] {
        let answer = house.warm(text, &["workers"], 1).await;
        assert_eq!(answer.playbook.role, want, "{text}");
    }
}

#[tokio::test]
async fn the_index_of_the_recordings_is_taken_as_it_is() {
    let house = House::open().await;
    house.fill("workers", &WORKERS).await;
    let make = async |dimension, space: Option<&str>| {
        let config = IndexConfig {
            dimension,
            distance: Metric::Cosine,
            space: space.map(str::to_owned),
        };
        let name = IndexName::parse(PLAYBOOK_INDEX).unwrap();
        house.engine.create(&name, config).await.unwrap().0
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
    make(768, None).await;
    let error = house.matrix.record(new()).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "index `playbook_memory` holds vectors of space `null`, not `hash-768`"
    );
    assert_eq!(error.code(), ErrorCode::Conflict);
    assert_eq!(ids(&house.search(query()).await).len(), 3);

    house.engine.drop_index(PLAYBOOK_INDEX).await.unwrap();
    make(3, Some("hash-768")).await;
    let error = house.matrix.record(new()).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::BadRequest);
    assert_eq!(
        error.to_string(),
        "vector has 768 components, index `playbook_memory` has 3"
    );
    let answer = house.search(query()).await;
    assert_eq!((answer.playbook.used, answer.hits.len()), (false, 3));

    // Items that are no recordings are passed over and take no place.
    house.engine.drop_index(PLAYBOOK_INDEX).await.unwrap();
    let index = make(768, Some("hash-768")).await;
    let vector = lakehouse_models::embed::hash::embed_text("need pickers");
    let junk = (0..40).map(|n| Item {
        id: format!("a-{n}").into(),
        vector: vector.values().to_vec(),
        metadata: Metadata::parse(r#"{"query_text":"need pickers","role":"picker"}"#).unwrap(),
        text: None,
    });
    index.upsert(junk.collect()).await.unwrap();
    house.record("need pickers", "workers/w-1", "1", None).await;
    let answer = house.search(query()).await;
    assert_eq!(
        (answer.playbook.boosted, answer.playbook.rejected.len()),
        (1, 0)
    );
    assert_eq!(
        house.matrix.recording("a-1").unwrap_err().to_string(),
        "no recording `a-1`"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whoever_has_written_a_role_has_it_known() {
    let house = Arc::new(House::open().await);
    house.fill("workers", &WORKERS).await;
    let writers = (0..8).map(|writer| {
        let house = Arc::clone(&house);
        tokio::spawn(async move {
            for number in 0..25 {
                let role = format!("role{writer}x{number}");
                let (metadata, id) = (format!(r#"{{"role":"{role}s"}}"#), format!("{writer}"));
                house.fill("workers", &[(&id, "x", &metadata)]).await;
                let answer = house
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
async fn first_recordings_at_the_same_time_make_one_index() {
    let (house, _seen) = House::with_upstream().await;
    let house = Arc::new(house);
    let hashed = corpus_name("hashed");
    let made = house.matrix.create_corpus(&hashed, Some("hash-768")).await;
    assert!(made.unwrap().1);
    let mut intake = house.matrix.take_documents(&hashed).unwrap();
    let document = Document::new("w-1", "x", Metadata::empty()).unwrap();
    intake.take(1, document).await.unwrap();
    intake.finish().await.unwrap();
    house.fill("asked", &[("w-1", "x", "{}")]).await;
    let recorders = (0..8).map(|number| {
        let house = Arc::clone(&house);
        tokio::spawn(async move {
            let answer = ["hashed/w-1", "asked/w-1"][number % 2];
            let query = format!("{}pickers", "x".repeat(number));
            house.record(&query, answer, "1", None).await.id
        })
    });
    for recorder in recorders.collect::<Vec<_>>() {
        let id = recorder.await.unwrap();
        house.matrix.recording(&id).unwrap();
    }
    assert_eq!(house.engine.get(PLAYBOOK_INDEX).unwrap().len(), 8);
}

#[tokio::test]
async fn the_recordings_get_a_graph_beyond_the_contracts_limit_of_5000() {
    let house = House::open().await;
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
        let (index, _) = house.engine.create(&name, config.clone()).await.unwrap();
        index.upsert((0..5000).map(item).collect()).await.unwrap();
        index.settle().await.unwrap();
        assert!(index.stats().graph.is_none(), "{name}");
        index.upsert(vec![item(5000)]).await.unwrap();
        index.settle().await.unwrap();
        let has_graph = index.stats().graph.is_some();
        assert_eq!(has_graph, has_graph_beyond, "{name}");
    }
}
