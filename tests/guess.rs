//! Points: a guess is graded as its definition says, and a possible one is found exactly where
//! there is one; on random small histories, against trying every order, and on random runs.

use lagoon::check::points::{self, Points, Refusal, bar, grade, possible};
use lagoon::check::{Property, Verdict, Verdicts, staleness};
use lagoon::history::{
    Answer, Apply, ClientId, History, Log, OpId, Operation, Outcome, ReplicaLog, Seen, ServiceId,
    Version,
};
use lagoon::playground::{Msg, Notice, Playground, Start, Step};
use lagoon::run::run;
use lagoon::scenario::gallery::GALLERY;
use lagoon::scenario::parse;
use lagoon::shop::{Cart, Model, Name, Op};
use lagoon::time::SimTime;
use lagoon::view::guess::sliders;
use lagoon::view::spacetime::{Frame, SpaceTime, horizon};
use lagoon::view::words::guess as words;
use std::rc::Rc;

const HISTORIES: u64 = 30_000;
const RUNS: u64 = 4_000;

/// A small generator of its own, so that a failure is told by one number.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % most
    }

    fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }
}

fn name(text: &str) -> Name {
    Name::new(text).expect("a name")
}

/// Sessions of operations, one at a time each; equal moments are common.
fn sessions(dice: &mut Dice) -> Vec<Operation> {
    let mut operations = Vec::new();
    for client in 0..1 + dice.below(3) as u32 {
        let mut free = dice.below(4);
        for n in 0..1 + dice.below(3) as u32 {
            let item = name(["book", "pen"][dice.below(2) as usize]);
            let op = match dice.below(8) {
                0..=2 => Op::Add { item, qty: 1 },
                3 => Op::Set { item, qty: 2 },
                4 => Op::Remove { item },
                _ => Op::View,
            };
            let call = free + dice.below(3);
            free = call + dice.below(5);
            let at = SimTime(free);
            let outcome = match dice.below(14) {
                0 if !op.is_view() => Outcome::Failed { at },
                0..=2 => Outcome::Unknown,
                _ => Outcome::Ok {
                    at,
                    answer: Answer::Done(Version(0)),
                },
            };
            operations.push(Operation {
                client: ClientId(client),
                n,
                op,
                to: ServiceId(1 + dice.below(2) as u8),
                call: SimTime(call),
                outcome,
            });
        }
    }
    operations.sort_by_key(|operation| operation.call);
    operations
}

/// A history as a shop in order would give it, with a copy that lags; or, `wild`, one whose
/// answers are any. With it the log of Service 1.
fn history(dice: &mut Dice, wild: bool) -> (History, ReplicaLog) {
    let mut operations = sessions(dice);
    let mut commits: Vec<(SimTime, OpId)> = Vec::new();
    for (nth, operation) in operations
        .iter()
        .enumerate()
        .filter(|(_, o)| !o.op.is_view())
    {
        let Some(bar) = bar(operation) else { continue };
        let room = bar.to.map_or(6, |to| to.0 - bar.from.0 + 1);
        if bar.to.is_some() || dice.one_in(2) {
            let at = SimTime(bar.from.0 + dice.below(room));
            commits.push((at, OpId(nth as u32)));
        }
    }
    commits.sort();
    for place in 0..operations.len() {
        let Outcome::Ok { at, .. } = operations[place].outcome else {
            continue;
        };
        let own = commits.iter().position(|(_, op)| op.0 as usize == place);
        let any = dice.below(commits.len() as u64 + 1) as usize;
        let answer = if !operations[place].op.is_view() {
            let own = own.map_or(0, |own| own + 1);
            Answer::Done(Version(
                if wild && dice.one_in(8) { any } else { own } as u32
            ))
        } else {
            let lag = [0, 0, 3][dice.below(3) as usize];
            let read = operations[place].call.0 + dice.below(at.0 - operations[place].call.0 + 1);
            let later = |op: OpId| {
                let same = operations[op.0 as usize].client == operations[place].client;
                same && op.0 as usize > place
            };
            let stood = commits
                .iter()
                .take_while(|(at, op)| at.0 + lag <= read && !later(*op));
            let count = if wild && dice.one_in(3) {
                any
            } else {
                stood.count()
            };
            let (mut log, mut cart) = (Log::default(), Cart::default());
            for (nth, (_, op)) in commits.iter().take(count).enumerate() {
                log.push(Version(nth as u32 + 1));
                cart.apply(&operations[op.0 as usize].op);
            }
            if wild && dice.one_in(12) {
                cart = Cart::default();
            }
            Answer::Shown(Seen {
                cart: Rc::new(cart),
                log,
            })
        };
        operations[place].outcome = Outcome::Ok { at, answer };
    }
    let applied = (1..)
        .map(Version)
        .zip(&commits)
        .map(|(version, (at, _))| Apply {
            replica: ServiceId::S1,
            version,
            at: *at,
            whole: false,
        });
    let log = ReplicaLog {
        copies: 1,
        applied: applied.collect(),
        writes: commits.iter().map(|(_, op)| *op).collect(),
        undos: Vec::new(),
        shifts: Vec::new(),
    };
    let shoppers = ["alice", "bob", "carol"].map(name).to_vec();
    (
        History {
            shoppers,
            operations,
            stock: Vec::new(),
        },
        log,
    )
}

