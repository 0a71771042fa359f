//! The benches: `cargo xtask bench [WORD] [--quick]`; WORD keeps those whose names contain it.
//!
//! The scripts in `benches/` measure; this builds what they need and names it for them. Nothing
//! here is part of `test`: a time is no verdict on a shared machine. docs/speed.md tells how to
//! read the figures.

use crate::sh::{self, Result, say};
use crate::{page, tools};
use std::path::{Path, PathBuf};
use std::process::Command;

struct Bench {
    name: &'static str,
    needs: Needs,
}

#[derive(PartialEq)]
enum Needs {
    /// The package `benches`, natively and in wasm.
    Package,
    /// The built page.
    Page,
    /// The built page and Lighthouse, which is large.
    Lighthouse,
}

const BENCHES: [Bench; 7] = [
    Bench::new("engine", Needs::Package),
    Bench::new("click", Needs::Package),
    Bench::new("limits", Needs::Package),
    Bench::new("checker", Needs::Package),
    Bench::new("frames", Needs::Page),
    Bench::new("embeds", Needs::Page),
    Bench::new("lighthouse", Needs::Lighthouse),
];

const SIMPY: &str = "4.1.2";

impl Bench {
    const fn new(name: &'static str, needs: Needs) -> Bench {
        Bench { name, needs }
    }
}

pub fn bench(words: &[&str]) -> Result {
    let asked = |name: &str| {
        let mut words = words.iter().filter(|word| !word.starts_with("--"));
        words.clone().next().is_none() || words.any(|word| name.contains(word))
    };
    let chosen: Vec<&Bench> = BENCHES.iter().filter(|bench| asked(bench.name)).collect();
    let needs = |needed| chosen.iter().any(|bench| bench.needs == needed);
    tools::node_modules()?;
    let browsers = tools::browsers()?;
    if needs(Needs::Package) {
        sh::step("what the benches run", build)?;
    }
    if needs(Needs::Page) || needs(Needs::Lighthouse) {
        page::build()?;
    }
    let mut environment = vec![
        ("CHROMIUM", browsers.chromium.clone()),
        ("FIREFOX", browsers.firefox),
        ("DIST", sh::dist_dir()),
        ("BENCH_NATIVE", native()),
        ("BENCH_WASM", wasm()),
    ];
    if asked("engine") {
        environment.extend(simpy().map(|python| ("SIMPY_PYTHON", python)));
    }
    if needs(Needs::Lighthouse) {
        environment.push(("LIGHTHOUSE", tools::lighthouse()?));
        // Lighthouse looks for its browser under this name.
        environment.push(("CHROME_PATH", browsers.chromium));
    }
    for bench in chosen {
        sh::step(bench.name, || {
            let mut node = sh::command("node");
            node.arg(format!("benches/{}.mjs", bench.name));
            node.args(words).envs(environment.iter().cloned());
            sh::run(&mut node)
        })?;
    }
    Ok(())
}

/// The wasm is compiled as the page is, so that the page's speed is what is measured.
fn build() -> Result {
    tools::wasm_target()?;
    let package = "-p lagoon-benches --bin";
    sh::run(&mut sh::cargo(&format!(
        "build --release {package} lagoon-benches"
    )))?;
    let target = "--profile web --target wasm32-unknown-unknown";
    sh::run(&mut sh::cargo(&format!(
        "build {target} {package} lagoon-benches-wasm"
    )))
}

fn native() -> PathBuf {
    sh::target_dir().join("release/lagoon-benches")
}

fn wasm() -> PathBuf {
    sh::target_dir().join("wasm32-unknown-unknown/web/lagoon-benches-wasm.wasm")
}

/// A Python that has SimPy. The benches do without where there is none.
fn simpy() -> Option<PathBuf> {
    let home = sh::root().join(".tools/simpy");
    let python = home.join("bin/python");
    let has_it =
        |python: &Path| sh::output(Command::new(python).args(["-c", "import simpy"])).is_some();
    if has_it(&python) {
        return Some(python);
    }
    say!("    installing SimPy {SIMPY} into .tools (a few seconds)");
    sh::run(sh::command("python3").args(["-m", "venv"]).arg(&home)).ok()?;
    let pip = ["-m", "pip", "--quiet", "install"];
    sh::run(
        sh::command(&python)
            .args(pip)
            .arg(format!("simpy=={SIMPY}")),
    )
    .ok()?;
    Some(python)
}
