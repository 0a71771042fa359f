//! The stage is a fold of the trace: held to what the history says, at every record and between.

use lagoon::check::{Property, staleness};
use lagoon::history::{Answer, Log, ServiceId, Version};
use lagoon::playground::Menu;
use lagoon::run::{Show, run};
use lagoon::scenario::parse;
use lagoon::shop::{Cart, Model, Name};
use lagoon::sim::trace::{Message, TraceEvent};
use lagoon::time::SimTime;
use lagoon::view::price::Price;
use lagoon::view::scene::moment::Moment;
use lagoon::view::scene::{FLIGHTS, Flight, Mark, Part, SHOPPERS, Scene, Shape};
use lagoon::view::verdicts;
use lagoon::view::words::{narrator, trouble};
use proptest::prelude::*;

const SHAPES: [Shape; 3] = [Shape::Wide, Shape::Half, Shape::Phone];

fn show(text: &str) -> Show {
    let scenario = parse(text).scenario;
    let run = run(&scenario);
    Show { scenario, run }
}

fn names(text: &str) -> Vec<Name> {
    text.split(' ').filter_map(Name::new).collect()
}

/// The moments at which something changes, and those just before and after.
fn moments(show: &Show) -> Vec<SimTime> {
    let near = |at: u64| [at.saturating_sub(1), at, at + 1].map(SimTime);
    let mut all: Vec<_> = show
        .run
        .trace
        .records
        .iter()
        .flat_map(|r| near(r.at.0))
        .collect();
    all.push(SimTime(0));
    all.dedup();
    all
}

/// The stage tells the same as the history and its measures.
fn agrees_with_history(show: &Show, now: SimTime) {
    let (moment, run) = (Moment::at(show, now), &show.run);
    for (place, store) in moment.stores.iter().enumerate() {
        let id = ServiceId(place as u8 + 1);
        let mut cart = Cart::default();
        let applied = run
            .replicas
            .applied
            .iter()
            .filter(|a| a.replica == id && a.at <= now);
        let mut count = 0;
        for apply in applied {
            count += 1;
            let op = run.replicas.writes[apply.version.0 as usize - 1];
            cart.apply(&run.history.operations[op.0 as usize].op);
        }
        assert_eq!((store.version().0, &store.cart), (count, &cart));
        let behind = staleness::behind(&run.report.windows, id, now);
        assert_eq!(moment.behind(id), behind as usize);
    }
    for (place, shopper) in moment.shoppers.iter().enumerate() {
        let mine = || {
            run.history
                .operations
                .iter()
                .filter(|o| o.client.0 as usize == place)
        };
        let open = mine()
            .filter(|o| o.call <= now && o.ended().is_none_or(|at| at > now))
            .count();
        assert_eq!(usize::from(shopper.open.is_some()), open);
        let ended = || mine().filter(|o| o.ended().is_some_and(|at| at <= now));
        let last = ended().filter_map(|o| o.seen()).next_back();
        let shown = shopper
            .shown
            .and_then(|view| moment.seen(view))
            .map(|(seen, _)| seen);
        assert_eq!(shown, last);
        let since = ended().rev().take_while(|o| o.seen().is_none()).count();
        assert_eq!(shopper.since.len(), since);
    }
    // Every entry that was taken is held until it is first sent.
    let past = run
        .trace
        .records
        .iter()
        .take_while(|record| record.at <= now);
    let taken = past
        .clone()
        .filter(|r| matches!(r.event, TraceEvent::Held(_)))
        .count();
    let held: Vec<_> = run.trace.holds[..taken]
        .iter()
        .filter(|hold| {
            !run.trace.messages.iter().any(|m| {
                m.message == Message::Replicate(hold.version)
                    && m.copy == hold.copy.0
                    && m.sent_at <= now
            })
        })
        .collect();
    assert_eq!(moment.tray().0, held.len());
    let under_way = moment.under_way().count();
    let sent = past
        .clone()
        .filter(|r| matches!(r.event, TraceEvent::Sent(_)))
        .count();
    let delivered = past
        .filter(|r| matches!(r.event, TraceEvent::Delivered(_)))
        .count();
    assert_eq!(under_way, sent - delivered);
}

