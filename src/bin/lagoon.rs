//! `lagoon`, the command line: runs a scenario, and turns texts into links and back.
//!
//! Exit codes: 0 well, 1 an expectation is not met, 2 the input could not be used. Invariant: the
//! answer goes to the standard output in one piece, everything about the input to the error one.

#[path = "lagoon/check.rs"]
mod check;
#[path = "lagoon/front.rs"]
mod front;
#[path = "lagoon/json.rs"]
mod json;
#[path = "lagoon/lessons.rs"]
mod lessons;
#[path = "lagoon/pages.rs"]
mod pages;
#[path = "lagoon/puzzle.rs"]
mod puzzle;
#[path = "lagoon/reason.rs"]
mod reason;
#[path = "lagoon/story.rs"]
mod story;

use lagoon::run::export::Export;
use lagoon::run::{self, Run};
use lagoon::scenario::link::{self, LinkRead, SumCheck, ViewState};
use lagoon::scenario::{Key, Parsed, canonical, edit, parse};
use lagoon::view::picture::{self, Picture};
use lagoon::view::{Show, strip};
use lexopt::{Arg, Parser};
use std::io::{self, Read, Write};
use std::path::Path;
use std::process::ExitCode;

const HELP: &str = "\
Lagoon: a playground for replication lag.

Usage:
  lagoon run SCENARIO [--json | --history | --edn | --trace | --mermaid | --svg | --strip]
                      [--seed N] [--strict]
      Runs a scenario and tells what happened. SCENARIO is a file, a link, a text in
      quotes, or - for the standard input.
        --json      one JSON object instead of the story
        --history   what the shoppers saw, as JSON lines for lagoon check
        --edn       what the shoppers saw, as EDN for Jepsen's tools
        --trace     everything that happened, as JSON lines (docs/checkers.md)
        --mermaid   the messages, as a Mermaid sequence diagram
        --svg       the diagram, as a picture
        --strip     three pictures of the stage, as a comic
        --seed N    with this seed instead of the text's
        --strict    a text with any diagnostic cannot be used
  lagoon check FILE… [--json]
      Judges histories from anywhere: JSON lines, a header first (docs/checkers.md).
  lagoon lessons [DIR] [--json | --key LESSON]
      Checks a course: every scenario, claim, bet, task and figure (docs/writing-lessons.md).
        --key LESSON  the links of a lesson's puzzle, one for each student, with the answers
  lagoon pages DIR [--from LESSONS]
      Writes the course into DIR, as the page fetches it.
  lagoon front
      Prints the page's first view, as HTML.
  lagoon link FILE
      Prints the link of a text; - is the standard input.
  lagoon text LINK
      Prints the text of a link.
  lagoon --help, lagoon --version

Exit codes: 0 well, 1 an expectation is not met, 2 the input could not be used.

For example:
  lagoon run 'alice adds book; 200ms bob views; expect fresh violated'
";

/// The input could not be used, because of this.
type Outcome = Result<ExitCode, String>;

const NOT_MET: u8 = 1;
const UNUSABLE: u8 = 2;

fn main() -> ExitCode {
    command(Parser::from_env()).unwrap_or_else(|message| {
        eprintln!("lagoon: {message}");
        ExitCode::from(UNUSABLE)
    })
}

fn command(mut args: Parser) -> Outcome {
    let Some(first) = args.next().map_err(text_of)? else {
        eprint!("{HELP}");
        return Ok(ExitCode::from(UNUSABLE));
    };
    match first {
        Arg::Long("help") | Arg::Short('h') => answer(HELP),
        Arg::Long("version") | Arg::Short('V') => {
            answer(concat!("lagoon ", env!("CARGO_PKG_VERSION"), "\n"))
        }
        Arg::Value(name) if name == "run" => run_command(args),
        Arg::Value(name) if name == "check" => check::command(args),
        Arg::Value(name) if name == "lessons" => lessons::lessons(args),
        Arg::Value(name) if name == "pages" => lessons::pages(args),
        Arg::Value(name) if name == "front" => answer(&(front::front() + "\n")),
        Arg::Value(name) if name == "link" => {
            let text = file_text(&only(args, "a file")?)?;
            answer(&(link::write(&text, &ViewState::default()) + "\n"))
        }
        Arg::Value(name) if name == "text" => text_command(&only(args, "a link")?),
        other => Err(text_of(other.unexpected()) + "; lagoon --help shows what there is"),
    }
}

/// What `run` answers with.
#[derive(Clone, Copy)]
enum Form {
    Story,
    Json,
    Export(Export),
    Picture(fn(&Show, Option<&str>) -> Picture),
}

struct Options {
    input: String,
    form: Form,
    seed: Option<String>,
    strict: bool,
}

fn options(mut args: Parser) -> Result<Options, String> {
    let (mut input, mut seed) = (None, None);
    let (mut form, mut strict) = (Form::Story, false);
    while let Some(arg) = args.next().map_err(text_of)? {
        match arg {
            Arg::Long("json") => form = Form::Json,
            Arg::Long("history") => form = Form::Export(Export::History),
            Arg::Long("edn") => form = Form::Export(Export::Edn),
            Arg::Long("trace") => form = Form::Export(Export::Trace),
            Arg::Long("svg") => form = Form::Picture(picture::diagram),
            Arg::Long("strip") => form = Form::Picture(strip::strip),
            Arg::Long("mermaid") => form = Form::Export(Export::Mermaid),
            Arg::Long("strict") => strict = true,
            Arg::Long("seed") => {
                let value = args
                    .value()
                    .map_err(text_of)?
                    .to_string_lossy()
                    .into_owned();
                seed = Some(value);
            }
            Arg::Value(value) if input.is_none() => input = Some(utf8(value)?),
            Arg::Value(_) => return Err("one scenario at a time; put a text in quotes".to_string()),
            other => return Err(text_of(other.unexpected())),
        }
    }
    let input = input.ok_or("run what? A file, a link, a text in quotes, or -")?;
    Ok(Options {
        input,
        form,
        seed,
        strict,
    })
}

