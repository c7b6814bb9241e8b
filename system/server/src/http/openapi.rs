//! The OpenAPI document, derived from the routes.
//!
//! A route describes its own request and responses. What all routes have in common is added here:
//! the header of the trace id, and the statuses of the limits, of bodies and of defects.

use std::collections::BTreeMap;

use lakehouse_wire::{Components, Describe, NameCollision, problem};
use serde_json::Value;
use utoipa::openapi::{
    ComponentsBuilder, Content, ContentBuilder, Header, HeaderBuilder, HttpMethod, InfoBuilder,
    ObjectBuilder, OpenApi, OpenApiBuilder, Paths, Ref, RefOr, Required, Response, ResponseBuilder,
    ServerBuilder, Type, path,
    request_body::{RequestBody, RequestBodyBuilder},
    schema::ArrayBuilder,
};

use crate::http::{
    route::{
        Method, Operation, ParameterDescription, RequestDescription, RequestForm,
        ResponseDescription,
    },
    trace,
};

/// The document of the operations that count against the limits, and of those that do not.
///
/// # Errors
/// When two types have one component name.
pub(crate) fn document<'o>(
    limited: impl IntoIterator<Item = &'o Operation>,
    unlimited: impl IntoIterator<Item = &'o Operation>,
) -> Result<OpenApi, NameCollision> {
    let limited = limited.into_iter().map(|operation| (operation, true));
    let unlimited = unlimited.into_iter().map(|operation| (operation, false));
    let mut components = Components::default();
    problem::Problem::describe(&mut components);
    let mut paths = Paths::new();
    for (operation, is_limited) in limited.chain(unlimited) {
        let method = http_method(operation.method);
        let description = describe(operation, is_limited, &mut components);
        paths.add_path_operation(operation.path, vec![method], description);
    }
    let components = ComponentsBuilder::new()
        .schemas_from_iter(components.finish()?)
        .header(TRACE_ID, trace_id_header())
        .response(
            BODY_TOO_LARGE,
            problem("The body is larger than the limit."),
        )
        .response(
            FOREIGN,
            problem("The host or the origin of the request is not the server's."),
        )
        .response(
            OTHER_TYPE,
            problem("The body has another content type than described."),
        )
        .response(DEFECT, problem("A defect of the server."))
        .response(OVERLOADED, overloaded())
        .response(
            TIMED_OUT,
            problem("The request took longer than the limit."),
        )
        .build();
    let info = InfoBuilder::new()
        .title("lakehouse")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some("The retrieval substrate of a staffing company."))
        .build();
    let server = ServerBuilder::new()
        .url("/")
        .description(Some("The server that the document comes from."))
        .build();
    Ok(OpenApiBuilder::new()
        .info(info)
        .servers(Some([server]))
        .paths(paths)
        .components(Some(components))
        .build())
}

const TRACE_ID: &str = "TraceId";
const BODY_TOO_LARGE: &str = "BodyTooLarge";
const FOREIGN: &str = "Foreign";
const OTHER_TYPE: &str = "OtherType";
const DEFECT: &str = "Defect";
const OVERLOADED: &str = "Overloaded";
const TIMED_OUT: &str = "TimedOut";

fn describe(
    operation: &Operation,
    is_limited: bool,
    components: &mut Components,
) -> path::Operation {
    let mut responses: BTreeMap<u16, RefOr<Response>> = BTreeMap::new();
    responses.insert(403, Ref::from_response_name(FOREIGN).into());
    responses.insert(500, Ref::from_response_name(DEFECT).into());
    if is_limited {
        responses.insert(503, Ref::from_response_name(OVERLOADED).into());
        responses.insert(504, Ref::from_response_name(TIMED_OUT).into());
    }
    if operation.request.is_some() {
        responses.insert(400, problem("The request is not as described.").into());
        responses.insert(415, Ref::from_response_name(OTHER_TYPE).into());
    }
    if operation.has_body(RequestForm::Json) {
        responses.insert(413, Ref::from_response_name(BODY_TOO_LARGE).into());
    }
    for description in &operation.responses {
        let response = response(description, components);
        responses.insert(description.status, response.into());
    }
    let request_body = operation.request.as_ref();
    let mut builder = path::OperationBuilder::new()
        .tag(operation.tag)
        .operation_id(Some(operation.id))
        .summary(Some(operation.summary))
        .request_body(request_body.map(|description| request(description, components)));
    for description in &operation.parameters {
        builder = builder.parameter(parameter(description));
    }
    for (status, response) in responses {
        builder = builder.response(status.to_string(), response);
    }
    builder.build()
}

