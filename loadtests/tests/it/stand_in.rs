//! The programs beside or in front of a server.

mod lies;
mod proxy;

use axum::Router;
use tokio::net::TcpListener;

/// Serves a router until the test's runtime ends; returns its URL.
async fn serve(router: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}
