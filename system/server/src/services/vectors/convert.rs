//! Between the wire's types and the engine's.

use std::borrow::Cow;

use lakehouse_vector::{Bounds, Filter, Hit, Index, IndexConfig, Item, Metadata, Metric, Scalar};
use lakehouse_wire::{
    Array, AtLeast, Carried, Deferred, JsonObject, Nullable, ReadError, Vector,
    vectors::{self, Backend, CreateIndex, Distance, IndexDescription, NewItem, VectorHit},
};

pub(super) fn config(request: &CreateIndex<'_>) -> IndexConfig {
    let CreateIndex {
        dimension,
        distance,
        backend: Backend::Hnsw,
        space,
    } = request;
    IndexConfig {
        dimension: dimension.as_usize(),
        distance: match distance {
            Distance::Cosine => Metric::Cosine,
            Distance::Euclidean => Metric::Euclidean,
            Distance::Dot => Metric::Dot,
        },
        space: space.map(str::to_owned),
    }
}

pub(super) fn description(index: &Index) -> IndexDescription<'_> {
    let config = index.config();
    IndexDescription {
        name: index.name().as_str(),
        dimension: AtLeast::from_length(config.dimension),
        distance: match config.distance {
            Metric::Cosine => Distance::Cosine,
            Metric::Euclidean => Distance::Euclidean,
            Metric::Dot => Distance::Dot,
        },
        backend: Backend::Hnsw,
        space: Nullable(config.space.as_deref()),
        items: AtLeast::from_length(index.len()),
    }
}

/// The items of a request; their members are read here, after all members of the request.
pub(super) fn items(request: vectors::UpsertItems<'_>) -> Result<Vec<Item>, ReadError> {
    let items = request.items.0.into_iter().enumerate();
    let item = |(at, item): (usize, Deferred<'_, NewItem<'_>>)| {
        let item = item.read_members("").map_err(|source| ReadError::Item {
            at,
            source: Box::new(source),
        })?;
        Ok(Item {
            id: item.id.0.into(),
            vector: item.vector.0.into_owned(),
            metadata: metadata(item.metadata),
            text: None,
        })
    };
    items.map(item).collect()
}

pub(super) fn item(item: &Item) -> vectors::Item<'_> {
    vectors::Item {
        id: &item.id,
        vector: Vector(Cow::Borrowed(&item.vector)),
        metadata: carried(&item.metadata),
    }
}

pub(super) fn hit(hit: &Hit) -> VectorHit<'_> {
    VectorHit {
        id: &hit.id,
        distance: hit.distance,
        metadata: carried(&hit.metadata),
    }
}

/// The member `notices`, which is absent if there are none.
pub(crate) fn notices(notices: &[String]) -> Option<Array<&str, 1, { vectors::MAX_NOTICES }>> {
    let notices: Vec<_> = notices.iter().map(String::as_str).collect();
    (!notices.is_empty()).then_some(Array(notices))
}

/// The metadata of a new item, `{}` when the request has none.
pub(crate) fn metadata(object: Option<JsonObject<'_>>) -> Metadata {
    let metadata = object.and_then(|object| Metadata::from_json(object.0).ok());
    metadata.unwrap_or_default()
}

pub(crate) fn carried(metadata: &Metadata) -> Carried<'_> {
    Carried(Cow::Borrowed(metadata.as_str()))
}

pub(crate) fn filter(filter: &vectors::Filter<'_>) -> Filter {
    match filter {
        vectors::Filter::Eq { field, value } => Filter::Eq {
            field: (*field).into(),
            value: scalar(*value),
        },
        vectors::Filter::In { field, values } => Filter::In {
            field: (*field).into(),
            values: values.iter().copied().map(scalar).collect(),
        },
        vectors::Filter::Range { field, bounds } => Filter::Range {
            field: (*field).into(),
            bounds: match *bounds {
                vectors::Bounds::Numbers(lower, upper) => Bounds::Numbers(lower, upper),
                vectors::Bounds::Texts(lower, upper) => {
                    Bounds::Texts(lower.map(Box::from), upper.map(Box::from))
                }
            },
        },
        vectors::Filter::Contains { field, value } => Filter::Contains {
            field: (*field).into(),
            value: scalar(*value),
        },
        vectors::Filter::And(filters) => Filter::And(filters.iter().map(self::filter).collect()),
        vectors::Filter::Or(filters) => Filter::Or(filters.iter().map(self::filter).collect()),
        vectors::Filter::Not(inner) => Filter::Not(Box::new(self::filter(inner))),
    }
}

fn scalar(scalar: vectors::Scalar<'_>) -> Scalar {
    match scalar {
        vectors::Scalar::Null => Scalar::Null,
        vectors::Scalar::Bool(value) => Scalar::Bool(value),
        vectors::Scalar::Number(number) => Scalar::Number(number),
        vectors::Scalar::Text(text) => Scalar::Text(text.into()),
    }
}
