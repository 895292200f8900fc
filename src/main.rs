//! The program: arguments → result and exit code.

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    kollektiv::table::trial::start().unwrap_or_else(|| {
        kollektiv::cli::file_size_limit::ignore_signal();
        kollektiv::cli::run(std::env::args_os())
    })
}
