//! What clicks and keys do to the page, without a browser: messages in, state and effects out.

use lagoon::history::ServiceId;
use lagoon::playground::{
    Breaking, Dialog, Effect, Form, Msg, Notice, Playground, RailTab, Start, Tab, Target,
};
use lagoon::run::run;
use lagoon::scenario::{Key, parse};
use lagoon::shop::{Name, Op};
use lagoon::sim::trace::MessageId;
use lagoon::sim::{Action, Fault, ReplicationMode};
use lagoon::time::{SimDuration, SimTime};
use lagoon::view::scene::moment::Moment;
use lagoon::view::spacetime::grips::grips;
use lagoon::view::spacetime::{Frame, SpaceTime};
use lagoon::view::trouble;
use proptest::prelude::*;

const FIRST: &str = "background\nalice adds book\nbob views";

fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

fn at(millis: u64) -> SimTime {
    SimTime(millis * 1000)
}

/// The page with this text, every run computed.
fn page(text: &str) -> Playground {
    let link = lagoon::scenario::link::write(text, &Default::default());
    let start = Start {
        address: format!("https://host/path/{link}"),
        ..Start::default()
    };
    let (mut page, _) = Playground::start(start);
    settle(&mut page);
    page
}

fn settle(page: &mut Playground) {
    while page.computing().is_some() {
        page.update(Msg::Compute);
    }
}

fn act(page: &mut Playground, msg: Msg) -> Vec<Effect> {
    let effects = page.update(msg);
    settle(page);
    effects
}

fn view(client: &str) -> Msg {
    Msg::Shop {
        client: name(client),
        op: Op::View,
        to: ServiceId::S2,
    }
}

#[test]
fn a_first_visit_stands_at_the_beginning_of_the_first_scenario() {
    let (page, _) = Playground::start(Start::default());
    assert!(page.fresh_visit && !page.playing && !page.open);
    assert_eq!(page.now, SimTime::ZERO);
    assert_eq!(page.stage(), [name("alice"), name("bob")]);
}

fn linked(address: &str) -> Playground {
    let (mut page, _) = Playground::start(Start {
        address: address.to_string(),
        ..Start::default()
    });
    settle(&mut page);
    page
}

#[test]
fn a_poster_is_shown_until_somebody_plays() {
    let link = "#background;alice+adds+book;bob+views;poster+100ms";
    for (link, from) in [(link, 0), (&format!("{link};at+40ms"), 40)] {
        let mut page = linked(link);
        assert_eq!((page.now, page.playing), (at(100), false), "{link}");
        act(&mut page, Msg::Play);
        assert_eq!((page.now, page.playing), (at(from), true), "{link}");
        assert!(!page.link().contains("poster"), "{link}");
    }
    // Who looked elsewhere goes on there.
    let mut page = linked(link);
    act(&mut page, Msg::Seek(at(120)));
    act(&mut page, Msg::Play);
    assert_eq!(page.now, at(120));
}

#[test]
fn a_click_cuts_the_text_at_the_playhead_and_plays_on() {
    let mut page = page(FIRST);
    act(&mut page, Msg::Seek(at(100)));
    act(&mut page, view("bob"));
    assert_eq!(page.text, "background\nalice adds book\n101ms bob views");
    assert_eq!(page.notice, Some(Notice::Removed(vec!["bob views".into()])));
    assert!(page.playing);
    assert_eq!(page.now, at(100));
    act(&mut page, Msg::Undo);
    assert_eq!((page.text.as_str(), page.now), (FIRST, at(100)));
    act(&mut page, Msg::Redo);
    assert_eq!(page.text, "background\nalice adds book\n101ms bob views");
}

#[test]
fn what_breaks_is_a_line_at_the_playhead() {
    let mut page = page(FIRST);
    act(&mut page, Msg::Play);
    act(&mut page, Msg::Seek(at(100)));
    let target = Breaking::One(Target::Service(ServiceId::S2));
    act(&mut page, Msg::Break(Some(target)));
    assert!(page.breaking == Some(target) && !page.playing);
    act(&mut page, Msg::Trouble(Fault::Crash(ServiceId::S2, None)));
    assert_eq!(page.text, "background\nalice adds book\n101ms s2 crashes");
    assert_eq!(page.notice, Some(Notice::Removed(vec!["bob views".into()])));
    act(&mut page, Msg::Undo);
    assert_eq!((page.text.as_str(), page.now), (FIRST, at(100)));
    // Asking for the same once more closes it.
    act(&mut page, Msg::Break(Some(target)));
    assert_eq!(page.breaking, None);
}

