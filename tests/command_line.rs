//! The command line as a user meets it: the built binary, its answers and its exit codes.

use serde_json::Value;
use std::io::Write;
use std::process::{Command, Output, Stdio};

const TEXT: &str = "alice adds book; 200ms bob views";

fn lagoon(args: &[&str]) -> Output {
    lagoon_reading(args, "")
}

fn lagoon_reading(args: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_lagoon"))
        .args(args)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary is built");
    // A command that reads nothing may be gone before it is written to.
    let _ = child
        .stdin
        .take()
        .expect("piped")
        .write_all(input.as_bytes());
    child.wait_with_output().expect("it ends")
}

fn out(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).expect("a text")
}

fn err(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).expect("a text")
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("it exits by itself")
}

fn json(args: &[&str]) -> Value {
    let output = lagoon(&[&["run", "--json"], args].concat());
    serde_json::from_slice(&output.stdout).expect("one JSON object")
}

fn keys(value: &Value) -> Vec<&str> {
    value
        .as_object()
        .expect("an object")
        .keys()
        .map(String::as_str)
        .collect()
}

#[test]
fn exit_codes_tell_how_it_went() {
    for (args, expected) in [
        (&["run", TEXT][..], 0),
        (&["run", ""], 0),
        (&["run", "# only a comment"], 0),
        (&["run", "scenarios/bob-looks-too-early.lagoon"], 0),
        (&["run", "#background;alice+adds+book;alice+views"], 0),
        (
            &[
                "run",
                "https://host/path/#v1.qqe;background;lag:500ms;alice+adds+book;alice+views",
            ],
            0,
        ),
        (&["run", "alice adds book; bob flies"], 0),
        (&["run", "--seed", "7", TEXT], 0),
        (
            &[
                "run",
                "alice adds book; 200ms bob views; expect fresh violated",
            ],
            0,
        ),
        (
            &[
                "run",
                "alice adds book; 200ms bob views; expect fresh holds",
            ],
            1,
        ),
        (&["run", "expect fresh holds"], 1),
        (&["run", "bob views; expect bob view 1 shows nothing"], 0),
        (&["run", "bob views; expect bob view 1 shows book"], 1),
        (&["run", "bob views; expect bob view 2 shows nothing"], 1),
        (&["run", "bob views; expect bob waits under 80ms"], 0),
        (&["run", "bob views; expect bob view 1 waits under 1ms"], 1),
        (&["run", "alice adds book; expect linearizable holds"], 1),
        (
            &[
                "run",
                "alice adds book; alice views; expect linearizable violated",
            ],
            0,
        ),
        (&["run", "expect never-oversold holds"], 1),
        (&["run", "--strict", "alice adds book; bob flies"], 2),
        (&["run", "hello there"], 2),
        (&["run", "no-such-file.lagoon"], 2),
        (&["run", "src"], 2),
        (&["run", "https://host/path/?fbclid=abc"], 2),
        (
            &[
                "run",
                "#v1.qqe;background;lag:500ms;alice+adds+book;alice+vie",
            ],
            2,
        ),
        (&["run", "--seed", "x", TEXT], 2),
        (&["run", "alice", "adds", "book"], 2),
        (&["run"], 2),
        (&["run", "--loud", TEXT], 2),
        (&["lessons", "lessons"], 0),
        (&["lessons", "docs", "--key", "no-such-lesson"], 2),
        (&["lessons", "docs"], 1),
        (&["lessons", "scenarios"], 2),
        (&["lessons", "no-such-folder"], 2),
        (&["pages"], 2),
        (&["pages", "somewhere", "--from", "docs"], 2),
        (&["fly"], 2),
        (&[], 2),
        (&["link", "no-such-file"], 2),
        (&["text", "https://host/"], 2),
        (&["--help"], 0),
        (&["--version"], 0),
    ] {
        let output = lagoon(args);
        assert_eq!(code(&output), expected, "{args:?}: {}", err(&output));
        assert_eq!(expected == 2, out(&output).is_empty(), "{args:?}");
        assert_eq!(
            expected == 2,
            code(&output) == 2 && !err(&output).is_empty(),
            "{args:?}"
        );
    }
}

#[test]
fn what_was_wrong_is_said_beside_the_answer() {
    let output = lagoon(&["run", "alice adds book; bob veiws"]);
    let said = "line 2, column 6: `veiws` is nothing that a shopper does.";
    assert!(err(&output).contains(said), "{}", err(&output));
    assert!(err(&output).contains("Try: bob views"));
    let output = lagoon(&["run", "#v1.qqe;background;alice+adds"]);
    assert!(err(&output).contains("looks cut off or changed"));
    assert!(
        err(&output).contains("background"),
        "what could be read is shown"
    );
}

