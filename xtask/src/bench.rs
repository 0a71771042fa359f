//! The benches: `cargo xtask bench [WORD] [--quick] [--against REV]`; WORD keeps those whose names
//! contain it.
//!
//! The scripts in `benches/` measure; this builds what they need and names it for them. Nothing
//! here is part of `test`: a time is no verdict on a shared machine. docs/speed.md tells how to
//! read the figures.
//!
//! Read next: `against.rs`, how another revision is built to be measured against.

use crate::against::Revision;
use crate::sh::{self, Result, say};
use crate::{page, tools};
use std::path::{Path, PathBuf};
use std::process::Command;

struct Bench {
    name: &'static str,
    needs: Needs,
}

#[derive(Clone, Copy, PartialEq)]
enum Needs {
    /// The package `benches`, natively and in wasm.
    Package,
    /// The built page.
    Page,
    /// The built page and Lighthouse, which is large.
    Lighthouse,
}

const BENCHES: [Bench; 8] = [
    Bench::new("engine", Needs::Package),
    Bench::new("click", Needs::Package),
    Bench::new("limits", Needs::Package),
    Bench::new("checker", Needs::Package),
    Bench::new("frames", Needs::Page),
    Bench::new("gesture", Needs::Page),
    Bench::new("embeds", Needs::Page),
    Bench::new("lighthouse", Needs::Lighthouse),
];

const SIMPY: &str = "4.1.2";

impl Bench {
    const fn new(name: &'static str, needs: Needs) -> Bench {
        Bench { name, needs }
    }
}

#[derive(Debug, PartialEq)]
pub struct Options<'a> {
    words: Vec<&'a str>,
    quick: bool,
    against: Option<&'a str>,
}

impl<'a> Options<'a> {
    pub fn parse(args: &[&'a str]) -> Result<Self> {
        let mut options = Self {
            words: Vec::new(),
            quick: false,
            against: None,
        };
        let mut args = args.iter();
        while let Some(arg) = args.next() {
            match *arg {
                "--quick" => options.quick = true,
                "--against" => {
                    let revision = args.next().filter(|word| !word.starts_with('-'));
                    let revision = *revision.ok_or("--against which revision?")?;
                    options.against = Some(revision);
                }
                flag if flag.starts_with('-') => return Err(format!("`{flag}` is no option here")),
                word => options.words.push(word),
            }
        }
        Ok(options)
    }

    /// The benches that these words ask for.
    fn chosen(&self) -> Result<Vec<&'static Bench>> {
        let asked = |bench: &&Bench| {
            let mut words = self.words.iter();
            self.words.is_empty() || words.any(|word| bench.name.contains(word))
        };
        let mut chosen: Vec<&Bench> = BENCHES.iter().filter(asked).collect();
        if chosen.is_empty() {
            let names: Vec<&str> = BENCHES.iter().map(|bench| bench.name).collect();
            return Err(format!("no bench fits; there are: {}", names.join(", ")));
        }
        if self.against.is_some() {
            chosen.retain(|bench| bench.needs != Needs::Lighthouse);
        }
        if chosen.is_empty() {
            return Err("lighthouse gives a page marks, and marks have no ratio: \
                        measure it in each of the two revisions"
                .into());
        }
        Ok(chosen)
    }
}

pub fn bench(options: &Options) -> Result {
    let chosen = options.chosen()?;
    let needs = |needed| chosen.iter().any(|bench| bench.needs == needed);
    let against = options.against.map(Revision::check_out).transpose()?;
    tools::node_modules()?;
    let browsers = tools::browsers()?;
    let mut environment: Vec<(&str, PathBuf)> = vec![
        ("CHROMIUM", browsers.chromium.clone()),
        ("FIREFOX", browsers.firefox),
    ];
    if needs(Needs::Package) {
        sh::step("what the benches run", build)?;
        let target = sh::target_dir();
        environment.extend([
            ("BENCH_NATIVE", native(&target)),
            ("BENCH_WASM", wasm(&target)),
        ]);
    }
    if needs(Needs::Page) || needs(Needs::Lighthouse) {
        page::build()?;
        environment.push(("DIST", sh::dist_dir()));
    }
    if let Some(revision) = &against {
        environment.extend(build_against(revision, needs)?);
    } else if chosen.iter().any(|bench| bench.name == "engine") {
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
            node.args(options.quick.then_some("--quick"));
            sh::run(node.envs(environment.iter().cloned()))
        })?;
    }
    Ok(())
}