/// At every moment of a run with trouble in it, whatever is offered can be written, read and run.
#[test]
fn whatever_is_offered_is_a_line_that_is_understood() {
    let text = "background\nreplicas: 2\ntimeout: 200ms\nretries: 1\nalice adds book\n\
                meanwhile bob views\n60ms s1-s2 breaks for 100ms\n90ms s3 crashes for 80ms\n\
                110ms s1 pauses for 40ms\nhold ack 1 from s2\n250ms s2 database stalls for 50ms\n\
                260ms alice removes book";
    let mut page = page(text);
    let mut kinds = std::collections::BTreeSet::new();
    for millis in (0..700).step_by(7) {
        act(&mut page, Msg::Seek(at(millis)));
        let groups = trouble::groups(&Moment::at(&page.show, page.now), None);
        for choice in groups.iter().flat_map(|group| &group.choices) {
            kinds.insert(choice.label);
            act(&mut page, Msg::Trouble(choice.fault));
            let read = parse(&page.text);
            assert!(read.diagnostics.is_empty(), "{}", page.text);
            let last = read.scenario.script.last().map(|cue| cue.action);
            assert_eq!(last, Some(Action::Fault(choice.fault)), "{}", page.text);
            act(&mut page, Msg::Undo);
            assert_eq!(page.text, text);
        }
    }
    // Each of them was offered at some moment.
    assert_eq!(kinds.len(), 25, "{kinds:?}");
}

#[test]
fn the_switch_rewrites_its_own_line_and_keeps_the_playhead() {
    let mut page = page(FIRST);
    act(&mut page, Msg::Seek(at(50)));
    act(&mut page, Msg::Mode(ReplicationMode::Synchronous));
    assert_eq!(page.text, FIRST.replace("background", "synchronous"));
    assert_eq!(page.now, at(50));
    assert_eq!(page.twin.scenario.config.mode, ReplicationMode::Background);
}

#[test]
fn an_edit_session_and_a_drag_are_one_undo_step_each() {
    let mut page = page(FIRST);
    for text in ["b", "ba", "background\nalice views"] {
        act(&mut page, Msg::Edit(text.to_string()));
    }
    act(&mut page, Msg::EditEnd);
    for millis in ["100ms", "200ms", "300ms", "450ms"] {
        act(&mut page, Msg::Set(Key::Lag, millis.to_string()));
    }
    assert_eq!(page.text, "background\nlag: 450ms\nalice views");
    act(&mut page, Msg::Undo);
    assert_eq!(page.text, "background\nalice views");
    act(&mut page, Msg::Undo);
    assert_eq!(page.text, FIRST);
}

#[test]
fn play_runs_to_the_end_and_stops_there() {
    let mut page = page(FIRST);
    act(&mut page, Msg::Play);
    for _ in 0..100_000 {
        act(&mut page, Msg::Frame(16.0));
        if !page.playing {
            break;
        }
    }
    assert_eq!((page.now, page.playing), (page.end(), false));
    act(&mut page, Msg::Play);
    assert_eq!(page.now, SimTime::ZERO);
}

#[test]
fn a_long_run_plays_faster_unless_a_person_chose_a_speed() {
    let speed = |text: &str| page(text).speed;
    assert_eq!(speed(FIRST), 20);
    assert_eq!(speed("alice adds book; 1450ms bob views"), 20);
    assert_eq!(speed("alice adds book; 2s bob views"), 10);
    assert_eq!(speed("alice adds book; 5s bob views"), 5);
    assert_eq!(speed("alice adds book; 9s bob views"), 2);
    assert_eq!(speed("alice adds book; 50s bob views"), 1);
    let mut page = page(FIRST);
    act(&mut page, Msg::Speed(50));
    act(
        &mut page,
        Msg::Edit("alice adds book; 50s bob views".to_string()),
    );
    assert_eq!(page.speed, 50);
}

#[test]
fn steps_visit_every_moment_forward_and_back() {
    let mut page = page(FIRST);
    let mut moments: Vec<SimTime> = page
        .show
        .run
        .trace
        .records
        .iter()
        .map(|record| record.at)
        .collect();
    moments.dedup();
    for moment in &moments[1..] {
        act(&mut page, Msg::StepForward);
        assert_eq!(page.now, *moment);
    }
    for moment in moments.iter().rev().skip(1) {
        act(&mut page, Msg::StepBack);
        assert_eq!(page.now, *moment);
    }
}

#[test]
fn shoppers_without_a_line_travel_in_the_link() {
    let mut page = page(FIRST);
    act(&mut page, Msg::AddShopper);
    assert_eq!(page.stage().last(), Some(&name("carol")));
    let (again, _) = Playground::start(Start {
        address: page.link(),
        ..Start::default()
    });
    assert_eq!(again.stage(), page.stage());
    assert_eq!(again.show.run.trace.hash(), page.show.run.trace.hash());
}