/// Whether an operation that comes after these was answered as one cart would have answered.
fn agrees(history: &History, order: &[usize]) -> bool {
    let (mut cart, mut version) = (Cart::default(), 0);
    order.iter().all(|nth| {
        let operation = &history.operations[*nth];
        cart.apply(&operation.op);
        version += u32::from(!operation.op.is_view());
        match &operation.outcome {
            Outcome::Ok {
                answer: Answer::Done(made),
                ..
            } => made.0 == version,
            Outcome::Ok {
                answer: Answer::Shown(seen),
                ..
            } => *seen.cart == cart && seen.log.version() == Some(Version(version)),
            _ => true,
        }
    })
}

/// Every order of these, one after another, in which `next` may come after what stands already.
fn orders(
    left: &[usize],
    so_far: &mut Vec<usize>,
    next: &dyn Fn(usize, &[usize]) -> bool,
    found: &mut dyn FnMut(&[usize]) -> bool,
) -> bool {
    if found(so_far) {
        return true;
    }
    left.iter().any(|nth| {
        let rest: Vec<usize> = left.iter().copied().filter(|other| other != nth).collect();
        so_far.push(*nth);
        let done = next(*nth, &rest) && orders(&rest, so_far, next, found);
        so_far.pop();
        done
    })
}

/// One shopper's operations stand in their order; one without an answer binds nobody.
fn in_session(history: &History, nth: usize, rest: &[usize]) -> bool {
    let operations = &history.operations;
    rest.iter().all(|other| {
        let same = operations[*other].client == operations[nth].client;
        !(same && *other < nth && operations[*other].ended().is_some())
    })
}

/// By definition: some order keeps time and sessions, holds all that was answered, and agrees.
fn is_possible(history: &History) -> bool {
    let bars: Vec<_> = history.operations.iter().map(bar).collect();
    let all: Vec<usize> = (0..bars.len()).filter(|nth| bars[*nth].is_some()).collect();
    let answered = all.iter().filter(|nth| bars[**nth].unwrap().to.is_some());
    let answered = answered.count();
    let next = |nth: usize, rest: &[usize]| {
        let from = bars[nth].unwrap().from;
        let over = |other: &usize| bars[*other].unwrap().to.is_some_and(|to| to < from);
        !rest.iter().any(over) && in_session(history, nth, rest)
    };
    orders(&all, &mut Vec::new(), &next, &mut |order| {
        let full = order.iter().filter(|nth| bars[**nth].unwrap().to.is_some());
        full.count() == answered && agrees(history, order)
    })
}

/// By definition: some order of these points, ties in any order of the shoppers, agrees.
fn is_right(history: &History, points: &Points) -> bool {
    let at = |nth: usize| points.at(OpId(nth as u32));
    let all: Vec<usize> = (0..history.operations.len())
        .filter(|nth| at(*nth).is_some())
        .collect();
    let next = |nth: usize, rest: &[usize]| {
        let tied = |other: &usize| at(*other) == at(nth);
        let ties: Vec<usize> = rest.iter().copied().filter(tied).collect();
        rest.iter().all(|other| at(*other) >= at(nth)) && in_session(history, nth, &ties)
    };
    orders(&all, &mut Vec::new(), &next, &mut |order| {
        order.len() == all.len() && agrees(history, order)
    })
}

/// Random points, some beyond their bars.
fn random_points(dice: &mut Dice, history: &History) -> Points {
    let mut points = Points::of(history);
    for nth in 0..history.operations.len() {
        let at = (!dice.one_in(5)).then(|| SimTime(dice.below(24)));
        points.place(history, OpId(nth as u32), at);
    }
    points
}

