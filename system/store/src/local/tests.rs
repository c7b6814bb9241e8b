//! The states that a crash can leave behind.
//!
//! A recording disk notes the operations of a call in order. A model of a disk then crashes after
//! each of them and assumes the worst: any subset of the unsynced changes to folders survives, and
//! a file whose bytes were not synced is damaged.

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use object_store::path::Path as Key;
use object_store::{MultipartUpload as _, ObjectStore, ObjectStoreExt, PutMode, PutPayload};
use parking_lot::Mutex;

use super::disk::{Disk, FileSystem};
use super::{LocalStore, Staged};

#[derive(Debug, Clone)]
enum Operation {
    CreateFolder(PathBuf),
    CreateFile(PathBuf),
    Write(PathBuf, Vec<u8>),
    SyncFile(PathBuf),
    SyncFolder(PathBuf),
    Rename(PathBuf, PathBuf),
    Link(PathBuf, PathBuf),
    Remove(PathBuf),
}

use Operation::{CreateFile, CreateFolder, Link, Remove, Rename, SyncFile, SyncFolder, Write};

/// Notes every operation that succeeds.
#[derive(Debug, Clone, Default)]
struct Recorder(Arc<Mutex<Vec<Operation>>>);

impl Recorder {
    fn note<T>(&self, operation: Operation, result: io::Result<T>) -> io::Result<T> {
        if result.is_ok() {
            self.0.lock().push(operation);
        }
        result
    }
}

impl Disk for Recorder {
    fn create_folder(&self, path: &Path) -> io::Result<()> {
        self.note(CreateFolder(path.into()), FileSystem.create_folder(path))
    }

    fn create_file(&self, path: &Path) -> io::Result<File> {
        self.note(CreateFile(path.into()), FileSystem.create_file(path))
    }

    fn write_at(&self, staged: &Staged, bytes: &[u8], offset: u64) -> io::Result<()> {
        let written = FileSystem.write_at(staged, bytes, offset);
        self.note(Write(staged.path.clone(), bytes.to_vec()), written)
    }

    fn sync_file(&self, staged: &Staged) -> io::Result<()> {
        self.note(SyncFile(staged.path.clone()), FileSystem.sync_file(staged))
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        self.note(SyncFolder(path.into()), FileSystem.sync_folder(path))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.note(Rename(from.into(), to.into()), FileSystem.rename(from, to))
    }

    fn link(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.note(Link(from.into(), to.into()), FileSystem.link(from, to))
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.note(Remove(path.into()), FileSystem.remove(path))
    }
}

/// The target of a name.
#[derive(Debug, Clone, Copy)]
enum Node {
    Folder,
    File(usize),
}

#[derive(Debug, Clone, Default)]
struct Content {
    bytes: Vec<u8>,
    is_synced: bool,
}

/// A change to one folder: the new target of a name, or none after a removal.
type Change = (PathBuf, Option<Node>);

/// A disk, and the part of it that survives a crash.
#[derive(Debug, Clone, Default)]
struct Model {
    contents: Vec<Content>,
    names: BTreeMap<PathBuf, Node>,
    durable: BTreeMap<PathBuf, Node>,
    /// The unsynced changes, oldest first; those of one entry survive together.
    pending: Vec<Vec<Change>>,
}

impl Model {
    fn apply(&mut self, operation: &Operation) {
        match operation {
            CreateFolder(path) => self.change(vec![(path.clone(), Some(Node::Folder))]),
            CreateFile(path) => {
                self.contents.push(Content::default());
                let node = Node::File(self.contents.len() - 1);
                self.change(vec![(path.clone(), Some(node))]);
            }
            Write(path, bytes) => {
                let content = self.content(path);
                content.bytes.extend(bytes);
                content.is_synced = false;
            }
            SyncFile(path) => self.content(path).is_synced = true,
            SyncFolder(folder) => {
                let is_in = |change: &Change| change.0.parent() == Some(folder);
                for changes in std::mem::take(&mut self.pending) {
                    let (synced, rest): (Vec<_>, Vec<_>) = changes.into_iter().partition(is_in);
                    set(&mut self.durable, &synced);
                    self.pending.extend((!rest.is_empty()).then_some(rest));
                }
            }
            Rename(from, to) => {
                let changes = vec![(to.clone(), Some(self.names[from])), (from.clone(), None)];
                match from.parent() == to.parent() {
                    true => self.change(changes),
                    false => changes.into_iter().for_each(|c| self.change(vec![c])),
                }
            }
            Link(from, to) => self.change(vec![(to.clone(), Some(self.names[from]))]),
            Remove(path) => self.change(vec![(path.clone(), None)]),
        }
    }

