//! Programs that run beside or in front of a server: the bare route, the model server, the proxy.

pub mod bare;
pub mod lies;
pub mod proxy;
pub mod upstream;