/// The upright stretches of the wire between the services: where, from and to.
fn wire(scene: &Scene) -> Vec<(i32, i32, i32)> {
    let marks = scene.ground.iter().flat_map(|part| part.marks.iter());
    let wires = marks.filter_map(|mark| match mark {
        Mark::Path { d, class } if ["link job", "link sync"].contains(class) => Some(d),
        _ => None,
    });
    let (mut stretches, mut x, mut y) = (Vec::new(), 0, 0);
    for step in wires.flat_map(|way| steps(way)) {
        match step {
            ('M', to) => (x, y) = (to[0], to[1]),
            ('H', to) => x = to[0],
            (_, to) => {
                stretches.push((x, y.min(to[0]), y.max(to[0])));
                y = to[0];
            }
        }
    }
    stretches
}

/// The steps of a path such as `M520 112H534V414`.
fn steps(way: &str) -> Vec<(char, Vec<i32>)> {
    let starts = way.match_indices(char::is_alphabetic).map(|(at, _)| at);
    let ends = starts.clone().skip(1).chain([way.len()]);
    let step = |(at, end): (usize, usize)| {
        let numbers = way[at + 1..end]
            .split(' ')
            .map(|n| n.parse().expect("a number"));
        (way.as_bytes()[at] as char, numbers.collect())
    };
    starts.zip(ends).map(step).collect()
}

/// A message and what is seen of its trail stay in the picture, and those between services on
/// the wire.
fn keeps_to_its_way(flight: &Flight, scene: &Scene, wire: &[(i32, i32, i32)]) {
    let (from, to, way) = (flight.course.from, flight.course.to, flight.way);
    let middle = |x: i32, y: i32| {
        (
            x - 12 >= 0 && x + 12 <= scene.width,
            y - 9 >= 0 && y + 9 <= scene.height,
        )
    };
    for (x, y) in [from, to] {
        assert_eq!(middle(x, y), (true, true), "{flight:?}");
    }
    // The trail lies behind the message, and is cut where the way begins.
    let along =
        |from: i32, to: i32, trail: i32| trail == 0 || (to - from).signum() == -trail.signum();
    assert!(along(from.0, to.0, flight.trail.0) && along(from.1, to.1, flight.trail.1));
    let (left, right) = (from.0.min(to.0), from.0.max(to.0));
    let (top, end) = (from.1.min(to.1), from.1.max(to.1));
    assert!((left - way.x, top - way.y) == (3, 3), "{flight:?}");
    assert!(
        (way.x + way.w - right, way.y + way.h - end) == (3, 3),
        "{flight:?}"
    );
    if ["replicate", "ack"].contains(&flight.kind) {
        let on = |&(x, start, stop): &(i32, i32, i32)| {
            (left, right) == (x, x) && start <= top && end <= stop
        };
        assert!(wire.iter().any(on), "{flight:?} is off {wire:?}");
    }
}

/// What every scene keeps, whatever it shows.
fn is_sound(show: &Show, stage: &[Name], now: SimTime, shape: Shape) {
    let scene = Scene::at(show, stage, now, shape);
    let mut keys: Vec<&str> = scene.parts.iter().map(|part| &*part.key).collect();
    let parts = keys.len();
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys.len(), parts, "keys are unlike each other");
    assert!(scene.flights.len() <= FLIGHTS);
    let wire = wire(&scene);
    for flight in scene.flights.iter() {
        keeps_to_its_way(flight, &scene, &wire);
        assert!(flight.course.leaves <= now.0 && now.0 <= flight.course.arrives);
    }
    for panel in scene.panels.iter() {
        let menus = [Menu::Add, Menu::View].map(|menu| panel.choices(menu).controls);
        for control in panel.controls.iter().chain(menus.iter().flatten()) {
            // Below the stage the page lays them out itself.
            let reach = control.place.w.min(control.place.h);
            assert!(reach >= 24 || shape == Shape::Phone, "{control:?}");
            assert!(control.name.starts_with(&*panel.person), "{control:?}");
        }
    }
}