    fn change(&mut self, changes: Vec<Change>) {
        set(&mut self.names, &changes);
        self.pending.push(changes);
    }

    fn content(&mut self, path: &Path) -> &mut Content {
        let Node::File(at) = self.names[path] else {
            panic!("{} is a folder", path.display());
        };
        &mut self.contents[at]
    }

    /// The possible contents of the paths after a crash at this point.
    fn crash(&self, paths: &[PathBuf]) -> Vec<Vec<String>> {
        let subsets = 0..1_u32 << self.pending.len();
        let after = subsets.map(|subset| {
            let mut names = self.durable.clone();
            for (at, changes) in self.pending.iter().enumerate() {
                if subset >> at & 1 == 1 {
                    set(&mut names, changes);
                }
            }
            let seen = |path: &PathBuf| self.look(&names, path);
            paths.iter().map(seen).collect()
        });
        after.collect()
    }

    fn look(&self, names: &BTreeMap<PathBuf, Node>, path: &Path) -> String {
        let mut folders = path
            .ancestors()
            .skip(1)
            .filter(|f| self.names.contains_key(*f));
        let is_reachable = folders.all(|f| names.contains_key(f));
        match names.get(path) {
            Some(Node::File(at)) if is_reachable && self.contents[*at].is_synced => {
                String::from_utf8(self.contents[*at].bytes.clone()).unwrap()
            }
            Some(Node::File(_)) if is_reachable => "damaged".to_owned(),
            _ => "absent".to_owned(),
        }
    }
}

fn set(names: &mut BTreeMap<PathBuf, Node>, changes: &[Change]) {
    for (path, node) in changes {
        match node {
            Some(node) => names.insert(path.clone(), *node),
            None => names.remove(path),
        };
    }
}

/// A store that records, below a temporary folder.
struct Recorded {
    store: LocalStore,
    recorder: Recorder,
    root: PathBuf,
    /// The operations before the call under test.
    earlier: usize,
    _folder: tempfile::TempDir,
}

impl Recorded {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let recorder = Recorder::default();
        let store = LocalStore::open_on(folder.path(), Box::new(recorder.clone())).unwrap();
        Self {
            root: store.0.root.clone(),
            store,
            recorder,
            earlier: 0,
            _folder: folder,
        }
    }

    /// A store with an object that is durable.
    async fn with(key: &str, content: &'static str) -> Self {
        let mut recorded = Self::new();
        recorded
            .store
            .put(&key.into(), content.into())
            .await
            .unwrap();
        recorded.earlier = recorded.recorder.0.lock().len();
        recorded
    }

    /// Checks the objects under these keys after a crash: during the call, one of `during` or
    /// `finally`; after its return, only `finally`.
    fn check(&self, keys: &[&str], during: &[&[&str]], finally: &[&str]) {
        let operations = self.recorder.0.lock().clone();
        let fault = self.fault(&operations, keys, during, finally);
        assert_eq!(fault, None, "{operations:#?}");
    }

    fn fault(
        &self,
        operations: &[Operation],
        keys: &[&str],
        during: &[&[&str]],
        finally: &[&str],
    ) -> Option<String> {
        let paths: Vec<_> = keys.iter().map(|key| self.root.join(key)).collect();
        let mut model = Model::default();
        for (at, operation) in operations.iter().enumerate() {
            model.apply(operation);
            if at < self.earlier {
                continue;
            }
            for left in model.crash(&paths) {
                if !during
                    .iter()
                    .chain([&finally])
                    .any(|allowed| *allowed == left)
                {
                    return Some(format!("after {operation:?}: {left:?}"));
                }
            }
        }
        let after = model.crash(&paths);
        let lost = after.into_iter().find(|left| left != finally);
        lost.map(|left| format!("after the return: {left:?}"))
    }
}

fn key(text: &str) -> Key {
    Key::from(text)
}

async fn put(store: &LocalStore, text: &str, mode: PutMode) -> object_store::Result<()> {
    let options = mode.into();
    store
        .put_opts(&key(text), "new".into(), options)
        .await
        .map(drop)
}

#[tokio::test]
async fn a_new_object_is_absent_or_whole_and_whole_on_return() {
    let new = Recorded::new();
    put(&new.store, "a/b/c", PutMode::Overwrite).await.unwrap();
    new.check(&["a/b/c"], &[&["absent"]], &["new"]);

    let new = Recorded::new();
    put(&new.store, "a/b/c", PutMode::Create).await.unwrap();
    new.check(&["a/b/c"], &[&["absent"]], &["new"]);
}

