//! Servers as processes.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use lakehouse_rig::implementation::{Launch, Serve};
use lakehouse_rig::port;
use lakehouse_rig::process::{Server, Start, StartError, Supervisor, log};
use lakehouse_rig::template::Values;
use tempfile::TempDir;
use tokio::sync::watch;

/// Listens on the port in its first argument, and answers 200 to everything.
const LISTENER: &str = "
import http.server, sys
server = http.server.ThreadingHTTPServer(('127.0.0.1', int(sys.argv[1])), http.server.SimpleHTTPRequestHandler)
";
const PRINTS_URL: &str = "
print(f'http://127.0.0.1:{server.server_port}', flush=True)
print('second line', flush=True)
";
const SERVES: &str = "
server.serve_forever()
";

struct Run {
    folder: TempDir,
    supervisor: Arc<Supervisor>,
}

impl Run {
    fn new() -> Run {
        let folder = tempfile::tempdir().unwrap();
        let (_, stop) = watch::channel(false);
        let supervisor = Supervisor::new(folder.path().join("logs"), stop).unwrap();
        Run {
            folder,
            supervisor: Arc::new(supervisor),
        }
    }

    async fn start(&self, serve: &Serve) -> Result<Server, StartError> {
        let start = Start {
            serve,
            values: Values::new(),
            root: self.folder.path(),
            name: "`it`",
            log: self.log(),
        };
        Server::start(&self.supervisor, start).await
    }

    async fn failure(&self, serve: &Serve) -> String {
        match self.start(serve).await {
            Err(StartError::NotReady(why)) => why,
            other => panic!("{other:?}"),
        }
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("logs/it.log")
    }

    /// Checks that nothing is left behind.
    async fn end(self) {
        self.supervisor.sweep().await;
        assert_eq!(self.supervisor.take_failures(), [""; 0]);
    }
}

fn python(parts: &[&str], port: &str) -> Serve {
    let command = ["python3", "-c", &parts.concat(), port].map(str::to_owned);
    let launch = Launch {
        command: command.to_vec(),
        ..Launch::default()
    };
    Serve {
        ready_timeout: Duration::from_secs(60),
        ..Serve::new(launch, "/")
    }
}

async fn wait_for_line(log: &Path, line: &str) {
    let wait = async {
        while !log::tail(log).contains(line) {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let waited = tokio::time::timeout(Duration::from_secs(60), wait).await;
    waited.unwrap_or_else(|_| panic!("no `{line}` in the log"));
}

fn port_of(url: &str) -> u16 {
    url.rsplit_once(':').unwrap().1.parse().unwrap()
}

#[tokio::test]
async fn a_server_prints_its_url_and_then_logs() {
    let run = Run::new();
    let server = run
        .start(&python(&[LISTENER, PRINTS_URL, SERVES], "0"))
        .await;
    let server = server.unwrap();
    let port = port_of(server.url());
    assert!(port::has_listener(port));
    wait_for_line(server.log(), "second line").await;
    assert!(log::tail(server.log()).contains(server.url()));
    server.stop(&run.supervisor).await;
    assert!(!port::has_listener(port));
    run.end().await;
}

#[tokio::test]
async fn a_server_listens_on_the_port_that_it_is_given() {
    let run = Run::new();
    let server = run.start(&python(&[LISTENER, SERVES], "{port}")).await;
    let server = server.unwrap();
    assert!(port::has_listener(port_of(server.url())));
    server.kill().await;
    run.end().await;
}

#[tokio::test]
async fn a_start_fails_with_the_reason() {
    let run = Run::new();
    let quick = |serve| Serve {
        ready_timeout: Duration::from_millis(200),
        ..serve
    };
    let why = run.failure(&python(&["print('hello')", SERVES], "0")).await;
    assert!(
        why.starts_with("`it` printed `hello` on standard output"),
        "{why}"
    );
    let why = run
        .failure(&quick(python(&["import time; time.sleep(600)"], "0")))
        .await;
    assert!(
        why.starts_with("`it` printed no URL on standard output"),
        "{why}"
    );
    let why = run
        .failure(&python(&["import sys; sys.exit(3)"], "0"))
        .await;
    assert!(
        why.starts_with("`it` ended before it was ready (exit code 3)"),
        "{why}"
    );
    let why = run
        .failure(&python(&["import sys; sys.exit('broken')"], "{port}"))
        .await;
    assert!(
        why.starts_with("`it` ended before it was ready (exit code 1)"),
        "{why}"
    );
    assert!(
        why.contains("  command: python3 -c ") && why.ends_with("broken"),
        "{why}"
    );
    let mut missing = python(&[], "0");
    missing.launch.command = vec!["no-such-program".to_owned()];
    let why = run.failure(&missing).await;
    assert!(
        why.starts_with("failed to start the server of `it`: `no-such-program`"),
        "{why}"
    );
    run.end().await;
}

#[tokio::test]
async fn a_stopped_run_starts_no_server() {
    let folder = tempfile::tempdir().unwrap();
    let (stop, stopped) = watch::channel(false);
    let supervisor = Supervisor::new(folder.path().join("logs"), stopped).unwrap();
    stop.send(true).unwrap();
    let run = Run {
        folder,
        supervisor: Arc::new(supervisor),
    };
    let error = run
        .start(&python(&[LISTENER, SERVES], "{port}"))
        .await
        .unwrap_err();
    assert!(matches!(error, StartError::Stopped), "{error}");
    run.end().await;
}

#[tokio::test]
async fn processes_that_leave_their_group_are_killed_and_reported() {
    let run = Run::new();
    let daemon = "
import subprocess
subprocess.Popen(['sleep', '600'], start_new_session=True)
";
    let server = run
        .start(&python(&[daemon, LISTENER, PRINTS_URL, SERVES], "0"))
        .await;
    server.unwrap().stop(&run.supervisor).await;
    run.supervisor.sweep().await;
    let [failure] = &run.supervisor.take_failures()[..] else {
        panic!("one process was left behind");
    };
    assert!(failure.starts_with("`sleep 600` (process "), "{failure}");
    run.end().await;
}
