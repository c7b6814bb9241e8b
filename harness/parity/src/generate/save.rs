//! Saves a finding as a case in `fixtures/probes/<surface>/found/<name>.toml`.

use std::fmt::Write as _;
use std::path::Path;

use lakehouse_rig::implementation::Transport;
use sha2::{Digest as _, Sha256};

use super::judge::Signature;
use crate::config::CaseStep;
use crate::difference::Difference;

/// A case to save.
pub(super) struct SavedCase<'a> {
    pub(super) surface: &'a str,
    pub(super) transport: Transport,
    /// The reference and the implementation.
    pub(super) pair: [&'a str; 2],
    /// The other implementations that differ from the reference.
    pub(super) also: Vec<String>,
    /// The implementations that the case's name begins with.
    pub(super) subject: String,
    pub(super) signature: &'a Signature,
    pub(super) difference: &'a Difference,
    pub(super) input: &'a [u8],
    /// The requests of an input that is a sequence.
    pub(super) requests: Option<&'a [CaseStep]>,
    /// Whether the answer to each request is an error.
    pub(super) expect_error: Vec<bool>,
    /// Whether the answer to each request is empty and the case must expect that.
    pub(super) expect_empty: Vec<bool>,
    /// The input's length before shrinking, in bytes.
    pub(super) original_length: usize,
    pub(super) tries: usize,
    /// `--generate 20000 --seed 1`
    pub(super) command: &'a str,
}

impl SavedCase<'_> {
    /// Such as `go_body_error_value_1f2e3d4c`: the same for the same input and signature.
    pub(super) fn name(&self) -> String {
        let Signature { path, kind, .. } = self.signature;
        let mut name = format!("{}_", self.subject);
        for character in path.chars() {
            if character.is_ascii_alphanumeric() {
                name.push(character);
            } else if !name.ends_with('_') {
                name.push('_');
            }
        }
        name.truncate(60);
        let hash = Sha256::digest(self.input);
        let kind = kind.to_string();
        let name = name.trim_end_matches('_');
        let tail: String = hash[..4].iter().fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        });
        if name.ends_with(&kind) {
            format!("{name}_{tail}")
        } else {
            format!("{name}_{kind}_{tail}")
        }
    }

    /// The file's path relative to the root.
    pub(super) fn file(&self) -> String {
        format!(
            "fixtures/probes/{}/found/{}.toml",
            self.surface,
            self.name()
        )
    }

    /// The file's text.
    pub(super) fn text(&self) -> String {
        let [left, right] = self.pair;
        let difference = self.difference;
        let shown = |text: &str| -> String {
            let text = text.replace(|c: char| c.is_control(), " ");
            crate::json::cut(&text, 200)
        };
        let mut out = format!(
            "# Found by `{}`, shrunk from {} to {} bytes in {} tries:\n# {} at `{}`\n",
            self.command,
            self.original_length,
            self.input.len(),
            self.tries,
            difference.kind,
            shown(&difference.path),
        );
        let _ = writeln!(out, "#   {left}: {}", shown(&difference.left.text));
        let _ = writeln!(out, "#   {right}: {}", shown(&difference.right.text));
        for other in &self.also {
            let _ = writeln!(out, "#   {other}: differs from {left}, too");
        }
        if let Some(class) = &self.signature.class {
            let _ = writeln!(out, "# for {}", shown(class));
        }
        let _ = writeln!(out, "\n[[case]]\nname = {}", quoted(&self.name()));
        let Some(requests) = self.requests else {
            let is_error = self.expect_error.first() == Some(&true);
            let expect = if is_error { "error" } else { "ok" };
            let _ = writeln!(out, "expect = \"{expect}\"");
            if self.expect_empty.first() == Some(&true) {
                out.push_str("empty = true\n");
            }
            let _ = writeln!(out, "transports = [\"{}\"]", self.transport);
            input(&mut out, self.input);
            return out;
        };
        let _ = writeln!(out, "transports = [\"{}\"]", self.transport);
        for (index, step) in requests.iter().enumerate() {
            out.push_str("[[case.step]]\n");
            let method = step.method.as_deref().unwrap_or_default();
            let _ = writeln!(out, "method = {}", quoted(method));
            let path = step.path.as_deref().unwrap_or_default();
            let _ = writeln!(out, "path = {}", quoted(path));
            if !step.headers.is_empty() {
                let headers = step.headers.iter();
                let headers: Vec<String> = headers
                    .map(|(name, values)| {
                        let values: Vec<String> =
                            values.iter().map(|value| quoted(value)).collect();
                        format!("{} = [{}]", quoted(name), values.join(", "))
                    })
                    .collect();
                let _ = writeln!(out, "headers = {{ {} }}", headers.join(", "));
            }
            if self.expect_error.get(index) == Some(&true) {
                out.push_str("expect = \"error\"\n");
            }
            if self.expect_empty.get(index) == Some(&true) {
                out.push_str("empty = true\n");
            }
            if let Some(body) = &step.input {
                input(&mut out, body);
            }
        }
        out
    }

    /// Writes the file below the root.
    pub(super) fn write(&self, root: &Path) -> std::io::Result<()> {
        let path = root.join(self.file());
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(path, self.text())
    }
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// Writes an input as text, or as hexadecimal digits where it is not UTF-8.
fn input(out: &mut String, bytes: &[u8]) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = writeln!(out, "input = {}", quoted(text));
        return;
    }
    out.push_str("input = { hex = \"");
    for byte in bytes {
        let _ = write!(out, "{byte:02x}");
    }
    out.push_str("\" }\n");
}
