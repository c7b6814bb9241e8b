//! `lakehouse config`: prints the configuration in force.

use anstream::print;
use anyhow::Context;

use super::CommandError;
use crate::{cli::ConfigArgs, compose::Config, config::load};

/// Prints the configuration in force as TOML, secrets left out.
///
/// # Errors
/// When the configuration is rejected.
pub fn run(args: ConfigArgs) -> Result<(), CommandError> {
    let config: Config = load(&args.into())?;
    let text = toml::to_string(&config).context("cannot write the configuration as TOML")?;
    print!("{text}");
    Ok(())
}
