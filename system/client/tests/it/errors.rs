//! Errors of calls.

use lakehouse_client::{Client, ClientError, Problem};

use crate::service::Service;

const NOT_FOUND: &str = r#"{"type":"about:blank","title":"Not Found","status":404,"detail":"unknown corpus `a`","trace_id":"t-1"}"#;

#[tokio::test]
async fn problems_are_typed() {
    let (_, client) = Service::start(&[(404, NOT_FOUND)]).await;
    let error = client.corpus("a", |_| ()).await.unwrap_err();
    let problem = Problem {
        status: 404,
        detail: "unknown corpus `a`".to_owned(),
        trace_id: "t-1".to_owned(),
    };
    assert_eq!(error, ClientError::Problem(problem));
    assert_eq!(error.to_string(), "status 404: unknown corpus `a`");
}

#[tokio::test]
async fn answers_that_do_not_follow_the_contract_are_shown() {
    let answers = [
        (404, "no such page"),
        (200, "no JSON"),
        (200, "{}"),
        (302, ""),
    ];
    let (_, client) = Service::start(&answers).await;
    for (status, body) in answers {
        let error = client.corpus("a", |_| ()).await.unwrap_err();
        let want = format!(
            "`{}` sent an answer with status {status} that does not follow the contract: {body}",
            client.url()
        );
        assert_eq!(error.to_string(), want);
    }
}

#[tokio::test]
async fn requests_to_an_overloaded_service_are_retried() {
    let overloaded = (503, NOT_FOUND);
    let (service, client) = Service::start(&[overloaded, overloaded, (404, NOT_FOUND)]).await;
    client.corpus("a", |_| ()).await.unwrap_err();
    assert_eq!(service.requests().len(), 3);

    let (service, client) = Service::start(&[overloaded; 10]).await;
    let error = client.corpus("a", |_| ()).await.unwrap_err();
    let ClientError::Problem(problem) = error else {
        panic!("{error}");
    };
    assert_eq!((problem.status, service.requests().len()), (503, 10));
}

#[tokio::test]
async fn a_closed_port_is_reported_with_the_url() {
    let client = Client::new("http://127.0.0.1:1/").unwrap();
    let error = client.corpora(|_| ()).await.unwrap_err();
    let want = "nothing answers at `http://127.0.0.1:1`: Connection refused (os error 111)";
    assert_eq!(error.to_string(), want);
}
