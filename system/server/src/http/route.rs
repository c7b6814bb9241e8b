//! Routes: what the router serves and the document describes, declared in one place.
//!
//! A [`Route`] is one method of one path with its handler and its description in the document.
//! The router, the methods that a 405 lists, and the OpenAPI document are derived from the routes
//! of the services, so a route of a service cannot be served and left out of the document. The pages
//! for browsers are routes without a description; the document does not have them.

use axum::{
    handler::Handler,
    routing::{self, MethodRouter},
};
use lakehouse_wire::{Components, Describe, Parameter};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, path::ParameterIn};

/// One method of one path: how it is served, and how it is described.
pub struct Route<S = ()> {
    pub(crate) operation: Operation,
    pub(crate) handler: MethodRouter<S>,
}

/// A route's description in the document.
#[derive(Clone)]
pub(crate) struct Operation {
    pub(crate) method: Method,
    pub(crate) path: &'static str,
    /// Unique among all routes.
    pub(crate) id: &'static str,
    pub(crate) summary: &'static str,
    pub(crate) tag: &'static str,
    pub(crate) parameters: Vec<ParameterDescription>,
    pub(crate) request: Option<RequestDescription>,
    pub(crate) responses: Vec<ResponseDescription>,
}

/// The methods that routes have, in the order in which a 405 lists them. `HEAD` comes with `GET`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Method {
    Get,
    Post,
    Put,
    Delete,
}

/// A part of the path or the query.
#[derive(Clone)]
pub(crate) struct ParameterDescription {
    pub(crate) name: &'static str,
    pub(crate) description: &'static str,
    pub(crate) example: &'static str,
    pub(crate) location: ParameterIn,
    pub(crate) schema: fn() -> ObjectBuilder,
}

/// The body of a request.
#[derive(Clone)]
pub(crate) struct RequestDescription {
    pub(crate) form: RequestForm,
    pub(crate) example: &'static str,
    pub(crate) schema: fn(&mut Components) -> RefOr<Schema>,
}

/// How the values are arranged in a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RequestForm {
    /// One JSON object, no larger than the limit on bodies.
    Json,
    /// Any number of lines, each a JSON object.
    Lines,
}

/// One of the responses.
#[derive(Clone)]
pub(crate) struct ResponseDescription {
    pub(crate) status: u16,
    pub(crate) description: &'static str,
    pub(crate) content_type: &'static str,
    pub(crate) schema: fn(&mut Components) -> RefOr<Schema>,
}

