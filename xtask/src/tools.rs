//! The tools that the repository needs, at pinned versions.
//!
//! What can be installed without touching the rest of the machine goes to `.tools/` and
//! `node_modules/`, both ignored by git. The browsers come from the system's packages, where we
//! may install them; without WebKit the tests run all the same. Whatever we may not install is
//! named with the command that does.

use crate::sh::{self, Result, say};
use std::path::{Path, PathBuf};

pub const TRUNK: CargoTool = CargoTool {
    step: "install trunk 0.21.14",
    program: "trunk",
    package: "trunk",
    version: "0.21.14",
    // Without what it asks the network for: its own version, and tools, which it is given.
    features: &["--no-default-features"],
};
/// Its version must equal the `wasm-bindgen` dependency in Cargo.toml and the tool in Trunk.toml.
pub const WASM_BINDGEN: CargoTool = CargoTool {
    step: "install wasm-bindgen-cli 0.2.130",
    program: "wasm-bindgen",
    package: "wasm-bindgen-cli",
    version: "0.2.130",
    // Without its test runners, and what they would ask the network.
    features: &["--no-default-features", "--bin", "wasm-bindgen"],
};
/// Builds the example of docs/embedding.md.
pub const MDBOOK: CargoTool = CargoTool {
    step: "install mdbook 0.4.52",
    program: "mdbook",
    package: "mdbook",
    version: "0.4.52",
    // Without its server, which would take as long again.
    features: &["--no-default-features"],
};
pub const LIGHTHOUSE: &str = "12.8.2";
const NODE_MAJOR: u32 = 20;
/// An older one, 140 for one, does not know what the tests' driver asks of it.
const FIREFOX_MAJOR: u32 = 144;
const WASM: &str = "wasm32-unknown-unknown";

pub struct Browsers {
    pub chromium: PathBuf,
    pub firefox: PathBuf,
}

const RUST_COMPONENTS: [(&str, &str); 2] =
    [("rustfmt", "fmt --version"), ("clippy", "clippy --version")];

/// What rust-toolchain.toml names, for machines whose toolchain was installed without it.
pub fn rust_components() -> Result {
    for (name, asks) in RUST_COMPONENTS {
        if sh::output(&mut sh::cargo(asks)).is_none() {
            sh::run(sh::command("rustup").args(["component", "add", name]))
                .map_err(|e| format!("{e}\ninstall it with: rustup component add {name}"))?;
        }
    }
    wasm_target()
}

pub fn has_rust_components() -> bool {
    let there = |(_, asks): &(&str, &str)| sh::output(&mut sh::cargo(asks)).is_some();
    has_wasm_target() && RUST_COMPONENTS.iter().all(there)
}

pub fn wasm_target() -> Result {
    if has_wasm_target() {
        return Ok(());
    }
    sh::run(sh::command("rustup").args(["target", "add", WASM]))
        .map_err(|e| format!("{e}\ninstall it with: rustup target add {WASM}"))
}

fn has_wasm_target() -> bool {
    let asks = ["--print", "target-libdir", "--target", WASM];
    let dir = sh::output(sh::command("rustc").args(asks));
    dir.is_some_and(|dir| Path::new(&dir).is_dir())
}

pub fn node() -> Result {
    let how = "install Node.js 20 or newer with npm: https://nodejs.org, \
               or on Debian: apt-get install -y nodejs npm";
    let version = sh::output(sh::command("node").arg("--version"))
        .ok_or_else(|| format!("`node` is missing; {how}"))?;
    let major = version
        .trim_start_matches('v')
        .split('.')
        .next()
        .unwrap_or_default();
    if major.parse::<u32>().is_ok_and(|major| major >= NODE_MAJOR) {
        return Ok(());
    }
    Err(format!("`node` is {version}, too old; {how}"))
}

/// The packages that finish the page and drive the browsers, as package-lock.json names them.
pub fn node_modules() -> Result {
    node()?;
    if has_node_modules() {
        return Ok(());
    }
    sh::run(sh::command("npm").arg("ci"))
        .map_err(|e| format!("{e}\nnpm comes with Node.js; on Debian: apt-get install -y npm"))
}

pub fn has_node_modules() -> bool {
    let modified = |path: &str| {
        sh::root()
            .join(path)
            .metadata()
            .and_then(|m| m.modified())
            .ok()
    };
    let installed = modified("node_modules/.package-lock.json");
    installed.is_some() && installed >= modified("package-lock.json")
}

