//! The processor time of a piece of work: the load of the machine does not change it, as it would change the time on a clock.

use std::time::Duration;

/// The result of work that runs in one thread, and the processor time that it took.
pub fn processor_time<T: Send>(work: impl FnOnce() -> T + Send) -> (T, Duration) {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    pool.install(|| {
        let before = of_this_thread();
        let result = work();
        (result, of_this_thread().checked_sub(before).unwrap())
    })
}

/// The kernel counts nanoseconds on a processor in the first field of this file.
fn of_this_thread() -> Duration {
    let counts = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    Duration::from_nanos(counts.split_whitespace().next().unwrap().parse().unwrap())
}
