//! The program: arguments → result and exit code.

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    let child = kollektiv::table::trial_reading::start().or_else(kollektiv::output::pdf::typesetter::start);
    child.unwrap_or_else(|| {
        kollektiv::cli::file_size_limit::ignore_signal();
        kollektiv::cli::run(std::env::args_os())
    })
}
