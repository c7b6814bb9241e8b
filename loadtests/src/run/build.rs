//! Release builds of the implementations.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use lakehouse_rig::implementation::{Launch, Load};
use lakehouse_rig::process;
use lakehouse_rig::template::{Values, fill};
use sha2::{Digest, Sha256};
use tokio::process::Command;

use crate::exit::UsageError;
use crate::results::Origin;

/// Builds an implementation from the workspace.
pub(super) async fn build(
    workspace: &Path,
    name: &str,
    load: &Load,
    values: &Values,
) -> Result<()> {
    run(workspace, &load.build, values)
        .await
        .with_context(|| format!("cannot build `{name}`"))
}

/// The program that the build writes.
pub(super) fn binary(load: &Load, values: &Values) -> PathBuf {
    fill(&load.binary, values).into()
}

/// The origin of a binary that the command line names.
pub(super) fn of_binary(file: &Path) -> Result<Origin> {
    let content = std::fs::read(file);
    let content = content.with_context(|| format!("cannot read `{}`", file.display()))?;
    let digest = Sha256::digest(content);
    Ok(Origin::Binary {
        path: file.display().to_string(),
        sha256: digest.iter().map(|byte| format!("{byte:02x}")).collect(),
    })
}

/// The first line that the version command prints.
pub(super) async fn version(name: &str, load: &Load, values: &Values) -> Result<String> {
    let command: Vec<String> = load
        .version_command
        .iter()
        .map(|text| fill(text, values))
        .collect();
    let [program, arguments @ ..] = command.as_slice() else {
        bail!("`{name}` has no version command");
    };
    let output = Command::new(program).args(arguments).output().await;
    let output = output.with_context(|| format!("cannot start `{program}`"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

/// The build named by `--against`: a binary, or a commit, which is built in a separate checkout below
/// `target` and kept there.
pub(super) async fn other_build(
    workspace: &Path,
    target: &Path,
    name: &str,
    load: &Load,
    binary_or_commit: &str,
) -> Result<(String, PathBuf, Origin)> {
    let file = Path::new(binary_or_commit);
    if file.is_file() {
        let label = binary_or_commit.to_owned();
        return Ok((label, std::path::absolute(file)?, of_binary(file)?));
    }
    let commit = git(
        workspace,
        &[
            "rev-parse",
            "--verify",
            "--quiet",
            &format!("{binary_or_commit}^{{commit}}"),
        ],
    )
    .await
    .map_err(|_| {
        UsageError(format!(
            "`{binary_or_commit}` is neither a file nor a commit"
        ))
    })?;
    let short = commit.get(..12).unwrap_or(&commit).to_owned();
    let builds = target.join("loadtest/builds");
    let binary = builds.join(format!("{name}-{short}"));
    let origin = Origin::Commit {
        commit: short.clone(),
    };
    if binary.is_file() {
        return Ok((short, binary, origin));
    }
    let checkout = builds.join("checkout");
    let checkout_text = checkout
        .to_str()
        .context("the path of the target folder is not UTF-8")?;
    if checkout.is_dir() {
        git(
            &checkout,
            &["checkout", "--quiet", "--force", "--detach", &commit],
        )
        .await?;
    } else {
        // Git still lists a checkout that was deleted by hand.
        git(workspace, &["worktree", "prune"]).await?;
        git(
            workspace,
            &[
                "worktree",
                "add",
                "--quiet",
                "--detach",
                checkout_text,
                &commit,
            ],
        )
        .await?;
    }
    let target = builds.join("target");
    let values = Values::from([
        ("root", checkout.display().to_string()),
        ("target", target.display().to_string()),
    ]);
    let mut launch = load.build.clone();
    let variable = "CARGO_TARGET_DIR".to_owned();
    launch
        .environment
        .insert(variable, target.display().to_string());
    run(&checkout, &launch, &values)
        .await
        .with_context(|| format!("cannot build commit `{short}`"))?;
    std::fs::copy(self::binary(load, &values), &binary)
        .with_context(|| format!("cannot copy the build of commit `{short}`"))?;
    Ok((short, binary, origin))
}

/// The commit of the checkout, with `-dirty` if it has changes; none outside git.
pub(crate) async fn commit(workspace: &Path) -> Option<String> {
    let commit = git(workspace, &["rev-parse", "--short=12", "HEAD"])
        .await
        .ok()?;
    let changes = git(workspace, &["status", "--porcelain"]).await.ok()?;
    let dirty = if changes.is_empty() { "" } else { "-dirty" };
    Some(format!("{commit}{dirty}"))
}

async fn git(directory: &Path, arguments: &[&str]) -> Result<String> {
    let output = Command::new("git")
        .args(arguments)
        .current_dir(directory)
        .output()
        .await
        .context("cannot start `git`")?;
    ensure!(
        output.status.success(),
        "`git {}` ended with {}: {}",
        arguments.join(" "),
        output.status,
        String::from_utf8_lossy(&output.stderr).trim()
    );
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

async fn run(workspace: &Path, launch: &Launch, values: &Values) -> Result<()> {
    let command = process::Command::from_launch(launch, values, workspace);
    let status = Command::new(&command.program)
        .args(&command.arguments)
        .envs(&command.environment)
        .current_dir(&command.directory)
        .status()
        .await
        .with_context(|| format!("cannot start `{}`", command.program))?;
    ensure!(status.success(), "`{command}` ended with {status}");
    Ok(())
}
