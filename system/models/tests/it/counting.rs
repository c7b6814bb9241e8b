//! A model server that counts its requests; the tests of the crate `matrix` use it, too.

use std::time::Duration;

use lakehouse_models::embed::OllamaEmbedder;
use lakehouse_rig::model_server::{Answer, Instance, ModelServer};

/// An Ollama, and the requests to it.
pub(crate) struct Counting {
    instance: Instance,
    /// It stops when it is dropped.
    _server: ModelServer,
}

impl Counting {
    /// The number of requests.
    pub(crate) fn calls(&self) -> usize {
        self.instance.count()
    }

    /// The bodies of the requests.
    pub(crate) fn bodies(&self) -> Vec<String> {
        let requests = self.instance.requests().into_iter();
        requests
            .map(|request| String::from_utf8(request.body.to_vec()).unwrap())
            .collect()
    }

    /// Waits until this many requests have arrived.
    pub(crate) async fn called(&self, times: usize) {
        self.instance.received(times).await;
    }

    /// Holds answers back until `release`.
    pub(crate) fn hold(&self) {
        self.instance.hold();
    }

    pub(crate) fn release(&self) {
        self.instance.release();
    }

    /// Whether every request fails from now on.
    pub(crate) fn fail(&self, fails: bool) {
        self.instance.always(fails.then(|| Answer::body(500, "")));
    }

    /// Embeds a text as `[length, 1, 0, …]`.
    pub(crate) fn embed_in(&self, dimension: usize) {
        self.instance.embed_with(move |text| {
            let mut vector = vec![0.0; dimension];
            vector[0] = text.chars().count() as f64;
            vector[1] = 1.0;
            vector
        });
    }
}

/// An Ollama with vectors of three components.
pub(crate) async fn counting() -> (OllamaEmbedder, Counting) {
    let server = ModelServer::start(None).await.unwrap();
    let instance = server.instance("counting");
    let ollama = OllamaEmbedder::new(&instance.url(), Duration::from_secs(60)).unwrap();
    let counting = Counting {
        instance,
        _server: server,
    };
    counting.embed_in(3);
    (ollama, counting)
}