#[test]
fn a_scenario_comes_from_anywhere() {
    let file = "scenarios/bob-looks-too-early.lagoon";
    let text = std::fs::read_to_string(file).expect("the gallery");
    let story = lagoon(&["run", file]);
    let link = out(&lagoon(&["link", file])).trim().to_string();
    assert!(link.starts_with("#v1."));
    for output in [
        lagoon(&["run", &text]),
        lagoon(&["run", &link]),
        lagoon(&["run", &["https://host/", &link].concat()]),
        lagoon_reading(&["run", "-"], &text),
        lagoon_reading(&["run", "-"], &[&link, "\n"].concat()),
    ] {
        assert_eq!(out(&output), out(&story));
    }
    let printed = lagoon(&["text", &link]);
    assert_eq!(out(&printed), text, "gallery texts are canonical");
    assert_eq!(
        out(&lagoon_reading(&["link", "-"], out(&printed))).trim(),
        link
    );
}

#[test]
fn each_student_has_a_link_and_the_teacher_the_answers() {
    let output = lagoon(&["lessons", "--key", "the-window"]);
    let lines: Vec<&str> = out(&output).lines().collect();
    assert_eq!(lines.len(), 60, "an answer and a link for each of 30 seeds");
    for (answer, link) in lines.iter().zip(&lines[1..]).step_by(2) {
        let run = lagoon(&["run", link.trim()]);
        let shown = |who: &str, nothing: bool| {
            let cart = if nothing { "nothing" } else { "1 book" };
            out(&run).contains(&format!("{who} is shown: {cart}"))
        };
        for who in ["Bob", "Carol", "Dave"] {
            let nothing = answer.contains(&format!("{who}: nothing"));
            assert!(shown(who, nothing), "{answer}: {link}");
        }
    }
}