fn parameter(description: &ParameterDescription) -> path::Parameter {
    let schema = (description.schema)().build();
    // An example is text in the code; in the document it is a value of the schema's type.
    let is_string = schema.schema_type == Type::String.into();
    let example = match is_string {
        true => Value::from(description.example),
        false => serde_json::from_str(description.example).unwrap_or_default(),
    };
    let required = match description.location {
        path::ParameterIn::Path => Required::True,
        _ => Required::False,
    };
    path::ParameterBuilder::new()
        .name(description.name)
        .parameter_in(description.location.clone())
        .required(required)
        .description(Some(description.description))
        .schema(Some(schema))
        .example(Some(example))
        .build()
}

fn request(description: &RequestDescription, components: &mut Components) -> RequestBody {
    let schema = (description.schema)(components);
    let body = RequestBodyBuilder::new().required(Some(Required::True));
    match description.form {
        RequestForm::Json => {
            let example = serde_json::from_str(description.example).ok();
            let content = ContentBuilder::new().schema(Some(schema)).example(example);
            body.content("application/json", content.build()).build()
        }
        RequestForm::Lines => {
            let lines = ArrayBuilder::new().items(schema);
            let example = Some(Value::from(description.example));
            let content = ContentBuilder::new().schema(Some(lines)).example(example);
            let text = "Lines of any number, each a JSON object no larger than the limit on \
                        bodies. Blank lines are ignored. The schema is that of all lines as an \
                        array.";
            body.description(Some(text))
                .content("application/x-ndjson", content.build())
                .build()
        }
    }
}

fn response(description: &ResponseDescription, components: &mut Components) -> Response {
    let content = Content::new(Some((description.schema)(components)));
    ResponseBuilder::new()
        .description(description.description)
        .content(description.content_type, content)
        .header_ref(trace::HEADER.as_str(), header_reference(TRACE_ID))
        .build()
}

fn problem(description: &'static str) -> Response {
    let content = Content::new(Some(Ref::from_schema_name("Problem")));
    ResponseBuilder::new()
        .description(description)
        .content(problem::CONTENT_TYPE, content)
        .header_ref(trace::HEADER.as_str(), header_reference(TRACE_ID))
        .build()
}

fn overloaded() -> Response {
    let retry_after = header(
        Type::Integer,
        "The number of seconds after which to try again.",
    );
    let mut response = problem(
        "Too many requests at a time, and the same request may pass later. Or the index is damaged; \
         then there is no `retry-after`.",
    );
    response
        .headers
        .insert("retry-after".to_owned(), retry_after.into());
    response
}

fn trace_id_header() -> Header {
    header(
        Type::String,
        "The trace id of the request, as received or created for it.",
    )
}

fn header(schema_type: Type, description: &str) -> Header {
    HeaderBuilder::new()
        .schema(Some(ObjectBuilder::new().schema_type(schema_type)))
        .description(Some(description))
        .build()
}

fn header_reference(name: &str) -> Ref {
    Ref::new(format!("#/components/headers/{name}"))
}

fn http_method(method: Method) -> HttpMethod {
    match method {
        Method::Get => HttpMethod::Get,
        Method::Post => HttpMethod::Post,
        Method::Put => HttpMethod::Put,
        Method::Delete => HttpMethod::Delete,
    }
}
