//! `cargo xtask`: everything that is done to this repository, in one place.
//!
//! Standard library only, so that it compiles in seconds on a fresh machine. Each task says what
//! it does and how long it took; a missing tool is installed at its pinned version, or named with
//! the command that installs it.
//!
//! Read next: `test.rs` for what is checked, `page.rs` for how the page is made.

#![allow(
    clippy::disallowed_methods,
    reason = "xtask runs natively and measures real time"
)]

mod against;
mod bench;
mod laws;
mod page;
mod schedule;
mod serve;
mod sh;
mod test;
mod times;
mod tools;

use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask serve [--port N]         build the page and serve it on this machine
cargo xtask build                    build the page into dist/, ready for any static host
cargo xtask build --single-file [LESSON]
                                     and write it, or one lesson, as one HTML file into single/
cargo xtask test [--native] [WORD]   run every check; WORD keeps the steps whose names contain it
cargo xtask bench [WORD] [--quick] [--against REV]
                                     run the benches; WORD keeps those whose names contain it,
                                     --against measures this tree and a git revision in one go
cargo xtask swarm [N [FROM]]         hold N random scenarios to the laws, 100,000 unless said

--native   leave out the page and the browsers: the quick loop
DIST=dir   build into another folder than dist/";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let result = match words.as_slice() {
        ["serve"] => serve::serve(8080),
        ["serve", "--port", port] => match port.parse() {
            Ok(port) => serve::serve(port),
            Err(_) => Err(format!("`{port}` is not a port: a number from 1 to 65535")),
        },
        ["build"] => page::build(),
        ["build", "--single-file", lesson @ ..] if lesson.len() <= 1 => page::single(lesson),
        ["test", rest @ ..] => match test::Options::parse(rest) {
            Ok(options) => return test::test(&options),
            Err(error) => Err(error),
        },
        ["bench", rest @ ..] => bench::Options::parse(rest).and_then(|asked| bench::bench(&asked)),
        ["swarm", rest @ ..] if rest.len() <= 2 => test::swarm(rest),
        ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            Ok(())
        }
        _ => Err(format!("what shall be done?\n\n{USAGE}")),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error}");
            ExitCode::FAILURE
        }
    }
}
