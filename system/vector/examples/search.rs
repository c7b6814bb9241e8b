//! Creates an index, upserts items and searches: `cargo run -p lakehouse-vector --example search`.

use lakehouse_vector::{
    Engine, EngineOptions, Filter, IndexConfig, IndexName, Item, Metadata, Metric, Scalar, Search,
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let location = folder.path().join("store");
    let store = lakehouse_store::open(&location.to_string_lossy(), &folder.path().join("cache"))?;
    let engine = Engine::open(EngineOptions::new(folder.path().join("vectors"), store)).await?;

    let config = IndexConfig {
        dimension: 3,
        distance: Metric::Cosine,
        space: None,
    };
    let (workers, _) = engine.create(&IndexName::parse("workers")?, config).await?;
    let rows = [
        (
            "w-1",
            [0.9, 0.1, 0.0],
            r#"{"role":"Picker","city":"Detroit"}"#,
        ),
        (
            "w-2",
            [0.8, 0.2, 0.1],
            r#"{"role":"Packer","city":"Detroit"}"#,
        ),
        (
            "w-3",
            [0.0, 0.1, 0.9],
            r#"{"role":"Picker","city":"Toledo"}"#,
        ),
    ];
    let items = rows.map(|(id, vector, metadata)| {
        Ok(Item {
            id: id.into(),
            vector: vector.to_vec(),
            metadata: Metadata::parse(metadata)?,
            text: None,
        })
    });
    let items: Result<Vec<_>, lakehouse_vector::NotAnObject> = items.into_iter().collect();
    // Once this returns, the items survive a crash.
    workers.upsert(items?).await?;

    let pickers = Filter::Eq {
        field: "role".into(),
        value: Scalar::from("Picker"),
    };
    let search = Search {
        filter: Some(&pickers),
        ..Search::new(&[1.0, 0.0, 0.0], 2)
    };
    for hit in workers.search(&search).await? {
        println!("{:.4} {} {}", hit.distance, hit.id, hit.metadata.as_str());
    }
    engine.close().await;
    Ok(())
}
