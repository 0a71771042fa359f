//! The tools that the repository needs, at pinned versions.
//!
//! What can be installed without touching the rest of the machine goes to `.tools/` and
//! `node_modules/`, both ignored by git. The browsers come from the system's packages, where we
//! may install them; without WebKit the tests run all the same. Whatever we may not install is
//! named with the command that does.

use crate::sh::{self, Result};
use std::path::{Path, PathBuf};

pub const TRUNK: &str = "0.21.14";
/// Must equal the `wasm-bindgen` dependency in Cargo.toml and the tool in Trunk.toml.
pub const WASM_BINDGEN: &str = "0.2.130";
/// Builds the example of docs/embedding.md.
pub const MDBOOK: &str = "0.4.52";
pub const LIGHTHOUSE: &str = "12.8.2";
const NODE_MAJOR: u32 = 20;
/// An older one, 140 for one, does not know what the tests' driver asks of it.
const FIREFOX_MAJOR: u32 = 144;
const WASM: &str = "wasm32-unknown-unknown";

pub struct Browsers {
    pub chromium: PathBuf,
    pub firefox: PathBuf,
}

/// What rust-toolchain.toml names, for machines whose toolchain was installed without it.
pub fn rust_components() -> Result {
    for (name, asks) in [("rustfmt", "fmt --version"), ("clippy", "clippy --version")] {
        if sh::output(&mut sh::cargo(asks)).is_none() {
            sh::run(sh::command("rustup").args(["component", "add", name]))
                .map_err(|e| format!("{e}\ninstall it with: rustup component add {name}"))?;
        }
    }
    Ok(())
}

pub fn wasm_target() -> Result {
    let asks = ["--print", "target-libdir", "--target", WASM];
    let dir = sh::output(sh::command("rustc").args(asks));
    if dir.is_some_and(|dir| Path::new(&dir).is_dir()) {
        return Ok(());
    }
    sh::run(sh::command("rustup").args(["target", "add", WASM]))
        .map_err(|e| format!("{e}\ninstall it with: rustup target add {WASM}"))
}

pub fn trunk() -> Result<PathBuf> {
    cargo_tool("trunk", "trunk", TRUNK, 6, &[])
}

pub fn wasm_bindgen() -> Result<PathBuf> {
    cargo_tool("wasm-bindgen", "wasm-bindgen-cli", WASM_BINDGEN, 3, &[])
}

pub fn mdbook() -> Result<PathBuf> {
    // Without its server, which would take as long again.
    let plain = &["--no-default-features"];
    cargo_tool("mdbook", "mdbook", MDBOOK, 2, plain)
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
    let modified = |path: &str| {
        sh::root()
            .join(path)
            .metadata()
            .and_then(|m| m.modified())
            .ok()
    };
    let installed = modified("node_modules/.package-lock.json");
    if installed.is_some() && installed >= modified("package-lock.json") {
        return Ok(());
    }
    println!(
        "    installing the npm packages that finish the page and drive the browsers (under a minute)"
    );
    sh::run(sh::command("npm").arg("ci"))
        .map_err(|e| format!("{e}\nnpm comes with Node.js; on Debian: apt-get install -y npm"))
}

/// Lighthouse weighs more than all the rest together, so only the bench installs it.
pub fn lighthouse() -> Result<PathBuf> {
    node()?;
    let home = sh::root().join(".tools/lighthouse");
    let package = home.join("node_modules/lighthouse");
    let described = std::fs::read_to_string(package.join("package.json")).unwrap_or_default();
    if !described.contains(&format!("\"version\": \"{LIGHTHOUSE}\"")) {
        println!("    installing Lighthouse {LIGHTHOUSE} into .tools (about 1 minute)");
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
    let recent = |path: &PathBuf| firefox_major(path).is_none_or(|major| major >= FIREFOX_MAJOR);
    let (chromium, firefox) = (find_chromium(), find_firefox().filter(recent));
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
    if !recent(&firefox) {
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
    println!("    installing {list} with apt-get (about 2 minutes)");
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

/// A tool from crates.io: the pinned one in `.tools` or on the PATH, else installed to `.tools`.
fn cargo_tool(
    program: &str,
    package: &str,
    version: &str,
    minutes: u32,
    features: &[&str],
) -> Result<PathBuf> {
    let home = sh::root().join(".tools");
    let local = home.join("bin").join(program);
    let pinned = |path: &PathBuf| {
        let says = sh::output(sh::command(path).arg("--version")).unwrap_or_default();
        let says = says.split_whitespace().nth(1).unwrap_or_default();
        says.trim_start_matches('v') == version
    };
    if let Some(found) = [Some(local.clone()), sh::which(&[program])]
        .into_iter()
        .flatten()
        .find(pinned)
    {
        return Ok(found);
    }
    println!("    installing {package} {version} into .tools (about {minutes} minutes, once)");
    let install = |locked: &[&str]| {
        let mut cargo = sh::cargo("install --root .tools");
        cargo
            .arg(format!("{package}@{version}"))
            .args(locked)
            .args(features);
        // A tool has no business in the repository's own target folder.
        cargo.env_remove("CARGO_TARGET_DIR");
        sh::run(&mut cargo)
    };
    install(&["--locked"]).or_else(|_| {
        println!("    with its own lock file it did not install; trying the newest that fits");
        install(&[])
    })?;
    if pinned(&local) {
        Ok(local)
    } else {
        Err(format!("{package} {version} is not in .tools"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pin_of_wasm_bindgen_is_the_same() {
        let read = |path| std::fs::read_to_string(sh::root().join(path)).unwrap();
        assert!(read("Cargo.toml").contains(&format!("\"={WASM_BINDGEN}\"")));
        assert!(read("Trunk.toml").contains(&format!("wasm_bindgen = \"{WASM_BINDGEN}\"")));
    }
}