#[test]
fn back_leads_to_the_scenario_left_as_it_was_edited() {
    let mut page = page(FIRST);
    act(
        &mut page,
        Msg::Edit("background\nalice adds pen".to_string()),
    );
    let left = page.link();
    let effects = act(&mut page, Msg::OpenScenario(2));
    assert!(matches!(effects.last(), Some(Effect::Push(_))));
    act(&mut page, Msg::Address(format!("https://host/{left}")));
    assert_eq!(page.text, "background\nalice adds pen");
}

#[test]
fn a_cut_link_is_told_and_what_could_be_read_is_shown() {
    let address = "https://host/#v1.zzz;background;alice+adds+bo".to_string();
    let (page, _) = Playground::start(Start {
        address,
        ..Start::default()
    });
    assert_eq!(page.notice, Some(Notice::CutLink));
    assert!(page.text.contains("alice adds bo"));
}

fn any_msg() -> impl Strategy<Value = Msg> {
    let who = || prop::sample::select(vec!["alice", "bob", "carol"]).prop_map(name);
    let op = prop_oneof![
        Just(Op::View),
        (1..4u32).prop_map(|qty| Op::Add {
            item: name("book"),
            qty
        }),
        (0..4u32).prop_map(|qty| Op::Set {
            item: name("pen"),
            qty
        }),
        Just(Op::Remove { item: name("book") }),
    ];
    prop_oneof![
        4 => (who(), op, 1..3u8).prop_map(|(client, op, to)| {
            Msg::Shop { client, op, to: if op.is_view() { ServiceId(to) } else { ServiceId::S1 } }
        }),
        3 => (0..2_000_000u64).prop_map(|at| Msg::Seek(SimTime(at))),
        2 => (0..500u32).prop_map(|millis| Msg::Frame(millis.into())),
        1 => Just(Msg::Play), 1 => Just(Msg::TogglePlay), 1 => Just(Msg::StepBack),
        1 => Just(Msg::StepForward), 1 => Just(Msg::End), 1 => Just(Msg::Undo),
        1 => Just(Msg::Redo), 1 => Just(Msg::AddShopper), 1 => Just(Msg::SideBySide),
        1 => Just(Msg::Mode(ReplicationMode::Synchronous)),
        1 => Just(Msg::Mode(ReplicationMode::Background)),
        1 => (0..12usize).prop_map(Msg::OpenScenario),
        1 => "[a-z0-9:;# \n]{0,40}".prop_map(Msg::Edit), 1 => Just(Msg::EditEnd),
        1 => (0..900u32).prop_map(|millis| Msg::Set(Key::Lag, format!("{millis}ms"))),
        1 => Just(Msg::Tab(Tab::Script)), 1 => Just(Msg::Rail(RailTab::Events)),
        1 => Just(Msg::Dialog(Some(Dialog::Help))), 1 => Just(Msg::Copy(Form::Mail)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    /// Whatever a person does, the run on the screen is the run of the text on the screen, its
    /// link leads back to it, and undoing everything leads back to the beginning.
    #[test]
    fn the_screen_shows_the_run_of_its_text(msgs in prop::collection::vec(any_msg(), 0..30)) {
        let mut page = page(FIRST);
        for msg in msgs {
            act(&mut page, msg);
            let scenario = parse(&page.text).scenario;
            prop_assert_eq!(page.show.run.trace.hash(), run(&scenario).trace.hash());
            prop_assert!(page.stage().len() >= 2 && page.stage().len() <= 8);
        }
        let (again, _) = Playground::start(Start { address: page.link(), ..Start::default() });
        if !page.text.trim().is_empty() {
            prop_assert_eq!(again.show.run.trace.hash(), page.show.run.trace.hash());
        }
        while page.can_undo() {
            act(&mut page, Msg::Undo);
        }
        prop_assert_eq!(page.text.as_str(), FIRST);
    }
}

#[test]
fn a_pulled_message_is_one_line_and_one_step() {
    let mut page = page("background\nalice adds book\n200ms bob views");
    act(&mut page, Msg::Seek(at(340)));
    let moment = Moment::at(&page.show, page.now);
    let (id, envelope) = moment.under_way().next().expect("the update is under way");
    let (arrives, before) = (envelope.arrives_at, page.text.clone());
    for millis in [5, 300, 40] {
        act(
            &mut page,
            Msg::Pull(id, arrives + SimDuration::from_millis(millis)),
        );
        let line = format!("\n341ms delay replicate 1 to s2 by {millis}ms");
        assert!(page.text.trim_end().ends_with(&line), "{}", page.text);
        assert_eq!(page.now, at(340));
        let pulled = page.show.run.trace.message(id);
        assert_eq!(
            pulled.arrives_at,
            arrives + SimDuration::from_millis(millis)
        );
    }
    // Pulled back to where it was, nothing is said of it; nothing makes it earlier.
    act(&mut page, Msg::Pull(id, SimTime::ZERO));
    assert_eq!(page.text, before);
    act(
        &mut page,
        Msg::Pull(id, arrives + SimDuration::from_millis(9)),
    );
    act(&mut page, Msg::Undo);
    assert_eq!(page.text, before);
    // A message that is not there is no reason to do anything.
    act(&mut page, Msg::Pull(MessageId(9999), at(1000)));
    assert_eq!(page.text, before);
}

/// Every grip stands inside the picture, names what it opens, and opens a choice.
#[test]
fn grips_stand_on_what_they_open() {
    let text = "replicas: 2\nalice adds book\nmeanwhile bob adds pen\n40ms carol views";
    let mut page = page(text);
    let frame = Frame {
        width: 800,
        horizon: page.end(),
    };
    let picture = SpaceTime::of(&page.show, &page.stage(), frame, false);
    let mut messages = 0;
    for millis in 0..400 {
        act(&mut page, Msg::Seek(at(millis)));
        let moment = Moment::at(&page.show, page.now);
        let all = grips(&moment, &picture);
        let keys: std::collections::BTreeSet<&str> = all.iter().map(|g| g.key.as_str()).collect();
        assert_eq!(keys.len(), all.len());
        // What stands still can be pressed by a finger: no two are nearer than a target is wide.
        let still: Vec<_> = all.iter().filter(|grip| grip.arrives.is_none()).collect();
        assert_eq!(still.len(), 3 + 3 + 3 + 2);
        for (nth, one) in still.iter().enumerate() {
            for other in &still[..nth] {
                let apart = (one.x - other.x).abs().max((one.y - other.y).abs());
                assert!(apart >= 24.0, "{one:?} {other:?}");
            }
        }
        for grip in &all {
            assert!((0.0..=800.0).contains(&grip.x), "{grip:?}");
            assert!((picture.top..=picture.bottom).contains(&grip.y), "{grip:?}");
            let groups = trouble::groups(&moment, Some(grip.target));
            assert!(
                groups
                    .iter()
                    .all(|group| grip.name.starts_with(&group.name))
            );
            assert_eq!(groups.len(), 1, "{grip:?}");
            messages += usize::from(grip.arrives.is_some());
        }
    }
    assert!(messages > 100);
}

#[test]
fn a_page_around_is_told_what_it_asks_in_vain() {
    let page = linked("#background;alice+adds+book;bob+veiws;hide+nonsense;theme+purple;at+soon");
    let slips: Vec<u32> = page.slips().map(|slip| slip.line).collect();
    // `at soon` says no moment, so it is no view statement but a line.
    assert_eq!(slips, [3, 4]);
    let told = page.view_slips().join("\n");
    for said in [
        "hide nonsense: there is switch,",
        "theme purple: there is light",
    ] {
        assert!(told.contains(said), "{told}");
    }
    let page =
        linked("#background;alice+adds+book;bob+views;hide+switch;lock+all;theme+dark;at+20ms");
    assert_eq!(page.view_slips(), Vec::<String>::new());

    // A setting that would be a slip is refused, and one that is good is a message.
    assert!(page.setting(Key::Lag, "much".into()).is_err());
    assert!(page.setting(Key::Mode, "compare".into()).is_err());
    assert_eq!(
        page.setting(Key::Lag, "1s".into()),
        Ok(Msg::Set(Key::Lag, "1s".into()))
    );
    let sides = page.setting(Key::Mode, "side by side".into());
    assert_eq!(sides, Ok(Msg::SideBySide));
    let mode = page.setting(Key::Mode, "synchronous".into());
    assert_eq!(mode, Ok(Msg::Mode(ReplicationMode::Synchronous)));
}

#[test]
fn a_lock_says_why_in_the_words_of_the_page_around() {
    let mut page = page(FIRST);
    let lock = Msg::View {
        hide: Vec::new(),
        lock: vec!["transport".into()],
        why: "Place your bet first.".into(),
    };
    act(&mut page, lock);
    assert!(page.refuses(&Msg::Play));
    assert_eq!(
        page.notice,
        Some(Notice::Locked("Place your bet first.".into()))
    );
    assert_eq!(page.locked().as_deref(), Some("transport"));
    let mut all = linked("#background;alice+adds+book;lock+all");
    assert_eq!(
        all.locked().as_deref(),
        Some("switch stage settings script all")
    );
    assert!(
        !all.refuses(&Msg::Play),
        "what cannot be changed can be played"
    );
}

#[test]
fn what_is_handed_on_stands_still() {
    let mut page = page(FIRST);
    act(&mut page, Msg::Play);
    act(&mut page, Msg::Dialog(Some(Dialog::Share)));
    assert!(!page.playing);
}
