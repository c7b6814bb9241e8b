//! A finding as a case: `fixtures/probes/<surface>/found/<name>.toml`.

use std::fmt::Write as _;
use std::path::Path;

use sha2::{Digest as _, Sha256};

use super::judge::Signature;
use crate::outcome::{Difference, Transport};

/// What is written down of a finding.
pub(super) struct Found<'a> {
    pub(super) surface: &'a str,
    pub(super) transport: Transport,
    /// The reference and the implementation.
    pub(super) pair: [&'a str; 2],
    pub(super) signature: &'a Signature,
    pub(super) difference: &'a Difference,
    pub(super) input: &'a [u8],
    pub(super) expect_error: bool,
    /// Bytes before shrinking.
    pub(super) length: usize,
    pub(super) tries: usize,
    /// `--generate 20000 --seed 1`
    pub(super) command: &'a str,
}

impl Found<'_> {
    /// `go_body_error_value_1f2e3d4c`: the same for the same input and finding.
    pub(super) fn name(&self) -> String {
        let (path, kind, _) = self.signature;
        let mut name = format!("{}_", self.pair[1]);
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

    /// The case.
    pub(super) fn text(&self) -> String {
        let [left, right] = self.pair;
        let difference = self.difference;
        let shown = |text: &str| -> String {
            let text = text.replace(|c: char| c.is_control(), " ");
            crate::json::cut(&text, 200)
        };
        let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
        let mut out = format!(
            "# Found by `{}`, shrunk from {} to {} bytes in {} tries:\n# {} at `{}`\n",
            self.command,
            self.length,
            self.input.len(),
            self.tries,
            difference.kind,
            shown(&difference.path),
        );
        let _ = writeln!(out, "#   {left}: {}", shown(&difference.left.text));
        let _ = writeln!(out, "#   {right}: {}", shown(&difference.right.text));
        let _ = writeln!(out, "\n[[case]]\nname = {}", quoted(&self.name()));
        if self.expect_error {
            out.push_str("expect = \"error\"\n");
        } else {
            out.push_str("expect = \"ok\"\n");
        }
        let _ = writeln!(out, "transports = [\"{}\"]", self.transport);
        match std::str::from_utf8(self.input) {
            Ok(text) => {
                let _ = writeln!(out, "input = {}", quoted(text));
            }
            Err(_) => {
                let hex = self.input.iter().fold(String::new(), |mut hex, byte| {
                    let _ = write!(hex, "{byte:02x}");
                    hex
                });
                let _ = writeln!(out, "input = {{ hex = \"{hex}\" }}");
            }
        }
        out
    }

    /// Writes it below the root.
    pub(super) fn write(&self, root: &Path) -> std::io::Result<()> {
        let path = root.join(self.file());
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(path, self.text())
    }
}
