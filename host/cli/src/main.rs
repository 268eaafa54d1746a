//! The command line: every verb a person has.
#![forbid(unsafe_code)]

mod args;
mod beside;
mod commands;
mod config;
mod demo;
mod exit;
mod file;
mod harden;
mod logs;
mod operations;
mod options;
mod output;
mod owner;
mod platforms;
mod reload;
mod supervisor;
mod watch;

use std::process::ExitCode;

fn main() -> ExitCode {
    let args = match args::Args::read(std::env::args_os()) {
        Ok(args) => args,
        Err(error) => return exit::usage(&error),
    };
    if let Err(error) = owner::become_it(&args).and_then(|()| harden::process()) {
        return output::report(&error, args.json).into();
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let result = match runtime {
        Ok(runtime) => runtime.block_on(commands::run(&args)),
        Err(error) => Err(error.into()),
    };
    match result {
        Ok(code) => code,
        Err(error) => output::report(&error, args.json).into(),
    }
}
