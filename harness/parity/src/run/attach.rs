//! `--attach`: uses a server that is already running, instead of starting one.

use std::sync::Arc;

use lakehouse_rig::error::Error;
use lakehouse_rig::implementation::Reach;
use lakehouse_rig::implementation::Transport;

use super::options::Options;
use crate::config::Root;

/// Replaces the processes of attached implementations by their URLs.
///
/// # Errors
///
/// An unknown name, a malformed URL, or an implementation without a surface over `http`.
pub(super) fn apply(mut root: Root, options: &Options) -> Result<Root, Error> {
    let known: Vec<String> = root.implementations.keys().cloned().collect();
    for (name, url) in &options.attach {
        let Some(implementation) = root.implementations.get_mut(name) else {
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            return Err(Error::unknown("implementation", name, &known));
        };
        if !url.starts_with("http://") && !url.starts_with("https://") {
            return Err(Error::usage(
                format!("`{url}` is not a URL"),
                "write `--attach NAME=http://127.0.0.1:PORT`",
            ));
        }
        let serves = implementation
            .surfaces
            .values()
            .any(|transports| transports.contains(&Transport::Http));
        if !serves {
            return Err(Error::usage(
                format!("`{name}` has no surface over `http`"),
                "only servers can be attached",
            ));
        }
        let attached = Arc::make_mut(implementation);
        attached.reach = Reach::Url {
            url: url.trim_end_matches('/').to_owned(),
            writes: false,
        };
        attached.version_text = Some("attached".to_owned());
    }
    Ok(root)
}