/// Builds what these benches need of the other revision, and names it for the scripts.
fn build_against(
    revision: &Revision,
    needs: impl Fn(Needs) -> bool,
) -> Result<Vec<(&'static str, PathBuf)>> {
    let mut environment = vec![("AGAINST", PathBuf::from(&revision.name))];
    if needs(Needs::Package) {
        sh::step(&format!("the same of {}", revision.name), || {
            compile(|| revision.command("cargo"))
        })?;
        if !revision.has_the_same("benches/src") {
            println!("    benches/src is not the same in both: see that they do the same work\n");
        }
        let (ours, theirs) = (sh::target_dir(), revision.root.join("target"));
        for (place, built) in [("native", native as fn(&Path) -> PathBuf), ("wasm", wasm)] {
            if is_same(&built(&ours), &built(&theirs))? {
                println!(
                    "    {place}: both are the same to the byte, so any difference is noise\n"
                );
            }
        }
        environment.push(("AGAINST_NATIVE", native(&theirs)));
        environment.push(("AGAINST_WASM", wasm(&theirs)));
    }
    if needs(Needs::Page) {
        sh::step(&format!("page of {}", revision.name), || {
            revision.build_page()
        })?;
        environment.push(("AGAINST_DIST", revision.dist_dir()));
    }
    Ok(environment)
}

fn build() -> Result {
    tools::wasm_target()?;
    compile(|| Ok(sh::cargo("")))
}

/// The wasm is compiled as the page is, so that the page's speed is what is measured.
fn compile(cargo: impl Fn() -> Result<Command>) -> Result {
    let natively = "build --release -p lagoon-benches --bin lagoon-benches";
    let in_wasm = "build --profile web --target wasm32-unknown-unknown \
                   -p lagoon-benches --bin lagoon-benches-wasm";
    for args in [natively, in_wasm] {
        sh::run(cargo()?.args(args.split_whitespace()))?;
    }
    Ok(())
}

fn is_same(one: &Path, other: &Path) -> Result<bool> {
    let read =
        |path: &Path| std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()));
    Ok(read(one)? == read(other)?)
}

fn native(target: &Path) -> PathBuf {
    target.join("release/lagoon-benches")
}

fn wasm(target: &Path) -> PathBuf {
    target.join("wasm32-unknown-unknown/web/lagoon-benches-wasm.wasm")
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

#[cfg(test)]
mod tests {
    use super::*;

    fn names(args: &[&str]) -> Result<Vec<&'static str>> {
        let chosen = Options::parse(args)?.chosen()?;
        Ok(chosen.iter().map(|bench| bench.name).collect())
    }

    #[test]
    fn words_choose_and_options_are_no_words() {
        assert_eq!(names(&[]).unwrap().len(), BENCHES.len());
        assert_eq!(names(&["engine", "--quick"]).unwrap(), ["engine"]);
        assert_eq!(names(&["click", "--against", "engine"]).unwrap(), ["click"]);
        assert!(names(&["nonsense"]).is_err() && names(&["--fast"]).is_err());
        assert!(names(&["--against"]).is_err() && names(&["--against", "--quick"]).is_err());
    }

    #[test]
    fn lighthouse_is_not_compared() {
        let compared = names(&["--against", "HEAD"]).unwrap();
        assert_eq!(compared.len(), BENCHES.len() - 1);
        assert!(!compared.contains(&"lighthouse"));
        let error = names(&["light", "--against", "HEAD"]).unwrap_err();
        assert!(error.starts_with("lighthouse"), "{error}");
    }
}
