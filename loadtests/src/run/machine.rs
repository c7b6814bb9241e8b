//! The machine of a run.

use anyhow::Result;
use procfs::{CpuInfo, Current, Meminfo};

use crate::results::Machine;

/// Describes this machine.
pub(super) fn describe() -> Result<Machine> {
    let processors = CpuInfo::current()?;
    let kernel = std::fs::read_to_string("/proc/sys/kernel/osrelease")?;
    Ok(Machine {
        processor: processors.model_name(0).unwrap_or("unknown").to_owned(),
        cpus: u32::try_from(std::thread::available_parallelism()?.get())?,
        memory_bytes: Meminfo::current()?.mem_total,
        kernel: kernel.trim().to_owned(),
    })
}