#[tokio::test]
async fn every_sync_of_a_put_is_needed_and_its_absence_is_noticed() {
    for mode in [PutMode::Overwrite, PutMode::Create] {
        let new = Recorded::new();
        put(&new.store, "a/b/c", mode).await.unwrap();
        let all = new.recorder.0.lock().clone();
        let syncs = (0..all.len()).filter(|at| matches!(all[*at], SyncFile(_) | SyncFolder(_)));
        let mut count = 0;
        for at in syncs {
            let mut operations = all.clone();
            operations.remove(at);
            let fault = new.fault(&operations, &["a/b/c"], &[&["absent"]], &["new"]);
            assert!(fault.is_some(), "without {:?}: {all:#?}", all[at]);
            count += 1;
        }
        // The file, and the folders of `c`, `b` and `a`.
        assert_eq!(count, 4, "{all:#?}");
    }
}

#[tokio::test]
async fn an_overwritten_object_is_the_old_or_the_new_one() {
    let recorded = Recorded::with("a/x", "old").await;
    put(&recorded.store, "a/x", PutMode::Overwrite)
        .await
        .unwrap();
    recorded.check(&["a/x"], &[&["old"]], &["new"]);
}

#[tokio::test]
async fn a_lost_race_leaves_the_winner_alone() {
    let recorded = Recorded::with("a/x", "old").await;
    let error = put(&recorded.store, "a/x", PutMode::Create)
        .await
        .unwrap_err();
    assert!(
        matches!(error, object_store::Error::AlreadyExists { .. }),
        "{error}"
    );
    recorded.check(&["a/x"], &[], &["old"]);
    let files = std::fs::read_dir(recorded.root.join("a")).unwrap();
    assert_eq!(files.count(), 1);
}

#[tokio::test]
async fn an_upload_is_absent_or_whole() {
    let new = Recorded::new();
    let mut upload = new.store.put_multipart(&key("a/x")).await.unwrap();
    for part in ["one ", "two ", "three"] {
        upload.put_part(PutPayload::from(part)).await.unwrap();
    }
    upload.complete().await.unwrap();
    new.check(&["a/x"], &[&["absent"]], &["one two three"]);
}

#[tokio::test]
async fn a_file_that_is_moved_in_is_absent_or_whole() {
    let recorded = Recorded::with("b/x", "old").await;
    let outside = recorded.root.join("outside");
    // An unsynced file.
    std::fs::write(&outside, "new").unwrap();
    for operation in [
        CreateFile(outside.clone()),
        Write(outside.clone(), b"new".to_vec()),
    ] {
        recorded.recorder.0.lock().push(operation);
    }
    recorded.store.move_in(&key("b/x"), &outside).await.unwrap();
    recorded.check(&["b/x"], &[&["old"]], &["new"]);
}

#[tokio::test]
async fn a_copy_is_the_old_or_the_new_object() {
    let new = Recorded::with("a/x", "one").await;
    new.store.copy(&key("a/x"), &key("b/y")).await.unwrap();
    new.check(&["a/x", "b/y"], &[&["one", "absent"]], &["one", "one"]);

    let new = Recorded::with("a/x", "one").await;
    let (from, to) = (key("a/x"), key("b/y"));
    new.store.copy_if_not_exists(&from, &to).await.unwrap();
    new.check(&["a/x", "b/y"], &[&["one", "absent"]], &["one", "one"]);
}

#[tokio::test]
async fn a_rename_never_loses_the_object() {
    let recorded = Recorded::with("a/x", "one").await;
    recorded
        .store
        .rename(&key("a/x"), &key("b/y"))
        .await
        .unwrap();
    let during: [&[&str]; 2] = [&["one", "absent"], &["one", "one"]];
    recorded.check(&["a/x", "b/y"], &during, &["absent", "one"]);
}

#[tokio::test]
async fn a_deleted_object_stays_deleted() {
    let recorded = Recorded::with("a/x", "one").await;
    recorded.store.delete(&key("a/x")).await.unwrap();
    recorded.check(&["a/x"], &[&["one"]], &["absent"]);
}

#[tokio::test]
async fn a_folder_of_another_writer_is_synced_as_well() {
    let new = Recorded::new();
    // Another process has created the folder, and not synced its name yet.
    new.recorder.create_folder(&new.root.join("a")).unwrap();
    put(&new.store, "a/x", PutMode::Overwrite).await.unwrap();
    new.check(&["a/x"], &[&["absent"]], &["new"]);
}