fn texts(part: &Part) -> Vec<String> {
    let text = |mark: &Mark| match mark {
        Mark::Text { words, .. } => Some(words.text()),
        _ => None,
    };
    part.marks.iter().filter_map(text).collect()
}

/// The texts of the parts whose key begins so, and their states.
fn reads(scene: &Scene, key: &str) -> String {
    let parts = scene.parts.iter().filter(|part| part.key.starts_with(key));
    let each = parts.map(|part| format!("{}[{}]", texts(part).join(" "), part.state));
    each.collect::<Vec<_>>().join(" ")
}

const FIRST: &str = "background\nnetwork: 25ms\nalice adds book\n162ms bob views";

#[test]
fn a_device_shows_what_its_shopper_was_shown() {
    let check = |text: &str, at: u64, key: &str, expect: &str| {
        let scene = Scene::at(&show(text), &names("alice bob"), SimTime(at), Shape::Wide);
        assert_eq!(reads(&scene, key), expect, "at {at}");
    };
    check("background", 0, "device alice", "Our cart not opened yet[]");
    check(FIRST, 0, "device alice", "Our cart not opened yet[waiting]");
    check(FIRST, 0, "badge alice", "waiting, 0 ms[wait]");
    check(FIRST, 44_000, "badge alice", "waiting, 44 ms[wait]");
    check(
        FIRST,
        62_000,
        "device alice",
        "Our cart not opened yet added: book[]",
    );
    check(FIRST, 62_000, "badge alice", "confirmed in 62 ms[fresh]");
    check(FIRST, 213_999, "badge bob", "waiting, 52 ms[wait]");
    check(FIRST, 214_000, "device bob", "Our cart empty[]");
    check(FIRST, 214_000, "badge bob", "out of date for 100 ms[stale]");
    let fresh = format!("{FIRST}\n600ms bob views\n700ms alice adds 2 book");
    check(&fresh, 655_000, "device bob", "Our cart Book[]");
    check(&fresh, 655_000, "badge bob", "up to date[fresh]");
    check(&fresh, 762_000, "badge bob", "was up to date[plain]");
    let busy = "synchronous\nalice adds book\nmeanwhile alice views\nmeanwhile alice adds pen";
    check(
        busy,
        10_000,
        "badge alice",
        "waiting, 10 ms[wait] next: view cart, +1[plain]",
    );
}

#[test]
fn a_database_shows_what_it_holds() {
    let check = |text: &str, at: u64, key: &str, expect: &str| {
        let scene = Scene::at(&show(text), &names("alice bob"), SimTime(at), Shape::Wide);
        assert_eq!(reads(&scene, key), expect, "at {at}");
    };
    check(FIRST, 36_999, "database 1", "empty[writing]");
    check(FIRST, 37_000, "database 1", "Book[]");
    check(FIRST, 37_000, "version", "v1[fresh] v0[plain]");
    check(FIRST, 61_999, "agreement", "≠ copies differ[]");
    check(FIRST, 62_000, "agreement", "≠ copies differ[behind]");
    check(FIRST, 62_000, "version", "v1[fresh] v0, 1 behind[stale]");
    check(FIRST, 62_000, "tray", "Background job leaves in 275 ms[]");
    check(FIRST, 336_999, "tray", "Background job leaves in 0 ms[]");
    // It keeps what it has sent until the receipt is here.
    check(FIRST, 337_000, "tray", "Background job no receipt yet[]");
    check(FIRST, 398_999, "tray", "Background job no receipt yet[]");
    check(FIRST, 399_000, "tray", "Background job nothing to send[]");
    let forgetful = format!("outbox: memory\n{FIRST}\n340ms s1 crashes for 10ms");
    check(
        &forgetful,
        341_000,
        "tray",
        "Background job nothing to send[]",
    );
    check(FIRST, 374_000, "version", "v1[fresh] v1[fresh]");
    check(FIRST, 374_000, "agreement", "= copies agree[same]");
    let synchronous = FIRST.replace("background", "synchronous");
    check(&synchronous, 44_000, "tray", "");
    check(&synchronous, 44_000, "version", "v1[fresh] v0[plain]");
}

