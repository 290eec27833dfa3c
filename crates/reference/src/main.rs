//! Starts the reference programs.

use std::io::Write;
use std::process::ExitCode;

use avouch_reference::causes::chain;
use avouch_reference::cli::Cli;
use avouch_reference::run::run;
use clap::Parser;

#[tokio::main]
async fn main() -> ExitCode {
    match run(Cli::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "avouch-reference: {}", chain(error.as_ref()));
            ExitCode::FAILURE
        }
    }
}
