//! Results of parallel work that may fail.

use rayon::iter::ParallelIterator;

/// Collects the results of parallel work; where some of them are errors, the first error in the order of the input.
///
/// Collecting into a `Result` at once gives the error that some thread met first, so that two runs over the same input could report
/// different errors.
///
/// # Errors
///
/// The first error in the order of the input.
pub fn collect_in_order<T: Send, E: Send>(results: impl ParallelIterator<Item = Result<T, E>>) -> Result<Vec<T>, E> {
    let results: Vec<Result<T, E>> = results.collect();
    results.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Duration;

    use rayon::ThreadPoolBuilder;
    use rayon::iter::{IndexedParallelIterator, IntoParallelIterator};

    use super::*;

    #[test]
    fn the_first_error_is_that_of_the_input_and_not_that_of_time() {
        let threads = ThreadPoolBuilder::new().num_threads(2).build().unwrap();
        let (later, earlier) = mpsc::channel::<()>();
        let (earlier, later) = (std::sync::Mutex::new(earlier), std::sync::Mutex::new(later));
        let work = |place: usize| -> Result<usize, usize> {
            if place == 1 {
                later.lock().unwrap().send(()).unwrap();
            } else {
                // the second result is there before the first, where a second thread is free
                let _ = earlier.lock().unwrap().recv_timeout(Duration::from_secs(1));
            }
            Err(place)
        };
        let first = threads.install(|| collect_in_order((0..2).into_par_iter().with_max_len(1).map(work)));
        assert_eq!(first, Err(0));
    }

    #[test]
    fn results_keep_the_order_of_the_input() {
        let results = (0..1000).into_par_iter().filter(|number| number % 3 == 0).map(Ok::<usize, ()>);
        assert_eq!(collect_in_order(results), Ok((0..1000).step_by(3).collect()));
    }
}