#[test]
fn a_cart_that_never_was_is_not_up_to_date() {
    let text = "background\nnetwork: 25ms\napplying: as it comes\nalice adds book\n\
                alice removes book\ndelay replicate 1 to s2 by 600ms\n3s bob views";
    let show = show(text);
    let end = show.run.end();
    let scene = Scene::at(&show, &names("alice bob"), end, Shape::Wide);
    assert_eq!(reads(&scene, "badge bob"), "out of order[stale]");
    assert_eq!(scene.said.headline, "The run is over: the copies differ.");
    assert_eq!(scene.said.rest, "A cart was shown that the shop never had.");
    let price = Price::of(&show, &show, end);
    assert_eq!(
        price.behind.apart,
        end.since(SimTime(62_000 - 25_000)),
        "from the first commit on"
    );
    let row = verdicts::row(&show, Property::Converges, end);
    assert_eq!(
        row.sentence,
        "All have every change, and not the same cart."
    );
    let more = self::show(&format!("{text}\n4s alice views from s1"));
    let shown = Scene::at(&more, &names("alice bob"), SimTime(3_052_000), Shape::Wide);
    let rest = &shown.said.rest;
    assert!(
        rest.contains("an order in which they were never made"),
        "{rest}"
    );
}

#[test]
fn what_is_broken_has_a_word_of_its_own() {
    let check = |text: &str, at: u64, key: &str, expect: &str| {
        let text = format!("background\nnetwork: 25ms\nlag: 0ms\n{text}");
        let show = show(&text);
        assert!(parse(&text).diagnostics.is_empty(), "{text}");
        let scene = Scene::at(&show, &names("alice bob"), SimTime(at), Shape::Wide);
        let found = reads(&scene, key);
        assert!(found.contains(expect), "{found:?} for {text} at {at}");
    };
    check("5ms s2 crashes", 6_000, "service 2", "crashed[crashed]");
    check("5ms s1 pauses", 6_000, "service 1", "paused[paused]");
    check(
        "5ms s2 database stalls",
        6_000,
        "database 2",
        "stalled empty[stalled]",
    );
    check(
        "5ms s2 database slows to 200ms",
        6_000,
        "database 2",
        "slow empty[slow]",
    );
    check("5ms s1-s2 breaks", 6_000, "link", "cut[down]");
    check("5ms s1-s2 loses 1/10", 6_000, "link", "loses 1/10[down]");
    check(
        "5ms s1-s2 slows to 200ms",
        6_000,
        "link",
        "takes 200ms[down]",
    );
    check("5ms s1-to-s2 breaks", 6_000, "link", "cut to s2[down]");
    let held = "alice adds book\n10ms hold request alice add 1";
    check(held, 400_000, "held", "held[down]");
    let lost = "alice adds book\n10ms drop request alice add 1";
    check(lost, 20_000, "lost", "lost[down]");
    let asked = "timeout: 100ms\nretries: 1\nalice adds book\n10ms s1 crashes";
    check(asked, 200_000, "badge alice", "attempt 2[plain]");
    check(asked, 900_000, "badge alice", "maybe done[down]");
}