impl<S: Clone + Send + Sync + 'static> Route<S> {
    /// `GET`, and with it `HEAD`.
    pub(crate) fn get<H: Handler<T, S>, T: 'static>(path: &'static str, handler: H) -> Self {
        Self::new(Method::Get, path, routing::get(handler))
    }

    /// `POST`
    pub(crate) fn post<H: Handler<T, S>, T: 'static>(path: &'static str, handler: H) -> Self {
        Self::new(Method::Post, path, routing::post(handler))
    }

    /// `PUT`
    pub(crate) fn put<H: Handler<T, S>, T: 'static>(path: &'static str, handler: H) -> Self {
        Self::new(Method::Put, path, routing::put(handler))
    }

    /// `DELETE`
    pub(crate) fn delete<H: Handler<T, S>, T: 'static>(path: &'static str, handler: H) -> Self {
        Self::new(Method::Delete, path, routing::delete(handler))
    }

    fn new(method: Method, path: &'static str, handler: MethodRouter<S>) -> Self {
        Self {
            operation: Operation {
                method,
                path,
                id: "",
                summary: "",
                tag: "",
                parameters: Vec::new(),
                request: None,
                responses: Vec::new(),
            },
            handler,
        }
    }

    /// The operation's id, which no other has, and a sentence on what it does.
    pub(crate) fn named(mut self, id: &'static str, summary: &'static str) -> Self {
        self.operation.id = id;
        self.operation.summary = summary;
        self
    }

    /// A parameter of the path.
    pub(crate) fn path_parameter<P: Parameter>(self) -> Self {
        self.parameter::<P>(ParameterIn::Path)
    }

    /// An optional parameter of the query.
    pub(crate) fn query_parameter<P: Parameter>(self) -> Self {
        self.parameter::<P>(ParameterIn::Query)
    }

    fn parameter<P: Parameter>(mut self, location: ParameterIn) -> Self {
        self.operation.parameters.push(ParameterDescription {
            name: P::NAME,
            description: P::DESCRIPTION,
            example: P::EXAMPLE,
            location,
            schema: P::schema,
        });
        self
    }

    /// The body of requests, with an example of it. The statuses 400 and 413 come with it.
    pub(crate) fn request<T: Describe>(self, example: &'static str) -> Self {
        self.body::<T>(RequestForm::Json, example)
    }

    /// The lines of requests, with an example of some. The status 400 comes with them.
    pub(crate) fn lines<T: Describe>(self, example: &'static str) -> Self {
        self.body::<T>(RequestForm::Lines, example)
    }

    fn body<T: Describe>(mut self, form: RequestForm, example: &'static str) -> Self {
        self.operation.request = Some(RequestDescription {
            form,
            example,
            schema: T::describe,
        });
        self
    }

    /// A JSON response.
    pub(crate) fn response<T: Describe>(self, status: u16, description: &'static str) -> Self {
        self.content::<T>(status, "application/json", description)
    }

    /// A response of another content type.
    pub(crate) fn content<T: Describe>(
        mut self,
        status: u16,
        content_type: &'static str,
        description: &'static str,
    ) -> Self {
        self.operation.responses.push(ResponseDescription {
            status,
            description,
            content_type,
            schema: T::describe,
        });
        self
    }

    /// A problem.
    pub(crate) fn problem(self, status: u16, description: &'static str) -> Self {
        use lakehouse_wire::problem::{CONTENT_TYPE, Problem};
        self.content::<Problem>(status, CONTENT_TYPE, description)
    }
}

/// Routes with the state that their handlers get.
pub(crate) fn with_state<S: Clone + Send + Sync + 'static>(
    routes: impl IntoIterator<Item = Route<S>>,
    state: &S,
) -> Vec<Route> {
    let with_state = |route: Route<S>| Route {
        operation: route.operation,
        handler: route.handler.with_state(state.clone()),
    };
    routes.into_iter().map(with_state).collect()
}

/// The operations of routes.
pub(crate) fn operations<S>(routes: &[Route<S>]) -> impl Iterator<Item = &Operation> {
    routes.iter().map(|route| &route.operation)
}

/// Routes under one tag of the document.
pub(crate) fn tagged<S>(
    tag: &'static str,
    routes: impl IntoIterator<Item = Route<S>>,
) -> impl Iterator<Item = Route<S>> {
    routes.into_iter().map(move |mut route| {
        route.operation.tag = tag;
        route
    })
}

impl Method {
    /// The methods that a route of this one answers.
    pub(crate) fn names(self) -> &'static [&'static str] {
        match self {
            Self::Get => &["GET", "HEAD"],
            Self::Post => &["POST"],
            Self::Put => &["PUT"],
            Self::Delete => &["DELETE"],
        }
    }
}

impl Operation {
    /// Whether requests have a body of that form.
    pub(crate) fn has_body(&self, form: RequestForm) -> bool {
        self.request
            .as_ref()
            .is_some_and(|request| request.form == form)
    }

    /// Whether this operation's path is also one of `other`, as `/items/delete` is one of
    /// `/items/{id}`. The router prefers the first, and would answer 405 for the methods of the
    /// second.
    pub(crate) fn shadows(&self, other: &Self) -> bool {
        let (Some((folder, last)), Some((other_folder, other_last))) =
            (self.path.rsplit_once('/'), other.path.rsplit_once('/'))
        else {
            return false;
        };
        folder == other_folder && !last.starts_with('{') && other_last.starts_with('{')
    }
}