/// Every point stands inside its bar, and every answered operation has one.
fn inside(history: &History, points: &Points) -> bool {
    history
        .operations
        .iter()
        .enumerate()
        .all(
            |(nth, operation)| match (bar(operation), points.at(OpId(nth as u32))) {
                (Some(bar), Some(at)) => bar.from <= at && bar.to.is_none_or(|to| at <= to),
                (Some(bar), None) => bar.to.is_none(),
                (None, at) => at.is_none(),
            },
        )
}

#[test]
fn a_possible_order_is_found_exactly_where_there_is_one() {
    let (mut some, mut none, mut right) = (0, 0, 0);
    for seed in 0..HISTORIES {
        let mut dice = Dice(seed);
        let wild = dice.one_in(2);
        let (history, log) = history(&mut dice, wild);
        let found = possible(&history);
        assert_eq!(
            found.is_some(),
            is_possible(&history),
            "{seed}: {history:?}"
        );
        if let Some(points) = &found {
            assert!(inside(&history, points), "{seed}");
            assert_eq!(grade(&history, points), Ok(()), "{seed}");
            assert!(is_right(&history, points), "{seed}");
        }
        for _ in 0..4 {
            let points = random_points(&mut dice, &history);
            assert!(inside(&history, &points), "{seed}");
            let graded = grade(&history, &points);
            assert_eq!(
                graded.is_ok(),
                is_right(&history, &points),
                "{seed}: {points:?}"
            );
            assert!(graded.is_err() || found.is_some(), "{seed}");
            if let Err(clash) = &graded {
                check_clash(&history, &points, clash, seed);
            }
            right += u32::from(graded.is_ok());
        }
        match &found {
            Some(_) => some += 1,
            None => none += 1,
        }
        let views = staleness::views(&history, &log);
        let verdicts = Verdicts::of(&history, &log, &views, None);
        let verdict = verdicts.at(Property::Linearizable, SimTime(99));
        // A wild history may show a write that its own shopper has yet to ask for, at one moment.
        let broken = matches!(verdict, Verdict::Violated(_));
        if verdicts.explained && (!wild || broken) {
            agree(verdict, &found, seed);
        }
    }
    assert!(
        some > 4_000 && none > 4_000 && right > 4_000,
        "{some} {none} {right}"
    );
}

/// The named operation was answered otherwise than the cart that is named would have answered.
fn check_clash(history: &History, points: &Points, clash: &points::Clash, seed: u64) {
    let op = clash.op.expect("an operation is named");
    let wrong = &history.operations[op.0 as usize];
    match &wrong.outcome {
        Outcome::Ok {
            answer: Answer::Done(made),
            ..
        } => {
            assert_ne!(made.0, clash.version.0 + 1, "{seed}");
        }
        Outcome::Ok {
            answer: Answer::Shown(seen),
            ..
        } => {
            let same = *seen.cart == clash.cart && seen.log.version() == Some(clash.version);
            assert!(!same, "{seed}");
        }
        _ => panic!("{seed}: an operation without an answer cannot clash"),
    }
    let before = clash.after.map(|after| points.at(after).expect("a point"));
    assert!(
        before <= points.at(op),
        "{seed}: what is named stands before it"
    );
}

/// Where versions explain the answers, the judge says of the history what the search says.
fn agree(verdict: Verdict, found: &Option<Points>, told: impl std::fmt::Display) {
    match verdict {
        Verdict::Holds { .. } | Verdict::Untested => assert!(found.is_some(), "{told}"),
        Verdict::Violated(_) => assert!(found.is_none(), "{told}"),
        Verdict::NotYet | Verdict::Unknown(_) => {}
    }
}

const SETTINGS: [&str; 8] = [
    "synchronous",
    "lag: 20ms",
    "network: 0ms\nwrite: 0ms\nread: 0ms",
    "timeout: 60ms",
    "timeout: 70ms\nretries: 2\nbackoff: 5ms",
    "timeout: 70ms\nretries: 2\nbackoff: 5ms\nkeys: on",
    "applying: as it comes",
    "patience: 60ms\nfallback: undo",
];
const TROUBLE: [&str; 4] = [
    "s2 crashes for 100ms",
    "s1-s2 breaks for 200ms",
    "s1 crashes before confirming bob add 1 for 100ms",
    "alice-s1 loses 1/3",
];