#[test]
fn a_held_message_stands_still_and_a_lost_one_is_gone() {
    let text = "background\nnetwork: 25ms\nalice adds book\n";
    let held = show(&format!(
        "{text}10ms hold request alice add 1\n300ms bob views"
    ));
    let flight = |show: &Show, at: u64| {
        let scene = Scene::at(show, &names("alice bob"), SimTime(at), Shape::Wide);
        let own = scene.flights.iter().find(|flight| flight.key == 0);
        own.map(|flight| flight.course.at(at))
    };
    let there = flight(&held, 11_000).expect("it is under way");
    assert_eq!(flight(&held, 290_000), Some(there));
    let lost = show(&format!("{text}10ms drop request alice add 1"));
    assert!(flight(&lost, 9_000).is_some() && flight(&lost, 11_000).is_none());
    let scene = Scene::at(&held, &names("alice"), SimTime(50_000), Shape::Wide);
    assert!(scene.sentence.contains("The request of Alice is held."));
    let broken = show("background\n0ms s2 crashes\n0ms s1-s2 breaks");
    let scene = Scene::at(&broken, &names("alice"), SimTime(1), Shape::Phone);
    for said in [
        "Service 2 is crashed.",
        "The link from Service 1 to Service 2: cut.",
    ] {
        assert!(scene.sentence.contains(said), "{}", scene.sentence);
    }
}

#[test]
fn a_log_out_of_order_is_written_as_it_is() {
    let written = |versions: &[u32]| {
        let mut log = Log::default();
        versions.iter().for_each(|one| log.push(Version(*one)));
        log.to_string()
    };
    assert_eq!(written(&[2, 1]), "2, 1");
    assert_eq!(written(&[1, 3, 2]), "1, 3, 2");
    assert_eq!(written(&[1, 2, 4, 3]), "1 to 2, 4, 3");
}

#[test]
fn an_update_that_is_sent_again_says_for_how_long_nothing_came() {
    for (resend, expect) in [
        ("250ms", "No receipt has come for 250 ms."),
        ("2s", "No receipt has come for 2000 ms."),
    ] {
        let text = format!("resend: {resend}\ns2 crashes for 5s\nalice adds book");
        let show = show(&text);
        let again = show.run.trace.records.iter().find_map(|record| {
            let said = narrator::say(&show, record.at);
            said.headline.contains("again").then_some(said.rest)
        });
        assert_eq!(again.as_deref(), Some(expect), "{resend}");
    }
}

#[test]
fn who_leads_waits_no_longer() {
    let told = |text: &str| {
        let show = show(text);
        let trace = &show.run.trace;
        let mut lines = trace.records.iter().filter_map(|record| {
            let gave_up = matches!(record.event, TraceEvent::GaveUp(_));
            gave_up.then(|| trouble::line(trace, record)).flatten()
        });
        lines.next().map(|(who, what)| format!("{who} {what}"))
    };
    let text =
        "synchronous\npatience: 300ms\nreplicas: 2\ns3 crashes for 5s\n200ms alice adds book";
    let taken_over = format!("{text}\n100ms s2 takes over");
    let expect = |who| Some(format!("{who} waits no longer for receipts of v1"));
    assert_eq!(told(text), expect("Service 1"));
    assert_eq!(told(&taken_over), expect("Service 2"));
}

#[test]
fn the_narrator_says_what_has_happened() {
    let check = |text: &str, at: u64, expect: &str| {
        let said = narrator::say(&show(text), SimTime(at));
        assert_eq!(
            format!("{} {}", said.headline, said.rest),
            expect,
            "at {at}"
        );
    };
    check(
        "background",
        0,
        "Nothing has happened yet. Press Add book on Alice’s phone.",
    );
    check(
        FIRST,
        0,
        "Alice asks to add the book. The request is on its way to Service 1.",
    );
    check(
        FIRST,
        37_000,
        "Service 1 has the book now. Alice will be told done; Service 2 hears later.",
    );
    check(
        FIRST,
        62_000,
        "Alice is told done after 62 ms. Service 2 has not heard of it yet.",
    );
    check(
        FIRST,
        214_000,
        "Bob is shown an empty cart. Service 2 has not heard of the book yet.",
    );
    check(
        FIRST,
        340_000,
        "The background job sends the book to Service 2. It is on its way; \
         Service 2 does not have it yet.",
    );
    check(
        FIRST,
        374_000,
        "Service 2 has the book now. The copies agree.",
    );
    check(
        FIRST,
        400_000,
        "The run is over: the copies agree. One view showed an old cart.",
    );
    let synchronous = FIRST.replace("background", "synchronous");
    check(
        &synchronous,
        44_000,
        "Alice is still waiting. Service 1 is telling Service 2 first.",
    );
    check(
        &synchronous,
        124_000,
        "Alice is told done after 124 ms. Service 2 has it too.",
    );
    check(
        &synchronous,
        214_000,
        "The run is over: the copies agree. Nobody was shown an old cart.",
    );
}