/// Lighthouse weighs more than all the rest together, so only the bench installs it.
pub fn lighthouse() -> Result<PathBuf> {
    node()?;
    let home = sh::root().join(".tools/lighthouse");
    let package = home.join("node_modules/lighthouse");
    let described = std::fs::read_to_string(package.join("package.json")).unwrap_or_default();
    if !described.contains(&format!("\"version\": \"{LIGHTHOUSE}\"")) {
        say!("    installing Lighthouse {LIGHTHOUSE} into .tools (about 1 minute)");
        std::fs::create_dir_all(&home).map_err(|e| format!("cannot make {home:?}: {e}"))?;
        let mut npm = sh::command("npm");
        npm.args(["install", "--no-save", "--no-package-lock", "--prefix"])
            .arg(&home);
        sh::run(npm.arg(format!("lighthouse@{LIGHTHOUSE}")))?;
    }
    Ok(package)
}

/// Finds both browsers, by `CHROMIUM` and `FIREFOX` or by name, and installs what is missing.
pub fn browsers() -> Result<Browsers> {
    let (chromium, firefox) = (
        find_chromium(),
        find_firefox().filter(|path| is_recent(path)),
    );
    let missing: Vec<&str> = [(&chromium, "chromium"), (&firefox, "firefox-esr")]
        .iter()
        .filter(|(found, _)| found.is_none())
        .map(|(_, package)| *package)
        .collect();
    if !missing.is_empty() {
        apt_install(&missing, &[])?;
    }
    let lost = |name| format!("{name} was installed, but is not on the PATH");
    let firefox = firefox
        .or_else(find_firefox)
        .ok_or_else(|| lost("firefox-esr"))?;
    if !is_recent(&firefox) {
        return Err(format!(
            "{} is older than Firefox {FIREFOX_MAJOR}, which the tests need: update it, or name \
             another in FIREFOX",
            firefox.display()
        ));
    }
    Ok(Browsers {
        chromium: chromium
            .or_else(find_chromium)
            .ok_or_else(|| lost("chromium"))?,
        firefox,
    })
}

/// Finds the driver of WebKit, by `WEBKIT_DRIVER` or by name, and installs it where that is
/// possible. The tests can do without: the error says why they have to.
pub fn webkit_driver() -> Result<PathBuf> {
    let find = || named("WEBKIT_DRIVER").or_else(|| sh::which(&["WebKitWebDriver"]));
    let display = std::env::var_os("DISPLAY").is_some() || sh::which(&["Xvfb"]).is_some();
    let missing: Vec<&str> = [(find().is_some(), "webkit2gtk-driver"), (display, "xvfb")]
        .iter()
        .filter(|(found, _)| !found)
        .map(|(_, package)| *package)
        .collect();
    if !missing.is_empty() {
        // What these recommend is three times what they need.
        apt_install(&missing, &["--no-install-recommends"])?;
    }
    find().ok_or_else(|| "WebKitWebDriver was installed, but is not on the PATH".to_owned())
}

pub fn has_browsers() -> bool {
    find_chromium().is_some() && find_firefox().is_some_and(|path| is_recent(&path))
}

fn is_recent(firefox: &Path) -> bool {
    firefox_major(firefox).is_none_or(|major| major >= FIREFOX_MAJOR)
}

/// Of `Mozilla Firefox 153.7.0esr`, 153; `None` where it does not say.
fn firefox_major(path: &Path) -> Option<u32> {
    let says = sh::output(sh::command(path).arg("--version"))?;
    let version = says.split_whitespace().last()?;
    version.split('.').next()?.parse().ok()
}

fn find_chromium() -> Option<PathBuf> {
    let names = [
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
    ];
    named("CHROMIUM").or_else(|| sh::which(&names))
}

fn find_firefox() -> Option<PathBuf> {
    named("FIREFOX").or_else(|| sh::which(&["firefox-esr", "firefox"]))
}

fn named(variable: &str) -> Option<PathBuf> {
    std::env::var_os(variable)
        .map(PathBuf::from)
        .filter(|path| path.is_file())
}

fn apt_install(packages: &[&str], options: &[&str]) -> Result {
    let list = packages.join(" ");
    let how = format!(
        "missing: {list}. Install with: sudo apt-get install -y {list}, \
         or name the programs in CHROMIUM, FIREFOX and WEBKIT_DRIVER"
    );
    let sudo: &[&str] = if sh::which(&["apt-get"]).is_none() {
        return Err(how);
    } else if sh::output(sh::command("id").arg("-u")).as_deref() == Some("0") {
        &[]
    } else if sh::output(sh::command("sudo").args(["-n", "true"])).is_some() {
        &["sudo", "-n"]
    } else {
        return Err(how);
    };
    say!("    installing {list} with apt-get (about 2 minutes)");
    let apt = |args: &[&str]| {
        let words = [
            sudo,
            &["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"],
            args,
        ]
        .concat();
        sh::run(sh::command(words[0]).args(&words[1..])).map_err(|e| format!("{e}\n{how}"))
    };
    apt(&["update"])?;
    apt(&[&["install", "-y"], options, packages].concat())
}

