//! Stands in for `wasm-bindgen` when Trunk builds the page: splits the wasm in two, and hands the
//! first module on to the real program.
//!
//! `cargo xtask build` puts it in front of the PATH. `WASM_BINDGEN` names the real program, and
//! `SPLIT_TO` the folder for the later module and the script that loads it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::{env, fs};
use wasm_split_cli_support::{Options, transform};

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<ExitCode, String> {
    let mut args: Vec<OsString> = env::args_os().skip(1).collect();
    let real = named("WASM_BINDGEN")?;
    let wasm = |arg: &OsString| {
        Path::new(arg)
            .extension()
            .is_some_and(|kind| kind == "wasm")
    };
    if let Some(input) = args.iter_mut().find(|arg| wasm(arg)) {
        let first = split(Path::new(input))?;
        *input = first.into();
        // The later module reaches the first one by its exports; the names have done their work.
        let more = [
            "--keep-lld-exports",
            "--remove-name-section",
            "--remove-producers-section",
        ];
        args.extend(more.map(OsString::from));
    }
    let status = Command::new(&real).args(args).status();
    let status = status.map_err(|error| format!("{}: {error}", real.display()))?;
    Ok(if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Writes the later module and its loader, and the first module, whose path it returns.
fn split(input: &Path) -> Result<PathBuf, String> {
    let folder = named("SPLIT_TO")?;
    let told = |path: &Path, error: std::io::Error| format!("{}: {error}", path.display());
    let wasm = fs::read(input).map_err(|error| told(input, error))?;
    let first = folder.join(input.file_name().ok_or("the wasm has no name")?);
    let mut options = Options::new(&wasm);
    options.output_dir = &folder;
    options.main_out_path = &first;
    options.link_name = "./later.js";
    let made = transform(options).map_err(|error| format!("cannot split: {error:#}"))?;
    let [later] = made.split_modules.as_slice() else {
        return Err(format!(
            "one later module was expected: {:?}",
            made.split_modules
        ));
    };
    let whole = fs::read(later).map_err(|error| told(later, error))?;
    let bare = without_names(&whole).ok_or("the later module cannot be read")?;
    fs::write(later, bare).map_err(|error| told(later, error))?;
    Ok(first)
}

fn named(variable: &str) -> Result<PathBuf, String> {
    let path = env::var_os(variable).map(PathBuf::from);
    path.ok_or_else(|| format!("{variable} is not set; `cargo xtask build` sets it"))
}

/// The module without its custom sections, which the browser does not need.
fn without_names(wasm: &[u8]) -> Option<Vec<u8>> {
    let mut bare = wasm.get(..8)?.to_vec();
    let mut at = 8;
    while at < wasm.len() {
        let (length, body) = number(wasm, at + 1)?;
        let end = body + length;
        let section = wasm.get(at..end)?;
        if section[0] != 0 {
            bare.extend_from_slice(section);
        }
        at = end;
    }
    Some(bare)
}

/// A LEB128 number, and where it ends.
fn number(wasm: &[u8], mut at: usize) -> Option<(usize, usize)> {
    let (mut value, mut shift) = (0_usize, 0);
    while shift < 32 {
        let byte = *wasm.get(at)?;
        at += 1;
        value |= usize::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some((value, at));
        }
        shift += 7;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_custom_sections_are_dropped() {
        let head = b"\0asm\x01\0\0\0";
        let module = |sections: &[&[u8]]| [&head[..], &sections.concat()].concat();
        let (names, memory): (&[u8], &[u8]) = (b"\0\x05\x04name", b"\x05\x03\x01\0\x01");
        let whole = module(&[names, memory, names]);
        assert_eq!(without_names(&whole), Some(module(&[memory])));
        assert_eq!(without_names(&whole[..whole.len() - 1]), None);
        assert_eq!(number(&[0x80, 0x01], 0), Some((128, 2)));
    }
}