#[test]
fn the_object_is_frozen() {
    let run = json(&[TEXT]);
    let fields = [
        "hash",
        "seed",
        "mode",
        "operations",
        "applied",
        "windows",
        "converged",
        "expectations",
        "verdicts",
        "diagnostics",
        "limit_reached",
        "not_started",
        "traffic",
        "exposed",
        "lost",
    ];
    let mut fields = fields.to_vec();
    fields.sort_unstable();
    let mut found = keys(&run);
    found.sort_unstable();
    assert_eq!(found, fields);
    let [add, view] = &run["operations"].as_array().expect("a list")[..] else {
        panic!("two")
    };
    for operation in [add, view] {
        let mut found = keys(operation);
        found.sort_unstable();
        let expected = [
            "call_us",
            "cart",
            "client",
            "item",
            "n",
            "op",
            "outcome",
            "qty",
            "return_us",
            "seen",
            "stale_us",
            "stale_versions",
            "to",
            "version",
        ];
        assert_eq!(found, expected);
    }
    assert_eq!(run["hash"].as_str().map(str::len), Some(16));
    assert_eq!(
        (&run["seed"], &run["mode"]),
        (&1.into(), &"background".into())
    );
    assert_eq!(add["client"], "alice");
    assert_eq!(
        (&add["n"], &add["op"], &add["item"]),
        (&1.into(), &"add".into(), &"book".into())
    );
    assert_eq!(
        (&add["qty"], &add["to"], &add["version"]),
        (&1.into(), &"s1".into(), &1.into())
    );
    assert_eq!(
        (&add["cart"], &add["stale_us"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(
        (&view["to"], &view["outcome"]),
        (&"s2".into(), &"ok".into())
    );
    assert_eq!(
        (&view["cart"], &view["version"]),
        (&serde_json::json!({}), &0.into())
    );
    assert_eq!(
        (&view["seen"], &view["stale_versions"]),
        (&serde_json::json!([]), &1.into())
    );
    let confirmed = add["return_us"].as_u64().expect("confirmed");
    assert_eq!(view["stale_us"], 200_000 - confirmed);
    let window = &run["windows"][0];
    let number = |key: &str| window[key].as_u64().expect("a number");
    assert_eq!(
        number("apart_us"),
        number("applied_us") - number("committed_us")
    );
    assert_eq!(number("window_us"), number("applied_us") - confirmed);
    assert_eq!(
        (&window["client"], &window["replica"]),
        (&"alice".into(), &"s2".into())
    );
    let applied = run["applied"].as_array().expect("a list");
    assert_eq!(
        (
            applied.len(),
            &applied[0]["replica"],
            &applied[1]["replica"]
        ),
        (2, &"s1".into(), &"s2".into())
    );
    assert_eq!(
        (&run["converged"], &run["limit_reached"]),
        (&true.into(), &Value::Null)
    );
}

#[test]
fn the_object_tells_what_did_not_happen() {
    let run = json(&[
        "until: 30ms; alice adds book; bob views; bob flies; expect converges holds; \
                      expect bounded-staleness holds",
    ]);
    assert_eq!(run["operations"][0]["outcome"], "unknown");
    assert_eq!(run["operations"][0]["return_us"], Value::Null);
    assert_eq!(run["operations"][0]["version"], Value::Null);
    assert_eq!(run["not_started"], serde_json::json!([3]));
    assert_eq!(run["converged"], Value::Null, "a write is under way");
    let expectations = run["expectations"].as_array().expect("a list");
    assert_eq!(expectations[0]["met"], false);
    assert_eq!(expectations[0]["text"], "expect converges holds");
    assert_eq!(
        (&expectations[1]["met"], &expectations[1]["line"]),
        (&Value::Null, &6.into())
    );
    let diagnostic = &run["diagnostics"][0];
    assert_eq!(
        (&diagnostic["line"], &diagnostic["column"]),
        (&4.into(), &6.into())
    );
    assert_eq!(diagnostic["suggestion"], Value::Null);
}

#[test]
fn the_object_judges_every_promise() {
    let run = json(&[
        "alice adds book; alice views; expect read-your-writes violated; \
         expect monotonic-reads holds; expect alice view 1 shows nothing; \
         expect bounded-staleness holds",
    ]);
    let verdicts = &run["verdicts"];
    assert_eq!(keys(verdicts).len(), 16);
    for (name, verdict) in [
        ("linearizable", "violated"),
        ("sequential", "violated"),
        ("causal", "violated"),
        ("read-your-writes", "violated"),
        ("monotonic-reads", "untested"),
        ("consistent-prefix", "untested"),
        ("bounded-staleness", "unknown"),
        ("converges", "holds"),
        ("no-lost-writes", "holds"),
    ] {
        assert_eq!(verdicts[name], verdict, "{name}");
    }
    let expectations = run["expectations"].as_array().expect("a list");
    let told: Vec<_> = expectations
        .iter()
        .map(|e| (&e["met"], &e["reason"]))
        .collect();
    let reason = |nth: usize| told[nth].1.as_str().expect("a reason");
    assert_eq!(told[0].0, true);
    assert!(reason(0).contains("Alice was not shown v1 (Alice: add book), which was done"));
    assert_eq!(told[1].0, false, "what is untested does not hold");
    assert!(reason(1).contains("not tested"), "{}", reason(1));
    assert_eq!(
        (told[2].0, reason(2)),
        (&true.into(), "Alice was shown nothing")
    );
    assert_eq!(told[3].0, &Value::Null, "without a bound nobody can tell");
    let bounded = json(&["alice adds book; alice views; expect staleness under 50ms"]);
    assert_eq!(bounded["verdicts"]["bounded-staleness"], "violated");
}

#[test]
fn the_seed_can_be_set_from_outside() {
    let (one, other) = (json(&[TEXT]), json(&["--seed", "9", TEXT]));
    assert_eq!(other["seed"], 9);
    assert_ne!(one["hash"], other["hash"]);
    assert_eq!(other, json(&[&["seed: 9; ", TEXT].concat()]));
}

/// Who shows a link card needs the whole address of its picture.
#[test]
fn pages_know_where_their_site_stands() {
    let folder = std::env::temp_dir().join(format!("lagoon-site-{}", std::process::id()));
    for (site, image) in [
        (None, ""),
        (
            Some("https://a.example/b/"),
            "https://a.example/b/scenarios/",
        ),
    ] {
        let mut lagoon = Command::new(env!("CARGO_BIN_EXE_lagoon"));
        lagoon.arg("pages").arg(&folder).env_remove("LAGOON_SITE");
        lagoon.envs(site.map(|site| ("LAGOON_SITE", site)));
        assert!(lagoon.status().expect("lagoon runs").success());
        let html = std::fs::read_to_string(folder.join("scenarios/index.html")).expect("a page");
        let tag = format!("<meta property=\"og:image\" content=\"{image}preview.png\">");
        assert!(html.contains(&tag), "{tag}");
    }
    std::fs::remove_dir_all(&folder).expect("the folder");
}
