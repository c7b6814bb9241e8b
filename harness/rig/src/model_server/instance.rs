//! One base URL of the server, with its script and its log.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex};

use axum::http::Method;
use bytes::Bytes;
use tokio::sync::watch;

use super::answer::Answer;
use super::{embedding, lock};

/// One base URL of the server. Clones share the script and the log.
#[derive(Clone, Debug)]
pub struct Instance {
    url: String,
    state: Arc<Mutex<State>>,
    /// Requests since the log was last taken.
    received: Arc<watch::Sender<usize>>,
    /// How often held answers were released.
    releases: Arc<watch::Sender<usize>>,
}

/// The requests of one instance since its log was last taken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Log {
    /// In the order of their arrival.
    pub requests: Vec<Request>,
    /// Scripted answers that were not requested.
    pub unused: usize,
    /// Requests after the end of the script (answered 500 `script exhausted`).
    pub beyond_script: usize,
}

/// One request to an instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The method, in capitals.
    pub method: String,
    /// Path and query relative to the base URL, with a slash at the start.
    pub path: String,
    /// The body.
    pub body: Bytes,
}

/// How an instance answers a request.
pub(super) enum Choice {
    Scripted(Answer),
    BeyondScript,
    Default,
}

type Embed = Arc<dyn Fn(&str) -> Vec<f64> + Send + Sync>;

struct State {
    is_scripted: bool,
    script: VecDeque<Answer>,
    always: Option<Answer>,
    embed: Option<Embed>,
    is_recording: bool,
    is_holding: bool,
    log: Log,
}

impl Instance {
    pub(super) fn new(url: String) -> Instance {
        let state = State {
            is_scripted: false,
            script: VecDeque::new(),
            always: None,
            embed: None,
            is_recording: true,
            is_holding: false,
            log: Log::default(),
        };
        Instance {
            url,
            state: Arc::new(Mutex::new(state)),
            received: Arc::new(watch::Sender::new(0)),
            releases: Arc::new(watch::Sender::new(0)),
        }
    }

    /// The base URL, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> String {
        self.url.clone()
    }

    /// Replaces the script. Without answers in it, requests get default answers.
    pub fn script(&self, answers: Vec<Answer>) {
        let mut state = lock(&self.state);
        state.is_scripted = !answers.is_empty();
        state.script = answers.into();
    }

    /// Sends this answer to every request, whatever the script; `None` ends that.
    pub fn always(&self, answer: Option<Answer>) {
        lock(&self.state).always = answer;
    }

    /// Sets the embedding of default answers, for any model. Without this call it is
    /// [`embedding::scattered`], for a model that is known.
    pub fn embed_with(&self, embed: impl Fn(&str) -> Vec<f64> + Send + Sync + 'static) {
        lock(&self.state).embed = Some(Arc::new(embed));
    }

    /// Stops recording requests, for a server under load.
    pub fn stop_recording(&self) {
        lock(&self.state).is_recording = false;
    }

    /// Holds all answers back until [`release`](Self::release).
    pub fn hold(&self) {
        lock(&self.state).is_holding = true;
    }

    /// Sends the answers that are held back, by [`hold`](Self::hold) or by the script.
    pub fn release(&self) {
        lock(&self.state).is_holding = false;
        self.releases.send_modify(|releases| *releases += 1);
    }

    /// Waits until this many requests have arrived since the log was last taken.
    pub async fn received(&self, count: usize) {
        let mut received = self.received.subscribe();
        // The sender lives as long as this instance.
        let _ = received.wait_for(|received| *received >= count).await;
    }

    /// The number of requests since the log was last taken.
    #[must_use]
    pub fn count(&self) -> usize {
        *self.received.borrow()
    }

    /// The requests since the log was last taken.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        lock(&self.state).log.requests.clone()
    }

    /// Removes and returns the log, and ends the script.
    pub fn take_log(&self) -> Log {
        let mut state = lock(&self.state);
        let mut log = std::mem::take(&mut state.log);
        log.unused = state.script.len();
        state.is_scripted = false;
        state.script.clear();
        self.received.send_replace(0);
        log
    }

    /// Whether it embeds for models that are not known.
    pub(super) fn accepts_any_model(&self) -> bool {
        lock(&self.state).embed.is_some()
    }

    /// The vector of a text.
    pub(super) fn embed(&self, text: &str) -> Vec<f64> {
        let embed = lock(&self.state).embed.clone();
        match embed {
            Some(embed) => embed(text),
            None => embedding::scattered(text),
        }
    }

    /// Records a request and chooses its answer. The receiver, if there is one, changes when the
    /// answer is released.
    pub(super) fn receive(&self, request: Request) -> (Choice, Option<watch::Receiver<usize>>) {
        let mut state = lock(&self.state);
        // Before the request counts as received: what releases it may wait for that.
        let releases = self.releases.subscribe();
        let choice = state.choose(&request);
        let is_held = match &choice {
            Choice::Scripted(answer) => answer.hold || state.is_holding,
            _ => state.is_holding,
        };
        if state.is_recording {
            state.log.requests.push(request);
        }
        drop(state);
        self.received.send_modify(|received| *received += 1);
        (choice, is_held.then_some(releases))
    }
}

impl State {
    /// Takes the first answer of the script for this request.
    ///
    /// An answer without a path, and the end of the script, concern only requests to a model:
    /// `/api/tags` uses no answer up.
    fn choose(&mut self, request: &Request) -> Choice {
        if let Some(answer) = &self.always {
            return Choice::Scripted(answer.clone());
        }
        if !self.is_scripted {
            return Choice::Default;
        }
        let path = request.path.split('?').next().unwrap_or_default();
        let is_for_model =
            request.method == Method::POST.as_str() && matches!(path, "/api/embed" | "/api/chat");
        let position = self.script.iter().position(|answer| match &answer.path {
            Some(wanted) => wanted == path,
            None => is_for_model,
        });
        match position.and_then(|position| self.script.remove(position)) {
            Some(answer) => Choice::Scripted(answer),
            None if is_for_model => {
                self.log.beyond_script += 1;
                Choice::BeyondScript
            }
            None => Choice::Default,
        }
    }
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("State")
            .field("script", &self.script)
            .field("log", &self.log)
            .finish_non_exhaustive()
    }
}
