//! `/docs`: the page, the files that it loads, and that they are all from this server.

use std::io::Read;

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, Method, Request},
};
use flate2::read::GzDecoder;
use serde_json::Value;

use super::Service;

/// The URLs in the page: the values of all `src` and `href`.
fn urls_of(html: &str) -> Vec<&str> {
    let attributes = [" src=\"", " href=\""];
    let values = attributes
        .iter()
        .flat_map(|start| html.split(start).skip(1));
    values
        .map(|value| value.split_once('"').unwrap().0)
        .collect()
}

/// The path that a browser on `/docs` requests for a relative URL.
#[track_caller]
fn path_of(url: &str) -> String {
    assert!(
        !url.starts_with('/') && !url.contains(':'),
        "`{url}` is not relative"
    );
    format!("/{url}")
}

fn text_of(headers: &HeaderMap, body: &Bytes) -> String {
    let mut text = String::new();
    match headers.get("content-encoding") {
        Some(encoding) => {
            assert_eq!(encoding, "gzip");
            GzDecoder::new(&body[..]).read_to_string(&mut text).unwrap();
        }
        None => text.push_str(std::str::from_utf8(body).unwrap()),
    }
    text
}

async fn get(service: &Service, path: &str) -> (HeaderMap, String) {
    let request = Request::get(path).body(Body::empty()).unwrap();
    let (head, body) = service.exchange(request).await;
    assert_eq!(head.status, 200, "{path}");
    let text = text_of(&head.headers, &body);
    (head.headers, text)
}

#[tokio::test]
async fn the_page_loads_only_files_of_the_binary() {
    let service = Service::new().await;
    let (headers, html) = get(&service, "/docs").await;
    assert_eq!(headers["content-type"], "text/html; charset=utf-8");
    assert_eq!(headers["cache-control"], "no-cache");
    let (icons, urls): (Vec<_>, Vec<_>) = urls_of(&html)
        .into_iter()
        .partition(|url| url.starts_with("data:"));
    assert_eq!(icons, ["data:,"]);
    let mut types = Vec::new();
    for url in urls {
        let (headers, text) = get(&service, &path_of(url)).await;
        assert!(!text.is_empty(), "{url}");
        types.push(headers["content-type"].to_str().unwrap().to_owned());
    }
    types.sort();
    let script = "text/javascript; charset=utf-8";
    let want = [
        "application/json",
        "text/css; charset=utf-8",
        script,
        script,
    ];
    assert_eq!(types, want);
}

#[tokio::test]
async fn the_page_shows_the_document_of_the_server() {
    let service = Service::new().await;
    let (_, script) = get(&service, "/docs/page.js").await;
    let (_, rest) = script.split_once("url: \"").unwrap();
    let path = path_of(rest.split_once('"').unwrap().0);
    assert_eq!(path, "/openapi.json");
    let (_, document) = get(&service, &path).await;
    let document: Value = serde_json::from_str(&document).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    // A page for people is not an operation.
    let paths = document["paths"].as_object().unwrap();
    assert!(paths.keys().all(|path| !path.starts_with("/docs")));
}

#[tokio::test]
async fn nothing_is_loaded_from_another_host() {
    let service = Service::new().await;
    let (headers, _) = get(&service, "/docs").await;
    // The browser enforces the policy, whatever Swagger UI attempts.
    let policy = headers["content-security-policy"].to_str().unwrap();
    assert!(policy.starts_with("default-src 'self'; "), "{policy}");
    for directive in policy.split("; ") {
        let mut sources = directive.split(' ').skip(1);
        let known = ["'self'", "'none'", "'unsafe-inline'", "data:"];
        assert!(sources.all(|source| known.contains(&source)), "{directive}");
    }
    let (_, script) = get(&service, "/docs/page.js").await;
    assert!(!script.contains("://"), "{script}");
    assert!(script.contains("validatorUrl: null"), "{script}");
    let (_, style) = get(&service, "/docs/swagger-ui.css").await;
    let images: Vec<_> = style.split("url(").skip(1).collect();
    assert!(!images.is_empty());
    for image in images {
        let start = &image[..image.len().min(40)];
        assert!(
            start.trim_start_matches('"').starts_with("data:"),
            "{start}"
        );
    }
    assert!(!style.contains("@import"));
}

#[tokio::test]
async fn the_files_are_cached_and_answer_head_requests() {
    let service = Service::new().await;
    for (path, caching) in [
        ("/docs", "no-cache"),
        ("/docs/page.js", "no-cache"),
        ("/docs/swagger-ui.css", "public, max-age=86400"),
        ("/docs/swagger-ui-bundle.js", "public, max-age=86400"),
    ] {
        let send = async |method| {
            let request = Request::builder().method(method).uri(path);
            service.exchange(request.body(Body::empty()).unwrap()).await
        };
        let (head, body) = send(Method::GET).await;
        assert_eq!(head.headers["cache-control"], caching, "{path}");
        let (head, none) = send(Method::HEAD).await;
        assert_eq!(head.status, 200, "{path}");
        assert!(none.is_empty(), "{path}");
        let length = head.headers["content-length"].to_str().unwrap();
        assert_eq!(length, body.len().to_string(), "{path}");
    }
}

#[tokio::test]
async fn other_paths_and_methods_are_problems() {
    let service = Service::new().await;
    for path in ["/docs/index.html", "/docs/", "/docs/a/b", "/docs/..%2fa"] {
        let answer = service.get(path).await;
        assert_eq!(answer.headers["content-type"], "application/problem+json");
        assert_eq!(answer.detail(404), format!("no route for `GET {path}`"));
    }
    let answer = service.post("/docs/page.js", "").await;
    let detail = "`POST` is not allowed on `/docs/page.js`; allowed: `GET`, `HEAD`";
    assert_eq!(answer.detail(405), detail);
    assert_eq!(answer.headers["allow"], "GET, HEAD");
}
