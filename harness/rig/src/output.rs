//! Printing to readers that may be gone.

use std::io;

/// Ignores the error of a pipe that its reader closed, so that the exit code stays that of the
/// command.
///
/// # Errors
///
/// Every other error of a write.
pub fn printed(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Error, ErrorKind};

    use super::printed;

    #[test]
    fn only_a_closed_pipe_is_ignored() {
        assert!(printed(Err(Error::from(ErrorKind::BrokenPipe))).is_ok());
        assert!(printed(Err(Error::from(ErrorKind::StorageFull))).is_err());
    }
}