/// A few lines by three shoppers, often at one moment, sometimes in trouble or stopped early.
fn text(dice: &mut Dice) -> String {
    let mut text = "background\n".to_string();
    for setting in SETTINGS {
        if dice.one_in(5) {
            text += &format!("{setting}\n");
        }
    }
    if dice.one_in(3) {
        text += &format!("until: {}ms\n", dice.below(300));
    }
    for _ in 0..2 + dice.below(7) {
        let who = ["alice", "bob", "carol"][dice.below(3) as usize];
        let deed = [
            "adds book",
            "sets book to 2",
            "removes book",
            "views",
            "views from s1",
        ];
        let when = ["", "meanwhile ", "0ms ", "40ms "][dice.below(4) as usize];
        if dice.one_in(8) {
            text += &format!("{when}{}\n", TROUBLE[dice.below(4) as usize]);
        }
        text += &format!("{when}{who} {}\n", deed[dice.below(5) as usize]);
    }
    text
}

#[test]
fn a_run_is_linearizable_exactly_where_a_guess_can_be_right() {
    let texts = GALLERY.iter().map(|text| text.to_string());
    let random = (0..RUNS).map(|seed| text(&mut Dice(seed)));
    let (mut holds, mut broken, mut open, mut unknown) = (0, 0, 0, 0);
    for text in texts.chain(random) {
        let run = run(&parse(&text).scenario);
        if points::refusal(&run.history).is_some() {
            continue;
        }
        let found = possible(&run.history);
        let verdict = run.verdict(Property::Linearizable, run.end());
        let explained = run.report.verdicts.explained;
        if explained {
            agree(verdict, &found, &text);
        }
        unknown += u32::from(!explained);
        match &found {
            Some(points) => {
                holds += 1;
                assert_eq!(grade(&run.history, points), Ok(()), "{text}");
            }
            None => broken += 1,
        }
        open += u32::from(run.history.operations.iter().any(|o| o.ended().is_none()));
    }
    let counts = [holds, broken, open, unknown];
    assert!(counts.iter().all(|count| *count > 100), "{counts:?}");
}

#[test]
fn what_cannot_be_guessed_is_refused() {
    let history = |text: &str| run(&parse(text).scenario).history;
    let lines = |line: &str, times: usize| format!("background\n{}", line.repeat(times));
    assert_eq!(
        points::refusal(&history("background")),
        Some(Refusal::Empty)
    );
    let many = history(&lines("alice views\n", 13));
    assert_eq!(points::refusal(&many), Some(Refusal::Many(13)));
    assert_eq!(possible(&many), None);
    let most = history(&lines("alice views\n", 12));
    assert_eq!(points::refusal(&most), None);
    let open: String = ('a'..='g')
        .map(|who| format!("meanwhile shopper-{who} adds book\n"))
        .collect();
    let open = history(&format!("until: 1ms\n{open}"));
    assert_eq!(points::refusal(&open), Some(Refusal::Open(7)));
}

// On the page.

const LATE: &str = "background\nalice adds book\n200ms bob views";

fn page(text: &str) -> Playground {
    let link = lagoon::scenario::link::write(text, &Default::default());
    let address = format!("https://host/{link}");
    let start = Start {
        address,
        ..Start::default()
    };
    Playground::start(start).0
}

fn told(page: &mut Playground, step: Step) -> Option<String> {
    page.update(Msg::Guess(step));
    let told = page.guess.as_ref()?.told.as_ref()?;
    Some(words::told(&page.show, told))
}