#[test]
fn only_what_means_something_is_spoken() {
    let check = |from: u64, to: u64, expect: Option<&str>| {
        let said = narrator::meaning(&show(FIRST), SimTime(from), SimTime(to));
        assert_eq!(said.as_deref(), expect, "{from} to {to}");
    };
    check(0, 61_999, None);
    check(61_999, 62_000, Some("Alice is told done."));
    check(62_000, 213_999, None);
    check(
        200_000,
        374_000,
        Some("Bob is shown a cart that is out of date for 100 ms. The copies agree."),
    );
    check(374_000, 0, None);
}

#[test]
fn receipts_from_several_copies_keep_to_the_wire() {
    let text = "background\nwrite: 14ms\nread: 4ms\nlag: 302ms\nreplicas: 3\npause: 102ms\n\
        alice adds book\n200ms bob views\n372ms bob views\n408ms bob adds book\n\
        440ms bob adds book\n468ms bob adds book";
    let show = show(text);
    for shape in SHAPES {
        let scene = Scene::at(&show, &names("alice bob"), SimTime(868_000), shape);
        assert_eq!(scene.flights.len(), 2);
        is_sound(&show, &names("alice bob"), SimTime(868_000), shape);
    }
}

#[test]
fn every_control_says_what_it_does() {
    let text = format!("{FIRST}\n600ms bob adds red-book\n2000ms bob views");
    let at = |text: &str, shape: Shape| {
        let show = show(text);
        let end = show.run.end();
        Scene::at(&show, &names("alice bob"), end, shape).panels[1].clone()
    };
    let named: Vec<_> = at(&text, Shape::Wide)
        .controls
        .iter()
        .map(|c| c.name.clone())
        .collect();
    for name in [
        "one red-book fewer",
        "one red-book more",
        "take every red-book out",
    ] {
        assert!(named.contains(&format!("Bob: {name}")), "{named:?}");
    }
    assert!(named.contains(&"Bob: add book".into()), "{named:?}");
    assert!(named.contains(&"Bob: view cart".into()), "{named:?}");
    let mut unlike = named.clone();
    unlike.sort_unstable();
    unlike.dedup();
    assert_eq!(unlike.len(), named.len(), "{named:?}");
    for (copies, shape, first) in [
        (1, Shape::Wide, "Service 1"),
        (3, Shape::Half, "Service 1"),
        (4, Shape::Wide, "s1"),
        (8, Shape::Phone, "Service 1"),
    ] {
        let panel = at(&format!("replicas: {copies}\n{text}"), shape);
        let asked: Vec<_> = panel.choices(Menu::View).controls;
        assert_eq!(asked.len(), copies + 1);
        assert_eq!(asked[0].label, first);
        assert!(asked[1].label.ends_with('2'));
    }
}

#[test]
fn many_messages_are_sampled_and_said_so() {
    // Far away, so that every update is sent again and again before its receipt can come.
    let mut text = "background\nreplicas: 8\nnetwork: 20s\nlag: 0ms\n".to_string();
    for who in [
        "alice", "bob", "carol", "dave", "erin", "frank", "grace", "heidi",
    ] {
        text.push_str(&format!("meanwhile {who} adds book\n"));
    }
    let show = show(&text);
    let stage = names("alice bob carol dave erin frank grace heidi");
    let most = (0..40).map(|nth| SimTime(nth * 1_500_000)).map(|now| {
        let scene = Scene::at(&show, &stage, now, Shape::Wide);
        let under_way = Moment::at(&show, now).under_way().count();
        assert_eq!(scene.flights.len(), under_way.min(FLIGHTS));
        assert_eq!(scene.note.is_some(), under_way > FLIGHTS);
        under_way
    });
    assert!(most.max() > Some(FLIGHTS));
}

