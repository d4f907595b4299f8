//! Processor time and memory of this process.

/// Counts processor seconds of all threads from where it was started.
pub struct Clock(f64);

impl Clock {
    /// Starts counting.
    pub fn start() -> Clock {
        Clock(now())
    }

    /// Processor seconds since.
    pub fn seconds(&self) -> f64 {
        now() - self.0
    }
}

#[cfg(unix)]
fn now() -> f64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

/// Elsewhere the elapsed time stands in.
#[cfg(not(unix))]
fn now() -> f64 {
    use std::sync::OnceLock;
    use std::time::Instant;
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed().as_secs_f64()
}

/// The most memory this process has held, as Linux tells; elsewhere nothing.
pub fn peak_memory_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse::<u64>().ok().map(|kib| kib * 1024)
}
