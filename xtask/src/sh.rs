//! Running other programs, aloud.
//!
//! Invariant: nothing runs in silence, and nothing waits for a keyboard (standard input is closed).
//! What is printed goes to the terminal, or, inside of `collected`, to a log.

use std::cell::RefCell;
use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

pub type Result<T = ()> = std::result::Result<T, String>;

thread_local! {
    /// Where the output of this thread goes; `None` is the terminal.
    static LOG: RefCell<Option<File>> = const { RefCell::new(None) };
}

/// Prints a line, as `println!` does, to where the output of this thread goes.
macro_rules! say {
    ($($arg:tt)*) => { $crate::sh::line(&format!($($arg)*)) };
}
pub(crate) use say;

pub fn line(text: &str) {
    LOG.with_borrow_mut(|log| match log {
        Some(log) => writeln!(log, "{text}").unwrap_or_else(|_| println!("{text}")),
        None => println!("{text}"),
    });
}

/// Does the work with all that it prints, its programs too, going to this log, if there is one.
pub fn collected<T>(log: Option<&Path>, work: impl FnOnce() -> T) -> T {
    // Appending: a program and this one write to the same end.
    let open = |path| OpenOptions::new().append(true).open(path).ok();
    LOG.set(log.and_then(open));
    let result = work();
    LOG.set(None);
    result
}

/// A new, empty file for the output of a step. It stays, for whoever stopped a run in the middle.
pub fn log_of(name: &str) -> std::io::Result<PathBuf> {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    let folder = target_dir().join("steps");
    std::fs::create_dir_all(&folder)?;
    let path = folder.join(name.chars().map(plain).collect::<String>() + ".log");
    File::create(&path)?;
    Ok(path)
}

/// An end of the log for a program to write to.
fn sink() -> Stdio {
    let log = LOG.with_borrow(|log| log.as_ref().and_then(|log| log.try_clone().ok()));
    log.map_or_else(Stdio::inherit, Stdio::from)
}

/// The root of the repository. Cargo names the package's folder when it runs us.
pub fn root() -> PathBuf {
    let package = std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(
        || {
            std::env::current_dir()
                .expect("there is a current folder")
                .join("xtask")
        },
        PathBuf::from,
    );
    package
        .parent()
        .expect("xtask lies in the repository")
        .to_path_buf()
}

/// Where cargo puts what it builds.
pub fn target_dir() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| root().join("target"), |dir| root().join(dir))
}

/// The folder of the built page: `dist`, unless the environment says otherwise.
pub fn dist_dir() -> PathBuf {
    root().join(std::env::var_os("DIST").unwrap_or_else(|| "dist".into()))
}

/// A command that starts in the repository's root.
pub fn command(program: impl AsRef<Path>) -> Command {
    let mut command = Command::new(program.as_ref());
    command.current_dir(root()).stdin(Stdio::null());
    command
}

pub fn cargo(args: &str) -> Command {
    let mut command = command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(args.split_whitespace());
    command
}

/// Prints the heading, does the work, and prints the time it took.
pub fn step<T>(name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    say!("==> {name}");
    let start = Instant::now();
    let result = work();
    let word = if result.is_ok() { "done" } else { "FAILED" };
    say!("<== {name}: {word} in {}\n", seconds(start.elapsed()));
    result
}

/// Runs the command with its output going straight to the terminal.
pub fn run(command: &mut Command) -> Result {
    let shown = announce(command);
    let status = command
        .stdout(sink())
        .stderr(sink())
        .status()
        .map_err(|error| format!("`{shown}` did not start: {error}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("`{shown}` failed ({status})"))
    }
}

/// Runs the command, shows each line as it comes, and hands it to `read`.
pub fn run_reading(command: &mut Command, mut read: impl FnMut(&str)) -> Result {
    let shown = announce(command);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(sink())
        .spawn()
        .map_err(|error| format!("`{shown}` did not start: {error}"))?;
    let stdout = child.stdout.take().expect("stdout was piped");
    for line in BufReader::new(stdout).split(b'\n') {
        let line = line.map_err(|error| format!("cannot read from `{shown}`: {error}"))?;
        let line = String::from_utf8_lossy(&line);
        say!("{line}");
        read(&line);
    }
    let status = child
        .wait()
        .map_err(|error| format!("`{shown}`: {error}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("`{shown}` failed ({status})"))
    }
}

/// What a command prints, without showing it; `None` if it cannot run or fails.
pub fn output(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).output().ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The first of these programs that is on the PATH.
pub fn which(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    names
        .iter()
        .flat_map(|name| folders.iter().map(move |dir| dir.join(name)))
        .find(|p| p.is_file())
}

/// The PATH with this folder in front.
pub fn path_with(folder: &Path) -> Result<OsString> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(folder.to_path_buf()).chain(std::env::split_paths(&path));
    std::env::join_paths(folders).map_err(|error| format!("cannot extend the PATH: {error}"))
}

pub fn seconds(time: Duration) -> String {
    let whole = time.as_secs();
    if whole < 60 {
        format!("{:.1}s", time.as_secs_f64())
    } else {
        format!("{}m {:02}s", whole / 60, whole % 60)
    }
}

fn announce(command: &Command) -> String {
    let name = Path::new(command.get_program())
        .file_name()
        .unwrap_or_default();
    let mut shown = name.to_string_lossy().into_owned();
    for arg in command.get_args() {
        shown.push(' ');
        shown.push_str(&arg.to_string_lossy());
    }
    say!("    {shown}");
    shown
}
