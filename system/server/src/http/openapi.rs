//! The OpenAPI document, generated from the code that serves the routes.
//!
//! Each handler declares its own request and answers; what the middleware adds to all of them,
//! the trace id's header and the failures of the limits, is added here.

use std::collections::HashMap;

use utoipa::openapi::{
    Content, Header, HeaderBuilder, InfoBuilder, ObjectBuilder, OpenApi, OpenApiBuilder, PathItem,
    Ref, RefOr, Response, ResponseBuilder, Type, path::Operation,
};

use crate::http::{problem, trace};

/// The methods of each route's pattern.
pub(crate) struct AllowedMethods(HashMap<String, Vec<&'static str>>);

/// The methods that routes have, in the order in which an answer lists them.
const METHODS: [&str; 5] = ["GET", "HEAD", "POST", "PUT", "DELETE"];

/// The document of the routes that count against the limits, and of those that do not.
pub(crate) fn document(limited: &OpenApi, unlimited: &OpenApi) -> OpenApi {
    let info = InfoBuilder::new()
        .title("lakehouse")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some("The retrieval substrate of a staffing company."))
        .build();
    let mut document = OpenApiBuilder::new().info(info).build();
    document.merge(limited.clone());
    for operation in operations(&mut document) {
        add_limits(operation);
    }
    document.merge(unlimited.clone());
    for operation in operations(&mut document) {
        add(
            operation,
            "500",
            problem_response("A defect of the server."),
        );
        for response in operation.responses.responses.values_mut() {
            if let RefOr::T(response) = response {
                let description = "The request's trace id, as it came or minted.";
                let name = trace::HEADER;
                add_header(response, name.as_str(), Type::String, description);
            }
        }
    }
    document
}

impl AllowedMethods {
    /// The methods of a document's operations. Where an id may stand in place of a pattern's last
    /// segment, the pattern has the methods of the ids, too: an item may be called `delete`.
    pub(crate) fn new(document: &OpenApi) -> Self {
        let own: HashMap<&str, Vec<_>> = document
            .paths
            .paths
            .iter()
            .map(|(pattern, item)| (pattern.as_str(), methods(item)))
            .collect();
        let all = own.iter().map(|(pattern, methods)| {
            let of_ids = own.iter().filter(|(ids, _)| takes_place_of(pattern, ids));
            let mut all = methods.clone();
            all.extend(of_ids.flat_map(|(_, methods)| methods));
            all.sort_by_key(|method| METHODS.iter().position(|known| known == method));
            ((*pattern).to_owned(), all)
        });
        Self(all.collect())
    }

    /// The methods of a pattern, `GET` with its `HEAD`; none when there is no such pattern.
    pub(crate) fn of(&self, pattern: &str) -> &[&'static str] {
        self.0.get(pattern).map_or(&[], Vec::as_slice)
    }
}

/// Whether `ids` is `pattern` with a parameter as its last segment.
fn takes_place_of(pattern: &str, ids: &str) -> bool {
    let (Some((folder, _)), Some((ids_folder, last))) =
        (pattern.rsplit_once('/'), ids.rsplit_once('/'))
    else {
        return false;
    };
    pattern != ids && folder == ids_folder && last.starts_with('{')
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