/// A program from crates.io, at a pinned version.
pub struct CargoTool {
    /// The name of the step that installs it.
    pub step: &'static str,
    program: &'static str,
    package: &'static str,
    version: &'static str,
    features: &'static [&'static str],
}

impl CargoTool {
    /// The pinned one in `.tools` or on the PATH, else installed to `.tools`.
    pub fn path(&self) -> Result<PathBuf> {
        self.found().map_or_else(|| self.install(), Ok)
    }

    pub fn found(&self) -> Option<PathBuf> {
        let local = sh::root().join(".tools/bin").join(self.program);
        let somewhere = [Some(local), sh::which(&[self.program])];
        first_pinned(somewhere.into_iter().flatten(), self.version)
    }

    /// Compiled in the least time: the tools wait for files and for each other, and save less by
    /// being quick than an optimised build of them costs.
    fn install(&self) -> Result<PathBuf> {
        let Self {
            package, version, ..
        } = self;
        let install = |locked: &[&str]| {
            let mut cargo = sh::cargo("install --debug --root .tools");
            cargo
                .arg(format!("{package}@{version}"))
                .args(self.features)
                .args(locked);
            // A tool has no business in the repository's own target folder.
            cargo.env_remove("CARGO_TARGET_DIR");
            for (setting, value) in QUICKLY_BUILT {
                cargo.env(format!("CARGO_PROFILE_DEV_{setting}"), value);
            }
            sh::run(&mut cargo)
        };
        install(&["--locked"]).or_else(|_| {
            say!("    with its own lock file it did not install; trying the newest that fits");
            install(&[])
        })?;
        self.found()
            .ok_or_else(|| format!("{package} {version} is not in .tools"))
    }
}

const QUICKLY_BUILT: [(&str, &str); 3] = [
    ("DEBUG", "0"),
    ("DEBUG_ASSERTIONS", "false"),
    ("OVERFLOW_CHECKS", "false"),
];

/// What else is on the PATH, an older one perhaps, is left alone.
fn first_pinned(mut paths: impl Iterator<Item = PathBuf>, version: &str) -> Option<PathBuf> {
    paths.find(|path| {
        let says = sh::output(sh::command(path).arg("--version"));
        says_version(&says.unwrap_or_default(), version)
    })
}

/// `trunk 0.21.14`, `mdbook v0.4.52`: the version is the second word, perhaps with more behind it.
fn says_version(says: &str, version: &str) -> bool {
    let word = says.split_whitespace().nth(1).unwrap_or_default();
    word.trim_start_matches('v') == version
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pin_of_wasm_bindgen_is_the_same() {
        let read = |path| std::fs::read_to_string(sh::root().join(path)).unwrap();
        let version = WASM_BINDGEN.version;
        assert!(read("Cargo.toml").contains(&format!("\"={version}\"")));
        assert!(read("Trunk.toml").contains(&format!("wasm_bindgen = \"{version}\"")));
    }

    #[test]
    fn a_step_is_named_by_what_it_installs() {
        for tool in [TRUNK, WASM_BINDGEN, MDBOOK] {
            assert_eq!(
                tool.step,
                format!("install {} {}", tool.package, tool.version)
            );
        }
    }

    #[test]
    fn only_the_pinned_version_is_used() {
        assert!(says_version("trunk 0.21.14", "0.21.14"));
        assert!(says_version("mdbook v0.4.52\n", "0.4.52"));
        assert!(!says_version("wasm-bindgen 0.2.13", "0.2.130"));
        assert!(!says_version("trunk 0.21.140", "0.21.14"));
        assert!(!says_version("", "0.21.14"));
    }

    #[cfg(unix)]
    #[test]
    fn a_pinned_program_from_elsewhere_is_used_as_it_is() {
        let dir = std::env::temp_dir().join(format!("lagoon-xtask-tools-{}", std::process::id()));
        std::fs::create_dir_all(&dir).unwrap();
        let program = |name: &str, says: &str| {
            let path = dir.join(name);
            let script = format!("#!/bin/sh\necho {says}\n");
            // Written by another process: a file that a fork of this one still holds cannot be run.
            let write = "printf %s \"$1\" > \"$2\" && chmod +x \"$2\"";
            let mut sh = sh::command("sh");
            sh::output(sh.args(["-c", write, "sh", &script]).arg(&path)).unwrap();
            path
        };
        let (old, pinned) = (
            program("old", "trunk 0.20.3"),
            program("new", "trunk 0.21.14"),
        );
        let found = |paths: &[&PathBuf]| first_pinned(paths.iter().copied().cloned(), "0.21.14");
        assert_eq!(found(&[&dir.join("missing"), &old, &pinned]), Some(pinned));
        assert_eq!(found(&[&old]), None);
        std::fs::remove_dir_all(dir).unwrap();
    }
}
