//! The routes behind everything that a request passes through.

use std::{collections::HashMap, sync::Arc};

use axum::{
    Extension, Router,
    extract::{MatchedPath, Request},
    http::{HeaderValue, header},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
};
use lakehouse_base::ErrorCode;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;

use crate::http::{
    config::LimitsConfig,
    hosts::{OwnHosts, check_hosts},
    limits::{RequestLimits, limit},
    measure::measure,
    metrics::Metrics,
    panic,
    problem::Problem,
    route::{Method, Route},
    trace::trace,
};

/// Joins the routes that count against the limits with those that are always answered.
pub(crate) fn assemble(
    limited: Vec<Route>,
    unlimited: Vec<Route>,
    limits: &LimitsConfig,
    hosts: OwnHosts,
    metrics: Metrics,
) -> Router {
    let allowed = Arc::new(AllowedMethods::new(limited.iter().chain(&unlimited)));
    let outside_in = ServiceBuilder::new()
        .layer(from_fn(trace))
        .layer(from_fn_with_state(metrics, measure))
        .layer(CatchPanicLayer::custom(panic::respond))
        .layer(from_fn_with_state(hosts, check_hosts))
        .layer(from_fn(whole_segments))
        .layer(Extension(limits.of_body()));
    router_of(limited)
        .layer(from_fn_with_state(RequestLimits::new(limits), limit))
        .merge(router_of(unlimited))
        .fallback(no_route)
        .method_not_allowed_fallback(async move |request: Request| {
            method_not_allowed(&request, &allowed)
        })
        .layer(outside_in)
}

fn router_of(routes: Vec<Route>) -> Router {
    let mut router = Router::new();
    for route in &routes {
        let path = route.operation.path;
        router = router.route(path, route.handler.clone());
        for other in shadowed_by(route, &routes) {
            router = router.route(path, other.handler.clone());
        }
    }
    router
}

/// The routes for ids that the path of `route` shadows: an item may be called `delete`.
fn shadowed_by<'r>(
    route: &'r Route,
    routes: impl IntoIterator<Item = &'r Route>,
) -> impl Iterator<Item = &'r Route> {
    let operation = &route.operation;
    routes.into_iter().filter(move |other| {
        operation.shadows(&other.operation) && operation.method != other.operation.method
    })
}

/// The methods of each path.
struct AllowedMethods(HashMap<&'static str, Vec<Method>>);

impl AllowedMethods {
    fn new<'r>(routes: impl Iterator<Item = &'r Route> + Clone) -> Self {
        let mut allowed: HashMap<_, Vec<_>> = HashMap::new();
        for route in routes.clone() {
            let methods = allowed.entry(route.operation.path).or_default();
            methods.push(route.operation.method);
            let shadowed = shadowed_by(route, routes.clone());
            methods.extend(shadowed.map(|other| other.operation.method));
        }
        for methods in allowed.values_mut() {
            methods.sort();
        }
        Self(allowed)
    }

    /// The names of a path's methods, `GET` with its `HEAD`; none when there is no such path.
    fn of(&self, path: &str) -> Vec<&'static str> {
        let methods = self.0.get(path).map_or(&[][..], Vec::as_slice);
        let names = methods.iter().flat_map(|method| method.names());
        names.copied().collect()
    }
}

/// Answers 404 to paths with an empty segment, which routes would accept as a name or an id.
async fn whole_segments(request: Request, next: Next) -> Response {
    let mut segments = request.uri().path().split('/').skip(1);
    if segments.any(str::is_empty) {
        return no_route(request).await.into_response();
    }
    next.run(request).await
}

async fn no_route(request: Request) -> Problem {
    let (method, path) = (request.method(), request.uri().path());
    Problem::new(
        ErrorCode::NotFound,
        format!("no route for `{method} {path}`"),
    )
}

fn method_not_allowed(request: &Request, allowed: &AllowedMethods) -> Response {
    let (method, path) = (request.method(), request.uri().path());
    let pattern = request.extensions().get::<MatchedPath>();
    let allowed = pattern.map_or_else(Vec::new, |pattern| allowed.of(pattern.as_str()));
    let quoted: Vec<_> = allowed.iter().map(|method| format!("`{method}`")).collect();
    let quoted = quoted.join(", ");
    let detail = format!("`{method}` is not allowed on `{path}`; allowed: {quoted}");
    let mut response = Problem::new(ErrorCode::MethodNotAllowed, detail).into_response();
    if let Ok(allowed) = HeaderValue::try_from(allowed.join(", ")) {
        response.headers_mut().insert(header::ALLOW, allowed);
    }
    response
}
