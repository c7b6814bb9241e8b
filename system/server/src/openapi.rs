//! The OpenAPI document, made from the code that serves the routes.
//!
//! Each handler declares its own request and answers; what the middleware adds to all of them,
//! the trace id's header and the failures of the limits, is added here.

use std::{collections::HashMap, sync::LazyLock};

use axum::body::Bytes;
use utoipa::openapi::{
    Content, Header, HeaderBuilder, InfoBuilder, ObjectBuilder, OpenApi, OpenApiBuilder, PathItem,
    Ref, RefOr, Response, ResponseBuilder, Type, path::Operation,
};

use crate::{middleware, problem, routes};

/// The document as JSON.
pub(crate) fn document() -> Bytes {
    static DOCUMENT: LazyLock<Bytes> = LazyLock::new(|| {
        let text = build()
            .to_json()
            .expect("the document is made of texts and numbers");
        Bytes::from(text)
    });
    DOCUMENT.clone()
}

/// The methods of a route's pattern, `GET` with its `HEAD`; none when there is no such pattern.
pub(crate) fn allowed_methods(pattern: &str) -> &'static [&'static str] {
    static ALLOWED: LazyLock<HashMap<String, Vec<&'static str>>> = LazyLock::new(|| {
        let paths = build().paths.paths;
        let mut allowed: HashMap<_, Vec<_>> = paths
            .into_iter()
            .map(|(path, item)| (path, methods(&item)))
            .collect();
        for (pattern, of_ids) in routes::IN_PLACE_OF_AN_ID {
            let more = allowed[of_ids].clone();
            let methods = allowed.entry(pattern.to_owned()).or_default();
            methods.extend(more);
            methods.sort_by_key(|method| METHODS.iter().position(|known| known == method));
        }
        allowed
    });
    ALLOWED.get(pattern).map_or(&[], Vec::as_slice)
}

/// The methods that routes have, in the order in which they are told.
const METHODS: [&str; 5] = ["GET", "HEAD", "POST", "PUT", "DELETE"];

fn build() -> OpenApi {
    let info = InfoBuilder::new()
        .title("lakehouse")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some("The retrieval substrate of a staffing company."))
        .build();
    let mut document = OpenApiBuilder::new().info(info).build();
    let (_, mut limited) = routes::limited().split_for_parts();
    for operation in operations(&mut limited) {
        add_limits(operation);
    }
    let (_, unlimited) = routes::unlimited().split_for_parts();
    document.merge(limited);
    document.merge(unlimited);
    for operation in operations(&mut document) {
        add(
            operation,
            "500",
            problem_response("A defect of the server."),
        );
        for response in operation.responses.responses.values_mut() {
            if let RefOr::T(response) = response {
                let description = "The request's trace id, as it came or minted.";
                let name = middleware::trace::HEADER;
                add_header(response, name.as_str(), Type::String, description);
            }
        }
    }
    document
}

fn add_limits(operation: &mut Operation) {
    let mut too_many =
        problem_response("Too many requests at a time; the same one may pass later.");
    let description = "After how many seconds to try again.";
    add_header(&mut too_many, "retry-after", Type::Integer, description);
    add(operation, "503", too_many);
    let too_long = problem_response("The request took longer than its limit.");
    add(operation, "504", too_long);
}

fn add(operation: &mut Operation, status: &str, response: Response) {
    let responses = &mut operation.responses.responses;
    responses.insert(status.to_owned(), response.into());
}

fn operations(document: &mut OpenApi) -> impl Iterator<Item = &mut Operation> {
    let items = document.paths.paths.values_mut();
    items.flat_map(|item| {
        let PathItem {
            get,
            post,
            put,
            delete,
            ..
        } = item;
        [get, post, put, delete].into_iter().flatten()
    })
}

fn methods(item: &PathItem) -> Vec<&'static str> {
    let operations = [&item.get, &item.get, &item.post, &item.put, &item.delete];
    let with_names = METHODS.into_iter().zip(operations);
    with_names
        .filter_map(|(method, operation)| operation.as_ref().map(|_| method))
        .collect()
}

fn problem_response(description: &str) -> Response {
    let content = Content::new(Some(Ref::from_schema_name("Problem")));
    let response = ResponseBuilder::new().description(description);
    response.content(problem::CONTENT_TYPE, content).build()
}

fn add_header(response: &mut Response, name: &str, kind: Type, description: &str) {
    let header: Header = HeaderBuilder::new()
        .schema(Some(ObjectBuilder::new().schema_type(kind)))
        .description(Some(description))
        .build();
    response.headers.insert(name.to_owned(), header.into());
}