fn run_command(args: Parser) -> Outcome {
    let options = options(args)?;
    let mut text = scenario_text(&options.input)?;
    if let Some(seed) = &options.seed {
        text = with_seed(&text, seed)?;
    }
    let parsed = parse(&text);
    for diagnostic in &parsed.diagnostics {
        eprintln!("{}", story::diagnostic(diagnostic));
    }
    if !parsed.is_blank() && !parsed.understood() {
        return Err("nothing here was understood".to_string());
    }
    if options.strict && !parsed.diagnostics.is_empty() {
        return Err("the text has diagnostics, and --strict allows none".to_string());
    }
    let run = run::run(&parsed.scenario);
    let claims = claims(&parsed, &run);
    answer(&match options.form {
        Form::Story => story::tell(&text, &parsed, &run, &claims),
        Form::Json => json::print(&parsed, &run, &claims),
        Form::Export(what) => what.write(&run),
        Form::Picture(draw) => {
            let scenario = parsed.scenario.clone();
            draw(&Show { scenario, run }, parsed.title.as_deref()).svg
        }
    })?;
    let met = claims.iter().all(|claim| claim.met == Some(true));
    Ok(if met {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(NOT_MET)
    })
}

fn text_command(input: &str) -> Outcome {
    let read = link::read(input);
    if !read.found {
        return Err("there is no text in this link".to_string());
    }
    whole(&read)?;
    answer(&(canonical(&read.text) + "\n"))
}

/// An `expect` line, judged.
pub struct Claim {
    pub line: u32,
    pub text: String,
    /// `None` where nothing can judge it yet; counts as not met.
    pub met: Option<bool>,
    pub reason: String,
}

fn claims(parsed: &Parsed, run: &Run) -> Vec<Claim> {
    let judged = |expect: &lagoon::scenario::Expect| {
        let (met, reason) = match &expect.claim {
            None => (None, "nothing can judge this yet".to_string()),
            Some(claim) => {
                let (ground, met) = run.judge(claim, run.end());
                (met, reason::of(claim, ground, run, &parsed.scenario))
            }
        };
        Claim {
            line: expect.line,
            text: expect.text.clone(),
            met,
            reason,
        }
    };
    parsed.expects.iter().map(judged).collect()
}

/// The text that an argument of `run` names.
fn scenario_text(input: &str) -> Result<String, String> {
    if input == "-" || Path::new(input).is_file() {
        let text = file_text(input)?;
        // A link may be kept in a file, or come through a pipe: it has no space in it.
        if text.trim().contains(char::is_whitespace) {
            return Ok(text);
        }
        return link_text(text.trim());
    }
    link_text(input)
}

fn link_text(input: &str) -> Result<String, String> {
    let read = link::read(input);
    if !read.found && !input.trim().is_empty() {
        return Err("there is no text in this link, and no file of this name".to_string());
    }
    whole(&read)?;
    Ok(read.text)
}

/// A link whose sum is wrong is shown as far as it can be read, and not used.
fn whole(read: &LinkRead) -> Result<(), String> {
    if read.sum != SumCheck::Wrong {
        return Ok(());
    }
    Err([
        "this link looks cut off or changed; what can be read of it:\n\n",
        &read.text,
    ]
    .concat())
}

fn file_text(name: &str) -> Result<String, String> {
    let mut bytes = Vec::new();
    let read = if name == "-" {
        io::stdin().lock().read_to_end(&mut bytes).map(|_| ())
    } else {
        std::fs::read(name).map(|read| bytes = read)
    };
    read.map_err(|error| [name, ": ", &error.to_string()].concat())?;
    String::from_utf8(bytes).map_err(|_| [name, ": this is not a text"].concat())
}

fn with_seed(text: &str, seed: &str) -> Result<String, String> {
    match lagoon::scenario::seed_of(seed) {
        Some(seed) => Ok(edit::set_setting(text, Key::Seed, &seed.0.to_string())),
        None => Err([seed, " is no seed: a whole number, 0 or more"].concat()),
    }
}

fn only(mut args: Parser, what: &str) -> Result<String, String> {
    let one = match args.next().map_err(text_of)? {
        Some(Arg::Value(value)) => utf8(value)?,
        Some(other) => return Err(text_of(other.unexpected())),
        None => return Err([what, " is needed"].concat()),
    };
    match args.next().map_err(text_of)? {
        None => Ok(one),
        Some(_) => Err(["only ", what, " is needed; put a text in quotes"].concat()),
    }
}

fn utf8(value: std::ffi::OsString) -> Result<String, String> {
    value
        .into_string()
        .map_err(|_| "this is not a text".to_string())
}

fn text_of(error: lexopt::Error) -> String {
    error.to_string()
}

/// A reader that stops reading, as `head` does, is no error.
fn answer(text: &str) -> Outcome {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.to_string()),
        _ => Ok(ExitCode::SUCCESS),
    }
}