#[test]
fn a_guess_hides_the_answer_until_it_is_shown() {
    let mut page = page(LATE);
    page.update(Msg::Guess(Step::Start));
    assert!(page.guesses());
    let (now, hash) = (page.now, page.show.run.hash);
    assert_eq!(
        now,
        page.show.run.end(),
        "the whole history is to be guessed"
    );
    for msg in [
        Msg::Restart,
        Msg::Play,
        Msg::StepBack,
        Msg::Why(Property::Linearizable),
    ] {
        page.update(msg);
        assert!(page.now == now && !page.playing && page.why.is_none());
    }
    let outside = &page.guess.as_ref().unwrap().outside;
    let frame = Frame {
        width: 900,
        horizon: horizon(&[&page.show]),
    };
    let mut picture = SpaceTime::of(outside, &page.stage(), frame, false);
    picture.hide_inside();
    assert!(picture.bars.iter().all(|bar| bar.state == "ok"));
    assert!(!format!("{picture:?}").contains("out of date"));
    assert!(picture.brackets.is_empty() && picture.arrows.is_empty());
    assert_eq!(
        told(&mut page, Step::Check).unwrap(),
        "Not possible: here “Bob: view the cart” comes after “Alice: add book”. The answer would \
         be “shown 1 book (v1)”, and it was “shown an empty cart (v0)”."
    );
    assert!(page.guesses(), "a wrong guess gives nothing away");
    let none = told(&mut page, Step::Show).unwrap();
    assert!(none.starts_with("No order is possible. Bob was shown an empty cart, though"));
    assert!(!page.guesses() && page.why == Some(Property::Linearizable));
    page.update(Msg::Restart);
    assert_eq!(page.now, SimTime::ZERO, "what was hidden can be looked at");
    page.update(Msg::Guess(Step::Done));
    assert!(page.guess.is_none() && page.show.run.hash == hash);
}

#[test]
fn a_guess_is_right_when_the_view_stands_before_the_change() {
    let mut page = page("background\nalice adds book\nmeanwhile bob views");
    page.update(Msg::Guess(Step::Start));
    let (add, view) = (OpId(0), OpId(1));
    page.update(Msg::Guess(Step::Place(add, Some(SimTime::ZERO))));
    let wrong = told(&mut page, Step::Check).unwrap();
    assert!(wrong.starts_with("Not possible"), "{wrong}");
    page.update(Msg::Guess(Step::Place(view, Some(SimTime::ZERO))));
    page.update(Msg::Guess(Step::Place(add, Some(SimTime(u64::MAX)))));
    assert_eq!(
        page.guess.as_ref().unwrap().told,
        None,
        "a moved point is a new guess"
    );
    assert_eq!(
        page.guess.as_ref().unwrap().points.at(add),
        page.show.run.history.operations[0].ended()
    );
    assert!(
        told(&mut page, Step::Check)
            .unwrap()
            .starts_with("Possible")
    );
    assert!(told(&mut page, Step::Show).unwrap().starts_with("Possible"));
    assert_eq!(
        told(&mut page, Step::Check).unwrap().split(':').next(),
        Some("Possible")
    );
}

#[test]
fn whatever_changes_the_run_ends_the_guess() {
    let ways: [&[Msg]; 4] = [
        &[Msg::Edit("background".into())],
        &[Msg::Undo],
        &[Msg::OpenScenario(2)],
        &[Msg::SideBySide],
    ];
    for way in ways {
        let mut page = page(LATE);
        page.update(Msg::Edit(format!("{LATE}\ncarol views")));
        page.update(Msg::Guess(Step::Start));
        assert!(page.guesses());
        for msg in way {
            page.update(msg.clone());
        }
        assert!(page.guess.is_none(), "{way:?}");
    }
    let mut page = page("background");
    page.update(Msg::Guess(Step::Start));
    assert_eq!(page.notice, Some(Notice::NoGuess(Refusal::Empty)));
    assert!(page.guess.is_none());
}

#[test]
fn a_slider_stays_on_its_bar_and_an_open_one_may_say_never() {
    let mut page = page("background\nuntil: 20ms\nalice adds book\nmeanwhile bob views");
    page.update(Msg::Guess(Step::Start));
    let horizon = horizon(&[&page.show]);
    let slider =
        |page: &Playground| sliders(&page.show, page.guess.as_ref().unwrap(), horizon).remove(0);
    let first = slider(&page);
    assert_eq!(
        (first.effect, first.text().as_str()),
        (false, "took no effect")
    );
    let name = words::slider(&page.show, first.op);
    assert_eq!(name, "Alice: add book took effect at");
    assert_eq!(
        sliders(&page.show, page.guess.as_ref().unwrap(), horizon).len(),
        1
    );
    for (key, effect) in [
        ("Home", true),
        ("ArrowRight", true),
        ("End", false),
        ("ArrowLeft", true),
    ] {
        let at = slider(&page).key(key).expect("a key of sliders");
        page.update(Msg::Guess(Step::Place(first.op, at)));
        let now = slider(&page);
        assert_eq!(now.effect, effect, "{key}");
        assert!(now.from <= now.at && now.at <= now.to);
    }
    assert_eq!(first.key("Tab"), None);
}