#[test]
fn a_stage_may_hold_shoppers_that_the_run_does_not_know() {
    let show = show(FIRST);
    for stage in [
        "zoe",
        "zoe bob",
        "alice bob carol dave erin frank grace heidi",
    ] {
        for shape in SHAPES {
            let stage = names(stage);
            let scene = Scene::at(&show, &stage, SimTime(30_000), shape);
            assert_eq!(scene.panels.len(), stage.len());
            let room = stage.len() < SHOPPERS && shape != Shape::Half;
            assert_eq!(scene.add_shopper.is_some(), room);
        }
    }
}

fn line() -> impl Strategy<Value = String> {
    let who = prop::sample::select(vec!["alice", "bob", "carol", "dave", "erin"]);
    let item = prop::sample::select(vec!["book", "pen", "mug", "a-very-long-item"]);
    let deed =
        (0..8u8, item, 0..40u32, 1..10u8).prop_map(|(kind, item, qty, service)| match kind {
            0 | 1 => format!("adds {} {item}", qty.max(1)),
            2 => format!("sets {item} to {qty}"),
            3 => format!("removes {item}"),
            4 => format!("views from s{service}"),
            5 => format!("waits {qty}ms"),
            _ => "views".to_string(),
        });
    let when = (0..3u8, 0..900u32).prop_map(|(kind, at)| match kind {
        0 => format!("{at}ms "),
        1 => "meanwhile ".to_string(),
        _ => String::new(),
    });
    let mode = prop::sample::select(vec!["synchronous", "background"]);
    (when, who, deed, 0..12u8, mode).prop_map(|(when, who, deed, kind, mode)| match kind {
        0 => format!("{when}replication becomes {mode}"),
        _ => format!("{when}{who} {deed}"),
    })
}

fn text() -> impl Strategy<Value = String> {
    let network = prop::sample::select(vec!["10ms-30ms", "0ms", "1ms-900ms", "exp 40ms", "2s"]);
    let lag = prop::sample::select(vec!["300ms", "0ms", "1ms-500ms"]);
    let mode = prop::sample::select(vec!["synchronous", "background"]);
    let head = (mode, 1..9u8, network, lag, 0..1000u32, 0..4u8);
    (head, prop::collection::vec(line(), 0..14)).prop_map(|(head, lines)| {
        let (mode, replicas, network, lag, seed, until) = head;
        let mut text = format!("{mode}\nreplicas: {replicas}\nseed: {seed}\n");
        text.push_str(&format!("network: {network}\nlag: {lag}\n"));
        if until == 0 {
            text.push_str("until: 400ms\n");
        }
        text + &lines.join("\n")
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_run_can_be_shown_at_any_moment(text in text(), guests in 1..9usize) {
        let show = show(&text);
        let mut stage = show.scenario.config.shoppers.clone();
        for guest in names("alice bob carol dave erin frank grace heidi") {
            if stage.len() < guests && !stage.contains(&guest) {
                stage.push(guest);
            }
        }
        let all = moments(&show);
        for (nth, now) in all.iter().enumerate() {
            agrees_with_history(&show, *now);
            is_sound(&show, &stage, *now, SHAPES[nth % 3]);
            let said = narrator::say(&show, *now);
            prop_assert!(said.headline.ends_with('.') && said.rest.ends_with('.'), "{said:?}");
            narrator::meaning(&show, all[nth.saturating_sub(7)], *now);
        }
    }
}

#[test]
fn answers_of_writes_carry_no_cart() {
    let show = show(FIRST);
    let moment = Moment::at(&show, SimTime(62_000));
    let last = moment.shoppers[0].last.expect("Alice was answered");
    assert!(matches!(show.run.trace.answer(last.1), Answer::Done(_)));
    assert!(moment.seen(last).is_none());
}
